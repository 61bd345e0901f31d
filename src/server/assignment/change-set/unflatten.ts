/**
 * A model that was ready becomes a draft again: its placements go, and of its rows only those stay that differ from the base, as in any
 * draft. The reverse of `flatten` in run-model.ts, under the tenant's exclusive lock.
 */
import type { Tx } from '../../kernel/transaction.ts'
import { loadHead } from '../../territory/load-model.ts'

const COLUMNS = ['parent_id', 'type_id', 'code', 'name', 'name_en', 'colour', 'inherit', 'priority', 'position', 'rule_version']

export async function unflatten(tx: Tx, tenantId: string, modelId: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(1, hashtext($1))', [tenantId])
  const head = await loadHead(tx, tenantId, modelId, true)
  if (head.state !== 'ready' || head.baseModelId === null) return
  for (const table of ['account_placement', 'account_overlay', 'placement_queue', 'placement_history', 'model_value_list'])
    await tx.query(`delete from ${table} where tenant_id = $1 and model_id = $2`, [tenantId, modelId])
  await tx.query(
    `insert into territory (tenant_id, model_id, id, ${COLUMNS.join(', ')}, removed)
     select tenant_id, $2, id, ${COLUMNS.join(', ')}, true from territory b where b.tenant_id = $1 and b.model_id = $3 and not b.removed
        and not exists (select 1 from territory t where t.tenant_id = $1 and t.model_id = $2 and t.id = b.id)`,
    [tenantId, modelId, head.baseModelId],
  )
  await tx.query(
    `delete from territory t using territory b where t.tenant_id = $1 and t.model_id = $2 and not t.removed and b.tenant_id = $1 and b.model_id = $3 and b.id = t.id and not b.removed
        and (${COLUMNS.map(c => `t.${c}`).join(', ')}) is not distinct from (${COLUMNS.map(c => `b.${c}`).join(', ')})`,
    [tenantId, modelId, head.baseModelId],
  )
  const differs = await tx.query(
    `select 1 from (select id, key, labels, layer, precedence from territory_type where tenant_id = $1 and model_id = $2) o
       full join (select id, key, labels, layer, precedence from territory_type where tenant_id = $1 and model_id = $3) b on b.id = o.id and b.key = o.key and b.labels = o.labels and b.layer = o.layer and b.precedence = o.precedence
      where o.id is null or b.id is null limit 1`,
    [tenantId, modelId, head.baseModelId],
  )
  if (differs.rowCount === 0) await tx.query('delete from territory_type where tenant_id = $1 and model_id = $2', [tenantId, modelId])
  await tx.query(
    `update territory_model set state = 'draft', flat = false, version = null, ready_at = null, stamp = stamp + 1, row_version = row_version + 1 where tenant_id = $1 and id = $2`,
    [tenantId, modelId],
  )
}
