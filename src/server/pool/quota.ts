/** My quota 我的额度: what I claimed today and hold, every limit that concerns me with the one that binds, and what I may not take again yet. */
import type { z } from 'zod'
import type { readQuota } from '../../contract/pool/entries.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import { quotaOf } from './claim.ts'
import type { StoredPool } from './store.ts'
import type { Who } from './who.ts'

const DAY = 86_400_000
const COOLING = 20

export async function readQuotaCard(tx: Tx, actor: Actor, who: Who, pool: StoredPool): Promise<z.input<typeof readQuota.reply>> {
  const { day, held, holding, binding } = await quotaOf(tx, actor, who, pool)
  const room = (r: (typeof held)[number]) => ({ scope: r.scope, name: r.name, used: r.used, most: r.most })
  const counted = await tx.query<{ n: number }>(
    `select count(*)::int as n from account_placement p where p.tenant_id = $1 and p.model_id = $2 and p.owner_id = $3
        and exists (select 1 from opportunity o where o.tenant_id = $1 and o.account_id = p.account_id and o.stage = 'won' and o.deleted_at is null)`,
    [actor.tenantId, actor.modelId, actor.userId],
  )
  const exceptsWon = who.stored.company.caps.some(c => c.exceptWon)
  return {
    day: { used: day.used, most: pool.rules.perDay, resetsAt: new Date(day.until!).toISOString() },
    holding: holding && room(holding),
    limits: held.map(room),
    binding: binding && room(binding),
    exempt: exceptsWon ? counted.rows[0]!.n : 0,
    cooling: await readCooling(tx, actor, who, pool),
  }
}

/** Of the entries that I may see, those that I or my group let go too lately. */
async function readCooling(tx: Tx, actor: Actor, who: Who, pool: StoredPool) {
  const { coolDays, coolTeamDays } = pool.rules
  const found = await tx.query<{ id: string; name: string; own: number | null; team: number | null }>(
    `select e.account_id::text as id, e.name, l.own, l.team from pool_entry e
       cross join lateral (select max((x.v->>'at')::float8) filter (where x.v->>'userId' = $4) as own, max((x.v->>'at')::float8) filter (where x.v->>'userId' = any($5::text[])) as team
          from jsonb_array_elements(e.leavers) as x(v)) l
      where e.tenant_id = $1 and e.model_id = $2 and e.pool_id = $3 and e.leavers <> '[]'::jsonb and (l.own > $6 or l.team > $7) order by greatest(l.own, l.team) desc, e.account_id limit ${COOLING}`,
    [actor.tenantId, actor.modelId, pool.id, actor.userId, who.person.mates, Date.now() - coolDays * DAY, Date.now() - coolTeamDays * DAY],
  )
  return found.rows.map(r => {
    const own = r.own === null ? 0 : r.own + coolDays * DAY
    const team = r.team === null ? 0 : r.team + coolTeamDays * DAY
    return {
      id: r.id,
      name: r.name,
      until: new Date(Math.max(own, team)).toISOString(),
      team: team > own,
      days: team > own ? coolTeamDays : coolDays,
    }
  })
}
