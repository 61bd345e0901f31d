/**
 * What a change of the model does to accounts and people 影响. Accounts are counted by situation (how they stand before and after), of which
 * there are few; everything that is told follows from these groups, so that every sum is the sum of the same accounts.
 */
export type Stand = { readonly ownerId: string | null; readonly territoryId: string | null; readonly tokens: readonly string[] }
/** Accounts that go from one situation to another. */
export type Group = { readonly before: Stand; readonly after: Stand; readonly accounts: number; readonly key: number }
/** `after = before + gained − lost`; `id` null: nobody, or no territory. */
export type Line = { readonly id: string | null; readonly before: number; readonly after: number; readonly gained: number; readonly lost: number }

export const moves = ({ before, after }: Pick<Group, 'before' | 'after'>): boolean =>
  before.ownerId !== after.ownerId || before.territoryId !== after.territoryId

/** Counts by territory or by owner; only those that gain or lose something. */
export function linesBy(groups: readonly Group[], of: 'territoryId' | 'ownerId'): readonly Line[] {
  const lines = new Map<string | null, { before: number; after: number; gained: number; lost: number }>()
  const lineOf = (id: string | null) => {
    const line = lines.get(id) ?? { before: 0, after: 0, gained: 0, lost: 0 }
    lines.set(id, line)
    return line
  }
  for (const { before, after, accounts } of groups) {
    const [from, to] = [lineOf(before[of]), lineOf(after[of])]
    from.before += accounts
    to.after += accounts
    if (before[of] === after[of]) continue
    from.lost += accounts
    to.gained += accounts
  }
  return [...lines].filter(([, l]) => l.gained > 0 || l.lost > 0).map(([id, l]) => ({ id, ...l }))
}

/** A person's tokens under the model before and after; who sees all is not asked about. */
export type Viewer = { readonly userId: string; readonly before: readonly string[]; readonly after: readonly string[] }

/** Who sees how many accounts more and fewer; only those for whom something changes. */
export function sightLines(groups: readonly Group[], viewers: readonly Viewer[]): readonly Line[] {
  const index = (of: 'before' | 'after') => {
    const byToken = new Map<string, number[]>()
    for (const [g, group] of groups.entries())
      for (const t of group[of].tokens) {
        const list = byToken.get(t)
        if (list) list.push(g)
        else byToken.set(t, [g])
      }
    return byToken
  }
  const [was, is] = [index('before'), index('after')]
  // Whoever holds only tokens whose groups stay the same sees what he saw: asked of few.
  const seen = new Uint8Array(groups.length)
  return viewers.flatMap(({ userId, before, after }): Line[] => {
    const touched: number[] = []
    const mark = (tokens: readonly string[], byToken: ReadonlyMap<string, readonly number[]>, bit: number) => {
      for (const t of tokens)
        for (const g of byToken.get(t) ?? []) {
          if (seen[g] === 0) touched.push(g)
          seen[g]! |= bit
        }
    }
    mark(before, was, 1)
    mark(after, is, 2)
    const line = { before: 0, after: 0, gained: 0, lost: 0 }
    for (const g of touched) {
      const { accounts } = groups[g]!
      if (seen[g]! & 1) line.before += accounts
      if (seen[g]! & 2) line.after += accounts
      if (seen[g] === 1) line.lost += accounts
      if (seen[g] === 2) line.gained += accounts
      seen[g] = 0
    }
    return line.gained > 0 || line.lost > 0 ? [{ id: userId, ...line }] : []
  })
}
