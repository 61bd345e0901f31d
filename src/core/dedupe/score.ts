/**
 * How likely two company records are one company 查重评分: bits of evidence, feature by feature, added up. A shared value weighs the more the
 * rarer it is in the list (Fellegi and Sunter, "A theory for record linkage", 1969; frequency weights after Newcombe, 1959); a conflict that no
 * true duplicate shows vetoes a merge whatever the sum.
 */
import { divisionAncestors } from '../condition/hierarchies.ts'
import { compareNames, type NameRelation } from './compare-names.ts'
import type { Frequencies } from './frequencies.ts'
import type { DedupeRecord } from './record.ts'
import { oneSlipApart } from './similarity.ts'

export type Feature = 'name' | 'region' | 'code' | 'phone' | 'mail' | 'contact' | 'address' | 'division' | 'industry'
/** `level` names what was seen (same, differs, typo …) and has words in three languages. */
export type Evidence = { readonly feature: Feature; readonly level: string; readonly bits: number }
export type Decision = 'merge' | 'review' | 'no'
export type PairScore = {
  readonly bits: number
  /** 0 to 1: the chance that both are one, as far as the weights are right. */
  readonly score: number
  readonly decision: Decision
  readonly relation: NameRelation
  readonly evidence: readonly Evidence[]
  readonly veto: string | null
}

/** From these bits on two records are merged, or shown to a person. */
export const MERGE_BITS = 6
export const REVIEW_BITS = -1

export function scorePair(a: DedupeRecord, b: DedupeRecord, seen: Frequencies, soundOf: (char: string) => string): PairScore {
  const evidence: Evidence[] = []
  const add = (feature: Feature, level: string, bits: number) => evidence.push({ feature, level, bits: Math.round(bits * 10) / 10 })
  const rare = (count: number, agree: number, most: number) => Math.max(0, Math.min(most, Math.log2((agree * seen.total) / Math.max(2, count))))

  // In a longer list a rare value is rarer still: without this a million customers would leave no evidence strong enough to propose anybody.
  const grown = Math.max(0, Math.log2(seen.total / USUAL_TOTAL))

  const name = bestNames(a, b, seen, rare, grown, soundOf)
  const relatives = RELATIVES.has(name.relation)
  add('name', name.relation, name.bits)
  let veto: string | null = relatives ? name.relation : null
  if (name.apart) add('region', 'differs', -8)

  if (a.codes.length > 0 && b.codes.length > 0) {
    const code = a.codes.find(x => b.codes.some(y => x.value === y.value))
    const valid = a.codes.some(c => c.valid) && b.codes.some(c => c.valid)
    if (code !== undefined) add('code', 'same', seen.code(code.value) > SHARED_CODE ? 6 : 16 + grown)
    else if (a.codes.some(x => b.codes.some(y => !(x.valid && y.valid) && oneSlipApart(x.value, y.value)))) add('code', 'typo', 9)
    else {
      add('code', 'differs', valid ? -25 : -6)
      if (valid) veto = 'code'
    }
  }
  if (a.phones.length > 0 && b.phones.length > 0) {
    const phone = rarest(a.phones, b.phones, seen.phone)
    add('phone', phone === undefined ? 'differs' : 'same', phone === undefined ? -1 : rare(seen.phone(phone), 0.7, 11 + grown))
  }
  const mail = rarest(a.emails, b.emails, seen.email)
  const domain = rarest(a.domains, b.domains, seen.domain)
  // A group shares its domain: beside a relative's name it tells little.
  if (domain !== undefined)
    add('mail', mail === undefined ? 'domain' : 'same', relatives ? 1 : rare(seen.domain(domain), 0.9, 9 + grown) + (mail === undefined ? 0 : 1))
  else if (mail !== undefined) add('mail', 'same', rare(seen.email(mail), 0.7, 10 + grown))
  else if (a.domains.length > 0 && b.domains.length > 0) add('mail', 'differs', -3)
  if (a.contacts.length > 0 && b.contacts.length > 0) {
    const contact = rarest(a.contacts, b.contacts, seen.contact)
    add('contact', contact === undefined ? 'differs' : 'same', contact === undefined ? -1 : rare(seen.contact(contact), 0.6, 9))
  }
  const place = nearest(a.divisions, b.divisions)
  let sameStreet = false
  if (a.addresses.length > 0 && b.addresses.length > 0) {
    const street = rarest(
      a.addresses.map(x => x.street),
      b.addresses.map(x => x.street),
      seen.street,
    )
    sameStreet = street !== undefined && place !== 'apart'
    add('address', sameStreet ? 'same' : 'differs', sameStreet ? rare(seen.street(street!), 0.9, 9) + doorBits(a, b, street!) : -2.5)
  }
  if (place === 'apart') add('division', place, -5)
  else if (place === 'same' && !sameStreet)
    add('division', place, Math.max(...a.divisions.filter(d => b.divisions.includes(d)).map(d => rare(seen.division(d), 0.9, 5))))
  else if (place === 'within' && !sameStreet) add('division', place, 2)
  if (a.industries.length > 0 && b.industries.length > 0) {
    const same = a.industries.some(x => b.industries.includes(x))
    add('industry', same ? 'same' : 'differs', same ? 0.7 : -1.5)
  }
  const bits = 1 - Math.log2(Math.max(4, seen.total)) + evidence.reduce((sum, e) => sum + e.bits, 0)
  return { bits, score: 1 / (1 + 2 ** -bits), decision: decide(bits, veto, evidence, name.whole), relation: name.relation, evidence, veto }
}

const RELATIVES: ReadonlySet<NameRelation> = new Set(['kin', 'sister', 'branch'])
/** What the most that a feature may weigh was set by: some thousand records, where the commonest evidence is 11 bits. */
const USUAL_TOTAL = 4_096
/** So many records with one credit code are no duplicates but an agent's customers. */
const SHARED_CODE = 12
type Rare = (count: number, agree: number, most: number) => number

/** The two names that speak most for one company; `whole`: nothing but spelling differs, and both say where. */
function bestNames(a: DedupeRecord, b: DedupeRecord, seen: Frequencies, rare: Rare, grown: number, soundOf: (char: string) => string) {
  let best: { relation: NameRelation; bits: number; apart: boolean; whole: boolean } = {
    relation: 'other',
    bits: Number.NEGATIVE_INFINITY,
    apart: false,
    whole: false,
  }
  for (const x of a.names)
    for (const y of b.names) {
      const relation = compareNames(x, y, soundOf)
      const brand = rare(Math.max(seen.brand(x.brand), seen.brand(y.brand)), 0.95, 11 + grown)
      const business = x.business !== '' && x.business === y.business ? rare(seen.business(x.business), 0.9, 5) : 0
      const form = relation !== 'same' || x.form === '' || y.form === '' ? 0 : x.form === y.form ? 0.5 : -1.5
      const bits = NAME_BITS[relation](brand, business) + form
      const apart = regionsApart(x.regions, y.regions)
      if (bits - (apart ? 8 : 0) > best.bits - (best.apart ? 8 : 0))
        best = {
          relation,
          bits,
          apart,
          whole: relation === 'same' && !apart && x.form !== '' && x.business !== '' && x.regions.length > 0 && y.regions.length > 0,
        }
    }
  return best.bits === Number.NEGATIVE_INFINITY ? { ...best, bits: 0 } : best
}

const NAME_BITS: Readonly<Record<NameRelation, (brand: number, business: number) => number>> = {
  same: (brand, business) => brand + business,
  typo: (brand, business) => brand + business - 3,
  alias: () => 10,
  sound: brand => brand - 2,
  short: brand => brand,
  part: brand => brand / 2 - 1,
  kin: brand => brand - 14,
  sister: brand => brand - 14,
  branch: () => -20,
  near: () => -6,
  other: () => -9,
}

/** A merge stands on two legs: the name and one thing beside it, or two things beside it; a whole name with its region stands on both. */
function decide(bits: number, veto: string | null, evidence: readonly Evidence[], whole: boolean): Decision {
  if (bits < REVIEW_BITS) return 'no'
  if (bits < MERGE_BITS || veto !== null) return 'review'
  const legs = evidence.filter(e => e.bits >= 4 && e.feature !== 'division').length + (whole ? 1 : 0)
  return legs >= 2 ? 'merge' : 'review'
}

const rarest = (x: readonly string[], y: readonly string[], count: (value: string) => number): string | undefined =>
  x.filter(value => y.includes(value)).sort((v, w) => count(v) - count(w))[0]

function doorBits(a: DedupeRecord, b: DedupeRecord, street: string): number {
  const doors = (r: DedupeRecord) => r.addresses.filter(x => x.street === street && x.door !== '').map(x => x.door)
  const [x, y] = [doors(a), doors(b)]
  if (x.length === 0 || y.length === 0) return 0
  return x.some(door => y.includes(door)) ? 1.5 : -2
}

type Nearness = 'same' | 'within' | 'apart' | 'unknown'
const near = (a: string, b: string): Nearness =>
  a === b ? 'same' : divisionAncestors(a).includes(b) || divisionAncestors(b).includes(a) ? 'within' : 'apart'

function nearest(a: readonly string[], b: readonly string[]): Nearness {
  if (a.length === 0 || b.length === 0) return 'unknown'
  const all = a.flatMap(x => b.map(y => near(x, y)))
  return all.includes('same') ? 'same' : all.includes('within') ? 'within' : 'apart'
}

/** Names give regions that exclude each other: 南京 and 深圳. Each name's narrowest places are compared. */
function regionsApart(a: readonly string[], b: readonly string[]): boolean {
  if (a.length === 0 || b.length === 0) return false
  return !a.some(x => b.some(y => near(x, y) !== 'apart'))
}
