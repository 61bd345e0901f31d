/**
 * What a company decides about all its pools 公海制度: limits of holding, what counts as a follow-up, the working days, who may extend and protect,
 * and for what reasons a customer is given back.
 */
import type { Condition } from '../condition/condition.ts'

/**
 * A limit of holding 保有量上限. `person` and `role`: what one person (of that role) may hold; `department` and `team`: what its people may hold
 * together. `ofId` null: everybody. Customers with a won deal may stand outside, and `counts` may narrow what counts at all.
 */
export type Cap = {
  readonly scope: 'person' | 'role' | 'department' | 'team'
  readonly ofId: string | null
  readonly most: number
  readonly exceptWon: boolean
  readonly counts: Condition | null
}
export const FOLLOW_UPS = ['note', 'taskDone', 'opportunity'] as const
export type FollowUpKind = (typeof FOLLOW_UPS)[number]
export type FollowUpRule = {
  readonly kinds: readonly FollowUpKind[]
  readonly minLetters: number
  readonly ownerOnly: boolean
  /** The same words about so many customers within a day are no follow-up of any; 0: any number is. */
  readonly copies: number
}
export type CompanyRules = {
  readonly caps: readonly Cap[]
  readonly followUp: FollowUpRule
  /** Working days that are free, and free days that are worked, beside the week. */
  readonly holidays: readonly string[]
  readonly workdays: readonly string[]
  /** The hour of the company's day in which the nightly reclaim begins. */
  readonly reclaimHour: number
  /** Days in which a changed policy reclaims nobody. */
  readonly graceDays: number
  readonly extensionDays: number
  readonly extensionTimes: number
  readonly protectMost: number
  readonly protectDays: number
  readonly returnReasons: readonly string[]
  /** The company's own date field that holds the end of the last contract. */
  readonly contractField: string | null
}
export const RETURN_REASONS = ['noBudget', 'noNeed', 'unreachable', 'competitor', 'wrongRegion', 'duplicate', 'other'] as const
export const DEFAULT_COMPANY_RULES: CompanyRules = {
  caps: [],
  followUp: { kinds: ['note', 'taskDone', 'opportunity'], minLetters: 4, ownerOnly: true, copies: 5 },
  holidays: [],
  workdays: [],
  reclaimHour: 2,
  graceDays: 7,
  extensionDays: 30,
  extensionTimes: 2,
  protectMost: 10,
  protectDays: 90,
  returnReasons: RETURN_REASONS,
  contractField: null,
}
