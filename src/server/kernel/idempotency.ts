/**
 * A retried POST takes effect once: the key is inserted first, in the transaction of the effect. A second request with the same key
 * waits for the first to commit and then gets its answer; another body under the same key is refused.
 */
import { createHash } from 'node:crypto'
import type { Actor } from './actor.ts'
import { stop } from './refusal-error.ts'
import type { Tx } from './transaction.ts'

export type Replay = { readonly status: number; readonly body: string }

export async function claimKey(tx: Tx, actor: Actor, key: string, route: string, input: unknown): Promise<Replay | null> {
  if (key.length > 255) stop('input.invalid', undefined, 'Idempotency-Key')
  const fingerprint = createHash('sha256')
    .update(route)
    .update(JSON.stringify(input ?? null))
    .digest('hex')
  const inserted = await tx.query(
    'insert into idempotency (tenant_id, user_id, key, route, fingerprint) values ($1, $2, $3, $4, $5) on conflict do nothing',
    [actor.tenantId, actor.userId, key, route, fingerprint],
  )
  if (inserted.rowCount === 1) return null
  const known = await tx.query<{ fingerprint: string; status: number | null; body: string | null }>(
    'select fingerprint, status, body from idempotency where tenant_id = $1 and user_id = $2 and key = $3',
    [actor.tenantId, actor.userId, key],
  )
  const row = known.rows[0]
  if (!row || row.fingerprint !== fingerprint) return stop('idempotency.otherBody')
  return { status: row.status ?? 200, body: row.body ?? '{}' }
}

export const keepAnswer = (tx: Tx, actor: Actor, key: string, status: number, body: string): Promise<unknown> =>
  tx.query('update idempotency set status = $4, body = $5 where tenant_id = $1 and user_id = $2 and key = $3', [
    actor.tenantId,
    actor.userId,
    key,
    status,
    body,
  ])
