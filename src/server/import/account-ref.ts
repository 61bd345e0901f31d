/**
 * Which account a row means: by external key, credit code or exact name. Only accounts the importer may change are found; one he does not
 * even see is as if it were not there, except that its external key is taken (without saying by whom).
 */
import type { RowProblem, Run } from './object.ts'

/** Placement under the active model says who sees and who may change. Literals, so that the planner knows their frequency. */
const sightOf = (run: Run, edit: boolean): string =>
  `coalesce((select ${edit ? 'coalesce(p.edit_tokens, p.tokens)' : 'p.tokens'} && array[${run.actor.tokens.map(t => BigInt(t)).join(',')}]::bigint[] from account_placement p
     where p.tenant_id = $1 and p.model_id = ${BigInt(run.actor.modelId)} and p.account_id = a.id), false)`
export const editableBy = (run: Run): string => sightOf(run, true)

export type RefWay = 'externalKey' | 'creditCode' | 'name'

/** One row per row of staging that means a known account: how many are seen, how many may be changed, and the one. */
function hits(run: Run, way: RefWay, keySql: string): string {
  // Row by row through the index: a table just filled has no statistics, and a join would be guessed wrong.
  const known = {
    externalKey: `select a.id from account_key k join account a on a.tenant_id = $1 and a.id = k.account_id and a.deleted_at is null where k.tenant_id = $1 and k.source = $3 and k.external_key = ${keySql}`,
    creditCode: `select a.id from account_private k join account a on a.tenant_id = $1 and a.id = k.account_id and a.deleted_at is null where k.tenant_id = $1 and $3::text is not null and k.credit_code = ${keySql}`,
    name: `select a.id from account a where a.tenant_id = $1 and $3::text is not null and a.name = ${keySql} and a.deleted_at is null`,
  }[way]
  return `(select h.row_no, count(*) filter (where h.seen)::int as seen, count(*) filter (where h.editable)::int as editable, min(h.id) filter (where h.editable) as id from (
      select r.row_no, a.id, ${sightOf(run, false)} as seen, ${editableBy(run)} as editable
        from (select row_no, key, v from import_row where tenant_id = $1 and job_id = $2 offset 0) r cross join lateral (${known} offset 0) a) h
    group by h.row_no)`
}

/** Sets `column` of every row whose key means exactly one account; answers the rows whose key means one that cannot be used. */
export async function findAccounts(
  run: Run,
  way: RefWay,
  keySql: string,
  column: 'target_id' | 'parent_id',
  field: string,
): Promise<readonly RowProblem[]> {
  // The first list of a system finds nothing: a million look-ups are spared.
  if (way === 'externalKey') {
    const some = await run.tx.query('select 1 from account_key where tenant_id = $1 and source = $2 limit 1', [run.tenantId, run.mapping.source])
    if (some.rowCount === 0) return []
  }
  const bad = await run.tx.query<{ row: string; seen: number }>(
    `with h as materialized ${hits(run, way, keySql)},
       found as (update import_row r set ${column} = h.id from h where r.tenant_id = $1 and r.job_id = $2 and r.row_no = h.row_no and h.seen = 1 and h.editable = 1)
     select h.row_no::text as row, h.seen from h where not (h.seen = 1 and h.editable = 1) and (h.seen > 0 or $4::bool)`,
    [run.tenantId, run.importId, run.mapping.source, way === 'externalKey'],
  )
  return bad.rows.map(b => ({
    row: Number(b.row),
    field,
    ...(b.seen > 1
      ? { code: 'row.ambiguous', values: { count: b.seen } }
      : { code: b.seen === 1 ? 'row.invisible' : way === 'externalKey' ? 'row.keyInUse' : 'row.invisible' }),
  }))
}

export async function rowsOf(run: Run, where: string, code: string, field: string): Promise<readonly RowProblem[]> {
  const found = await run.tx.query<{ row: string }>(
    `select r.row_no::text as row from (select row_no, key, parent_id, target_id, v from import_row where tenant_id = $1 and job_id = $2 offset 0) r where ${where}`,
    [run.tenantId, run.importId],
  )
  return found.rows.map(r => ({ row: Number(r.row), code, field }))
}
