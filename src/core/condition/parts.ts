/**
 * The parts of a rule, each with what is left after it: the rule read from the top down to this criterion, groups cut off behind it. So an
 * editor can say at every line how many accounts remain, inside groups too. Paths are those of check.ts.
 */
import { type Condition, childrenOf, type Group, groupKind, isGroup, type Predicate } from './condition.ts'

export type Part = {
  readonly path: string
  readonly predicate: Predicate
  /** The rule up to and with this criterion. */
  readonly upTo: Condition
  /** Alternatives of an "any" add accounts, everything else takes some away. */
  readonly adds: boolean
}

const group = (kind: 'all' | 'any' | 'none', children: readonly Condition[]): Group => ({ [kind]: children }) as unknown as Group

/** At most `limit` parts: each costs one more rule to match, and nobody reads further. */
export function partsOf(condition: Condition, limit: number): readonly Part[] {
  const parts: Part[] = []
  const visit = (c: Condition, path: string, wrap: (inner: Condition) => Condition, adds: boolean): void => {
    if (parts.length >= limit) return
    if (!isGroup(c)) {
      parts.push({ path, predicate: c, upTo: wrap(c), adds })
      return
    }
    const kind = groupKind(c)
    const children = childrenOf(c)
    for (const [i, child] of children.entries())
      visit(
        child,
        path ? `${path}.${kind}.${i}` : `${kind}.${i}`,
        inner => wrap(group(kind, [...children.slice(0, i), inner])),
        kind === 'any' ? i > 0 : false,
      )
  }
  visit(condition, '', inner => inner, false)
  return parts
}
