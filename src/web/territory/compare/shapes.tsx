/** Shapes of any two models on maps beside each other: what is about places in each, and the counties that change hands in colour. */
import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { listTerritories, listTypes, type TerritoryRow, type TerritoryTypeRow } from '../../../contract/territory/models.ts'
import { call } from '../../app/api.ts'
import { useMode } from '../../app/appearance.ts'
import { TERRITORY_COLOURS } from '../../app/theme.ts'
import type { MapTerritory } from '../../map/paint.ts'
import { TerritoryMap } from '../../map/territory-map.tsx'
import { ancestorsOf } from '../tree-rows.ts'

const PAGE = 5000

/** Today's structure of any model, whatever moment the address names. */
export function useShapes(modelId: string) {
  return useQuery({
    queryKey: ['compare', 'shapes', modelId],
    queryFn: async ({ signal }) => {
      const types = (await call(listTypes, { params: { id: modelId }, signal })).rows
      const rows: TerritoryRow[] = []
      for (let cursor: string | undefined; ; ) {
        const page = await call(listTerritories, { params: { id: modelId }, query: { limit: PAGE, cursor }, signal })
        rows.push(...page.rows)
        if (page.next === null) return { rows, types }
        cursor = page.next
      }
    },
  })
}

/** The territories that are about places: those of the geographic type, else of the last exclusive one that names places. */
export function shapesOf(
  { rows, types }: { rows: readonly TerritoryRow[]; types: readonly TerritoryTypeRow[] },
  language: string,
): readonly MapTerritory[] {
  const placed = rows.filter(r => r.divisions.length > 0)
  const exclusive = types.filter(x => x.layer === 'exclusive' && placed.some(r => r.typeId === x.id))
  const type = exclusive.find(x => x.key === 'geography') ?? exclusive.at(-1)
  const byId = new Map(rows.map(r => [r.id, r]))
  return placed
    .filter(r => r.typeId === type?.id)
    .map(r => ({
      id: r.id,
      code: r.code,
      name: language === 'en' && r.nameEn ? r.nameEn : r.name,
      colour: r.colour,
      divisions: r.divisions,
      depth: r.depth,
      priority: r.priority,
      parent: r.parentId,
      ancestors: ancestorsOf(byId, r.id),
    }))
}

type SideProps = {
  readonly territories: readonly MapTerritory[]
  readonly changed: ReadonlySet<string>
  readonly selected: string | null
  readonly onSelect: (id: string | null) => void
}
export function ChangedCounties({ territories, changed, selected, onSelect }: SideProps) {
  const mode = useMode()
  const colours = useMemo(() => new Map(territories.map(x => [x.id, TERRITORY_COLOURS[mode][((x.colour % 8) + 8) % 8]!])), [territories, mode])
  const tint = useCallback((id: string, code: string) => (changed.has(code) ? (colours.get(id) ?? null) : null), [changed, colours])
  return (
    <div className="jy-compare-map">
      <TerritoryMap
        territories={territories}
        tint={changed.size === 0 ? null : tint}
        focus={changed}
        selectedId={selected}
        onSelect={onSelect}
        top={16}
      />
    </div>
  )
}
