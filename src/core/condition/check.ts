/**
 * Whether a condition means something: known fields, operators that fit the field's type, ordered ranges, closed rings. The answer names
 * each fault with its path (e.g. `all.2.values`), so that an editor can mark the line. A wrong condition is never stored.
 */
import { type Condition, childrenOf, type FieldType, groupKind, isGroup, type Predicate } from './condition.ts'
import type { Env } from './evaluate.ts'

export type Fault = { readonly path: string; readonly code: FaultCode; readonly field?: string; readonly value?: string }
export type FaultCode =
  | 'unknownField'
  | 'unfitOperator'
  | 'noValues'
  | 'unknownList'
  | 'emptyRange'
  | 'noRange'
  | 'wrongNumber'
  | 'wrongDate'
  | 'unknownValue'
  | 'wrongRing'
  | 'tooDeep'
  | 'tooMany'

type Op = Predicate['op']
const LISTED: readonly Op[] = ['in', 'notIn', 'inList', 'notInList', 'empty', 'notEmpty']
const FITS: Readonly<Record<FieldType, readonly Op[]>> = {
  text: [...LISTED, 'contains', 'startsWith'],
  number: ['between', 'empty', 'notEmpty'],
  date: ['between', 'empty', 'notEmpty'],
  option: LISTED,
  options: LISTED,
  flag: ['in', 'notIn', 'empty', 'notEmpty'],
  division: LISTED,
  industry: LISTED,
  account: LISTED,
  user: LISTED,
  point: ['within', 'inside', 'empty', 'notEmpty'],
}
export const operatorsFor = (type: FieldType): readonly Op[] => FITS[type]

const MAX_DEPTH = 12
const MAX_PREDICATES = 5000
const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/

/** `knows` tells whether a value exists for a field (a division's code, an option's key); left out, values are not looked up. */
export function checkCondition(condition: Condition, env: Env, knows?: (field: string, value: string) => boolean): readonly Fault[] {
  const faults: Fault[] = []
  let predicates = 0
  const visit = (c: Condition, path: string, depth: number): void => {
    if (depth > MAX_DEPTH) {
      faults.push({ path, code: 'tooDeep' })
      return
    }
    if (isGroup(c)) {
      const kind = groupKind(c)
      for (const [i, child] of childrenOf(c).entries()) visit(child, path ? `${path}.${kind}.${i}` : `${kind}.${i}`, depth + 1)
      return
    }
    predicates += 1
    if (predicates === MAX_PREDICATES + 1) faults.push({ path, code: 'tooMany' })
    faults.push(...checkPredicate(c, path, env, knows))
  }
  visit(condition, '', 0)
  return faults
}

function checkPredicate(p: Predicate, path: string, env: Env, knows?: (field: string, value: string) => boolean): readonly Fault[] {
  const field = env.fields.get(p.field)
  if (!field) return [{ path, code: 'unknownField', field: p.field }]
  if (!FITS[field.type].includes(p.op)) return [{ path, code: 'unfitOperator', field: p.field, value: p.op }]
  const fault = (code: FaultCode, value?: string): Fault => ({ path, code, field: p.field, ...(value === undefined ? {} : { value }) })
  if (p.op === 'in' || p.op === 'notIn') {
    if (p.values.length === 0) return [fault('noValues')]
    return knows
      ? p.values
          .filter(v => !knows(p.field, v))
          .slice(0, 20)
          .map(v => fault('unknownValue', v))
      : []
  }
  if (p.op === 'inList' || p.op === 'notInList') return env.lists.has(p.list) ? [] : [fault('unknownList', p.list)]
  if (p.op === 'between') return checkRange(p, field.type, fault)
  if (p.op === 'inside') {
    const closed = p.rings.every(r => r.length >= 4 && r[0]![0] === r.at(-1)![0] && r[0]![1] === r.at(-1)![1])
    return closed ? [] : [fault('wrongRing')]
  }
  return []
}

/** A day that the calendar has: 30 February is none. */
function isDate(text: string): boolean {
  if (!DATE.test(text)) return false
  const [year, month, day] = text.split('-').map(Number) as [number, number, number]
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  return day <= [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!
}

function checkRange(
  p: { readonly min?: number | string; readonly max?: number | string },
  type: FieldType,
  fault: (code: FaultCode, value?: string) => Fault,
): readonly Fault[] {
  if (p.min === undefined && p.max === undefined) return [fault('noRange')]
  for (const end of [p.min, p.max]) {
    if (end === undefined) continue
    if (type === 'number' && (typeof end !== 'number' || !Number.isFinite(end))) return [fault('wrongNumber', String(end))]
    if (type === 'date' && !(typeof end === 'string' && isDate(end))) return [fault('wrongDate', String(end))]
  }
  return p.min !== undefined && p.max !== undefined && p.min > p.max ? [fault('emptyRange')] : []
}
