/** An account's fields and its addresses say the same, whichever of the two somebody changed (the other direction: addresses.ts). */
import type { AddressRow } from '../../contract/account/addresses.ts'
import { divisionIndex } from '../geography/reference.ts'
import type { Actor } from '../kernel/actor.ts'
import { toTraditional } from '../kernel/traditional.ts'
import type { Tx } from '../kernel/transaction.ts'

type Row = {
  readonly id: string
  readonly columns: Readonly<Record<string, string | number | null>>
  /** Undefined: the address itself was not named; null: it goes. */
  readonly text?: string | null | undefined
}

/** The same change for many accounts. */
export const syncAddresses = (tx: Tx, tenantId: string, ids: readonly string[], columns: Row['columns'], text?: string | null): Promise<void> =>
  syncEachAddress(
    tx,
    tenantId,
    ids.map(id => ({ id, columns, text })),
  )

/** Somebody changed fields of accounts: their addresses follow, and one that changed is unchecked again. Each account has its own values. */
export async function syncEachAddress(tx: Tx, tenantId: string, rows: readonly Row[]): Promise<void> {
  const gone = rows.filter(r => r.text === null).map(r => r.id)
  if (gone.length > 0)
    await tx.query(`delete from account_address where tenant_id = $1 and account_id = any($2::bigint[]) and kind = 'business'`, [tenantId, gone])
  const worded = rows.filter(r => typeof r.text === 'string')
  if (worded.length > 0) {
    const fresh = await withoutBusiness(tx, tenantId, worded)
    await tx.query(
      `insert into account_address (tenant_id, account_id, kind, text, division) select $1, id, 'business', text, division from unnest($2::bigint[], $3::text[], $4::text[]) as i(id, text, division)`,
      [tenantId, fresh.map(r => r.id), fresh.map(r => r.text), fresh.map(r => r.columns.division ?? null)],
    )
  }
  for (const [kind, column] of [
    ['business', 'division'],
    ['registered', 'registered_division'],
  ] as const) {
    const moved = rows.filter(r => Object.hasOwn(r.columns, column))
    if (moved.length > 0)
      await tx.query(
        `update account_address d set division = v.division, row_version = d.row_version + 1, verified_at = null, verified_by = null
           from unnest($2::bigint[], $4::text[]) as v(id, division) where d.tenant_id = $1 and d.account_id = v.id and d.kind = $3 and d.division is distinct from v.division`,
        [tenantId, moved.map(r => r.id), kind, moved.map(r => r.columns[column])],
      )
  }
  const placed = rows.filter(r => Object.hasOwn(r.columns, 'lng'))
  if (placed.length > 0)
    await tx.query(
      `update account_address d set lng = v.lng, lat = v.lat, crs = 'WGS84', row_version = d.row_version + 1
         from unnest($2::bigint[], $3::float8[], $4::float8[]) as v(id, lng, lat)
        where d.tenant_id = $1 and d.account_id = v.id and d.kind = 'business' and (d.lng, d.lat) is distinct from (v.lng, v.lat)`,
      [tenantId, placed.map(r => r.id), placed.map(r => r.columns.lng), placed.map(r => r.columns.lat)],
    )
}

/** Rewords the business addresses that exist and answers the rows of accounts that have none. */
async function withoutBusiness(tx: Tx, tenantId: string, rows: readonly Row[]): Promise<readonly Row[]> {
  const had = await tx.query<{ account_id: string }>(
    `update account_address d set text = v.text, row_version = d.row_version + 1, verified_at = case when d.text is distinct from v.text then null else d.verified_at end,
       verified_by = case when d.text is distinct from v.text then null else d.verified_by end
       from unnest($2::bigint[], $3::text[]) as v(id, text) where d.tenant_id = $1 and d.account_id = v.id and d.kind = 'business' returning d.account_id::text`,
    [tenantId, rows.map(r => r.id), rows.map(r => r.text)],
  )
  const known = new Set(had.rows.map(r => r.account_id))
  return rows.filter(r => !known.has(r.id))
}

const UTC = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`

/** Addresses of one account, the place of business first; nothing of a field that the reader's roles hide. */
export async function readAddresses(tx: Tx, actor: Actor, accountId: string): Promise<AddressRow[]> {
  if (actor.fieldAccess.get('address') === 'hidden') return []
  const found = await tx.query<AddressRow>(
    `select d.id::text, d.kind, d.name, d.text, d.division, null as "divisionPath", d.lng, d.lat, d.crs, ${UTC('d.verified_at')} as "verifiedAt", u.name as "verifiedBy", d.row_version as "rowVersion"
       from account_address d left join app_user u on u.tenant_id = $1 and u.id = d.verified_by
      where d.tenant_id = $1 and d.account_id = $2 order by array_position(array['business', 'registered', 'site'], d.kind), d.id limit 200`,
    [actor.tenantId, accountId],
  )
  const hides = (key: string) => actor.fieldAccess.get(key) === 'hidden'
  const path = (code: string) => (actor.locale === 'zh-TW' ? toTraditional(divisionIndex().path(code)) : divisionIndex().path(code))
  return found.rows.map(row => {
    const division =
      (row.kind === 'registered' && hides('registeredDivision')) || (row.kind === 'business' && hides('division')) ? null : row.division
    const point = row.kind === 'business' && hides('point') ? { lng: null, lat: null, crs: null } : {}
    return { ...row, division, divisionPath: division ? path(division) : null, ...point }
  })
}
