/** The audit trail: one row per changed record, or one per operation with its set and count, in the transaction of the change. */
import type { Actor } from './actor.ts'
import type { Tx } from './transaction.ts'

export type AuditEntry = {
  /** What happened, e.g. `account.update`. */
  readonly kind: string
  readonly recordKind?: string
  readonly recordId?: string
  readonly accountId?: string
  readonly why?: string | null
  readonly before?: Record<string, unknown> | null
  readonly after?: Record<string, unknown> | null
  readonly count?: number
  readonly setHash?: string
}

export async function audit(tx: Tx, actor: Pick<Actor, 'tenantId' | 'userId' | 'viewerId'>, at: string, entry: AuditEntry): Promise<void> {
  await tx.query(
    `insert into audit (tenant_id, at, actor_id, for_id, kind, record_kind, record_id, account_id, why, before, after, set_count, set_hash)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      actor.tenantId,
      at,
      actor.viewerId ?? actor.userId,
      actor.viewerId ? actor.userId : null,
      entry.kind,
      entry.recordKind ?? null,
      entry.recordId ?? null,
      entry.accountId ?? null,
      entry.why ?? null,
      entry.before ? JSON.stringify(entry.before) : null,
      entry.after ? JSON.stringify(entry.after) : null,
      entry.count ?? null,
      entry.setHash ?? null,
    ],
  )
}

/** What must follow a write (notifications, webhooks, jobs): a relay turns these rows into jobs after the commit. */
export async function toOutbox(tx: Tx, tenantId: string, kind: string, payload: Record<string, unknown>): Promise<void> {
  await tx.query('insert into outbox (tenant_id, kind, payload) values ($1, $2, $3)', [tenantId, kind, JSON.stringify(payload)])
}
