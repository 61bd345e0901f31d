/** How often a value occurs in a list: two records that share a rare value are rarely strangers; everybody shares qq.com. */
import { HashCounter } from './key-lists.ts'
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

export type Counting = { readonly add: (record: DedupeRecord) => void; readonly done: () => Frequencies }

export function startCounting(): Counting {
  const counters = Object.fromEntries(KINDS.map(kind => [kind, new HashCounter()])) as Record<(typeof KINDS)[number], HashCounter>
  let total = 0
  return {
    add(r) {
      total += 1
      for (const brand of new Set(r.names.map(name => name.brand))) counters.brand.add(brand)
      for (const business of new Set(r.names.map(name => name.business))) counters.business.add(business)
      for (const phone of r.phones) counters.phone.add(phone)
      for (const domain of r.domains) counters.domain.add(domain)
      for (const email of r.emails) counters.email.add(email)
      for (const contact of r.contacts) counters.contact.add(contact)
      for (const { street } of r.addresses) counters.street.add(street)
      for (const division of r.divisions) counters.division.add(division)
      for (const { value } of r.codes) counters.code.add(value)
    },
    done() {
      const asked = Object.fromEntries(KINDS.map(kind => [kind, (value: string) => counters[kind].get(value)])) as unknown as Omit<
        Frequencies,
        'total'
      >
      return { total, ...asked }
    },
  }
}

export function countValues(records: readonly DedupeRecord[]): Frequencies {
  const counting = startCounting()
  for (const record of records) counting.add(record)
  return counting.done()
}
