/**
 * Compiled models in memory: built on first use, kept while the stamp of everything they were made of stays the same (structure, rules,
 * members, value lists, fields). A cache is a hint: the stamp is read in the transaction that uses the model.
 */
import type { Env } from '../../core/condition/evaluate.ts'
import { CODE_HIERARCHIES } from '../../core/condition/hierarchies.ts'
import { type CompiledModel, compileModel } from '../../core/assignment/compile.ts'
import { ruleFields } from '../account/facts.ts'
import { loadFields } from '../builder/catalogue.ts'
import type { Tx } from '../kernel/transaction.ts'
import { type LoadedModel, listsOf, loadHead, loadModel } from '../territory/load-model.ts'

export type Compiled = { readonly loaded: LoadedModel; readonly compiled: CompiledModel }

const KEEP = 24
const cache = new Map<string, { stamp: string; value: Compiled }>()

export async function stampOf(tx: Tx, tenantId: string, modelId: string): Promise<string> {
  const head = await loadHead(tx, tenantId, modelId)
  const rest = await tx.query<{ stamp: string }>(
    `select concat_ws('/', (select sum(stamp) from territory_model where tenant_id = $1 and id = any($2::bigint[])),
       (select string_agg(id || ':' || version, ',' order by id) from value_list where tenant_id = $1),
       (select sum(row_version) || ':' || count(*) from field where tenant_id = $1)) as stamp`,
    [tenantId, [modelId, head.baseModelId].filter(Boolean)],
  )
  return `${head.state}/${head.flat}/${rest.rows[0]!.stamp}`
}

export async function loadCompiled(tx: Tx, tenantId: string, modelId: string): Promise<Compiled> {
  const key = `${tenantId}/${modelId}`
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

/** Fields and value lists as rules see them. */
export async function loadEnv(tx: Tx, tenantId: string, loaded: Pick<LoadedModel, 'territories'>, more: readonly string[] = []): Promise<Env> {
  const fields = ruleFields(await loadFields(tx, tenantId))
  const ids = [...new Set([...loaded.territories.flatMap(t => (t.condition ? listsOf(t.condition) : [])), ...more])].filter(id => /^\d{1,18}$/.test(id))
  return { fields, hierarchies: CODE_HIERARCHIES, lists: await loadLists(tx, tenantId, ids) }
}

async function loadLists(tx: Tx, tenantId: string, ids: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  if (ids.length === 0) return new Map()
  const found = await tx.query<{ id: string; values: string[] }>(
    `select l.id::text, coalesce(array_agg(i.value) filter (where i.value is not null), '{}') as values from value_list l
       left join value_list_item i on i.tenant_id = $1 and i.list_id = l.id where l.tenant_id = $1 and l.id = any($2::bigint[]) group by l.id`,
    [tenantId, ids],
  )
  return new Map(found.rows.map(r => [r.id, new Set(r.values)]))
}

/** A change that compiled models must notice. */
export const bumpStamp = (tx: Tx, tenantId: string, modelId: string | null): Promise<unknown> =>
  tx.query('update territory_model set stamp = stamp + 1 where tenant_id = $1 and ($2::bigint is null or id = $2)', [tenantId, modelId])
