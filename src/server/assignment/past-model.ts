/**
 * A model at another instant: how many accounts stood in each territory then and who led it. The model in use then answers; of
 * another one nobody knew. Overlaps and what could not be decided are not kept, so the past tells none. Only accounts in today's sight count.
 */
import { visibleTo } from '../access/visible-to.ts'
import { whilePlacing } from '../access/while-placing.ts'
import { type AsOf, type AsOfAsked, overlaysAt, resolveAsOf, standingsAt } from '../account/as-of.ts'
import { makeParams } from '../account/condition-sql.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { membersAt } from '../territory/member-history.ts'

/** The instant asked about, in which this model was in use; null: now. */
export async function instantUnder(tx: Tx, actor: Actor, modelId: string, asked: AsOfAsked): Promise<AsOf | null> {
  const asOf = await resolveAsOf(tx, actor, asked)
  if (asOf && asOf.model?.id !== modelId) stop('asOf.otherModel', { day: asOf.local.at, model: asOf.model?.name ?? '–' }, '/at')
  return asOf
}

export type PastSum = { territoryId: string | null; division: string | null; accounts: number; potential: string; revenue: string; unowned: number }

/** Accounts by territory and division as they stood then; money is what the accounts say today. */
export function sumsAt(
  tx: Tx,
  actor: Actor,
  asOf: AsOf,
): Promise<{ heaps: readonly PastSum[]; overlays: readonly (PastSum & { territoryId: string })[] }> {
  const sums = `count(*)::int as accounts, coalesce(sum(a.potential), 0)::text as potential, coalesce(sum(a.revenue), 0)::text as revenue, count(*) filter (where s.owner_id is null)::int as unowned`
  const params = makeParams(actor.tenantId)
  const [standings, overlays] = [standingsAt(asOf, params), overlaysAt(asOf, params)]
  const account = `join account a on a.tenant_id = $1 and a.id = s.account_id and a.deleted_at is null`
  return whilePlacing(tx, async () => ({
    heaps: (
      await tx.query<PastSum>(
        `select s.territory_id::text as "territoryId", a.division, ${sums} from (${standings}) s ${account} where ${visibleTo(actor, 's.account_id')} group by s.territory_id, a.division`,
        params.values.slice(0, 3),
      )
    ).rows,
    overlays: (
      await tx.query<PastSum & { territoryId: string }>(
        `select o.territory_id::text as "territoryId", null as division, ${sums} from (${overlays}) o join (${standings}) s on s.account_id = o.account_id ${account} where ${visibleTo(actor, 's.account_id')} group by o.territory_id`,
        params.values,
      )
    ).rows,
  }))
}

/** Who led what then, by territory. */
export async function leadersAt(
  tx: Tx,
  actor: Actor,
  modelId: string,
  asOf: AsOf,
): Promise<ReadonlyMap<string, readonly { id: string; name: string }[]>> {
  const leaders = new Map<string, { id: string; name: string }[]>()
  for (const m of await membersAt(tx, actor.tenantId, modelId, asOf))
    if (m.role === 'owner') leaders.set(m.territoryId, [...(leaders.get(m.territoryId) ?? []), { id: m.userId, name: m.name }])
  return leaders
}
