/**
 * A model made ready for matching: the index over every territory that takes accounts, and each one's rank. Who wins 胜出 inside the
 * exclusive layer: type precedence, then the deeper territory, then the higher priority; what is equal in all three is contested 重叠
 * and goes to the territory with the lowest id until somebody decides. Overlays never compete.
 */
import type { Facts } from '../condition/condition.ts'
import type { Env } from '../condition/evaluate.ts'
import { indexRules, type RuleIndex } from '../condition/index-rules.ts'
import { compareIds } from '../kernel/id.ts'
import { buildHierarchy, type Hierarchy, type Node } from '../territory/hierarchy.ts'
import type { Member, Model, TerritoryType } from '../territory/model.ts'

export type Taker = {
  readonly territoryId: string
  readonly node: Node
  readonly type: TerritoryType
  readonly exclusive: boolean
  /** Smaller goes first; equal ranks contest each other. */
  readonly rank: number
}
export type CompiledModel = {
  readonly modelId: string
  readonly hierarchy: Hierarchy
  readonly takers: readonly Taker[]
  readonly index: RuleIndex
  readonly env: Env
  readonly membersOf: ReadonlyMap<string, readonly Member[]>
}

export type Match = {
  /** Territory that wins in the exclusive layer. */
  readonly territoryId: string | null
  /** Territories of equal rank that also hold, without the winner; empty when the win is clear. */
  readonly contested: readonly string[]
  readonly overlays: readonly string[]
  /** Nobody wins, but somebody could if values now missing were known (判不了). */
  readonly undecidable: boolean
}

export function compileModel(model: Model, env: Env): CompiledModel {
  const hierarchy = buildHierarchy(model.territories)
  const types = new Map(model.types.map(t => [t.id, t]))
  const nodes = hierarchy.order.filter(n => n.effective !== null && types.has(n.territory.typeId))
  const rankKey = (n: Node) => [types.get(n.territory.typeId)!.precedence, -n.depth, -n.territory.priority] as const
  const compare = (a: Node, b: Node) => {
    const x = rankKey(a)
    const y = rankKey(b)
    return x[0] - y[0] || x[1] - y[1] || x[2] - y[2]
  }
  const sorted = [...nodes].sort((a, b) => compare(a, b) || compareIds(a.territory.id, b.territory.id))
  let rank = -1
  const takers = sorted.map((node, i) => {
    if (i === 0 || compare(sorted[i - 1]!, node) !== 0) rank += 1
    const type = types.get(node.territory.typeId)!
    return { territoryId: node.territory.id, node, type, exclusive: type.layer === 'exclusive', rank }
  })
  const membersOf = new Map<string, Member[]>()
  for (const member of model.members) {
    const list = membersOf.get(member.territoryId)
    if (list) list.push(member)
    else membersOf.set(member.territoryId, [member])
  }
  return {
    modelId: model.id,
    hierarchy,
    takers,
    index: indexRules(
      takers.map(t => t.node.effective!),
      env,
    ),
    env,
    membersOf,
  }
}

/** Chooses among the takers (by position, in any order) that hold. Takers are sorted by rank and id, so the smallest position wins. */
export function chooseWinner(compiled: Pick<CompiledModel, 'takers'>, held: ArrayLike<number>, count: number): Omit<Match, 'undecidable'> {
  let winner = -1
  let overlays: string[] | null = null
  for (let k = 0; k < count; k += 1) {
    const taker = compiled.takers[held[k]!]!
    if (!taker.exclusive) {
      overlays ??= []
      overlays.push(taker.territoryId)
    } else if (winner < 0 || held[k]! < winner) winner = held[k]!
  }
  if (winner < 0) return { territoryId: null, contested: [], overlays: overlays?.sort(compareIds) ?? [] }
  const { rank, territoryId } = compiled.takers[winner]!
  let contested: string[] | null = null
  for (let k = 0; k < count; k += 1) {
    const taker = compiled.takers[held[k]!]!
    if (!taker.exclusive || taker.rank !== rank || held[k] === winner) continue
    contested ??= []
    contested.push(taker.territoryId)
  }
  return { territoryId, contested: contested?.sort(compareIds) ?? [], overlays: overlays?.sort(compareIds) ?? [] }
}

export function matchOne(compiled: CompiledModel, facts: Facts): Match {
  const held = compiled.index.match(facts)
  const chosen = chooseWinner(compiled, held, held.length)
  return { ...chosen, undecidable: chosen.territoryId === null && couldMatch(compiled, compiled.index.match(facts, true)) }
}

export const couldMatch = (compiled: CompiledModel, hopeful: Iterable<number>): boolean => {
  for (const p of hopeful) if (compiled.takers[p]!.exclusive) return true
  return false
}
