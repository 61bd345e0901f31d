/** Refusals of the first page. */
import type { RefusalWords } from '../kernel/refusals.ts'

export const HOME_REFUSALS = {
  'snooze.until': { status: 400, zh: '只能推到明天起 {days} 天内的某一天。', en: 'Choose a day from tomorrow on, at most {days} days ahead.' },
} as const satisfies Record<string, RefusalWords>
