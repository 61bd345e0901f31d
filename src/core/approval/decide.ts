/**
 * Whether a person may decide a request for approval 审批 now: nobody decides his own, nothing is decided twice, and what was asked about
 * must still stand as it stood, or the answer would belong to another question.
 */
import { ok, type Result, refuse } from '../kernel/result.ts'

export type RequestFacts = {
  readonly state: 'asked' | 'approved' | 'refused' | 'withdrawn'
  readonly askedBy: string
  readonly approverId: string
  /** What was true when it was asked, and what is true now, by name. */
  readonly basis: Readonly<Record<string, string | null>>
  readonly now: Readonly<Record<string, string | null>>
}
export type Decider = {
  readonly userId: string
  /** Sees everything and holds the permission that the kind asks for: may answer for an approver who is away. */
  readonly mayStandIn: boolean
}

/** Refusing a request whose ground has moved is always possible: it changes nothing. */
export function mayDecide(request: RequestFacts, by: Decider, approves: boolean): Result<null> {
  if (request.state !== 'asked') return refuse('approval.decided', { state: request.state })
  if (request.askedBy === by.userId) return refuse('approval.own')
  if (request.approverId !== by.userId && !by.mayStandIn) return refuse('approval.notYours')
  if (approves && !basisHolds(request)) return refuse('approval.stale')
  return ok(null)
}

export const basisHolds = (request: Pick<RequestFacts, 'basis' | 'now'>): boolean =>
  Object.entries(request.basis).every(([key, value]) => (request.now[key] ?? null) === value)
