/**
 * Whose turn it is 轮转: among those who work in one territory, by the way the company chose. No clock and no dice: the same candidates and the same
 * turn give the same person, so a log of turns can be played again. Turns are kept as credits: what a share promised so far, less what was given;
 * the next goes to whoever must have one soonest (earliest deadline among those due: Baruah et al., proportionate progress, 1996), which
 * keeps everybody within one of a share at every moment.
 */
import { compareIds } from '../kernel/id.ts'

export const WAYS = ['roundRobin', 'weighted', 'load', 'skill'] as const
export type Way = (typeof WAYS)[number]

export type Candidate = {
  readonly id: string
  /** In `weighted` alone: whole number, 1 to 100. */
  readonly weight: number
  /** Leads held and not closed. */
  readonly open: number
  /** The most one may hold open; null: no limit. */
  readonly capacity: number | null
  /** Percent of a full share: below 100 for a newcomer. */
  readonly share: number
  readonly inactive: boolean
  readonly away: boolean
  /** Has a skill that the lead asks for. */
  readonly skilled: boolean
}
export type Turn = { readonly lastId: string | null; readonly credits: Readonly<Record<string, number>> }
export const FIRST_TURN: Turn = { lastId: null, credits: {} }

export type WhyNot = 'inactive' | 'away' | 'full' | 'unskilled' | 'calibrating' | 'busier' | 'turn'
export type Rotated = {
  readonly chosenId: string | null
  /** Nobody: there is no one, or everyone is away; capacity: who is there is full. */
  readonly code: 'nobody' | 'capacity' | null
  readonly others: readonly { readonly id: string; readonly why: WhyNot }[]
  readonly turn: Turn
}

export function rotate(way: Way, all: readonly Candidate[], turn: Turn): Rotated {
  const others: { id: string; why: WhyNot }[] = []
  const keep = (list: readonly Candidate[], why: WhyNot, holds: (c: Candidate) => boolean): readonly Candidate[] =>
    list.filter(c => {
      if (!holds(c)) others.push({ id: c.id, why })
      return holds(c)
    })
  const known = [...all].sort((a, b) => compareIds(a.id, b.id))
  const here = keep(
    keep(known, 'inactive', c => !c.inactive),
    'away',
    c => !c.away,
  )
  const free = keep(here, 'full', c => c.capacity === null || c.open < c.capacity)
  if (free.length === 0) return { chosenId: null, code: here.length > 0 ? 'capacity' : 'nobody', others, turn }
  // Nobody has the skill: better somebody than nobody.
  const able = way === 'skill' && free.some(c => c.skilled) ? keep(free, 'unskilled', c => c.skilled) : free

  const weightOf = (c: Candidate) => (way === 'weighted' ? c.weight : 1) * c.share
  const whole = able.reduce((sum, c) => sum + weightOf(c), 0)
  const credit = (c: Candidate) => Math.max(-whole, Math.min(whole, turn.credits[c.id] ?? 0))
  const due = (c: Candidate) => credit(c) + weightOf(c) > 0
  const running = way === 'load' ? leastBusy(able, due, keep) : able.some(due) ? able.filter(due) : able
  const deadline = (c: Candidate) => Math.ceil((whole - credit(c)) / weightOf(c))
  const soonest = way === 'load' ? running : least(running, deadline)
  const chosen = soonest.find(c => turn.lastId !== null && compareIds(c.id, turn.lastId) > 0) ?? soonest[0]!
  for (const c of able) if (c !== chosen && !others.some(o => o.id === c.id)) others.push({ id: c.id, why: 'turn' })
  // Who left is forgotten; who is away keeps his place.
  const credits: Record<string, number> = Object.fromEntries(
    known.flatMap(c => (turn.credits[c.id] === undefined ? [] : [[c.id, turn.credits[c.id]!]])),
  )
  for (const c of able) credits[c.id] = credit(c) + weightOf(c) - (c === chosen ? whole : 0)
  return { chosenId: chosen.id, code: null, others, turn: { lastId: chosen.id, credits } }
}

const least = (list: readonly Candidate[], of: (c: Candidate) => number): readonly Candidate[] => {
  const best = Math.min(...list.map(of))
  return list.filter(c => of(c) === best)
}

/** A newcomer counts as busy as the others on average and gets no more than his share of the turns: an empty desk is not flooded. */
function leastBusy(
  able: readonly Candidate[],
  due: (c: Candidate) => boolean,
  keep: (list: readonly Candidate[], why: WhyNot, holds: (c: Candidate) => boolean) => readonly Candidate[],
): readonly Candidate[] {
  const settled = able.filter(c => c.share >= 100)
  const average = settled.length === 0 ? 0 : Math.floor(settled.reduce((sum, c) => sum + c.open, 0) / settled.length)
  const load = (c: Candidate) => (c.share < 100 ? Math.max(c.open, average) : c.open)
  const may = settled.length === 0 ? able : keep(able, 'calibrating', c => c.share >= 100 || due(c))
  const best = Math.min(...may.map(load))
  return keep(may, 'busier', c => load(c) === best)
}
