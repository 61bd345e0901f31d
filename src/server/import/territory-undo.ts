/** Taking a tree back out of its draft; a territory that somebody changed since, gave members or children, stays. A draft in use is no draft. */
import { writeInstant } from '../account/facts.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import { bumpStamp } from '../territory/load-env.ts'
import { loadHead } from '../territory/load-model.ts'
import type { Run } from './object.ts'

export async function undoTerritories(run: Run, _limit: number): Promise<{ back: number; kept: number }> {
  const { tx, tenantId, importId } = run
  const modelId = run.options.modelId
  if (!modelId) return { back: 0, kept: 0 }
  const found = await tx.query<{ id: string; fresh: boolean; version: number | null; was: number; members: number }>(
    `select b.record_id::text as id, b.before is null as fresh, t.row_version as version, coalesce((b.before->'own'->>'row_version')::int, 0) as was,
            (select count(*)::int from territory_member m where m.tenant_id = $1 and m.territory_id = b.record_id) as members
       from import_before b left join territory t on t.tenant_id = $1 and t.model_id = $3 and t.id = b.record_id where b.tenant_id = $1 and b.job_id = $2 and b.kept is null`,
    [tenantId, importId, modelId],
  )
  if (found.rows.length === 0) return { back: 0, kept: 0 }
  const head = await loadHead(tx, tenantId, modelId, true)
  if (head.state !== 'draft') stop('import.modelInUse')
  const rows = found.rows
  const versions = await expected(
    run,
    rows.filter(r => !r.fresh).map(r => r.id),
  )
  const kept = new Set(
    rows.filter(r => r.version !== null && (r.fresh ? r.version !== 1 || r.members > 0 : r.version !== versions.get(r.id))).map(r => r.id),
  )
  // Whatever stands above something that stays, stays.
  const tree = await tx.query<{ id: string; parent: string | null }>(
    'select id::text, parent_id::text as parent from territory where tenant_id = $1 and model_id = $2 and not removed',
    [tenantId, modelId],
  )
  const fresh = new Set(rows.filter(r => r.fresh).map(r => r.id))
  for (let more = true; more; ) {
    more = false
    for (const t of tree.rows)
      if (
        t.parent !== null &&
        fresh.has(t.parent) &&
        !kept.has(t.parent) &&
        (!fresh.has(t.id) || kept.has(t.id)) &&
        !restoredAway(t.id, rows, kept)
      ) {
        kept.add(t.parent)
        more = true
      }
  }
  const gone = rows.filter(r => r.fresh && !kept.has(r.id)).map(r => r.id)
  const restored = rows.filter(r => !r.fresh && !kept.has(r.id)).map(r => r.id)
  await tx.query('delete from territory where tenant_id = $1 and model_id = $2 and id = any($3::bigint[])', [
    tenantId,
    modelId,
    [...gone, ...restored],
  ])
  await tx.query('delete from territory_rule where tenant_id = $1 and territory_id = any($2::bigint[])', [tenantId, gone])
  await tx.query(
    `insert into territory select o.* from import_before b, jsonb_populate_record(null::territory, b.before->'own') o
      where b.tenant_id = $1 and b.job_id = $2 and b.record_id = any($3::bigint[]) and b.before->'own' <> 'null'`,
    [tenantId, importId, restored],
  )
  await tx.query(
    `update import_before set kept = case when record_id = any($3::bigint[]) then 'undo.territorySince' else '' end where tenant_id = $1 and job_id = $2`,
    [tenantId, importId, [...kept]],
  )
  await bumpStamp(tx, tenantId, modelId)
  await audit(tx, run.actor, await writeInstant(tx), {
    kind: 'territory.importUndone',
    recordKind: 'model',
    recordId: modelId,
    count: gone.length + restored.length,
  })
  if (run.options.madeModel) await discardEmpty(run, modelId)
  return { back: gone.length + restored.length, kept: kept.size }
}

type Known = { id: string; fresh: boolean }
/** A territory of before that moves back to its old parent holds nothing in place. */
const restoredAway = (id: string, rows: readonly Known[], kept: ReadonlySet<string>): boolean =>
  rows.some(r => r.id === id && !r.fresh && !kept.has(id))

/** The version each changed territory was left with: one more than the one the draft saw. */
async function expected(run: Run, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const found = await run.tx.query<{ id: string; version: number }>(
    `select b.record_id::text as id, coalesce((b.before->'own'->>'row_version')::int, (select t.row_version from territory t join territory_model m on m.tenant_id = $1 and m.id = $4 where t.tenant_id = $1 and t.model_id = m.base_model_id and t.id = b.record_id), 0) + 1 as version
       from import_before b where b.tenant_id = $1 and b.job_id = $2 and b.record_id = any($3::bigint[])`,
    [run.tenantId, run.importId, ids, run.options.modelId],
  )
  return new Map(found.rows.map(r => [r.id, r.version]))
}

/** The draft that was made for the tree goes with it, unless somebody put something else into it. */
async function discardEmpty(run: Run, modelId: string): Promise<void> {
  await run.tx.query(
    `delete from territory_model m where m.tenant_id = $1 and m.id = $2 and m.state = 'draft' and m.row_version = 1
        and not exists (select 1 from territory t where t.tenant_id = $1 and t.model_id = m.id) and not exists (select 1 from territory_member x where x.tenant_id = $1 and x.model_id = m.id)
        and not exists (select 1 from territory_pin x where x.tenant_id = $1 and x.model_id = m.id) and not exists (select 1 from territory_type x where x.tenant_id = $1 and x.model_id = m.id)
        and not exists (select 1 from territory_model c where c.tenant_id = $1 and c.base_model_id = m.id)`,
    [run.tenantId, modelId],
  )
}
