/**
 * Disjunctive normal form: a rule as a list of conjunctions of literals, negation pushed down to the predicates (NNF first). Beyond
 * MAX_CONJUNCTIONS the blow-up is not worth it: the caller indexes the rule's top-level conjuncts alone and checks the rest record by record.
 */
import { type Condition, childrenOf, groupKind, isGroup, type Predicate } from './condition.ts'

export type Literal = { readonly predicate: Predicate; readonly negated: boolean }
export type Conjunction = readonly Literal[]

export const MAX_CONJUNCTIONS = 256

/** null when the form would have more than MAX_CONJUNCTIONS members. */
export function toDnf(condition: Condition, negated = false): readonly Conjunction[] | null {
  if (!isGroup(condition)) return [[{ predicate: condition, negated }]]
  const kind = groupKind(condition)
  // none(a, b) = not a and not b; its negation, and the negation of all, are disjunctions.
  const conjunctive = kind === 'all' ? !negated : kind === 'none' ? !negated : negated
  const childNegated = kind === 'none' ? !negated : negated
  let result: readonly Conjunction[] = conjunctive ? [[]] : []
  for (const child of childrenOf(condition)) {
    const form = toDnf(child, childNegated)
    if (form === null) return null
    if (conjunctive) {
      if (result.length * form.length > MAX_CONJUNCTIONS) return null
      result = result.flatMap(left => form.map(right => [...left, ...right]))
    } else {
      if (result.length + form.length > MAX_CONJUNCTIONS) return null
      result = [...result, ...form]
    }
  }
  return result
}

/** The literals that must hold whatever the rest says: what an index may use when the full form is too large. */
export function necessaryLiterals(condition: Condition, negated = false): Conjunction {
  if (!isGroup(condition)) return [{ predicate: condition, negated }]
  const kind = groupKind(condition)
  const conjunctive = kind === 'all' ? !negated : kind === 'none' ? !negated : negated
  if (!conjunctive)
    return childrenOf(condition).length === 1 ? necessaryLiterals(childrenOf(condition)[0]!, kind === 'none' ? !negated : negated) : []
  return childrenOf(condition).flatMap(child => necessaryLiterals(child, kind === 'none' ? !negated : negated))
}
