/** My territories, those that want attention first, with owner and figures; every number leads to its list; columns as one chooses. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Segmented, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { homeTerritories } from '../../contract/home/home.ts'
import { call } from '../app/api.ts'
import { ColumnChooser, useColumns } from '../app/data-table-columns.tsx'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'
import { type LineColumn, territoryColumns } from './territory-columns.tsx'

const SHOWN = 12

export function TerritoryTable({ chosen, onChoose }: { chosen: string | null; onChoose: (id: string | null) => void }) {
  const { t, i18n } = useTranslation()
  const [which, setWhich] = useState<'wanting' | 'all' | null>(null)
  const [all, setAll] = useState(false)
  const list = useQuery({ queryKey: ['home', 'territories'], queryFn: ({ signal }) => call(homeTerritories, { signal }) })
  const rows = list.data?.rows ?? []
  const wanting = rows.filter(r => r.flags.length > 0)
  const shows = which ?? (wanting.length > 0 ? 'wanting' : 'all')
  const inChosen = chosen !== null && rows.some(r => r.territory.id === chosen)
  const filtered = inChosen ? rows.filter(r => r.territory.id === chosen) : shows === 'wanting' ? wanting : rows
  const shown = all ? filtered : filtered.slice(0, SHOWN)
  const hidden = (key: 'potential' | 'revenue') => rows.length > 0 && rows.every(r => r[key] === null)
  // A field that the role hides has no column.
  const columns = territoryColumns(t, i18n.language, chosen, onChoose).filter(c => !((c.key === 'potential' || c.key === 'revenue') && hidden(c.key)))
  const { shown: cells, toggle, reset } = useColumns('home-territories', columns)
  const people = new Set(rows.flatMap(r => r.owners.map(o => o.id)))
  return (
    <section className="jy-card jy-home-table" aria-label={t('home:territories')}>
      <header className="jy-row jy-wrap">
        <h2 className="jy-grow">
          {t(list.data?.regions ? 'home:regions' : 'home:territories')}{' '}
          <small className="jy-muted">{list.data && t('home:territoriesLine', { n: rows.length, people: people.size })}</small>
        </h2>
        {inChosen && (
          <Tag closable onClose={() => onChoose(null)}>
            {rows.find(r => r.territory.id === chosen)?.territory.name}
          </Tag>
        )}
        <Segmented
          value={shows}
          onChange={setWhich}
          options={[
            { value: 'wanting', label: t('home:wanting', { n: wanting.length }) },
            { value: 'all', label: t('home:everything') },
          ]}
        />
        <Link to={'/health' as never} className="jy-muted">
          {t('insight:title')}
        </Link>
        <ColumnChooser columns={columns} shown={cells} toggle={toggle} reset={reset} />
      </header>
      {list.isPending && <Skeleton lines={6} />}
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && shown.length === 0 && <Empty title={t(shows === 'wanting' ? 'home:noneWanting' : 'home:noTerritories')} />}
      {shown.length > 0 && (
        <div className="jy-home-table-scroll">
          <table>
            <thead>
              <tr>
                {cells.map(c => (
                  <th key={c.key} className={classOf(c)}>
                    {c.title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map(r => (
                <tr key={r.territory.id} data-chosen={r.territory.id === chosen || undefined}>
                  {cells.map(c => (
                    <td key={c.key} className={classOf(c)}>
                      {c.render(r)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {filtered.length > SHOWN && (
        <button type="button" className="jy-plain jy-home-more" onClick={() => setAll(!all)}>
          {all ? t('home:fewer') : t('home:more', { n: filtered.length - SHOWN })}
        </button>
      )}
    </section>
  )
}

const classOf = (c: LineColumn): string => [c.right && 'jy-number', c.wide && 'jy-wide'].filter(Boolean).join(' ')
