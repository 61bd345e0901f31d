/**
 * One field of the rule index: for each class of values a bit vector of the conjunctions that accept it. Values that no rule tells apart
 * share a row, so the table grows with the rules and not with the records. Row 0: missing, strictly; row 1: missing, "could match".
 */
import type { FieldInfo, FieldValue, Predicate } from './condition.ts'
import { type Env, isMissing, normaliseText, setOf } from './evaluate.ts'
import type { Literal } from './normal-form.ts'

/** What one conjunction asks of one field. */
export type Ask = {
  positive: ReadonlySet<string> | null
  negative: Set<string> | null
  presence: 'any' | 'missing' | 'present' | 'never'
  ranges: { readonly literal: Literal }[]
}

export type FieldTable = {
  readonly key: string
  readonly words: number
  bits: Uint32Array
  rows: number
  /** The row of a value; makes it when its class is new. */
  readonly rowOf: (value: FieldValue) => number
  /** Numbers: the ascending cut points, and the row of each elementary interval (below cuts[0], on it, between it and cuts[1], …). */
  readonly cuts: Float64Array
  readonly rowsOfIntervals: () => Int32Array
  readonly asks: number
}

/** Whether a literal can be answered by a table; the rest is checked record by record. */
export function isIndexable(literal: Literal, env: Env): boolean {
  const { op } = literal.predicate
  const field = env.fields.get(literal.predicate.field)
  // A value list that is gone leaves the predicate unknown whatever the value: no table can say that.
  if (!field || ('list' in literal.predicate && !env.lists.has(literal.predicate.list))) return false
  if (op === 'empty' || op === 'notEmpty') return true
  if (field.type === 'options' || field.type === 'point') return false
  return op === 'in' || op === 'notIn' || op === 'inList' || op === 'notInList' || op === 'between'
}

export const NEVER: Ask = { positive: null, negative: null, presence: 'never', ranges: [] }

/** What each conjunction asks of this field; null is a place left empty, which no value takes. */
export function makeFieldTable(field: FieldInfo, conjunctions: readonly (readonly Literal[] | null)[], env: Env): FieldTable {
  const words = Math.max(1, Math.ceil(conjunctions.length / 32))
  const asks = conjunctions.map(literals => (literals === null ? NEVER : askOf(field, literals, env)))
  const hierarchical = field.type === 'division' || field.type === 'industry'
  const chainOf = (value: string): readonly string[] =>
    hierarchical ? [value, ...env.hierarchies.ancestors(field.type as 'division', value)] : [field.type === 'text' ? normaliseText(value) : value]

  const positives = new Map<string, number[]>()
  const negatives = new Map<string, number[]>()
  const mention = (map: Map<string, number[]>, code: string, conjunction: number) => {
    const list = map.get(code)
    if (list) list.push(conjunction)
    else map.set(code, [conjunction])
  }
  const base = new Uint32Array(words)
  const ranged: number[] = []
  const cuts = new Set<number>()
  let asked = 0
  for (const [c, ask] of asks.entries()) {
    if (!ask) {
      set(base, c)
      continue
    }
    asked += 1
    for (const code of ask.positive ?? []) mention(positives, code, c)
    for (const code of ask.negative ?? []) mention(negatives, code, c)
    if (ask.ranges.length) ranged.push(c)
    for (const { literal } of ask.ranges) {
      const p = literal.predicate as { min?: number | string; max?: number | string }
      for (const end of [p.min, p.max]) if (typeof end === 'number') cuts.add(end)
    }
    if (!ask.positive && takesValues(ask) && ask.ranges.length === 0) set(base, c)
  }
  const sortedCuts = Float64Array.from([...cuts].sort((a, b) => a - b))
  const table = { key: field.key, words, bits: new Uint32Array(words * 8), rows: 0, asks: asked }

  const push = (row: Uint32Array): number => {
    if ((table.rows + 1) * words > table.bits.length) {
      const larger = new Uint32Array(table.bits.length * 2)
      larger.set(table.bits)
      table.bits = larger
    }
    table.bits.set(row, table.rows * words)
    table.rows += 1
    return table.rows - 1
  }
  const strict = new Uint32Array(words)
  const hopeful = new Uint32Array(words)
  for (const [c, ask] of asks.entries()) {
    const asksValue = ask !== null && (ask.positive !== null || ask.negative !== null || ask.ranges.length > 0)
    const takesMissing = !ask || ask.presence === 'any' || ask.presence === 'missing'
    if (takesMissing && !asksValue) set(strict, c)
    if (takesMissing) set(hopeful, c)
  }
  push(strict)
  push(hopeful)

  const fill = (row: Uint32Array, value: FieldValue): void => {
    for (const c of ranged) if (asks[c]!.ranges.every(r => inRange(r.literal, value)) && !asks[c]!.positive && takesValues(asks[c]!)) set(row, c)
  }
  const byClass = new Map<string, number>()
  const rowOfCode = (value: FieldValue): number => {
    const chain = chainOf(String(value)).filter(code => positives.has(code) || negatives.has(code))
    const key = ranged.length ? `${String(value)}\u0001${chain.join('\u0001')}` : chain.join('\u0001')
    const known = byClass.get(key)
    if (known !== undefined) return known
    const row = base.slice()
    fill(row, value)
    for (const code of chain) for (const c of positives.get(code) ?? []) if (takesValues(asks[c]!)) set(row, c)
    for (const code of chain) for (const c of negatives.get(code) ?? []) row[c >>> 5]! &= ~(1 << (c & 31))
    const made = push(row)
    byClass.set(key, made)
    return made
  }
  // Elementary intervals: below the first cut, on it, between it and the next …
  const byInterval = new Int32Array(sortedCuts.length * 2 + 1).fill(-1)
  const rowOfInterval = (interval: number): number => {
    if (byInterval[interval]! < 0) {
      const row = base.slice()
      fill(row, sampleOf(sortedCuts, interval))
      byInterval[interval] = push(row)
    }
    return byInterval[interval]!
  }
  const rowOfNumber = (value: number): number => (Number.isNaN(value) ? 0 : rowOfInterval(intervalOf(sortedCuts, value)))
  const rowOf = (value: FieldValue): number => (isMissing(value) ? 0 : field.type === 'number' ? rowOfNumber(Number(value)) : rowOfCode(value))
  return Object.assign(table, { rowOf, cuts: sortedCuts, rowsOfIntervals: () => byInterval.map((_, k) => rowOfInterval(k)) })
}

/** The elementary interval of a number: 2k + 1 on the cut k, 2k below it. */
export function intervalOf(cuts: Float64Array, value: number): number {
  let low = 0
  let high = cuts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (cuts[middle]! < value) low = middle + 1
    else high = middle
  }
  return low < cuts.length && cuts[low] === value ? low * 2 + 1 : low * 2
}

/** A number inside an elementary interval; an interval without a number between its ends holds nobody, and any answer will do. */
function sampleOf(cuts: Float64Array, interval: number): number {
  const k = interval >>> 1
  if (interval & 1) return cuts[k]!
  if (cuts.length === 0) return 0
  if (k === 0) return Number.NEGATIVE_INFINITY
  return k === cuts.length ? Number.POSITIVE_INFINITY : cuts[k - 1]! + (cuts[k]! - cuts[k - 1]!) / 2
}

export const takesValues = (ask: Ask): boolean => ask.presence === 'any' || ask.presence === 'present'

export const set = (row: Uint32Array, c: number): void => {
  row[c >>> 5]! |= 1 << (c & 31)
}

export function askOf(field: FieldInfo, literals: readonly Literal[], env: Env): Ask | null {
  if (literals.length === 0) return null
  const ask: Ask = { positive: null, negative: null, presence: 'any', ranges: [] }
  for (const literal of literals) {
    const p = literal.predicate
    if (p.op === 'between') ask.ranges.push({ literal })
    else if (p.op === 'empty' || p.op === 'notEmpty') {
      const presence = (p.op === 'empty') !== literal.negated ? 'missing' : 'present'
      // Empty and not empty at once: nothing satisfies it.
      ask.presence = ask.presence === 'any' || ask.presence === presence ? presence : 'never'
    } else {
      const values = valuesOf(field, p, env)
      const wants = (p.op === 'in' || p.op === 'inList') !== literal.negated
      if (wants) ask.positive = ask.positive ? intersect(field, ask.positive, values, env) : values
      else {
        ask.negative ??= new Set()
        for (const v of values) ask.negative.add(v)
      }
    }
  }
  return ask
}

function valuesOf(field: FieldInfo, p: Predicate, env: Env): ReadonlySet<string> {
  const raw = p.op === 'inList' || p.op === 'notInList' ? env.lists.get(p.list)! : setOf((p as { values: readonly string[] }).values)
  return field.type === 'text' ? new Set([...raw].map(normaliseText)) : raw
}

/** Values at or below a code of both sets. */
function intersect(field: FieldInfo, a: ReadonlySet<string>, b: ReadonlySet<string>, env: Env): ReadonlySet<string> {
  if (field.type !== 'division' && field.type !== 'industry') return new Set([...a].filter(v => b.has(v)))
  const type = field.type
  const within = (v: string, other: ReadonlySet<string>) => other.has(v) || env.hierarchies.ancestors(type, v).some(code => other.has(code))
  return new Set([...[...a].filter(v => within(v, b)), ...[...b].filter(v => within(v, a))])
}

function inRange(literal: Literal, value: FieldValue): boolean {
  const { min, max } = literal.predicate as { min?: number | string; max?: number | string }
  const inside = (min === undefined || (value as number) >= (min as number)) && (max === undefined || (value as number) <= (max as number))
  return inside !== literal.negated
}
