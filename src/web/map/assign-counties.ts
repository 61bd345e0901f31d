/** Which territory fills which county: the one whose named division is the finest; of equal ones the deeper in the tree. */
export type Shape = { readonly id: string; readonly divisions: readonly string[]; readonly depth: number }

const reach = (code: string): number => (code.endsWith('0000') ? 2 : code.endsWith('00') ? 4 : 6)

/** County code → territory id, and counties that two territories of equal rank both name. */
export function assignCounties(
  codes: readonly string[],
  shapes: readonly Shape[],
): { readonly filled: ReadonlyMap<string, string>; readonly shared: ReadonlySet<string> } {
  const byPrefix = new Map<string, { id: string; depth: number }[]>()
  for (const shape of shapes) {
    for (const division of shape.divisions) {
      const prefix = division.slice(0, reach(division))
      const list = byPrefix.get(prefix)
      if (list) list.push(shape)
      else byPrefix.set(prefix, [shape])
    }
  }
  const filled = new Map<string, string>()
  const shared = new Set<string>()
  for (const code of codes) {
    const found = [6, 4, 2].flatMap(n => byPrefix.get(code.slice(0, n)) ?? [])
    if (found.length === 0) continue
    const deepest = Math.max(...found.map(f => f.depth))
    const best = found.filter(f => f.depth === deepest)
    filled.set(code, best[0]!.id)
    if (new Set(best.map(f => f.id)).size > 1) shared.add(code)
  }
  return { filled, shared }
}

/** Where a territory's label stands: the middle of its counties, drawn to the one nearest to it. */
export function labelPoint(codes: readonly string[], centres: Readonly<Record<string, readonly [number, number]>>): readonly [number, number] | null {
  const points = codes.flatMap(c => (centres[c] ? [centres[c]] : []))
  if (points.length === 0) return null
  const x = points.reduce((s, p) => s + p[0], 0) / points.length
  const y = points.reduce((s, p) => s + p[1], 0) / points.length
  return points.reduce((a, b) => (Math.hypot(b[0] - x, b[1] - y) < Math.hypot(a[0] - x, a[1] - y) ? b : a))
}
