/**
 * Which territories a person may know of: those below one of which he is a member, those in which an account he may see stands, and the
 * way up to them. Planners and those who see all know every one.
 */
import type { CompiledModel } from '../../core/assignment/compile.ts'
import type { Actor } from '../kernel/actor.ts'
import { knowsAll } from '../territory/models.ts'
import type { Counts } from './read-territories.ts'

/** `whole`: its shape, members and figures; `path`: only its name, on the way to one that is seen. */
export type Seen = 'whole' | 'path'

const TERRITORY_KIND = 4n

/** null: every one. */
export function seenTerritories(actor: Actor, compiled: CompiledModel, counts: Pick<Counts, 'byTerritory'>): ReadonlyMap<string, Seen> | null {
  if (knowsAll(actor)) return null
  const held = new Set(actor.tokens.filter(t => BigInt(t) % 8n === TERRITORY_KIND).map(t => String(BigInt(t) / 8n)))
  const seen = new Map<string, Seen>()
  for (const node of compiled.hierarchy.order) {
    const { id } = node.territory
    if (held.has(id) || node.ancestorIds.some(a => held.has(a)) || (counts.byTerritory.get(id) ?? 0) > 0) seen.set(id, 'whole')
  }
  for (const id of [...seen.keys()]) for (const above of compiled.hierarchy.byId.get(id)!.ancestorIds) if (!seen.has(above)) seen.set(above, 'path')
  return seen
}
