/**
 * Why 因, why not, and what would change it: computed by the plain evaluator for one record, criterion by criterion, so that a rep can read
 * why a customer stands where it stands, where every other territory failed, and the smallest change of one field that would move it.
 */
import type { Facts, FieldValue, Predicate } from '../condition/condition.ts'
import { isGroup } from '../condition/condition.ts'
import { evaluate, type Verdict } from '../condition/evaluate.ts'
import { compareIds } from '../kernel/id.ts'
import { type RuleLine, ruleLines } from '../territory/hierarchy.ts'
import { type CompiledModel, type Match, matchOne, type Taker } from './compile.ts'

export type WhyLine = RuleLine & { readonly verdict: Verdict; readonly seen: { readonly field: string; readonly value: FieldValue } | null }
export type Loser = {
  readonly territoryId: string
  /** outranked: held too, but goes after; tied: equal in every rank; failed: a criterion did not hold; unknown: a value is missing. */
  readonly kind: 'outranked' | 'tied' | 'failed' | 'unknown'
  readonly failed: readonly WhyLine[]
  readonly by: 'precedence' | 'depth' | 'priority' | null
}
export type Counterfactual = { readonly field: string; readonly value: FieldValue; readonly line: WhyLine; readonly territoryId: string }
export type Why = {
  readonly match: Match
  readonly criteria: readonly WhyLine[]
  readonly losers: readonly Loser[]
  readonly counterfactuals: readonly Counterfactual[]
  readonly compared: number
}

const LOSERS = 8

/** `asked`: a territory the reader wants to see even when it is far off. */
export function explainMatch(compiled: CompiledModel, facts: Facts, asked: string | null = null): Why {
  const match = matchOne(compiled, facts)
  const winner = compiled.takers.find(t => t.territoryId === match.territoryId) ?? null
  const judged = compiled.takers.filter(t => t.exclusive && t !== winner).map(taker => judge(compiled, taker, winner, facts))
  const order = { tied: 0, outranked: 1, unknown: 2, failed: 3 } as const
  const sorted = [...judged].sort(
    (a, b) => order[a.kind] - order[b.kind] || a.failed.length - b.failed.length || compareIds(a.territoryId, b.territoryId),
  )
  // An ancestor of the winner holds by necessity and says nothing; near misses say most.
  const ancestors = new Set(winner ? compiled.hierarchy.byId.get(winner.territoryId)!.ancestorIds : [])
  const losers = sorted
    .filter(l => l.territoryId === asked || (!ancestors.has(l.territoryId) && (l.kind !== 'failed' || isNear(l, facts, compiled))))
    .slice(0, LOSERS)
  const shown = asked !== null && !losers.some(l => l.territoryId === asked) ? [...losers, ...judged.filter(l => l.territoryId === asked)] : losers
  return {
    match,
    criteria: winner ? linesFor(compiled, winner.territoryId, facts) : [],
    losers: shown,
    counterfactuals: counterfactualsOf(compiled, facts, match, shown),
    compared: compiled.takers.length,
  }
}

/** One criterion away. A rule of another province is no near miss, though only its one line fails: every province would be listed. */
function isNear(loser: Loser, facts: Facts, compiled: CompiledModel): boolean {
  const line = loser.failed.length === 1 ? loser.failed[0]! : null
  if (!line) return false
  const p = line.condition
  if (isGroup(p) || p.op !== 'in' || compiled.env.fields.get(p.field)?.type !== 'division') return true
  const province = String(facts[p.field] ?? '').slice(0, 2)
  return p.values.some(v => v.startsWith(province))
}

export function linesFor(compiled: CompiledModel, territoryId: string, facts: Facts): readonly WhyLine[] {
  return ruleLines(compiled.hierarchy, territoryId).map(line => ({
    ...line,
    verdict: evaluate(line.condition, facts, compiled.env),
    seen: isGroup(line.condition) ? null : { field: line.condition.field, value: facts[line.condition.field] ?? null },
  }))
}

function judge(compiled: CompiledModel, taker: Taker, winner: Taker | null, facts: Facts): Loser {
  const failed = linesFor(compiled, taker.territoryId, facts).filter(line => line.verdict !== 'yes')
  if (failed.length > 0)
    return { territoryId: taker.territoryId, kind: failed.every(l => l.verdict === 'unknown') ? 'unknown' : 'failed', failed, by: null }
  if (winner && taker.rank === winner.rank) return { territoryId: taker.territoryId, kind: 'tied', failed, by: null }
  const by =
    !winner || taker.type.precedence !== winner.type.precedence ? 'precedence' : taker.node.depth !== winner.node.depth ? 'depth' : 'priority'
  return { territoryId: taker.territoryId, kind: 'outranked', failed, by }
}

/** One field changed so that a near miss would hold, kept only when that territory would then really win. */
function counterfactualsOf(compiled: CompiledModel, facts: Facts, match: Match, losers: readonly Loser[]): readonly Counterfactual[] {
  const result: Counterfactual[] = []
  for (const loser of losers) {
    const line = loser.failed.length === 1 ? loser.failed[0]! : null
    if (!line || isGroup(line.condition)) continue
    const value = valueSatisfying(line.condition, facts[line.condition.field], compiled)
    if (value === undefined) continue
    const changed = matchOne(compiled, { ...facts, [line.condition.field]: value })
    if (changed.territoryId === loser.territoryId && changed.territoryId !== match.territoryId)
      result.push({ field: line.condition.field, value, line, territoryId: loser.territoryId })
  }
  return result.slice(0, 3)
}

/** The nearest value that makes the predicate hold; undefined where none can be named. */
function valueSatisfying(p: Predicate, seen: FieldValue, compiled: CompiledModel): FieldValue | undefined {
  switch (p.op) {
    case 'in':
      return p.values[0]
    case 'inList':
      return [...(compiled.env.lists.get(p.list) ?? [])][0]
    case 'between':
      return p.min !== undefined && (seen === null || seen === undefined || (seen as number) < (p.min as number)) ? p.min : p.max
    case 'empty':
      return null
    default:
      return undefined
  }
}
