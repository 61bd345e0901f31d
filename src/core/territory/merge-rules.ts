/**
 * Two people changed one rule 规则合并: line by line, as both would have written it. Lines that one side changed follow that side; a list of
 * values that both changed takes what each added and leaves out what each took away. Anything less certain is left to a person (null).
 */
import { canonical } from '../condition/canonical.ts'
import { type Condition, childrenOf, type Group, groupKind, isGroup } from '../condition/condition.ts'

const kindOf = (c: Condition): 'all' | 'any' | 'none' | null => (isGroup(c) ? groupKind(c) : null)
const hasValues = (c: Condition): c is Extract<Condition, { values: readonly string[] }> => 'values' in c && Array.isArray(c.values)

/** The rule that says both changes, or null when a person must choose. `base`: the rule both began with. */
export function mergeRules(base: Condition, mine: Condition, theirs: Condition): Condition | null {
  const same = (a: Condition, b: Condition) => canonical(a) === canonical(b)
  if (same(mine, theirs) || same(theirs, base)) return mine
  if (same(mine, base)) return theirs
  const any = [base, mine, theirs].every(c => kindOf(c) === 'any')
  const lines = [base, mine, theirs].map(c => linesOf(c, any ? 'any' : 'all'))
  const [old, left, right] = lines
  if (!old || !left || !right) return null
  const merged: Condition[] = []
  // In the order of theirs, then what mine adds.
  for (const key of new Set([...right.keys(), ...left.keys(), ...old.keys()])) {
    const line = mergeLine(old.get(key), left.get(key), right.get(key))
    if (line === null) return null
    if (line !== 'gone') merged.push(line)
  }
  // A rule without lines would take every customer: nobody meant that.
  if (merged.length === 0 || conflictingGroups(old, left, right)) return null
  return merged.length === 1 ? merged[0]! : any ? { any: merged } : { all: merged }
}

/** Lines by what they speak of; null when two lines of one rule speak of the same. */
function linesOf(condition: Condition, as: 'all' | 'any'): ReadonlyMap<string, Condition> | null {
  const lines = kindOf(condition) === as ? childrenOf(condition as Group) : [condition]
  const result = new Map<string, Condition>()
  for (const line of lines) {
    const key = isGroup(line) ? canonical(line) : `${line.field}/${line.op}`
    if (result.has(key)) return null
    result.set(key, line)
  }
  return result
}

function mergeLine(base: Condition | undefined, mine: Condition | undefined, theirs: Condition | undefined): Condition | 'gone' | null {
  const text = (c: Condition | undefined) => (c === undefined ? '' : canonical(c))
  if (text(mine) === text(theirs) || text(mine) === text(base)) return theirs ?? 'gone'
  if (text(theirs) === text(base)) return mine ?? 'gone'
  if (!mine || !theirs || !hasValues(mine) || !hasValues(theirs) || (base && !hasValues(base))) return null
  const before = new Set(base && hasValues(base) ? base.values : [])
  const [left, right] = [new Set(mine.values), new Set(theirs.values)]
  const values = [...new Set([...theirs.values, ...mine.values])].filter(v => (before.has(v) ? left.has(v) && right.has(v) : true))
  return values.length === 0 ? null : { ...theirs, values }
}

/** Both took away one nested group and each put another in its place: these are two opinions, not two additions. */
function conflictingGroups(
  old: ReadonlyMap<string, Condition>,
  left: ReadonlyMap<string, Condition>,
  right: ReadonlyMap<string, Condition>,
): boolean {
  const groups = (of: ReadonlyMap<string, Condition>) => [...of].filter(([, c]) => isGroup(c)).map(([key]) => key)
  const gone = groups(old).some(key => !left.has(key) && !right.has(key))
  const fresh = (of: ReadonlyMap<string, Condition>) => groups(of).filter(key => !old.has(key))
  return gone && fresh(left).length > 0 && fresh(right).length > 0 && fresh(left).join() !== fresh(right).join()
}
