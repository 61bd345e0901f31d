/**
 * A rule as somebody reads it to whom a field is hidden: the criterion is there, its values are not, because an account that stands in the
 * territory would tell by them what its field holds. A masked criterion keeps its place among the hidden ones of the stored rule, so that
 * the rest of the rule can be changed around it and what others wrote comes back word for word.
 */
import { type Condition, childrenOf, groupKind, isGroup, type Predicate } from './condition.ts'

export type Hides = (field: string) => boolean
const MARK = /^•••(\d{1,4})$/

/** The number under which a masked criterion stands for one of the stored rule; null for any other criterion. */
export function maskOf(p: Predicate): number | null {
  const mark = p.op === 'in' && p.values.length === 1 ? MARK.exec(p.values[0]!) : null
  return mark ? Number(mark[1]) : null
}

export const predicatesOf = (condition: Condition): readonly Predicate[] =>
  isGroup(condition) ? childrenOf(condition).flatMap(predicatesOf) : [condition]
export const readsHidden = (condition: Condition, hides: Hides): boolean => predicatesOf(condition).some(p => hides(p.field))

const rebuilt = (condition: Condition, change: (p: Predicate) => Condition): Condition =>
  isGroup(condition) ? ({ [groupKind(condition)]: childrenOf(condition).map(c => rebuilt(c, change)) } as unknown as Condition) : change(condition)

export function masked(condition: Condition, hides: Hides): Condition {
  let n = 0
  return rebuilt(condition, p => {
    if (!hides(p.field)) return p
    n += 1
    return { field: p.field, op: 'in', values: [`•••${n - 1}`] }
  })
}

/** Masks become what they stand for. The field named first that is hidden and no mask of this rule, where there is one, refuses all of it. */
export function unmasked(
  condition: Condition,
  stored: Condition | null,
  hides: Hides,
): { readonly condition: Condition; readonly refused: null } | { readonly condition: null; readonly refused: string } {
  const hidden = stored ? predicatesOf(stored).filter(p => hides(p.field)) : []
  let refused: string | null = null
  const whole = rebuilt(condition, p => {
    if (!hides(p.field)) return p
    const at = maskOf(p)
    const original = at === null ? undefined : hidden[at]
    if (original?.field === p.field) return original
    refused ??= p.field
    return p
  })
  return refused === null ? { condition: whole, refused: null } : { condition: null, refused }
}
