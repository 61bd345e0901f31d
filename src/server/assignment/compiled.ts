/**
 * Compiled models in memory: built on first use, kept while the stamp of everything they were made of stays the same (structure, rules,
 * members, value lists, fields). A cache is a hint: the stamp is read in the transaction that uses the model.
 */
import { type CompiledModel, compileModel } from '../../core/assignment/compile.ts'
import { stop } from '../kernel/refusal-error.ts'
import { prepared, type Tx } from '../kernel/transaction.ts'
import { loadEnv } from '../territory/load-env.ts'
import { type LoadedModel, loadModel } from '../territory/load-model.ts'

export type Compiled = { readonly loaded: LoadedModel; readonly compiled: CompiledModel }

const KEEP = 24
const cache = new Map<string, { stamp: string; value: Compiled }>()

export async function stampOf(tx: Tx, tenantId: string, modelId: string): Promise<string> {
  const found = await tx.query<{ stamp: string }>(
    prepared(
      'model-stamp',
      `select concat_ws('/', m.state, m.flat, (select sum(b.stamp) from territory_model b where b.tenant_id = $1 and b.id in (m.id, m.base_model_id)),
         (select string_agg(id || ':' || version, ',' order by id) from value_list where tenant_id = $1),
         (select sum(row_version) || ':' || count(*) from field where tenant_id = $1)) as stamp from territory_model m where m.tenant_id = $1 and m.id = $2`,
      [tenantId, modelId],
    ),
  )
  return found.rows[0]?.stamp ?? stop('record.notFound')
}

export async function loadCompiled(tx: Tx, tenantId: string, modelId: string): Promise<Compiled> {
  // One process may serve more than one database (tests do): numbers mean something in their own alone.
  const key = `${(tx as { database?: string }).database}/${tenantId}/${modelId}`
  const stamp = await stampOf(tx, tenantId, modelId)
  const known = cache.get(key)
  if (known?.stamp === stamp) return known.value
  const loaded = await loadModel(tx, tenantId, modelId)
  const value = { loaded, compiled: compileModel(loaded, await loadEnv(tx, tenantId, loaded)) }
  cache.delete(key)
  cache.set(key, { stamp, value })
  if (cache.size > KEEP) cache.delete(cache.keys().next().value!)
  return value
}
