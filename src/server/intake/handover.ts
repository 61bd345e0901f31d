/** Open leads of somebody who leaves or is away go to others; and all stand under the model in force, so that they are seen by those of its territories. */
import type { Pool } from 'pg'
import { writeInstant } from '../account/facts.ts'
import { type Handover, settled } from '../identity/handover.ts'
import { actorOfUser } from '../identity/load-actor.ts'
import { inBulk, type Tx } from '../kernel/transaction.ts'
import { lockRouting, routeLeads } from './router.ts'
import { lockLeads, placeAgain, writeAgain } from './stand.ts'

const HELD = `select p.lead_id as id, p.owner_id as holder, null::bigint as account_id, l.company as name from lead_placement p join lead l on l.tenant_id = $1 and l.id = p.lead_id
  where p.tenant_id = $1 and p.open and p.owner_id is not null and $2::bigint is not null`

/** Lent, too: somebody has to make first contact while a person is away. */
export const LEAD_HANDOVER: Handover = {
  kind: 'lead',
  held: HELD,
  lent: true,
  move: async (tx, actor, order, ids) => {
    await lockRouting(tx, actor.tenantId)
    const mine = await tx.query<{ id: string }>(
      `select lead_id::text as id from lead_placement where tenant_id = $1 and lead_id = any($2::bigint[]) and owner_id = $3 and open and ($4 or coalesce(edit_tokens, tokens) && $5::bigint[]) order by lead_id`,
      [actor.tenantId, ids, order.from, actor.seesAll, actor.tokens],
    )
    const held = [
      ...(
        await lockLeads(
          tx,
          actor.tenantId,
          mine.rows.map(r => r.id),
        )
      ).values(),
    ]
    if (held.length > 0) {
      const routed = await routeLeads(
        tx,
        actor,
        order.at,
        held.map(lead => ({ facts: lead, known: [], hand: { ownerId: order.to, reason: 'handover' as const } })),
      )
      await writeAgain(tx, actor, order.at, 'handover', held, routed, null)
    }
    return settled(
      tx,
      actor,
      { held: HELD },
      order.from,
      ids,
      held.map(({ id }) => ({ id })),
    )
  },
}

const PIECE = 500

/** Once every few seconds: open leads that were decided under a model no longer in force keep their owner and get the sight of the new one. */
export async function followModel(bulk: Pool): Promise<number> {
  const stale = await bulk.query<{ tenant: string; model: string; by: string }>(
    `select t.id::text as tenant, a.model_id::text as model, (select min(u.id)::text from app_user u where u.tenant_id = t.id and u.state = 'active') as by from tenant t
       cross join lateral (select model_id from activation where tenant_id = t.id and cancelled_at is null and effective_at <= clock_timestamp() order by effective_at desc, seq desc limit 1) a
      where exists (select 1 from lead_placement p where p.tenant_id = t.id and p.open and p.model_id <> a.model_id)`,
  )
  let moved = 0
  for (const { tenant, model, by } of stale.rows) if (by !== null) moved += await inBulk(bulk, tx => followIn(tx, tenant, model, by))
  return moved
}

async function followIn(tx: Tx, tenantId: string, modelId: string, by: string): Promise<number> {
  await tx.query("select app_set('app.tenant', $1)", [tenantId])
  const actor = await actorOfUser(tx, tenantId, by)
  if (!actor) return 0
  await lockRouting(tx, tenantId)
  const found = await tx.query<{ id: string }>(
    `select lead_id::text as id from lead_placement where tenant_id = $1 and open and model_id <> $2 order by lead_id limit ${PIECE}`,
    [tenantId, modelId],
  )
  const held = [
    ...(
      await lockLeads(
        tx,
        tenantId,
        found.rows.map(r => r.id),
      )
    ).values(),
  ]
  const at = await writeInstant(tx)
  const routed = await routeLeads(
    tx,
    { tenantId, modelId },
    at,
    held.map(lead => ({ facts: lead, known: [], keep: { ownerId: lead.owner_id, reason: lead.reason, hint: lead.hint } })),
  )
  await placeAgain(tx, tenantId, modelId, held, routed)
  return held.length
}
