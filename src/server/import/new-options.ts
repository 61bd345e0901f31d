/** Values of a file that become new options: the person who mapped them said so with "+". */
import { loadFields, loadOptions } from '../builder/catalogue.ts'
import { addOption } from '../builder/change-catalogue.ts'
import { actorOfUser } from '../identity/load-actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'

/** Known before the option is made, so that rows can be checked with it. */
export const newOptionKey = (value: string): string => value.trim().slice(0, 60)

export async function makeNewOptions(
  tx: Tx,
  tenantId: string,
  userId: string,
  values: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Promise<void> {
  const wanted = Object.entries(values).flatMap(([field, map]) =>
    Object.entries(map).flatMap(([value, target]) => (target === '+' ? [{ field, value }] : [])),
  )
  if (wanted.length === 0) return
  const actor = (await actorOfUser(tx, tenantId, userId)) ?? stop('session.missing')
  if (!actor.permissions.has('field.manage')) stop('permission.missing', { permission: 'field.manage' })
  const lists = new Map((await loadFields(tx, tenantId)).flatMap(f => (f.optionList ? [[f.key, f.optionList] as const] : [])))
  const known = await loadOptions(tx, tenantId)
  const now = new Date().toISOString()
  for (const { field, value } of wanted) {
    const list = lists.get(field)
    if (!list || known.some(o => o.list === list && (o.key === value || Object.values(o.labels).includes(value)))) continue
    await addOption(tx, actor, now, { list, key: newOptionKey(value), labels: { 'zh-CN': value, 'zh-TW': value, en: value } })
  }
}
