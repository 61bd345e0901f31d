/** How alike two words are, from 0 to 1: Jaro (1989) with Winkler's (1990) bonus for an equal beginning, made for names that people mistype. */
export function jaroWinkler(a: string, b: string): number {
  if (a === b) return 1
  const [n, m] = [a.length, b.length]
  if (n === 0 || m === 0) return 0
  const reach = Math.max(0, Math.floor(Math.max(n, m) / 2) - 1)
  const taken = new Uint8Array(m)
  const matched: number[] = []
  for (let i = 0; i < n; i += 1) {
    const to = Math.min(m - 1, i + reach)
    for (let j = Math.max(0, i - reach); j <= to; j += 1) {
      if (taken[j] === 1 || a.charCodeAt(i) !== b.charCodeAt(j)) continue
      taken[j] = 1
      matched.push(i)
      break
    }
  }
  if (matched.length === 0) return 0
  let [crossed, k] = [0, 0]
  for (let j = 0; j < m; j += 1) {
    if (taken[j] === 0) continue
    if (a.charCodeAt(matched[k]!) !== b.charCodeAt(j)) crossed += 1
    k += 1
  }
  const c = matched.length
  const jaro = (c / n + c / m + (c - crossed / 2) / c) / 3
  let prefix = 0
  while (prefix < 4 && prefix < n && prefix < m && a[prefix] === b[prefix]) prefix += 1
  return jaro + prefix * 0.1 * (1 - jaro)
}

/** Where two texts differ by one edit, and the two letters when one stands for the other. */
export type Slip = { readonly at: number; readonly letters: readonly [string, string] | null }

/** The one letter lost, added, changed, or swapped with its neighbour; null when there is none or more. */
export function slipBetween(a: string, b: string): Slip | null {
  const difference = a.length - b.length
  if (difference > 1 || difference < -1) return null
  const shortest = Math.min(a.length, b.length)
  let at = 0
  while (at < shortest && a.charCodeAt(at) === b.charCodeAt(at)) at += 1
  let end = 0
  while (end < shortest - at && a.charCodeAt(a.length - 1 - end) === b.charCodeAt(b.length - 1 - end)) end += 1
  const [x, y] = [a.length - at - end, b.length - at - end]
  if (x + y === 1) return { at, letters: null }
  if (x === 1 && y === 1) return { at, letters: [a[at]!, b[at]!] }
  return x === 2 && y === 2 && a[at] === b[at + 1] && a[at + 1] === b[at] ? { at, letters: null } : null
}

export const oneSlipApart = (a: string, b: string): boolean => a === b || slipBetween(a, b) !== null
