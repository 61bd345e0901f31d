/**
 * Credit 记功 in basis points: who lost may keep a share for some months, never more than the company allows. Shares that do not divide evenly
 * go by the largest remainder, ties to the first named, so that they always make a whole.
 */
export const WHOLE = 10_000

/** The share of who lost, within the company's cap; a shared customer knows no loser and no cap. */
export const capped = (wanted: number, cap: number, shared: boolean): number => Math.max(0, Math.min(Math.round(wanted), shared ? WHOLE : cap))

/** Weights to whole basis points that sum to 10,000. All weights zero: nobody is known to deserve less, so all alike. */
export function split(weights: readonly number[]): readonly number[] {
  if (weights.length === 0) return []
  const sum = weights.reduce((a, b) => a + b, 0)
  const exact = weights.map(w => (sum === 0 ? WHOLE / weights.length : (w / sum) * WHOLE))
  const floors = exact.map(Math.floor)
  let left = WHOLE - floors.reduce((a, b) => a + b, 0)
  const order = exact.map((e, i) => ({ i, rest: e - floors[i]! })).sort((a, b) => b.rest - a.rest || a.i - b.i)
  for (const { i } of order) {
    if (left === 0) break
    floors[i]! += 1
    left -= 1
  }
  return floors
}

/** The winner's share and the losers', who divide theirs alike. */
export function creditOf(parties: number, winner: number, losersBp: number): readonly number[] {
  const losers = parties - 1
  if (losers === 0) return [WHOLE]
  const parts = split(Array.from({ length: losers }, () => 1)).map(bp => (bp * losersBp) / WHOLE)
  const whole = parts.map(Math.floor)
  for (let left = losersBp - whole.reduce((a, b) => a + b, 0), i = 0; left > 0; left -= 1, i += 1) whole[i]! += 1
  return Array.from({ length: parties }, (_, i) => (i === winner ? WHOLE - losersBp : whole[i < winner ? i : i - 1]!))
}
