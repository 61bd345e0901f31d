/** SQL of approval requests: one row each, locked while it is decided. */
import type { ApprovalPayload } from '../../contract/approval/approvals.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import type { Basis } from './kinds.ts'

export type RequestRow = {
  id: string
  kind: 'account.transfer' | 'account.share' | 'account.extension' | 'changeSet.approve'
  state: 'asked' | 'approved' | 'refused' | 'withdrawn'
  recordId: string
  accountId: string | null
  payload: ApprovalPayload
  basis: Basis
  askedBy: { id: string; name: string }
  approver: { id: string; name: string }
  decidedBy: { id: string; name: string } | null
  why: string | null
  answer: string | null
  createdAt: string
  decidedAt: string | null
  rowVersion: number
}

const UTC = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`
const ROW = `r.id::text, r.kind, r.state, r.record_id::text as "recordId", r.account_id::text as "accountId", r.payload, r.basis,
  json_build_object('id', asker.id::text, 'name', asker.name) as "askedBy", json_build_object('id', decider.id::text, 'name', decider.name) as approver,
  case when done.id is not null then json_build_object('id', done.id::text, 'name', done.name) end as "decidedBy",
  r.why, r.answer, ${UTC('r.created_at')} as "createdAt", ${UTC('r.decided_at')} as "decidedAt", r.row_version as "rowVersion"`
const FROM = `approval_request r join app_user asker on asker.tenant_id = $1 and asker.id = r.asked_by join app_user decider on decider.tenant_id = $1 and decider.id = r.approver_id
  left join app_user done on done.tenant_id = $1 and done.id = r.decided_by`

export type Box = {
  readonly box: 'decide' | 'asked' | 'done'
  readonly accountId?: string | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}

/** Of one account: everything about it, for whoever sees the account (the fence on `account` decides). Else: mine to decide, or mine asked. */
export async function findRequests(tx: Tx, actor: Actor, query: Box): Promise<readonly RequestRow[]> {
  const mine = {
    decide: `r.state = 'asked' and r.approver_id = $2`,
    asked: 'r.asked_by = $2',
    done: `r.state <> 'asked' and (r.approver_id = $2 or r.decided_by = $2)`,
  }[query.box]
  const which = query.accountId
    ? '$2::bigint is not null and r.account_id = $5 and exists (select 1 from account a where a.tenant_id = $1 and a.id = r.account_id)'
    : `${mine} and $5::bigint is null`
  const found = await tx.query<RequestRow>(
    `select ${ROW} from ${FROM} where r.tenant_id = $1 and ${which} and ($3::bigint is null or r.id < $3) order by r.id desc limit $4`,
    [actor.tenantId, actor.userId, /^\d{1,18}$/.test(query.cursor ?? '') ? query.cursor : null, query.limit + 1, query.accountId ?? null],
  )
  return found.rows
}

export async function lockRequest(tx: Tx, actor: Actor, id: string): Promise<RequestRow | null> {
  const locked = await tx.query('select 1 from approval_request where tenant_id = $1 and id = $2 for update', [actor.tenantId, id])
  if (locked.rowCount === 0) return null
  const found = await tx.query<RequestRow>(`select ${ROW} from ${FROM} where r.tenant_id = $1 and r.id = $2`, [actor.tenantId, id])
  return found.rows[0] ?? null
}

export async function insertRequest(
  tx: Tx,
  actor: Actor,
  at: string,
  row: {
    kind: string
    recordKind: string
    recordId: string
    accountId: string | null
    payload: ApprovalPayload
    basis: Basis
    approverId: string
    why: string
  },
): Promise<string | null> {
  const made = await tx.query<{ id: string }>(
    `insert into approval_request (tenant_id, kind, record_kind, record_id, account_id, payload, basis, asked_by, approver_id, why, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing returning id::text`,
    [
      actor.tenantId,
      row.kind,
      row.recordKind,
      row.recordId,
      row.accountId,
      JSON.stringify(row.payload),
      JSON.stringify(row.basis),
      actor.userId,
      row.approverId,
      row.why,
      at,
    ],
  )
  return made.rows[0]?.id ?? null
}

export const closeRequest = (tx: Tx, actor: Actor, at: string, id: string, state: RequestRow['state'], answer: string | null): Promise<unknown> =>
  tx.query(
    'update approval_request set state = $3, answer = $4, decided_at = $5, decided_by = $6, row_version = row_version + 1 where tenant_id = $1 and id = $2',
    [actor.tenantId, id, state, answer, at, actor.userId],
  )
