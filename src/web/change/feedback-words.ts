/** The lines of the policy for objections in words: the same on the settings page and under what was accepted. */
import { useTranslation } from 'react-i18next'
import type { FeedbackLineRow } from '../../contract/territory/change-policy.ts'
import type { ChangeSetComment } from '../../contract/territory/change-sets.ts'
import { count, money } from '../app/figures.ts'
import { useMe } from '../app/me.ts'

type Basis = NonNullable<ChangeSetComment['basis']>

export function useFeedbackText() {
  const { t, i18n } = useTranslation()
  const currency = useMe()?.tenant.currency ?? ''
  const figure = (measure: Basis['measure'], n: number) => (measure === 'deal' ? `${currency} ${money(String(n / 100), i18n.language)}` : count(n))
  return {
    /** A line as a sentence. */
    line: ({ reason, measure, atLeast, most }: Omit<FeedbackLineRow, 'id'>): string =>
      t('change:feedback.says', {
        reason: t(`change:reason.${reason}`),
        when: t(`change:feedback.when.${measure}`, { n: figure(measure, atLeast), count: atLeast }),
        most: count(most),
      }),
    /** What was seen, beside what the line asks for. */
    seen: ({ reason, measure, atLeast, seen, accounts = 0 }: Basis): string =>
      t(`change:accepted.seen.${measure === 'touch' && seen === 0 ? 'today' : measure}`, {
        reason: t(`change:reason.${reason}`),
        n: figure(measure, seen),
        least: figure(measure, atLeast),
        accounts: count(accounts),
        count: seen,
      }),
  }
}
