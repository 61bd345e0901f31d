/**
 * Which values are missing 缺哪个字段: among the accounts that cannot be decided, how many lack each field that rules read. An account that lacks two
 * counts for both. Fields hidden from the reader are not told.
 */
import { valueAt } from '../../core/condition/columns.ts'
import { isMissing } from '../../core/condition/evaluate.ts'
import { fieldsOf } from '../../core/condition/explain.ts'
import { visibleTo } from '../access/visible-to.ts'
import { COLUMNS } from '../account/facts.ts'
import { loadFields } from '../builder/catalogue.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import type { Compiled } from './compiled.ts'
import { matcher } from './decide-placements.ts'
import { readFields } from './read-for.ts'
import { isComputed } from './read-map.ts'

export type MissingField = { readonly field: string; readonly label: string; readonly accounts: number }
const SHOWN = 8

export async function countMissing(tx: Tx, actor: Actor, model: Compiled): Promise<readonly MissingField[]> {
  const used = new Set(model.compiled.takers.filter(t => t.exclusive).flatMap(t => [...fieldsOf(t.node.effective!)]))
  const fields = (await loadFields(tx, actor.tenantId)).filter(
    f => used.has(f.key) && f.key !== 'id' && model.compiled.env.fields.has(f.key) && actor.fieldAccess.get(f.key) !== 'hidden',
  )
  if (fields.length === 0) return []
  const keys = fields.map(f => f.key)
  const counts = isComputed(model) ? await countPlaced(tx, actor, model.loaded.id, keys) : await countMatched(tx, actor, model, keys)
  return fields
    .map((f, i) => ({ field: f.key, label: f.labels[actor.locale], accounts: counts[i]! }))
    .filter(f => f.accounts > 0)
    .sort((a, b) => b.accounts - a.accounts || (a.field < b.field ? -1 : 1))
    .slice(0, SHOWN)
}

const columnOf = (key: string): string =>
  key === 'point'
    ? 'a.lng + a.lat'
    : /^f\d+$/.test(key)
      ? `nullif(a.custom->>'${BigInt(key.slice(1))}', '[]')`
      : `a.${COLUMNS[key as keyof typeof COLUMNS]}`

async function countPlaced(tx: Tx, actor: Actor, modelId: string, keys: readonly string[]): Promise<readonly number[]> {
  const known = keys.map(key => key === 'point' || /^f\d+$/.test(key) || Object.hasOwn(COLUMNS, key))
  const found = await tx.query<Record<string, number>>(
    `select ${keys.map((key, i) => (known[i] ? `(count(*) filter (where coalesce((${columnOf(key)})::text, '') = ''))::int as n${i}` : `count(*)::int as n${i}`)).join(', ')}
       from account_placement p join account a on a.tenant_id = $1 and a.id = p.account_id and a.deleted_at is null
      where p.tenant_id = $1 and p.model_id = $2 and p.undecidable and ${visibleTo(actor, 'p.account_id')}`,
    [actor.tenantId, modelId],
  )
  return keys.map((_, i) => found.rows[0]![`n${i}`]!)
}

async function countMatched(tx: Tx, actor: Actor, model: Compiled, keys: readonly string[]): Promise<readonly number[]> {
  const columns = await readFields(tx, actor, model, [])
  const match = matcher(model.compiled, columns)
  const counts = keys.map(() => 0)
  for (let i = 0; i < columns.count; i += 1) {
    if (!match(i).undecidable) continue
    for (const [k, key] of keys.entries()) {
      const column = columns.fields.get(key)
      if (!column || isMissing(valueAt(column, i))) counts[k]! += 1
    }
  }
  return counts
}
