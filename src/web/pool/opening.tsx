/** How far an entry is open: a dot for each step, whom it is open to, and when it opens further. */
import { useTranslation } from 'react-i18next'
import type { PoolRow } from '../../contract/pool/entries.ts'
import { useLeft } from './time-left.ts'

export function Opening({ opening }: { opening: PoolRow['opening'] }) {
  const { t } = useTranslation()
  const left = useLeft()
  const whole = t('pool:opening.whole')
  const to = opening.to ?? whole
  return (
    <span className="jy-pool-opening">
      <span className="jy-row jy-tight">
        {opening.steps > 1 && (
          <span className="jy-pool-dots" aria-hidden>
            {Array.from({ length: opening.steps }, (_, i) => (
              <i key={i} data-on={i < opening.step || undefined} />
            ))}
          </span>
        )}
        {opening.step < opening.steps && opening.step <= 1 && opening.steps > 1 ? t('pool:opening.only', { to }) : t('pool:opening.all', { to })}
      </span>
      <small className="jy-muted">
        {opening.nextAt ? t('pool:opening.next', { left: left(opening.nextAt), to: opening.nextTo ?? whole }) : t('pool:opening.full')}
      </small>
    </span>
  )
}
