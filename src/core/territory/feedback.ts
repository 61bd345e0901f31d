/**
 * Objections that the company's policy accepts by itself 自动采纳: whoever loses a customer says why, and where a line of the policy names that
 * reason and a machine can see that it is true, nobody has to be asked. Everything else is left to who plans.
 */
export const FEEDBACK_REASONS = ['distance', 'relationship', 'industry', 'workload', 'other'] as const
export type FeedbackReason = (typeof FEEDBACK_REASONS)[number]
/** `deal`: minor units of the company's currency; `touch`: days; `distance`: kilometres. */
export const FEEDBACK_MEASURES = ['deal', 'touch', 'distance'] as const
export type FeedbackMeasure = (typeof FEEDBACK_MEASURES)[number]

export type FeedbackLine = {
  readonly reason: FeedbackReason
  readonly measure: FeedbackMeasure
  readonly atLeast: number
  /** Accounts that one person keeps in one change set by this line. */
  readonly most: number
}
export type FeedbackFacts = {
  /** Who speaks has the customer now and would lose it, and the territory that it came from stands in the draft and is not where it goes. */
  readonly keepable: boolean
  /** Accepted for the same account before; also where people overruled it since. */
  readonly kept: boolean
  /** Accounts accepted for this person in this set so far, by reason and measure (`relationship/deal`). */
  readonly accepted: Readonly<Record<string, number>>
  /** The largest open deal of his own on the account, in the company's currency. */
  readonly deal: number | null
  /** Days since his last note on the account or the last task of his that was done. */
  readonly touch: number | null
  /** From the account to the centre of the other customers of who would get it, and how many of these have a place. */
  readonly distance: { readonly km: number; readonly accounts: number } | null
}
export type FeedbackBasis = {
  readonly reason: FeedbackReason
  readonly measure: FeedbackMeasure
  readonly atLeast: number
  readonly seen: number
  readonly accounts?: number
}

/** A centre of fewer says nothing about where somebody works. */
export const FEWEST_LOCATED = 3

/** The first line that holds, with what was seen; null: people decide. */
export function acceptedBy(reason: FeedbackReason | null, facts: FeedbackFacts, policy: readonly FeedbackLine[]): FeedbackBasis | null {
  if (reason === null || !facts.keepable || facts.kept) return null
  for (const line of policy) {
    if (line.reason !== reason || (facts.accepted[`${reason}/${line.measure}`] ?? 0) >= line.most) continue
    const { measure, atLeast } = line
    const basis = { reason, measure, atLeast }
    if (measure === 'deal' && facts.deal !== null && facts.deal >= atLeast) return { ...basis, seen: facts.deal }
    // Within so many days: the fewer, the better.
    if (measure === 'touch' && facts.touch !== null && facts.touch <= atLeast) return { ...basis, seen: facts.touch }
    if (measure === 'distance' && facts.distance !== null && facts.distance.accounts >= FEWEST_LOCATED && facts.distance.km >= atLeast)
      return { ...basis, seen: facts.distance.km, accounts: facts.distance.accounts }
  }
  return null
}
