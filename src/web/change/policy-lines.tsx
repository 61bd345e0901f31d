/**
 * A list of policy lines: each said as a sentence, changed in place, saved whole or given up. What is typed stays while what is kept is read
 * again; other words for it begin anew (`key` of whoever shows it).
 */
import { Button } from 'antd'
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChange } from '../app/change.ts'
import { useMayChange } from '../app/me.ts'
import { Empty, useProblemText } from '../app/states.tsx'

type Props<Line extends object> = {
  readonly kept: readonly Line[]
  /** A line that was just added. */
  readonly fresh: Line
  readonly most: number
  readonly words: {
    readonly title: string
    readonly lead: string
    readonly none: string
    readonly noneWhy: string
    readonly add: string
    readonly save: string
    readonly readOnly?: string
  }
  /** The order matters, and may be changed. */
  readonly ordered?: boolean
  /** Says why the lines cannot be saved yet; null: they can. */
  readonly missing?: (lines: readonly Line[]) => string | null
  readonly save: (lines: readonly Line[]) => Promise<unknown>
  readonly touches: readonly (readonly string[])[]
  readonly fields: (line: Line, change: (next: Partial<Line>) => void, tools: ReactNode) => ReactNode
  readonly sentence: (line: Line) => string
}

export function PolicyLines<Line extends object>({
  kept,
  fresh,
  most,
  words,
  ordered = false,
  missing,
  save,
  touches,
  fields,
  sentence,
}: Props<Line>) {
  const { t } = useTranslation()
  const say = useProblemText()
  const manages = useMayChange('tenant.manage')
  const named = (lines: readonly Line[]) => lines.map((line, i) => ({ key: String(i), line }))
  const [rows, setRows] = useState(() => named(kept))
  const [made, setMade] = useState(kept.length)
  const [refused, setRefused] = useState<string | null>(null)
  const lines = rows.map(r => r.line)
  const dirty = JSON.stringify(lines) !== JSON.stringify(kept)
  const hint = missing?.(lines) ?? null
  const move = (at: number, by: 1 | -1) => {
    const next = [...rows]
    next.splice(at + by, 0, ...next.splice(at, 1))
    setRows(next)
  }
  const saving = useChange({
    run: () => {
      setRefused(null)
      return save(lines)
    },
    touches,
    onRefused: error => {
      setRefused(say(error))
      return true
    },
  })
  const tool = (label: string, icon: ReactNode, onClick: () => void, disabled = false) => (
    <Button type="text" size="small" disabled={disabled} aria-label={label} icon={icon} onClick={onClick} />
  )
  return (
    <section className="jy-card jy-setting-box jy-policy-box" aria-label={words.title}>
      <header className="jy-row">
        <h2>{words.title}</h2>
      </header>
      <p className="jy-muted">{words.lead}</p>
      {!manages && words.readOnly && <p className="jy-warn">{words.readOnly}</p>}
      {rows.length === 0 && <Empty title={words.none} why={words.noneWhy} />}
      <ol className="jy-policy">
        {rows.map(({ key, line }, i) => (
          <li key={key}>
            {manages &&
              fields(
                line,
                next => setRows(rows.map(r => (r.key === key ? { key, line: { ...line, ...next } } : r))),
                <span className="jy-row">
                  {ordered && tool(t('change:policy.up'), <ArrowUp size={14} />, () => move(i, -1), i === 0)}
                  {ordered && tool(t('change:policy.down'), <ArrowDown size={14} />, () => move(i, 1), i === rows.length - 1)}
                  {tool(t('shell:remove'), <Trash2 size={14} />, () => setRows(rows.filter(r => r.key !== key)))}
                </span>,
              )}
            <p>{sentence(line)}</p>
          </li>
        ))}
      </ol>
      {refused && (
        <p className="jy-warn" role="alert">
          {refused}
        </p>
      )}
      {manages && (
        <div className="jy-row jy-wrap">
          <Button
            icon={<Plus size={14} />}
            disabled={rows.length >= most}
            onClick={() => {
              setRows([...rows, { key: String(made), line: fresh }])
              setMade(made + 1)
            }}
          >
            {words.add}
          </Button>
          <span className="jy-grow" />
          {hint && <small className="jy-warn">{hint}</small>}
          {dirty && <Button onClick={() => setRows(named(kept))}>{t('shell:cancel')}</Button>}
          <Button type="primary" disabled={!dirty || hint !== null} loading={saving.isPending} onClick={() => saving.mutate()}>
            {words.save}
          </Button>
        </div>
      )}
    </section>
  )
}
