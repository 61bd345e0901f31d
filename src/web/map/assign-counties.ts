/** Which territory fills which county: the deepest whose divisions hold it, then the one of higher priority, then the lower id, as the engine decides. */
export type Shape = { readonly id: string; readonly divisions: readonly string[]; readonly depth: number; readonly priority?: number }

/** The digits that a code fixes: a province two, a city four, a county all six. A city without counties is its own county. */
export const prefixOf = (code: string): string => (code.endsWith('0000') ? code.slice(0, 2) : code.endsWith('00') ? code.slice(0, 4) : code)

export function assignCounties(codes: readonly string[], shapes: readonly Shape[]): ReadonlyMap<string, string> {
  const byPrefix = new Map<string, Shape>()
  const goesFirst = (a: Shape, b: Shape): boolean =>
    a.depth !== b.depth
      ? a.depth > b.depth
      : (a.priority ?? 0) !== (b.priority ?? 0)
        ? (a.priority ?? 0) > (b.priority ?? 0)
        : a.id.length !== b.id.length
          ? a.id.length < b.id.length
          : a.id < b.id
  for (const shape of shapes)
    for (const division of shape.divisions) {
      const known = byPrefix.get(prefixOf(division))
      if (!known || goesFirst(shape, known)) byPrefix.set(prefixOf(division), shape)
    }
  const filled = new Map<string, string>()
  for (const code of codes) {
    let best: Shape | undefined
    for (const n of [2, 4, 6]) {
      const found = byPrefix.get(code.slice(0, n))
      if (found && (!best || goesFirst(found, best))) best = found
    }
    if (best) filled.set(code, best.id)
  }
  return filled
}

/** Counties that a division's code stands for. */
export function countiesOf(codes: readonly string[], division: string): readonly string[] {
  const prefix = prefixOf(division)
  return codes.filter(c => c.startsWith(prefix))
}

/** Where a territory's label stands: the middle of its counties, drawn to the one nearest to it. */
export function labelPoint(codes: readonly string[], centres: Readonly<Record<string, readonly [number, number]>>): readonly [number, number] | null {
  const points = codes.flatMap(c => (centres[c] ? [centres[c]] : []))
  if (points.length === 0) return null
  const x = points.reduce((s, p) => s + p[0], 0) / points.length
  const y = points.reduce((s, p) => s + p[1], 0) / points.length
  return points.reduce((a, b) => (Math.hypot(b[0] - x, b[1] - y) < Math.hypot(a[0] - x, a[1] - y) ? b : a))
}
