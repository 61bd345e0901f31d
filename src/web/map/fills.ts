/** What a county is painted with: its territory's colour, or in a metric layer one of six steps by quantile, so that each step holds as many territories. */
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
