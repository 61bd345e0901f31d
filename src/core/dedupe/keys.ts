/**
 * Which records are compared at all: those that share a key. Comparing all with all would take a million times a million; a true duplicate
 * shares at least one of: brand (as written, as read, with a letter lost), number, mail domain, contact in a place, door.
 */
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
    for (let i = 0; i < value.length; i += 1) keys.push(`e:${i}:${value.slice(0, i)}_${value.slice(i + 1)}`)
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

/** Pairs of places (i < j) that share a key, each once. */
export function candidatePairs(records: readonly DedupeRecord[], largest = LARGEST_BUCKET): readonly (readonly [number, number])[] {
  const buckets = new Map<string, number[]>()
  records.forEach((r, i) => {
    for (const key of new Set(keysOf(r))) {
      const bucket = buckets.get(key)
      if (bucket === undefined) buckets.set(key, [i])
      else bucket.push(i)
    }
  })
  const seen = new Set<number>()
  const pairs: (readonly [number, number])[] = []
  for (const bucket of buckets.values()) {
    if (bucket.length < 2 || bucket.length > largest) continue
    for (let x = 0; x < bucket.length; x += 1)
      for (let y = x + 1; y < bucket.length; y += 1) {
        const [i, j] = [bucket[x]!, bucket[y]!]
        const key = i * records.length + j
        if (seen.has(key)) continue
        seen.add(key)
        pairs.push([i, j])
      }
  }
  return pairs
}
