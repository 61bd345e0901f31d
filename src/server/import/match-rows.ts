/** Which account a row means: by external key, credit code or exact name, as the mapping says. Only accounts the importer may edit are changed. */
import type { ImportMapping } from '../../contract/import/imports.ts'
import type { Refusal } from '../../core/kernel/result.ts'
import { actorOfUser } from '../identity/load-actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import type { Converted } from './convert-row.ts'

export type Target = {
  readonly accountId: string | null /** What identifies the row, for rows of one file that mean the same. */
  readonly key: string | null
  readonly problem: Refusal | null
}

const keyOf = (mapping: ImportMapping, row: Converted): string | null => {
  if (mapping.match === 'externalKey') return row.externalKey
  const value = mapping.match === 'none' ? null : row.values[mapping.match]
  return typeof value === 'string' ? value : null
}

export async function matchRows(
  tx: Tx,
  tenantId: string,
  userId: string,
  mapping: ImportMapping,
  rows: readonly Converted[],
): Promise<readonly Target[]> {
  const keys = rows.map(row => keyOf(mapping, row))
  const wanted = [...new Set(keys.filter(k => k !== null))]
  const found = wanted.length === 0 ? new Map<string, { id: string; editable: boolean }[]>() : await lookUp(tx, tenantId, userId, mapping, wanted)
  return keys.map((key): Target => {
    const hits = key === null ? [] : (found.get(key) ?? [])
    if (mapping.mode === 'create')
      return {
        accountId: null,
        key,
        problem:
          hits.length > 0 && mapping.match === 'externalKey' ? { code: 'account.keyTaken', field: 'externalKey', values: { key: key! } } : null,
      }
    if (hits.length > 1) return { accountId: null, key, problem: { code: 'row.ambiguous', field: mapping.match, values: { count: hits.length } } }
    const hit = hits[0]
    if (hit && !hit.editable) return { accountId: null, key, problem: { code: 'row.invisible', field: mapping.match } }
    if (!hit && mapping.mode === 'update') return { accountId: null, key, problem: { code: 'row.notFound', field: mapping.match } }
    return { accountId: hit?.id ?? null, key, problem: null }
  })
}

async function lookUp(
  tx: Tx,
  tenantId: string,
  userId: string,
  mapping: ImportMapping,
  keys: readonly string[],
): Promise<ReadonlyMap<string, { id: string; editable: boolean }[]>> {
  const actor = (await actorOfUser(tx, tenantId, userId)) ?? stop('session.missing')
  const editable = `coalesce((select coalesce(p.edit_tokens, p.tokens) && array[${actor.tokens.map(t => BigInt(t)).join(',')}]::bigint[] from account_placement p where p.tenant_id = $1 and p.model_id = ${BigInt(actor.modelId)} and p.account_id = a.id), false)`
  const from =
    mapping.match === 'externalKey'
      ? `account_key k join account a on a.tenant_id = $1 and a.id = k.account_id where k.tenant_id = $1 and k.source = ${'$3'} and k.external_key = any($2::text[])`
      : mapping.match === 'creditCode'
        ? 'account_private k join account a on a.tenant_id = $1 and a.id = k.account_id where k.tenant_id = $1 and $3::text is not null and k.credit_code = any($2::text[])'
        : 'account a where a.tenant_id = $1 and $3::text is not null and a.name = any($2::text[])'
  const key = mapping.match === 'externalKey' ? 'k.external_key' : mapping.match === 'creditCode' ? 'k.credit_code' : 'a.name'
  const found = await tx.query<{ id: string; key: string; editable: boolean }>(
    `select a.id::text, ${key} as key, ${editable} as editable from ${from} and a.deleted_at is null`,
    [tenantId, keys, mapping.source],
  )
  const map = new Map<string, { id: string; editable: boolean }[]>()
  for (const row of found.rows) map.set(row.key, [...(map.get(row.key) ?? []), row])
  return map
}
