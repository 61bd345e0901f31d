/** Why a customer stands in the pool, and why a clock would take it, in words. */
import { useTranslation } from 'react-i18next'
import type { ClockShown } from '../../contract/pool/clocks.ts'
import type { PoolRow } from '../../contract/pool/entries.ts'

export function useReason(): (row: Pick<PoolRow, 'reason'>) => string {
  const { t } = useTranslation()
  return ({ reason }) => {
    if (reason.kind === 'return') return t('pool:cameReturn', { why: t(`pool:returnReason.${reason.code ?? 'other'}`) })
    if (reason.kind === 'reclaim' && reason.code) return t(`pool:trigger.${reason.code}`, { n: reason.days ?? 0 })
    return t(`pool:came.${reason.kind}`)
  }
}

export function useClockWords(): (clock: ClockShown) => string {
  const { t } = useTranslation()
  return clock => (clock.trigger === null ? t('pool:clock.none') : t(`pool:trigger.${clock.trigger}`, { n: clock.days ?? 0 }))
}
