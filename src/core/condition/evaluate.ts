/**
 * Whether a condition holds for one record, in three values (Kleene): a predicate on a missing value is unknown, and so is its negation,
 * unless the rule asks "is empty" 为空. A record matches only on `yes`; `unknown` means that a value now missing could decide it (判不了).
 */

import {
  type Condition,
  childrenOf,
  type Facts,
  type FieldInfo,
  type FieldValue,
  groupKind,
  type Hierarchies,
  isGroup,
  type Lists,
  type Predicate,
} from './condition.ts'
import { distanceKm } from './distance.ts'

export type Verdict = 'yes' | 'no' | 'unknown'
export type Env = { readonly fields: ReadonlyMap<string, FieldInfo>; readonly hierarchies: Hierarchies; readonly lists: Lists }

export const normaliseText = (text: string): string => text.normalize('NFKC').toLowerCase()

export const isMissing = (value: FieldValue): value is null | undefined | '' =>
  value === null ||
  value === undefined ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (typeof value === 'number' && Number.isNaN(value))

const not = (v: Verdict): Verdict => (v === 'yes' ? 'no' : v === 'no' ? 'yes' : 'unknown')

export function evaluate(condition: Condition, facts: Facts, env: Env): Verdict {
  if (!isGroup(condition)) return evaluatePredicate(condition, facts[condition.field], env)
  const kind = groupKind(condition)
  let unknown = false
  for (const child of childrenOf(condition)) {
    const verdict = evaluate(child, facts, env)
    if (kind === 'all' ? verdict === 'no' : verdict === 'yes') return kind === 'any' ? 'yes' : 'no'
    if (verdict === 'unknown') unknown = true
  }
  if (unknown) return 'unknown'
  return kind === 'any' ? 'no' : 'yes'
}

export function evaluatePredicate(p: Predicate, value: FieldValue, env: Env): Verdict {
  if (p.op === 'empty') return isMissing(value) ? 'yes' : 'no'
  if (p.op === 'notEmpty') return isMissing(value) ? 'no' : 'yes'
  // A rule on a field that no longer exists takes nothing: it can neither hold nor be denied.
  const field = env.fields.get(p.field)
  if (!field || isMissing(value)) return 'unknown'
  if (p.op === 'inList' || p.op === 'notInList') {
    const list = env.lists.get(p.list)
    if (!list) return 'unknown'
    const verdict = isOneOf(field, value, list, env)
    return p.op === 'inList' ? verdict : not(verdict)
  }
  if (p.op === 'in' || p.op === 'notIn') {
    const verdict = isOneOf(field, value, setOf(p.values), env)
    return p.op === 'in' ? verdict : not(verdict)
  }
  if (p.op === 'between') return isBetween(p, value)
  if (p.op === 'contains') return normaliseText(String(value)).includes(normaliseText(p.text)) ? 'yes' : 'no'
  if (p.op === 'startsWith') return normaliseText(String(value)).startsWith(normaliseText(p.text)) ? 'yes' : 'no'
  const [lng, lat] = value as readonly [number, number]
  if (p.op === 'within') return distanceKm(lng, lat, p.lng, p.lat) <= p.km ? 'yes' : 'no'
  return isInside(lng, lat, (p as Extract<Predicate, { op: 'inside' }>).rings) ? 'yes' : 'no'
}

/** Lists of 10,000s of values are turned into a set once. */
const SETS = new WeakMap<readonly string[], ReadonlySet<string>>()
export function setOf(values: readonly string[]): ReadonlySet<string> {
  let set = SETS.get(values)
  if (!set) {
    set = new Set(values)
    SETS.set(values, set)
  }
  return set
}

function isOneOf(field: FieldInfo, value: FieldValue, set: ReadonlySet<string>, env: Env): Verdict {
  if (Array.isArray(value)) return value.some(v => set.has(String(v))) ? 'yes' : 'no'
  const own = String(value)
  if (set.has(own)) return 'yes'
  if (field.type === 'division' || field.type === 'industry') {
    return env.hierarchies.ancestors(field.type, own).some(code => set.has(code)) ? 'yes' : 'no'
  }
  if (field.type === 'text') {
    const normal = normaliseText(own)
    for (const candidate of set) if (normaliseText(candidate) === normal) return 'yes'
  }
  return 'no'
}

function isBetween(p: { readonly min?: number | string; readonly max?: number | string }, value: FieldValue): Verdict {
  // Dates are ISO text: their order is that of the text.
  const seen = typeof value === 'number' ? value : typeof value === 'string' && typeof (p.min ?? p.max) === 'number' ? Number(value) : value
  const low = p.min === undefined || (seen as number) >= (p.min as number)
  const high = p.max === undefined || (seen as number) <= (p.max as number)
  return low && high ? 'yes' : 'no'
}

/** Even-odd over all rings, so that holes are outside. A point on a border that two areas share belongs to exactly one of them: the one to its right, the upper one on a level edge. */
export function isInside(x: number, y: number, rings: readonly (readonly (readonly [number, number])[])[]): boolean {
  let inside = false
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const a = ring[i]!
      const b = ring[j]!
      if (a[1] > y === b[1] > y) continue
      // Always reckoned from the lower end: two areas that share an edge draw it in opposite directions and must agree to the last bit.
      const [[xa, ya], [xb, yb]] = a[1] < b[1] ? [a, b] : [b, a]
      if (x < ((xb - xa) * (y - ya)) / (yb - ya) + xa) inside = !inside
    }
  }
  return inside
}
