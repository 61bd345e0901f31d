/**
 * Clocks of an absent owner 缺勤时的回收时钟: the end of each moves by the length of the absence (docs/decisions/0020). Lent by a share, it is moved at once
 * by the planned length; owned by the substitute, he cannot lose it before the absence ends. Back again, the clock goes on from the owner's own
 * beginning, moved by the length it really took.
 */
import type { AbsentClocks } from '../assignment/handover/clocks.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import { touchClocks } from './events.ts'

/** Milliseconds. */
type Clock = { readonly since: number; readonly due: number | null }
const DAY = 86_400_000

export const ABSENT_CLOCKS: AbsentClocks = {
  read: async (tx, tenantId, ids, ownerId) => {
    const found = await tx.query<Clock & { id: string }>(
      `select account_id::text as id, (extract(epoch from owner_since) * 1000)::float8 as since, (extract(epoch from due_at) * 1000)::float8 as due from pool_clock
        where tenant_id = $1 and account_id = any($2::bigint[]) and owner_id = $3`,
      [tenantId, ids, ownerId],
    )
    return new Map(found.rows.map(({ id, ...clock }) => [id, clock]))
  },
  hold: async (tx, actor, at, lent, ownerId, own, startsAt, endsAt) => {
    const length = Date.parse(endsAt) - Date.parse(startsAt)
    const rows = lent.flatMap(({ id, clock }) => {
      const due = (clock as Clock | null)?.due ?? null
      return own ? [{ id, until: Date.parse(endsAt) + DAY }] : due === null ? [] : [{ id, until: due + length }]
    })
    await holdUntil(tx, actor, at, ownerId, rows)
    await touchClocks(
      tx,
      actor.tenantId,
      lent.map(l => l.id),
    )
  },
  resume: async (tx, actor, at, lent, ownerId, lentAt) => {
    const ids = lent.map(l => l.id)
    await tx.query(
      `update pool_protection set ended_at = $3 where tenant_id = $1 and account_id = any($2::bigint[]) and kind = 'absence' and ended_at is null`,
      [actor.tenantId, ids, at],
    )
    const clocks = lent.flatMap(({ id, clock }) => (clock ? [{ id, ...(clock as Clock) }] : []))
    await tx.query(
      `update pool_clock k set owner_since = to_timestamp(c.since / 1000) from unnest($2::bigint[], $3::float8[]) as c(id, since) where k.tenant_id = $1 and k.account_id = c.id and k.owner_id = $4`,
      [actor.tenantId, clocks.map(c => c.id), clocks.map(c => c.since), ownerId],
    )
    const took = Math.max(0, Date.parse(at) - Date.parse(lentAt))
    await holdUntil(
      tx,
      actor,
      at,
      ownerId,
      clocks.flatMap(c => (c.due === null ? [] : [{ id: c.id, until: c.due + took }])),
    )
    await touchClocks(tx, actor.tenantId, ids)
  },
}

const holdUntil = (tx: Tx, actor: Actor, at: string, ownerId: string, rows: readonly { id: string; until: number }[]): Promise<unknown> =>
  tx.query(
    `insert into pool_protection (tenant_id, account_id, kind, owner_id, starts_at, until, created_by) select $1, id, 'absence', $2, $3, to_timestamp(until / 1000), $4 from unnest($5::bigint[], $6::float8[]) as r(id, until)`,
    [actor.tenantId, ownerId, at, actor.userId, rows.map(r => r.id), rows.map(r => r.until)],
  )
