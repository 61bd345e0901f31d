/** Problems and values in the reader's words: a division by its path, an option by its label, a problem by the sentence that says why. */
import { MEASURE_WORDS, PROBLEM_WORDS } from '../../contract/cleansing/words.ts'
import type { Locale } from '../../contract/kernel/shapes.ts'
import type { Problem, ProblemKind } from '../../core/cleansing/problem.ts'
import { loadFields, loadOptions } from '../builder/catalogue.ts'
import { loadIndustryNames } from '../builder/industries.ts'
import { divisionIndex } from '../geography/reference.ts'
import type { Actor } from '../kernel/actor.ts'
import { toTraditional } from '../kernel/traditional.ts'
import type { Tx } from '../kernel/transaction.ts'

export const said = ([zh, en]: readonly [string, string], locale: Locale): string =>
  locale === 'en' ? en : locale === 'zh-TW' ? toTraditional(zh) : zh
export const labelOfKind = (kind: ProblemKind, locale: Locale): string => said(PROBLEM_WORDS[kind].label, locale)
export const labelOfMeasure = (measure: string, locale: Locale): string => said(MEASURE_WORDS[measure]!, locale)

/** Names of places are Chinese in every language; in zh-TW they are written in its characters. */
export function wordsOf(problem: Pick<Problem, 'kind' | 'values'>, locale: Locale): string {
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, key: string) => String(problem.values?.[key] ?? ''))
  const [zh, en] = PROBLEM_WORDS[problem.kind].why
  return locale === 'en' ? fill(en) : locale === 'zh-TW' ? toTraditional(fill(zh)) : fill(zh)
}

/** A value as one reads it; null where the value says it itself. */
export async function valueReader(tx: Tx, actor: Actor): Promise<(field: string, value: string | null) => string | null> {
  const { locale, tenantId } = actor
  const [industries, options, catalogue] = [
    await loadIndustryNames(tx, tenantId, locale),
    await loadOptions(tx, tenantId),
    await loadFields(tx, tenantId),
  ]
  const lists = new Map(catalogue.map(f => [f.key, f.optionList]))
  const labels = new Map(options.map(o => [`${o.list}/${o.key}`, o.labels[locale]]))
  return (field, value) => {
    if (value === null || value === '') return null
    if (field === 'division' || field === 'registeredDivision') {
      const path = divisionIndex().path(value) || value
      return locale === 'zh-TW' ? toTraditional(path) : path
    }
    if (field === 'industry') return industries.get(value) ?? null
    return labels.get(`${lists.get(field)}/${value}`) ?? null
  }
}
