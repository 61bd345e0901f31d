/**
 * Which records are compared at all: those that share a key. Comparing all with all would take a million times a million; a true duplicate
 * shares at least one of: brand (as written, as read, with a letter lost), number, mail domain, contact in a place, door.
 */
import { grown, hash32, PairSet, sortByKey } from './key-lists.ts'
import type { DedupeRecord } from './record.ts'

/** A key that so many records share tells nothing, and would cost its square. */
export const LARGEST_BUCKET = 60

export function keysOf(r: DedupeRecord): readonly string[] {
  const keys: string[] = []
  const city = r.divisions[0]?.slice(0, 4) ?? ''
  for (const name of r.names) {
    if (name.brand.length >= 2) {
      keys.push(`b:${name.brand}:${name.business}`, `b:${name.brand}:${city}`, `b:${name.brand}`, `s:${name.sound}:${city}`, `s:${name.sound}`)
      for (const less of withoutOne(name.brand)) keys.push(`d:${less}:${name.business}`, `d:${less}:${city}`)
    }
    keys.push(`t:${name.tail}`, `o:${[...name.tail].sort().join('')}`)
  }
  for (const { value } of r.codes) {
    keys.push(`c:${value}`)
    // One slip leaves one half as it is.
    keys.push(`e:${value.slice(0, 9)}`, `f:${value.slice(9)}`)
  }
  for (const phone of r.phones) keys.push(`p:${phone}`)
  for (const email of r.emails) keys.push(`m:${email}`)
  for (const domain of r.domains) keys.push(`w:${domain}`)
  for (const contact of r.contacts) {
    keys.push(`n:${contact}:${r.divisions[0] ?? ''}`)
    for (const name of r.names) keys.push(`n:${contact}:${name.brand}`)
  }
  for (const { street } of r.addresses) keys.push(`a:${street}:${city}`)
  return keys
}

/** A brand with each letter left out, itself included: two brands one letter apart share one of them. */
function withoutOne(brand: string): readonly string[] {
  if (brand.length < 3) return brand === '' ? [] : [brand]
  const all = [brand]
  for (let i = 0; i < brand.length; i += 1) all.push(brand.slice(0, i) + brand.slice(i + 1))
  return all
}

export type Gathering<T> = { readonly add: (record: T) => void; readonly pairs: () => Generator<readonly [number, number]> }

/** Takes records one after the other, holding only hashes of their keys; then tells pairs of places (i < j) that share a key, each once. */
export function gatherPairs<T>(keysOf: (record: T) => Iterable<string>, largest = LARGEST_BUCKET): Gathering<T> {
  let keys = new Uint32Array(1 << 14)
  let rows = new Uint32Array(1 << 14)
  let [count, records] = [0, 0]
  return {
    add(record) {
      for (const key of new Set(keysOf(record))) {
        if (count === keys.length) {
          keys = grown(keys)
          rows = grown(rows)
        }
        keys[count] = hash32(key)
        rows[count] = records
        count += 1
      }
      records += 1
    },
    *pairs() {
      const [k, r] = sortByKey(keys.subarray(0, count), rows.subarray(0, count))
      const seen = new PairSet()
      for (let from = 0; from < count; ) {
        let to = from + 1
        while (to < count && k[to] === k[from]) to += 1
        if (to - from > 1 && to - from <= largest)
          for (let x = from; x < to; x += 1)
            for (let y = x + 1; y < to; y += 1) {
              const [i, j] = [r[x]!, r[y]!]
              if (i !== j && seen.add(i, j)) yield [i, j]
            }
        from = to
      }
    },
  }
}

export function candidatePairs(records: readonly DedupeRecord[], largest = LARGEST_BUCKET): readonly (readonly [number, number])[] {
  const gathering = gatherPairs(keysOf, largest)
  for (const record of records) gathering.add(record)
  return [...gathering.pairs()]
}
