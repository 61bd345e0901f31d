/** A condition as one text that does not depend on the order of keys: the database keeps them in another order than whoever wrote them, and a rule that says the same is no new version. */
import { type Condition, childrenOf, groupKind, isGroup } from './condition.ts'

export function canonical(condition: Condition): string {
  if (isGroup(condition)) return `{"${groupKind(condition)}":[${childrenOf(condition).map(canonical).join(',')}]}`
  const known = Object.entries(condition).filter(([, value]) => value !== undefined)
  return JSON.stringify(Object.fromEntries(known.sort(([a], [b]) => (a < b ? -1 : 1))))
}
