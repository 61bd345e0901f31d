/** Rate limits in memory, per process: a caller that goes too fast waits; nobody else does. Counted per key and minute. */
export type Limiter = { take(key: string): number }

/** Answers 0 when allowed, else the seconds to wait. */
export function makeLimiter(perMinute: number, clock: () => number): Limiter {
  const counts = new Map<string, { minute: number; count: number }>()
  return {
    take(key) {
      const ms = clock()
      const minute = Math.floor(ms / 60_000)
      const entry = counts.get(key)
      if (!entry || entry.minute !== minute) {
        if (counts.size > 100_000) counts.clear()
        counts.set(key, { minute, count: 1 })
        return 0
      }
      entry.count += 1
      return entry.count > perMinute ? Math.max(1, Math.ceil(((minute + 1) * 60_000 - ms) / 1000)) : 0
    },
  }
}
