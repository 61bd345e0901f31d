/** What a warning of duplicates may say of pools: that a customer stands in one, whether its name is hidden there, and until when it is protected. */
import { hides } from '../../core/pool/pool.ts'
import type { Known, Whereabouts } from '../dedupe/whereabouts.ts'
import { loadPools } from './store.ts'

export const POOL_WHEREABOUTS: Whereabouts = async (tx, actor, ids) => {
  const { pools } = await loadPools(tx, actor.tenantId)
  if (pools.length === 0) return new Map<string, Known>()
  const found = await tx.query<{ id: string; pool: string | null; until: string | null }>(
    `select p.account_id::text as id, p.pool_id::text as pool, to_char(max(x.until) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as until from account_placement p
       left join pool_protection x on x.tenant_id = $1 and x.account_id = p.account_id and x.owner_id = p.owner_id and x.kind = 'protect' and x.ended_at is null and x.until > now()
      where p.tenant_id = $1 and p.model_id = $2 and p.account_id = any($3::bigint[]) group by p.account_id, p.pool_id`,
    [actor.tenantId, actor.modelId, ids],
  )
  const byId = new Map(pools.map(p => [p.id, p]))
  return new Map(
    found.rows.map(({ id, pool, until }) => [
      id,
      { inPool: pool !== null, hidden: pool !== null && hides(byId.get(pool) ?? HIDDEN), protectedUntil: until },
    ]),
  )
}

/** A pool that is not known any more shows nothing. */
const HIDDEN = { deadEnd: true, masks: {} as never }
