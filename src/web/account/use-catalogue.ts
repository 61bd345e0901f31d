/** The catalogue of fields in the browser: labels, options, and how a value reads. */
import { useQuery } from '@tanstack/react-query'
import i18next from 'i18next'
import { type FieldRow, getCatalogue, listDivisions, listIndustries } from '../../contract/builder/catalogue.ts'
import { call } from '../app/api.ts'
import { count, money } from '../app/figures.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'

export function useCatalogue() {
  return useQuery({ queryKey: ['catalogue'], queryFn: ({ signal }) => call(getCatalogue, { signal }), staleTime: 60_000 })
}

export type Words = {
  readonly label: (key: string) => string
  readonly value: (key: string, value: unknown) => string
  readonly fields: readonly FieldRow[]
}
/** Whole units of the company's currency, read as 万 and 亿. */
const MONEY = new Set(['revenue', 'potential'])

/** Turns values into words. Divisions are named for the codes given. */
export function useWords(codes: readonly string[]): Words {
  const catalogue = useCatalogue()
  const wanted = [...new Set(codes)].sort().slice(0, 300).join(',')
  const divisions = useQuery({
    queryKey: ['divisions', 'codes', wanted],
    enabled: wanted !== '',
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => call(listDivisions, { query: { codes: wanted }, signal }),
  })
  const industries = useQuery({
    queryKey: ['industries'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => call(listIndustries, { signal }),
  })
  const locale = currentLocale()
  const fields = catalogue.data?.fields ?? []
  const byKey = new Map(fields.map(f => [f.key, f]))
  const options = new Map((catalogue.data?.options ?? []).map(o => [`${o.list}/${o.key}`, labelOf(o.labels, locale)]))
  const places = new Map((divisions.data?.rows ?? []).map(d => [d.code, d.path]))
  const trades = new Map((industries.data?.rows ?? []).map(i => [i.code, labelOf(i.labels, locale)]))
  return {
    fields,
    label: key => {
      const field = byKey.get(key)
      return field ? labelOf(field.labels, locale) : key
    },
    value: (key, value) => {
      if (value === null || value === undefined || value === '') return '–'
      const field = byKey.get(key)
      if (field?.optionList) return (Array.isArray(value) ? value : [value]).map(v => options.get(`${field.optionList}/${v}`) ?? String(v)).join('、')
      if (field?.type === 'division') return places.get(String(value)) ?? String(value)
      if (field?.type === 'industry') return `${value} ${trades.get(String(value)) ?? ''}`.trim()
      if (typeof value === 'number') return MONEY.has(key) ? money(String(value), locale) : count(value)
      if (typeof value === 'boolean') return i18next.t(value ? 'shell:yes' : 'shell:no')
      return String(value)
    },
  }
}
