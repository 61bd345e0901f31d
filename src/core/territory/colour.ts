/**
 * Colours of territories: eight fills, no two neighbours alike where that can be had. Greedy by largest saturation first (DSATUR, Brélaz
 * 1979); a territory keeps the colour it has unless a neighbour clashes, so that filters and renames never recolour the map.
 */
export const COLOURS = 8

export function colourTerritories(
  ids: readonly string[],
  neighbours: (id: string) => readonly string[],
  kept: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const result = new Map<string, number>()
  const known = new Set(ids)
  for (const id of ids) {
    const colour = kept.get(id)
    if (colour === undefined || neighbours(id).some(n => result.get(n) === colour)) continue
    result.set(id, colour)
  }
  const uses = new Array<number>(COLOURS).fill(0)
  for (const colour of result.values()) uses[colour]! += 1
  const open = new Set(ids.filter(id => !result.has(id)))
  while (open.size > 0) {
    let next = ''
    let best = -1
    for (const id of open) {
      const around = neighbours(id).filter(n => known.has(n))
      const score = new Set(around.map(n => result.get(n)).filter(c => c !== undefined)).size * 1000 + around.length
      if (score > best) {
        best = score
        next = id
      }
    }
    const taken = new Set(neighbours(next).map(n => result.get(n)))
    const free = Array.from({ length: COLOURS }, (_, c) => c).filter(c => !taken.has(c))
    const candidates = free.length ? free : Array.from({ length: COLOURS }, (_, c) => c)
    const colour = candidates.reduce((a, b) => (uses[b]! < uses[a]! ? b : a))
    result.set(next, colour)
    uses[colour]! += 1
    open.delete(next)
  }
  return result
}
