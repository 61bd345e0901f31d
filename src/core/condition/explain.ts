/** Criterion by criterion: what a rule asked of one record, what it saw, and whether it held. Computed by the plain evaluator. */
import { type Condition, childrenOf, type Facts, type FieldValue, groupKind, isGroup } from './condition.ts'
import { type Env, evaluate, type Verdict } from './evaluate.ts'

export type Line = { readonly path: string; readonly condition: Condition }
export type Criterion = Line & { readonly verdict: Verdict; readonly seen: { readonly field: string; readonly value: FieldValue } | null }

/** The lines of a rule: its top-level conjuncts. A rule that is one predicate, or a disjunction, is one line. */
export function linesOf(condition: Condition, path = ''): readonly Line[] {
  if (!isGroup(condition) || groupKind(condition) !== 'all') return [{ path, condition }]
  return childrenOf(condition).flatMap((child, i) => linesOf(child, path ? `${path}.all.${i}` : `all.${i}`))
}

export function explain(condition: Condition, facts: Facts, env: Env): readonly Criterion[] {
  return linesOf(condition).map(line => ({ ...line, verdict: evaluate(line.condition, facts, env), seen: seenBy(line.condition, facts) }))
}

function seenBy(condition: Condition, facts: Facts): Criterion['seen'] {
  if (!isGroup(condition)) return { field: condition.field, value: facts[condition.field] ?? null }
  const children = childrenOf(condition)
  const fields = new Set(children.map(c => (isGroup(c) ? null : c.field)))
  const only = fields.size === 1 ? [...fields][0] : null
  return only ? { field: only, value: facts[only] ?? null } : null
}

/** Every field that a condition reads. */
export function fieldsOf(condition: Condition): ReadonlySet<string> {
  if (!isGroup(condition)) return new Set([condition.field])
  return new Set(childrenOf(condition).flatMap(child => [...fieldsOf(child)]))
}

/** Codes of divisions that a condition names positively: the shape that a territory takes on the map. */
export function divisionsNamed(condition: Condition): readonly string[] {
  if (!isGroup(condition)) return condition.op === 'in' && condition.field === 'division' ? condition.values : []
  return groupKind(condition) === 'none' ? [] : childrenOf(condition).flatMap(divisionsNamed)
}
