/** The tree of territories: one selection with the map and the panel; only rows in view are drawn. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronDown, ChevronRight, TriangleAlert } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { count as countText } from '../app/figures.ts'
import { arrow, type TreeRow } from './tree-rows.ts'

export type TreeProps = {
  readonly rows: readonly TreeRow[]
  readonly selectedId: string | null
  readonly onSelect: (id: string) => void
  readonly onToggle: (id: string, open: boolean) => void
}

export function TerritoryTree({ rows, selectedId, onSelect, onToggle }: TreeProps) {
  const { t, i18n } = useTranslation()
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => 29, overscan: 12 })
  const at = rows.findIndex(r => r.row.id === selectedId)
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when the selection moves, not when rows are drawn
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' })
  }, [at])
  return (
    <div
      ref={scroller}
      className="jy-tree"
      role="tree"
      tabIndex={0}
      aria-label={t('territory:tree.label')}
      aria-activedescendant={selectedId ? `terr-${selectedId}` : undefined}
      onKeyDown={event => {
        if (!event.key.startsWith('Arrow')) return
        event.preventDefault()
        event.stopPropagation()
        const move = arrow(event.key as 'ArrowUp', rows, selectedId)
        if (move.select) onSelect(move.select)
        if (move.open) onToggle(move.open, true)
        if (move.close) onToggle(move.close, false)
      }}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(item => {
          const { row, open, hasChildren } = rows[item.index]!
          const Chevron = open ? ChevronDown : ChevronRight
          return (
            <div
              key={row.id}
              id={`terr-${row.id}`}
              role="treeitem"
              tabIndex={-1}
              aria-level={row.depth + 1}
              aria-selected={row.id === selectedId}
              aria-expanded={hasChildren ? open : undefined}
              className="jy-tree-row"
              data-changed={row.changed === 'same' ? undefined : row.changed}
              style={{ transform: `translateY(${item.start}px)`, paddingLeft: 8 + row.depth * 14 }}
              onClick={() => onSelect(row.id)}
              onKeyDown={() => undefined}
            >
              {hasChildren ? (
                <button
                  type="button"
                  className="jy-plain jy-tree-toggle"
                  tabIndex={-1}
                  aria-label={t(open ? 'territory:tree.close' : 'territory:tree.open')}
                  onClick={event => {
                    event.stopPropagation()
                    onToggle(row.id, !open)
                  }}
                >
                  <Chevron size={13} />
                </button>
              ) : (
                <span className="jy-tree-toggle" />
              )}
              {row.hasRule && <i className="jy-swatch" style={{ background: `var(--jy-terr-${row.colour % 8})` }} />}
              <b>{row.hasRule ? row.code : ''}</b>
              <span className="jy-ellipsis" title={row.nameEn ?? row.name}>
                {i18n.language === 'en' && row.nameEn ? row.nameEn : row.name}
              </span>
              {row.hasRule && row.owners.length === 0 && <TriangleAlert size={12} className="jy-warn" aria-label={t('territory:tree.noLead')} />}
              <span className="jy-grow" />
              <span className="jy-muted jy-ellipsis jy-tree-owner">{row.owners[0]?.name ?? ''}</span>
              <span className="jy-number jy-tree-count">{countText(row.accounts)}</span>
            </div>
          )
        })}
      </div>
    </div>
  )
}
