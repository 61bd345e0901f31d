/** What the list shows, kept in the address, so that a link and the back button lead to the same rows. */
import { type SCOPES, SORT_KEY } from '../../contract/account/accounts.ts'
import type { Condition } from '../../core/condition/condition.ts'

export type ListSearch = {
  readonly search: string
  readonly scope: (typeof SCOPES)[number]
  readonly territoryId?: string
  readonly ownerId?: string
  readonly importId?: string
  readonly sort: string
  readonly descending: boolean
  readonly filter: Condition | null
}

const SCOPE_NAMES = ['all', 'mine', 'unowned', 'unassigned', 'contested', 'undecidable'] as const

/** Anything the address may hold; what makes no sense falls back. */
export function readSearch(raw: Record<string, unknown>): ListSearch {
  const id = (value: unknown) => (/^[1-9]\d{0,17}$/.test(String(value ?? '')) ? String(value) : undefined)
  const territoryId = id(raw.territoryId)
  const ownerId = id(raw.ownerId)
  const importId = id(raw.importId)
  return {
    search: raw.search === undefined ? '' : String(raw.search).slice(0, 80),
    scope: SCOPE_NAMES.find(s => s === raw.scope) ?? 'all',
    ...(territoryId ? { territoryId } : {}),
    ...(ownerId ? { ownerId } : {}),
    ...(importId ? { importId } : {}),
    sort: SORT_KEY.test(String(raw.sort ?? '')) ? String(raw.sort) : 'updated',
    descending: raw.descending !== false && raw.descending !== 'false',
    filter: isCondition(raw.filter) ? raw.filter : null,
  }
}

const isCondition = (value: unknown): value is Condition =>
  typeof value === 'object' && value !== null && ('all' in value || 'any' in value || 'none' in value || 'field' in value)

/** Only what differs from the plain list stands in the address. */
export function writeSearch(search: ListSearch): Record<string, unknown> {
  return {
    search: search.search || undefined,
    scope: search.scope === 'all' ? undefined : search.scope,
    territoryId: search.territoryId,
    ownerId: search.ownerId,
    importId: search.importId,
    sort: search.sort === 'updated' ? undefined : search.sort,
    descending: search.descending ? undefined : false,
    filter: search.filter ?? undefined,
  }
}

/** The same as the body of a query. */
export const toBody = (search: ListSearch) => ({
  scope: search.scope,
  sort: search.sort,
  descending: search.descending,
  ...(search.search ? { search: search.search } : {}),
  ...(search.territoryId ? { territoryId: search.territoryId } : {}),
  ...(search.ownerId ? { ownerId: search.ownerId } : {}),
  ...(search.importId ? { importId: search.importId } : {}),
  ...(search.filter ? { filter: search.filter } : {}),
})
