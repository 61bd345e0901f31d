/**
 * Scores of a check-up 体检得分: of all customers the share whose field says something, of what it says the share that nothing speaks against.
 * A field that nobody filled is neither right nor wrong: it has no score, not a hundred percent.
 */
import type { Measure } from './problem.ts'

export type Counts = {
  readonly total: number
  readonly missing: number
  readonly wrong: number
  readonly inconsistent: number
  readonly hints: number
}
export type Threshold = { readonly green: number; readonly ochre: number }
export const NO_COUNTS: Counts = { total: 0, missing: 0, wrong: 0, inconsistent: 0, hints: 0 }

export const addCounts = (a: Counts, b: Counts): Counts => ({
  total: a.total + b.total,
  missing: a.missing + b.missing,
  wrong: a.wrong + b.wrong,
  inconsistent: a.inconsistent + b.inconsistent,
  hints: a.hints + b.hints,
})

/** 0 to 1, or null where nothing could be judged. */
export function shareOf(measure: Measure, c: Counts): number | null {
  const filled = c.total - c.missing
  if (measure === 'completeness') return c.total === 0 ? null : filled / c.total
  if (filled <= 0) return null
  return Math.max(0, 1 - (measure === 'accuracy' ? c.wrong : c.inconsistent) / filled)
}

export const gradeOf = (share: number, t: Threshold): 'green' | 'ochre' | 'red' => (share >= t.green ? 'green' : share >= t.ochre ? 'ochre' : 'red')
