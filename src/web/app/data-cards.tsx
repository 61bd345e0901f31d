/** The same list on a phone: the first column as the card's title, the others as lines; more come when the end is near. */
import { Checkbox } from 'antd'
import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import type { DataTableProps } from './data-table.tsx'
import { isOwnControl, toggled } from './data-table.tsx'

type CardsProps<Row> = DataTableProps<Row> & { scroller: RefObject<HTMLDivElement | null>; active: number }
const NEAR = 600

export function DataCards<Row>({ columns, list, rowKey, onOpen, selection, scroller, active }: CardsProps<Row>) {
  const { t } = useTranslation()
  const [title, ...others] = columns
  return (
    <div
      className="jy-cards"
      ref={scroller}
      onScroll={event => {
        const { scrollHeight, scrollTop, clientHeight } = event.currentTarget
        if (scrollHeight - scrollTop - clientHeight < NEAR) list.more()
      }}
    >
      {list.rows.map((row, index) => {
        const key = rowKey(row)
        return (
          <article
            key={key}
            data-row={index}
            tabIndex={index === Math.max(active, 0) ? 0 : -1}
            onClick={event => {
              if (isOwnControl(event)) return
              onOpen?.(row)
            }}
          >
            <header>
              {selection && (
                <Checkbox
                  checked={selection.keys.has(key)}
                  aria-label={t('shell:table.selectRow')}
                  onChange={() => selection.onChange(toggled(selection.keys, key))}
                />
              )}
              {title?.render(row)}
            </header>
            <dl>
              {others.map(c => (
                <div key={c.key}>
                  <dt>{c.title}</dt>
                  <dd>{c.render(row)}</dd>
                </div>
              ))}
            </dl>
          </article>
        )
      })}
    </div>
  )
}
