/**
 * Fewer points for far views: every arc is thinned once (Visvalingam and Whyatt 1993: the point whose triangle is smallest goes first), so
 * that the two counties beside it stay exactly together and nothing gapes. Ends of arcs never move; a closed arc keeps a real area.
 */
type Point = readonly [number, number]

/** `least`: triangles smaller than this many square degrees go. Longitudes are shortened by latitude first, as the eye sees them. */
export function simplifyArc(arc: readonly Point[], least: number): Point[] {
  const closed = arc[0]![0] === arc.at(-1)![0] && arc[0]![1] === arc.at(-1)![1]
  const fewest = closed ? 5 : 2
  const left = arc.map((_, i) => i - 1)
  const right = arc.map((_, i) => i + 1)
  const area = (i: number): number => {
    const [a, b, c] = [arc[left[i]!]!, arc[i]!, arc[right[i]!]!]
    const shrink = Math.cos((b[1] * Math.PI) / 180)
    return Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) * 0.5 * shrink
  }
  const heap = makeHeap()
  const areas = arc.map(() => 0)
  for (let i = 1; i < arc.length - 1; i += 1) {
    areas[i] = area(i)
    heap.push(i, areas[i]!)
  }
  const gone = new Set<number>()
  for (let next = heap.pop(); next !== null && arc.length - gone.size > fewest; next = heap.pop()) {
    const [i, was] = next
    if (gone.has(i) || was !== areas[i]) continue
    if (was >= least) break
    gone.add(i)
    right[left[i]!] = right[i]!
    left[right[i]!] = left[i]!
    for (const n of [left[i]!, right[i]!]) {
      if (n <= 0 || n >= arc.length - 1) continue
      areas[n] = Math.max(was, area(n))
      heap.push(n, areas[n]!)
    }
  }
  return arc.filter((_, i) => !gone.has(i))
}

function makeHeap() {
  const items: [number, number][] = []
  const swap = (a: number, b: number) => {
    const kept = items[a]!
    items[a] = items[b]!
    items[b] = kept
  }
  return {
    push(i: number, key: number) {
      items.push([i, key])
      for (let at = items.length - 1; at > 0; ) {
        const up = (at - 1) >> 1
        if (items[up]![1] <= items[at]![1]) break
        swap(at, up)
        at = up
      }
    },
    pop(): [number, number] | null {
      if (items.length === 0) return null
      swap(0, items.length - 1)
      const top = items.pop()!
      for (let at = 0; ; ) {
        const [l, r] = [at * 2 + 1, at * 2 + 2]
        let least = at
        if (l < items.length && items[l]![1] < items[least]![1]) least = l
        if (r < items.length && items[r]![1] < items[least]![1]) least = r
        if (least === at) break
        swap(at, least)
        at = least
      }
      return top
    },
  }
}
