/** The map of territories: opens on what one sees, thinned shapes first and the full ones when one comes near; colours, borders, labels, selection. */
import { useQuery } from '@tanstack/react-query'
import type { Map as MapLibre } from 'maplibre-gl'
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMode } from '../app/appearance.ts'
import { useMe } from '../app/me.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { assignCounties } from './assign-counties.ts'
import { Callout } from './callout.tsx'
import { loadMap, loadNear, type MapData, type Shapes } from './geometry.ts'
import { MapButtons } from './map-buttons.tsx'
import { type Box, CHINA, calm, openMap } from './open-map.ts'
import {
  addPatterns,
  countiesChosen,
  type MapTerritory,
  type Picture,
  paintFills,
  paintFindings,
  paintLabels,
  paintLines,
  paintPlaces,
  paintSelection,
  paintShapes,
} from './paint.ts'
import { styleFor } from './style.ts'
import './territory-map.css'

export type TerritoryMapProps = Partial<Omit<Picture, 'territories'>> & {
  readonly territories: readonly MapTerritory[]
  readonly selectedId: string | null
  readonly onSelect: (id: string | null) => void
  readonly callout?: { readonly division: string; readonly title: string; readonly text: string; readonly onPress: () => void } | null
  /** Counties that the map opens on, with some ground around them; without it, what one sees. */
  readonly focus?: ReadonlySet<string>
  /** Shapes of an imported boundary set, as GeoJSON. */
  readonly areas?: unknown
  /** Room that floats over the top of the map. */
  readonly top?: number
  readonly children?: ReactNode
}

const NEAR_ZOOM = 5.6
const NONE: never[] = []

export function boxOf(points: readonly (readonly [number, number])[]): Box {
  const xs = points.map(p => p[0])
  const ys = points.map(p => p[1])
  return [
    [Math.min(...xs) - 0.4, Math.min(...ys) - 0.3],
    [Math.max(...xs) + 0.4, Math.max(...ys) + 0.3],
  ]
}

export function TerritoryMap(props: TerritoryMapProps) {
  const { t } = useTranslation()
  const data = useQuery({ queryKey: ['map-shapes'], queryFn: loadMap, staleTime: Number.POSITIVE_INFINITY })
  if (data.isPending) return <Skeleton lines={10} />
  if (data.isError) return <ErrorState error={data.error} part={t('territory:map.failed')} onRetry={() => void data.refetch()} />
  return <Canvas {...props} data={data.data} />
}

function Canvas(props: TerritoryMapProps & { data: MapData }) {
  const {
    territories,
    metric = null,
    tint = null,
    gaps = NONE,
    overlaps = NONE,
    selectedId,
    onSelect,
    callout,
    areas,
    focus,
    top = 64,
    children,
    data,
  } = props
  const { t } = useTranslation()
  const mode = useMode()
  const me = useMe()
  const box = useRef<HTMLDivElement>(null)
  const [map, setMap] = useState<MapLibre | null>(null)
  const [near, setNear] = useState<Shapes | null>(null)
  const painted = useRef(new Map())
  const view = useRef<{ center: [number, number]; zoom: number } | null>(null)
  const picture = useMemo<Picture>(() => ({ territories, metric, tint, gaps, overlaps }), [territories, metric, tint, gaps, overlaps])
  const filled = useMemo(() => assignCounties(data.codes, territories), [data, territories])
  const extent = useMemo<Box>(() => extentOf(data, filled), [data, filled])
  const wanted = JSON.stringify(extent)
  const start = useMemo<Box>(
    () => boxOfCounties(data, countiesChosen(picture, filled, selectedId)) ?? around(boxOfCounties(data, focus ?? NONE)) ?? extent,
    [data, picture, filled, selectedId, focus, extent],
  )
  const latest = useRef({ onSelect, filled, start, top, wanted })
  latest.current = { onSelect, filled, start, top, wanted }
  const fitted = useRef<string | null>(null)

  useEffect(() => {
    if (!box.current) return
    performance.mark('map:open')
    const opened = openMap(box.current, styleFor(data, mode), latest.current.start, latest.current.top)
    fitted.current = latest.current.wanted
    if (view.current) opened.jumpTo(view.current)
    painted.current = new Map()
    opened.on('style.load', () => {
      addPatterns(opened)
      setMap(opened)
    })
    opened.once('idle', () => performance.mark('map:painted'))
    const hit = (point: { x: number; y: number }) =>
      latest.current.filled.get(String(opened.queryRenderedFeatures([point.x, point.y], { layers: ['land'] })[0]?.properties.code))
    opened.on('click', event => latest.current.onSelect(hit(event.point) ?? null))
    opened.on('mousemove', event => {
      opened.getCanvas().style.cursor = hit(event.point) ? 'pointer' : ''
    })
    const come = () => {
      view.current = { center: opened.getCenter().toArray() as [number, number], zoom: opened.getZoom() }
      if (opened.getZoom() >= NEAR_ZOOM) void loadNear().then(setNear, () => undefined)
    }
    opened.on('moveend', come)
    opened.once('idle', come)
    return () => {
      setMap(null)
      opened.remove()
    }
    // The style holds the data; a change of light or dark opens the map anew, where one was.
  }, [data, mode])

  const shapes: Shapes = near ?? data
  useEffect(() => {
    if (map && near) paintShapes(map, near)
  }, [map, near])
  useEffect(() => {
    if (map) paintFills(map, data, picture, filled, mode, painted.current)
  }, [map, data, picture, filled, mode])
  useEffect(() => {
    if (!map) return
    paintLines(map, shapes, picture, filled)
    paintFindings(map, data, shapes, picture, filled)
  }, [map, data, shapes, picture, filled])
  useEffect(() => {
    if (!map) return
    paintLabels(map, data, picture, filled)
    paintPlaces(map, data, filled)
  }, [map, data, picture, filled])
  useEffect(() => {
    if (map) paintSelection(map, shapes, countiesChosen(picture, filled, selectedId))
  }, [map, shapes, picture, filled, selectedId])
  useEffect(() => {
    const source = map?.getSource('areas') as { setData?: (data: never) => void } | undefined
    if (source) source.setData?.((areas ?? { type: 'FeatureCollection', features: [] }) as never)
  }, [map, areas])

  const fly = useCallback(
    (to: Box, maxZoom = 9) =>
      map?.fitBounds(to, { padding: { top: top + 24, bottom: 40, left: 40, right: 60 }, maxZoom, animate: !calm(), duration: 450 }),
    [map, top],
  )
  // What one sees may be known only after the map is open, and changes with the model.
  useEffect(() => {
    if (!map || fitted.current === wanted) return
    fitted.current = wanted
    map.fitBounds(JSON.parse(wanted) as Box, { padding: { top, bottom: 24, left: 24, right: 24 }, animate: false })
  }, [map, wanted, top])
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new choice moves the map
  useEffect(() => {
    if (!map || selectedId === null) return
    const target = boxOfCounties(data, countiesChosen(picture, filled, selectedId))
    if (!target) return
    // Chosen in the tree and out of sight on the map: go there. What is seen stays where it is.
    const seen = map.getBounds()
    const small = map.project(target[0]).dist(map.project(target[1])) < 60
    if (small || !seen.contains(target[0]) || !seen.contains(target[1])) fly(target, 7.6)
  }, [map, selectedId])

  const at = callout ? data.centres[callout.division] : undefined
  return (
    <div className="jy-map">
      <div ref={box} className="jy-map-canvas" role="application" aria-label={t('territory:map.label')} />
      <MapButtons map={map} onFit={() => fly(extent, 12)} />
      {map && callout && at && <Callout map={map} at={at} title={callout.title} text={callout.text} onPress={callout.onPress} />}
      {children}
      <small className="jy-map-credit">
        {t('territory:map.credit')}
        {me?.tenant.mapReviewNumber ? ` · ${me.tenant.mapReviewNumber}` : ''}
      </small>
    </div>
  )
}

/** A county alone on the screen says nothing of where it lies. */
const around = (box: Box | null, by = 0.9): Box | null =>
  box && [
    [box[0][0] - by, box[0][1] - by],
    [box[1][0] + by, box[1][1] + by],
  ]

function boxOfCounties(data: MapData, codes: Iterable<string>): Box | null {
  const points = [...codes].flatMap(code => (data.centres[code] ? [data.centres[code]] : []))
  return points.length === 0 ? null : boxOf(points)
}

/** What one sees: everything, unless the territories known cover only a part of the country. */
function extentOf(data: MapData, filled: ReadonlyMap<string, string>): Box {
  return (filled.size > data.codes.length * 0.6 ? null : boxOfCounties(data, filled.keys())) ?? CHINA
}
