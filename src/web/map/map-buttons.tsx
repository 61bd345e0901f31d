/** Nearer, farther, everything: buttons of our own, so that they have words, keys and the right size. */

import { LocateFixed, Minus, Plus } from 'lucide-react'
import type { Map as MapLibre } from 'maplibre-gl'
import { useTranslation } from 'react-i18next'
import { calm } from './open-map.ts'

export function MapButtons({ map, onFit }: { map: MapLibre | null; onFit: () => void }) {
  const { t } = useTranslation()
  const buttons = [
    { key: 'nearer', Icon: Plus, run: () => map?.zoomIn({ animate: !calm() }) },
    { key: 'farther', Icon: Minus, run: () => map?.zoomOut({ animate: !calm() }) },
    { key: 'fit', Icon: LocateFixed, run: onFit },
  ]
  return (
    <div className="jy-map-buttons">
      {buttons.map(({ key, Icon, run }) => (
        <button key={key} type="button" aria-label={t(`territory:map.${key}`)} title={t(`territory:map.${key}`)} onClick={run}>
          <Icon size={16} />
        </button>
      ))}
    </div>
  )
}
