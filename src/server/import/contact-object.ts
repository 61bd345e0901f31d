/** Contacts 联系人: attached to an account that the file names by external key, credit code or exact name; one of the same name there is changed. */
import { CONTACT_COLUMNS } from '../../core/import/columns.ts'
import { writeInstant } from '../account/facts.ts'
import { stop } from '../kernel/refusal-error.ts'
import { editableBy, findAccounts, rowsOf } from './account-ref.ts'
import { NO_DATA } from './lookup-data.ts'
import type { ImportObject, Match, RowProblem, Run, Written } from './object.ts'
import { cellOf, drawnId, staged } from './staging.ts'
import { targetOf } from './targets.ts'

/** The column of each way to an account. */
export const REF = { externalKey: 'accountKey', creditCode: 'accountCode', name: 'accountName' } as const
const ways = (beside: readonly string[]): readonly Match[] =>
  Object.entries(REF).map(([way, column]) => ({ way: way as keyof typeof REF, needs: [column], keyOf: [column, ...beside] }))

/** Sets parent_id; a row without its account is refused. */
export async function findParents(run: Run): Promise<readonly RowProblem[]> {
  const way = run.mapping.match as keyof typeof REF
  const field = REF[way]
  const value = cellOf(run, field)!
  const problems = await findAccounts(run, way, value, 'parent_id', field)
  const known = new Set(problems.map(p => p.row))
  const missing = await rowsOf(run, `r.parent_id is null and ${value} is not null`, 'row.noAccount', field)
  const empty = await rowsOf(run, `${value} is null`, 'row.required', field)
  return [...problems, ...empty, ...missing.filter(m => !known.has(m.row))]
}

const COLUMNS = { title: 'title', phone: 'phone', email: 'email', leftAt: 'left_at', note: 'note' } as const
const columnsOf = (run: Run) =>
  Object.entries(COLUMNS).flatMap(([key, column]) => {
    const value = cellOf(run, key)
    return value === null ? [] : [{ column, sql: column === 'left_at' ? `${value}::date` : value }]
  })

async function check(run: Run): Promise<readonly RowProblem[]> {
  const problems = [...(await findParents(run))]
  const name = cellOf(run, 'name')!
  await run.tx.query(
    `update import_row r set target_id = c.id from (select r.row_no, min(c.id) as id from ${staged(run, 1, 1_000_000_000)}
        cross join lateral (select c.id from contact c where c.tenant_id = $1 and c.account_id = r.parent_id and c.name = ${name} and c.deleted_at is null offset 0) c group by r.row_no) c
      where r.tenant_id = $1 and r.job_id = $2 and r.row_no = c.row_no`,
    [run.tenantId, run.importId],
  )
  if (run.mapping.mode === 'update') problems.push(...(await rowsOf(run, 'r.target_id is null and r.parent_id is not null', 'row.noContact', 'name')))
  if (run.mapping.mode === 'create') problems.push(...(await rowsOf(run, 'r.target_id is not null', 'row.contactExists', 'name')))
  return problems
}

/** Accounts that left the importer's hands since the check; contacts removed meanwhile become new ones. */
export async function dropLostParents(run: Run, from: number, to: number): Promise<readonly RowProblem[]> {
  await run.tx.query(
    `select 1 from account a where a.tenant_id = $1 and a.id in (select parent_id from import_row where tenant_id = $1 and job_id = $2 and row_no between $3 and $4) order by a.id for update`,
    [run.tenantId, run.importId, from, to],
  )
  const gone = await run.tx.query<{ row: string }>(
    `delete from import_row r where r.tenant_id = $1 and r.job_id = $2 and r.row_no between $3 and $4
        and (select true from account a where a.tenant_id = $1 and a.id = r.parent_id and a.deleted_at is null and ${editableBy(run)} limit 1) is null returning r.row_no::text as row`,
    [run.tenantId, run.importId, from, to],
  )
  return gone.rows.map(r => ({ row: Number(r.row), code: 'row.changedSince', field: '' }))
}

async function write(run: Run, from: number, to: number): Promise<Written> {
  const { tx, tenantId, importId } = run
  const stale = await dropLostParents(run, from, to)
  const at = await writeInstant(tx)
  const set = columnsOf(run)
  const name = cellOf(run, 'name')!
  const kept = await tx.query(
    `insert into import_before (tenant_id, job_id, record_id, before, after_version) select $1, $2, c.id, to_jsonb(c), c.row_version + 1 from import_row r
       join contact c on c.tenant_id = $1 and c.id = r.target_id where r.tenant_id = $1 and r.job_id = $2 and r.row_no between $3 and $4 on conflict do nothing`,
    [tenantId, importId, from, to],
  )
  await tx.query(
    `update contact c set ${set.map(s => `${s.column} = ${s.sql}, `).join('')}updated_at = $2::timestamptz, row_version = c.row_version + 1 from ${staged(run, from, to)} where c.tenant_id = $1 and c.id = r.target_id`,
    [tenantId, at],
  )
  const made = await tx.query(
    `insert into contact (tenant_id, id, account_id, name, ${set.map(s => `${s.column}, `).join('')}created_at, updated_at, import_id)
     select $1, ${drawnId(run)}, r.parent_id, ${name}, ${set.map(s => `${s.sql}, `).join('')}$2::timestamptz, $2::timestamptz, $3 from ${staged(run, from, to)} where r.target_id is null`,
    [tenantId, at, importId],
  )
  await auditAccounts(run, from, to, at, 'contact.import')
  return { count: (made.rowCount ?? 0) + (kept.rowCount ?? 0), stale }
}

/** The account's own history says that an import touched it. */
export async function auditAccounts(run: Run, from: number, to: number, at: string, kind: string): Promise<void> {
  await run.tx.query(
    `insert into audit (tenant_id, at, actor_id, kind, record_kind, record_id, account_id, after)
     select $1, $2::timestamptz, $3, $4, 'import', $5, r.parent_id, jsonb_build_object('importId', $8::text, 'rows', count(*)) from import_row r
      where r.tenant_id = $1 and r.job_id = $5 and r.row_no between $6 and $7 group by r.parent_id`,
    [run.tenantId, at, run.actor.userId, kind, run.importId, from, to, run.importId],
  )
}

async function undo(run: Run, limit: number): Promise<{ back: number; kept: number }> {
  const { tx, tenantId, importId } = run
  const fresh = await tx.query<{ id: string; untouched: boolean }>(
    `select c.id::text, c.row_version = 1 and c.deleted_at is null as untouched from contact c where c.tenant_id = $1 and c.import_id = $2
        and not exists (select 1 from import_before b where b.tenant_id = $1 and b.job_id = $2 and b.record_id = c.id) order by c.id limit $3 for update`,
    [tenantId, importId, limit],
  )
  const changed =
    fresh.rows.length > 0
      ? { rows: [] }
      : await tx.query<{ id: string; untouched: boolean }>(
          `select c.id::text, c.row_version = b.after_version and c.deleted_at is null as untouched from import_before b join contact c on c.tenant_id = $1 and c.id = b.record_id
            where b.tenant_id = $1 and b.job_id = $2 and b.kept is null order by c.id limit $3 for update of c`,
          [tenantId, importId, limit],
        )
  const all = [...fresh.rows, ...changed.rows]
  if (all.length === 0) return { back: 0, kept: 0 }
  const kept = all.filter(r => !r.untouched).map(r => r.id)
  await tx.query(
    `insert into import_before (tenant_id, job_id, record_id, kept) select $1, $2, id, 'undo.changedSince' from unnest($3::bigint[]) as i(id)
     on conflict (tenant_id, job_id, record_id) do update set kept = excluded.kept`,
    [tenantId, importId, kept],
  )
  await tx.query('delete from contact where tenant_id = $1 and id = any($2::bigint[])', [
    tenantId,
    fresh.rows.filter(r => r.untouched).map(r => r.id),
  ])
  const back = changed.rows.filter(r => r.untouched).map(r => r.id)
  const at = await writeInstant(tx)
  await tx.query(
    `update contact c set title = o.title, phone = o.phone, email = o.email, left_at = o.left_at, note = o.note, updated_at = $4::timestamptz, row_version = c.row_version + 1
       from import_before b, jsonb_populate_record(null::contact, b.before) o where b.tenant_id = $1 and b.job_id = $2 and b.record_id = any($3::bigint[]) and c.tenant_id = $1 and c.id = b.record_id`,
    [tenantId, importId, back, at],
  )
  await tx.query(`update import_before set kept = '' where tenant_id = $1 and job_id = $2 and record_id = any($3::bigint[])`, [
    tenantId,
    importId,
    back,
  ])
  return { back: all.length - kept.length, kept: kept.length }
}

export const CONTACT_OBJECT: ImportObject = {
  key: 'contact',
  matches: ways(['name']),
  columns: CONTACT_COLUMNS,
  targets: async () => CONTACT_COLUMNS.map(c => targetOf(c)),
  lookups: async () => NO_DATA,
  // Contacts carry what roles may hide of an account: who may not edit its phones cannot write theirs.
  checkMapping: async (_tx, actor, _mapping, fields) => {
    const closed = ['phone', 'email'].find(f => fields.has(f) && (actor.fieldAccess.get(f) ?? 'edit') !== 'edit')
    if (closed) stop('field.readOnly', { field: closed }, closed)
  },
  check,
  idTable: 'contact',
  piece: 10_000,
  write,
  undo,
}
