/**
 * Opening in steps 分级开放: a customer that enters a pool is first for its own territory, then for the one above, then for the whole pool. Who
 * stands where is a token of (pool, territory); an entry says from when on which token opens it, so the clock decides and no job has to run.
 */
import { token } from '../access/tokens.ts'
import type { OpeningStep } from './pool.ts'

const ROOM = 2n ** 31n
/** `territoryId` null: the whole pool. */
export const poolToken = (poolId: string, territoryId: string | null): string =>
  token('pool', String(BigInt(poolId) * ROOM + BigInt(territoryId ?? 0)))

export type Opening = { readonly token: string; readonly territoryId: string | null; readonly at: number }
const HOUR = 3_600_000
export const STEPS_MOST = 4

/**
 * The steps of one entry, earliest first; the first is open at once. `chain`: its territory and those above, nearest first. Without a territory
 * nobody is nearer than others: it is open to all at once. Steps that lead to the same people are one.
 */
export function openingsOf(poolId: string, steps: readonly OpeningStep[], chain: readonly string[], enteredAt: number): readonly Opening[] {
  const all: Opening = { token: poolToken(poolId, null), territoryId: null, at: enteredAt }
  if (chain.length === 0 || steps.length === 0) return [all]
  const sorted = [...steps].sort((a, b) => a.afterHours - b.afterHours).slice(0, STEPS_MOST)
  const result: Opening[] = []
  for (const [i, step] of sorted.entries()) {
    const territoryId = step.up === null ? null : chain[Math.min(step.up, chain.length - 1)]!
    if (result.some(o => o.territoryId === territoryId)) continue
    result.push({ token: poolToken(poolId, territoryId), territoryId, at: enteredAt + (i === 0 ? 0 : step.afterHours * HOUR) })
    if (territoryId === null) break
  }
  return result
}

/** The earliest step that lets this person in, and whether it has come; null: none ever does. */
export function openFor(
  openings: readonly Opening[],
  held: ReadonlySet<string>,
  now: number,
): { readonly at: number; readonly open: boolean } | null {
  const mine = openings.filter(o => held.has(o.token)).map(o => o.at)
  if (mine.length === 0) return null
  const at = Math.min(...mine)
  return { at, open: at <= now }
}

/** The tokens a member holds: each of his territories and those above them, and the whole pool. */
export const memberTokens = (poolId: string, territoriesAndAbove: readonly string[]): readonly string[] => [
  ...territoriesAndAbove.map(id => poolToken(poolId, id)),
  poolToken(poolId, null),
]
