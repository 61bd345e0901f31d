/**
 * Taking accounts back: new ones go to the recycle bin, changed ones get every old value, address, key, contact and owner. One that
 * somebody changed since, or works with, is left as it is and named.
 */
import { type AccountRecord, COLUMNS, factsOf, keepVersions, PRIVATE_COLUMNS, RECORD, writeInstant } from '../account/facts.ts'
import { placer } from '../account/placer.ts'
import { keepGrams } from '../account/search.ts'
import { placeAgain } from './account-follow.ts'
import type { Run } from './object.ts'

export async function undoAccounts(run: Run, limit: number): Promise<{ back: number; kept: number }> {
  const fresh = await undoNew(run, limit)
  return fresh.back + fresh.kept > 0 ? fresh : undoChanged(run, limit)
}

/** Somebody works with the account: a note, a task, a file, a deal, a share, a pin, another contact, a later act. */
const WORKED_WITH = `(${['note', 'task', 'file', 'opportunity']
  .map(t => `exists (select 1 from ${t} x where x.tenant_id = $1 and x.account_id = a.id and x.deleted_at is null)`)
  .join(
    ' or ',
  )} or exists (select 1 from account_share x where x.tenant_id = $1 and x.account_id = a.id) or exists (select 1 from territory_pin x where x.tenant_id = $1 and x.account_id = a.id and x.cancelled_at is null)
  or exists (select 1 from contact x where x.tenant_id = $1 and x.account_id = a.id and x.deleted_at is null and (x.import_id is distinct from $2 or x.row_version > 1))
  or ${'exists (select 1 from ownership_act x where x.tenant_id = $1 and x.account_id = a.id and x.import_id is distinct from $2 and x.cancelled_at is null)'})`

async function keep(run: Run, ids: readonly string[]): Promise<void> {
  await run.tx.query(
    `insert into import_before (tenant_id, job_id, record_id, kept) select $1, $2, id, 'undo.changedSince' from unnest($3::bigint[]) as i(id)
     on conflict (tenant_id, job_id, record_id) do update set kept = excluded.kept`,
    [run.tenantId, run.importId, ids],
  )
}

async function cancelActs(run: Run, ids: readonly string[], at: string): Promise<void> {
  await run.tx.query(
    'update ownership_act set cancelled_at = $4::timestamptz where tenant_id = $1 and import_id = $2 and account_id = any($3::bigint[]) and cancelled_at is null',
    [run.tenantId, run.importId, ids, at],
  )
}

async function undoNew(run: Run, limit: number): Promise<{ back: number; kept: number }> {
  const { tx, tenantId } = run
  // In the order of the ids drawn for it, from where the last piece ended: a million are not sorted for every piece.
  const drawn = run.options.ids ?? []
  const after = run.options.undone ?? String(BigInt(drawn[0]?.id ?? '1') - 1n)
  const end = drawn.reduce((most, r) => (BigInt(r.id) + BigInt(r.count) > most ? BigInt(r.id) + BigInt(r.count) : most), 0n)
  const found = await tx.query<{ id: string }>(
    'select a.id::text from account a where a.tenant_id = $1 and a.id > $4 and a.id < $5 and a.import_id = $2 and a.deleted_at is null order by a.id limit $3 for update',
    [tenantId, run.importId, limit, after, String(end)],
  )
  if (found.rows.length === 0) return { back: 0, kept: 0 }
  const all = found.rows.map(r => r.id)
  await tx.query(`update import_job set options = options || jsonb_build_object('undone', $3::text) where tenant_id = $1 and id = $2`, [
    tenantId,
    run.importId,
    all.at(-1),
  ])
  const worked = await tx.query<{ id: string }>(
    `select a.id::text from account a where a.tenant_id = $1 and a.id = any($3::bigint[]) and (a.row_version > 1 or ${WORKED_WITH})`,
    [tenantId, run.importId, all],
  )
  const kept = new Set(worked.rows.map(r => r.id))
  const ids = all.filter(id => !kept.has(id))
  await keep(run, [...kept])
  const at = await writeInstant(tx)
  await tx.query(
    'update account set deleted_at = $3::timestamptz, deleted_by = $4, updated_at = $3::timestamptz, row_version = row_version + 1 where tenant_id = $1 and id = any($2::bigint[])',
    [tenantId, ids, at, run.actor.userId],
  )
  // The same file may come again: its keys are free.
  await tx.query('delete from account_key where tenant_id = $1 and source = $2 and account_id = any($3::bigint[])', [
    tenantId,
    run.mapping.source,
    ids,
  ])
  await cancelActs(run, ids, at)
  await placer().close(tx, tenantId, at, ids)
  await auditEach(run, ids, at)
  return { back: ids.length, kept: kept.size }
}

async function auditEach(run: Run, ids: readonly string[], at: string): Promise<void> {
  await run.tx.query(
    `insert into audit (tenant_id, at, actor_id, kind, record_kind, record_id, account_id, after) select $1, $2::timestamptz, $3, 'account.importUndone', 'account', id, id, $4::jsonb from unnest($5::bigint[]) as i(id)`,
    [run.tenantId, at, run.actor.userId, JSON.stringify({ importId: run.importId }), ids],
  )
}

async function undoChanged(run: Run, limit: number): Promise<{ back: number; kept: number }> {
  const { tx, tenantId, importId } = run
  const found = await tx.query<{ id: string; untouched: boolean }>(
    `select b.record_id::text as id, a.row_version = b.after_version and a.deleted_at is null as untouched from import_before b join account a on a.tenant_id = $1 and a.id = b.record_id
      where b.tenant_id = $1 and b.job_id = $2 and b.kept is null order by a.id limit $3 for update of a`,
    [tenantId, importId, limit],
  )
  if (found.rows.length === 0) return { back: 0, kept: 0 }
  const ids = found.rows.filter(r => r.untouched).map(r => r.id)
  const kept = found.rows.filter(r => !r.untouched).map(r => r.id)
  await keep(run, kept)
  const at = await writeInstant(tx)
  const given = [tenantId, importId, ids]
  const before = 'from import_before b where b.tenant_id = $1 and b.job_id = $2 and b.record_id = any($3::bigint[])'
  const columns = [...Object.values(COLUMNS), 'lng', 'lat', 'custom']
  await tx.query(
    `update account a set ${columns.map(c => `${c} = o.${c}`).join(', ')}, updated_at = $4::timestamptz, row_version = a.row_version + 1
       from import_before b, jsonb_populate_record(null::account, b.before->'account') o where b.tenant_id = $1 and b.job_id = $2 and b.record_id = any($3::bigint[]) and a.tenant_id = $1 and a.id = b.record_id`,
    [...given, at],
  )
  const privates = Object.values(PRIVATE_COLUMNS)
  await tx.query(
    'delete from account_private p using import_before b where p.tenant_id = $1 and b.tenant_id = $1 and b.job_id = $2 and b.record_id = any($3::bigint[]) and p.account_id = b.record_id',
    given,
  )
  await tx.query(
    `insert into account_private (tenant_id, account_id, ${privates.join(', ')}) select $1, b.record_id, ${privates.map(c => `b.before->'private'->>'${c}'`).join(', ')} ${before} and b.before->'private' <> 'null'`,
    given,
  )
  await tx.query(
    `delete from account_address d using import_before b where d.tenant_id = $1 and d.kind = 'business' and b.tenant_id = $1 and b.job_id = $2 and b.record_id = any($3::bigint[]) and d.account_id = b.record_id`,
    given,
  )
  await tx.query(
    `insert into account_address select o.* from import_before b, jsonb_populate_record(null::account_address, b.before->'address') o where b.tenant_id = $1 and b.job_id = $2 and b.record_id = any($3::bigint[]) and b.before->'address' <> 'null'`,
    given,
  )
  await tx.query(
    `delete from account_key k using import_before b where k.tenant_id = $1 and k.source = $4 and b.tenant_id = $1 and b.job_id = $2 and b.record_id = any($3::bigint[]) and k.account_id = b.record_id and not b.before->'keys' ? k.external_key`,
    [...given, run.mapping.source],
  )
  const fields = run.layout.filter(c => /^f\d+$/.test(c.key)).map(c => c.key.slice(1))
  await tx.query(`delete from account_field f where f.tenant_id = $1 and f.account_id = any($2::bigint[]) and f.field_id = any($3::bigint[])`, [
    tenantId,
    ids,
    fields,
  ])
  await tx.query(
    `insert into account_field select o.* from import_before b, jsonb_populate_recordset(null::account_field, b.before->'fields') o where b.tenant_id = $1 and b.job_id = $2 and b.record_id = any($3::bigint[])`,
    given,
  )
  await tx.query('delete from contact where tenant_id = $1 and import_id = $2 and account_id = any($3::bigint[]) and row_version = 1', given)
  await cancelActs(run, ids, at)
  await tx.query(`update import_before set kept = '' where tenant_id = $1 and job_id = $2 and record_id = any($3::bigint[])`, given)
  const after = await tx.query<AccountRecord>(`select ${RECORD} from account a where a.tenant_id = $1 and a.id = any($2::bigint[]) order by a.id`, [
    tenantId,
    ids,
  ])
  await keepVersions(
    tx,
    tenantId,
    at,
    after.rows.map(r => ({ id: r.id, rowVersion: r.row_version, facts: factsOf(r) })),
  )
  await keepGrams(
    tx,
    tenantId,
    after.rows.map(r => ({ id: r.id, name: r.name, shortName: r.short_name, nameEn: r.name_en })),
  )
  await auditEach(run, ids, at)
  await placeAgain(run, ids)
  // Taken back before it was placed: nothing waits any more, and what stayed was placed by whoever changed it since.
  await tx.query('update account set placed = true where tenant_id = $1 and id = any($2::bigint[]) and not placed', [tenantId, [...ids, ...kept]])
  return { back: ids.length, kept: kept.length }
}
