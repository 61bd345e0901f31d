/** A measure in words: what is counted or summed, with which weights, so that nobody has to guess where a number comes from. */
import { useTranslation } from 'react-i18next'
import type { MeasureSpec } from '../../contract/insight/health.ts'
import { useCatalogue } from '../account/use-catalogue.ts'
import { count } from '../app/figures.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'

export function useFormula(): (spec: MeasureSpec) => string {
  const { t } = useTranslation()
  const catalogue = useCatalogue()
  const locale = currentLocale()
  const fields = catalogue.data?.fields ?? []
  const field = (key: string) => {
    const known = fields.find(f => f.key === key)
    return known ? labelOf(known.labels, locale) : key
  }
  const list = fields.find(f => f.key === 'tier')?.optionList
  const tiers = (catalogue.data?.options ?? []).filter(o => o.list === list)
  const tier = (key: string) => {
    const known = tiers.find(o => o.key === key)
    return known ? labelOf(known.labels, locale) : key
  }
  return spec => {
    if (spec.kind === 'count') return t('insight:formula.count')
    if (spec.kind === 'sum') return t('insight:formula.sum', { field: field(spec.field) })
    if (spec.kind === 'weighted') return spec.terms.map(x => `${field(x.field)} × ${count(x.weight)}`).join(' + ')
    const visits = (name: string, v: { visits: number; minutes: number }) =>
      t('insight:formula.visits', { tier: name, visits: count(v.visits), minutes: count(v.minutes) })
    // In the order of the list, whatever order the database keeps.
    const place = (key: string) => tiers.findIndex(o => o.key === key)
    const named = Object.entries(spec.tiers).sort(([a], [b]) => place(a) - place(b))
    return [...named.map(([key, v]) => visits(tier(key), v)), visits(t('insight:measure.other'), spec.other)].join(t('insight:formula.comma'))
  }
}
