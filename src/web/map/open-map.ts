/** Opens a MapLibre map with its worker from our own host. */
import { Map as MapLibre, ScaleControl, type StyleSpecification, setWorkerUrl } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import 'maplibre-gl/dist/maplibre-gl.css'

setWorkerUrl(workerUrl)

export type Box = [[number, number], [number, number]]

/** The whole official frame, southern islands included. */
export const CHINA: Box = [
  [73.4, 3.2],
  [135.2, 53.7],
]
export const calm = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches

export function openMap(container: HTMLElement, style: StyleSpecification, bounds: Box = CHINA, top = 64): MapLibre {
  const map = new MapLibre({
    container,
    style,
    bounds,
    fitBoundsOptions: { padding: { top, bottom: 24, left: 24, right: 24 } },
    minZoom: 1.4,
    maxZoom: 13,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: calm() ? 0 : 80,
    maxBounds: [
      [15, -30],
      [195, 72],
    ],
  })
  map.touchZoomRotate.disableRotation()
  map.addControl(new ScaleControl({ maxWidth: 90 }), 'bottom-left')
  return map
}
