/** What rules are judged with: fields of the catalogue, hierarchies of codes, value lists; and the stamp that compiled models watch. */
import type { Env } from '../../core/condition/evaluate.ts'
import { CODE_HIERARCHIES } from '../../core/condition/hierarchies.ts'
import { ruleFields } from '../account/facts.ts'
import { loadFields } from '../builder/catalogue.ts'
import type { Tx } from '../kernel/transaction.ts'
import { type LoadedModel, listsOf } from './load-model.ts'

/** Fields and value lists as rules see them. */
export async function loadEnv(tx: Tx, tenantId: string, loaded: Pick<LoadedModel, 'territories'>, more: readonly string[] = []): Promise<Env> {
  const fields = ruleFields(await loadFields(tx, tenantId))
  const ids = [...new Set([...loaded.territories.flatMap(t => (t.condition ? listsOf(t.condition) : [])), ...more])].filter(id =>
    /^\d{1,18}$/.test(id),
  )
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
