/** What a change changed: one line an item, before beside after; what stayed the same is left out. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import './before-after.css'
import { NOTHING } from './format.ts'

export type Change = { readonly key: string; readonly before: unknown; readonly after: unknown }
type Values = Readonly<Record<string, unknown>> | null

/** The items whose values differ; an item present on one side only counts as differing. */
export function changesOf(before: Values, after: Values): readonly Change[] {
  const keys = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  return keys.map(key => ({ key, before: before?.[key], after: after?.[key] })).filter(c => JSON.stringify(c.before) !== JSON.stringify(c.after))
}

function plain(value: unknown): string {
  if (value === null || value === undefined || value === '') return NOTHING
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

type BeforeAfterProps = {
  before: Values
  after: Values
  wordOf?: (key: string) => string
  show?: (key: string, value: unknown) => ReactNode
  /** Heads of the two columns where they are not "before" and "after". */
  beforeWord?: string
  afterWord?: string
}

export function BeforeAfter({ before, after, wordOf = key => key, show = (_, value) => plain(value), beforeWord, afterWord }: BeforeAfterProps) {
  const { t } = useTranslation()
  const changes = changesOf(before, after)
  if (changes.length === 0) return <p className="jy-muted">{t('shell:change.nothing')}</p>
  return (
    <table className="jy-change">
      <thead>
        <tr>
          <th>{t('shell:change.field')}</th>
          <th>{beforeWord ?? t('shell:change.before')}</th>
          <th>{afterWord ?? t('shell:change.after')}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(c => (
          <tr key={c.key}>
            <th scope="row">{wordOf(c.key)}</th>
            <td>{show(c.key, c.before)}</td>
            <td>{show(c.key, c.after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
