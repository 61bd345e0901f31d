/** Departments come as a flat list; shown as a tree. One whose parent is not in the list stands at the top, so that none is lost. */
type Flat = { readonly id: string; readonly parentId: string | null; readonly name: string }
export type TreeNode<Row extends Flat> = { readonly row: Row; readonly children: readonly TreeNode<Row>[] }

export function treeOf<Row extends Flat>(rows: readonly Row[]): readonly TreeNode<Row>[] {
  const known = new Set(rows.map(r => r.id))
  const below = Map.groupBy(rows, r => (r.parentId !== null && known.has(r.parentId) ? r.parentId : ''))
  const nodes = (parent: string): readonly TreeNode<Row>[] =>
    (below.get(parent) ?? []).toSorted((a, b) => a.name.localeCompare(b.name)).map(row => ({ row, children: nodes(row.id) }))
  return nodes('')
}

/** A department and all below it: where it cannot be moved to. */
export function branchOf<Row extends Flat>(rows: readonly Row[], top: string): ReadonlySet<string> {
  const branch = new Set([top])
  for (let grew = true; grew; ) {
    const before = branch.size
    for (const row of rows) if (row.parentId !== null && branch.has(row.parentId)) branch.add(row.id)
    grew = branch.size > before
  }
  return branch
}
