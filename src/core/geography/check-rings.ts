/**
 * Whether rings of a boundary are an area on the ground: closed, not crossing themselves, holes inside, not turned round (latitude first),
 * not over the date line. A wrong one is refused with what is wrong, because an area that is not one would take accounts by accident.
 */
import { isInside } from '../condition/evaluate.ts'

export type Point = readonly [number, number]
export type Ring = readonly Point[]
export type RingFault =
  | 'notNumbers'
  | 'outOfRange'
  | 'swapped'
  | 'nullIsland'
  | 'tooFew'
  | 'unclosed'
  | 'antimeridian'
  | 'crossing'
  | 'holeOutside'
  | 'tooMany'

/** One area: the condition language takes as many corners in a ring. */
export const MOST_CORNERS = 20_000
export const MOST_RINGS = 50

/** `polygons`: outer ring first, then its holes. null: nothing wrong. */
export function checkArea(polygons: readonly (readonly Ring[])[]): RingFault | null {
  const rings = polygons.flat()
  if (rings.length === 0) return 'tooFew'
  if (rings.length > MOST_RINGS || rings.some(r => r.length > MOST_CORNERS)) return 'tooMany'
  for (const ring of rings) {
    const fault = checkRing(ring)
    if (fault) return fault
  }
  for (const [outer, ...holes] of polygons)
    if (holes.some(h => !isInside(...middle(h), [outer!]) && !isInside(...h[0]!, [outer!]))) return 'holeOutside'
  return null
}

const middle = (ring: Ring): [number, number] => {
  const [a, b] = [ring[0]!, ring[Math.floor(ring.length / 2)]!]
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]
}

function checkRing(ring: Ring): RingFault | null {
  if (ring.length < 4) return 'tooFew'
  for (const [x, y] of ring) {
    if (typeof x !== 'number' || typeof y !== 'number' || !Number.isFinite(x) || !Number.isFinite(y)) return 'notNumbers'
    if (Math.abs(y) > 90 && Math.abs(x) <= 90 && Math.abs(y) <= 180) return 'swapped'
    if (Math.abs(x) > 180 || Math.abs(y) > 90) return 'outOfRange'
  }
  // China read latitude first lies at 18–54 east and 73–135 north: caught above except where all longitudes are below 90.
  if (ring.every(([x, y]) => x >= 15 && x <= 54 && y >= 72 && y <= 90)) return 'swapped'
  if (ring.every(([x, y]) => Math.abs(x) < 0.5 && Math.abs(y) < 0.5)) return 'nullIsland'
  const [first, last] = [ring[0]!, ring.at(-1)!]
  if (first[0] !== last[0] || first[1] !== last[1]) return 'unclosed'
  const xs = ring.map(p => p[0])
  if (Math.max(...chunks(xs).map(c => Math.max(...c))) - Math.min(...chunks(xs).map(c => Math.min(...c))) > 180) return 'antimeridian'
  return crosses(ring) ? 'crossing' : null
}

const chunks = (list: readonly number[]): number[][] => {
  const parts: number[][] = []
  for (let i = 0; i < list.length; i += 8192) parts.push(list.slice(i, i + 8192))
  return parts
}

/** Edges in a grid of cells, so that only near ones are compared. */
function crosses(ring: Ring): boolean {
  const edges = ring.length - 1
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [x, y] of ring) {
    west = Math.min(west, x)
    south = Math.min(south, y)
    east = Math.max(east, x)
    north = Math.max(north, y)
  }
  const side = Math.max(1, Math.ceil(Math.sqrt(edges)))
  const cell = (value: number, low: number, high: number) => Math.min(side - 1, Math.floor(((value - low) / (high - low || 1)) * side))
  const grid = new Map<number, number[]>()
  for (let i = 0; i < edges; i += 1) {
    const [a, b] = [ring[i]!, ring[i + 1]!]
    const [x1, x2] = [cell(Math.min(a[0], b[0]), west, east), cell(Math.max(a[0], b[0]), west, east)]
    const [y1, y2] = [cell(Math.min(a[1], b[1]), south, north), cell(Math.max(a[1], b[1]), south, north)]
    for (let x = x1; x <= x2; x += 1)
      for (let y = y1; y <= y2; y += 1) {
        const key = x * side + y
        const here = grid.get(key)
        if (!here) {
          grid.set(key, [i])
          continue
        }
        for (const j of here) if (apart(i, j, edges) && meet(a, b, ring[j]!, ring[j + 1]!)) return true
        here.push(i)
      }
  }
  return false
}

/** Edges that follow each other share a corner and are no crossing. */
const apart = (i: number, j: number, edges: number): boolean => Math.abs(i - j) > 1 && Math.abs(i - j) < edges - 1

const turn = (a: Point, b: Point, c: Point): number => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

/** A true crossing: touching in a corner (a ring pinched to a point) is common in real boundaries and harmless. */
function meet(a: Point, b: Point, c: Point, d: Point): boolean {
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0
}
