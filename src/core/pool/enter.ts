/**
 * Which pool takes a customer nobody owns 入池: the one an act names while it is open, else the first in the company's order whose condition
 * holds and whose territory covers it. A step of placing: who stands in a pool is decided where the owner is decided, and nowhere else.
 */
import type { Step } from '../assignment/place.ts'
import { hides, type Pool } from './pool.ts'

export function enterPool(pools: readonly Pool[], covers: (above: string, territoryId: string | null) => boolean): Step {
  const byId = new Map(pools.map(p => [p.id, p]))
  return (draft, facts) => {
    if (draft.ownerId !== null) return draft
    const named = draft.ownerBy === 'act' && facts.act?.poolId ? byId.get(facts.act.poolId) : undefined
    const fits = (pool: Pool) => pool.open && !pool.deadEnd && (pool.territoryId === null || covers(pool.territoryId, draft.territoryId))
    const pool = named?.open ? named : (facts.pools ?? []).flatMap(id => byId.get(id) ?? []).find(fits)
    if (!pool) return draft
    const seenBy = pool.deadEnd ? 'admins' : hides(pool) ? 'managers' : 'members'
    return { ...draft, poolId: pool.id, ownerBy: 'pool', seenBy, admins: pool.admins }
  }
}
