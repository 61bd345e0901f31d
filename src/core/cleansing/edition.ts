/**
 * A new edition of the divisions 区划新版: what happened to a code that is no more, and what follows for rules that name it. A rule about an
 * area that was divided takes all of its parts until somebody says otherwise: no customer falls out of a territory by a decree.
 */
import { type Condition, childrenOf, groupKind, isGroup } from '../condition/condition.ts'
import type { Division } from '../geography/divisions.ts'

export type Change = 'recode' | 'merge' | 'split' | 'abolished'

/** `list`: every division of the table, the current ones and those that were. */
export function changesOf(list: readonly Division[]): ReadonlyMap<string, Change> {
  const into = new Map<string, number>()
  for (const d of list) if (d.status === 'retired') for (const s of d.successors) into.set(s, (into.get(s) ?? 0) + 1)
  return new Map(
    list
      .filter(d => d.status === 'retired')
      .map(d => [
        d.code,
        d.successors.length === 0 ? 'abolished' : d.successors.length > 1 ? 'split' : into.get(d.successors[0]!)! > 1 ? 'merge' : 'recode',
      ]),
  )
}

/** Code that was → codes that take its place, in rules and lists. */
export type Mapping = ReadonlyMap<string, readonly string[]>

export const mapCodes = (codes: readonly string[], mapping: Mapping): readonly string[] => [...new Set(codes.flatMap(c => mapping.get(c) ?? [c]))]
export const namesAny = (codes: readonly string[], mapping: ReadonlyMap<string, unknown>): boolean => codes.some(c => mapping.has(c))

/** Abolished codes that a rule names in fields of divisions. */
export function codesIn(condition: Condition, fields: ReadonlySet<string>): readonly string[] {
  if (isGroup(condition)) return childrenOf(condition).flatMap(c => codesIn(c, fields))
  return 'values' in condition && fields.has(condition.field) ? condition.values : []
}

/** The rule with its codes replaced; the very same rule where it names none of them. */
export function mapCondition(condition: Condition, fields: ReadonlySet<string>, mapping: Mapping): Condition {
  if (isGroup(condition)) {
    const before = childrenOf(condition)
    const after = before.map(c => mapCondition(c, fields, mapping))
    if (after.every((c, i) => c === before[i])) return condition
    const kind = groupKind(condition)
    return kind === 'all' ? { all: after } : kind === 'any' ? { any: after } : { none: after }
  }
  if (!('values' in condition) || !fields.has(condition.field) || !namesAny(condition.values, mapping)) return condition
  return { ...condition, values: mapCodes(condition.values, mapping) }
}
