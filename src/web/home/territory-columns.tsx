/** The columns of the table of territories: the territory and who leads it, what lies in it, what wants attention. */
import { Link } from '@tanstack/react-router'
import { Tag } from 'antd'
import type { TFunction } from 'i18next'
import type { TerritoryLine } from '../../contract/home/home.ts'
import type { Column } from '../app/data-table-columns.tsx'
import { Face } from '../app/face.tsx'
import { count, money } from '../app/figures.ts'
import { TerritoryChip } from '../app/territory-chip.tsx'

export type LineColumn = Column<TerritoryLine> & {
  /** Left out on a narrow screen. */
  readonly wide?: boolean
}

export function territoryColumns(
  t: TFunction,
  language: string,
  chosen: string | null,
  onChoose: (id: string | null) => void,
): readonly LineColumn[] {
  const sum = (text: string | null) => (text === null ? '–' : money(text, language))
  return [
    {
      key: 'territory',
      title: t('account:column.territory'),
      render: r => (
        <button
          type="button"
          className="jy-plain"
          onClick={() => onChoose(r.territory.id === chosen ? null : r.territory.id)}
          aria-pressed={r.territory.id === chosen}
        >
          <TerritoryChip {...r.territory} />
        </button>
      ),
    },
    { key: 'owner', title: t('account:column.owner'), render: r => <Owners row={r} none={t('home:noOwner')} /> },
    {
      key: 'flags',
      title: t('home:column.flags'),
      wide: true,
      hiddenAtFirst: true,
      render: r => (
        <span className="jy-row jy-tight">
          {r.flags.map(f => (
            <Tag key={f} color={f === 'contested' ? 'error' : 'warning'}>
              {t(`home:flag.${f}`)}
            </Tag>
          ))}
        </span>
      ),
    },
    { key: 'accounts', title: t('home:column.accounts'), right: true, render: r => <To row={r} n={r.accounts} /> },
    { key: 'potential', title: t('home:column.potential'), right: true, render: r => sum(r.potential) },
    { key: 'revenue', title: t('home:column.revenue'), right: true, wide: true, render: r => sum(r.revenue) },
    { key: 'open', title: t('home:column.open'), right: true, wide: true, render: r => sum(String(Number(r.openAmount) / 100)) },
    { key: 'unowned', title: t('home:column.unowned'), right: true, render: r => <To row={r} n={r.unowned} scope="unowned" /> },
    { key: 'contested', title: t('home:column.contested'), right: true, render: r => <To row={r} n={r.contested} scope="contested" /> },
    {
      key: 'undecidable',
      title: t('home:column.undecidable'),
      right: true,
      wide: true,
      render: r => <To row={r} n={r.undecidable} scope="undecidable" />,
    },
    { key: 'silent', title: t('home:column.silent'), right: true, wide: true, hiddenAtFirst: true, render: r => count(r.silent) },
    {
      key: 'reach',
      title: t('home:column.reach'),
      wide: true,
      render: r => <Reach row={r} said={t('home:reachOf', { n: count(r.accounts - r.silent), all: count(r.accounts) })} />,
    },
  ]
}

function To({ row, n, scope }: { row: TerritoryLine; n: number; scope?: string }) {
  if (n === 0) return <span className="jy-muted">0</span>
  return (
    <Link
      to={'/accounts' as never}
      search={{ ...(scope ? { scope } : {}), territoryId: row.territory.id } as never}
      className={scope ? 'jy-warn' : undefined}
    >
      {count(n)}
    </Link>
  )
}

function Owners({ row, none }: { row: TerritoryLine; none: string }) {
  const [first] = row.owners
  if (!first) return <span className="jy-warn">{none}</span>
  return (
    <span className="jy-row jy-tight">
      <Face name={first.name} size={20} />
      <span className="jy-ellipsis">{first.name}</span>
      {row.owners.length > 1 && <small className="jy-muted">+{row.owners.length - 1}</small>}
    </span>
  )
}

function Reach({ row, said }: { row: TerritoryLine; said: string }) {
  const reached = row.accounts === 0 ? 0 : (row.accounts - row.silent) / row.accounts
  return (
    <span className="jy-bar" title={said}>
      <i style={{ width: `${reached * 100}%` }} data-low={reached < 0.5 || undefined} />
      <b>{Math.round(reached * 100)}%</b>
    </span>
  )
}
