/**
 * The two maps beside each other: counties that change territory in the colour of the one that has them there, all others pale. The table
 * below says the same in words: from which to which, and which counties.
 */
import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listTerritories, listTypes, type TerritoryRow, type TerritoryTypeRow } from '../../../contract/territory/models.ts'
import { call } from '../../app/api.ts'
import { useMode } from '../../app/appearance.ts'
import { count } from '../../app/figures.ts'
import { ErrorState, Skeleton } from '../../app/states.tsx'
import { TerritoryChip } from '../../app/territory-chip.tsx'
import { TERRITORY_COLOURS } from '../../app/theme.ts'
import { assignCounties } from '../../map/assign-counties.ts'
import { loadMap, type MapData } from '../../map/geometry.ts'
import type { MapTerritory } from '../../map/paint.ts'
import { TerritoryMap } from '../../map/territory-map.tsx'
import { ancestorsOf } from '../tree-rows.ts'
import { countyMoves } from './county-moves.ts'
import type { PairProps } from './use-compare.ts'

const PAGE = 5000
const NAMES = 8
const ROWS = 100

/** Today's structure of any model, whatever moment the address names. */
function useShapes(modelId: string) {
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
function shapesOf({ rows, types }: { rows: readonly TerritoryRow[]; types: readonly TerritoryTypeRow[] }, language: string): readonly MapTerritory[] {
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

export function MapTab({ a, b }: PairProps) {
  const { t } = useTranslation()
  const [left, right] = [useShapes(a), useShapes(b)]
  const data = useQuery({ queryKey: ['map-shapes'], queryFn: loadMap, staleTime: Number.POSITIVE_INFINITY })
  const failed = [left, right, data].find(x => x.isError)
  if (failed) return <ErrorState error={failed.error} part={t('territory:map.failed')} onRetry={() => void failed.refetch()} />
  if (!left.data || !right.data || !data.data) return <Skeleton lines={10} />
  return <Maps a={left.data} b={right.data} data={data.data} />
}

type Model = { rows: TerritoryRow[]; types: readonly TerritoryTypeRow[] }
function Maps({ a, b, data }: { a: Model; b: Model; data: MapData }) {
  const { t, i18n } = useTranslation()
  const [selected, setSelected] = useState<string | null>(null)
  const before = useMemo(() => shapesOf(a, i18n.language), [a, i18n.language])
  const after = useMemo(() => shapesOf(b, i18n.language), [b, i18n.language])
  const moves = useMemo(() => countyMoves(data.codes, assignCounties(data.codes, before), assignCounties(data.codes, after)), [data, before, after])
  const changed = useMemo(() => new Set(moves.flatMap(m => m.codes)), [moves])
  const known = useMemo(() => ({ a: new Map(before.map(x => [x.id, x])), b: new Map(after.map(x => [x.id, x])) }), [before, after])
  const name = useMemo(() => new Map(data.counties.features.map(f => [String(f.properties?.code), String(f.properties?.name)])), [data])
  const chip = (side: 'a' | 'b', id: string | null) => {
    const territory = id === null ? undefined : known[side].get(id)
    return territory ? (
      <TerritoryChip code={territory.code} name={territory.name} colour={territory.colour} />
    ) : (
      <span className="jy-muted">{t('compare:nowhere')}</span>
    )
  }
  return (
    <>
      <p className="jy-muted">{changed.size === 0 ? t('compare:map.same') : t('compare:map.lead', { n: count(changed.size) })}</p>
      <div className="jy-compare-maps">
        {(
          [
            ['a', before],
            ['b', after],
          ] as const
        ).map(([side, territories]) => (
          <figure key={side} className="jy-card">
            <figcaption>{t(`compare:${side}`)}</figcaption>
            <Side territories={territories} changed={changed} selected={selected} onSelect={setSelected} />
          </figure>
        ))}
      </div>
      {moves.length > 0 && (
        <section className="jy-card jy-compare-box" aria-label={t('compare:map.moves')}>
          <h2>{t('compare:map.moves')}</h2>
          <div className="jy-compare-scroll">
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('compare:a')}</th>
                  <th scope="col">{t('compare:b')}</th>
                  <th scope="col" className="jy-number">
                    {t('compare:map.counties')}
                  </th>
                  <th scope="col">{t('compare:map.names')}</th>
                </tr>
              </thead>
              <tbody>
                {moves.slice(0, ROWS).map(m => (
                  <tr key={`${m.from}/${m.to}`}>
                    <td>{chip('a', m.from)}</td>
                    <td>{chip('b', m.to)}</td>
                    <td className="jy-number">{count(m.codes.length)}</td>
                    <td className="jy-muted jy-compare-names">
                      {m.codes
                        .slice(0, NAMES)
                        .map(code => name.get(code) ?? code)
                        .join(t('compare:comma'))}
                      {m.codes.length > NAMES && ` ${t('compare:map.more', { n: count(m.codes.length - NAMES) })}`}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {moves.length > ROWS && <p className="jy-muted">{t('compare:map.left', { n: count(moves.length - ROWS) })}</p>}
        </section>
      )}
    </>
  )
}

type SideProps = {
  readonly territories: readonly MapTerritory[]
  readonly changed: ReadonlySet<string>
  readonly selected: string | null
  readonly onSelect: (id: string | null) => void
}
function Side({ territories, changed, selected, onSelect }: SideProps) {
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
