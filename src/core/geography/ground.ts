/**
 * Which division a point stands in, by the built-in boundaries 边界: counties, and whatever is put together from them. A point on the water or
 * abroad stands in none.
 */

import { feature } from 'topojson-client'

/** A TopoJSON file with a layer `county` whose ids are codes. */
export type CountyMap = Parameters<typeof feature>[0]
type Ring = readonly (readonly number[])[]
type Area = { readonly code: string; readonly box: readonly [number, number, number, number]; readonly rings: readonly Ring[] }
export type Ground = {
  /** Null where the map does not draw the division. */
  readonly inside: (code: string, lng: number, lat: number) => boolean | null
  /** The county, or null. */
  readonly at: (lng: number, lat: number) => string | null
}

/** Degrees of the grid that finds the few counties around a point. */
const CELL = 0.5
const cellOf = (lng: number, lat: number): string => `${Math.floor(lng / CELL)},${Math.floor(lat / CELL)}`

export function makeGround(topology: CountyMap): Ground {
  const layer = feature(topology, topology.objects.county!) as unknown as {
    features: readonly { id?: string | number; geometry: { type: string; coordinates: unknown } }[]
  }
  const areas: Area[] = []
  const grid = new Map<string, Area[]>()
  const below = new Map<string, Area[]>()
  for (const { id, geometry } of layer.features) {
    const polygons = (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates) as readonly (readonly Ring[])[]
    const rings = polygons.flat()
    const xs = rings.flatMap(r => r.map(p => p[0]!))
    const ys = rings.flatMap(r => r.map(p => p[1]!))
    const least = (values: readonly number[]) => values.reduce((m, v) => (v < m ? v : m), Number.POSITIVE_INFINITY)
    const most = (values: readonly number[]) => values.reduce((m, v) => (v > m ? v : m), Number.NEGATIVE_INFINITY)
    const area: Area = { code: String(id), box: [least(xs), least(ys), most(xs), most(ys)], rings }
    areas.push(area)
    for (const code of new Set([area.code, `${area.code.slice(0, 4)}00`, `${area.code.slice(0, 2)}0000`])) {
      const list = below.get(code)
      if (list) list.push(area)
      else below.set(code, [area])
    }
    for (let x = Math.floor(area.box[0] / CELL); x <= Math.floor(area.box[2] / CELL); x += 1)
      for (let y = Math.floor(area.box[1] / CELL); y <= Math.floor(area.box[3] / CELL); y += 1) {
        const key = `${x},${y}`
        const list = grid.get(key)
        if (list) list.push(area)
        else grid.set(key, [area])
      }
  }
  return {
    inside: (code, lng, lat) => {
      const parts = below.get(code)
      return parts ? parts.some(a => holds(a, lng, lat)) : null
    },
    at: (lng, lat) => grid.get(cellOf(lng, lat))?.find(a => holds(a, lng, lat))?.code ?? null,
  }
}

/** Even-odd over all rings, as the evaluator of conditions counts them. */
function holds({ box, rings }: Area, lng: number, lat: number): boolean {
  if (lng < box[0] || lng > box[2] || lat < box[1] || lat > box[3]) return false
  let odd = false
  for (const ring of rings)
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i] as [number, number]
      const [xj, yj] = ring[j] as [number, number]
      if (yi > lat !== yj > lat && lng < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) odd = !odd
    }
  return odd
}
