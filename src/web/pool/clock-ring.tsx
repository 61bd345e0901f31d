/** The clock as a small ring: how much is gone, and the time that is left in words. */
import { useTranslation } from 'react-i18next'
import type { ClockShown } from '../../contract/pool/clocks.ts'
import { gone } from './clocks.tsx'
import { useLeft } from './time-left.ts'

const R = 5.5
const ROUND = 2 * Math.PI * R

export function ClockRing({ clock }: { clock: ClockShown }) {
  const { t } = useTranslation()
  const left = useLeft()
  if (clock.dueAt === null) return null
  const over = Date.parse(clock.dueAt) <= Date.now()
  return (
    <span className="jy-pool-ring">
      <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden>
        <circle cx="7" cy="7" r={R} className="jy-ring-all" />
        <circle cx="7" cy="7" r={R} className="jy-ring-left" strokeDasharray={`${(1 - gone(clock)) * ROUND} ${ROUND}`} transform="rotate(-90 7 7)" />
      </svg>
      <b>{over ? t('pool:clock.tonight') : left(clock.dueAt)}</b>
    </span>
  )
}
