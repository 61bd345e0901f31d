/**
 * What counts as a follow-up 有效跟进. A clock that any dot stops is no clock: empty words, the same words over many customers, and the words of
 * others than the owner do not count, and the owner is told so.
 */
import type { FollowUpKind, FollowUpRule } from './company.ts'

export type FollowUp = {
  readonly kind: FollowUpKind
  readonly at: number
  readonly byId: string
  readonly text: string
  /** Customers that the same person wrote the same words about within a day, this one included. */
  readonly copies: number
}
export type NotCounted = 'kind' | 'notOwner' | 'short' | 'empty' | 'copied'

/** null: it counts. */
export function whyNotCounted(f: FollowUp, ownerId: string, rule: FollowUpRule): NotCounted | null {
  if (!rule.kinds.includes(f.kind)) return 'kind'
  if (rule.ownerOnly && f.byId !== ownerId) return 'notOwner'
  if (f.kind !== 'note') return null
  const letters = lettersOf(f.text)
  // A digit, a dot, one letter repeated: nothing was said.
  if (new Set(letters).size < 2) return 'empty'
  if (letters.length < rule.minLetters) return 'short'
  if (rule.copies > 0 && f.copies >= rule.copies) return 'copied'
  return null
}
const lettersOf = (text: string): readonly string[] => [...text.normalize('NFKC').toLowerCase()].filter(c => /\p{L}/u.test(c))

/** The newest that counts, and the newest that does not if it came later. */
export function lastFollowUp(all: readonly FollowUp[], ownerId: string, rule: FollowUpRule) {
  let counted: FollowUp | null = null
  let ignored: { readonly at: number; readonly why: NotCounted } | null = null
  for (const f of [...all].sort((a, b) => b.at - a.at)) {
    const why = whyNotCounted(f, ownerId, rule)
    if (why === null) {
      counted = f
      break
    }
    ignored ??= { at: f.at, why }
  }
  return { counted, ignored }
}
