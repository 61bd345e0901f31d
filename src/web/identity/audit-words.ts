/** An act of the audit trail in words: `user.update` is a thing and a deed, each with its own word; an unknown one stays as written. */
export const THINGS = [
  'account',
  'address',
  'approval',
  'changeSet',
  'cleansing',
  'case',
  'contact',
  'department',
  'duplicate',
  'duplicates',
  'engagement',
  'field',
  'file',
  'handover',
  'import',
  'key',
  'member',
  'model',
  'note',
  'opportunity',
  'option',
  'policy',
  'pool',
  'protection',
  'registration',
  'role',
  'session',
  'task',
  'team',
  'tenant',
  'territory',
  'user',
  'valueList',
  'view',
] as const

export function actWords(kind: string, word: (key: string) => string, known: (key: string) => boolean): string {
  const [thing = '', deed = ''] = kind.split('.')
  const keys = [`identity:thing.${thing}`, `identity:deed.${deed}`]
  return keys.every(known) ? keys.map(word).join(' · ') : kind
}
