/**
 * The table of every list: rows come page by page as one scrolls, only those in view are drawn, the keyboard walks them, and below 700 px
 * each row is a card. Sorting and filtering are the server's, so that they hold for the whole list and not for the part on screen.
 */
import { useVirtualizer } from '@tanstack/react-virtual'
import { Button, Checkbox } from 'antd'
import { ArrowDown, ArrowUp } from 'lucide-react'
import type { KeyboardEvent, MouseEvent, ReactNode } from 'react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePhone } from './appearance.ts'
import { DataCards } from './data-cards.tsx'
import type { Column } from './data-table-columns.tsx'
import { ColumnChooser, useColumns } from './data-table-columns.tsx'
import './data-table.css'
import { useKeys } from './keys.ts'
import type { Paged } from './paged.ts'
import { ErrorState, Skeleton } from './states.tsx'

export type Sorting = { readonly key: string; readonly descending: boolean }
export type Selection = { readonly keys: ReadonlySet<string>; readonly onChange: (keys: ReadonlySet<string>) => void }

export type DataTableProps<Row> = {
  /** Under this name the choice of columns is kept. */
  readonly name: string
  /** Read out as the table's name. */
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly list: Paged<Row>
  readonly rowKey: (row: Row) => string
  readonly onOpen?: (row: Row) => void
  readonly sorting?: Sorting
  readonly onSort?: (sorting: Sorting) => void
  readonly selection?: Selection
  /** Filters and buttons above the table. */
  readonly toolbar?: ReactNode
  /** In place of the toolbar while rows are selected. */
  readonly selectedBar?: ReactNode
  readonly empty: ReactNode
}

const ROW = 38
const AHEAD = 12

/** A press on a control of the row, or in a menu that the row opened elsewhere on the page, is not a press on the row. */
export function isOwnControl(event: MouseEvent): boolean {
  const { target, currentTarget } = event
  return target instanceof Element && (!currentTarget.contains(target) || target.closest('button, a, input, label, [role="button"]') !== null)
}

export function toggled(keys: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(keys)
  if (!next.delete(key)) next.add(key)
  return next
}

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { name, label, columns, list, rowKey, onOpen, sorting, onSort, selection } = props
  const { t } = useTranslation()
  const phone = usePhone()
  const scroller = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(-1)
  const { shown, toggle, reset } = useColumns(name, columns)
  const { rows } = list
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 10,
    enabled: !phone,
  })
  const items = virtual.getVirtualItems()

  const lastShown = phone ? -1 : (items.at(-1)?.index ?? -1)
  useEffect(() => {
    if (lastShown >= rows.length - AHEAD && rows.length > 0) list.more()
  }, [lastShown, rows.length, list.more])

  const focusRow = (index: number) => {
    const to = Math.max(0, Math.min(rows.length - 1, index))
    setActive(to)
    if (!phone) virtual.scrollToIndex(to)
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-row="${to}"]`)?.focus({ preventScroll: !phone }))
  }
  const current = rows[active]
  useKeys([
    { key: 'j', word: 'shell:key.next', run: () => focusRow(active + 1) },
    { key: 'k', word: 'shell:key.previous', run: () => focusRow(active - 1) },
    ...(onOpen ? [{ key: 'Enter', word: 'shell:key.open', run: () => current !== undefined && onOpen(current) }] : []),
    ...(selection
      ? ['x', ' '].map(key => ({
          key,
          word: 'shell:key.select',
          run: () => {
            if (current !== undefined) selection.onChange(toggled(selection.keys, rowKey(current)))
          },
        }))
      : []),
  ])
  const onRowKey = (event: KeyboardEvent, index: number) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step === 0 || event.target !== event.currentTarget) return
    event.preventDefault()
    focusRow(index + step)
  }

  const all = rows.length > 0 && rows.every(row => selection?.keys.has(rowKey(row)))
  const selected = selection?.keys.size ?? 0
  const chooser = columns.length > 2 && <ColumnChooser columns={columns} shown={shown} toggle={toggle} reset={reset} />
  const first = items[0]
  const last = items.at(-1)

  return (
    <section className="jy-table-box jy-card" aria-label={label}>
      {selected > 0 ? (
        <div className="jy-table-bar" data-selected>
          <b>{t('shell:table.selected', { count: selected })}</b>
          {props.selectedBar}
          <Button type="text" onClick={() => selection?.onChange(new Set())}>
            {t('shell:table.clear')}
          </Button>
        </div>
      ) : (
        (props.toolbar || chooser) && (
          <div className="jy-table-bar">
            <div className="jy-table-tools">{props.toolbar}</div>
            {chooser}
          </div>
        )
      )}
      {list.pending ? (
        <Skeleton />
      ) : list.error && rows.length === 0 ? (
        <ErrorState error={list.error} onRetry={list.retry} />
      ) : rows.length === 0 ? (
        props.empty
      ) : phone ? (
        <DataCards {...props} columns={shown} scroller={scroller} active={active} />
      ) : (
        <div className="jy-table-scroll" ref={scroller} data-stale={list.stale || undefined}>
          <table className="jy-table" aria-rowcount={list.hasMore ? -1 : rows.length}>
            <colgroup>
              {selection && <col style={{ width: 36 }} />}
              {shown.map(c => (
                <col key={c.key} style={c.width ? { width: c.width } : undefined} />
              ))}
            </colgroup>
            <thead>
              <tr>
                {selection && (
                  <th>
                    <Checkbox
                      checked={all}
                      indeterminate={!all && selected > 0}
                      aria-label={t('shell:table.selectAll')}
                      onChange={() => selection.onChange(all ? new Set() : new Set(rows.map(rowKey)))}
                    />
                  </th>
                )}
                {shown.map(c => (
                  <HeaderCell key={c.key} column={c} sorting={sorting} onSort={onSort} />
                ))}
              </tr>
            </thead>
            <tbody>
              {first && first.start > 0 && <tr aria-hidden style={{ height: first.start }} />}
              {items.map(({ index }) => {
                const row = rows[index]
                if (row === undefined) return null
                const key = rowKey(row)
                return (
                  <tr
                    key={key}
                    data-row={index}
                    tabIndex={index === Math.max(active, 0) ? 0 : -1}
                    aria-rowindex={index + 1}
                    aria-selected={selection?.keys.has(key)}
                    onFocus={() => setActive(index)}
                    onKeyDown={event => onRowKey(event, index)}
                    onClick={event => {
                      if (isOwnControl(event)) return
                      onOpen?.(row)
                    }}
                    className={onOpen ? 'jy-openable' : undefined}
                  >
                    {selection && (
                      <td>
                        <Checkbox
                          checked={selection.keys.has(key)}
                          aria-label={t('shell:table.selectRow')}
                          onChange={() => selection.onChange(toggled(selection.keys, key))}
                        />
                      </td>
                    )}
                    {shown.map(c => (
                      <td key={c.key} className={c.right ? 'jy-number' : undefined}>
                        {c.render(row)}
                      </td>
                    ))}
                  </tr>
                )
              })}
              {last && <tr aria-hidden style={{ height: Math.max(0, virtual.getTotalSize() - last.end) }} />}
            </tbody>
          </table>
        </div>
      )}
      {rows.length > 0 && (
        <p className="jy-table-foot" role="status">
          {list.loadingMore ? t('shell:table.loadingMore') : t(list.hasMore ? 'shell:table.loaded' : 'shell:table.end', { count: rows.length })}
          {list.error !== null && (
            <Button size="small" onClick={list.retry}>
              {t('shell:state.retry')}
            </Button>
          )}
        </p>
      )}
    </section>
  )
}

type HeaderProps<Row> = { column: Column<Row>; sorting?: Sorting; onSort?: (sorting: Sorting) => void }
function HeaderCell<Row>({ column, sorting, onSort }: HeaderProps<Row>) {
  const { sortKey, title, right } = column
  const on = sortKey !== undefined && sorting?.key === sortKey
  const Arrow = sorting?.descending ? ArrowDown : ArrowUp
  return (
    <th aria-sort={on ? (sorting.descending ? 'descending' : 'ascending') : undefined} className={right ? 'jy-number' : undefined} title={title}>
      {sortKey && onSort ? (
        <button type="button" className="jy-plain" onClick={() => onSort({ key: sortKey, descending: on ? !sorting.descending : true })}>
          {title}
          {on && <Arrow size={12} aria-hidden />}
        </button>
      ) : (
        title
      )}
    </th>
  )
}
