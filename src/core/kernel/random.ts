/** Seeded random numbers (mulberry32): the same seed gives the same plan on every machine. Not for secrets. */
export type Random = { next(): number; int(below: number): number; pick<T>(items: readonly T[]): T }

export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const int = (below: number) => Math.floor(next() * below)
  return {
    next,
    int,
    pick: items => {
      if (items.length === 0) throw new Error('pick from nothing')
      return items[int(items.length)]!
    },
  }
}
