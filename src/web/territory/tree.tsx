/** The tree of territories: one selection with the map and the panel; only rows in view are drawn; in a draft a row is dragged to its new parent. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronDown, ChevronRight, TriangleAlert } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { arrow, type TreeRow } from './tree-rows.ts'

export type TreeProps = {
  readonly rows: readonly TreeRow[]
  readonly selectedId: string | null
  /** Figure at the end of a row. */
  readonly figure: (id: string) => string
  /** Territories below that take accounts. */
  readonly below: ReadonlyMap<string, number>
  readonly contested: ReadonlySet<string>
  readonly onSelect: (id: string) => void
  readonly onToggle: (id: string, open: boolean) => void
  /** null: nothing may be dragged. */
  readonly onDrop: { readonly may: (dragged: string, target: string) => boolean; readonly run: (dragged: string, target: string) => void } | null
}

export function TerritoryTree({ rows, selectedId, figure, below, contested, onSelect, onToggle, onDrop }: TreeProps) {
  const { t, i18n } = useTranslation()
  const scroller = useRef<HTMLDivElement>(null)
  const [dragged, setDragged] = useState<string | null>(null)
  const [over, setOver] = useState<string | null>(null)
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => 29, overscan: 12 })
  const at = rows.findIndex(r => r.row.id === selectedId)
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when the selection moves, not when rows are drawn
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' })
  }, [at])
  const end = () => {
    setDragged(null)
    setOver(null)
  }
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
          const name = i18n.language === 'en' && row.nameEn ? row.nameEn : row.name
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
              data-over={over === row.id || undefined}
              draggable={onDrop !== null || undefined}
              style={{ transform: `translateY(${item.start}px)`, paddingLeft: 8 + Math.min(row.depth, 8) * 14 }}
              onClick={() => onSelect(row.id)}
              onKeyDown={() => undefined}
              onDragStart={event => {
                event.dataTransfer.effectAllowed = 'move'
                event.dataTransfer.setData('text/plain', row.code)
                setDragged(row.id)
              }}
              onDragEnd={end}
              onDragOver={event => {
                if (dragged === null || !onDrop?.may(dragged, row.id)) return
                event.preventDefault()
                setOver(row.id)
              }}
              onDragLeave={() => setOver(null)}
              onDrop={event => {
                event.preventDefault()
                if (dragged !== null) onDrop?.run(dragged, row.id)
                end()
              }}
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
              {row.hasRule ? <b>{row.code}</b> : null}
              <span className="jy-ellipsis" data-structure={!row.hasRule || undefined} title={`${row.code} ${name}`}>
                {name}
              </span>
              {hasChildren && <small className="jy-muted">{below.get(row.id) ?? 0}</small>}
              {row.hasRule && row.owners.length === 0 && row.seen === 'whole' && (
                <TriangleAlert size={12} className="jy-warn" aria-label={t('territory:tree.noLead')}>
                  <title>{t('territory:tree.noLead')}</title>
                </TriangleAlert>
              )}
              {contested.has(row.id) && (
                <TriangleAlert size={12} className="jy-bad" aria-label={t('territory:tree.contested')}>
                  <title>{t('territory:tree.contested')}</title>
                </TriangleAlert>
              )}
              <span className="jy-grow" />
              <span className="jy-muted jy-ellipsis jy-tree-owner" title={row.owners.map(o => o.name).join(', ')}>
                {row.owners[0]?.name ?? ''}
              </span>
              <span className="jy-number jy-tree-count">{figure(row.id)}</span>
            </div>
          )
        })}
      </div>
    </div>
  )
}
