/** Telling a person 通知: ids and kinds only; the words are made where they are read, in the reader's language. */
import type { Actor } from '../kernel/actor.ts'
import { toOutbox } from '../kernel/audit.ts'
import type { Tx } from '../kernel/transaction.ts'

export async function notify(
  tx: Tx,
  actor: Pick<Actor, 'tenantId'>,
  at: string,
  userId: string,
  kind: string,
  accountId: string | null,
  payload: Record<string, unknown>,
): Promise<void> {
  await tx.query('insert into notification (tenant_id, user_id, kind, payload, account_id, created_at) values ($1, $2, $3, $4, $5, $6)', [
    actor.tenantId,
    userId,
    kind,
    JSON.stringify(payload),
    accountId,
    at,
  ])
  await toOutbox(tx, actor.tenantId, kind, { userId, accountId })
}
