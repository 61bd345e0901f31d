/** Findings as people read them 证例: where, which values, how far it reaches, and one combination that anybody can check against the rules. */
import type { Condition, Facts, FieldValue } from '../condition/condition.ts'
import { addBit, type Bits, countBits, firstOf, isSame, makeBits } from '../kernel/bits.ts'
import { anyValue } from './coverage-atoms.ts'
import type { Space } from './coverage-boxes.ts'
import type { Place, Places } from './coverage-places.ts'

export type Finding = {
  /** Counties (or cities without counties) it reaches; where no rule reads a division, 1. */
  readonly size: number
  /** It was not followed to its end: it reaches at least that far. */
  readonly atLeast: boolean
  /** Only for values that say less than they could, e.g. an account of which only the city is known. */
  readonly vague: boolean
  /** All values it reaches: the place, and any of `parts` combinations there. */
  readonly condition: Condition
  readonly parts: number
  /** One combination of values, of every field that rules read. */
  readonly witness: Facts
  /** The fields whose values make the combination, the place first. */
  readonly fields: readonly string[]
}

/** Findings of one kind, equal ones together. */
export type Gathered<More> = {
  readonly place: Place
  readonly part: Uint32Array
  readonly regions: number[]
  /** The places themselves, where they are a part of those regions. */
  readonly atoms?: readonly number[]
  size: number
  atLeast: boolean
  readonly vague: boolean
  /** Further parts of the same places. */
  readonly also: readonly { readonly place: Place; readonly part: Uint32Array }[]
  readonly more: More
}

/** What makes two findings the same but for the place. */
export function signOf(place: Place, part: Uint32Array): string {
  const { fields, slots } = place.local
  let sign = place.named === null ? '' : `=${place.named}`
  for (const [f, atoms] of fields.entries()) {
    const set = setOf(part, slots[f]!)
    if (!isSame(set, atoms.precise)) sign += `;${atoms.key}:${set.join()}`
  }
  return sign
}

const setOf = (part: Uint32Array, { offset, words }: { readonly offset: number; readonly words: number }): Bits =>
  part.subarray(offset, offset + words)

export function toFinding(found: Gathered<unknown>, space: Space, places: Places): Finding {
  const { place, part } = found
  const lines: Condition[] = []
  const named: string[] = []
  if (places.lead) {
    const reached = makeBits(places.lead.size)
    for (const atom of atomsOf(found, places)) addBit(reached, atom)
    const line = places.lead.describe(reached)
    if (line) lines.push(line)
    named.push(places.lead.key)
  }
  if (places.ids) {
    const set = makeBits(places.ids.size)
    addBit(set, place.named ?? 0)
    const line = places.ids.describe(set)
    if (line) lines.push(line)
    if (place.named !== null) named.push(places.ids.key)
  }
  const order = [...space.atoms.keys()]
  const told = (at: Place, of: Uint32Array): readonly (readonly [field: string, line: Condition])[] =>
    [...at.local.fields.keys()]
      .sort((x, y) => order.indexOf(at.local.fields[x]!.key) - order.indexOf(at.local.fields[y]!.key))
      .flatMap(f => {
        const atoms = at.local.fields[f]!
        const set = setOf(of, at.local.slots[f]!)
        const line = isSame(set, atoms.precise) ? null : atoms.describe(set)
        return line ? [[atoms.key, line] as const] : []
      })
  const first = told(place, part)
  named.push(...first.map(([field]) => field))
  if (found.also.length === 0) lines.push(...first.map(([, line]) => line))
  else lines.push({ any: [{ place, part }, ...found.also].map((x): Condition => ({ all: told(x.place, x.part).map(([, line]) => line) })) })
  return {
    size: found.size,
    atLeast: found.atLeast,
    vague: found.vague,
    parts: 1 + found.also.length,
    condition: lines.length === 1 ? lines[0]! : { all: lines },
    witness: witnessOf(place, part, space, places, found.atoms?.[0]),
    fields: named,
  }
}

const atomsOf = ({ atoms, regions }: Pick<Gathered<unknown>, 'atoms' | 'regions'>, places: Places): readonly number[] =>
  atoms ?? regions.flatMap(region => [...places.regions[region]!.atoms])

export function witnessOf(place: Place, part: Uint32Array, space: Space, places: Places, at?: number): Facts {
  const facts: Record<string, FieldValue> = {}
  for (const field of space.reads) facts[field.key] = anyValue(field, space.atoms.get(field.key) ?? null)
  if (places.lead) facts[places.lead.key] = places.lead.valueOf(at ?? places.regions[place.region]!.atoms[0]!)
  if (places.ids) facts[places.ids.key] = places.ids.valueOf(place.named ?? 0)
  for (const [f, atoms] of place.local.fields.entries()) {
    const set = setOf(part, place.local.slots[f]!)
    const precise = set.map((word, w) => word & atoms.precise[w]!)
    facts[atoms.key] = atoms.valueOf(firstOf(precise.some(w => w !== 0) ? precise : set))
  }
  return facts
}

const NEAREST = 3
/** Rules that would take the combination but for one field: where a gap is most easily mended. Takers by place, deeper ones first. */
export function nearestTo(place: Place, part: Uint32Array): readonly number[] {
  const { local } = place
  const near: number[] = []
  for (let b = 0; b < local.count && near.length < NEAREST; b += 1) {
    let failing = 0
    for (const { offset, words } of local.slots.slice(0, local.fields.length)) {
      let common = 0
      for (let w = offset; w < offset + words; w += 1) common |= part[w]! & local.rows[b * local.width + w]!
      if (common === 0) failing += 1
    }
    const taker = place.takers[local.owner[b]!]!
    if (failing === 1 && !near.includes(taker)) near.push(taker)
  }
  return near
}

/** Parts that are left in the very same places are one gap: a region that nobody looks after is not told combination by combination. */
export function joinPlaces(found: Iterable<Gathered<null>>): readonly Gathered<null>[] {
  const byPlaces = new Map<string, Gathered<null>[]>()
  for (const one of found) {
    const key = `${one.vague}/${one.place.named}/${one.regions.join()}`
    const list = byPlaces.get(key)
    if (list) list.push(one)
    else byPlaces.set(key, [one])
  }
  return [...byPlaces.values()].map(list => {
    const sorted = [...list].sort((a, b) => breadth(b) - breadth(a))
    return { ...sorted[0]!, also: sorted.slice(1).map(({ place, part }) => ({ place, part })) }
  })
}

/** One for each province: a city that falls out of its rules is news, though elsewhere others have none for years. */
export function apartByTop<More>(found: Gathered<More>, places: Places, topOf: (value: FieldValue) => string): readonly Gathered<More>[] {
  const groups = new Map<string, number[]>()
  for (const atom of atomsOf(found, places)) {
    const top = topOf(places.lead!.valueOf(atom))
    const list = groups.get(top)
    if (list) list.push(atom)
    else groups.set(top, [atom])
  }
  return groups.size === 1 ? [found] : [...groups.values()].map(atoms => ({ ...found, atoms, size: atoms.length }))
}

/** The share of all combinations that a part holds. */
const breadth = ({ place, part }: Pick<Gathered<null>, 'place' | 'part'>): number =>
  place.local.fields.reduce((share, atoms, f) => share * (countBits(setOf(part, place.local.slots[f]!)) / atoms.size), 1)
