/**
 * Many accounts, each with values of its own 逐条修改: what a fix list, a remap of divisions and every undo write. One journal says what stood
 * there before, addresses included, so that an undo puts back exactly that and touches only records nobody changed since.
 */
import type { FieldValues } from '../../contract/account/accounts.ts'
import type { FieldValue } from '../../core/condition/condition.ts'
import type { CatalogueField } from '../builder/catalogue.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { syncEachAddress } from './address-fields.ts'
import type { Written } from './check-values.ts'
import { type AccountRecord, COLUMNS, enterWriters, factsOf, keepVersions, lockRecords, PRIVATE_COLUMNS, RECORD, writeInstant } from './facts.ts'
import { placer } from './placer.ts'
import { auditable, checkParent, loadSchema, type Schema, validate, writeCustom } from './save-account.ts'
import { keepGrams } from './search.ts'

/** `rowVersion`: what was seen; a record that changed since is left alone. `sites`: divisions of its further addresses, which no field says.
 * `why`: the code of the reason, put in words where it is read (contract/cleansing/words.ts). */
export type RowChange = {
  readonly id: string
  readonly values: FieldValues
  readonly rowVersion?: number | undefined
  readonly why?: string | undefined
  readonly sites?: readonly { readonly id: string; readonly division: string }[] | undefined
}
type RowWritten = { readonly id: string; readonly written: Written }

/** Under this key of the journal stand the addresses as they were. */
const ADDRESSES = '$addresses'
/** Under this key of an audited change stands the code of its reason. */
export const WHY = '$why'
const PLACE_COLUMNS = ['division', 'registered_division', 'lng', 'lat']
const NAMES = ['name', 'short_name', 'name_en']
const TYPES: Readonly<Record<string, string>> = {
  parent_id: 'bigint',
  size: 'bigint',
  revenue: 'bigint',
  potential: 'bigint',
  lng: 'float8',
  lat: 'float8',
}

/**
 * Errors: what checkValues refuses, naming the field. `what` says what the edit was, for the journal and the audit trail.
 * Answers how many were written and how many somebody changed first.
 */
export async function writeRows(
  tx: Tx,
  actor: Actor,
  changes: readonly RowChange[],
  what: Record<string, unknown>,
): Promise<{ id: string; ids: readonly string[]; stale: number }> {
  const schema = await loadSchema(tx, actor.tenantId)
  const asked = new Map<string, RowWritten & RowChange>()
  for (const change of changes) asked.set(change.id, { ...change, written: await validate(tx, actor, schema, change.values) })
  await enterWriters(tx, actor.tenantId)
  const records = await lockRecords(tx, actor.tenantId, [...asked.keys()])
  const fresh = records.filter(r => (asked.get(r.id)!.rowVersion ?? r.row_version) === r.row_version)
  if (fresh.length === 0) return stop(records.length > 0 ? 'bulk.stale' : 'bulk.nothing')
  const rows = fresh.map(r => asked.get(r.id)!)
  for (const r of rows) if (r.written.columns.parent_id) await checkParent(tx, actor, r.id, String(r.written.columns.parent_id))
  const at = await writeInstant(tx)
  const { editId, before } = await keepBefore(tx, actor, at, fresh, rows, what)
  await writeEach(tx, actor.tenantId, at, rows)
  await writeSites(tx, actor.tenantId, rows)
  const told = new Map(rows.map(r => [r.id, r]))
  await followEach(tx, actor, at, rows, 'account.bulk', what, editId, id => {
    const { values, why } = told.get(id)!
    return { before: auditable(before.get(id)!, schema.catalogue), after: { ...auditable(values, schema.catalogue), ...(why ? { [WHY]: why } : {}) } }
  })
  return { id: editId, ids: rows.map(r => r.id), stale: records.length - fresh.length }
}

async function keepBefore(
  tx: Tx,
  actor: Actor,
  at: string,
  records: readonly AccountRecord[],
  rows: readonly (RowWritten & RowChange)[],
  what: Record<string, unknown>,
): Promise<{ editId: string; before: ReadonlyMap<string, FieldValues> }> {
  const ids = rows.map(r => r.id)
  const privates = await tx.query<{ id: string; credit_code: string | null; phone: string | null; email: string | null }>(
    'select account_id::text as id, credit_code, phone, email from account_private where tenant_id = $1 and account_id = any($2::bigint[])',
    [actor.tenantId, ids],
  )
  const touched = rows
    .filter(r => r.sites !== undefined || r.written.address !== undefined || PLACE_COLUMNS.some(c => Object.hasOwn(r.written.columns, c)))
    .map(r => r.id)
  const sites = rows.flatMap(r => r.sites?.map(s => s.id) ?? [])
  const addresses = await tx.query<{ id: string; rows: { kind: string; text: string | null }[] }>(
    `select account_id::text as id, jsonb_agg(to_jsonb(d) order by d.id) as rows from account_address d where tenant_id = $1 and account_id = any($2::bigint[]) and (kind <> 'site' or id = any($3::bigint[])) group by account_id`,
    [actor.tenantId, touched, sites],
  )
  const [privateOf, addressesOf, recordOf] = [
    new Map(privates.rows.map(r => [r.id, r])),
    new Map(addresses.rows.map(r => [r.id, r.rows])),
    new Map(records.map(r => [r.id, r])),
  ]
  const isTouched = new Set(touched)
  const before = rows.map(({ id, written }) => {
    const facts = factsOf(recordOf.get(id)!) as Record<string, unknown>
    const kept: Record<string, unknown> = {}
    for (const [key, column] of Object.entries(COLUMNS)) if (Object.hasOwn(written.columns, column)) kept[key] = facts[key] ?? null
    if (Object.hasOwn(written.columns, 'lng')) kept.point = facts.point ?? null
    for (const [key, column] of Object.entries(PRIVATE_COLUMNS))
      if (Object.hasOwn(written.privates, column)) kept[key] = privateOf.get(id)?.[column] ?? null
    for (const fieldId of Object.keys(written.custom)) kept[`f${fieldId}`] = facts[`f${fieldId}`] ?? null
    if (written.address !== undefined) kept.address = addressesOf.get(id)?.find(d => d.kind === 'business')?.text ?? null
    return { id, kept }
  })
  const made = await tx.query<{ id: string }>(
    'insert into bulk_edit (tenant_id, created_by, created_at, change, count) values ($1, $2, $3, $4, $5) returning id::text',
    [actor.tenantId, actor.userId, at, JSON.stringify(what), rows.length],
  )
  const editId = made.rows[0]!.id
  await tx.query(
    `insert into bulk_edit_row (tenant_id, edit_id, account_id, before, row_version)
     select $1, $2, id, before::jsonb, version from unnest($3::bigint[], $4::text[], $5::int[]) as r(id, before, version)`,
    [
      actor.tenantId,
      editId,
      ids,
      before.map(({ id, kept }) => JSON.stringify(isTouched.has(id) ? { ...kept, [ADDRESSES]: addressesOf.get(id) ?? [] } : kept)),
      rows.map(r => recordOf.get(r.id)!.row_version + 1),
    ],
  )
  return { editId, before: new Map(before.map(b => [b.id, b.kept as FieldValues])) }
}

/** Rows that set the same columns go in one statement, whatever their values. */
async function writeEach(tx: Tx, tenantId: string, at: string, rows: readonly RowWritten[]): Promise<void> {
  const groups = new Map<string, RowWritten[]>()
  for (const row of rows) {
    const key = Object.keys(row.written.columns).sort().join()
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  for (const [key, group] of groups) {
    const columns = key === '' ? [] : key.split(',')
    await tx.query(
      `update account a set updated_at = $3, row_version = a.row_version + 1, custom = a.custom || v.custom::jsonb${columns.map(c => `, ${c} = v.${c}`).join('')}
         from unnest($2::bigint[], $4::text[]${columns.map((c, i) => `, $${i + 5}::${TYPES[c] ?? 'text'}[]`).join('')}) as v(id, custom${columns.map(c => `, ${c}`).join('')})
        where a.tenant_id = $1 and a.id = v.id`,
      [
        tenantId,
        group.map(r => r.id),
        at,
        group.map(r => JSON.stringify(r.written.custom)),
        ...columns.map(c => group.map(r => r.written.columns[c] ?? null)),
      ],
    )
  }
  for (const column of Object.values(PRIVATE_COLUMNS)) {
    const given = rows.filter(r => Object.hasOwn(r.written.privates, column))
    if (given.length > 0)
      await tx.query(
        `insert into account_private (tenant_id, account_id, ${column}) select $1, id, value from unnest($2::bigint[], $3::text[]) as v(id, value)
         on conflict (tenant_id, account_id) do update set ${column} = excluded.${column}`,
        [tenantId, given.map(r => r.id), given.map(r => r.written.privates[column])],
      )
  }
  await syncEachAddress(
    tx,
    tenantId,
    rows.map(r => ({ id: r.id, columns: r.written.columns, text: r.written.address })),
  )
  const customs = new Map<string, string[]>()
  for (const r of rows) {
    const key = JSON.stringify(r.written.custom)
    if (key !== '{}') customs.set(key, [...(customs.get(key) ?? []), r.id])
  }
  for (const [key, ids] of customs) await writeCustom(tx, tenantId, ids, JSON.parse(key) as Written['custom'])
}

async function writeSites(tx: Tx, tenantId: string, rows: readonly RowChange[]): Promise<void> {
  const sites = rows.flatMap(r => r.sites?.map(s => ({ accountId: r.id, ...s })) ?? [])
  if (sites.length > 0)
    await tx.query(
      `update account_address d set division = v.division, row_version = d.row_version + 1, verified_at = null, verified_by = null
         from unnest($2::bigint[], $3::bigint[], $4::text[]) as v(account_id, id, division) where d.tenant_id = $1 and d.account_id = v.account_id and d.id = v.id and d.kind = 'site'`,
      [tenantId, sites.map(s => s.accountId), sites.map(s => s.id), sites.map(s => s.division)],
    )
}

/** Versions, search, audit (one row for the operation and one for each record), placement. */
async function followEach(
  tx: Tx,
  actor: Actor,
  at: string,
  rows: readonly RowWritten[],
  kind: string,
  what: Record<string, unknown>,
  editId: string,
  changeOf: (id: string) => { readonly before: Record<string, unknown> | null; readonly after: Record<string, unknown> },
): Promise<void> {
  const ids = rows.map(r => r.id)
  const found = await tx.query<AccountRecord>(`select ${RECORD} from account a where a.tenant_id = $1 and a.id = any($2::bigint[]) order by a.id`, [
    actor.tenantId,
    ids,
  ])
  const named = new Set(rows.filter(r => NAMES.some(c => Object.hasOwn(r.written.columns, c))).map(r => r.id))
  const renamed = found.rows.filter(r => named.has(r.id)).map(r => ({ id: r.id, name: r.name, shortName: r.short_name, nameEn: r.name_en }))
  if (renamed.length > 0) await keepGrams(tx, actor.tenantId, renamed)
  const changed = found.rows.map(row => ({ id: row.id, rowVersion: row.row_version, facts: factsOf(row) }))
  await keepVersions(tx, actor.tenantId, at, changed)
  await audit(tx, actor, at, { kind: `${kind}.run`, recordKind: 'bulkEdit', recordId: editId, after: what, count: ids.length })
  await tx.query(
    `insert into audit (tenant_id, at, actor_id, kind, record_kind, record_id, account_id, before, after)
     select $1, $2, $3, $4, 'account', id, id, before::jsonb, after::jsonb from unnest($5::bigint[], $6::text[], $7::text[]) as i(id, before, after)`,
    [
      actor.tenantId,
      at,
      actor.userId,
      kind,
      ids,
      ids.map(id => {
        const { before } = changeOf(id)
        return before && JSON.stringify(before)
      }),
      ids.map(id => JSON.stringify(changeOf(id).after)),
    ],
  )
  await placer().place(tx, actor.tenantId, at, changed)
}

/**
 * Puts the old values back where the record still has the version the edit left. What the edit sent out of the person's sight is not theirs
 * to change any more: the edit then stays open, so that somebody who sees it takes back the rest.
 */
export async function undoBulkEdit(
  tx: Tx,
  actor: Actor,
  id: string,
): Promise<{ restored: number; kept: number; unseen: number; ids: readonly string[] }> {
  const edit = await tx.query<{ undone_at: string | null; created_by: string }>(
    'select undone_at, created_by::text from bulk_edit where tenant_id = $1 and id = $2 for update',
    [actor.tenantId, id],
  )
  const head = edit.rows[0]
  if (!head || (head.created_by !== actor.userId && !actor.seesAll)) return stop('record.notFound')
  if (head.undone_at) stop('bulk.undone')
  await enterWriters(tx, actor.tenantId)
  const journal = await tx.query<{ account_id: string; before: Record<string, unknown>; row_version: number }>(
    'select account_id::text, before, row_version from bulk_edit_row where tenant_id = $1 and edit_id = $2 order by account_id',
    [actor.tenantId, id],
  )
  const all = journal.rows.map(r => r.account_id)
  const records = new Map((await lockRecords(tx, actor.tenantId, all)).map(r => [r.id, r]))
  const at = await writeInstant(tx)
  const schema = await loadSchema(tx, actor.tenantId)
  const back = journal.rows.filter(r => records.get(r.account_id)?.row_version === r.row_version)
  assertMayEdit(actor, back)
  const rows = back.map(r => ({ id: r.account_id, written: asItWas(r.before, schema) }))
  await writeEach(tx, actor.tenantId, at, rows)
  await restoreAddresses(tx, actor.tenantId, back)
  const seen = await tx.query<{ n: number }>('select count(*)::int as n from account a where a.tenant_id = $1 and a.id = any($2::bigint[])', [
    actor.tenantId,
    all,
  ])
  const unseen = all.length - seen.rows[0]!.n
  if (unseen === 0) await tx.query('update bulk_edit set undone_at = $3 where tenant_id = $1 and id = $2', [actor.tenantId, id, at])
  if (rows.length > 0) await followEach(tx, actor, at, rows, 'account.bulk', { undoOf: id }, id, () => ({ before: null, after: { undoOf: id } }))
  return { restored: rows.length, kept: seen.rows[0]!.n - rows.length, unseen, ids: rows.map(r => r.id) }
}

function assertMayEdit(actor: Actor, journal: readonly { before: Record<string, unknown> }[]): void {
  for (const key of new Set(journal.flatMap(r => Object.keys(r.before)))) {
    const access = key === ADDRESSES ? 'edit' : (actor.fieldAccess.get(key) ?? 'edit')
    if (access !== 'edit') stop(access === 'hidden' ? 'field.unknown' : 'field.readOnly', { field: key }, key)
  }
}

/** Values that stood in a record may stand there again, whatever may be written today: an abolished code, a retired option. A retired field stays as it is. */
function asItWas(before: Readonly<Record<string, unknown>>, { catalogue }: Schema): Written {
  const fields = new Map<string, CatalogueField>(catalogue.filter(f => !f.retired).map(f => [f.key, f]))
  const columns: Record<string, string | number | null> = {}
  const privates: Record<string, string | null> = {}
  const custom: Record<string, FieldValue> = {}
  let address: string | null | undefined
  for (const [key, value] of Object.entries(before)) {
    const field = fields.get(key)
    if (key === ADDRESSES || !field) continue
    if (key === 'point') [columns.lng, columns.lat] = (value as [number, number] | null) ?? [null, null]
    else if (key === 'address') address = value as string | null
    else if (Object.hasOwn(COLUMNS, key)) columns[COLUMNS[key as keyof typeof COLUMNS]] = value as string | number | null
    else if (Object.hasOwn(PRIVATE_COLUMNS, key)) privates[PRIVATE_COLUMNS[key as keyof typeof PRIVATE_COLUMNS]] = value as string | null
    else custom[field.id] = value as FieldValue
  }
  return { columns, privates, custom, address }
}

/** The addresses of the journal again, who had checked them included; their version goes on, for it is a new writing. A site that somebody changed or removed since stays so. */
async function restoreAddresses(
  tx: Tx,
  tenantId: string,
  journal: readonly { account_id: string; before: Record<string, unknown> }[],
): Promise<void> {
  const kept = journal.filter(r => Object.hasOwn(r.before, ADDRESSES))
  if (kept.length === 0) return
  const ids = kept.map(r => r.account_id)
  const rows = JSON.stringify(kept.flatMap(r => r.before[ADDRESSES] as object[]))
  const then = 'jsonb_populate_recordset(null::account_address, $3::jsonb)'
  await tx.query(
    `delete from account_address d where d.tenant_id = $1 and d.account_id = any($2::bigint[]) and d.kind <> 'site' and not exists (select 1 from ${then} o where o.id = d.id)`,
    [tenantId, ids, rows],
  )
  const columns = ['name', 'text', 'division', 'edition', 'lng', 'lat', 'crs', 'verified_at', 'verified_by', 'source', 'updated_at']
  await tx.query(
    `update account_address d set ${columns.map(c => `${c} = o.${c}`).join(', ')}, row_version = d.row_version + 1 from ${then} o
      where d.tenant_id = $1 and d.account_id = any($2::bigint[]) and o.tenant_id = $1 and o.id = d.id
        and (d.kind <> 'site' or d.row_version = o.row_version + 1)`,
    [tenantId, ids, rows],
  )
  await tx.query(
    `insert into account_address select o.* from ${then} o where o.tenant_id = $1 and o.account_id = any($2::bigint[]) and o.kind <> 'site'
       and not exists (select 1 from account_address d where d.tenant_id = $1 and d.id = o.id)`,
    [tenantId, ids, rows],
  )
}
