/** What rules are judged with: fields of the catalogue, hierarchies of codes, value lists; and the stamp that compiled models watch. */
import type { Env } from '../../core/condition/evaluate.ts'
import { CODE_HIERARCHIES } from '../../core/condition/hierarchies.ts'
import { ruleFields } from '../account/facts.ts'
import { loadFields } from '../builder/catalogue.ts'
import type { Tx } from '../kernel/transaction.ts'
import { type LoadedModel, listsOf, type ModelHead } from './load-model.ts'

/** Fields and value lists as rules see them. */
export async function loadEnv(
  tx: Tx,
  tenantId: string,
  loaded: Pick<LoadedModel, 'territories' | 'head'>,
  more: readonly string[] = [],
): Promise<Env> {
  const fields = ruleFields(await loadFields(tx, tenantId))
  const ids = [...new Set([...loaded.territories.flatMap(t => (t.condition ? listsOf(t.condition) : [])), ...more])].filter(id =>
    /^\d{1,18}$/.test(id),
  )
  return { fields, hierarchies: CODE_HIERARCHIES, lists: await loadLists(tx, tenantId, loaded.head, ids) }
}

/** A draft reads the newest version of a list; a computed model the one it was computed with. */
async function loadLists(
  tx: Tx,
  tenantId: string,
  head: Pick<ModelHead, 'id' | 'state'>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  if (ids.length === 0) return new Map()
  const found = await tx.query<{ id: string; values: string[] }>(
    `select l.id::text, coalesce(array_agg(i.value) filter (where i.value is not null), '{}') as values from value_list l
       left join model_value_list p on p.tenant_id = $1 and p.list_id = l.id and p.model_id = $3
       left join value_list_item i on i.tenant_id = $1 and i.list_id = l.id and i.version = case when $4 then l.version else coalesce(p.version, l.version) end where l.tenant_id = $1 and l.id = any($2::bigint[]) group by l.id`,
    [tenantId, ids, head.id, head.state === 'draft'],
  )
  return new Map(found.rows.map(r => [r.id, new Set(r.values)]))
}

/** A change that compiled models must notice. */
export const bumpStamp = (tx: Tx, tenantId: string, modelId: string | null): Promise<unknown> =>
  tx.query('update territory_model set stamp = stamp + 1 where tenant_id = $1 and ($2::bigint is null or id = $2)', [tenantId, modelId])
