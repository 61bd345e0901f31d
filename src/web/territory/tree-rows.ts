/** The tree as rows: what is open, what a search shows, and where the arrow keys lead. Pure, so that keyboard and mouse agree. */
import type { TerritoryRow } from '../../contract/territory/models.ts'

export type TreeRow = { readonly row: TerritoryRow; readonly open: boolean; readonly hasChildren: boolean }

export function visibleRows(rows: readonly TerritoryRow[], open: ReadonlySet<string>, needle: string): readonly TreeRow[] {
  const text = needle.normalize('NFKC').trim().toLowerCase()
  if (text) return rows.filter(r => matches(r, text)).map(row => ({ row, open: false, hasChildren: false }))
  const shown = new Set<string>()
  const result: TreeRow[] = []
  // Rows come in tree order: a parent stands before its children.
  for (const row of rows) {
    if (row.parentId !== null && !(shown.has(row.parentId) && open.has(row.parentId))) continue
    shown.add(row.id)
    result.push({ row, open: open.has(row.id), hasChildren: row.children > 0 })
  }
  return result
}

const matches = (row: TerritoryRow, text: string): boolean =>
  `${row.code} ${row.name} ${row.nameEn ?? ''} ${row.owners.map(o => o.name).join(' ')}`.toLowerCase().includes(text)

export const ancestorsOf = (rows: readonly TerritoryRow[], id: string): readonly string[] => {
  const byId = new Map(rows.map(r => [r.id, r]))
  const chain: string[] = []
  for (let at = byId.get(id)?.parentId ?? null; at !== null && !chain.includes(at); at = byId.get(at)?.parentId ?? null) chain.push(at)
  return chain
}

export type Move = { readonly select?: string; readonly open?: string; readonly close?: string }

/** ↑↓ walk; → opens or goes to the first child; ← closes or goes to the parent. */
export function arrow(key: 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight', rows: readonly TreeRow[], selected: string | null): Move {
  const at = rows.findIndex(r => r.row.id === selected)
  if (at < 0) return rows[0] ? { select: rows[0].row.id } : {}
  const here = rows[at]!
  if (key === 'ArrowUp') return rows[at - 1] ? { select: rows[at - 1]!.row.id } : {}
  if (key === 'ArrowDown') return rows[at + 1] ? { select: rows[at + 1]!.row.id } : {}
  if (key === 'ArrowRight') return !here.hasChildren ? {} : here.open ? { select: rows[at + 1]!.row.id } : { open: here.row.id }
  if (here.open) return { close: here.row.id }
  return here.row.parentId ? { select: here.row.parentId } : {}
}
