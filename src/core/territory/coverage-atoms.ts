/**
 * The known values of one field, cut into atoms 取值类 that no rule tells apart: a county, an option, a stretch of numbers between two
 * bounds, the accounts that the same rules name, and "any other". A proof looks at one value of each atom and has then looked at all.
 */

import type { Condition, FieldInfo, FieldValue, Predicate } from '../condition/condition.ts'
import { type Env, isMissing, normaliseText } from '../condition/evaluate.ts'
import { addBit, type Bits, firstOf, fullBits, makeBits, membersOf, without } from '../kernel/bits.ts'
import { describeNumbers, makeCodeDescriber } from './coverage-describe.ts'

/** Which values a field can hold. Left out: numbers are all reals, dates all days, flags true and false, everything else is open. */
export type FieldDomain =
  /** Only these (and what rules name beside them); `vague`: such as say less than they could, e.g. a code that was abolished. */
  | { readonly kind: 'listed'; readonly values: readonly string[]; readonly vague?: ReadonlySet<string> }
  | { readonly kind: 'number'; readonly whole: boolean; readonly min?: number; readonly max?: number }

export type Atoms = {
  readonly key: string
  readonly size: number
  readonly full: Bits
  /** Atoms that say all they could: a county, not the city around it; a division of industry, not the section. */
  readonly precise: Bits
  /** Equal prints, equal atoms: what was proved with one holds for the other. */
  readonly print: string
  /** Atoms whose values fulfil the predicate; null: atoms cannot say. */
  readonly holding: (p: Predicate) => Bits | null
  readonly valueOf: (atom: number) => FieldValue
  /** The values of these atoms as a condition; null where it would have to name thousands, or everything. */
  readonly describe: (atoms: Bits) => Condition | null
}

export const LISTED_OPS: ReadonlySet<Predicate['op']> = new Set(['in', 'notIn', 'inList', 'notInList'])
const MOST_GROUPS = 8

/** `predicates`: all that rules ask of this field. */
export function makeAtoms(field: FieldInfo, predicates: readonly Predicate[], domain: FieldDomain | undefined, env: Env): Atoms | null {
  if (field.type === 'point') return null
  if (field.type === 'number') return numberAtoms(field, predicates, domain?.kind === 'number' ? domain : { kind: 'number', whole: false })
  if (field.type === 'date') return dateAtoms(field, predicates)
  const sets = predicates.filter(p => LISTED_OPS.has(p.op)).map(p => valuesOf(p, env))
  if (field.type === 'options') return optionsAtoms(field, sets, domain?.kind === 'listed' ? domain.values : null, env)
  const listed = domain?.kind === 'listed' ? domain : field.type === 'flag' ? { kind: 'listed' as const, values: ['true', 'false'] } : null
  if (listed || field.type === 'division' || field.type === 'industry') return codeAtoms(field, sets, listed, env)
  return namedAtoms(field, sets, env)
}

const valuesOf = (p: Predicate, env: Env): Iterable<string> => ('values' in p ? p.values : 'list' in p ? (env.lists.get(p.list) ?? []) : [])
const isNegative = (p: Predicate): boolean => p.op === 'notIn' || p.op === 'notInList'

/** Codes and options: every one is an atom, whatever the rules say, so that the atoms stay the same while rules are edited. */
function codeAtoms(field: FieldInfo, sets: readonly Iterable<string>[], listed: Extract<FieldDomain, { kind: 'listed' }> | null, env: Env): Atoms {
  const known = new Set(listed?.values ?? [])
  const foreign = new Set<string>()
  for (const set of sets) for (const value of set) if (!known.has(value)) foreign.add(value)
  const values: (string | null)[] = [...known, ...[...foreign].sort()]
  // An open field has a value besides, which no rule names.
  if (listed === null) values.push(null)
  const hierarchical = field.type === 'division' || field.type === 'industry'
  const above = (value: string) => (hierarchical ? env.hierarchies.ancestors(field.type as 'division', value) : [])
  const below = new Map<string, number[]>()
  for (const [i, value] of values.entries())
    for (const code of value === null ? [] : [value, ...above(value)]) {
      const list = below.get(code)
      if (list) list.push(i)
      else below.set(code, [i])
    }
  const full = fullBits(values.length)
  const vague = makeBits(values.length)
  for (const [i, value] of values.entries()) {
    if (value === null) continue
    const finer = below.get(value)!.some(j => j !== i && (listed === null || known.has(values[j]!)))
    // A code finer than the table is as good as any; one that hangs on nothing in the table is not.
    const strange = listed !== null && foreign.has(value) && !above(value).some(code => known.has(code))
    if (finer || strange || listed?.vague?.has(value)) addBit(vague, i)
  }
  return {
    key: field.key,
    size: values.length,
    full,
    precise: without(full, vague),
    print: `${field.key}|${[...known].join()}|${[...foreign].sort().join()}|${listed?.vague ? [...listed.vague].join() : ''}`,
    holding: p => {
      if (!LISTED_OPS.has(p.op)) return null
      const bits = makeBits(values.length)
      for (const value of valuesOf(p, env)) for (const atom of below.get(value) ?? []) addBit(bits, atom)
      return isNegative(p) ? without(full, bits) : bits
    },
    valueOf: atom => values[atom] ?? other(field, known, foreign),
    describe: makeCodeDescriber(field.key, values, full, without(full, vague), above),
  }
}

/** A value that no rule names. */
function other(field: FieldInfo, ...named: readonly ReadonlySet<string>[]): string {
  const taken = (value: string) => named.some(set => set.has(value))
  for (let n = 0; ; n += 1) {
    const value = field.type === 'account' || field.type === 'user' ? String(n) : n === 0 ? '–' : `– ${n}`
    if (!taken(value)) return value
  }
}

/** Accounts, people and texts by name: those that the same rules name are one atom; atom 0 is whoever no rule names. */
function namedAtoms(field: FieldInfo, sets: readonly Iterable<string>[], env: Env): Atoms {
  const normal = field.type === 'text' ? normaliseText : (value: string) => value
  const signs = new Map<string, string>()
  const seen = new Set<Iterable<string>>()
  for (const [s, set] of sets.entries()) {
    if (seen.has(set)) continue
    seen.add(set)
    for (const value of new Set([...set].map(normal))) signs.set(value, `${signs.get(value) ?? ''},${s}`)
  }
  const atomOf = new Map<string, number>()
  const bySign = new Map<string, number>()
  const members: string[][] = [[]]
  for (const [value, sign] of signs) {
    let atom = bySign.get(sign)
    if (atom === undefined) {
      atom = members.push([]) - 1
      bySign.set(sign, atom)
    }
    members[atom]!.push(value)
    atomOf.set(value, atom)
  }
  const full = fullBits(members.length)
  const unnamed = other(field, new Set(atomOf.keys()))
  return {
    key: field.key,
    size: members.length,
    full,
    precise: full,
    print: `${field.key}|${digest(members)}`,
    holding: p => {
      if (!LISTED_OPS.has(p.op)) return null
      const bits = makeBits(members.length)
      for (const value of valuesOf(p, env)) addBit(bits, atomOf.get(normal(value))!)
      return isNegative(p) ? without(full, bits) : bits
    },
    valueOf: atom => (atom === 0 ? unnamed : members[atom]![0]!),
    describe: atoms => {
      const away = membersOf(without(full, atoms))
      if (away.length === 0) return null
      const inside = (atoms[0]! & 1) === 0
      const values = (inside ? membersOf(atoms) : away).flatMap(atom => members[atom]!)
      if (values.length > 2_000) return null
      return { field: field.key, op: inside ? 'in' : 'notIn', values }
    },
  }
}

/** Two numbers of 32 bits: lists of a hundred thousand names are not compared letter by letter. */
function digest(members: readonly (readonly string[])[]): string {
  let a = 0x811c9dc5
  let b = 0x1b873593
  for (const member of members)
    for (const value of [...member, '\u0001'])
      for (let i = 0; i <= value.length; i += 1) {
        const code = i < value.length ? value.charCodeAt(i) : 2
        a = Math.imul(a ^ code, 0x01000193)
        b = Math.imul(b ^ code, 0x85ebca6b) ^ (b >>> 13)
      }
  return `${members.length}:${a >>> 0}:${b >>> 0}`
}

/** Several options at once: an atom is what a set of options can answer to all the rules together. Too many groups of options: no atoms. */
function optionsAtoms(field: FieldInfo, sets: readonly Iterable<string>[], listed: readonly string[] | null, env: Env): Atoms | null {
  const named = new Map<string, string>(listed?.map(value => [value, '']) ?? [])
  for (const [s, set] of sets.entries()) for (const value of new Set(set)) named.set(value, `${named.get(value) ?? ''},${s}`)
  const groups = new Map<string, string>()
  for (const [value, sign] of named) if (!groups.has(sign)) groups.set(sign, value)
  if (listed === null && !groups.has('')) groups.set('', other(field, new Set(named.keys())))
  if (groups.size > MOST_GROUPS) return null
  const values = [...groups.values()]
  const atoms: string[][] = Array.from({ length: 2 ** values.length - 1 }, (_, n) => values.filter((_, i) => ((n + 1) >>> i) & 1))
  const full = fullBits(atoms.length)
  return {
    key: field.key,
    size: atoms.length,
    full,
    precise: full,
    print: `${field.key}|${atoms.map(a => a.join()).join(';')}`,
    holding: p => {
      if (!LISTED_OPS.has(p.op)) return null
      const wanted = new Set(valuesOf(p, env))
      const bits = makeBits(atoms.length)
      for (const [i, atom] of atoms.entries()) if (atom.some(v => wanted.has(v)) !== isNegative(p)) addBit(bits, i)
      return bits
    },
    valueOf: atom => atoms[atom]!,
    describe: bits => {
      if (membersOf(bits).length === atoms.length) return null
      return { field: field.key, op: 'in', values: atoms[firstOf(bits)]! }
    },
  }
}

type Stretch = { readonly low: number | null; readonly high: number | null; readonly sample: number }

/** Numbers: on each bound, and between it and the next. A whole number has nothing between 10 and 11. */
function numberAtoms(field: FieldInfo, predicates: readonly Predicate[], domain: Extract<FieldDomain, { kind: 'number' }>): Atoms {
  const ends = predicates.flatMap(p => (p.op === 'between' && fits(p, 'number') ? [p.min, p.max] : [])) as (number | undefined)[]
  return rangeAtoms(
    field,
    [...new Set(ends.filter(e => e !== undefined))].sort((a, b) => a - b),
    domain,
    n => n,
    value => Number(value),
  )
}

/** Days as whole numbers. */
function dateAtoms(field: FieldInfo, predicates: readonly Predicate[]): Atoms {
  const ends = predicates.flatMap(p => (p.op === 'between' && fits(p, 'date') ? [p.min, p.max] : [])) as (string | undefined)[]
  const cuts = [...new Set(ends.filter(e => e !== undefined).map(dayNumber))].sort((a, b) => a - b)
  return rangeAtoms(field, cuts, { kind: 'number', whole: true, min: dayNumber('0001-01-01'), max: dayNumber('9999-12-31') }, dayText, value =>
    dayNumber(String(value)),
  )
}

const DAY = /^\d{4}-\d{2}-\d{2}$/
/** Bounds of another kind compare as JavaScript happens to: no proof is built on that. */
const fits = (p: { readonly min?: number | string; readonly max?: number | string }, type: 'number' | 'date'): boolean =>
  [p.min, p.max].every(
    e => e === undefined || (type === 'number' ? typeof e === 'number' && Number.isFinite(e) : typeof e === 'string' && DAY.test(e)),
  )

function rangeAtoms(
  field: FieldInfo,
  cuts: readonly number[],
  domain: Extract<FieldDomain, { kind: 'number' }>,
  show: (n: number) => number | string,
  read: (value: number | string) => number,
): Atoms {
  const { whole, min, max } = domain
  const stretches: Stretch[] = []
  const add = (low: number | null, high: number | null, sample: number | null) => {
    if (sample !== null) stretches.push({ low, high, sample })
  }
  const bounds = [...new Set([...cuts, ...(min === undefined ? [] : [min]), ...(max === undefined ? [] : [max])])].sort((a, b) => a - b)
  const inside = (n: number) => (min === undefined || n >= min) && (max === undefined || n <= max)
  for (let i = 0; i <= bounds.length; i += 1) {
    const [low, high] = [bounds[i - 1], bounds[i]]
    const sample = between(low, high, whole)
    add(low ?? null, high ?? null, sample !== null && inside(sample) ? sample : null)
    if (high !== undefined) add(high, high, (!whole || Number.isInteger(high)) && inside(high) ? high : null)
  }
  const full = fullBits(stretches.length)
  const type = field.type === 'date' ? 'date' : 'number'
  return {
    key: field.key,
    size: stretches.length,
    full,
    precise: full,
    print: `${field.key}|${whole}|${stretches.map(s => s.sample).join()}|${bounds.join()}`,
    holding: p => {
      if (p.op !== 'between' || !fits(p, type)) return null
      const [low, high] = [p.min === undefined ? Number.NEGATIVE_INFINITY : read(p.min), p.max === undefined ? Number.POSITIVE_INFINITY : read(p.max)]
      const bits = makeBits(stretches.length)
      for (const [i, s] of stretches.entries()) if (s.sample >= low && s.sample <= high) addBit(bits, i)
      return bits
    },
    valueOf: atom => show(stretches[atom]!.sample),
    describe: atoms => describeNumbers(field.key, stretches, atoms, whole, { min, max }, show),
  }
}

function between(low: number | undefined, high: number | undefined, whole: boolean): number | null {
  if (low === undefined && high === undefined) return 0
  if (low === undefined) return whole ? Math.ceil(high!) - 1 : high! - 1
  if (high === undefined) return whole ? Math.floor(low) + 1 : low + 1
  if (whole) return Math.floor(low) + 1 < high ? Math.floor(low) + 1 : null
  const middle = low + (high - low) / 2
  return middle > low && middle < high ? middle : null
}

/** Days since 0000-03-01 of the Gregorian calendar, by counting (Hinnant, chrono-compatible low-level date algorithms). */
export function dayNumber(text: string): number {
  const [y, m, d] = text.split('-').map(Number) as [number, number, number]
  const year = m <= 2 ? y - 1 : y
  const era = Math.floor(year / 400)
  const ofEra = year - era * 400
  const ofYear = Math.floor((153 * (m + (m > 2 ? -3 : 9)) + 2) / 5) + d - 1
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear
}

export function dayText(days: number): string {
  const era = Math.floor(days / 146_097)
  const ofEra = days - era * 146_097
  const year = Math.floor((ofEra - Math.floor(ofEra / 1_460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365)
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100))
  const shifted = Math.floor((5 * ofYear + 2) / 153)
  const day = ofYear - Math.floor((153 * shifted + 2) / 5) + 1
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  const shown = year + era * 400 + (month <= 2 ? 1 : 0)
  return `${String(shown).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/** A known value of any kind, for fields whose value decides nothing. */
export function anyValue(field: FieldInfo, atoms: Atoms | null): FieldValue {
  const value: FieldValue = atoms ? atoms.valueOf(Math.max(0, firstOf(atoms.precise))) : field.type === 'point' ? ([0, 0] as const) : '–'
  return isMissing(value) ? '–' : value
}
