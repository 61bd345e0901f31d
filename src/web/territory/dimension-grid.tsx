/** Where a type is not about places: industry by tier, how many accounts stand in each field, and which territories hold them. */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { getCatalogue, listIndustries } from '../../contract/builder/catalogue.ts'
import type { TerritoryRow } from '../../contract/territory/models.ts'
import { typeGrid } from '../../contract/territory/picture.ts'
import { call, type ReplyOf } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'

type Cell = ReplyOf<typeof typeGrid>['cells'][number]
type Props = {
  readonly modelId: string
  readonly typeId: string | null
  readonly byId: ReadonlyMap<string, TerritoryRow>
  readonly selectedId: string | null
  readonly onSelect: (id: string | null) => void
}
const NONE = ''

/** Rows and columns by size, each field with its territories, largest first. */
export function gridOf(cells: readonly Cell[]) {
  const rows = new Map<string, number>()
  const columns = new Map<string, number>()
  const fields = new Map<string, Cell[]>()
  for (const cell of cells) {
    const [row, column] = [cell.industry ?? NONE, cell.tier ?? NONE]
    rows.set(row, (rows.get(row) ?? 0) + cell.accounts)
    columns.set(column, (columns.get(column) ?? 0) + cell.accounts)
    const key = `${row}|${column}`
    fields.set(
      key,
      [...(fields.get(key) ?? []), cell].sort((a, b) => b.accounts - a.accounts),
    )
  }
  return { rows: [...rows].sort((a, b) => b[1] - a[1]).map(([key]) => key), columns: [...columns.keys()], fields }
}

export function DimensionGrid({ modelId, typeId, byId, selectedId, onSelect }: Props) {
  const { t } = useTranslation()
  const grid = useQuery({
    queryKey: ['type-grid', modelId, typeId],
    enabled: typeId !== null,
    queryFn: ({ signal }) => call(typeGrid, { params: { id: modelId, typeId: typeId! }, signal }),
  })
  const catalogue = useQuery({ queryKey: ['catalogue'], queryFn: ({ signal }) => call(getCatalogue, { signal }), staleTime: 60_000 })
  const industries = useQuery({
    queryKey: ['industries'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => call(listIndustries, { signal }),
  })
  const made = useMemo(() => gridOf(grid.data?.cells ?? []), [grid.data])
  if (grid.isError) return <ErrorState error={grid.error} onRetry={() => void grid.refetch()} />
  if (grid.isPending || !catalogue.data || !industries.data) return <Skeleton lines={10} />
  if (made.rows.length === 0)
    return (
      <div className="jy-grid-pane">
        <Empty title={t('territory:grid.empty')} why={t('territory:grid.emptyWhy')} />
      </div>
    )
  const tiers = catalogue.data.options.filter(o => o.list === catalogue.data.fields.find(f => f.key === 'tier')?.optionList).map(o => o.key)
  const columns = [...tiers.filter(k => made.columns.includes(k)), ...made.columns.filter(k => !tiers.includes(k))]
  const tierOf = (key: string) => {
    const option = catalogue.data.options.find(o => o.key === key && tiers.includes(key))
    return key === NONE ? t('territory:grid.none') : option ? labelOf(option.labels, currentLocale()) : key
  }
  const industryOf = (code: string) => {
    const found = industries.data.rows.find(r => r.code === code)
    return code === NONE ? t('territory:grid.none') : `${code} ${found ? labelOf(found.labels, currentLocale()) : ''}`
  }
  const most = Math.max(...[...made.fields.values()].map(list => list.reduce((sum, c) => sum + c.accounts, 0)))
  return (
    <div className="jy-grid-pane">
      <table className="jy-grid">
        <caption>{t('territory:grid.caption', { n: count(grid.data.accounts) })}</caption>
        <thead>
          <tr>
            <th scope="col">{t('territory:grid.industry')}</th>
            {columns.map(key => (
              <th scope="col" key={key}>
                {tierOf(key)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {made.rows.map(row => (
            <tr key={row}>
              <th scope="row">{industryOf(row)}</th>
              {columns.map(column => {
                const list = made.fields.get(`${row}|${column}`) ?? []
                const sum = list.reduce((n, c) => n + c.accounts, 0)
                return (
                  <td key={column} style={{ '--share': sum / most } as never} data-empty={sum === 0 || undefined}>
                    <b className="jy-number">{sum === 0 ? '–' : count(sum)}</b>
                    <span>
                      {list.slice(0, 3).map(c => {
                        const territory = byId.get(c.territoryId)
                        return territory ? (
                          <button
                            type="button"
                            className="jy-plain"
                            key={c.territoryId}
                            data-chosen={c.territoryId === selectedId || undefined}
                            title={`${territory.code} ${territory.name} ${count(c.accounts)}`}
                            onClick={() => onSelect(c.territoryId)}
                          >
                            <i className="jy-swatch" style={{ background: `var(--jy-terr-${territory.colour % 8})` }} />
                            {territory.code}
                          </button>
                        ) : null
                      })}
                      {list.length > 3 && <small className="jy-muted">+{list.length - 3}</small>}
                    </span>
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
