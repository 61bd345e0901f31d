/** Which two models are set side by side; the address holds them and the tab, so that a link leads there. */
import { useNavigate, useSearch } from '@tanstack/react-router'

export const TABS = ['structure', 'rules', 'people', 'numbers', 'map'] as const
export type Tab = (typeof TABS)[number]
export type CompareSearch = { readonly a?: string; readonly b?: string; readonly tab?: Tab }

/** An id the server would take; anything else in an address is as if it were not there. */
const idOf = (value: unknown): string | undefined => (/^[1-9]\d{0,17}$/.test(String(value ?? '')) ? String(value) : undefined)

export function useCompareSearch(): { readonly search: CompareSearch; readonly go: (change: CompareSearch) => void } {
  const raw = useSearch({ strict: false }) as Record<string, unknown>
  const navigate = useNavigate()
  const search: CompareSearch = { a: idOf(raw.a), b: idOf(raw.b), tab: TABS.find(x => x === raw.tab) ?? 'structure' }
  return { search, go: change => void navigate({ to: '/territory/compare' as never, search: { ...search, ...change } as never, replace: true }) }
}

export type PairProps = { readonly a: string; readonly b: string }
