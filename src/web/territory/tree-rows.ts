/** The tree as rows: what is open, what a search shows, and where the arrow keys lead. Pure, so that keyboard and mouse agree. */
import type { TerritoryRow } from '../../contract/territory/models.ts'

export type TreeRow = { readonly row: TerritoryRow; readonly open: boolean; readonly hasChildren: boolean }

/** `places`: territories that hold the county looked for. */
export function visibleRows(
  rows: readonly TerritoryRow[],
  open: ReadonlySet<string>,
  needle: string,
  places: ReadonlySet<string> = new Set(),
): readonly TreeRow[] {
  const text = needle.normalize('NFKC').trim().toLowerCase()
  // What is called so comes before what merely holds the place.
  if (text) {
    const named = rows.filter(r => matches(r, text))
    const holding = rows.filter(r => places.has(r.id) && !matches(r, text))
    return [...named, ...holding].map(row => ({ row, open: false, hasChildren: false }))
  }
  const shown = new Set<string>()
  const result: TreeRow[] = []
  const here = new Set(rows.map(r => r.id))
  // Rows come in tree order: a parent stands before its children. One whose parent is of another type stands at the top.
  for (const row of rows) {
    if (row.parentId !== null && here.has(row.parentId) && !(shown.has(row.parentId) && open.has(row.parentId))) continue
    shown.add(row.id)
    result.push({ row, open: open.has(row.id), hasChildren: row.children > 0 })
  }
  return result
}

const matches = (row: TerritoryRow, text: string): boolean =>
  `${row.code} ${row.name} ${row.nameEn ?? ''} ${row.owners.map(o => o.name).join(' ')}`.toLowerCase().includes(text)

export const ancestorsOf = (byId: ReadonlyMap<string, TerritoryRow>, id: string): readonly string[] => {
  const chain: string[] = []
  for (let at = byId.get(id)?.parentId ?? null; at !== null && !chain.includes(at); at = byId.get(at)?.parentId ?? null) chain.push(at)
  return chain
}

/** How many territories that take accounts stand below each one. */
export function takersBelow(rows: readonly TerritoryRow[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  // From the last row up: children are counted before their parent is.
  for (const row of [...rows].reverse()) {
    if (row.parentId !== null) counts.set(row.parentId, (counts.get(row.parentId) ?? 0) + (counts.get(row.id) ?? 0) + (row.hasRule ? 1 : 0))
  }
  return counts
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

/** Where a territory may be dropped: on another one of its type that is neither itself, nor below it, nor its parent already. */
export function mayDrop(byId: ReadonlyMap<string, TerritoryRow>, dragged: string, target: string): boolean {
  const [a, b] = [byId.get(dragged), byId.get(target)]
  return (
    a !== undefined &&
    b !== undefined &&
    a.id !== b.id &&
    a.parentId !== b.id &&
    a.typeId === b.typeId &&
    !ancestorsOf(byId, target).includes(dragged)
  )
}
