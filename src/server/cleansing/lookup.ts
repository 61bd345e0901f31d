/** What a customer's values are held against: divisions, addresses, the map, industries, options. Loaded once for a run, a page or a form. */
import type { Checked, Lookup } from '../../core/cleansing/check-account.ts'
import { oldNamesOf } from '../../core/cleansing/place-problems.ts'
import { COLUMNS } from '../account/facts.ts'
import { loadOptions } from '../builder/catalogue.ts'
import { ground } from '../geography/ground.ts'
import { addressLocator, divisionIndex, knownCodes } from '../geography/reference.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'

let oldNames: Lookup['oldNames'] | null = null

export async function loadLookup(tx: Tx, tenantId: string): Promise<Lookup> {
  const divisions = divisionIndex()
  oldNames ??= oldNamesOf(divisions.list)
  const options = new Map<string, Set<string>>()
  for (const o of await loadOptions(tx, tenantId)) options.set(o.list, (options.get(o.list) ?? new Set()).add(o.key))
  // An address is looked at by several checks; the same address is located once.
  const locate = addressLocator()
  let last: { text: string; located: ReturnType<typeof locate> } | null = null
  return {
    divisions,
    locate: text => {
      if (last?.text !== text) last = { text, located: locate(text) }
      return last.located
    },
    ground: ground(),
    oldNames,
    industries: (await knownCodes(tx)).industries,
    options,
  }
}

export type CheckedRow = Omit<Checked, 'point'> & { readonly id: string; readonly lng: number | null; readonly lat: number | null }
export const CHECKED = `a.id::text, a.name, a.name_en as "nameEn", a.short_name as "shortName", pr.credit_code as "creditCode", pr.phone, pr.email, a.website, a.industry, a.tier, a.source, a.status,
  a.size::float8, a.revenue::float8, a.potential::float8, a.division, a.registered_division as "registeredDivision", ba.text as address, ra.text as "registeredAddress", a.lng, a.lat`
/** Joins of CHECKED for `account a`. */
export const CHECKED_JOINS = `left join account_private pr on pr.tenant_id = $1 and pr.account_id = a.id
  left join account_address ba on ba.tenant_id = $1 and ba.account_id = a.id and ba.kind = 'business'
  left join account_address ra on ra.tenant_id = $1 and ra.account_id = a.id and ra.kind = 'registered'`

export const checkedOf = (row: CheckedRow): Checked => ({ ...row, point: row.lng === null || row.lat === null ? null : [row.lng, row.lat] })

/** What a role hides is as if it were empty: no check may speak of it, nor of what it would tell about another field. */
export function withoutHidden(checked: Checked, actor: Pick<Actor, 'fieldAccess'>): Checked {
  const hides = (key: string) => actor.fieldAccess.get(key) === 'hidden'
  const kept = Object.fromEntries(
    Object.entries(checked).map(([key, value]) => [key, key !== 'name' && hides(key) ? null : value]),
  ) as unknown as Checked
  return hides('address') ? { ...kept, registeredAddress: null } : kept
}

/** Fields that stand in account_private or contact: seen through private tokens alone. */
export const PRIVATE_FIELDS: readonly string[] = ['creditCode', 'phone', 'email', 'contacts']
/** Fields that a fix list can write; the others are mended on the customer's page. */
export const isFixable = (field: string): boolean =>
  Object.hasOwn(COLUMNS, field) || ['point', 'address', 'creditCode', 'phone', 'email'].includes(field) || /^f\d+$/.test(field)
