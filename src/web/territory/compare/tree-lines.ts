/** Changed territories as lines of a tree: each below the territories above it, which are named once and are there only to say where. */
import type { ComparedTerritory } from '../../../contract/territory/compare.ts'

type Above = ComparedTerritory['path'][number]
export type TreeLine =
  | { readonly kind: 'above'; readonly depth: number; readonly above: Above }
  | { readonly kind: 'changed'; readonly depth: number; readonly row: ComparedTerritory }

/** `rows` in the order of the tree, as the server hands them out, page after page. */
export function treeLines(rows: readonly ComparedTerritory[]): readonly TreeLine[] {
  const shown = new Set<string>()
  return rows.flatMap((row): TreeLine[] => {
    const lines: TreeLine[] = row.path.flatMap((above, depth): TreeLine[] => (shown.has(above.id) ? [] : [{ kind: 'above', depth, above }]))
    for (const above of row.path) shown.add(above.id)
    shown.add(row.territoryId)
    return [...lines, { kind: 'changed', depth: row.path.length, row }]
  })
}
