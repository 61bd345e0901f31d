/** Scores as they are shown: a percentage with one decimal that never rounds a fault away, its grade by the company's thresholds, a line of past ones. */
import type { CleansingSpec, Counts, Dimension } from '../../contract/cleansing/check-ups.ts'
import type { Measure } from '../../core/cleansing/problem.ts'
import { addCounts, gradeOf, NO_COUNTS, shareOf } from '../../core/cleansing/score.ts'
import { NOTHING } from '../app/format.ts'

export type Grade = ReturnType<typeof gradeOf>
export type Shown = { readonly share: number | null; readonly text: string; readonly grade: Grade | null }

/** Rounded down: 99.96 % is not all. */
export const percentOf = (share: number | null): string => (share === null ? NOTHING : `${(Math.floor(share * 1000) / 10).toFixed(1)}%`)

export function shown(measure: Measure, counts: Counts | undefined, spec: Pick<CleansingSpec, Measure>): Shown {
  const share = counts ? shareOf(measure, counts) : null
  return { share, text: percentOf(share), grade: share === null ? null : gradeOf(share, spec[measure]) }
}

export const sumOf = (fields: readonly { counts: Counts }[]): Counts => fields.reduce((sum, f) => addCounts(sum, f.counts), NO_COUNTS)

/** Points of a polyline in a box of `width` × `height`, oldest first; between the lowest and the highest, so that a small change is seen. */
export function lineOf(values: readonly number[], width: number, height: number): string {
  const low = Math.min(...values)
  const span = Math.max(...values) - low || 1
  return values
    .map((v, i) => `${((i * width) / Math.max(1, values.length - 1)).toFixed(1)},${(height - ((v - low) / span) * height).toFixed(1)}`)
    .join(' ')
}

/** What a fix list is of; its address says the same. */
export type Slice = { readonly field: string; readonly kind?: string; readonly dimension?: Dimension; readonly value?: string }
