/** Columns of a kind of record as the page and the API show them, in three languages. */
import type { Target } from '../../contract/import/objects.ts'
import type { Column } from '../../core/import/columns.ts'
import type { OptionRow } from '../builder/catalogue.ts'
import { toTraditional } from '../kernel/traditional.ts'

export const labelsOf = (zh: string, en: string): Target['labels'] => ({ 'zh-CN': zh, 'zh-TW': toTraditional(zh), en })

export const targetOf = (column: Column, options: Target['options'] = null): Target => ({
  key: column.key,
  labels: labelsOf(column.zh, column.en),
  type: column.type,
  required: column.required ?? false,
  several: column.several ?? false,
  options,
  mayAdd: false,
})

export const optionsOf = (rows: readonly OptionRow[], list: string): NonNullable<Target['options']> =>
  rows.filter(o => o.list === list && !o.retired).map(o => ({ key: o.key, labels: o.labels }))

export const choicesOf = (choices: readonly { key: string; zh: string; en: string }[]): NonNullable<Target['options']> =>
  choices.map(c => ({ key: c.key, labels: labelsOf(c.zh, c.en) }))

export const choiceWords = (choices: readonly { key: string; zh: string; en: string; words: readonly string[] }[]): Map<string, string> =>
  new Map(choices.flatMap(c => [c.key, c.zh, c.en, labelsOf(c.zh, c.en)['zh-TW'], ...c.words].map(word => [word.toLowerCase(), c.key] as const)))
