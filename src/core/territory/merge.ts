/**
 * Three-way merge 三方合并 of territories: a draft was made on one model, another is in use now. What one side changed follows that side, field
 * by field; what both changed is a conflict with both values, and a person says whose holds. Pure: server/assignment/change-set reads and
 * writes.
 */
import type { Condition } from '../condition/condition.ts'
import { compareIds } from '../kernel/id.ts'
import { buildHierarchy } from './hierarchy.ts'
import { mergeRules } from './merge-rules.ts'
import type { Territory } from './model.ts'

export const MERGE_FIELDS = ['parentId', 'typeId', 'code', 'name', 'nameEn', 'inherit', 'priority', 'rule'] as const
export type MergeField = (typeof MERGE_FIELDS)[number]
export type Side = 'mine' | 'theirs'
/** `exists`: one side took the territory out, the other changed it or put something below it. */
export type Conflict = { readonly key: string; readonly territoryId: string; readonly field: MergeField | 'exists' }
export type Choices = Readonly<Record<string, Side>>
type Node = Territory & { readonly nameEn: string | null }
/** `rule`: a merged rule that is nobody's version yet; null: `ruleVersion` says it. */
export type MergedTerritory<T extends Node> = { readonly territory: T; readonly rule: Condition | null }
export type Merged<T extends Node> = {
  readonly territories: readonly MergedTerritory<T>[]
  readonly conflicts: readonly Conflict[]
  /** Conflicts that `choices` does not answer. */
  readonly open: readonly Conflict[]
}

export function mergeTerritories<T extends Node>(base: readonly T[], mine: readonly T[], theirs: readonly T[], choices: Choices): Merged<T> {
  const sides = { base: byId(base), mine: byId(mine), theirs: byId(theirs) }
  const asked = new Map<string, Conflict>()
  const ask = (territoryId: string, field: Conflict['field']): Side | null => {
    const key = `${territoryId}/${field}`
    asked.set(key, { key, territoryId, field })
    return choices[key] ?? null
  }
  const kept = new Map<string, MergedTerritory<T>>()
  const gone = new Set<string>()
  const saved: [string, Side][] = []
  for (const id of [...new Set([...sides.base.keys(), ...sides.mine.keys(), ...sides.theirs.keys()])].sort(compareIds)) {
    const [o, m, n] = [sides.base.get(id), sides.mine.get(id), sides.theirs.get(id)]
    if (o && m && n)
      kept.set(
        id,
        mergeOne(o, m, n, field => ask(id, field)),
      )
    else if (!o) kept.set(id, { territory: (m ?? n)!, rule: null })
    else if (m || n) {
      const stays = (m ?? n)!
      const touched = changed(o, stays) || (m ? mine : theirs).some(t => t.parentId === id && sides.base.get(t.id)?.parentId !== id)
      const keeper: Side = m ? 'mine' : 'theirs'
      if (!touched || (ask(id, 'exists') ?? 'theirs') !== keeper) gone.add(id)
      else {
        kept.set(id, { territory: stays, rule: null })
        saved.push([id, keeper])
      }
    } else gone.add(id)
  }
  for (const [id, side] of saved) keepAbove(id, sides[side], kept, gone)
  rehome(kept, sides)
  settleCodes(kept, sides, ask)
  rehome(kept, sides)
  settleCircles(kept, sides, ask)
  const conflicts = [...asked.values()]
  return { territories: [...kept.values()], conflicts, open: conflicts.filter(c => choices[c.key] === undefined) }
}

const byId = <T extends Node>(list: readonly T[]): ReadonlyMap<string, T> => new Map(list.map(t => [t.id, t]))
type Sides<T extends Node> = { readonly base: ReadonlyMap<string, T>; readonly mine: ReadonlyMap<string, T>; readonly theirs: ReadonlyMap<string, T> }

const partOf = (t: Node, field: MergeField): unknown => (field === 'rule' ? t.ruleVersion : t[field])
const changed = (a: Node, b: Node): boolean => MERGE_FIELDS.some(f => partOf(a, f) !== partOf(b, f))

function mergeOne<T extends Node>(base: T, mine: T, theirs: T, ask: (field: MergeField) => Side | null): MergedTerritory<T> {
  let territory: T = theirs
  let rule: Condition | null = null
  for (const field of MERGE_FIELDS) {
    const [o, m, n] = [partOf(base, field), partOf(mine, field), partOf(theirs, field)]
    if (m === n || m === o) continue
    if (n !== o) {
      const both = field === 'rule' && base.condition && mine.condition && theirs.condition
      rule = both ? mergeRules(base.condition, mine.condition, theirs.condition) : rule
      if (field === 'rule' && rule !== null) continue
      if (ask(field) !== 'mine') continue
    }
    territory = field === 'rule' ? { ...territory, condition: mine.condition, ruleVersion: mine.ruleVersion } : { ...territory, [field]: mine[field] }
  }
  return { territory, rule }
}

/** What a side kept stands below what it stood below there, whatever the other side took out above it. */
function keepAbove<T extends Node>(id: string, side: ReadonlyMap<string, T>, kept: Map<string, MergedTerritory<T>>, gone: Set<string>): void {
  for (let at = side.get(id)?.parentId ?? null; at !== null && gone.has(at); at = side.get(at)!.parentId) {
    gone.delete(at)
    kept.set(at, { territory: side.get(at)!, rule: null })
  }
}

/** Whatever lies below a territory that is out goes with it, unless one of the two has it elsewhere. */
function rehome<T extends Node>(kept: Map<string, MergedTerritory<T>>, sides: Sides<T>): void {
  const out = (id: string | null): boolean => {
    const seen = new Set<string>()
    for (let at = id; at !== null && !seen.has(at); at = kept.get(at)!.territory.parentId) {
      if (!kept.has(at)) return true
      seen.add(at)
    }
    return false
  }
  for (let again = true; again; ) {
    again = false
    for (const [id, entry] of [...kept].filter(([, k]) => out(k.territory.parentId))) {
      if (!kept.has(id) || !out(kept.get(id)!.territory.parentId)) continue
      const elsewhere = [sides.theirs.get(id), sides.mine.get(id)].find(t => t !== undefined && !out(t.parentId))
      if (elsewhere) kept.set(id, { ...entry, territory: { ...entry.territory, parentId: elsewhere.parentId } })
      else kept.delete(id)
      again = true
    }
  }
}

/** Two territories with one code: mine takes the next free one, or gives way. */
function settleCodes<T extends Node>(
  kept: Map<string, MergedTerritory<T>>,
  sides: Sides<T>,
  ask: (id: string, field: MergeField) => Side | null,
): void {
  const holders = new Map<string, string[]>()
  for (const [id, { territory }] of kept) holders.set(territory.code, [...(holders.get(territory.code) ?? []), id])
  for (const [code, ids] of [...holders].filter(([, ids]) => ids.length > 1)) {
    // The one that has this code in theirs keeps it.
    for (const id of ids.filter(i => sides.theirs.get(i)?.code !== code).sort(compareIds)) {
      const side = ask(id, 'code')
      const entry = kept.get(id)!
      const former = sides.theirs.get(id)?.code
      if (side === 'theirs' && former === undefined) {
        kept.delete(id)
        continue
      }
      let free = side === 'theirs' && former !== undefined && !holders.has(former) ? former : code
      for (let n = 2; holders.has(free); n += 1) free = `${code}-${n}`
      holders.set(free, [id])
      kept.set(id, { ...entry, territory: { ...entry.territory, code: free } })
    }
  }
}

/** Each side moved a territory below the other's: one of the two moves holds, without an answer theirs. */
function settleCircles<T extends Node>(
  kept: Map<string, MergedTerritory<T>>,
  sides: Sides<T>,
  ask: (id: string, field: MergeField) => Side | null,
): void {
  const parentOf = (id: string) => kept.get(id)!.territory.parentId
  // Nobody is put back twice, so that this ends.
  const settled = new Set<string>()
  const back = (id: string, side: Side) => {
    const entry = kept.get(id)!
    settled.add(id)
    kept.set(id, { ...entry, territory: { ...entry.territory, parentId: sides[side].get(id)!.parentId } })
  }
  for (;;) {
    const fault = buildHierarchy([...kept.values()].map(k => k.territory)).faults.find(f => f.code === 'cycle')
    if (!fault) return
    const circle = [fault.territoryId]
    for (let at = parentOf(fault.territoryId); at !== null && at !== fault.territoryId; at = parentOf(at)) circle.push(at)
    /** Those of the circle that stand elsewhere on a side, where they can be put back. */
    const elsewhereIn = (side: Side) =>
      circle.filter(id => !settled.has(id) && sides[side].has(id) && parentOf(id) !== sides[side].get(id)!.parentId).sort(compareIds)[0]
    const [mine, theirs] = [elsewhereIn('theirs'), elsewhereIn('mine')]
    const asked = mine ?? theirs
    if (asked === undefined) {
      // All were put back once and still go round: the tree of theirs is one.
      for (const [id] of kept) if (sides.theirs.has(id)) back(id, 'theirs')
    } else if (ask(asked, 'parentId') === 'mine' && theirs !== undefined) back(theirs, 'mine')
    else if (mine !== undefined) back(mine, 'theirs')
    else back(theirs!, 'mine')
    rehome(kept, sides)
  }
}
