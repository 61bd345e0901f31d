/**
 * Duplicates among people 联系人查重: field by field, equal, nearly equal or different, each weighed by how often the value occurs (Fellegi and
 * Sunter 1969). First and last names may have changed places.
 */
import { gatherPairs } from './keys.ts'
import { jaroWinkler, oneSlipApart } from './similarity.ts'

/** What a column of a list of people holds. `number`: any number that identifies a person (identity card, social security). */
export const PERSON_FIELDS = [
  'given',
  'surname',
  'fullName',
  'birth',
  'number',
  'phone',
  'email',
  'street',
  'house',
  'place',
  'town',
  'postcode',
  'state',
] as const
export type PersonField = (typeof PERSON_FIELDS)[number]
export type PersonRecord = { readonly id: string; readonly values: Readonly<Partial<Record<PersonField, string>>> }

/** `agree`: how often one person's two records agree; `near`, `differ`: bits when nearly equal, and when not at all. */
type Weight = { readonly agree: number; readonly most: number; readonly near: number; readonly differ: number }
const WEIGHTS: Readonly<Record<PersonField, Weight>> = {
  given: { agree: 0.75, most: 9, near: 3.5, differ: -2.5 },
  surname: { agree: 0.75, most: 10, near: 3.5, differ: -2.5 },
  fullName: { agree: 0.75, most: 12, near: 5, differ: -6 },
  birth: { agree: 0.85, most: 12, near: 5, differ: -2.5 },
  number: { agree: 0.85, most: 14, near: 8, differ: -2.5 },
  phone: { agree: 0.6, most: 12, near: 4, differ: -1 },
  email: { agree: 0.6, most: 12, near: 4, differ: -1 },
  street: { agree: 0.7, most: 8, near: 4, differ: -1.5 },
  house: { agree: 0.8, most: 5, near: 1, differ: -1 },
  place: { agree: 0.6, most: 6, near: 3, differ: -0.7 },
  town: { agree: 0.75, most: 7, near: 3.5, differ: -1.5 },
  postcode: { agree: 0.8, most: 7, near: 3, differ: -1.5 },
  state: { agree: 0.85, most: 2, near: 0, differ: -1.5 },
}
export const PERSON_MERGE_BITS = 7
export const PERSON_REVIEW_BITS = 0
/** A key that more records share is left to the others. */
const LARGEST_BUCKET = 80

export type PersonPair = {
  readonly i: number
  readonly j: number
  readonly bits: number
  readonly score: number
  readonly decision: 'merge' | 'review' | 'no'
  readonly evidence: readonly { readonly feature: PersonField; readonly level: 'same' | 'near' | 'swapped' | 'differs'; readonly bits: number }[]
}

export function matchPeople(records: readonly PersonRecord[]): readonly PersonPair[] {
  const counts = new Map<string, number>()
  const countOf = (field: string, value: string): number => counts.get(`${field}:${value}`) ?? 0
  for (const { values } of records)
    for (const field of PERSON_FIELDS) {
      const value = values[field]
      if (value) counts.set(`${field}:${value}`, countOf(field, value) + 1)
    }
  const rare = (field: PersonField, value: string): number => {
    const { agree, most } = WEIGHTS[field]
    return Math.max(0, Math.min(most, Math.log2((agree * records.length) / Math.max(2, countOf(field, value)))))
  }
  const score = (i: number, j: number): PersonPair => {
    const [a, b] = [records[i]!.values, records[j]!.values]
    const evidence: PersonPair['evidence'][number][] = []
    const swapped = a.given && b.given && a.surname && b.surname && a.given !== b.given && alike(a.given, b.surname) && alike(a.surname, b.given)
    for (const feature of PERSON_FIELDS) {
      const [x, y] = [a[feature], b[feature]]
      if (!x || !y) continue
      if (swapped && (feature === 'given' || feature === 'surname')) evidence.push({ feature, level: 'swapped', bits: WEIGHTS[feature].near })
      else if (x === y) evidence.push({ feature, level: 'same', bits: rare(feature, x) })
      else if (alike(x, y)) evidence.push({ feature, level: 'near', bits: Math.min(WEIGHTS[feature].near, rare(feature, x)) })
      else evidence.push({ feature, level: 'differs', bits: WEIGHTS[feature].differ })
    }
    const bits = 1 - Math.log2(Math.max(4, records.length)) + evidence.reduce((sum, e) => sum + e.bits, 0)
    const decision = bits >= PERSON_MERGE_BITS ? 'merge' : bits >= PERSON_REVIEW_BITS ? 'review' : 'no'
    return { i, j, bits, score: 1 / (1 + 2 ** -bits), decision, evidence }
  }
  const gathering = gatherPairs(keysOf, LARGEST_BUCKET)
  for (const record of records) gathering.add(record)
  return [...gathering.pairs()].map(([i, j]) => score(i, j))
}

const alike = (a: string, b: string): boolean => oneSlipApart(a, b) || (a.length > 3 && b.length > 3 && jaroWinkler(a, b) >= 0.88)

/** Two of the things that a person's records mostly still have in common. */
function keysOf({ values: v }: PersonRecord): Iterable<string> {
  const keys = new Set<string>()
  const add = (...parts: readonly (string | undefined)[]) => parts.every(part => part) && keys.add(parts.join('|'))
  for (const name of [v.given, v.surname, v.fullName]) {
    add('birth', name, v.birth)
    add('town', name, v.town)
    add('post', name, v.postcode)
    add('street', name, v.street)
  }
  add('name', ...[v.given, v.surname].sort())
  add('full', v.fullName)
  add('number', v.number)
  add('phone', v.phone)
  add('email', v.email)
  add('door', v.street, v.house)
  add('home', v.street, v.postcode)
  add('place', v.place, v.house)
  add('born', v.birth, v.postcode)
  add('bornAt', v.birth, v.town)
  return keys
}
