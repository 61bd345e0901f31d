/** Opens a MapLibre map with its worker from our own host. */
import { Map as MapLibre, NavigationControl, ScaleControl, type StyleSpecification, setWorkerUrl } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import 'maplibre-gl/dist/maplibre-gl.css'

setWorkerUrl(workerUrl)

/** The whole official frame, southern islands included. */
export const CHINA: [[number, number], [number, number]] = [
  [73.4, 3.2],
  [135.2, 53.7],
]

export function openMap(container: HTMLElement, style: StyleSpecification): MapLibre {
  const reduced = matchMedia('(prefers-reduced-motion: reduce)').matches
  const map = new MapLibre({
    container,
    style,
    bounds: CHINA,
    fitBoundsOptions: { padding: { top: 64, bottom: 16, left: 16, right: 16 } },
    minZoom: 2,
    maxZoom: 12,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: reduced ? 0 : 120,
    maxBounds: [
      [55, -8],
      [155, 62],
    ],
  })
  map.touchZoomRotate.disableRotation()
  map.addControl(new NavigationControl({ showCompass: false }), 'top-right')
  map.addControl(new ScaleControl({ maxWidth: 90 }), 'bottom-left')
  return map
}
