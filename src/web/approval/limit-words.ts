/** The limits of the company's policy in words 「换主责超过 500 家」: the same sentence on the change set, in the inbox and in settings. */
import { useTranslation } from 'react-i18next'
import type { MEASURES } from '../../core/territory/approvers.ts'
import { count, money } from '../app/figures.ts'
import { useMe } from '../app/me.ts'

export type Measure = (typeof MEASURES)[number]
type Limit = { readonly measure: string; readonly atLeast: number; readonly as?: string; readonly value?: number }

/** Shares are kept in hundredths of a per cent and money in minor units; people write per cent and whole money. */
export const SCALE: Readonly<Partial<Record<string, number>>> = { shareBp: 100, dealAmount: 100 }

export function useMeasureText(): (limit: Limit) => string {
  const { t, i18n } = useTranslation()
  const currency = useMe()?.tenant.currency ?? ''
  const figure = (measure: string, n: number) => {
    const shown = n / (SCALE[measure] ?? 1)
    return measure === 'dealAmount' ? `${currency} ${money(String(shown), i18n.language)}` : measure === 'shareBp' ? `${shown}` : count(shown)
  }
  return ({ measure, atLeast, value, as }) => {
    const limit = t(`change:limit.${as === 'managers' ? 'managers' : measure}`, { n: figure(measure, Math.max(1, atLeast)) })
    return value === undefined ? limit : t('change:limit.reached', { limit, value: figure(measure, value) })
  }
}
