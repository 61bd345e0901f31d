/** An area for a rule: a circle by centre and kilometres, a polygon by its corners or in one sweep, or an area of an imported set; with numbers to type for those without a mouse. */
import { useQuery } from '@tanstack/react-query'
import { Button, InputNumber, Modal, Segmented } from 'antd'
import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Predicate } from '../../core/condition/condition.ts'
import { useMode } from '../app/appearance.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { loadMap } from '../map/geometry.ts'
import { MapButtons } from '../map/map-buttons.tsx'
import { type Box, CHINA, openMap } from '../map/open-map.ts'
import { paintPlaces } from '../map/paint.ts'
import { styleFor } from '../map/style.ts'
import { circleRing, type Point, roundOff, thinned } from './area-shapes.ts'
import { PickBoundary } from './pick-boundary.tsx'
import '../map/territory-map.css'

type Area = Extract<Predicate, { op: 'within' | 'inside' }>
type Tool = 'corners' | 'lasso' | 'boundary'
const TOOLS: readonly Tool[] = ['corners', 'lasso', 'boundary']

export function DrawArea({ predicate, onClose, onDone }: { predicate: Area; onClose: () => void; onDone: (next: Predicate) => void }) {
  const { t } = useTranslation()
  const mode = useMode()
  const data = useQuery({ queryKey: ['map-shapes'], queryFn: loadMap, staleTime: Number.POSITIVE_INFINITY })
  const box = useRef<HTMLDivElement>(null)
  const [map, setMap] = useState<MapLibre | null>(null)
  const [circle, setCircle] = useState(
    predicate.op === 'within' ? { lng: predicate.lng, lat: predicate.lat, km: predicate.km } : { lng: 116.4, lat: 39.9, km: 50 },
  )
  const [rings, setRings] = useState<readonly (readonly Point[])[]>(predicate.op === 'inside' ? predicate.rings.map(r => r.slice(0, -1)) : [])
  const [tool, setTool] = useState<Tool>('corners')
  const circular = predicate.op === 'within'
  const drawing = useRef({ tool, circular })
  drawing.current = { tool, circular }
  const start = useRef<Box>(
    boxOf(predicate.op === 'within' && predicate.km > 0 ? [circleRing(predicate.lng, predicate.lat, predicate.km)] : rings) ?? CHINA,
  )

  useEffect(() => {
    if (!box.current || !data.data) return
    const opened = openMap(box.current, styleFor(data.data, mode), start.current, 24)
    const shapes = data.data
    opened.on('style.load', () => {
      paintPlaces(opened, shapes, new Map())
      setMap(opened)
    })
    opened.on('click', event => {
      const { lng, lat } = event.lngLat
      if (drawing.current.circular) setCircle(c => ({ ...c, lng: roundOff(lng), lat: roundOff(lat) }))
      else if (drawing.current.tool === 'corners') setRings(list => [[...(list[0] ?? []), [roundOff(lng), roundOff(lat)]], ...list.slice(1)])
    })
    let sweep: Point[] | null = null
    opened.on('mousedown', event => {
      if (drawing.current.circular || drawing.current.tool !== 'lasso') return
      event.preventDefault()
      sweep = [[event.lngLat.lng, event.lngLat.lat]]
    })
    opened.on('mousemove', event => {
      if (!sweep) return
      sweep.push([event.lngLat.lng, event.lngLat.lat])
      setRings([sweep.map(([x, y]): Point => [roundOff(x), roundOff(y)])])
    })
    opened.on('mouseup', () => {
      // A sweep has hundreds of points; a rule needs those that say something at the zoom it was drawn in.
      if (sweep && sweep.length > 3) setRings([thinned(sweep, (3 / (512 * 2 ** opened.getZoom())) * 360)])
      sweep = null
    })
    return () => {
      setMap(null)
      opened.remove()
    }
  }, [data.data, mode])

  const closed = circular ? [circleRing(circle.lng, circle.lat, circle.km)] : rings.filter(r => r.length > 0).map(r => [...r, r[0]!])
  const shape = JSON.stringify(closed)
  useEffect(() => {
    if (!map) return
    const coordinates = JSON.parse(shape) as [number, number][][]
    const solid = coordinates.filter(r => r.length > 3)
    ;(map.getSource('drawn') as GeoJSONSource | undefined)?.setData({
      type: 'Feature',
      properties: {},
      geometry: solid.length > 0 ? { type: 'Polygon', coordinates: solid } : { type: 'MultiLineString', coordinates },
    })
    const corners = circular || coordinates.flat().length > 60 ? [] : coordinates.flat()
    ;(map.getSource('points') as GeoJSONSource | undefined)?.setData({
      type: 'FeatureCollection',
      features: corners.map(c => ({ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: c } })),
    })
  }, [map, shape, circular])

  const corners = rings.reduce((sum, r) => sum + r.length, 0)
  const ready = circular ? circle.km > 0 : rings.length > 0 && rings.every(r => r.length >= 3)
  return (
    <Modal
      open
      width={860}
      title={t(circular ? 'territory:draw.circle' : 'territory:draw.polygon')}
      okText={t('territory:draw.take')}
      cancelText={t('shell:cancel')}
      okButtonProps={{ disabled: !ready }}
      onCancel={onClose}
      onOk={() =>
        onDone(
          circular
            ? { field: predicate.field, op: 'within', ...circle }
            : { field: predicate.field, op: 'inside', rings: rings.map(r => [...r, r[0]!]) },
        )
      }
    >
      {!circular && (
        <div className="jy-row jy-wrap">
          <Segmented
            value={tool}
            onChange={value => setTool(value as Tool)}
            options={TOOLS.map(value => ({ value, label: t(`territory:draw.tool.${value}`) }))}
          />
          {tool === 'boundary' && (
            <PickBoundary
              onPick={picked => {
                setRings(picked.map(r => r.slice(0, -1)))
                const to = boxOf(picked)
                if (to) map?.fitBounds(to, { padding: 40, animate: false })
              }}
            />
          )}
        </div>
      )}
      <p className="jy-muted">{t(circular ? 'territory:draw.circleHow' : `territory:draw.how.${tool}`)}</p>
      <div className="jy-draw">
        {data.isPending && <Skeleton lines={6} />}
        {data.isError && <ErrorState error={data.error} part={t('territory:map.failed')} onRetry={() => void data.refetch()} />}
        <div ref={box} className="jy-map-canvas" role="application" aria-label={t('territory:map.label')} />
        <MapButtons map={map} onFit={() => map?.fitBounds(boxOf(closed) ?? CHINA, { padding: 40, animate: false })} />
      </div>
      <div className="jy-row jy-wrap jy-draw-foot">
        {circular ? (
          <>
            <InputNumber
              aria-label={t('territory:draw.lng')}
              prefix={t('territory:draw.lng')}
              value={circle.lng}
              min={-180}
              max={180}
              onChange={v => setCircle({ ...circle, lng: v ?? 0 })}
            />
            <InputNumber
              aria-label={t('territory:draw.lat')}
              prefix={t('territory:draw.lat')}
              value={circle.lat}
              min={-90}
              max={90}
              onChange={v => setCircle({ ...circle, lat: v ?? 0 })}
            />
            <InputNumber
              aria-label={t('territory:draw.km')}
              suffix="km"
              value={circle.km}
              min={0.1}
              max={5000}
              onChange={v => setCircle({ ...circle, km: v ?? 1 })}
            />
          </>
        ) : (
          <>
            <span>{t('territory:draw.corners', { count: corners })}</span>
            {tool === 'corners' && (
              <Button size="small" disabled={corners === 0} onClick={() => setRings([(rings[0] ?? []).slice(0, -1)])}>
                {t('territory:draw.back')}
              </Button>
            )}
            <Button size="small" disabled={corners === 0} onClick={() => setRings([])}>
              {t('territory:draw.clear')}
            </Button>
          </>
        )}
      </div>
    </Modal>
  )
}

function boxOf(rings: readonly (readonly Point[])[]): Box | null {
  const points = rings.flat()
  if (points.length === 0) return null
  let [west, south, east, north] = [180, 90, -180, -90]
  for (const [x, y] of points) {
    west = Math.min(west, x)
    south = Math.min(south, y)
    east = Math.max(east, x)
    north = Math.max(north, y)
  }
  return [
    [west - 0.05, south - 0.05],
    [east + 0.05, north + 0.05],
  ]
}
