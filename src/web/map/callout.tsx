/** A note on the map with a line to its place: where two territories quarrel. It keeps inside the picture and can be pressed. */
import { type Map as MapLibre, Marker } from 'maplibre-gl'
import { useEffect, useState } from 'react'
import { createPortal } from 'react-dom'

export type CalloutProps = {
  readonly map: MapLibre
  readonly at: readonly [number, number]
  readonly title: string
  readonly text: string
  readonly onPress: () => void
}
const REACH = 230

export function Callout({ map, at, title, text, onPress }: CalloutProps) {
  const [element] = useState(() => document.createElement('div'))
  const [lng, lat] = at
  const [flip, setFlip] = useState(false)
  useEffect(() => {
    const marker = new Marker({ element, anchor: 'center' }).setLngLat([lng, lat]).addTo(map)
    const turn = () => setFlip(map.project([lng, lat]).x > map.getContainer().clientWidth - REACH)
    turn()
    map.on('moveend', turn)
    return () => {
      map.off('moveend', turn)
      marker.remove()
    }
  }, [map, element, lng, lat])
  return createPortal(
    <div className="jy-map-callout" data-flip={flip || undefined}>
      <svg aria-hidden="true" viewBox="0 0 60 70" width="60" height="70">
        <line x1={flip ? 60 : 0} y1="70" x2={flip ? 0 : 60} y2="0" />
      </svg>
      <i />
      <button
        type="button"
        onClick={event => {
          event.stopPropagation()
          onPress()
        }}
      >
        <b>{title}</b>
        <small>{text}</small>
      </button>
    </div>,
    element,
  )
}
