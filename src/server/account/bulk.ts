/**
 * Bulk edit 批量修改: one change for many accounts, previewed before and undone after (write-rows.ts). Only accounts the person may edit
 * change; each is placed again in the same transaction.
 */
import type { FieldValues } from '../../contract/account/accounts.ts'
import type { Condition } from '../../core/condition/condition.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { syncAddresses } from './address-fields.ts'
import type { Written } from './check-values.ts'
import { makeParams } from './condition-sql.ts'
import { type AccountRecord, enterWriters, factsOf, keepVersions, lockRecords, RECORD, writeInstant } from './facts.ts'
import { FOUND, type Found, fromAccounts, visibleValues, whereAccounts } from './find-accounts.ts'
import { placer } from './placer.ts'
import { loadSchema, type Schema, validate, writeCustom } from './save-account.ts'

const LIMIT = 100_000
/** Fields that make sense for one account alone. */
const SINGLE = ['name', 'nameEn', 'shortName', 'creditCode', 'phone', 'email', 'address', 'point', 'parentId', 'website']

export type BulkInput = {
  readonly filter?: Condition | undefined
  readonly ids?: readonly string[] | undefined
  readonly scope: 'all' | 'mine' | 'unowned' | 'unassigned' | 'contested' | 'undecidable'
  readonly search?: string | undefined
  readonly territoryId?: string | undefined
  readonly ownerId?: string | undefined
  readonly importId?: string | undefined
  readonly values: FieldValues
}

async function selectIds(tx: Tx, actor: Actor, input: BulkInput, schema: Schema): Promise<{ matched: number; editable: readonly string[] }> {
  const params = makeParams(actor.tenantId)
  const selection = input.ids ? { scope: 'all' as const } : input
  const { where, prefix } = await whereAccounts(tx, actor, selection, params, schema.catalogue)
  const chosen = input.ids ? `and a.id = any(${params.add(input.ids)}::bigint[])` : ''
  const tokens = `array[${actor.tokens.map(t => BigInt(t)).join(',')}]::bigint[]`
  const found = await tx.query<{ id: string; editable: boolean }>(
    `${prefix}select a.id::text, coalesce(p.edit_tokens, p.tokens) && ${tokens} as editable ${fromAccounts(actor.modelId)} where ${where} ${chosen} order by a.id limit ${LIMIT + 1}`,
    params.values,
  )
  if (found.rows.length > LIMIT) stop('bulk.tooMany', { limit: LIMIT })
  return { matched: found.rows.length, editable: found.rows.filter(r => r.editable).map(r => r.id) }
}

async function prepare(tx: Tx, actor: Actor, input: BulkInput): Promise<{ schema: Schema; written: Written }> {
  const schema = await loadSchema(tx, actor.tenantId)
  const given = Object.keys(input.values)
  if (given.length === 0) stop('bulk.nothing')
  const single = given.find(k => SINGLE.includes(k))
  if (single) stop('field.readOnly', { field: single }, single)
  return { schema, written: await validate(tx, actor, schema, input.values) }
}

const afterOf = (row: AccountRecord, written: Written): AccountRecord =>
  ({ ...row, ...written.columns, custom: { ...row.custom, ...written.custom } }) as AccountRecord

type Foreseen = { readonly row: Found; readonly territoryBefore: string | null; readonly territoryAfter: string | null }

/** How many accounts would move to another territory with what is to be written, and some examples, those that move before others. */
export async function foreseeEach(
  tx: Tx,
  actor: Actor,
  now: string,
  ids: readonly string[],
  writtenOf: (id: string) => Written,
): Promise<{ moving: number; examples: readonly Foreseen[] }> {
  let moving = 0
  const examples: Foreseen[] = []
  for (let from = 0; from < ids.length; from += 5000) {
    const found = await tx.query<Found>(
      `select ${FOUND} ${fromAccounts(actor.modelId)} where a.tenant_id = $1 and a.id = any($2::bigint[]) order by a.id`,
      [actor.tenantId, ids.slice(from, from + 5000)],
    )
    const foreseen = await placer().foresee(
      tx,
      actor.tenantId,
      now,
      found.rows.map(row => ({ id: row.id, facts: factsOf(afterOf(row, writtenOf(row.id))) })),
    )
    const after = new Map(foreseen.map(f => [f.accountId, f]))
    const names = await territoryNames(
      tx,
      actor,
      foreseen.map(f => f.territoryId),
    )
    for (const row of found.rows) {
      const then = after.get(row.id)
      const moves = then !== undefined && then.territoryId !== row.territory_id
      if (moves) moving += 1
      if (examples.length < 20 && (moves || examples.length < 5))
        examples.push({ row, territoryBefore: row.territory_name, territoryAfter: then?.territoryId ? (names.get(then.territoryId) ?? null) : null })
    }
  }
  return { moving, examples }
}

export async function previewBulkEdit(tx: Tx, actor: Actor, now: string, input: BulkInput) {
  const { schema, written } = await prepare(tx, actor, input)
  const { matched, editable } = await selectIds(tx, actor, input, schema)
  const { moving, examples } = await foreseeEach(tx, actor, now, editable, () => written)
  return {
    matched,
    editable: editable.length,
    moving,
    examples: examples.map(({ row, ...territories }) => {
      const seen = visibleValues(row, actor, schema.catalogue)
      return { id: row.id, name: row.name, before: Object.fromEntries(Object.keys(input.values).map(k => [k, seen[k] ?? null])), ...territories }
    }),
  }
}

async function territoryNames(tx: Tx, actor: Actor, ids: readonly (string | null)[]): Promise<ReadonlyMap<string, string>> {
  const found = await tx.query<{ id: string; name: string }>(
    'select id::text, name from territory where tenant_id = $1 and model_id = $2 and id = any($3::bigint[])',
    [actor.tenantId, actor.modelId, [...new Set(ids.filter(id => id !== null))]],
  )
  return new Map(found.rows.map(r => [r.id, r.name]))
}

export async function runBulkEdit(tx: Tx, actor: Actor, input: BulkInput): Promise<{ id: string; changed: number }> {
  const { schema, written } = await prepare(tx, actor, input)
  const { editable } = await selectIds(tx, actor, input, schema)
  if (editable.length === 0) stop('bulk.nothing')
  await enterWriters(tx, actor.tenantId)
  const rows = await lockRecords(tx, actor.tenantId, editable)
  const at = await writeInstant(tx)
  const edit = await tx.query<{ id: string }>(
    'insert into bulk_edit (tenant_id, created_by, created_at, change, count) values ($1, $2, $3, $4, $5) returning id::text',
    [actor.tenantId, actor.userId, at, JSON.stringify(input.values), rows.length],
  )
  const editId = edit.rows[0]!.id
  const keys = Object.keys(input.values)
  await tx.query(
    `insert into bulk_edit_row (tenant_id, edit_id, account_id, before, row_version)
     select $1, $2, id, before::jsonb, version from unnest($3::bigint[], $4::text[], $5::int[]) as r(id, before, version)`,
    [
      actor.tenantId,
      editId,
      rows.map(r => r.id),
      rows.map(r => JSON.stringify(Object.fromEntries(keys.map(k => [k, (factsOf(r) as Record<string, unknown>)[k] ?? null])))),
      rows.map(r => r.row_version + 1),
    ],
  )
  await writeColumns(
    tx,
    actor.tenantId,
    at,
    rows.map(r => r.id),
    written,
  )
  await finish(
    tx,
    actor,
    at,
    rows.map(r => r.id),
    'account.bulk',
    { ...input.values },
    editId,
  )
  return { id: editId, changed: rows.length }
}

async function writeColumns(tx: Tx, tenantId: string, at: string, ids: readonly string[], written: Written): Promise<void> {
  const columns = Object.entries(written.columns)
  await tx.query(
    `update account set updated_at = $3, row_version = row_version + 1, custom = custom || $4::jsonb${columns.map(([c], i) => `, ${c} = $${i + 5}`).join('')}
      where tenant_id = $1 and id = any($2::bigint[])`,
    [tenantId, ids, at, JSON.stringify(written.custom), ...columns.map(([, v]) => v)],
  )
  await writeCustom(tx, tenantId, ids, written.custom)
  await syncAddresses(tx, tenantId, ids, written.columns)
}

/** Versions, audit (one row for the operation and one per record), placement. */
async function finish(
  tx: Tx,
  actor: Actor,
  at: string,
  ids: readonly string[],
  kind: string,
  after: Record<string, unknown>,
  editId: string,
): Promise<void> {
  const found = await tx.query<AccountRecord>(`select ${RECORD} from account a where a.tenant_id = $1 and a.id = any($2::bigint[]) order by a.id`, [
    actor.tenantId,
    ids,
  ])
  const changed = found.rows.map(row => ({ id: row.id, rowVersion: row.row_version, facts: factsOf(row) }))
  await keepVersions(tx, actor.tenantId, at, changed)
  await audit(tx, actor, at, { kind: `${kind}.run`, recordKind: 'bulkEdit', recordId: editId, after, count: ids.length })
  await tx.query(
    `insert into audit (tenant_id, at, actor_id, kind, record_kind, record_id, account_id, after) select $1, $2, $3, $4, 'account', id, id, $6 from unnest($5::bigint[]) as i(id)`,
    [actor.tenantId, at, actor.userId, kind, ids, JSON.stringify(after)],
  )
  await placer().place(tx, actor.tenantId, at, changed)
}
