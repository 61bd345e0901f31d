/** The order of types: exclusive ones first, numbered as they stand, overlays behind them; a move never crosses the layers. */
import type { TerritoryTypeRow } from '../../contract/territory/models.ts'

export type TypeDraft = Omit<TerritoryTypeRow, 'id'> & { readonly id?: string }

export function numbered(types: readonly TypeDraft[]): readonly TypeDraft[] {
  const of = (layer: TypeDraft['layer']) => types.filter(t => t.layer === layer)
  return [...of('exclusive'), ...of('overlay')].map((t, i) => ({ ...t, precedence: (i + 1) * 10 }))
}

export function moveType(types: readonly TypeDraft[], at: number, by: 1 | -1): readonly TypeDraft[] {
  const to = at + by
  if (!types[to] || types[to].layer !== types[at]?.layer) return types
  const next = [...types]
  const [moved] = next.splice(at, 1)
  next.splice(to, 0, moved!)
  return numbered(next)
}
