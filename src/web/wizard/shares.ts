/** Who takes which divisions: moving one keeps every division with exactly one person. */
export type Division = { readonly code: string; readonly name: string; readonly accounts: number }
export type Share = { readonly userId: string; readonly divisions: readonly Division[] }
export type Shares = readonly Share[]

export const totalOf = (share: Share): number => share.divisions.reduce((sum, d) => sum + d.accounts, 0)

export function moveDivision(shares: Shares, code: string, to: string): Shares {
  const division = shares.flatMap(s => s.divisions).find(d => d.code === code)
  if (!division) return shares
  const without = shares.map(s => ({ ...s, divisions: s.divisions.filter(d => d.code !== code) }))
  const known = without.some(s => s.userId === to) ? without : [...without, { userId: to, divisions: [] }]
  return known
    .map(s => (s.userId === to ? { ...s, divisions: [...s.divisions, division].sort((a, b) => (a.code < b.code ? -1 : 1)) } : s))
    .filter(s => s.divisions.length > 0)
}
