/** Customers, owners and money by territory under A and B, with what each wins and loses; where the numbers come from, and how to get those that are missing. */
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Segmented } from 'antd'
import { Play } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { computeChangeSet } from '../../../contract/territory/change-sets.ts'
import { type CompareBasis, type CompareNumbers, type CompareSums, compareNumbers } from '../../../contract/territory/compare.ts'
import { call } from '../../app/api.ts'
import { count, money } from '../../app/figures.ts'
import { isoDay, NOTHING } from '../../app/format.ts'
import { useMayChange, useMe } from '../../app/me.ts'
import { Empty, ErrorState, Skeleton, useProblemText } from '../../app/states.tsx'
import { TerritoryChip } from '../../app/territory-chip.tsx'
import type { PairProps } from './use-compare.ts'

const MEASURES = ['accounts', 'owners', 'potential', 'revenue'] as const
type Measure = (typeof MEASURES)[number]
type Row = Pick<CompareNumbers['rows'][number], 'a' | 'b'>

export function NumbersTab({ a, b }: PairProps) {
  const { t } = useTranslation()
  const [measure, setMeasure] = useState<Measure>('accounts')
  const numbers = useInfiniteQuery({
    queryKey: ['compare', a, b, 'numbers'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => call(compareNumbers, { query: { a, b, cursor: pageParam }, signal }),
    getNextPageParam: page => page.next ?? undefined,
    refetchInterval: query => {
      const basis = query.state.data?.pages[0]?.basis
      return basis && [basis.a, basis.b].some(x => x.why === 'computing') ? 1500 : false
    },
  })
  if (numbers.isPending) return <Skeleton lines={8} />
  if (numbers.isError && !numbers.data) return <ErrorState error={numbers.error} onRetry={() => void numbers.refetch()} />
  const first = numbers.data.pages[0]!
  const rows = numbers.data.pages.flatMap(p => p.rows)
  const shown = MEASURES.filter(m => [first.total.a, first.total.b].some(s => s !== null && s[m] !== null))
  const chosen = shown.includes(measure) ? measure : (shown[0] ?? 'accounts')
  return (
    <>
      <Basis side="a" basis={first.basis.a} />
      <Basis side="b" basis={first.basis.b} />
      {!first.whole && <Alert type="info" showIcon title={t('compare:partly')} />}
      {shown.length === 0 || rows.length === 0 ? (
        <Empty title={t('compare:none.numbers')} />
      ) : (
        <section className="jy-card jy-compare-box" aria-label={t('compare:tab.numbers')}>
          <header>
            <Segmented value={chosen} onChange={setMeasure} options={shown.map(value => ({ value, label: t(`compare:measure.${value}`) }))} />
            <span className="jy-grow" />
            {first.moved && (
              <span className="jy-muted">
                {t('compare:moved', {
                  both: count(first.moved.both),
                  owners: count(first.moved.owners),
                  territories: count(first.moved.territories),
                })}
              </span>
            )}
          </header>
          <div className="jy-compare-scroll">
            <table className="jy-compare-numbers">
              <thead>
                <tr>
                  <th scope="col">{t('compare:col.territory')}</th>
                  <th scope="col" className="jy-number">
                    A
                  </th>
                  <th scope="col" className="jy-number">
                    B
                  </th>
                  <th scope="col" className="jy-number">
                    {t('compare:col.difference')}
                  </th>
                  <th scope="col" className="jy-number" title={t('compare:col.movedWhy')}>
                    {t('compare:col.moved')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.map(row => (
                  <tr key={row.id ?? 'none'}>
                    <th scope="row">
                      {row.id === null ? (
                        <span className="jy-muted">{t('compare:nowhere')}</span>
                      ) : (
                        <TerritoryChip code={row.code!} name={row.name!} colour={row.colour} />
                      )}
                    </th>
                    <Cells row={row} measure={chosen} />
                    <td className="jy-number">
                      {row.gained === null || row.gained + row.lost! === 0 ? (
                        <span className="jy-muted">{NOTHING}</span>
                      ) : (
                        t('compare:gainedLost', { gained: count(row.gained), lost: count(row.lost!) })
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
              <tfoot>
                <tr>
                  <th scope="row">{t('compare:total')}</th>
                  <Cells row={first.total} measure={chosen} />
                  <td />
                </tr>
              </tfoot>
            </table>
          </div>
        </section>
      )}
      {numbers.hasNextPage && (
        <Button type="text" block loading={numbers.isFetchingNextPage} onClick={() => void numbers.fetchNextPage()}>
          {t('shell:more')}
        </Button>
      )}
    </>
  )
}

function Cells({ row, measure }: { row: Row; measure: Measure }) {
  const { i18n } = useTranslation()
  const isMoney = measure === 'potential' || measure === 'revenue'
  const value = (s: CompareSums | null): number | null => (s === null || s[measure] === null ? null : Number(s[measure]))
  const show = (n: number | null) => (n === null ? NOTHING : isMoney ? money(String(n), i18n.language) : count(n))
  const [a, b] = [value(row.a), value(row.b)]
  const difference = a === null || b === null ? null : b - a
  const sign = difference === null || difference === 0 ? '' : difference > 0 ? '+' : '−'
  return (
    <>
      <td className="jy-number">{show(a)}</td>
      <td className="jy-number">{show(b)}</td>
      <td className="jy-number" data-sign={sign || undefined}>
        {difference === null ? NOTHING : difference === 0 ? '0' : `${sign}${show(Math.abs(difference))}`}
      </td>
    </>
  )
}

/** A line for each side that is not simply "as it stands now". */
function Basis({ side, basis }: { side: 'a' | 'b'; basis: CompareBasis }) {
  const { t } = useTranslation()
  const zone = useMe()?.tenant.zone
  if (basis.kind === 'placed') return null
  const day = basis.at === null ? '' : isoDay(new Date(basis.at), zone)
  const words = basis.kind === 'none' ? t(`compare:why.${basis.why!}`) : t(`compare:basis.${basis.kind}`, { day })
  const compute = basis.changeSetId !== null && (basis.why === 'notComputed' || basis.drifted)
  return (
    <Alert
      type={basis.kind === 'none' || basis.drifted ? 'warning' : 'info'}
      showIcon
      title={`${side.toUpperCase()} · ${words}${basis.drifted ? ` ${t('compare:drifted')}` : ''}`}
      action={compute ? <Compute changeSetId={basis.changeSetId!} /> : undefined}
    />
  )
}

function Compute({ changeSetId }: { changeSetId: string }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const allowed = useMayChange('territory.plan')
  const run = useMutation({
    mutationFn: () => call(computeChangeSet, { params: { id: changeSetId } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['compare'] }),
    onError: error => void message.error(say(error)),
  })
  if (!allowed) return null
  return (
    <Button size="small" icon={<Play size={13} />} loading={run.isPending} onClick={() => run.mutate()}>
      {t('compare:compute')}
    </Button>
  )
}
