/** How often a value occurs in a list: two records that share a rare value are rarely strangers; everybody shares qq.com. */
import type { DedupeRecord } from './record.ts'

export type Frequencies = {
  readonly total: number
  readonly brand: (value: string) => number
  readonly business: (value: string) => number
  readonly phone: (value: string) => number
  readonly domain: (value: string) => number
  readonly email: (value: string) => number
  readonly contact: (value: string) => number
  readonly street: (value: string) => number
  readonly division: (value: string) => number
  readonly code: (value: string) => number
}
const KINDS = ['brand', 'business', 'phone', 'domain', 'email', 'contact', 'street', 'division', 'code'] as const

export function countValues(records: readonly DedupeRecord[]): Frequencies {
  const counts = Object.fromEntries(KINDS.map(kind => [kind, new Map<string, number>()])) as Record<(typeof KINDS)[number], Map<string, number>>
  const add = (kind: (typeof KINDS)[number], value: string) => counts[kind].set(value, (counts[kind].get(value) ?? 0) + 1)
  for (const r of records) {
    for (const brand of new Set(r.names.map(name => name.brand))) add('brand', brand)
    for (const business of new Set(r.names.map(name => name.business))) add('business', business)
    for (const phone of r.phones) add('phone', phone)
    for (const domain of r.domains) add('domain', domain)
    for (const email of r.emails) add('email', email)
    for (const contact of r.contacts) add('contact', contact)
    for (const { street } of r.addresses) add('street', street)
    for (const division of r.divisions) add('division', division)
    for (const { value } of r.codes) add('code', value)
  }
  const asked = Object.fromEntries(KINDS.map(kind => [kind, (value: string) => counts[kind].get(value) ?? 0])) as unknown as Omit<
    Frequencies,
    'total'
  >
  return { total: records.length, ...asked }
}
