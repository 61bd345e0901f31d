/**
 * Precedents 先例: how alike two cases are, 0 to 100, from what a ruling hangs on; and in which of it they agree, so that a person can judge the
 * likeness. What is unknown on either side counts neither way.
 */
import type { ClauseKind, Verdict } from './clauses.ts'

export type Features = {
  readonly why: string
  readonly applied: readonly ClauseKind[]
  readonly expired: readonly ClauseKind[]
  /** The two regions, in the order of their ids, as one word. */
  readonly regions: string | null
  readonly tier: string | null
  readonly industry: string | null
  /** Order of size of the open deals. */
  readonly band: number | null
}
export const FEATURES = ['why', 'applied', 'expired', 'regions', 'tier', 'industry', 'band'] as const
export type Feature = (typeof FEATURES)[number]
const WEIGHT: Readonly<Record<Feature, number>> = { why: 25, applied: 25, expired: 15, regions: 10, tier: 8, industry: 9, band: 8 }

export type Likeness = { readonly percent: number; readonly shared: readonly Feature[] }

export function similarity(a: Features, b: Features): Likeness {
  let weight = 0
  let alike = 0
  const shared: Feature[] = []
  for (const feature of FEATURES) {
    const score = compare(feature, a, b)
    if (score === null) continue
    weight += WEIGHT[feature]
    alike += WEIGHT[feature] * score
    if (score === 1) shared.push(feature)
  }
  return { percent: weight === 0 ? 0 : Math.round((alike / weight) * 100), shared }
}

function compare(feature: Feature, a: Features, b: Features): number | null {
  if (feature === 'applied' || feature === 'expired') return overlap(a[feature], b[feature])
  const [x, y] = [a[feature], b[feature]]
  if (x === null || y === null) return null
  if (feature === 'band') return Math.max(0, 1 - Math.abs((x as number) - (y as number)) / 2)
  // Finer industries begin with the coarser one.
  if (feature === 'industry') return x === y ? 1 : String(x)[0] === String(y)[0] ? 0.5 : 0
  return x === y ? 1 : 0
}

/** Jaccard; two empty sets say nothing. */
function overlap(a: readonly string[], b: readonly string[]): number | null {
  const all = new Set([...a, ...b])
  if (all.size === 0) return null
  return [...all].filter(x => a.includes(x) && b.includes(x)).length / all.size
}

/** Minor units: none, below 100,000, a million, ten million … of the currency. */
export const bandOf = (amount: number): number => (amount <= 0 ? 0 : Math.max(1, Math.ceil(Math.log10(amount / 100)) - 4))

export const featuresOf = (
  why: string,
  tested: readonly { readonly clause: { readonly kind: ClauseKind }; readonly verdict: Verdict }[],
  regionIds: readonly (string | null)[],
  rest: Pick<Features, 'tier' | 'industry' | 'band'>,
): Features => {
  const known = regionIds.filter(r => r !== null)
  return {
    why,
    applied: tested.filter(t => t.verdict === 'applies').map(t => t.clause.kind),
    expired: tested.filter(t => t.verdict === 'expired').map(t => t.clause.kind),
    regions: known.length === regionIds.length && known.length > 0 ? [...known].sort().join('/') : null,
    ...rest,
  }
}
