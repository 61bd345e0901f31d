/**
 * Colours of territories: eight fills, no two neighbours alike where that can be had. Greedy by largest saturation first (DSATUR, Brélaz
 * 1979), the last clashes mended by exchanging two colours along a chain (Kempe); a territory keeps the colour it has unless a neighbour
 * named before it clashes, so that filters and renames never recolour the map.
 */
export const COLOURS = 8

export function colourTerritories(
  ids: readonly string[],
  neighbours: (id: string) => readonly string[],
  kept: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const clashesOf = (colours: ReadonlyMap<string, number>) => ids.filter(id => neighbours(id).some(n => colours.get(n) === colours.get(id)))
  let keep = new Map(kept)
  let best = colourOnce(ids, neighbours, keep)
  let clashes = clashesOf(best)
  // Where old colours leave no way out, those around the clash are given up, further out each time; at last all of them.
  for (let reach = 1; clashes.length > 0 && reach <= WIDEST; reach += 1) {
    keep = reach === WIDEST ? new Map() : new Map(keep)
    for (const id of around(clashes, neighbours, reach)) keep.delete(id)
    const next = colourOnce(ids, neighbours, keep)
    const left = clashesOf(next)
    if (left.length < clashes.length) [best, clashes] = [next, left]
  }
  return best
}

const WIDEST = 4

function around(ids: readonly string[], neighbours: (id: string) => readonly string[], reach: number): ReadonlySet<string> {
  const found = new Set(ids)
  for (let step = 0; step < reach; step += 1) for (const id of [...found]) for (const n of neighbours(id)) found.add(n)
  return found
}

function colourOnce(
  ids: readonly string[],
  neighbours: (id: string) => readonly string[],
  kept: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const result = new Map<string, number>()
  for (const id of ids) {
    const colour = kept.get(id)
    if (colour === undefined || neighbours(id).some(n => result.get(n) === colour)) continue
    result.set(id, colour)
  }
  const uses = new Array<number>(COLOURS).fill(0)
  for (const colour of result.values()) uses[colour]! += 1
  const open = new Map(ids.filter(id => !result.has(id)).map(id => [id, new Set(neighbours(id).flatMap(n => result.get(n) ?? []))]))
  const queue = makeQueue()
  for (const [id, taken] of open) queue.push(id, boundness(taken, neighbours(id)))
  let budget = MOST_EXCHANGES
  for (let next = queue.pop(); next !== null; next = queue.pop()) {
    const taken = open.get(next)
    if (!taken) continue
    open.delete(next)
    const free = Array.from({ length: COLOURS }, (_, c) => c).filter(c => !taken.has(c))
    const colour = free.length > 0 ? free.reduce((a, b) => (uses[b]! < uses[a]! ? b : a)) : freed(next, neighbours, result, budget-- > 0)
    result.set(next, colour)
    uses[colour]! += 1
    for (const n of neighbours(next)) {
      const around = open.get(n)
      if (!around || around.has(colour)) continue
      around.add(colour)
      queue.push(n, boundness(around, neighbours(n)))
    }
  }
  return result
}

/** A map that cannot be coloured at all must not be tried for ever. */
const MOST_EXCHANGES = 60

const boundness = (taken: ReadonlySet<number>, near: readonly string[]): number => taken.size * 1000 + Math.min(999, near.length)

/** Most bound first; an entry is stale when its territory was pushed again, and is passed over by the caller. */
function makeQueue() {
  const buckets = new Map<number, string[]>()
  let top = 0
  return {
    push(id: string, key: number) {
      const list = buckets.get(key)
      if (list) list.push(id)
      else buckets.set(key, [id])
      top = Math.max(top, key)
    },
    pop(): string | null {
      while (top >= 0) {
        const id = buckets.get(top)?.shift()
        if (id !== undefined) return id
        buckets.delete(top)
        top -= 1
      }
      return null
    },
  }
}

/** Frees a colour by exchanging it with another along a chain that does not come back; the least bad one where none can be freed. */
function freed(id: string, neighbours: (id: string) => readonly string[], result: Map<string, number>, exchange: boolean): number {
  const around = neighbours(id).filter(n => result.has(n))
  for (let a = 0; exchange && a < COLOURS; a += 1)
    for (let b = 0; b < COLOURS; b += 1) {
      if (a === b) continue
      const chain = new Set<string>()
      const stack = around.filter(n => result.get(n) === a)
      while (stack.length > 0) {
        const at = stack.pop()!
        if (chain.has(at)) continue
        chain.add(at)
        for (const n of neighbours(at)) if (result.get(n) === (result.get(at) === a ? b : a)) stack.push(n)
      }
      if (around.some(n => chain.has(n) && result.get(n) === b)) continue
      for (const n of chain) result.set(n, result.get(n) === a ? b : a)
      return a
    }
  const clashes = new Array<number>(COLOURS).fill(0)
  for (const n of around) clashes[result.get(n)!]! += 1
  return clashes.indexOf(Math.min(...clashes))
}
