/** An area drawn on the map: a circle by centre and kilometres, or a polygon by its corners; with numbers to type for those without a mouse. */
import { useQuery } from '@tanstack/react-query'
import { Button, InputNumber, Modal } from 'antd'
import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Predicate } from '../../core/condition/condition.ts'
import { useMode } from '../app/appearance.ts'
import { loadMap } from '../map/geometry.ts'
import { openMap } from '../map/open-map.ts'
import { styleFor } from '../map/style.ts'

type Area = Extract<Predicate, { op: 'within' | 'inside' }>
type Point = readonly [number, number]

/** A circle on the ground as a ring of 64 corners. */
export function circleRing(lng: number, lat: number, km: number): Point[] {
  const dy = km / 111.195
  const dx = dy / Math.max(0.05, Math.cos((lat * Math.PI) / 180))
  return Array.from({ length: 65 }, (_, i): Point => [lng + dx * Math.cos((i * Math.PI) / 32), lat + dy * Math.sin((i * Math.PI) / 32)])
}

export function DrawArea({ predicate, onClose, onDone }: { predicate: Area; onClose: () => void; onDone: (next: Predicate) => void }) {
  const { t } = useTranslation()
  const mode = useMode()
  const data = useQuery({ queryKey: ['map'], queryFn: loadMap, staleTime: Number.POSITIVE_INFINITY })
  const box = useRef<HTMLDivElement>(null)
  const [map, setMap] = useState<MapLibre | null>(null)
  const [circle, setCircle] = useState(
    predicate.op === 'within' ? { lng: predicate.lng, lat: predicate.lat, km: predicate.km } : { lng: 116.4, lat: 39.9, km: 50 },
  )
  const [corners, setCorners] = useState<readonly Point[]>(predicate.op === 'inside' ? (predicate.rings[0]?.slice(0, -1) ?? []) : [])
  const circular = predicate.op === 'within'

  useEffect(() => {
    if (!box.current || !data.data) return
    const opened = openMap(box.current, styleFor(data.data, mode))
    opened.on('load', () => setMap(opened))
    opened.on('click', event => {
      const { lng, lat } = event.lngLat
      if (circular) setCircle(c => ({ ...c, lng: Math.round(lng * 1e4) / 1e4, lat: Math.round(lat * 1e4) / 1e4 }))
      else setCorners(list => [...list, [Math.round(lng * 1e4) / 1e4, Math.round(lat * 1e4) / 1e4]])
    })
    return () => opened.remove()
  }, [data.data, mode, circular])

  const ring = circular ? circleRing(circle.lng, circle.lat, circle.km) : corners.length > 0 ? [...corners, corners[0]!] : []
  const shape = JSON.stringify(ring)
  useEffect(() => {
    if (!map) return
    const coordinates = JSON.parse(shape) as [number, number][]
    ;(map.getSource('drawn') as GeoJSONSource | undefined)?.setData({
      type: 'Feature',
      properties: {},
      geometry: coordinates.length > 3 ? { type: 'Polygon', coordinates: [coordinates] } : { type: 'LineString', coordinates },
    })
    ;(map.getSource('points') as GeoJSONSource | undefined)?.setData({
      type: 'FeatureCollection',
      features: circular ? [] : coordinates.map(c => ({ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: c } })),
    })
  }, [map, shape, circular])

  const ready = circular ? circle.km > 0 : corners.length >= 3
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
            : { field: predicate.field, op: 'inside', rings: [[...corners, corners[0]!]] },
        )
      }
    >
      <p className="jy-muted">{t(circular ? 'territory:draw.circleHow' : 'territory:draw.polygonHow')}</p>
      <div ref={box} style={{ height: 420, position: 'relative' }} />
      <div className="jy-row jy-wrap" style={{ marginTop: 8 }}>
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
            <span>{t('territory:draw.corners', { count: corners.length })}</span>
            <Button size="small" disabled={corners.length === 0} onClick={() => setCorners(corners.slice(0, -1))}>
              {t('territory:draw.back')}
            </Button>
            <Button size="small" disabled={corners.length === 0} onClick={() => setCorners([])}>
              {t('territory:draw.clear')}
            </Button>
          </>
        )}
      </div>
    </Modal>
  )
}
