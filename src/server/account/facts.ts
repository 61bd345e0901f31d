/** An account's row as facts by field key: what rules, filters and why-answers read, the same everywhere. */
import type { Facts, FieldInfo, FieldValue } from '../../core/condition/condition.ts'
import type { CatalogueField } from '../builder/catalogue.ts'
import { prepared, type Tx } from '../kernel/transaction.ts'

/** Columns of `account a` by built-in field key. */
export const COLUMNS = {
  name: 'name',
  nameEn: 'name_en',
  shortName: 'short_name',
  parentId: 'parent_id',
  tier: 'tier',
  industry: 'industry',
  division: 'division',
  registeredDivision: 'registered_division',
  size: 'size',
  revenue: 'revenue',
  potential: 'potential',
  source: 'source',
  status: 'status',
  website: 'website',
} as const
export const PRIVATE_COLUMNS = { creditCode: 'credit_code', phone: 'phone', email: 'email' } as const

export type AccountRecord = {
  id: string
  name: string
  name_en: string | null
  short_name: string | null
  parent_id: string | null
  tier: string | null
  industry: string | null
  division: string | null
  registered_division: string | null
  lng: number | null
  lat: number | null
  size: string | null
  revenue: string | null
  potential: string | null
  source: string | null
  status: string | null
  website: string | null
  custom: Record<string, FieldValue>
  row_version: number
}
export const RECORD = `a.id::text, a.name, a.name_en, a.short_name, a.parent_id::text, a.tier, a.industry, a.division, a.registered_division, a.lng, a.lat, a.size, a.revenue, a.potential,
  a.source, a.status, a.website, a.custom, a.row_version`

const numberOf = (value: string | null): number | null => (value === null ? null : Number(value))

export function factsOf(row: AccountRecord): Facts {
  const facts: Record<string, FieldValue> = {
    id: row.id,
    name: row.name,
    nameEn: row.name_en,
    shortName: row.short_name,
    parentId: row.parent_id,
    tier: row.tier,
    industry: row.industry,
    division: row.division,
    registeredDivision: row.registered_division,
    point: row.lng === null || row.lat === null ? null : [row.lng, row.lat],
    size: numberOf(row.size),
    revenue: numberOf(row.revenue),
    potential: numberOf(row.potential),
    source: row.source,
    status: row.status,
    website: row.website,
  }
  for (const [id, value] of Object.entries(row.custom)) facts[`f${id}`] = value
  return facts
}

/** Fields that rules may read; a retired one is gone for them. */
export const ruleFields = (fields: readonly CatalogueField[]): ReadonlyMap<string, FieldInfo> =>
  new Map(fields.filter(f => f.inRules && !f.retired).map(f => [f.key, { key: f.key, type: f.type }]))

/** Locks the accounts in id order and answers them; those that may not be changed are missing. */
export async function lockRecords(tx: Tx, tenantId: string, ids: readonly string[], deleted = false): Promise<readonly AccountRecord[]> {
  const found = await tx.query<AccountRecord>(
    prepared(
      'lock-records',
      `select ${RECORD} from account a where a.tenant_id = $1 and a.id = any($2::bigint[]) and (a.deleted_at is not null) = $3 order by a.id for update`,
      [tenantId, ids, deleted],
    ),
  )
  return found.rows
}

/** The tenant's shared lock comes first, before any row: a run that needs all writers out takes it exclusively. */
export const enterWriters = (tx: Tx, tenantId: string): Promise<unknown> =>
  tx.query(prepared('enter-writers', 'select pg_advisory_xact_lock_shared(1, hashtext($1))', [tenantId]))

/** The instant of a write, read once after the locks, so that histories never overlap. */
export async function writeInstant(tx: Tx): Promise<string> {
  const result = await tx.query<{ at: string }>(
    prepared('write-instant', `select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at`, []),
  )
  return result.rows[0]!.at
}

/** What rules could read of an account, kept per change: a why-answer can be computed again for ever. */
export async function keepVersions(
  tx: Tx,
  tenantId: string,
  at: string,
  rows: readonly { id: string; rowVersion: number; facts: Facts }[],
): Promise<void> {
  await tx.query(
    `insert into account_version (tenant_id, account_id, row_version, at, facts)
     select $1, id, version, $2, facts::jsonb from unnest($3::bigint[], $4::int[], $5::text[]) as v(id, version, facts)
     on conflict do nothing`,
    [tenantId, at, rows.map(r => r.id), rows.map(r => r.rowVersion), rows.map(r => JSON.stringify(r.facts))],
  )
}
