/**
 * A boundary set 边界 from a file: GeoJSON or TopoJSON, in any of the three coordinate systems. Each feature becomes an area with a name, a
 * division where its code or its name (within its parent) says so, and neighbours by shared corners. What is wrong is told feature by feature.
 */
import { feature as fromTopology } from 'topojson-client'
import { checkArea, type Point, type Ring, type RingFault } from './check-rings.ts'
import { type CoordinateSystem, toWgs84 } from './convert.ts'
import type { DivisionIndex } from './divisions.ts'

export type Area = {
  readonly name: string
  readonly code: string | null
  readonly division: string | null
  readonly rings: readonly Ring[]
  /** Positions in the list. */
  readonly neighbours: readonly number[]
}
export type AreaFault = { readonly feature: number; readonly name: string; readonly code: RingFault | 'notArea' | 'tooManyPoints' }
export type Boundaries = {
  readonly areas: readonly Area[]
  readonly faults: readonly AreaFault[]
  /** Names of areas that no division fits. */
  readonly unmatched: readonly string[]
  readonly snapped: number
}
export type FileFault = 'notJson' | 'notGeographic' | 'empty' | 'tooManyFeatures' | 'tooManyPoints'

const MOST_FEATURES = 5_000
const MOST_POINTS = 600_000
/** About 30 m: borders drawn twice by hand or by two sources meet again. */
const SNAP = 0.0003

type Raw = {
  readonly id?: unknown
  readonly properties?: Record<string, unknown> | null
  readonly geometry?: { type?: string; coordinates?: unknown } | null
}

export function readBoundaries(text: string, crs: CoordinateSystem, index: DivisionIndex): Boundaries | { readonly fault: FileFault } {
  const found = featuresOf(text)
  if ('fault' in found) return found
  const features = found.features.filter(f => typeof f === 'object' && f !== null)
  if (features.length === 0) return { fault: 'empty' }
  if (features.length > MOST_FEATURES) return { fault: 'tooManyFeatures' }
  if (countPoints(features) > MOST_POINTS) return { fault: 'tooManyPoints' }
  const keys = keysOf(features, index)
  const faults: AreaFault[] = []
  const kept: { name: string; code: string | null; division: string | null; polygons: Ring[][] }[] = []
  for (const [i, f] of features.entries()) {
    const name = String((keys.name === null ? undefined : f.properties?.[keys.name]) ?? f.id ?? i + 1).slice(0, 120)
    const polygons = polygonsOf(f)
    if (polygons === null) {
      faults.push({ feature: i + 1, name, code: 'notArea' })
      continue
    }
    const fault = checkArea(polygons)
    if (fault) {
      faults.push({ feature: i + 1, name, code: fault })
      continue
    }
    const code = codeOf(f, keys.code)
    kept.push({
      name,
      code,
      division: divisionOf(f, code, name, index),
      polygons: polygons.map(p => p.map(r => r.map(([x, y]) => toWgs84(x, y, crs)))),
    })
  }
  const { snapped, neighbours, rings } = snap(kept.map(k => k.polygons.flat()))
  return {
    areas: kept.map(({ name, code, division }, i) => ({ name, code, division, rings: rings[i]!, neighbours: neighbours[i]! })),
    faults,
    unmatched: kept.filter(k => k.division === null).map(k => k.name),
    snapped,
  }
}

function featuresOf(text: string): { readonly features: readonly Raw[] } | { readonly fault: FileFault } {
  let json: { type?: string; features?: Raw[]; objects?: Record<string, unknown> } & Raw
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return { fault: 'notJson' }
  }
  if (typeof json !== 'object' || json === null) return { fault: 'notGeographic' }
  if (json.type === 'FeatureCollection' && Array.isArray(json.features)) return { features: json.features }
  if (json.type === 'Feature') return { features: [json] }
  if (json.type !== 'Topology' || typeof json.objects !== 'object' || json.objects === null) return { fault: 'notGeographic' }
  try {
    const made = Object.values(json.objects).flatMap(o => {
      const all = fromTopology(json as never, o as never) as unknown as { type: string; features?: Raw[] } & Raw
      return all.type === 'FeatureCollection' ? all.features! : [all]
    })
    return { features: made }
  } catch {
    return { fault: 'notGeographic' }
  }
}

/** Counted without recursion into strangers' depths: coordinates are at most four lists deep. */
function countPoints(features: readonly Raw[]): number {
  let points = 0
  const visit = (value: unknown, depth: number): void => {
    if (!Array.isArray(value) || depth > 5) return
    if (typeof value[0] === 'number') points += 1
    else for (const inner of value) visit(inner, depth + 1)
  }
  for (const f of features) visit(f?.geometry?.coordinates, 0)
  return points
}

function polygonsOf(f: Raw): Ring[][] | null {
  const geometry = f?.geometry
  const list = geometry?.type === 'Polygon' ? [geometry.coordinates] : geometry?.type === 'MultiPolygon' ? geometry.coordinates : null
  if (!Array.isArray(list)) return null
  const isPoint = (p: unknown): boolean => Array.isArray(p) && p.length >= 2
  const sound = list.every(polygon => Array.isArray(polygon) && polygon.every(ring => Array.isArray(ring) && ring.every(isPoint)))
  return sound ? (list as [number, number][][][]).map(polygon => polygon.map(ring => ring.map(([x, y]): Point => [x, y]))) : null
}

const SIX = /^(156)?(\d{6})$/
const codeIn = (value: unknown): string | null => SIX.exec(String(value ?? '').trim())?.[2] ?? null

/** Which property holds the code and which the name: those whose values are most often known. */
function keysOf(features: readonly Raw[], index: DivisionIndex): { readonly code: string | null; readonly name: string | null } {
  const codes = new Map<string, number>()
  const names = new Map<string, number>()
  for (const f of features)
    for (const [key, value] of Object.entries(f?.properties ?? {})) {
      const code = codeIn(value)
      // A county's own code says more than that of its province.
      if (code && index.get(code)) codes.set(key, (codes.get(key) ?? 0) + (code.endsWith('00') ? 1 : 2))
      else if (typeof value === 'string' && value.trim() !== '' && !/^\d+$/.test(value)) {
        const likely = /name|名|label|title|^n$/i.test(key) ? 2 : 1
        names.set(key, (names.get(key) ?? 0) + likely + (/\p{Script=Han}/u.test(value) ? 1 : 0))
      }
    }
  const best = (counts: ReadonlyMap<string, number>) => [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null
  return { code: best(codes), name: best(names) }
}

function codeOf(f: Raw, key: string | null): string | null {
  return (key === null ? null : codeIn(f.properties?.[key])) ?? codeIn(f.id)
}

const PARENT = /parent|province|prefecture|city|上级|省|市|地区/i

/** By code; then by name inside the parent that a property names; then by a name that only one division has. */
function divisionOf(f: Raw, code: string | null, name: string, index: DivisionIndex): string | null {
  if (code !== null) {
    const known = index.resolve(code)
    if (known) return known
  }
  for (const [key, value] of Object.entries(f.properties ?? {})) {
    if (!PARENT.test(key) || typeof value !== 'string' || value === name) continue
    const inside = index.resolve(`${value}${name}`)
    if (inside) return inside
  }
  return index.resolve(name)
}

/** Corners within about 30 m of each other become one; areas that share at least two corners are neighbours. */
function snap(areas: readonly (readonly Ring[])[]): {
  readonly snapped: number
  readonly neighbours: readonly (readonly number[])[]
  readonly rings: readonly (readonly Ring[])[]
} {
  const corners = new Map<string, { readonly point: Point; readonly areas: Set<number> }>()
  let snapped = 0
  const cell = (value: number) => Math.floor(value / SNAP)
  const near = (x: number, y: number) => {
    for (let i = -1; i <= 1; i += 1)
      for (let j = -1; j <= 1; j += 1) {
        const found = corners.get(`${cell(x) + i},${cell(y) + j}`)
        if (found && Math.abs(found.point[0] - x) <= SNAP && Math.abs(found.point[1] - y) <= SNAP) return found
      }
    return null
  }
  const rings = areas.map((list, area) =>
    list.map(ring => {
      const made: Point[] = []
      for (const [x, y] of ring) {
        const known = near(x, y)
        // Corners of one area stay as they are: thinning its own shape is not what snapping is for.
        if (known && !(known.areas.size === 1 && known.areas.has(area))) {
          if (known.point[0] !== x || known.point[1] !== y) snapped += 1
          known.areas.add(area)
          if (made.at(-1)?.[0] !== known.point[0] || made.at(-1)?.[1] !== known.point[1]) made.push(known.point)
          continue
        }
        if (!known) corners.set(`${cell(x)},${cell(y)}`, { point: [x, y], areas: new Set([area]) })
        made.push([x, y])
      }
      const closed = made.length > 0 && made[0]![0] === made.at(-1)![0] && made[0]![1] === made.at(-1)![1]
      if (!closed) made.push(made[0]!)
      return made.length >= 4 ? made : ring
    }),
  )
  const shared = new Map<string, number>()
  for (const { areas: here } of corners.values()) {
    if (here.size < 2) continue
    const list = [...here].sort((a, b) => a - b)
    for (const [k, a] of list.entries()) for (const b of list.slice(k + 1)) shared.set(`${a} ${b}`, (shared.get(`${a} ${b}`) ?? 0) + 1)
  }
  const neighbours = areas.map((): number[] => [])
  for (const [pair, count] of shared) {
    if (count < 2) continue
    const [a, b] = pair.split(' ').map(Number) as [number, number]
    neighbours[a]!.push(b)
    neighbours[b]!.push(a)
  }
  return { snapped, neighbours, rings }
}
