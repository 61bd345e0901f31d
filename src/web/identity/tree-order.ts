/** Rows with parents as a tree: parents before children, each with its depth. A row whose parent is missing stands at the top. */
export function inTreeOrder<Row extends { readonly id: string; readonly parentId: string | null; readonly name: string }>(
  rows: readonly Row[],
): readonly { row: Row; depth: number }[] {
  const known = new Set(rows.map(r => r.id))
  const below = new Map<string | null, Row[]>()
  for (const row of rows) {
    const parent = row.parentId !== null && known.has(row.parentId) ? row.parentId : null
    below.set(parent, [...(below.get(parent) ?? []), row])
  }
  const result: { row: Row; depth: number }[] = []
  const visit = (parent: string | null, depth: number) => {
    for (const row of below.get(parent) ?? []) {
      result.push({ row, depth })
      if (depth < 50) visit(row.id, depth + 1)
    }
  }
  visit(null, 0)
  return result
}
