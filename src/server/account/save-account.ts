/**
 * Create, change, recycle and restore accounts: one writer's path. Lock the tenant shared, lock rows in id order, take the instant,
 * write, place again under every live model, and leave audit and version in the same transaction.
 */
import type { FieldValues } from '../../contract/account/accounts.ts'
import type { Facts } from '../../core/condition/condition.ts'
import { type CatalogueField, loadFields, loadOptions, type OptionRow } from '../builder/catalogue.ts'
import { knownCodes, locateDivision } from '../geography/reference.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit, toOutbox } from '../kernel/audit.ts'
import { RefusalError, stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { syncAddresses } from './address-fields.ts'
import { checkValues, type Written } from './check-values.ts'
import { type AccountRecord, enterWriters, factsOf, keepVersions, lockRecords, RECORD, writeInstant } from './facts.ts'
import { type PlacedAs, placer } from './placer.ts'
import { keepGrams } from './search.ts'

export type Schema = { readonly catalogue: readonly CatalogueField[]; readonly options: readonly OptionRow[] }
export const loadSchema = async (tx: Tx, tenantId: string): Promise<Schema> => ({
  catalogue: await loadFields(tx, tenantId),
  options: await loadOptions(tx, tenantId),
})

export async function validate(tx: Tx, actor: Actor, schema: Schema, values: FieldValues): Promise<Written> {
  const { written, problems } = checkValues(values, schema.catalogue, schema.options, await knownCodes(tx), actor)
  const first = problems[0]
  if (first) throw new RefusalError(problems.length === 1 ? first : { code: 'input.invalid' }, problems)
  // An address says where the customer is, unless somebody says otherwise.
  if (written.address && !('division' in values)) {
    const located = await locateDivision(tx, written.address)
    if (located) written.columns.division = located
  }
  return written
}

export async function createAccount(tx: Tx, actor: Actor, values: FieldValues, key?: { source: string; key: string }): Promise<PlacedAs> {
  const schema = await loadSchema(tx, actor.tenantId)
  const written = await validate(tx, actor, schema, { name: '', ...values })
  await enterWriters(tx, actor.tenantId)
  const drawn = await tx.query<{ id: string }>(`select nextval(pg_get_serial_sequence('account', 'id'))::text as id`)
  const id = drawn.rows[0]!.id
  if (written.columns.parent_id) await checkParent(tx, actor, id, String(written.columns.parent_id))
  const at = await writeInstant(tx)
  const columns = Object.entries(written.columns)
  await tx.query(
    `insert into account (tenant_id, id, created_at, created_by, updated_at, custom, placed${columns.map(([c]) => `, ${c}`).join('')})
     values ($1, $2, $3, $4, $3, $5, true${columns.map((_, i) => `, $${i + 6}`).join('')})`,
    [actor.tenantId, id, at, actor.userId, JSON.stringify(written.custom), ...columns.map(([, v]) => v)],
  )
  const facts = factsOf(recordOf(id, written))
  await writeRest(
    tx,
    actor.tenantId,
    id,
    written,
    {
      name: String(written.columns.name),
      shortName: (written.columns.short_name as string) ?? null,
      nameEn: (written.columns.name_en as string) ?? null,
    },
    true,
  )
  if (key) await takeKey(tx, actor, id, key)
  await keepVersions(tx, actor.tenantId, at, [{ id, rowVersion: 1, facts }])
  await audit(tx, actor, at, {
    kind: 'account.create',
    recordKind: 'account',
    recordId: id,
    accountId: id,
    after: auditable(values, schema.catalogue),
  })
  const placed = await placer().place(tx, actor.tenantId, at, [{ id, facts }])
  await toOutbox(tx, actor.tenantId, 'account.created', { accountId: id })
  return placed[0]!
}

async function takeKey(tx: Tx, actor: Actor, id: string, key: { source: string; key: string }): Promise<void> {
  const made = await tx.query(
    'insert into account_key (tenant_id, source, external_key, account_id) values ($1, $2, $3, $4) on conflict do nothing',
    [actor.tenantId, key.source, key.key, id],
  )
  if (made.rowCount === 0) stop('account.keyTaken', { key: key.key }, '/key')
}

/** A group of companies is a tree. One at a time changes trees in a company: two who hang each other below the other would both be right. */
export async function checkParent(tx: Tx, actor: Actor, id: string, parentId: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(4, hashtext($1))', [actor.tenantId])
  const chain = await tx.query<{ id: string; known: boolean }>(
    `with recursive up(id, depth) as (select $2::bigint, 0 union all select a.parent_id, up.depth + 1 from account a join up on a.id = up.id
       where a.tenant_id = $1 and a.parent_id is not null and up.depth < 50) select id::text from up`,
    [actor.tenantId, parentId],
  )
  if (chain.rows.some(r => r.id === id)) stop('account.parentCycle', undefined, 'parentId')
  const known = await tx.query('select 1 from account where tenant_id = $1 and id = $2 and deleted_at is null', [actor.tenantId, parentId])
  if (known.rowCount === 0) stop('record.notFound', undefined, 'parentId')
}

const recordOf = (id: string, written: Written): AccountRecord =>
  ({
    name_en: null,
    short_name: null,
    parent_id: null,
    tier: null,
    industry: null,
    division: null,
    registered_division: null,
    lng: null,
    lat: null,
    size: null,
    revenue: null,
    potential: null,
    source: null,
    status: null,
    website: null,
    ...written.columns,
    id,
    custom: written.custom,
    row_version: 1,
  }) as unknown as AccountRecord

/** Private fields, address, filterable custom fields and search grams of one account. */
async function writeRest(
  tx: Tx,
  tenantId: string,
  id: string,
  written: Written,
  names: { name: string; shortName: string | null; nameEn: string | null },
  fresh: boolean,
): Promise<void> {
  const privates = Object.entries(written.privates)
  if (privates.length > 0) {
    await tx.query(
      `insert into account_private (tenant_id, account_id${privates.map(([c]) => `, ${c}`).join('')}) values ($1, $2${privates.map((_, i) => `, $${i + 3}`).join('')})
       ${fresh ? '' : `on conflict (tenant_id, account_id) do update set ${privates.map(([c]) => `${c} = excluded.${c}`).join(', ')}`}`,
      [tenantId, id, ...privates.map(([, v]) => v)],
    )
  }
  await syncAddresses(tx, tenantId, [id], written.columns, written.address)
  await writeCustom(tx, tenantId, [id], written.custom)
  await keepGrams(tx, tenantId, [{ id, ...names }], fresh)
}

/** Custom values once more in a narrow table, for an index on jsonb would not be used behind the fence. */
export async function writeCustom(tx: Tx, tenantId: string, ids: readonly string[], custom: Written['custom']): Promise<void> {
  for (const [fieldId, value] of Object.entries(custom)) {
    await tx.query('delete from account_field where tenant_id = $1 and field_id = $2 and account_id = any($3::bigint[])', [tenantId, fieldId, ids])
    if (value === null) continue
    const isDate = typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)
    await tx.query(
      'insert into account_field (tenant_id, field_id, account_id, t, n, d) select $1, $2, id, $4, $5, $6 from unnest($3::bigint[]) as i(id)',
      [
        tenantId,
        fieldId,
        ids,
        typeof value === 'number' ? null : Array.isArray(value) ? value.join('\u0001') : String(value),
        typeof value === 'number' ? value : null,
        isDate ? value : null,
      ],
    )
  }
}

export async function updateAccount(
  tx: Tx,
  actor: Actor,
  id: string,
  ifMatch: number,
  values: FieldValues,
): Promise<{ rowVersion: number; placed: PlacedAs }> {
  const schema = await loadSchema(tx, actor.tenantId)
  const written = await validate(tx, actor, schema, values)
  await enterWriters(tx, actor.tenantId)
  const before = await lockOne(tx, actor, id, null)
  if (before.row_version !== ifMatch) throw await staleWith(tx, actor, before, values)
  if (written.columns.parent_id) await checkParent(tx, actor, id, String(written.columns.parent_id))
  const privateBefore = await tx.query<Record<string, string | null>>(
    'select credit_code, phone, email from account_private where tenant_id = $1 and account_id = $2',
    [actor.tenantId, id],
  )
  const at = await writeInstant(tx)
  const columns = Object.entries(written.columns)
  const custom = { ...before.custom, ...written.custom }
  const updated = await tx.query<AccountRecord>(
    `update account a set updated_at = $3, row_version = row_version + 1, custom = $4${columns.map(([c], i) => `, ${c} = $${i + 5}`).join('')}
      where tenant_id = $1 and id = $2 returning ${RECORD}`,
    [actor.tenantId, id, at, JSON.stringify(custom), ...columns.map(([, v]) => v)],
  )
  const after = updated.rows[0]!
  const facts = factsOf(after)
  await writeRest(tx, actor.tenantId, id, written, { name: after.name, shortName: after.short_name, nameEn: after.name_en }, false)
  await keepVersions(tx, actor.tenantId, at, [{ id, rowVersion: after.row_version, facts }])
  const old = { ...factsOf(before), ...privateBefore.rows[0] } as Record<string, unknown>
  await audit(tx, actor, at, {
    kind: 'account.update',
    recordKind: 'account',
    recordId: id,
    accountId: id,
    before: auditable(Object.fromEntries(Object.keys(values).map(k => [k, (old[k] ?? null) as FieldValues[string]])), schema.catalogue),
    after: auditable(values, schema.catalogue),
  })
  const placed = await placer().place(tx, actor.tenantId, at, [{ id, facts }])
  return { rowVersion: after.row_version, placed: placed[0]! }
}

/** Somebody was faster: what the record says now beside what this person wanted, field by field, so that nothing is overwritten unseen. */
async function staleWith(tx: Tx, actor: Actor, now: AccountRecord, values: FieldValues): Promise<RefusalError> {
  const rest = await tx.query<{ creditCode: string | null; phone: string | null; email: string | null; address: string | null }>(
    `select pr.credit_code as "creditCode", pr.phone, pr.email, (select ad.text from account_address ad where ad.tenant_id = $1 and ad.account_id = $2 and ad.kind = 'business' limit 1) as address
       from (select 1) one left join account_private pr on pr.tenant_id = $1 and pr.account_id = $2`,
    [actor.tenantId, now.id],
  )
  const facts = { ...factsOf(now), ...rest.rows[0] } as Record<string, unknown>
  const word = (value: unknown): string => (value === null || value === undefined ? '' : Array.isArray(value) ? value.join(',') : String(value))
  const differing = Object.keys(values).filter(k => word(facts[k]) !== word(values[k]))
  return new RefusalError(
    { code: 'record.stale', values: { current: now.row_version } },
    differing.map(k => ({ code: 'record.staleField', field: k, values: { field: k, now: word(facts[k]), yours: word(values[k]) } })),
  )
}

/** Locks one account and compares the version seen; 404 when unseen, 403 when seen but not editable. */
export async function lockOne(tx: Tx, actor: Actor, id: string, ifMatch: number | null): Promise<AccountRecord> {
  const [row] = await lockRecords(tx, actor.tenantId, [id])
  if (!row) {
    const seen = await tx.query('select 1 from account where tenant_id = $1 and id = $2 and deleted_at is null', [actor.tenantId, id])
    return stop(seen.rowCount ? 'record.notEditable' : 'record.notFound')
  }
  if (ifMatch !== null && row.row_version !== ifMatch) stop('record.stale', { current: row.row_version })
  return row
}

/** The audit trail is kept for ever: it says that a personal field changed, never what it holds. */
export function auditable(values: FieldValues | Facts, catalogue: readonly CatalogueField[]): Record<string, unknown> {
  const hidden = new Set(catalogue.filter(f => f.personal || f.maskable).map(f => f.key))
  return Object.fromEntries(Object.entries(values).map(([k, v]) => [k, hidden.has(k) ? (v === null || v === '' ? null : '•••') : v]))
}

export async function recycleAccount(tx: Tx, actor: Actor, id: string, ifMatch: number): Promise<void> {
  await enterWriters(tx, actor.tenantId)
  await lockOne(tx, actor, id, ifMatch)
  const at = await writeInstant(tx)
  await tx.query(
    'update account set deleted_at = $3, deleted_by = $4, updated_at = $3, row_version = row_version + 1 where tenant_id = $1 and id = $2',
    [actor.tenantId, id, at, actor.userId],
  )
  await audit(tx, actor, at, { kind: 'account.delete', recordKind: 'account', recordId: id, accountId: id })
  await placer().close(tx, actor.tenantId, at, [id])
}
