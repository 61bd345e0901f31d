/** What a company decides about cases 裁决: hours to rule, to speak, to appeal; how much who lost may keep, and for how long. */
export const WHYS = ['overlap', 'duplicate', 'group', 'crossRegion', 'registration', 'manual'] as const
export type Why = (typeof WHYS)[number]
export const STATES = ['statements', 'ruling', 'appeal', 'closed'] as const
export type CaseState = (typeof STATES)[number]

export type CasePolicy = {
  readonly ruleHours: number
  readonly statementHours: number
  readonly appealDays: number
  /** Basis points. */
  readonly creditCap: number
  readonly creditMonths: number
  /** How far back evidence is gathered. */
  readonly evidenceMonths: number
}
export const DEFAULT_POLICY: CasePolicy = { ruleHours: 48, statementHours: 28, appealDays: 7, creditCap: 3000, creditMonths: 6, evidenceMonths: 24 }
