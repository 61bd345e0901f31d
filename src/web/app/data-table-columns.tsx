/** Which columns a person wants to see: kept in this browser per table; the first column always stays, or a row would have no name. */
import { Button, Checkbox, Popover } from 'antd'
import { Columns3 } from 'lucide-react'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import './data-table.css'

export type Column<Row> = {
  readonly key: string
  readonly title: string
  /** Pixels; a column without one shares what is left. */
  readonly width?: number
  readonly right?: boolean
  /** The header sorts by this key; the server does the sorting. */
  readonly sortKey?: string
  readonly hiddenAtFirst?: boolean
  readonly render: (row: Row) => ReactNode
}

const storeKey = (table: string) => `jy-columns-${table}`
function readHidden(table: string): readonly string[] | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storeKey(table)) ?? 'null')
    return Array.isArray(kept) ? kept.filter(k => typeof k === 'string') : null
  } catch {
    return null
  }
}

/** What a person sees of a table now, in order: an export takes the same columns. */
export function shownColumns<Row>(table: string, columns: readonly Column<Row>[]): readonly string[] {
  const hidden = new Set(readHidden(table) ?? columns.filter(c => c.hiddenAtFirst).map(c => c.key))
  return columns.filter((c, i) => i === 0 || !hidden.has(c.key)).map(c => c.key)
}

/** A saved view brings its columns; the table must be drawn anew afterwards. */
export function keepShown<Row>(table: string, columns: readonly Column<Row>[], shown: readonly string[]): void {
  localStorage.setItem(storeKey(table), JSON.stringify(columns.filter((c, i) => i > 0 && !shown.includes(c.key)).map(c => c.key)))
}

export function useColumns<Row>(table: string, columns: readonly Column<Row>[]) {
  const [hidden, setHidden] = useState(() => readHidden(table))
  const off = new Set(hidden ?? columns.filter(c => c.hiddenAtFirst).map(c => c.key))
  return {
    shown: columns.filter((c, i) => i === 0 || !off.has(c.key)),
    toggle: (key: string) => {
      if (!off.delete(key)) off.add(key)
      const next = [...off]
      localStorage.setItem(storeKey(table), JSON.stringify(next))
      setHidden(next)
    },
    reset: () => {
      localStorage.removeItem(storeKey(table))
      setHidden(null)
    },
  }
}

type ChooserProps<Row> = { columns: readonly Column<Row>[]; shown: readonly Column<Row>[]; toggle: (key: string) => void; reset: () => void }

export function ColumnChooser<Row>({ columns, shown, toggle, reset }: ChooserProps<Row>) {
  const { t } = useTranslation()
  const list = (
    <div className="jy-columns">
      {columns.map((column, i) => (
        <Checkbox key={column.key} disabled={i === 0} checked={shown.includes(column)} onChange={() => toggle(column.key)}>
          {column.title}
        </Checkbox>
      ))}
      <Button size="small" type="text" onClick={reset}>
        {t('shell:table.resetColumns')}
      </Button>
    </div>
  )
  return (
    <Popover trigger="click" placement="bottomRight" content={list} title={t('shell:table.columns')}>
      <Button className="jy-desk" icon={<Columns3 size={15} />} aria-label={t('shell:table.columns')} title={t('shell:table.columns')} />
    </Popover>
  )
}
