/**
 * Requests that wait 交接: those he is to decide, and those he asked. Nobody decides what he asked himself: what the receiver asked goes to
 * somebody who sees everything, and a request that the receiver is to decide stays with who asked it, and is told.
 */
import { auditMoves, type Handover, settled } from '../identity/handover.ts'

const of = (column: string) =>
  `select r.id, r.${column} as holder, r.account_id, r.kind as name from approval_request r where r.tenant_id = $1 and r.state = 'asked' and $2::bigint is not null`

const WAITS = of('approver_id')
export const APPROVAL_HANDOVER: Handover = {
  kind: 'approval',
  held: WAITS,
  lent: true,
  move: async (tx, actor, order, ids) => {
    const moved = await tx.query<{ id: string; accountId: string | null }>(
      `update approval_request r set row_version = row_version + 1, approver_id = case when r.asked_by <> $4 then $4::bigint else other.id end
         from (select (select min(ur.user_id) from user_role ur join role g on g.tenant_id = $1 and g.id = ur.role_id join app_user u on u.tenant_id = $1 and u.id = ur.user_id
                 where ur.tenant_id = $1 and g.sees_all and g.deleted_at is null and u.state = 'active' and 'account.assign' = any(g.permissions) and ur.user_id not in ($3, $4)) as id) other
        where r.tenant_id = $1 and r.id = any($2::bigint[]) and r.approver_id = $3 and r.state = 'asked' and (r.asked_by <> $4 or other.id is not null)
          and not exists (select 1 from approval_request twice where twice.tenant_id = $1 and twice.record_kind = 'changeSet' and r.record_kind = 'changeSet' and twice.record_id = r.record_id
            and twice.state = 'asked' and twice.approver_id = case when r.asked_by <> $4 then $4::bigint else other.id end)
       returning r.id::text, r.account_id::text as "accountId"`,
      [actor.tenantId, ids, order.from, order.to],
    )
    await auditMoves(tx, actor, order, 'approval', moved.rows)
    return settled(tx, actor, { held: WAITS }, order.from, ids, moved.rows)
  },
}

const ASKED = of('asked_by')
export const REQUEST_HANDOVER: Handover = {
  kind: 'request',
  held: ASKED,
  move: async (tx, actor, order, ids) => {
    const moved = await tx.query<{ id: string; accountId: string | null }>(
      `update approval_request r set row_version = row_version + 1, asked_by = $4 where r.tenant_id = $1 and r.id = any($2::bigint[]) and r.asked_by = $3 and r.state = 'asked' and r.approver_id <> $4
          and not exists (select 1 from approval_request twice where twice.tenant_id = $1 and twice.kind = r.kind and twice.record_kind = r.record_kind and twice.record_id = r.record_id
            and twice.state = 'asked' and twice.asked_by = $4)
       returning r.id::text, r.account_id::text as "accountId"`,
      [actor.tenantId, ids, order.from, order.to],
    )
    await auditMoves(tx, actor, order, 'approval', moved.rows)
    return settled(tx, actor, { held: ASKED }, order.from, ids, moved.rows)
  },
}
