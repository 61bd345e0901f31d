/**
 * The two maps beside each other: counties that change territory in the colour of the one that has them there, all others pale. The table
 * below says the same in words: from which to which, and which counties.
 */
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TerritoryRow, TerritoryTypeRow } from '../../../contract/territory/models.ts'
import { count } from '../../app/figures.ts'
import { ErrorState, Skeleton } from '../../app/states.tsx'
import { TerritoryChip } from '../../app/territory-chip.tsx'
import { assignCounties } from '../../map/assign-counties.ts'
import { loadMap, type MapData } from '../../map/geometry.ts'
import { countyMoves } from './county-moves.ts'
import { ChangedCounties, shapesOf, useShapes } from './shapes.tsx'
import type { PairProps } from './use-compare.ts'

const NAMES = 8
const ROWS = 100

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
            <ChangedCounties territories={territories} changed={changed} selected={selected} onSelect={setSelected} />
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
