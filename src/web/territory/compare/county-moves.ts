/** Which counties change territory between two maps, gathered by where from and where to; null: no territory. */
export type CountyMove = { readonly from: string | null; readonly to: string | null; readonly codes: readonly string[] }

/** Largest first; of equals in the order of the codes. */
export function countyMoves(
  codes: readonly string[],
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly CountyMove[] {
  const moves = new Map<string, { from: string | null; to: string | null; codes: string[] }>()
  for (const code of codes) {
    const [from, to] = [before.get(code) ?? null, after.get(code) ?? null]
    if (from === to) continue
    const key = `${from}>${to}`
    const known = moves.get(key)
    if (known) known.codes.push(code)
    else moves.set(key, { from, to, codes: [code] })
  }
  return [...moves.values()].sort((a, b) => b.codes.length - a.codes.length)
}
