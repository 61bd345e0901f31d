/**
 * The company's own settings 公司设置. Amounts are recorded in the company's currency without saying so on each customer: once any is
 * recorded the currency stays, for a new one would silently revalue everything.
 */
import type { Company } from '../../contract/identity/company.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'

type Change = Partial<Omit<Company, 'demo' | 'rowVersion' | 'currencyFixed'>>
const COLUMNS = {
  name: 'name',
  currency: 'currency',
  zone: 'zone',
  fiscalStartMonth: 'fiscal_start_month',
  locale: 'locale',
  mapReviewNumber: 'map_review_number',
} as const

export async function readCompany(tx: Tx, actor: Actor, lock = false): Promise<Company> {
  const found = await tx.query<Company>(
    `select t.name, t.currency, t.zone, t.fiscal_start_month as "fiscalStartMonth", t.locale, t.map_review_number as "mapReviewNumber", t.demo, t.row_version as "rowVersion",
       exists (select 1 from account a where a.tenant_id = $1 and (a.revenue is not null or a.potential is not null)) or exists (select 1 from opportunity o where o.tenant_id = $1 and o.amount is not null) as "currencyFixed"
       from tenant t where t.id = $1 ${lock ? 'for update of t' : ''}`,
    [actor.tenantId],
  )
  return found.rows[0]!
}

export async function changeCompany(tx: Tx, actor: Actor, now: string, ifMatch: number, change: Change): Promise<number> {
  const before = await readCompany(tx, actor, true)
  if (before.rowVersion !== ifMatch) stop('record.stale', { current: before.rowVersion })
  const asked = Object.keys(COLUMNS).filter(k => change[k as keyof Change] !== undefined && change[k as keyof Change] !== before[k as keyof Change])
  if (asked.includes('currency') && before.currencyFixed) stop('company.currencyFixed', { currency: before.currency }, '/currency')
  if (asked.includes('zone') && !isZone(change.zone!)) stop('company.zone', { zone: change.zone! }, '/zone')
  if (asked.length === 0) return before.rowVersion
  const sets = asked.map((k, i) => `${COLUMNS[k as keyof typeof COLUMNS]} = $${i + 2}`)
  await tx.query(`update tenant set ${sets.join(', ')}, row_version = row_version + 1 where id = $1`, [
    actor.tenantId,
    ...asked.map(k => change[k as keyof Change] ?? null),
  ])
  const of = (values: Change | Company) => Object.fromEntries(asked.map(k => [k, values[k as keyof Change] ?? null]))
  await audit(tx, actor, now, { kind: 'tenant.update', recordKind: 'tenant', recordId: actor.tenantId, before: of(before), after: of(change) })
  return before.rowVersion + 1
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
