/**
 * What a county is painted with: its territory's colour, in a metric layer one of six steps by quantile, so that each step holds as many
 * territories, or how far its territory is off the mean, from far below over the tolerance in the middle to far above.
 */
export const SEQUENCE = ['#EFF4F4', '#CFE2E8', '#9CC6D1', '#5FA1B2', '#2A7A92', '#154F61'] as const
export const SEQUENCE_DARK = ['#22343C', '#2B4A55', '#35636F', '#43808F', '#5FA9BA', '#9CD3DF'] as const

/** Lower ends of the classes above the first, ascending, at most five; equal values never stand in two classes. Zero and nothing stand apart. */
export function quantileBreaks(values: readonly number[], classes = SEQUENCE.length): readonly number[] {
  const sorted = values.filter(v => v > 0).sort((a, b) => a - b)
  const breaks: number[] = []
  for (let k = 1; k < classes; k += 1) {
    const at = sorted[Math.floor((k * sorted.length) / classes)]
    if (at !== undefined && at > (breaks.at(-1) ?? sorted[0]!)) breaks.push(at)
  }
  return breaks
}

/** The step of a value among the breaks; spread over the whole scale when there are few. */
export function stepOf(value: number, breaks: readonly number[]): number {
  const at = breaks.filter(b => value >= b).length
  return breaks.length === 0 ? 0 : Math.round((at * (SEQUENCE.length - 1)) / breaks.length)
}

/** Teal below, ochre above: told apart also by those who see red and green alike. */
export const DEVIATION = ['#2A7A92', '#A9CDD6', '#DCE8D6', '#E3B878', '#A8621B'] as const
export const DEVIATION_DARK = ['#5FA9BA', '#2F5561', '#34473F', '#75572B', '#D49A3A'] as const
/** Beyond this share of the mean a territory is far off. */
export const FAR = 0.5

/** 0 far below, 1 below, 2 within mean ± tolerance, 3 above, 4 far above. */
export function deviationStep(share: number, tolerance: number): number {
  const size = Math.abs(share)
  if (size <= tolerance + 1e-12) return 2
  const steps = size > Math.max(FAR, tolerance) ? 2 : 1
  return share < 0 ? 2 - steps : 2 + steps
}

/** Share of the mean by which each is off; null where there is no mean to be off. */
export function deviationsFrom(values: ReadonlyMap<string, number>, mean: number): ReadonlyMap<string, number | null> {
  return new Map([...values].map(([id, value]) => [id, mean === 0 ? null : (value - mean) / mean]))
}
