/**
 * Writing a piece of accounts: a few set-based statements from staging, on the writer's path. What the file does not name stays as it is; an
 * empty cell empties the field. Old values are kept first, so that the import can be taken back.
 */
import { COLUMNS, PRIVATE_COLUMNS, writeInstant } from '../account/facts.ts'
import { liveModels } from '../assignment/place-accounts.ts'
import { stop } from '../kernel/refusal-error.ts'
import { editableBy } from './account-ref.ts'
import type { RowProblem, Run, Written } from './object.ts'
import { cellOf, drawnId, recordId, staged } from './staging.ts'

const WHOLE = new Set(['size', 'revenue', 'potential', 'parent_id'])

export async function writeAccounts(run: Run, from: number, to: number): Promise<Written> {
  const { tx, tenantId } = run
  const updates = run.options.updates === true
  const keyed = cellOf(run, 'externalKey') !== null
  if (updates)
    await tx.query(
      `select 1 from account a where a.tenant_id = $1 and a.id in (select target_id from import_row where tenant_id = $1 and job_id = $2 and row_no between $3 and $4) order by a.id for update`,
      [tenantId, run.importId, from, to],
    )
  let stale: readonly RowProblem[] = updates || (keyed && run.mapping.match !== 'externalKey') ? await dropStale(run, from, to) : []
  const at = await writeInstant(tx)
  // The unique key is the guard: only when one was taken meanwhile are the rows looked for.
  await tx.query('savepoint keys')
  if (!(await writeKeys(run, from, to))) {
    await tx.query('rollback to savepoint keys')
    stale = await dropStale(run, from, to)
    if (!(await writeKeys(run, from, to))) stop('server.busy')
  }
  await tx.query('release savepoint keys')
  if (updates) {
    await keepBefore(run, from, to)
    await changeAccounts(run, from, to, at)
  }
  const made = await addAccounts(run, from, to, at)
  await writePrivates(run, from, to, updates)
  await writeAddresses(run, from, to, updates)
  await writeContacts(run, from, to, at)
  await writeCustom(run, from, to)
  await queueMaterialising(run, from, to)
  const changed = updates ? await auditChanged(run, from, to, at) : 0
  return { count: made + changed, stale }
}

/** Rows that the check saw otherwise: a key taken meanwhile, an account deleted or out of the importer's hands. They leave staging. */
async function dropStale(run: Run, from: number, to: number): Promise<readonly RowProblem[]> {
  const key = cellOf(run, 'externalKey')
  const gone = await run.tx.query<{ row: string }>(
    `with stale as materialized (
       ${key ? `select r.row_no from ${staged(run, from, to)} cross join lateral (select k.account_id from account_key k where k.tenant_id = $1 and k.source = $5 and k.external_key = ${key} limit 1) k where k.account_id is distinct from r.target_id union` : ''}
       select r.row_no from import_row r where r.tenant_id = $1 and r.job_id = $2 and r.row_no between $3 and $4 and r.target_id is not null and $5::text is not null
          and (select true from account a where a.tenant_id = $1 and a.id = r.target_id and a.deleted_at is null and ${editableBy(run)} limit 1) is null)
     delete from import_row r using stale where r.tenant_id = $1 and r.job_id = $2 and r.row_no = stale.row_no returning r.row_no::text as row`,
    [run.tenantId, run.importId, from, to, run.mapping.source],
  )
  return gone.rows.map(r => ({ row: Number(r.row), code: 'row.changedSince', field: '' }))
}

type Assignment = { readonly column: string; readonly sql: string /** Only where the account has none yet. */; readonly soft: boolean }

/** Columns of account that the file names. */
function assignments(run: Run): readonly Assignment[] {
  const plain = Object.entries(COLUMNS).flatMap(([key, column]) => {
    const value = cellOf(run, key)
    if (value === null) return []
    return [{ column, sql: WHOLE.has(column) ? `${value}::bigint` : value, soft: run.layout.some(c => c.key === key && c.located) }]
  })
  const point = cellOf(run, 'point')
  return point === null
    ? plain
    : [
        ...plain,
        { column: 'lng', sql: `split_part(${point}, ',', 1)::float8`, soft: false },
        { column: 'lat', sql: `split_part(${point}, ',', 2)::float8`, soft: false },
      ]
}

/** Custom fields as pairs for jsonb_build_object, at most 50 a call. */
function customSql(run: Run): string | null {
  const pairs = run.layout.flatMap(c => {
    if (!/^f\d+$/.test(c.key)) return []
    const value = cellOf(run, c.key)!
    const json =
      c.type === 'number' || c.type === 'count'
        ? `to_jsonb(${value}::float8)`
        : c.type === 'flag'
          ? `to_jsonb(${value}::boolean)`
          : c.type === 'options'
            ? `to_jsonb(string_to_array(${value}, chr(2)))`
            : c.type === 'point'
              ? `(case when ${value} is not null then jsonb_build_array(split_part(${value}, ',', 1)::float8, split_part(${value}, ',', 2)::float8) end)`
              : `to_jsonb(${value})`
    return [`'${BigInt(c.key.slice(1))}', ${json}`]
  })
  if (pairs.length === 0) return null
  const parts: string[] = []
  for (let i = 0; i < pairs.length; i += 40) parts.push(`jsonb_build_object(${pairs.slice(i, i + 40).join(', ')})`)
  return parts.join(' || ')
}

async function addAccounts(run: Run, from: number, to: number, at: string): Promise<number> {
  const set = assignments(run)
  const custom = customSql(run)
  const added = await run.tx.query(
    `insert into account (tenant_id, id, ${set.map(s => `${s.column}, `).join('')}custom, import_id, created_at, created_by, updated_at, placed)
     select $1, ${drawnId(run)}, ${set.map(s => `${s.sql}, `).join('')}${custom ? `jsonb_strip_nulls(${custom})` : "'{}'::jsonb"}, $2, $3::timestamptz, $4, $3::timestamptz, true
       from ${staged(run, from, to)} where r.target_id is null`,
    [run.tenantId, run.importId, at, run.actor.userId],
  )
  return added.rowCount ?? 0
}

/** What stands in the account, its private fields, its address, its keys and its own fields before they change. */
async function keepBefore(run: Run, from: number, to: number): Promise<void> {
  const fields = run.layout.filter(c => /^f\d+$/.test(c.key)).map(c => c.key.slice(1))
  await run.tx.query(
    `insert into import_before (tenant_id, job_id, record_id, before, after_version)
     select $1, $2, a.id, jsonb_build_object('account', to_jsonb(a), 'private', (select to_jsonb(p) from account_private p where p.tenant_id = $1 and p.account_id = a.id),
            'address', (select to_jsonb(d) from account_address d where d.tenant_id = $1 and d.account_id = a.id and d.kind = 'business'),
            'keys', (select coalesce(jsonb_agg(k.external_key), '[]') from account_key k where k.tenant_id = $1 and k.source = $5 and k.account_id = a.id),
            'fields', (select coalesce(jsonb_agg(to_jsonb(f)), '[]') from account_field f where f.tenant_id = $1 and f.account_id = a.id and f.field_id = any($6::bigint[]))), a.row_version + 1
       from import_row r join account a on a.tenant_id = $1 and a.id = r.target_id where r.tenant_id = $1 and r.job_id = $2 and r.row_no between $3 and $4
     on conflict do nothing`,
    [run.tenantId, run.importId, from, to, run.mapping.source, fields],
  )
}

async function changeAccounts(run: Run, from: number, to: number, at: string): Promise<void> {
  const custom = customSql(run)
  const set = assignments(run).map(s => `${s.column} = ${s.soft ? `coalesce(${s.sql}, a.${s.column})` : s.sql}`)
  if (custom) set.push(`custom = a.custom || ${custom}`)
  await run.tx.query(
    `update account a set ${set.map(s => `${s}, `).join('')}updated_at = $2::timestamptz, row_version = a.row_version + 1, placed = false
       from ${staged(run, from, to)} where a.tenant_id = $1 and a.id = r.target_id`,
    [run.tenantId, at],
  )
}

async function writePrivates(run: Run, from: number, to: number, updates: boolean): Promise<void> {
  const some = Object.entries(PRIVATE_COLUMNS).flatMap(([key, column]) => {
    const value = cellOf(run, key)
    return value === null ? [] : [{ column, value }]
  })
  if (some.length === 0) return
  const insert = `insert into account_private (tenant_id, account_id, ${some.map(s => s.column).join(', ')}) select $1, ${recordId(run)}, ${some.map(s => s.value).join(', ')} from ${staged(run, from, to)}`
  await run.tx.query(`${insert} where r.target_id is null and coalesce(${some.map(s => s.value).join(', ')}) is not null`, [run.tenantId])
  if (updates)
    await run.tx.query(
      `${insert} where r.target_id is not null on conflict (tenant_id, account_id) do update set ${some.map(s => `${s.column} = excluded.${s.column}`).join(', ')}`,
      [run.tenantId],
    )
}

/** The main place of business follows the address; a division alone corrects the one that is there. A changed place is unchecked again. */
async function writeAddresses(run: Run, from: number, to: number, updates: boolean): Promise<void> {
  const text = cellOf(run, 'address')
  const division = cellOf(run, 'division')
  const source = staged(run, from, to)
  if (updates && text)
    await run.tx.query(
      `delete from account_address d using ${source} where d.tenant_id = $1 and d.account_id = r.target_id and d.kind = 'business' and ${text} is distinct from d.text`,
      [run.tenantId],
    )
  if (updates && division)
    await run.tx.query(
      `update account_address d set division = ${division}, row_version = d.row_version + 1, verified_at = null from ${source}
        where d.tenant_id = $1 and d.account_id = r.target_id and d.kind = 'business' and d.division is distinct from ${division}${text ? ` and ${division} is not null` : ''}`,
      [run.tenantId],
    )
  if (text)
    await run.tx.query(
      `insert into account_address (tenant_id, account_id, kind, text, division) select $1, ${recordId(run)}, 'business', ${text}, ${division ?? 'null'} from ${source}
        where ${text} is not null ${updates ? `and not exists (select 1 from account_address d where d.tenant_id = $1 and d.account_id = r.target_id and d.kind = 'business')` : ''}`,
      [run.tenantId],
    )
}

/** Answers whether every new row got its key; after a refusal the caller rolls back to the savepoint. */
async function writeKeys(run: Run, from: number, to: number): Promise<boolean> {
  const key = cellOf(run, 'externalKey')
  if (key === null) return true
  // Accounts that stood before may have their key already; new ones take theirs without asking twice.
  const own = run.mapping.match === 'externalKey'
  const conflict = run.options.updates || !own ? 'on conflict do nothing' : ''
  // The key that rows are matched by lies in staging as it is: no need to split the cells for it.
  const [value, source] = own
    ? ['r.key', 'import_row r where r.tenant_id = $1 and r.job_id = $3 and r.row_no between $4 and $5 and']
    : [key, `${staged(run, from, to)} where $3::bigint + $4::bigint + $5::bigint is not null and`]
  try {
    await run.tx.query(
      `insert into account_key (tenant_id, source, external_key, account_id) select $1, $2, ${value}, ${recordId(run)} from ${source} ${value} is not null ${conflict}`,
      [run.tenantId, run.mapping.source, run.importId, from, to],
    )
    return true
  } catch (error) {
    if ((error as { code?: string }).code !== '23505') throw error
    return false
  }
}

/** One contact beside the account; one of the same name is left as it is. */
async function writeContacts(run: Run, from: number, to: number, at: string): Promise<void> {
  const name = cellOf(run, 'contactName')
  if (name === null) return
  const value = (key: string) => cellOf(run, key) ?? 'null'
  await run.tx.query(
    `insert into contact (tenant_id, account_id, name, title, phone, email, created_at, updated_at, import_id)
     select $1, ${recordId(run)}, ${name}, ${value('contactTitle')}, ${value('phone')}, ${value('email')}, $2::timestamptz, $2::timestamptz, $3 from ${staged(run, from, to)}
      where ${name} is not null and (r.target_id is null or not exists (select 1 from contact x where x.tenant_id = $1 and x.account_id = r.target_id and x.name = ${name} and x.deleted_at is null))`,
    [run.tenantId, at, run.importId],
  )
}

/** Own fields once more in the narrow table that filters read. */
async function writeCustom(run: Run, from: number, to: number): Promise<void> {
  const source = staged(run, from, to)
  for (const c of run.layout) {
    if (!/^f\d+$/.test(c.key)) continue
    const value = cellOf(run, c.key)!
    const field = BigInt(c.key.slice(1))
    const isNumber = c.type === 'number' || c.type === 'count'
    const text = isNumber ? 'null::text' : c.type === 'options' ? `replace(${value}, chr(2), chr(1))` : value
    if (run.options.updates)
      await run.tx.query(
        `delete from account_field f using ${source} where f.tenant_id = $1 and f.account_id = r.target_id and f.field_id = ${field}`,
        [run.tenantId],
      )
    await run.tx.query(
      `insert into account_field (tenant_id, field_id, account_id, t, n, d) select $1, ${field}, ${recordId(run)}, ${text}, ${isNumber ? `${value}::float8` : 'null::float8'}, ${c.type === 'date' ? `${value}::date` : 'null::date'}
         from ${source} where ${value} is not null`,
      [run.tenantId],
    )
  }
}

/** A model that is being materialised learns of the accounts in this very transaction. */
export async function queueMaterialising(run: Run, from: number, to: number): Promise<void> {
  for (const live of await liveModels(run.tx, run.tenantId))
    if (live.state === 'materialising')
      await run.tx.query(
        `insert into placement_queue (tenant_id, model_id, account_id) select $1, $2, ${run.options.ids ? recordId(run) : 'coalesce(r.target_id, r.parent_id)'} from ${staged(run, from, to)}`,
        [run.tenantId, live.id],
      )
}

/** One audit row for each account that stood before; new ones are told by the import's own rows. */
async function auditChanged(run: Run, from: number, to: number, at: string): Promise<number> {
  const made = await run.tx.query(
    `insert into audit (tenant_id, at, actor_id, kind, record_kind, record_id, account_id, after)
     select $1, $2::timestamptz, $3, 'account.import', 'account', r.target_id, r.target_id, $4::jsonb from import_row r
      where r.tenant_id = $1 and r.job_id = $5 and r.row_no between $6 and $7 and r.target_id is not null`,
    [run.tenantId, at, run.actor.userId, JSON.stringify({ importId: run.importId }), run.importId, from, to],
  )
  return made.rowCount ?? 0
}
