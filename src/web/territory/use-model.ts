/** Which model the map page shows, and its territories; the address holds the model and the selection, so that a link leads there. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { listModels, listTerritories, listTypes } from '../../contract/territory/models.ts'
import { call } from '../app/api.ts'

export type MapSearch = { readonly model?: string; readonly t?: string }

export function useMapSearch(): { search: MapSearch; go: (change: MapSearch) => void } {
  const raw = useSearch({ strict: false }) as Record<string, unknown>
  const navigate = useNavigate()
  const search = { ...(raw.model ? { model: String(raw.model) } : {}), ...(raw.t ? { t: String(raw.t) } : {}) }
  return { search, go: change => void navigate({ to: '/map', search: { ...search, ...change } as never, replace: true }) }
}

export function useModels() {
  return useQuery({ queryKey: ['models'], queryFn: ({ signal }) => call(listModels, { signal }) })
}

export function useTerritories(modelId: string | undefined) {
  return useQuery({
    queryKey: ['territories', modelId],
    enabled: modelId !== undefined,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const first = await call(listTerritories, { params: { id: modelId! }, query: { limit: 2000 }, signal })
      const rows = [...first.rows]
      let next = first.next
      while (next) {
        const page = await call(listTerritories, { params: { id: modelId! }, query: { limit: 2000, cursor: next }, signal })
        rows.push(...page.rows)
        next = page.next
      }
      return { ...first, rows }
    },
  })
}

export function useTypes(modelId: string | undefined) {
  return useQuery({
    queryKey: ['types', modelId],
    enabled: modelId !== undefined,
    queryFn: ({ signal }) => call(listTypes, { params: { id: modelId! }, signal }),
  })
}
