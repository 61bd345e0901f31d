/**
 * A real account for each finding 真实客户, where one exists that the reader may see: one statement for a whole page of findings, and each account it
 * finds is judged once more by the engine before it is named.
 */
import type { CompiledModel } from '../../core/assignment/compile.ts'
import { matchOne } from '../../core/assignment/compile.ts'
import type { Condition } from '../../core/condition/condition.ts'
import { readsHidden } from '../../core/condition/mask.ts'
import { visibleTo } from '../access/visible-to.ts'
import { filterSql, makeParams } from '../account/condition-sql.ts'
import { type AccountRecord, factsOf, RECORD } from '../account/facts.ts'
import { loadFields } from '../builder/catalogue.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import { hidesOf } from '../territory/vocabulary.ts'

/** null territories: a gap; else the two that overlap. */
export type Sought = { readonly condition: Condition; readonly territoryIds: readonly string[] | null }
export type Shown = { readonly id: string; readonly name: string }

/** `placed`: the id of a computed model, whose placements say at once which accounts stand in gaps and overlaps. */
export async function findAccountsFor(
  tx: Tx,
  actor: Actor,
  compiled: CompiledModel,
  sought: readonly Sought[],
  placed: string | null,
): Promise<readonly (Shown | null)[]> {
  const hides = hidesOf(actor)
  const asked = sought.map((s, n) => ({ ...s, n })).filter(s => !readsHidden(s.condition, hides))
  if (asked.length === 0) return sought.map(() => null)
  const catalogue = await loadFields(tx, actor.tenantId)
  const params = makeParams(actor.tenantId)
  const conditions = asked.map(s => `(${filterSql(s.condition, catalogue, actor, params)})`)
  const narrow = placed
    ? `join account_placement p on p.tenant_id = $1 and p.model_id = ${BigInt(placed)} and p.account_id = a.id and ((p.territory_id is null and not p.undecidable) or cardinality(p.contested) > 0)`
    : ''
  // The first and the last of each: where one of them is named by a rule or pinned, the other mostly is not.
  const columns = conditions.flatMap((c, i) => [
    `(min(a.id) filter (where ${c}))::text as first${i}`,
    `(max(a.id) filter (where ${c}))::text as last${i}`,
  ])
  const found = await tx.query<Record<string, string | null>>(
    `select ${columns.join(', ')} from account a ${narrow} where a.tenant_id = $1 and a.deleted_at is null and ${visibleTo(actor, 'a.id')} and (${conditions.join(' or ')})`,
    params.values,
  )
  const ids = asked.map((_, i) => [found.rows[0]![`first${i}`], found.rows[0]![`last${i}`]].flatMap(id => id ?? []))
  const records = await tx.query<AccountRecord>(`select ${RECORD} from account a where a.tenant_id = $1 and a.id = any($2::bigint[])`, [
    actor.tenantId,
    [...new Set(ids.flat())],
  ])
  const byId = new Map(records.rows.map(r => [r.id, r]))
  const shows = (id: string, territoryIds: readonly string[] | null): boolean => {
    const match = matchOne(compiled, factsOf(byId.get(id)!))
    if (territoryIds === null) return match.territoryId === null && !match.undecidable
    const best = [match.territoryId, ...match.contested]
    return territoryIds.every(t => best.includes(t))
  }
  const result: (Shown | null)[] = sought.map(() => null)
  for (const [i, { n, territoryIds }] of asked.entries()) {
    const id = ids[i]!.find(known => byId.has(known) && shows(known, territoryIds))
    if (id !== undefined) result[n] = { id, name: byId.get(id)!.name }
  }
  return result
}
