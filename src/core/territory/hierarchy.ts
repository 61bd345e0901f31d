/**
 * The tree of territories: order, depth, ancestors, and the rule that holds in the end (own AND inherited). A cycle or a lost parent is
 * a fault with a name; the territory then stands at the top with its own rule, so that the rest still works and the fault can be shown.
 */
import { type Condition, EVERYTHING } from '../condition/condition.ts'
import { type Line, linesOf } from '../condition/explain.ts'
import { compareIds } from '../kernel/id.ts'
import type { Territory } from './model.ts'

export type Node = {
  readonly territory: Territory
  readonly depth: number
  /** Nearest first. */
  readonly ancestorIds: readonly string[]
  readonly childIds: readonly string[]
  /** Own rule AND inherited ones; null when the territory takes no accounts itself. */
  readonly effective: Condition | null
}
export type HierarchyFault = { readonly territoryId: string; readonly code: 'cycle' | 'lostParent' }
export type Hierarchy = { readonly order: readonly Node[]; readonly byId: ReadonlyMap<string, Node>; readonly faults: readonly HierarchyFault[] }

export function buildHierarchy(territories: readonly Territory[], position: (t: Territory) => number = () => 0): Hierarchy {
  const byId = new Map(territories.map(t => [t.id, t]))
  const faults: HierarchyFault[] = []
  const parentOf = new Map<string, string | null>()
  for (const t of territories) {
    if (t.parentId !== null && !byId.has(t.parentId)) faults.push({ territoryId: t.id, code: 'lostParent' })
    parentOf.set(t.id, t.parentId !== null && byId.has(t.parentId) ? t.parentId : null)
  }
  for (const t of territories) {
    const seen = new Set<string>()
    let at: string | null = t.id
    while (at !== null && !seen.has(at)) {
      seen.add(at)
      at = parentOf.get(at) ?? null
    }
    if (at === t.id) {
      faults.push({ territoryId: t.id, code: 'cycle' })
      parentOf.set(t.id, null)
    }
  }
  const children = new Map<string | null, Territory[]>()
  for (const t of territories) {
    const parent = parentOf.get(t.id) ?? null
    const list = children.get(parent)
    if (list) list.push(t)
    else children.set(parent, [t])
  }
  for (const list of children.values())
    list.sort((a, b) => position(a) - position(b) || (a.code < b.code ? -1 : a.code > b.code ? 1 : compareIds(a.id, b.id)))

  const nodes = new Map<string, Node>()
  const order: Node[] = []
  // An explicit stack: a tree of any depth must not overflow the call stack.
  const stack = [...(children.get(null) ?? [])].reverse().map(t => ({ t, parent: null as Node | null, inherited: EVERYTHING as Condition }))
  while (stack.length > 0) {
    const { t, parent, inherited } = stack.pop()!
    const above = t.inherit ? inherited : EVERYTHING
    const combined = conjoin(above, t.condition)
    const below = children.get(t.id) ?? []
    const node: Node = {
      territory: t,
      depth: parent ? parent.depth + 1 : 0,
      ancestorIds: parent ? [parent.territory.id, ...parent.ancestorIds] : [],
      childIds: below.map(c => c.id),
      effective: t.condition === null ? null : combined,
    }
    nodes.set(t.id, node)
    order.push(node)
    for (const child of [...below].reverse()) stack.push({ t: child, parent: node, inherited: combined })
  }
  return { order, byId: nodes, faults }
}

export function conjoin(a: Condition, b: Condition | null): Condition {
  const parts = [a, ...(b === null ? [] : [b])].flatMap(c => ('all' in c ? c.all : [c]))
  return parts.length === 1 ? parts[0]! : { all: parts }
}

export type RuleLine = Line & { readonly territoryId: string; readonly own: boolean }

/** The lines of a territory's rule, inherited ones first, each with the territory it is written in. */
export function ruleLines(hierarchy: Hierarchy, territoryId: string): readonly RuleLine[] {
  const chain: Territory[] = []
  let node = hierarchy.byId.get(territoryId)
  while (node) {
    chain.unshift(node.territory)
    node = node.territory.inherit && node.ancestorIds[0] ? hierarchy.byId.get(node.ancestorIds[0]) : undefined
  }
  return chain.flatMap(t => (t.condition ? linesOf(t.condition).map(line => ({ ...line, territoryId: t.id, own: t.id === territoryId })) : []))
}
