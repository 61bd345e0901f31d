/**
 * The reclaim clock 回收时钟: when the company takes a customer back, by which policy, counted from what, and what stops it. Every way of getting
 * a customer starts it. What is missing never means long ago: it counts from when the present owner got it.
 */
import type { Condition } from '../condition/condition.ts'

export const TRIGGERS = ['followUp', 'opportunity', 'won', 'contract', 'held', 'created'] as const
export type TriggerKind = (typeof TRIGGERS)[number]
export const GUARDS = ['openDeal', 'pendingApproval', 'contract', 'lock'] as const
export type Guard = (typeof GUARDS)[number]
export type PolicyTerms = {
  readonly triggers: readonly { readonly kind: TriggerKind; readonly days: number }[]
  /** All of them must have passed; else the first takes it. */
  readonly all: boolean
  readonly workingDays: boolean
  readonly guards: readonly Guard[]
  /** Days before, most first. */
  readonly warnDays: readonly number[]
  /** So many days before the manager is told too; null: never. */
  readonly escalateDays: number | null
}
export type Policy = {
  readonly id: string
  readonly name: string
  readonly enabled: boolean
  readonly condition: Condition
  readonly terms: PolicyTerms
  readonly toPoolId: string | null
  /** Nobody is reclaimed before: the policy was changed lately. */
  readonly graceUntil: number | null
}
export type ClockFacts = {
  readonly ownerSince: number
  readonly createdAt: number
  readonly followedUp: number | null
  readonly opportunity: number | null
  readonly won: number | null
  readonly contractEnd: number | null
  readonly openDeals: number
  readonly pendingApprovals: number
  /** When the last deal closed: what it stopped begins anew. */
  readonly dealClosed: number | null
  /** When the last request was decided: it leaves two days, and no more, or asking again and again would stop the clock. */
  readonly requestDecided: number | null
  readonly protectedUntil: number | null
  readonly locked: boolean
  readonly extendedUntil: number | null
}
export type Clock =
  | { readonly state: 'none' }
  | {
      readonly state: 'running' | 'paused'
      readonly dueAt: number
      readonly baseAt: number
      readonly trigger: TriggerKind
      readonly days: number
      readonly policyId: string
      readonly toPoolId: string | null
      /** What stops it, or what moved its end. */
      readonly guard: Guard | 'protected' | 'extended' | 'grace' | null
    }
export type AddDays = (from: number, days: number, working: boolean) => number

/** `policies`: those whose condition holds, in order; the first one decides. */
export function clockOf(facts: ClockFacts, policies: readonly Policy[], addDays: AddDays): Clock {
  const policy = policies.find(p => p.enabled)
  if (!policy) return { state: 'none' }
  const { terms } = policy
  const since = Math.max(facts.ownerSince, terms.guards.includes('openDeal') ? (facts.dealClosed ?? 0) : 0)
  const lines = terms.triggers.flatMap(t => {
    const base = baseOf(t.kind, facts, since)
    if (base === null) return []
    const due = addDays(base, t.days, terms.workingDays)
    // Counted from a day before the owner had it, it still leaves him a week.
    return [{ kind: t.kind, days: t.days, base, due: base < facts.ownerSince ? Math.max(due, addDays(facts.ownerSince, 7, false)) : due }]
  })
  if (lines.length === 0) return { state: 'none' }
  const line = lines.reduce((a, b) => ((terms.all ? b.due > a.due : b.due < a.due) ? b : a))
  let dueAt = line.due
  let guard: Extract<Clock, { dueAt: number }>['guard'] = null
  const atLeast = (until: number | null, why: typeof guard) => {
    if (until !== null && until > dueAt) {
      dueAt = until
      guard = why
    }
  }
  atLeast(facts.extendedUntil, 'extended')
  atLeast(facts.protectedUntil, 'protected')
  if (terms.guards.includes('contract')) atLeast(facts.contractEnd, 'contract')
  if (terms.guards.includes('pendingApproval') && facts.requestDecided !== null) atLeast(addDays(facts.requestDecided, 2, false), 'pendingApproval')
  atLeast(policy.graceUntil, 'grace')
  const stop = stopOf(facts, terms)
  return {
    state: stop ? 'paused' : 'running',
    dueAt,
    baseAt: line.base,
    trigger: line.kind,
    days: line.days,
    policyId: policy.id,
    toPoolId: policy.toPoolId,
    guard: stop ?? guard,
  }
}

function stopOf(facts: ClockFacts, { guards }: PolicyTerms): Guard | null {
  if (facts.locked && guards.includes('lock')) return 'lock'
  if (facts.openDeals > 0 && guards.includes('openDeal')) return 'openDeal'
  if (facts.pendingApprovals > 0 && guards.includes('pendingApproval')) return 'pendingApproval'
  return null
}

/** null: nothing to count from, for this trigger says nothing of such a customer. */
function baseOf(kind: TriggerKind, facts: ClockFacts, since: number): number | null {
  if (kind === 'followUp') return Math.max(facts.followedUp ?? since, since)
  if (kind === 'opportunity') return Math.max(facts.opportunity ?? since, since)
  if (kind === 'won') return Math.max(facts.won ?? since, since)
  if (kind === 'contract') return facts.contractEnd
  return kind === 'held' ? facts.ownerSince : facts.createdAt
}

const DAY = 86_400_000

/** Days as a company counts them. `offset`: milliseconds its clocks are ahead of UTC; days are yyyy-mm-dd there. */
export function makeCalendar(holidays: readonly string[], workdays: readonly string[], offset: number): AddDays {
  const days = (list: readonly string[]) => new Set(list.map(d => Math.floor(Date.parse(`${d}T00:00:00Z`) / DAY)))
  const free = days(holidays)
  const worked = days(workdays)
  const works = (day: number): boolean => {
    // The epoch was a Thursday.
    const weekday = (((day + 4) % 7) + 7) % 7
    return worked.has(day) || (weekday !== 0 && weekday !== 6 && !free.has(day))
  }
  return (from, count, working) => {
    if (!working) return from + count * DAY
    let day = Math.floor((from + offset) / DAY)
    for (let left = count, guard = 0; left > 0 && guard < 20_000; guard += 1) {
      day += 1
      if (works(day)) left -= 1
    }
    return day * DAY + ((((from + offset) % DAY) + DAY) % DAY) - offset
  }
}
