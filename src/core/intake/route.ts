/**
 * To whom a lead goes 线索分配, and if to nobody, why: a customer's owner first, then the territory that wins by the company's rules and the turn
 * among its members. Whatever is decided carries a reason as a code; what nobody could decide waits in the queue under that reason.
 */
import type { Match } from '../assignment/compile.ts'
import { type Candidate, rotate, type Turn, type Way } from './rotate.ts'

/** Why it went where it went. */
export const GIVEN = ['customer', 'rotation', 'hand', 'overdue', 'handover'] as const
/** Why nobody has it: each is a shelf of the queue. */
export const WAITING = ['noCriterion', 'noTerritory', 'contested', 'nobody', 'capacity', 'severalEligible'] as const
export type Given = (typeof GIVEN)[number]
export type Waiting = (typeof WAITING)[number]
/** What the reader should know beside the reason. */
export const HINTS = ['accountInPool', 'accountUnowned', 'ownerAway'] as const
export type Hint = (typeof HINTS)[number]

/** A customer that the lead is from. */
export type Known = {
  readonly accountId: string
  /** By what it was found. */
  readonly by: 'creditCode' | 'phone' | 'email' | 'domain' | 'name'
  readonly ownerId: string | null
  readonly ownerHere: boolean
  readonly inPool: boolean
}
/** What a turn was decided by: enough to decide it again. */
export type TurnLog = { readonly way: Way; readonly candidates: readonly Candidate[]; readonly turn: Turn; readonly seq: number }
export type RouteFacts = {
  readonly match: Match
  readonly known: readonly Known[]
  readonly way: Way
  readonly candidates: readonly Candidate[]
  readonly turn: Turn
  readonly seq: number
}
export type Verdict = {
  readonly territoryId: string | null
  readonly ownerId: string | null
  readonly accountId: string | null
  readonly reason: Given | Waiting
  readonly hint: Hint | null
  /** The turn after it; null: no turn was taken. */
  readonly turn: Turn | null
  readonly log: TurnLog | null
}

export function decideRoute(f: RouteFacts): Verdict {
  const { territoryId } = f.match
  const owned = f.known.filter(k => k.ownerId !== null && k.ownerHere)
  const owners = new Set(owned.map(k => k.ownerId))
  const accountId = f.known.length === 1 ? f.known[0]!.accountId : null
  const waits = (reason: Waiting, hint: Hint | null = null): Verdict => ({
    territoryId,
    ownerId: null,
    accountId,
    reason,
    hint,
    turn: null,
    log: null,
  })
  if (owners.size === 1)
    return {
      territoryId,
      ownerId: owned[0]!.ownerId,
      accountId: owned.length === 1 ? owned[0]!.accountId : null,
      reason: 'customer',
      hint: null,
      turn: null,
      log: null,
    }
  if (owners.size > 1) return waits('severalEligible')
  const hint: Hint | null = f.known.some(k => k.inPool)
    ? 'accountInPool'
    : f.known.some(k => k.ownerId !== null)
      ? 'ownerAway'
      : f.known.length > 0
        ? 'accountUnowned'
        : null
  if (territoryId === null) return waits(f.match.undecidable ? 'noCriterion' : 'noTerritory', hint)
  if (f.match.contested.length > 0) return waits('contested', hint)
  const log: TurnLog = { way: f.way, candidates: f.candidates, turn: f.turn, seq: f.seq }
  const got = rotate(f.way, f.candidates, f.turn)
  if (got.chosenId === null) return { ...waits(got.code!, hint), log }
  return { territoryId, ownerId: got.chosenId, accountId, reason: 'rotation', hint, turn: got.turn, log }
}

/** The first contact is due so many hours after it came; on working days alone, Saturdays and Sundays do not count. `ahead`: the company's clock before UTC, in ms. */
export function dueAt(from: number, hours: number, workingDays: boolean, ahead: number): number {
  const HOUR = 3_600_000
  if (!workingDays) return from + hours * HOUR
  // The first of January 1970 was a Thursday.
  const dayOf = (at: number) => (Math.floor((at + ahead) / (24 * HOUR)) + 4) % 7
  const nextDay = (at: number) => Math.floor((at + ahead) / (24 * HOUR)) * 24 * HOUR + 24 * HOUR - ahead
  let at = from
  let left = hours * HOUR
  for (;;) {
    const end = nextDay(at)
    if (dayOf(at) === 0 || dayOf(at) === 6) at = end
    else if (end - at >= left) return at + left
    else {
      left -= end - at
      at = end
    }
  }
}
