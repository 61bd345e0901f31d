/** What is not proved 未证: which predicate stands in the way and in whose rule, or whose question was given up, and what hangs on it. */
import type { Facts, Predicate } from '../condition/condition.ts'
import type { Opaque, ProofTaker, Space } from './coverage-boxes.ts'
import { witnessOf } from './coverage-findings.ts'
import type { Place, Places } from './coverage-places.ts'

export type Outcome = 'gap' | 'overlap' | 'dead'
export type NotProved = {
  /** predicate: nothing is known about it; mixed: a rule of too many alternatives; work: more than one proof may look at. */
  readonly reason: 'predicate' | 'mixed' | 'work'
  readonly predicate: Predicate | null
  readonly territoryIds: readonly string[]
  readonly territories: number
  /** What cannot be told because of it. */
  readonly outcomes: readonly Outcome[]
  /** One combination where it decides. */
  readonly witness: Facts | null
}

const NAMED = 20

export function makeUnproved(space: Space, places: Places, takers: readonly ProofTaker[]) {
  const byText = new Map<string, { opaque: Opaque; outcomes: Set<Outcome>; witness: Facts }>()
  const given = new Map<number, Set<Outcome>>()
  const open = new Set<Outcome>()
  return {
    /** `opaque` by the memo's numbers. */
    depends(outcome: Outcome, opaque: readonly number[], place: Place, part: Uint32Array): void {
      for (const o of opaque) {
        const predicate = places.opaqueIn(o)
        const known = byText.get(predicate.text)
        if (known) known.outcomes.add(outcome)
        else byText.set(predicate.text, { opaque: predicate, outcomes: new Set([outcome]), witness: witnessOf(place, part, space, places) })
      }
    },
    exhausted(outcome: Outcome, which: readonly number[]): void {
      if (which.length === 0) open.add(outcome)
      for (const taker of which) given.set(taker, (given.get(taker) ?? new Set()).add(outcome))
    },
    list(): readonly NotProved[] {
      const holders = new Map<string, Set<number>>()
      for (const box of space.boxes)
        for (const o of box.opaque) {
          const { text } = space.opaque[o >> 1]!
          if (byText.has(text)) holders.set(text, (holders.get(text) ?? new Set()).add(box.taker))
        }
      const result: NotProved[] = [...byText]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([text, { opaque, outcomes, witness }]) => {
          const ids = [...(holders.get(text) ?? [])].map(t => takers[t]!.id)
          return {
            reason: opaque.predicate === null ? ('mixed' as const) : ('predicate' as const),
            predicate: opaque.predicate,
            territoryIds: ids.slice(0, NAMED),
            territories: ids.length,
            outcomes: [...outcomes].sort(),
            witness,
          }
        })
      if (given.size > 0 || open.size > 0)
        result.push({
          reason: 'work',
          predicate: null,
          territoryIds: [...given.keys()].slice(0, NAMED).map(t => takers[t]!.id),
          territories: given.size,
          outcomes: [...new Set([...open, ...[...given.values()].flatMap(s => [...s])])].sort(),
          witness: null,
        })
      return result
    },
  }
}
export type Unproved = ReturnType<typeof makeUnproved>
