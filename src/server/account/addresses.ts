/**
 * Addresses of an account 地址: the main place of business (经营地) gives the account its division and point, the registered seat (注册地) its
 * registered division, sites (网点) nothing. So the fields that rules read always say what the address says, and a changed address
 * places the account again in the same transaction.
 */
import type { AddressInput, AddressKind } from '../../contract/account/addresses.ts'
import { toWgs84 } from '../../core/geography/convert.ts'
import { knownCodes, locateDivision } from '../geography/reference.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { type AccountRecord, enterWriters, factsOf, keepVersions, RECORD, writeInstant } from './facts.ts'
import { type PlacedAs, placer } from './placer.ts'
import { lockOne } from './save-account.ts'

type Row = {
  id: string
  kind: AddressKind
  name: string | null
  text: string | null
  division: string | null
  lng: number | null
  lat: number | null
}
type Change = Omit<AddressInput, 'kind'>

/** Fields whose access decides whether an address of this kind may be changed. */
const FIELDS: Readonly<Record<AddressKind, readonly string[]>> = {
  business: ['address', 'division', 'point'],
  registered: ['address', 'registeredDivision'],
  site: ['address'],
}

function assertMayWrite(actor: Actor, kind: AddressKind): void {
  for (const field of FIELDS[kind]) {
    const access = actor.fieldAccess.get(field) ?? 'edit'
    if (access !== 'edit') stop(access === 'hidden' ? 'field.unknown' : 'field.readOnly', { field }, field)
  }
}

async function divisionOf(tx: Tx, input: Change): Promise<string | null | undefined> {
  if (input.division !== undefined) {
    if (input.division !== null && !(await knownCodes(tx)).divisions.has(input.division))
      stop('field.type', { field: 'division', expected: '320500', value: input.division }, '/division')
    return input.division
  }
  return input.text ? ((await locateDivision(tx, input.text)) ?? undefined) : undefined
}

const pointOf = (input: Change): readonly [number, number] | null | undefined =>
  input.point === undefined || input.point === null ? input.point : toWgs84(input.point.lng, input.point.lat, input.point.crs)

export async function addAddress(tx: Tx, actor: Actor, accountId: string, input: AddressInput): Promise<{ id: string; placed: PlacedAs | null }> {
  assertMayWrite(actor, input.kind)
  if (!input.text && !input.division && !input.point) stop('address.empty', undefined, '/text')
  const division = await divisionOf(tx, input)
  const point = pointOf(input)
  await enterWriters(tx, actor.tenantId)
  const before = await lockOne(tx, actor, accountId, null)
  if (input.kind !== 'site') {
    const known = await tx.query('select 1 from account_address where tenant_id = $1 and account_id = $2 and kind = $3', [
      actor.tenantId,
      accountId,
      input.kind,
    ])
    if (known.rowCount) stop('address.oneOfKind', undefined, '/kind')
  }
  const at = await writeInstant(tx)
  const made = await tx.query<{ id: string }>(
    `insert into account_address (tenant_id, account_id, kind, name, text, division, edition, lng, lat, crs, updated_at, verified_at, verified_by)
     values ($1, $2, $3, $4, $5, $6, case when $6::text is null then null else '2024' end, $7, $8, $9, $10, case when $11 then $10::timestamptz end, case when $11 then $12::bigint end) returning id::text`,
    [
      actor.tenantId,
      accountId,
      input.kind,
      input.name ?? null,
      input.text ?? null,
      division ?? null,
      point?.[0] ?? null,
      point?.[1] ?? null,
      input.point?.crs ?? null,
      at,
      input.verified ?? false,
      actor.userId,
    ],
  )
  const id = made.rows[0]!.id
  await audit(tx, actor, at, {
    kind: 'address.create',
    recordKind: 'address',
    recordId: id,
    accountId,
    after: { kind: input.kind, text: input.text ?? null, division: division ?? null },
  })
  const placed = await follow(tx, actor, at, before, input.kind, { division, point })
  return { id, placed }
}

export async function changeAddress(
  tx: Tx,
  actor: Actor,
  accountId: string,
  id: string,
  ifMatch: number,
  input: Change,
): Promise<{ rowVersion: number; placed: PlacedAs | null }> {
  const division = await divisionOf(tx, input)
  const point = pointOf(input)
  await enterWriters(tx, actor.tenantId)
  const before = await lockOne(tx, actor, accountId, null)
  const old = await readRow(tx, actor, accountId, id, ifMatch)
  assertMayWrite(actor, old.kind)
  const at = await writeInstant(tx)
  // A changed place is a place nobody has checked yet.
  const moved = (input.text !== undefined && input.text !== old.text) || (division !== undefined && division !== old.division) || point !== undefined
  const verified = input.verified ?? (moved ? false : undefined)
  const updated = await tx.query<{ row_version: number }>(
    `update account_address set name = case when $4 then $5 else name end, text = case when $6 then $7 else text end, division = case when $8 then $9 else division end,
       lng = case when $10 then $11 else lng end, lat = case when $10 then $12 else lat end, crs = case when $10 then $13 else crs end,
       verified_at = case when $14::bool is null then verified_at when $14 then $15::timestamptz end, verified_by = case when $14::bool is null then verified_by when $14 then $16::bigint end,
       updated_at = $15, source = 'hand', row_version = row_version + 1 where tenant_id = $1 and account_id = $2 and id = $3 returning row_version`,
    [
      actor.tenantId,
      accountId,
      id,
      input.name !== undefined,
      input.name ?? null,
      input.text !== undefined,
      input.text ?? null,
      division !== undefined,
      division ?? null,
      point !== undefined,
      point?.[0] ?? null,
      point?.[1] ?? null,
      input.point?.crs ?? null,
      verified ?? null,
      at,
      actor.userId,
    ],
  )
  await audit(tx, actor, at, {
    kind: verified === true && !moved ? 'address.verify' : 'address.update',
    recordKind: 'address',
    recordId: id,
    accountId,
    before: { kind: old.kind, text: old.text, division: old.division },
    after: { kind: old.kind, text: input.text === undefined ? old.text : input.text, division: division === undefined ? old.division : division },
  })
  const placed = await follow(tx, actor, at, before, old.kind, { division, point })
  return { rowVersion: updated.rows[0]!.row_version, placed }
}

/** Without its address the account keeps the fields it had: where it stands is known even when the street is not. */
export async function dropAddress(tx: Tx, actor: Actor, accountId: string, id: string, ifMatch: number): Promise<void> {
  await enterWriters(tx, actor.tenantId)
  await lockOne(tx, actor, accountId, null)
  const old = await readRow(tx, actor, accountId, id, ifMatch)
  assertMayWrite(actor, old.kind)
  const at = await writeInstant(tx)
  await tx.query('delete from account_address where tenant_id = $1 and account_id = $2 and id = $3', [actor.tenantId, accountId, id])
  await audit(tx, actor, at, {
    kind: 'address.delete',
    recordKind: 'address',
    recordId: id,
    accountId,
    before: { kind: old.kind, text: old.text, division: old.division },
  })
}

async function readRow(tx: Tx, actor: Actor, accountId: string, id: string, ifMatch: number): Promise<Row> {
  const found = await tx.query<Row & { row_version: number }>(
    'select id::text, kind, name, text, division, lng, lat, row_version from account_address where tenant_id = $1 and account_id = $2 and id = $3 for update',
    [actor.tenantId, accountId, id],
  )
  const row = found.rows[0] ?? stop('record.notFound')
  if (row.row_version !== ifMatch) stop('record.stale', { current: row.row_version })
  return row
}

/** The account's own fields follow its address; nothing is written when they say the same already. */
async function follow(
  tx: Tx,
  actor: Actor,
  at: string,
  before: AccountRecord,
  kind: AddressKind,
  place: { division: string | null | undefined; point: readonly [number, number] | null | undefined },
): Promise<PlacedAs | null> {
  const sets: [column: string, value: string | number | null][] = []
  if (kind === 'business' && place.division !== undefined && place.division !== before.division) sets.push(['division', place.division])
  if (kind === 'registered' && place.division !== undefined && place.division !== before.registered_division)
    sets.push(['registered_division', place.division])
  if (kind === 'business' && place.point !== undefined) sets.push(['lng', place.point?.[0] ?? null], ['lat', place.point?.[1] ?? null])
  if (sets.length === 0) return null
  const updated = await tx.query<AccountRecord>(
    `update account a set updated_at = $3, row_version = row_version + 1${sets.map(([c], i) => `, ${c} = $${i + 4}`).join('')} where tenant_id = $1 and id = $2 returning ${RECORD}`,
    [actor.tenantId, before.id, at, ...sets.map(([, v]) => v)],
  )
  const after = updated.rows[0]!
  const facts = factsOf(after)
  const old = factsOf(before)
  await keepVersions(tx, actor.tenantId, at, [{ id: before.id, rowVersion: after.row_version, facts }])
  const key = kind === 'registered' ? 'registeredDivision' : 'division'
  if (old[key] !== facts[key])
    await audit(tx, actor, at, {
      kind: 'account.update',
      recordKind: 'account',
      recordId: before.id,
      accountId: before.id,
      before: { [key]: old[key] ?? null },
      after: { [key]: facts[key] ?? null },
    })
  const placed = await placer().place(tx, actor.tenantId, at, [{ id: before.id, facts }])
  return placed[0]!
}
