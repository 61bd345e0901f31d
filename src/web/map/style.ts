/** The map's look without outside tiles: our own shapes, layer by layer from the bottom up; nothing is fetched from another host. */
import type { StyleSpecification } from 'maplibre-gl'
import type { Mode } from '../app/theme.ts'
import type { MapData } from './geometry.ts'

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
  },
  dark: {
    sea: '#0C151A',
    land: '#18252C',
    outside: '#131E24',
    coast: '#22323A',
    city: '#2A3A42',
    county: '#0F191F',
    ink: '#E6EDEF',
    halo: '#0F191F',
    graticule: '#16242B',
    faint: '#8699A1',
  },
} as const

function graticule() {
  const lines: [number, number][][] = []
  for (let x = 60; x <= 150; x += 5)
    lines.push([
      [x, -5],
      [x, 60],
    ])
  for (let y = 0; y <= 60; y += 5)
    lines.push([
      [60, y],
      [150, y],
    ])
  return { type: 'Feature' as const, properties: {}, geometry: { type: 'MultiLineString' as const, coordinates: lines } }
}

export const FILL_OPACITY: Readonly<Record<Mode, number>> = { light: 0.88, dark: 0.72 }

export function styleFor(data: MapData, mode: Mode): StyleSpecification {
  const c = COLOURS[mode]
  const line = (geometry: unknown) => ({ type: 'geojson' as const, data: { type: 'Feature', properties: {}, geometry } as never, tolerance: 0.3 })
  return {
    version: 8,
    sources: {
      graticule: { type: 'geojson', data: graticule() },
      world: { type: 'geojson', data: data.world },
      county: { type: 'geojson', data: data.counties, promoteId: 'code', tolerance: 0.25 },
      city: line(data.cityLines),
      province: line(data.provinceLines),
      frame: { type: 'geojson', data: data.frame },
      territory: { type: 'geojson', data: EMPTY },
      parent: { type: 'geojson', data: EMPTY },
      selected: { type: 'geojson', data: EMPTY },
      labels: { type: 'geojson', data: EMPTY },
      points: { type: 'geojson', data: EMPTY },
      drawn: { type: 'geojson', data: EMPTY },
    },
    layers: [
      { id: 'sea', type: 'background', paint: { 'background-color': c.sea } },
      { id: 'graticule', type: 'line', source: 'graticule', paint: { 'line-color': c.graticule, 'line-width': 0.8 } },
      { id: 'outside', type: 'fill', source: 'world', paint: { 'fill-color': c.outside } },
      { id: 'halo', type: 'line', source: 'province', paint: { 'line-color': c.coast, 'line-width': 7, 'line-opacity': 0.35, 'line-blur': 3 } },
      { id: 'land', type: 'fill', source: 'county', paint: { 'fill-color': c.land, 'fill-antialias': false } },
      {
        id: 'fill',
        type: 'fill',
        source: 'county',
        paint: {
          'fill-color': ['to-color', ['feature-state', 'fill'], c.land],
          'fill-opacity': [
            'case',
            ['==', ['feature-state', 'fill'], null],
            0,
            ['boolean', ['feature-state', 'dim'], false],
            0.35,
            FILL_OPACITY[mode],
          ],
          'fill-antialias': false,
        },
      },
      {
        id: 'overlap',
        type: 'fill',
        source: 'county',
        paint: { 'fill-color': '#C23B22', 'fill-opacity': ['case', ['boolean', ['feature-state', 'shared'], false], 0.45, 0] },
      },
      { id: 'county-line', type: 'line', source: 'county', minzoom: 5.6, paint: { 'line-color': c.county, 'line-width': 0.6, 'line-opacity': 0.8 } },
      { id: 'city-line', type: 'line', source: 'city', paint: { 'line-color': c.city, 'line-width': 0.8 } },
      { id: 'territory-under', type: 'line', source: 'territory', paint: { 'line-color': c.halo, 'line-width': 2.6 } },
      { id: 'territory-line', type: 'line', source: 'territory', paint: { 'line-color': c.ink, 'line-width': 0.9, 'line-opacity': 0.55 } },
      {
        id: 'province-line',
        type: 'line',
        source: 'province',
        paint: { 'line-color': c.ink, 'line-width': 0.7, 'line-opacity': 0.35, 'line-dasharray': [3, 2] },
      },
      { id: 'parent-line', type: 'line', source: 'parent', paint: { 'line-color': c.ink, 'line-width': 1.9, 'line-opacity': 0.9 } },
      { id: 'frame', type: 'line', source: 'frame', paint: { 'line-color': c.faint, 'line-width': 1.2 } },
      { id: 'drawn-fill', type: 'fill', source: 'drawn', paint: { 'fill-color': '#D49A3A', 'fill-opacity': 0.25 } },
      { id: 'drawn-line', type: 'line', source: 'drawn', paint: { 'line-color': '#9A5F0B', 'line-width': 2 } },
      {
        id: 'points',
        type: 'circle',
        source: 'points',
        paint: { 'circle-radius': 4, 'circle-color': '#D49A3A', 'circle-stroke-color': c.halo, 'circle-stroke-width': 1.5 },
      },
      { id: 'selected-under', type: 'line', source: 'selected', paint: { 'line-color': c.halo, 'line-width': 6 } },
      { id: 'selected', type: 'line', source: 'selected', paint: { 'line-color': c.ink, 'line-width': 2.6 } },
      {
        id: 'labels',
        type: 'symbol',
        source: 'labels',
        layout: {
          'text-field': ['format', ['get', 'code'], { 'font-scale': 1 }, '\n', {}, ['get', 'name'], { 'font-scale': 0.9 }],
          'text-size': ['interpolate', ['linear'], ['zoom'], 3, 10, 6, 12.5],
          'text-font': ['Noto Sans Regular'],
          'text-padding': 4,
          'symbol-sort-key': ['get', 'rank'],
        },
        paint: { 'text-color': '#17242B', 'text-halo-color': 'rgba(255,255,255,.85)', 'text-halo-width': 1.4 },
      },
    ],
  }
}
