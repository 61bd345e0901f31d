/**
 * Writing an import: pieces of a few thousand rows, each one transaction on the writer's path with its placements, so that a crash loses
 * nothing and the next process goes on at the row where the last commit ended. Old values are kept for the undo.
 */
import type { Pool } from 'pg'
import { matchOne } from '../../core/assignment/compile.ts'
import type { FieldValue } from '../../core/condition/condition.ts'
import { type AccountRecord, COLUMNS, enterWriters, factsOf, keepVersions, PRIVATE_COLUMNS, RECORD, writeInstant } from '../account/facts.ts'
import { placer } from '../account/placer.ts'
import { keepGrams } from '../account/search.ts'
import { loadCompiled } from '../assignment/compiled.ts'
import { liveModels } from '../assignment/place-accounts.ts'
import { audit } from '../kernel/audit.ts'
import type { Job, Progress } from '../kernel/jobs.ts'
import { inBulk, type Tx } from '../kernel/transaction.ts'
import { type Converted, makeConverter } from './convert-row.ts'
import { loadLookups } from './lookups.ts'
import { makeNewOptions } from './new-options.ts'
import { withTable } from './open-file.ts'
import { checkBatch, type JobRow, loadJob, setState } from './stage.ts'

type Good = { readonly id: string; readonly fresh: boolean; readonly row: Converted }

export async function writeImport(bulk: Pool, job: Job, progress: Progress): Promise<void> {
  const id = String(job.note.importId)
  const row = await loadJob(bulk, job.tenantId, id)
  if (row.state !== 'writing') return
  await inBulk(bulk, tx => makeNewOptions(tx, job.tenantId, row.createdBy, row.mapping.values))
  let written = 0
  const seenKeys = new Map<string, number>()
  await withTable(bulk, job.tenantId, id, row.fileName, async table => {
    const lookups = await inBulk(bulk, tx => loadLookups(tx, job.tenantId))
    const convert = makeConverter(row.mapping, lookups)
    for await (const { from, rows } of table.rows()) {
      for (let start = 0; start < rows.length; start += PIECE) {
        const piece = rows.slice(start, start + PIECE)
        const first = from + start
        const last = first + piece.length - 1
        await inBulk(bulk, async tx => {
          await enterWriters(tx, job.tenantId)
          const checked = await checkBatch(tx, job.tenantId, row.createdBy, row.mapping, convert, first, piece, table.headers.length, seenKeys)
          // Rows already committed by a process that died only renew the memory of keys.
          if (last <= row.cursor) return
          const good = checked.filter(c => c.problems.length === 0)
          await writePiece(
            tx,
            job.tenantId,
            id,
            row,
            good.map(c => ({ accountId: c.target!.accountId, row: c.converted })),
          )
          written += good.length
          await tx.query(
            `update import_job set cursor_row = $3, stats = stats || jsonb_build_object('written', coalesce((stats->>'written')::int, 0) + $4::int) where tenant_id = $1 and id = $2`,
            [job.tenantId, id, last, good.length],
          )
        })
        await progress(last, null)
      }
    }
  })
  await setState(bulk, job.tenantId, id, 'done', {})
  await inBulk(bulk, tx =>
    tx.query(`insert into notification (tenant_id, user_id, kind, payload, created_at) values ($1, $2, 'import.done', $3, clock_timestamp())`, [
      job.tenantId,
      row.createdBy,
      JSON.stringify({ importId: id, fileName: row.fileName, written }),
    ]),
  )
}

const PIECE = 2_000

async function writePiece(
  tx: Tx,
  tenantId: string,
  importId: string,
  job: JobRow,
  rows: readonly { accountId: string | null; row: Converted }[],
): Promise<void> {
  if (rows.length === 0) return
  const fresh = rows.filter(r => r.accountId === null)
  const drawn = await tx.query<{ id: string }>(`select nextval(pg_get_serial_sequence('account', 'id'))::text as id from generate_series(1, $1)`, [
    fresh.length,
  ])
  let next = 0
  const goods: Good[] = rows.map(r => ({ id: r.accountId ?? drawn.rows[next++]!.id, fresh: r.accountId === null, row: r.row }))
  const updates = goods.filter(g => !g.fresh)
  const before = await tx.query<AccountRecord & { deleted: boolean }>(
    `select ${RECORD} from account a where a.tenant_id = $1 and a.id = any($2::bigint[]) order by a.id for update`,
    [tenantId, updates.map(g => g.id)],
  )
  const at = await writeInstant(tx)
  const old = new Map(before.rows.map(r => [r.id, r]))
  await keepBefore(tx, tenantId, importId, updates, old)
  await upsertAccounts(tx, tenantId, importId, job.createdBy, at, goods, old)
  await writePrivates(tx, tenantId, goods)
  await writeAddresses(tx, tenantId, goods)
  await writeKeys(tx, tenantId, job.mapping.source, goods)
  await writeContacts(tx, tenantId, at, goods)
  await writeCustomRows(tx, tenantId, goods)
  const after = await tx.query<AccountRecord>(`select ${RECORD} from account a where a.tenant_id = $1 and a.id = any($2::bigint[])`, [
    tenantId,
    goods.map(g => g.id),
  ])
  const records = after.rows.map(r => ({ id: r.id, rowVersion: r.row_version, facts: factsOf(r), row: r }))
  await keepVersions(tx, tenantId, at, records)
  await keepGrams(
    tx,
    tenantId,
    records.map(r => ({ id: r.id, name: r.row.name, shortName: r.row.short_name, nameEn: r.row.name_en })),
  )
  await writeOwners(tx, tenantId, job.createdBy, at, goods, new Map(records.map(r => [r.id, r.facts])))
  await tx.query(
    `insert into audit (tenant_id, at, actor_id, kind, record_kind, record_id, account_id, after) select $1, $2, $3, 'account.import', 'account', id, id, $5 from unnest($4::bigint[]) as i(id)`,
    [tenantId, at, job.createdBy, goods.map(g => g.id), JSON.stringify({ importId })],
  )
  await audit(tx, { tenantId, userId: job.createdBy, viewerId: null }, at, {
    kind: 'import.piece',
    recordKind: 'import',
    recordId: importId,
    count: goods.length,
  })
  await placer().place(
    tx,
    tenantId,
    at,
    records.map(r => ({ id: r.id, facts: r.facts })),
  )
}

async function keepBefore(
  tx: Tx,
  tenantId: string,
  importId: string,
  updates: readonly Good[],
  old: ReadonlyMap<string, AccountRecord>,
): Promise<void> {
  const kept = updates.flatMap(g => {
    const facts = old.has(g.id) ? (factsOf(old.get(g.id)!) as Record<string, FieldValue>) : null
    return facts ? [{ id: g.id, before: Object.fromEntries(Object.keys(g.row.values).map(k => [k, facts[k] ?? null])) }] : []
  })
  await tx.query(
    `insert into import_before (tenant_id, job_id, record_id, before) select $1, $2, id, before::jsonb from unnest($3::bigint[], $4::text[]) as b(id, before) on conflict do nothing`,
    [tenantId, importId, kept.map(k => k.id), kept.map(k => JSON.stringify(k.before))],
  )
}

/** Columns as arrays, one statement for the new accounts and one for the changed ones; what the file does not name stays. */
async function upsertAccounts(
  tx: Tx,
  tenantId: string,
  importId: string,
  userId: string,
  at: string,
  goods: readonly Good[],
  old: ReadonlyMap<string, AccountRecord>,
): Promise<void> {
  const columns = Object.entries(COLUMNS)
  const cell = (g: Good, key: string, column: string): string | null => {
    const given = g.row.values[key]
    const value = given === undefined ? (old.get(g.id) as Record<string, unknown> | undefined)?.[column] : given
    return value === null || value === undefined ? null : String(value)
  }
  const point = (g: Good, i: 0 | 1): number | null => {
    const given = g.row.values.point
    if (given === undefined) return (i === 0 ? old.get(g.id)?.lng : old.get(g.id)?.lat) ?? null
    return given === null ? null : ((given as readonly number[])[i] ?? null)
  }
  const custom = (g: Good) =>
    JSON.stringify({
      ...old.get(g.id)?.custom,
      ...Object.fromEntries(Object.entries(g.row.values).flatMap(([k, v]) => (/^f\d+$/.test(k) ? [[k.slice(1), v]] : []))),
    })
  const arrays = (some: readonly Good[]) => [
    some.map(g => g.id),
    some.map(g => point(g, 0)),
    some.map(g => point(g, 1)),
    some.map(custom),
    ...columns.map(([key, column]) => some.map(g => cell(g, key, column))),
  ]
  const types = ['bigint', 'float8', 'float8', 'text', ...columns.map(() => 'text')]
  const names = ['id', 'lng', 'lat', 'custom', ...columns.map(([, c]) => c)]
  const numeric = new Set(['size', 'revenue', 'potential', 'parent_id'])
  const value = (c: string) => (c === 'custom' ? 'v.custom::jsonb' : numeric.has(c) ? `v.${c}::bigint` : `v.${c}`)
  const source = (first: number) => `unnest(${types.map((t, i) => `$${first + i}::${t}[]`).join(', ')}) as v(${names.join(', ')})`
  const fresh = goods.filter(g => g.fresh)
  if (fresh.length > 0) {
    await tx.query(
      `insert into account (tenant_id, ${names.join(', ')}, import_id, created_at, created_by, updated_at, placed) select $1, ${names.map(value).join(', ')}, $2, $3, $4, $3, true from ${source(5)}`,
      [tenantId, importId, at, userId, ...arrays(fresh)],
    )
  }
  const changed = goods.filter(g => !g.fresh)
  if (changed.length > 0) {
    const sets = names.filter(n => n !== 'id').map(n => `${n} = ${value(n)}`)
    await tx.query(
      `update account a set ${sets.join(', ')}, updated_at = $2, row_version = a.row_version + 1 from ${source(3)} where a.tenant_id = $1 and a.id = v.id`,
      [tenantId, at, ...arrays(changed)],
    )
  }
}

async function writePrivates(tx: Tx, tenantId: string, goods: readonly Good[]): Promise<void> {
  const keys = Object.entries(PRIVATE_COLUMNS).filter(([key]) => goods.some(g => g.row.values[key] !== undefined))
  if (keys.length === 0) return
  await tx.query(
    `insert into account_private (tenant_id, account_id, ${keys.map(([, c]) => c).join(', ')}) select $1, * from unnest($2::bigint[], ${keys.map((_, i) => `$${i + 3}::text[]`).join(', ')})
     on conflict (tenant_id, account_id) do update set ${keys.map(([, c]) => `${c} = excluded.${c}`).join(', ')}`,
    [tenantId, goods.map(g => g.id), ...keys.map(([key]) => goods.map(g => (g.row.values[key] as string | null) ?? null))],
  )
}

async function writeAddresses(tx: Tx, tenantId: string, goods: readonly Good[]): Promise<void> {
  const given = goods.filter(g => g.row.values.address !== undefined)
  if (given.length === 0) return
  await tx.query(`delete from account_address where tenant_id = $1 and account_id = any($2::bigint[]) and kind = 'business'`, [
    tenantId,
    given.filter(g => !g.fresh).map(g => g.id),
  ])
  const some = given.filter(g => g.row.values.address)
  await tx.query(
    `insert into account_address (tenant_id, account_id, kind, text, division) select $1, id, 'business', text, division from unnest($2::bigint[], $3::text[], $4::text[]) as d(id, text, division)`,
    [tenantId, some.map(g => g.id), some.map(g => g.row.values.address), some.map(g => g.row.values.division ?? null)],
  )
}

async function writeKeys(tx: Tx, tenantId: string, source: string, goods: readonly Good[]): Promise<void> {
  const keyed = goods.filter(g => g.row.externalKey !== null)
  if (keyed.length === 0) return
  await tx.query(
    `insert into account_key (tenant_id, source, external_key, account_id) select $1, $2, key, id from unnest($3::text[], $4::bigint[]) as k(key, id) on conflict do nothing`,
    [tenantId, source, keyed.map(g => g.row.externalKey), keyed.map(g => g.id)],
  )
}

async function writeContacts(tx: Tx, tenantId: string, at: string, goods: readonly Good[]): Promise<void> {
  const some = goods.filter(g => g.row.contact !== null)
  if (some.length === 0) return
  await tx.query(
    `insert into contact (tenant_id, account_id, name, title, phone, email, created_at, updated_at)
     select $1, c.id, c.name, c.title, c.phone, c.email, $2, $2 from unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[]) as c(id, name, title, phone, email)
      where not exists (select 1 from contact x where x.tenant_id = $1 and x.account_id = c.id and x.name = c.name and x.deleted_at is null)`,
    [
      tenantId,
      at,
      some.map(g => g.id),
      some.map(g => g.row.contact!.name),
      some.map(g => g.row.contact!.title),
      some.map(g => g.row.contact!.phone),
      some.map(g => g.row.contact!.email),
    ],
  )
}

async function writeCustomRows(tx: Tx, tenantId: string, goods: readonly Good[]): Promise<void> {
  const cells = goods.flatMap(g =>
    Object.entries(g.row.values).flatMap(([key, value]) => (/^f\d+$/.test(key) ? [{ id: g.id, field: key.slice(1), value }] : [])),
  )
  if (cells.length === 0) return
  await tx.query(
    'delete from account_field f using unnest($2::bigint[], $3::bigint[]) as c(id, field) where f.tenant_id = $1 and f.account_id = c.id and f.field_id = c.field',
    [tenantId, cells.map(c => c.id), cells.map(c => c.field)],
  )
  const some = cells.filter(c => c.value !== null)
  const isDate = (v: FieldValue) => typeof v === 'string' && /^\d{4}-\d\d-\d\d$/.test(v)
  await tx.query(
    'insert into account_field (tenant_id, account_id, field_id, t, n, d) select $1, * from unnest($2::bigint[], $3::bigint[], $4::text[], $5::float8[], $6::date[])',
    [
      tenantId,
      some.map(c => c.id),
      some.map(c => c.field),
      some.map(c => (typeof c.value === 'number' ? null : Array.isArray(c.value) ? c.value.join('\u0001') : String(c.value))),
      some.map(c => (typeof c.value === 'number' ? c.value : null)),
      some.map(c => (isDate(c.value) ? c.value : null)),
    ],
  )
}

/** An owner named in the file is an act of import, made under the territory that wins at this moment. */
async function writeOwners(
  tx: Tx,
  tenantId: string,
  userId: string,
  at: string,
  goods: readonly Good[],
  facts: ReadonlyMap<string, ReturnType<typeof factsOf>>,
): Promise<void> {
  const owned = goods.filter(g => g.row.ownerId !== null)
  if (owned.length === 0) return
  const active = (await liveModels(tx, tenantId))[0]!
  const { compiled } = await loadCompiled(tx, tenantId, active.id)
  await tx.query(
    `insert into ownership_act (tenant_id, account_id, kind, owner_id, model_id, territory_id, created_by, at) select $1, id, 'import', owner, $5, territory, $6, $7 from unnest($2::bigint[], $3::bigint[], $4::bigint[]) as o(id, owner, territory)`,
    [
      tenantId,
      owned.map(g => g.id),
      owned.map(g => g.row.ownerId),
      owned.map(g => matchOne(compiled, facts.get(g.id)!).territoryId),
      active.id,
      userId,
      at,
    ],
  )
}
