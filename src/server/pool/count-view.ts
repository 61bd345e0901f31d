/** A limit of looking 每日查看上限: a pool may say how many entries one person opens a day; looking at the same one again is free. */
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import type { StoredPool } from './store.ts'
import { localInstant } from './words.ts'

const LOCK = 8

export async function countView(tx: Tx, actor: Actor, pool: StoredPool, accountId: string): Promise<void> {
  const most = pool.rules.viewsPerDay
  if (most === null || actor.viewerId !== null) return
  await tx.query(`select pg_advisory_xact_lock(${LOCK}, hashtext($1))`, [`${actor.tenantId}/${actor.userId}`])
  const seen = await tx.query<{ n: number; again: boolean; day: string; until: number }>(
    `with d as (select (now() at time zone $3)::date as day)
     select (select count(*)::int from pool_view v, d where v.tenant_id = $1 and v.user_id = $2 and v.day = d.day) as n, d.day,
            exists (select 1 from pool_view v, d where v.tenant_id = $1 and v.user_id = $2 and v.day = d.day and v.account_id = $4) as again,
            (extract(epoch from ((d.day + 1)::timestamp at time zone $3)) * 1000)::float8 as until from d`,
    [actor.tenantId, actor.userId, actor.zone, accountId],
  )
  const { n, again, until } = seen.rows[0]!
  if (again) return
  if (n >= most) stop('pool.viewsFull', { most, until: localInstant(until, actor.zone) })
  await tx.query(
    'insert into pool_view (tenant_id, user_id, day, account_id) values ($1, $2, (now() at time zone $3)::date, $4) on conflict do nothing',
    [actor.tenantId, actor.userId, actor.zone, accountId],
  )
}
