/**
 * The accounts an import 导入 made or changed, as one condition of the list, so that its outcome can be looked at, exported, edited on. An
 * import belongs to who made it, and to those who see everything and may import: for anybody else it does not exist.
 */
import { type ImportObjectKey, NEEDED } from '../../contract/import/objects.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import type { Params } from './condition-sql.ts'

/** Up to so many accounts are looked up by themselves; more are met on the way through the list. */
const FEW = 20_000

/** In the ranges of ids that were drawn for it: the primary key finds them. */
const MADE_BY = (id: string): string =>
  `select i.id from import_job j cross join jsonb_to_recordset(j.options->'ids') as g(id bigint, count bigint)
     join account i on i.tenant_id = $1 and i.id >= g.id and i.id < g.id + g.count and i.import_id = ${id} where j.tenant_id = $1 and j.id = ${id}`

export async function ofImport(tx: Tx, actor: Actor, importId: string, params: Params): Promise<string> {
  const found = await tx.query<{ object: ImportObjectKey; rows: number }>(
    `select object, coalesce((stats->>'creates')::float8, 0) + coalesce((stats->>'updates')::float8, 0) as rows from import_job
      where tenant_id = $1 and id = $2 and (created_by = $3 or $4)`,
    [actor.tenantId, importId, actor.userId, actor.seesAll],
  )
  const job = found.rows[0]
  if (!job || !actor.permissions.has(NEEDED[job.object])) return stop('record.notFound', undefined, '/importId')
  const id = `${params.add(importId)}::bigint`
  if (job.object === 'account') {
    const changed = `select b.record_id from import_before b where b.tenant_id = $1 and b.job_id = ${id} and b.before is not null`
    return job.rows > FEW ? `(a.import_id = ${id} or a.id in (${changed}))` : `a.id in (${MADE_BY(id)} union all ${changed})`
  }
  if (job.object === 'contact')
    return `a.id in (select c.account_id from contact c where c.tenant_id = $1 and c.import_id = ${id}
      union all select c.account_id from import_before b join contact c on c.tenant_id = $1 and c.id = b.record_id where b.tenant_id = $1 and b.job_id = ${id})`
  if (job.object === 'owner')
    return `a.id in (select o.account_id from ownership_act o where o.tenant_id = $1 and o.import_id = ${id} and o.cancelled_at is null)`
  return stop('record.notFound', undefined, '/importId')
}
