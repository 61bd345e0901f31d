/**
 * Who must approve a change set, and why them 谁要批准: a policy names measures and sizes; every line of it that the figures reach asks its
 * people. Nobody approves his own change; a line whose only people are the author asks nobody and says so.
 */
export const MEASURES = ['owners', 'territories', 'shareBp', 'sightLost', 'deals', 'dealAmount', 'keyAccounts'] as const
export type Measure = (typeof MEASURES)[number]
/** Whole numbers: counts; `shareBp` in basis points of all accounts; `dealAmount` in minor units of the company's currency. */
export type Figures = Readonly<Record<Measure, number>>
export type PolicyLine = {
  readonly measure: Measure
  readonly atLeast: number
  readonly approver: 'managers' | 'role' | 'user'
  /** For `role` its active holders, nearest first; for `user` that person. */
  readonly people: readonly string[]
}
/** A manager and the accounts that move into, out of or inside his territories. */
export type ManagerShare = { readonly userId: string; readonly moved: number }
export type Reason = { readonly measure: Measure; readonly value: number; readonly atLeast: number; readonly as: PolicyLine['approver'] }
export type Approvers = {
  readonly asked: ReadonlyMap<string, readonly Reason[]>
  /** Lines that are reached and have nobody but the author. */
  readonly nobody: readonly Reason[]
}

export function chooseApprovers(figures: Figures, policy: readonly PolicyLine[], managers: readonly ManagerShare[], authorId: string): Approvers {
  const asked = new Map<string, Reason[]>()
  const nobody: Reason[] = []
  const ask = (userId: string, reason: Reason) => asked.set(userId, [...(asked.get(userId) ?? []), reason])
  for (const { measure, atLeast, approver, people } of policy) {
    // Nothing reached is no reason, whatever the limit.
    const reached = (value: number) => value >= Math.max(1, atLeast)
    const reason = (value: number): Reason => ({ measure, value, atLeast, as: approver })
    if (approver === 'managers') {
      // Each manager answers for his own share of the accounts that move.
      for (const m of managers) if (m.userId !== authorId && reached(m.moved)) ask(m.userId, reason(m.moved))
      continue
    }
    if (!reached(figures[measure])) continue
    const first = people.find(id => id !== authorId)
    if (first === undefined) nobody.push(reason(figures[measure]))
    else ask(first, reason(figures[measure]))
  }
  return { asked, nobody }
}
