/** An account's fields and its addresses say the same, whichever of the two somebody changed (the other direction: addresses.ts). */
import type { AddressRow } from '../../contract/account/addresses.ts'
import { divisionIndex } from '../geography/reference.ts'
import type { Actor } from '../kernel/actor.ts'
import { toTraditional } from '../kernel/traditional.ts'
import type { Tx } from '../kernel/transaction.ts'

/**
 * Somebody changed the account's fields: its addresses follow, and one that changed is unchecked again.
 * Set-based, for one account or for many. `text` undefined: the address itself was not named.
 */
export async function syncAddresses(
  tx: Tx,
  tenantId: string,
  ids: readonly string[],
  columns: Readonly<Record<string, string | number | null>>,
  text?: string | null,
): Promise<void> {
  if (text === null)
    await tx.query(`delete from account_address where tenant_id = $1 and account_id = any($2::bigint[]) and kind = 'business'`, [tenantId, ids])
  else if (text !== undefined)
    await tx.query(
      `insert into account_address (tenant_id, account_id, kind, text, division) select $1, id, 'business', $3, $4 from unnest($2::bigint[]) as i(id)`,
      [tenantId, await withoutBusiness(tx, tenantId, ids, text), text, columns.division ?? null],
    )
  for (const [kind, column] of [
    ['business', 'division'],
    ['registered', 'registered_division'],
  ] as const)
    if (Object.hasOwn(columns, column))
      await tx.query(
        `update account_address set division = $4, row_version = row_version + 1, verified_at = null, verified_by = null
          where tenant_id = $1 and account_id = any($2::bigint[]) and kind = $3 and division is distinct from $4`,
        [tenantId, ids, kind, columns[column]],
      )
  if (Object.hasOwn(columns, 'lng'))
    await tx.query(
      `update account_address set lng = $3, lat = $4, crs = 'WGS84', row_version = row_version + 1
        where tenant_id = $1 and account_id = any($2::bigint[]) and kind = 'business' and (lng, lat) is distinct from ($3::float8, $4::float8)`,
      [tenantId, ids, columns.lng, columns.lat],
    )
}

/** Rewords the business addresses that exist and answers the accounts that have none. */
async function withoutBusiness(tx: Tx, tenantId: string, ids: readonly string[], text: string): Promise<readonly string[]> {
  const had = await tx.query<{ account_id: string }>(
    `update account_address set text = $3, row_version = row_version + 1, verified_at = case when text is distinct from $3 then null else verified_at end,
       verified_by = case when text is distinct from $3 then null else verified_by end
      where tenant_id = $1 and account_id = any($2::bigint[]) and kind = 'business' returning account_id::text`,
    [tenantId, ids, text],
  )
  const known = new Set(had.rows.map(r => r.account_id))
  return ids.filter(id => !known.has(id))
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
