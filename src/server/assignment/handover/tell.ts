/** Who is told of a handover: receivers with how many came to them, who started it and whoever leads the person with what is left behind. */
import { countHeld } from '../../identity/handover.ts'
import { notify } from '../../identity/notify.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { type StoredHandover, shouldGo } from './store.ts'

const nameOf = async (tx: Tx, tenantId: string, id: string): Promise<string> =>
  (await tx.query<{ name: string }>('select name from app_user where tenant_id = $1 and id = $2', [tenantId, id])).rows[0]!.name

export async function tellDone(tx: Tx, actor: Actor, at: string, handover: StoredHandover): Promise<void> {
  const from = await nameOf(tx, actor.tenantId, handover.from)
  const counts = await tx.query<{ to: string; accounts: number; n: number }>(
    `select to_user::text as "to", count(*) filter (where kind = 'account')::int as accounts, count(*)::int as n from handover_item where tenant_id = $1 and handover_id = $2 and moved_at is not null group by to_user`,
    [actor.tenantId, handover.id],
  )
  for (const { to, accounts, n } of counts.rows)
    await notify(tx, actor, at, to, 'handover.received', null, { handoverId: handover.id, by: actor.userName, from, accounts, others: n - accounts })
  const held = await countHeld(tx, actor, handover.from)
  const left = [...held].reduce((sum, [kind, n]) => sum + (shouldGo(handover, kind) ? n : 0), 0)
  const leader = await tx.query<{ id: string | null }>(
    'select d.leader_id::text as id from app_user u join department d on d.tenant_id = $1 and d.id = u.department_id where u.tenant_id = $1 and u.id = $2',
    [actor.tenantId, handover.from],
  )
  // Lent customers of an absence stay his by intention.
  const kind = handover.kind === 'absence' ? 'handover.lent' : left === 0 ? 'handover.clean' : 'handover.left'
  for (const id of new Set([actor.userId, leader.rows[0]?.id ?? null]))
    if (id !== null) await notify(tx, actor, at, id, kind, null, { handoverId: handover.id, from, n: left })
}

export async function tellReturned(tx: Tx, actor: Actor, at: string, handover: StoredHandover): Promise<void> {
  const from = await nameOf(tx, actor.tenantId, handover.from)
  const counts = await tx.query<{ to: string; n: number; kept: number }>(
    `select to_user::text as "to", count(*) filter (where returned_at is not null)::int as n, count(*) filter (where returned_at is null)::int as kept from handover_item
      where tenant_id = $1 and handover_id = $2 and moved_at is not null group by to_user`,
    [actor.tenantId, handover.id],
  )
  const n = counts.rows.reduce((sum, r) => sum + r.n, 0)
  const kept = counts.rows.reduce((sum, r) => sum + r.kept, 0)
  for (const r of counts.rows) await notify(tx, actor, at, r.to, 'handover.returned', null, { handoverId: handover.id, from, n: r.n, kept: r.kept })
  for (const id of new Set([actor.userId, handover.from]))
    await notify(tx, actor, at, id, 'handover.returned', null, { handoverId: handover.id, from, n, kept })
}
