/** Time as people count it: days above two days, hours below, minutes at the end; and how long ago something was. */
import { useTranslation } from 'react-i18next'

const HOUR = 3_600_000

export function useLeft(): (until: string) => string {
  const { t } = useTranslation()
  return until => {
    const left = Date.parse(until) - Date.now()
    if (left >= 48 * HOUR) return t('pool:days', { n: Math.floor(left / (24 * HOUR)) })
    if (left >= HOUR) return t('pool:hours', { n: Math.floor(left / HOUR) })
    return t('pool:minutes', { n: Math.max(0, Math.ceil(left / 60_000)) })
  }
}

export function useAgo(): (at: string) => string {
  const { t } = useTranslation()
  return at => {
    const days = Math.floor((Date.now() - Date.parse(at)) / (24 * HOUR))
    return days <= 0 ? t('pool:todayAgo') : t('pool:ago', { n: days })
  }
}
