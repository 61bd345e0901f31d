/** Protections and locks of customers 交接: they hold for the owner of the customer, so they go with it; a lock until somebody takes it off. */
import { editableBy } from '../access/visible-to.ts'
import { enterWriters, lockRecords, writeInstant } from '../account/facts.ts'
import { auditMoves, type Handover, settled } from '../identity/handover.ts'
import { touchClocks } from './events.ts'

const PROTECTED = `select x.id, x.owner_id as holder, x.account_id, a.name from pool_protection x join account a on a.tenant_id = $1 and a.id = x.account_id and a.deleted_at is null
  where x.tenant_id = $1 and x.ended_at is null and x.kind in ('protect', 'lock') and (x.until is null or x.until > now()) and $2::bigint is not null`

export const PROTECTION_HANDOVER: Handover = {
  kind: 'protection',
  held: PROTECTED,
  move: async (tx, actor, order, ids) => {
    await enterWriters(tx, actor.tenantId)
    const of = await tx.query<{ id: string }>(
      `select distinct account_id::text as id from pool_protection where tenant_id = $1 and id = any($2::bigint[]) and ${editableBy(actor, 'account_id')}`,
      [actor.tenantId, ids],
    )
    const accounts = (
      await lockRecords(
        tx,
        actor.tenantId,
        of.rows.map(r => r.id),
      )
    ).map(r => r.id)
    const moved = await tx.query<{ id: string; accountId: string }>(
      `update pool_protection set owner_id = $4 where tenant_id = $1 and id = any($2::bigint[]) and owner_id = $3 and ended_at is null and account_id = any($5::bigint[]) returning id::text, account_id::text as "accountId"`,
      [actor.tenantId, ids, order.from, order.to, accounts],
    )
    await auditMoves(tx, actor, { ...order, at: await writeInstant(tx) }, 'protection', moved.rows)
    await touchClocks(tx, actor.tenantId, [...new Set(moved.rows.map(r => r.accountId))])
    return settled(tx, actor, { held: PROTECTED }, order.from, ids, moved.rows)
  },
}
