/**
 * How evenly a measure is spread 均衡: the mean, the largest deviation from it, and the Gini coefficient (0: all the same; near 1: one has
 * everything), C. Gini, Variabilità e mutabilità, 1912, by the sorted formula. Values are not negative.
 */
export type Spread = {
  readonly n: number
  readonly sum: number
  readonly mean: number
  /** Largest |value − mean| as a share of the mean; 0 when there is nothing to share. */
  readonly maxDeviation: number
  readonly gini: number
  /** How many lie outside mean ± tolerance. */
  readonly outside: number
}

export function spreadOf(values: readonly number[], tolerance: number): Spread {
  const n = values.length
  const sum = values.reduce((s, v) => s + v, 0)
  const mean = n === 0 ? 0 : sum / n
  if (mean === 0) return { n, sum, mean, maxDeviation: 0, gini: 0, outside: 0 }
  const sorted = [...values].sort((a, b) => a - b)
  const weighted = sorted.reduce((s, v, i) => s + (2 * (i + 1) - n - 1) * v, 0)
  const deviations = values.map(v => Math.abs(v - mean) / mean)
  return {
    n,
    sum,
    mean,
    maxDeviation: Math.max(...deviations),
    gini: weighted / (n * sum),
    outside: deviations.filter(d => d > tolerance + 1e-12).length,
  }
}
