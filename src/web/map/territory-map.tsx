/** The map of territories: fills by feature state (a colour change uploads nothing), borders between territories, labels, selection. */
import { useQuery } from '@tanstack/react-query'
import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMode } from '../app/appearance.ts'
import { useMe } from '../app/me.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { assignCounties, labelPoint } from './assign-counties.ts'
import { linesBetween, loadMap, type MapData } from './geometry.ts'
import { openMap } from './open-map.ts'
import { styleFor } from './style.ts'
import './territory-map.css'

export type MapTerritory = {
  readonly id: string
  readonly code: string
  readonly name: string
  readonly colour: number
  readonly divisions: readonly string[]
  readonly depth: number
  /** Groups of territories whose common border is drawn strong, e.g. the region above. */
  readonly parent: string | null
}
export type TerritoryMapProps = {
  readonly territories: readonly MapTerritory[]
  readonly selectedId: string | null
  readonly onSelect: (id: string | null) => void
  /** Shade by figure in place of territory colours: territory id → 0…1. */
  readonly shade?: ReadonlyMap<string, number> | null
}

const boxOf = (points: readonly (readonly [number, number])[]): [[number, number], [number, number]] => [
  [Math.min(...points.map(p => p[0])) - 0.4, Math.min(...points.map(p => p[1])) - 0.3],
  [Math.max(...points.map(p => p[0])) + 0.4, Math.max(...points.map(p => p[1])) + 0.3],
]

const PALETTE = ['#ca7053', '#c6e6ff', '#c1ab48', '#95ad92', '#ffd6d5', '#5cb3e6', '#e1e99d', '#9783a3'] as const
const SEQUENCE = ['#EFF4F4', '#CFE2E8', '#9CC6D1', '#5FA1B2', '#2A7A92', '#154F61'] as const

export function TerritoryMap(props: TerritoryMapProps) {
  const { t } = useTranslation()
  const data = useQuery({ queryKey: ['map'], queryFn: loadMap, staleTime: Number.POSITIVE_INFINITY })
  if (data.isPending) return <Skeleton lines={10} />
  if (data.isError) return <ErrorState error={data.error} part={t('territory:map.failed')} onRetry={() => void data.refetch()} />
  return <Canvas {...props} data={data.data} />
}

function Canvas({ territories, selectedId, onSelect, shade, data }: TerritoryMapProps & { data: MapData }) {
  const { t } = useTranslation()
  const mode = useMode()
  const me = useMe()
  const box = useRef<HTMLDivElement>(null)
  const [map, setMap] = useState<MapLibre | null>(null)
  const latest = useRef({ onSelect, filled: new Map<string, string>() as ReadonlyMap<string, string> })

  const { filled, shared } = useMemo(() => assignCounties(data.codes, territories), [data, territories])
  latest.current = { onSelect, filled }
  const byId = useMemo(() => new Map(territories.map(x => [x.id, x])), [territories])

  useEffect(() => {
    if (!box.current) return
    const opened = openMap(box.current, styleFor(data, mode))
    opened.on('load', () => {
      setMap(opened)
    })
    opened.on('click', event => {
      const hit = opened.queryRenderedFeatures(event.point, { layers: ['land'] })[0]
      latest.current.onSelect(latest.current.filled.get(String(hit?.properties.code)) ?? null)
    })
    opened.on('mousemove', event => {
      const hit = opened.queryRenderedFeatures(event.point, { layers: ['land'] })[0]
      opened.getCanvas().style.cursor = hit && latest.current.filled.has(String(hit.properties.code)) ? 'pointer' : ''
    })
    return () => {
      setMap(null)
      opened.remove()
    }
    // The style holds the data; a change of light or dark opens the map anew.
  }, [data, mode])

  useEffect(() => {
    if (!map) return
    for (const code of data.codes) {
      const id = filled.get(code)
      const share = id === undefined ? undefined : shade?.get(id)
      const fill =
        id === undefined ? null : shade ? SEQUENCE[Math.min(5, Math.floor((share ?? 0) * 5.999))] : PALETTE[(byId.get(id)?.colour ?? 0) % 8]
      map.setFeatureState({ source: 'county', id: code }, { fill, shared: !shade && shared.has(code) })
    }
    const put = (source: string, geometry: unknown) =>
      (map.getSource(source) as GeoJSONSource | undefined)?.setData({ type: 'Feature', properties: {}, geometry } as never)
    put(
      'territory',
      linesBetween(data, code => filled.get(code)),
    )
    put(
      'parent',
      linesBetween(data, code => byId.get(filled.get(code) ?? '')?.parent ?? undefined),
    )
    const counties = new Map<string, string[]>()
    for (const [code, id] of filled) counties.set(id, [...(counties.get(id) ?? []), code])
    ;(map.getSource('labels') as GeoJSONSource | undefined)?.setData({
      type: 'FeatureCollection',
      features: [...counties].flatMap(([id, codes]) => {
        const point = labelPoint(codes, data.centres)
        const x = byId.get(id)
        return point && x
          ? [
              {
                type: 'Feature' as const,
                properties: { code: x.code, name: x.name, rank: -codes.length },
                geometry: { type: 'Point' as const, coordinates: [...point] },
              },
            ]
          : []
      }),
    })
  }, [map, data, filled, shared, byId, shade])

  useEffect(() => {
    if (!map) return
    const mine = (code: string) => (filled.get(code) === selectedId ? 'x' : undefined)
    ;(map.getSource('selected') as GeoJSONSource | undefined)?.setData({
      type: 'Feature',
      properties: {},
      geometry: selectedId ? linesBetween(data, mine) : { type: 'MultiLineString', coordinates: [] },
    } as never)
    // Chosen in the tree and out of sight on the map: go there. What is seen stays where it is.
    const points = [...filled].flatMap(([code, id]) => (id === selectedId && data.centres[code] ? [data.centres[code]] : []))
    if (points.length === 0) return
    const box = boxOf(points)
    const seen = map.getBounds()
    const small = map.project(box[0]).dist(map.project(box[1])) < 60
    if (small || !seen.contains(box[0]) || !seen.contains(box[1]))
      map.fitBounds(box, {
        padding: { top: 120, bottom: 60, left: 60, right: 60 },
        maxZoom: 7.5,
        animate: !matchMedia('(prefers-reduced-motion: reduce)').matches,
        duration: 500,
      })
  }, [map, data, filled, selectedId])

  return (
    <div className="jy-map">
      <div ref={box} className="jy-map-canvas" role="application" aria-label={t('territory:map.label')} />
      <small className="jy-map-credit">
        {t('territory:map.credit')}
        {me?.tenant.mapReviewNumber ? ` · ${me.tenant.mapReviewNumber}` : ''}
      </small>
    </div>
  )
}
