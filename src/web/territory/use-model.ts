/** Which model the map page shows, and what is read of it; the address holds the model, the selection and a health layer, so that a link leads there. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { listDivisions } from '../../contract/builder/catalogue.ts'
import { listModels, listTerritories, listTypes, type Model, type TerritoryRow } from '../../contract/territory/models.ts'
import { modelInUse } from '../../contract/territory/past.ts'
import { mapFigures } from '../../contract/territory/picture.ts'
import { call } from '../app/api.ts'
import { useAsOf, useElsewhen } from '../app/as-of.ts'
import { useRested } from '../app/paged.ts'
import { prefixOf } from '../map/assign-counties.ts'

/** `layer`: `health.` and the key of a measure. */
export type MapSearch = { readonly model?: string; readonly t?: string; readonly layer?: string }

export function useMapSearch(): { search: MapSearch; go: (change: MapSearch) => void } {
  const raw = useSearch({ strict: false }) as Record<string, unknown>
  const navigate = useNavigate()
  const search: MapSearch = {
    ...(raw.model ? { model: String(raw.model) } : {}),
    ...(raw.t ? { t: String(raw.t) } : {}),
    ...(raw.layer ? { layer: String(raw.layer) } : {}),
  }
  // On top of the address as it then is: what was chosen while a draft was being made stays chosen.
  return { search, go: change => void navigate({ to: '/map', search: ((now: MapSearch) => ({ ...now, ...change })) as never, replace: true }) }
}

/** The map in use at the moment chosen; what it answers is read with the same moment. */
export function useModelThen(): { readonly id: string; readonly model: Model | null; readonly error: unknown } | null | undefined {
  const asOf = useAsOf()
  const elsewhen = useElsewhen()
  const then = useQuery({
    queryKey: ['models', 'in-use', asOf],
    enabled: elsewhen,
    queryFn: ({ signal }) => call(modelInUse, { query: asOf, signal }),
  })
  if (!elsewhen) return null
  if (then.isError) return { id: '', model: null, error: then.error }
  const used = then.data?.asOf.model
  if (!then.data) return undefined
  if (!used) return { id: '', model: null, error: null }
  const { id, name, version, archived } = used
  const model: Model = {
    id,
    name,
    version,
    state: archived ? 'archived' : 'ready',
    baseModelId: null,
    active: false,
    createdAt: '',
    createdBy: null,
    readyAt: null,
    effectiveAt: null,
    changeSetId: null,
    territories: 0,
    rowVersion: 0,
  }
  return { id, model, error: null }
}

export function useModels() {
  return useQuery({ queryKey: ['models'], queryFn: ({ signal }) => call(listModels, { signal }) })
}

const PAGE = 5000
export function useTerritories(modelId: string | undefined) {
  const asOf = useAsOf()
  return useQuery({
    queryKey: ['territories', modelId, asOf],
    enabled: modelId !== undefined,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const first = await call(listTerritories, { params: { id: modelId! }, query: { limit: PAGE, ...asOf }, signal })
      const rows = [...first.rows]
      let next = first.next
      while (next) {
        const page = await call(listTerritories, { params: { id: modelId! }, query: { limit: PAGE, cursor: next, ...asOf }, signal })
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

export function useMapFigures(modelId: string | undefined) {
  const asOf = useAsOf()
  return useQuery({
    queryKey: ['map-figures', modelId, asOf],
    enabled: modelId !== undefined,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call(mapFigures, { params: { id: modelId! }, query: asOf, signal }),
  })
}

/** Territories that hold a place of this name: who looks for 昆山 means the territory it lies in. */
export function usePlaces(rows: readonly TerritoryRow[], needle: string): ReadonlySet<string> {
  const text = useRested(needle.normalize('NFKC').trim())
  const wanted = text.length >= 2 && !/^[\w-]+$/.test(text)
  const found = useQuery({
    queryKey: ['divisions', 'search', text],
    enabled: wanted,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => call(listDivisions, { query: { search: text }, signal }),
  })
  return useMemo(() => {
    if (!wanted || !found.data) return new Set()
    const holding = new Set(found.data.rows.slice(0, 40).flatMap(d => [2, 4, 6].map(n => prefixOf(d.code).slice(0, n))))
    return new Set(rows.filter(r => r.divisions.some(code => holding.has(prefixOf(code)))).map(r => r.id))
  }, [wanted, found.data, rows])
}
