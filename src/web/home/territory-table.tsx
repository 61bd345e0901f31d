/** My territories, those that want attention first, with owner and figures; every number leads to its list. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Segmented, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { homeTerritories, type TerritoryLine } from '../../contract/home/home.ts'
import { call } from '../app/api.ts'
import { Face } from '../app/face.tsx'
import { count, money } from '../app/figures.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'
import { TerritoryChip } from '../app/territory-chip.tsx'

const SHOWN = 12

export function TerritoryTable({ chosen, onChoose }: { chosen: string | null; onChoose: (id: string | null) => void }) {
  const { t } = useTranslation()
  const [which, setWhich] = useState<'wanting' | 'all' | null>(null)
  const [all, setAll] = useState(false)
  const list = useQuery({ queryKey: ['home', 'territories'], queryFn: ({ signal }) => call(homeTerritories, { signal }) })
  const rows = list.data?.rows ?? []
  const wanting = rows.filter(r => r.flags.length > 0)
  const shows = which ?? (wanting.length > 0 ? 'wanting' : 'all')
  const inChosen = chosen !== null && rows.some(r => r.territory.id === chosen)
  const filtered = inChosen ? rows.filter(r => r.territory.id === chosen) : shows === 'wanting' ? wanting : rows
  const shown = all ? filtered : filtered.slice(0, SHOWN)
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
      </header>
      {list.isPending && <Skeleton lines={6} />}
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && shown.length === 0 && <Empty title={t(shows === 'wanting' ? 'home:noneWanting' : 'home:noTerritories')} />}
      {shown.length > 0 && (
        <div className="jy-home-table-scroll">
          <table>
            <thead>
              <tr>
                <th>{t('account:column.territory')}</th>
                <th>{t('account:column.owner')}</th>
                <th className="jy-number">{t('home:column.accounts')}</th>
                <th className="jy-number">{t('home:column.potential')}</th>
                <th className="jy-number jy-wide">{t('home:column.revenue')}</th>
                <th className="jy-number jy-wide">{t('home:column.open')}</th>
                <th className="jy-number">{t('home:column.unowned')}</th>
                <th className="jy-number">{t('home:column.contested')}</th>
                <th className="jy-number jy-wide">{t('home:column.undecidable')}</th>
                <th className="jy-wide">{t('home:column.reach')}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map(r => (
                <Row
                  key={r.territory.id}
                  row={r}
                  chosen={r.territory.id === chosen}
                  onChoose={() => onChoose(r.territory.id === chosen ? null : r.territory.id)}
                />
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

function Row({ row, chosen, onChoose }: { row: TerritoryLine; chosen: boolean; onChoose: () => void }) {
  const { t, i18n } = useTranslation()
  const sum = (text: string | null) => (text === null ? '–' : money(text, i18n.language))
  const to = (n: number, scope?: string) =>
    n === 0 ? (
      <span className="jy-muted">0</span>
    ) : (
      <Link
        to={'/accounts' as never}
        search={{ ...(scope ? { scope } : {}), territoryId: row.territory.id } as never}
        className={scope ? 'jy-warn' : undefined}
      >
        {count(n)}
      </Link>
    )
  const reached = row.accounts === 0 ? 0 : (row.accounts - row.silent) / row.accounts
  return (
    <tr data-chosen={chosen || undefined}>
      <td>
        <button type="button" className="jy-plain" onClick={onChoose} aria-pressed={chosen}>
          <TerritoryChip {...row.territory} />
        </button>
      </td>
      <td>
        {row.owners[0] ? (
          <span className="jy-row jy-tight">
            <Face name={row.owners[0].name} size={20} />
            <span className="jy-ellipsis">{row.owners[0].name}</span>
            {row.owners.length > 1 && <small className="jy-muted">+{row.owners.length - 1}</small>}
          </span>
        ) : (
          <span className="jy-warn">{t('home:noOwner')}</span>
        )}
      </td>
      <td className="jy-number">{to(row.accounts)}</td>
      <td className="jy-number">{sum(row.potential)}</td>
      <td className="jy-number jy-wide">{sum(row.revenue)}</td>
      <td className="jy-number jy-wide">{sum(String(Number(row.openAmount) / 100))}</td>
      <td className="jy-number">{to(row.unowned, 'unowned')}</td>
      <td className="jy-number">{to(row.contested, 'contested')}</td>
      <td className="jy-number jy-wide">{to(row.undecidable, 'undecidable')}</td>
      <td className="jy-wide">
        <span className="jy-bar" title={t('home:reachOf', { n: count(row.accounts - row.silent), all: count(row.accounts) })}>
          <i style={{ width: `${reached * 100}%` }} data-low={reached < 0.5 || undefined} />
          <b>{Math.round(reached * 100)}%</b>
        </span>
      </td>
    </tr>
  )
}
