/** The map's look without outside tiles: our own shapes, layer by layer from the bottom up; nothing is fetched from another host. */
import type { ExpressionSpecification, StyleSpecification } from 'maplibre-gl'
import type { Mode } from '../app/theme.ts'
import type { MapData, Shapes } from './geometry.ts'

const EMPTY = { type: 'FeatureCollection' as const, features: [] }
const COLOURS = {
  light: {
    sea: '#EAF0F1',
    land: '#F4F3EE',
    outside: '#E9E8E2',
    coast: '#CBD9DC',
    city: '#DEDBD2',
    county: '#FFFFFF',
    ink: '#17242B',
    halo: '#FFFFFF',
    graticule: '#D4DFE1',
    faint: '#5F6B71',
    label: '#17242B',
    labelHalo: 'rgba(255,255,255,.82)',
    place: '#8A9498',
  },
  dark: {
    sea: '#0C151A',
    land: '#18252C',
    outside: '#131E24',
    coast: '#22323A',
    city: '#24333B',
    county: 'rgba(15,25,31,.55)',
    ink: '#E6EDEF',
    halo: '#0F191F',
    graticule: '#16242B',
    faint: '#8699A1',
    label: '#FFFFFF',
    labelHalo: 'rgba(15,25,31,.8)',
    place: '#5B6C74',
  },
} as const
export const colourOf = (mode: Mode) => COLOURS[mode]

const CJK = ['Inter Variable', 'PingFang SC', 'HarmonyOS Sans SC', 'Microsoft YaHei', 'Noto Sans CJK SC']
/** Glyphs are drawn in the browser from these families; the first name of a stack gives the weight. */
const BOLD = ['Bold', ...CJK]
const PLAIN = ['Regular', ...CJK]

function graticule() {
  const lines: [number, number][][] = []
  for (let x = 15; x <= 195; x += 1)
    lines.push([
      [x, -30],
      [x, 72],
    ])
  for (let y = -30; y <= 72; y += 1)
    lines.push([
      [15, y],
      [195, y],
    ])
  const every = (step: number) => lines.filter(([a, b]) => (a![0] === b![0] ? a![0] : a![1]) % step === 0)
  const feature = (step: number) => ({
    type: 'Feature' as const,
    properties: { step },
    geometry: { type: 'MultiLineString' as const, coordinates: every(step) },
  })
  return { type: 'FeatureCollection' as const, features: [feature(1), feature(5)] }
}

/** The dark fills are mixed with their ground already (theme.ts). */
const FILL_OPACITY: Readonly<Record<Mode, number>> = { light: 0.88, dark: 0.96 }

export const lineFeature = (geometry: unknown) => ({ type: 'Feature' as const, properties: {}, geometry }) as never

/** Sources that change when the full shapes arrive. */
export const shapeSources = (shapes: Shapes): Readonly<Record<'county' | 'city' | 'province', never>> => ({
  county: shapes.counties as never,
  city: lineFeature(shapes.cityLines),
  province: lineFeature(shapes.provinceLines),
})

export function styleFor(data: MapData, mode: Mode): StyleSpecification {
  const c = COLOURS[mode]
  const shapes = shapeSources(data)
  // Thinned once for all who share an arc: thinning again feature by feature would open gaps between neighbours.
  const exact = { type: 'geojson' as const, tolerance: 0 }
  const empty = { ...exact, data: EMPTY }
  // Mixed with the land under it, not laid over it: the country is drawn once instead of twice.
  const ground: ExpressionSpecification = [
    'interpolate',
    ['linear'],
    FILL_OPACITY[mode],
    0,
    c.land,
    1,
    ['to-color', ['feature-state', 'fill'], c.land],
  ]
  return {
    version: 8,
    sources: {
      graticule: { type: 'geojson', data: graticule() },
      world: { type: 'geojson', data: data.world },
      county: { ...exact, data: shapes.county, promoteId: 'code' },
      city: { ...exact, data: shapes.city },
      province: { ...exact, data: shapes.province },
      frame: { type: 'geojson', data: data.frame },
      territory: empty,
      parent: empty,
      selected: empty,
      gap: empty,
      overlap: empty,
      labels: { type: 'geojson', data: EMPTY },
      places: { type: 'geojson', data: EMPTY },
      areas: empty,
      points: { type: 'geojson', data: EMPTY },
      drawn: { type: 'geojson', data: EMPTY },
    },
    layers: [
      { id: 'sea', type: 'background', paint: { 'background-color': c.sea } },
      {
        id: 'graticule',
        type: 'line',
        source: 'graticule',
        filter: ['==', ['get', 'step'], ['case', ['<', ['zoom'], 5], 5, 1]],
        paint: { 'line-color': c.graticule, 'line-width': 0.8 },
      },
      { id: 'outside', type: 'fill', source: 'world', paint: { 'fill-color': c.outside } },
      { id: 'halo', type: 'line', source: 'province', paint: { 'line-color': c.coast, 'line-width': 7, 'line-opacity': 0.55, 'line-blur': 3 } },
      { id: 'land', type: 'fill', source: 'county', paint: { 'fill-color': ground, 'fill-antialias': false } },
      { id: 'overlap', type: 'fill', source: 'overlap', paint: { 'fill-pattern': 'hatch-overlap' } },
      {
        id: 'city-line',
        type: 'line',
        source: 'city',
        paint: { 'line-color': c.city, 'line-width': 0.8, 'line-opacity': ['interpolate', ['linear'], ['zoom'], 3, 0.3, 5, 1] },
      },
      { id: 'county-line', type: 'line', source: 'county', minzoom: 7, paint: { 'line-color': c.county, 'line-width': 0.6 } },
      {
        id: 'gap',
        type: 'line',
        source: 'gap',
        paint: { 'line-color': c.faint, 'line-width': 1.4, 'line-dasharray': [2.5, 2], 'line-opacity': 0.9 },
      },
      {
        id: 'territory-under',
        type: 'line',
        source: 'territory',
        paint: { 'line-color': c.halo, 'line-width': ['interpolate', ['linear'], ['zoom'], 3, 1, 6, 2.6] },
      },
      {
        id: 'territory-line',
        type: 'line',
        source: 'territory',
        paint: { 'line-color': c.ink, 'line-width': ['interpolate', ['linear'], ['zoom'], 3, 0.4, 6, 0.9], 'line-opacity': 0.55 },
      },
      {
        id: 'parent-line',
        type: 'line',
        source: 'parent',
        paint: { 'line-color': c.ink, 'line-width': ['interpolate', ['linear'], ['zoom'], 3, 1.1, 6, 1.9], 'line-opacity': 0.92 },
      },
      {
        id: 'areas-line',
        type: 'line',
        source: 'areas',
        paint: {
          'line-color': mode === 'dark' ? '#E0A94A' : '#9A5F0B',
          'line-width': ['interpolate', ['linear'], ['zoom'], 3, 0.35, 7, 1.3],
          'line-dasharray': [4, 2],
        },
      },
      { id: 'frame', type: 'line', source: 'frame', paint: { 'line-color': c.faint, 'line-width': 1.2 } },
      { id: 'drawn-fill', type: 'fill', source: 'drawn', paint: { 'fill-color': '#D49A3A', 'fill-opacity': 0.25 } },
      { id: 'drawn-line', type: 'line', source: 'drawn', paint: { 'line-color': '#9A5F0B', 'line-width': 2 } },
      {
        id: 'points',
        type: 'circle',
        source: 'points',
        paint: { 'circle-radius': 4, 'circle-color': '#D49A3A', 'circle-stroke-color': c.halo, 'circle-stroke-width': 1.5 },
      },
      { id: 'selected-under', type: 'line', source: 'selected', layout: { 'line-join': 'round' }, paint: { 'line-color': c.halo, 'line-width': 6 } },
      { id: 'selected', type: 'line', source: 'selected', layout: { 'line-join': 'round' }, paint: { 'line-color': c.ink, 'line-width': 2.6 } },
      {
        id: 'places',
        type: 'symbol',
        source: 'places',
        minzoom: 4.4,
        layout: { 'text-field': ['get', 'name'], 'text-size': 12, 'text-letter-spacing': 0.3, 'text-font': PLAIN, 'symbol-sort-key': 1 },
        paint: { 'text-color': c.place },
      },
      {
        id: 'labels',
        type: 'symbol',
        source: 'labels',
        layout: {
          // Far away the code alone: more of them fit.
          'text-field': [
            'step',
            ['zoom'],
            ['format', ['get', 'code'], { 'text-font': ['literal', BOLD] }],
            4,
            ['format', ['get', 'code'], { 'text-font': ['literal', BOLD] }, '\n', {}, ['get', 'name'], { 'font-scale': 0.92 }],
          ],
          'text-size': ['interpolate', ['linear'], ['zoom'], 3, 9.5, 5, 11.5, 7, 13],
          'text-font': PLAIN,
          'text-line-height': 1.1,
          'text-padding': 1,
          'text-variable-anchor': ['center', 'top', 'bottom', 'left', 'right'],
          'text-radial-offset': 0.3,
          'symbol-sort-key': ['get', 'rank'],
        },
        paint: { 'text-color': c.label, 'text-halo-color': c.labelHalo, 'text-halo-width': 1.6 },
      },
    ],
  }
}

/** Red diagonals for overlap: a pattern of our own making, drawn pixel by pixel at twice the density. */
export function hatch(red: number, green: number, blue: number): { width: number; height: number; data: Uint8ClampedArray } {
  const size = 16
  const data = new Uint8ClampedArray(size * size * 4)
  for (let y = 0; y < size; y += 1) for (let x = 0; x < size; x += 1) if ((x + y) % size < 5) data.set([red, green, blue, 235], (y * size + x) * 4)
  return { width: size, height: size, data }
}
