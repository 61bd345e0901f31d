/**
 * What is missing 缺什么: for an account that no territory takes but some could, the fields whose values would decide it. Read from the
 * rules that are still possible, so that the list names what to fill in, not everything that is empty.
 */
import { type Condition, childrenOf, type Facts, isGroup } from '../condition/condition.ts'
import { evaluate, isMissing } from '../condition/evaluate.ts'
import type { CompiledModel } from './compile.ts'

export type Missing = { readonly fields: readonly string[]; readonly territoryIds: readonly string[] }

const SHOWN = 3

export function missingOf(compiled: CompiledModel, facts: Facts): Missing {
  const possible = compiled.index
    .match(facts, true)
    .map(i => compiled.takers[i]!)
    .filter(t => t.exclusive)
  const counts = new Map<string, number>()
  for (const taker of possible) {
    const fields = new Set<string>()
    gather(taker.node.effective!, facts, compiled, fields)
    for (const field of fields) counts.set(field, (counts.get(field) ?? 0) + 1)
  }
  return {
    fields: [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([field]) => field),
    territoryIds: possible.slice(0, SHOWN).map(t => t.territoryId),
  }
}

/** Fields of the parts that are unknown because a value is missing. */
function gather(condition: Condition, facts: Facts, compiled: CompiledModel, into: Set<string>): void {
  if (evaluate(condition, facts, compiled.env) !== 'unknown') return
  if (isGroup(condition)) for (const child of childrenOf(condition)) gather(child, facts, compiled, into)
  else if (isMissing(facts[condition.field])) into.add(condition.field)
}
