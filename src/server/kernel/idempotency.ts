/**
 * A retried POST takes effect once: the key is inserted first, in the transaction of the effect. A second request with the same key
 * waits for the first to commit and then gets its answer; another body under the same key is refused.
 */
import { createHash } from 'node:crypto'
import { RefusalError } from './refusal-error.ts'
import { prepared, type Tx } from './transaction.ts'

export type Keyed = { readonly userId: string; readonly key: string; readonly route: string; readonly input: unknown }
/** The answer given before; a refusal; or null: the first one with this key. */
export type Claimed = { readonly body: string } | RefusalError | null

export const keyOf = (k: Pick<Keyed, 'userId' | 'key'>): string => `${k.userId} ${k.key}`

/** Keys of different requests; the same key twice is never asked in one call. */
export async function claimKeys(tx: Tx, tenantId: string, keyed: readonly Keyed[]): Promise<ReadonlyMap<string, Claimed>> {
  const out = new Map<string, Claimed>()
  const asked = keyed.filter(k => {
    if (k.key.length > 255) out.set(keyOf(k), new RefusalError({ code: 'input.invalid', field: 'Idempotency-Key' }))
    return k.key.length <= 255
  })
  if (asked.length === 0) return out
  // In one order, so that two groups with the same keys never wait for each other.
  const sorted = [...asked].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  const prints = sorted.map(k => fingerprintOf(k))
  const users = sorted.map(k => k.userId)
  const keys = sorted.map(k => k.key)
  const inserted = await tx.query<{ id: string }>(
    prepared(
      'idempotency-claim',
      `insert into idempotency (tenant_id, user_id, key, route, fingerprint) select $1, u, k, r, f from unnest($2::bigint[], $3::text[], $4::text[], $5::text[]) with ordinality as i(u, k, r, f, n) order by n
       on conflict do nothing returning user_id || ' ' || key as id`,
      [tenantId, users, keys, sorted.map(k => k.route), prints],
    ),
  )
  for (const r of inserted.rows) out.set(r.id, null)
  if (inserted.rows.length === sorted.length) return out
  const known = await tx.query<{ id: string; fingerprint: string; body: string | null }>(
    `select i.user_id || ' ' || i.key as id, i.fingerprint, i.body from unnest($2::bigint[], $3::text[]) as a(u, k) join idempotency i on i.tenant_id = $1 and i.user_id = a.u and i.key = a.k`,
    [tenantId, users, keys],
  )
  const byId = new Map(known.rows.map(r => [r.id, r]))
  for (const [i, k] of sorted.entries()) {
    const id = keyOf(k)
    if (out.has(id)) continue
    const row = byId.get(id)
    out.set(id, row?.fingerprint === prints[i] ? { body: row?.body ?? '{}' } : new RefusalError({ code: 'idempotency.otherBody' }))
  }
  return out
}

const fingerprintOf = (k: Keyed): string =>
  createHash('sha256')
    .update(k.route)
    .update(JSON.stringify(k.input ?? null))
    .digest('hex')

export const keepAnswers = (
  tx: Tx,
  tenantId: string,
  answers: readonly { readonly userId: string; readonly key: string; readonly body: string }[],
): Promise<unknown> =>
  tx.query(
    prepared(
      'idempotency-keep',
      `update idempotency i set status = 200, body = a.body from unnest($2::bigint[], $3::text[], $4::text[]) as a(u, k, body) where i.tenant_id = $1 and i.user_id = a.u and i.key = a.k`,
      [tenantId, answers.map(a => a.userId), answers.map(a => a.key), answers.map(a => a.body)],
    ),
  )

/** Of requests that took no effect in a transaction that is kept: sent again they are tried again. */
export const freeKeys = (tx: Tx, tenantId: string, keyed: readonly Pick<Keyed, 'userId' | 'key'>[]): Promise<unknown> =>
  tx.query(
    prepared(
      'idempotency-free',
      'delete from idempotency i using unnest($2::bigint[], $3::text[]) as a(u, k) where i.tenant_id = $1 and i.user_id = a.u and i.key = a.k',
      [tenantId, keyed.map(k => k.userId), keyed.map(k => k.key)],
    ),
  )
