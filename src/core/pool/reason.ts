/** Why the clock takes a customer, as data 回收原因: kept with the act, so that it can be said in any language for ever. */
import type { Clock } from './clock.ts'

type Running = Extract<Clock, { dueAt: number }>
export type ClockReason = {
  readonly policy: string
  readonly trigger: Running['trigger']
  readonly days: number
  readonly base: number
  readonly due: number
}
export const clockWords = (clock: Running): ClockReason => ({
  policy: clock.policyId,
  trigger: clock.trigger,
  days: clock.days,
  base: clock.baseAt,
  due: clock.dueAt,
})
