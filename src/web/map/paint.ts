/** Puts a picture of territories onto an open map: fills by feature state (a change of colour uploads nothing), lines and labels as small sources. */
import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl'
import { shortName } from '../../core/geography/divisions.ts'
import { type Mode, TERRITORY_COLOURS } from '../app/theme.ts'
import { countiesOf, labelPoint } from './assign-counties.ts'
import { quantileBreaks, SEQUENCE, SEQUENCE_DARK, stepOf } from './fills.ts'
import { linesBetween, type MapData, type Shapes } from './geometry.ts'
import { hatch, lineFeature, shapeSources } from './style.ts'

export type MapTerritory = {
  readonly id: string
  readonly code: string
  readonly name: string
  readonly colour: number
  readonly divisions: readonly string[]
  readonly depth: number
  readonly priority?: number
  /** Group of territories whose common border is drawn strong: the territory above. */
  readonly parent: string | null
  /** Everything above it: choosing one of them chooses this too. */
  readonly ancestors?: readonly string[]
}
export type Place = { readonly division: string; readonly accounts: number }
export type Picture = {
  readonly territories: readonly MapTerritory[]
  /** Territory id → figure; null paints territories in their own colours. */
  readonly metric: ReadonlyMap<string, number | null> | null
  /** Colour of a county by its territory and code, in place of both; null leaves it blank. */
  readonly tint: ((territoryId: string, code: string) => string | null) | null
  readonly gaps: readonly Place[]
  readonly overlaps: readonly Place[]
}

/** The colour of every county; what is equal to before is not sent again. */
export function paintFills(
  map: MapLibre,
  data: MapData,
  picture: Picture,
  filled: ReadonlyMap<string, string>,
  mode: Mode,
  before: Map<string, string | null>,
): void {
  const byId = new Map(picture.territories.map(t => [t.id, t]))
  const breaks = picture.metric ? breaksOf(picture.metric) : []
  const steps = mode === 'dark' ? SEQUENCE_DARK : SEQUENCE
  for (const code of data.codes) {
    const id = filled.get(code)
    const value = id === undefined ? undefined : picture.metric?.get(id)
    const fill =
      id === undefined
        ? null
        : picture.tint
          ? picture.tint(id, code)
          : picture.metric
            ? steps[typeof value === 'number' ? stepOf(value, breaks) : 0]!
            : TERRITORY_COLOURS[mode][(byId.get(id)?.colour ?? 0) % 8]!
    if (fill === (before.get(code) ?? null)) continue
    before.set(code, fill)
    map.setFeatureState({ source: 'county', id: code }, { fill })
  }
}

/** Gaps and overlaps: counties of their own sources, so that nothing is drawn over the whole country for a few of them. */
export function paintFindings(map: MapLibre, data: MapData, shapes: Shapes, picture: Picture, filled: ReadonlyMap<string, string>): void {
  const of = (codes: ReadonlySet<string>) => ({
    type: 'FeatureCollection',
    features: codes.size === 0 ? [] : shapes.counties.features.filter(f => codes.has(String(f.properties?.code))),
  })
  put(map, 'gap', of(new Set(picture.gaps.filter(g => !filled.has(g.division)).map(g => g.division))))
  put(map, 'overlap', of(new Set(picture.overlaps.flatMap(o => (isCounty(o.division, data) ? [o.division] : [])))))
}

export const breaksOf = (metric: ReadonlyMap<string, number | null>): readonly number[] =>
  quantileBreaks([...metric.values()].flatMap(v => (v === null ? [] : [v])))

const isCounty = (code: string, data: MapData): boolean => countiesOf(data.codes, code).length === 1

const put = (map: MapLibre, source: string, data: unknown): void => void (map.getSource(source) as GeoJSONSource | undefined)?.setData(data as never)

export function paintLines(map: MapLibre, shapes: Shapes, picture: Picture, filled: ReadonlyMap<string, string>): void {
  const parents = new Map(picture.territories.map(t => [t.id, t.parent ?? undefined]))
  put(map, 'territory', lineFeature(linesBetween(shapes, code => filled.get(code))))
  put(map, 'parent', lineFeature(linesBetween(shapes, code => parents.get(filled.get(code) ?? ''))))
}

export function paintLabels(map: MapLibre, data: MapData, picture: Picture, filled: ReadonlyMap<string, string>): void {
  const counties = countiesByTerritory(filled)
  put(map, 'labels', {
    type: 'FeatureCollection',
    features: picture.territories.flatMap(t => {
      const codes = counties.get(t.id) ?? []
      const point = labelPoint(codes, data.centres)
      if (!point) return []
      return [
        {
          type: 'Feature' as const,
          properties: { code: t.code, name: t.name, rank: -codes.length },
          geometry: { type: 'Point' as const, coordinates: [...point] },
        },
      ]
    }),
  })
}

/** Provinces that no territory shown covers keep their own name, in grey: a map without any name is hard to read. */
export function paintPlaces(map: MapLibre, data: MapData, filled: ReadonlyMap<string, string>): void {
  const covered = new Set([...filled.keys()].map(code => code.slice(0, 2)))
  put(map, 'places', {
    type: 'FeatureCollection',
    features: data.provinces.flatMap(p => {
      const point = data.centres[p.code]
      if (!point || covered.has(p.code.slice(0, 2))) return []
      return [{ type: 'Feature' as const, properties: { name: shortName(p.name) }, geometry: { type: 'Point' as const, coordinates: [...point] } }]
    }),
  })
}

export function paintSelection(map: MapLibre, shapes: Shapes, chosen: ReadonlySet<string>): void {
  put(
    map,
    'selected',
    lineFeature(
      chosen.size === 0 ? { type: 'MultiLineString', coordinates: [] } : linesBetween(shapes, code => (chosen.has(code) ? 'x' : undefined)),
    ),
  )
}

/** The full shapes take the place of the thinned ones; colours stay, because states belong to codes. */
export function paintShapes(map: MapLibre, shapes: Shapes): void {
  for (const [source, data] of Object.entries(shapeSources(shapes))) put(map, source, data)
}

export function countiesByTerritory(filled: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const counties = new Map<string, string[]>()
  for (const [code, id] of filled) {
    const list = counties.get(id)
    if (list) list.push(code)
    else counties.set(id, [code])
  }
  return counties
}

/** Counties of a territory and of everything below it. */
export function countiesChosen(picture: Picture, filled: ReadonlyMap<string, string>, id: string | null): ReadonlySet<string> {
  if (id === null) return new Set()
  const ids = new Set(picture.territories.filter(t => t.id === id || t.ancestors?.includes(id)).map(t => t.id))
  return new Set([...filled].flatMap(([code, territory]) => (ids.has(territory) ? [code] : [])))
}

export function addPatterns(map: MapLibre): void {
  if (!map.hasImage('hatch-overlap')) map.addImage('hatch-overlap', hatch(194, 59, 34), { pixelRatio: 2 })
}
