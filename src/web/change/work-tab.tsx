/** What is under way on the customers that move: open deals, tasks and requests, so that nobody loses one without a word. */
import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ChangeSet, type ChangeSetWork, changeSetWork } from '../../contract/territory/change-sets.ts'
import { AccountLink } from '../app/account-link.tsx'
import { call } from '../app/api.ts'
import { count, money } from '../app/figures.ts'
import { day } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { MoreButton } from '../app/more-button.tsx'
import { usePaged } from '../app/paged.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { NoLines } from './lines-table.tsx'
import { FromTo } from './moves-table.tsx'
import { setKey } from './use-change-set.ts'
import { HeldCell, type Holdover, HoldoverBar } from './work-holdover.tsx'

const KINDS = ['deals', 'tasks', 'requests'] as const

export function WorkTab({ set }: { set: ChangeSet }) {
  const { t, i18n } = useTranslation()
  const zone = useMe()?.tenant.zone
  const [of, setOf] = useState<(typeof KINDS)[number]>('deals')
  // What is said of all deals stands beside the first page; its rows carry it along.
  const list = usePaged<ChangeSetWork & { holdover: Holdover | null }>([...setKey(set.id), 'work', of], async (cursor, signal) => {
    const { rows, next, holdover } = await call(changeSetWork, { params: { id: set.id }, query: { of, cursor }, signal })
    return { rows: rows.map(row => ({ ...row, holdover })), next }
  })
  const holdover = of === 'deals' ? list.rows[0]?.holdover : null
  const holds = of === 'deals' && set.holdoverDays > 0
  return (
    <section className="jy-card jy-change-box" aria-label={t('change:tab.work')}>
      <header>
        <h2 className="jy-grow">{t('change:work.title')}</h2>
        <Segmented
          value={of}
          onChange={setOf}
          options={KINDS.map(value => ({
            value,
            label: set.figures ? `${t(`change:work.${value}`)} ${count(set.figures[value])}` : t(`change:work.${value}`),
          }))}
        />
      </header>
      {holdover && holdover.deals > 0 && <HoldoverBar key={`${holdover.of} ${holdover.atLeast}`} set={set} holdover={holdover} />}
      {list.pending && <Skeleton lines={5} />}
      {list.error !== null && list.rows.length === 0 && <ErrorState error={list.error} onRetry={list.retry} />}
      {!list.pending && list.error === null && list.rows.length === 0 && <NoLines set={set} />}
      {list.rows.length > 0 && (
        <div className="jy-change-scroll">
          <table className="jy-change-table" data-moves aria-busy={list.stale || undefined}>
            <thead>
              <tr>
                <th scope="col">{t(`change:work.${of}`)}</th>
                <th scope="col">{t('change:moves.customer')}</th>
                <th scope="col">{t('change:moves.owner')}</th>
                {of === 'deals' && (
                  <th scope="col" className="jy-number">
                    {t('change:work.amount')}
                  </th>
                )}
                {of !== 'requests' && (
                  <th scope="col" className="jy-number">
                    {t('change:work.due')}
                  </th>
                )}
                {holds && <th scope="col">{t('change:hold.title')}</th>}
              </tr>
            </thead>
            <tbody>
              {list.rows.map(row => (
                <tr key={row.id}>
                  <th scope="row">{row.text}</th>
                  <td>
                    <AccountLink id={row.accountId}>{row.accountName}</AccountLink>
                  </td>
                  <td>
                    <FromTo
                      from={row.fromOwner?.name ?? t('change:lines.nobody')}
                      to={row.toOwner?.name ?? t('change:lines.nobody')}
                      same={row.fromOwner?.id === row.toOwner?.id}
                    />
                  </td>
                  {of === 'deals' && (
                    <td className="jy-number">{row.amount === null ? '–' : `${row.currency} ${money(String(row.amount / 100), i18n.language)}`}</td>
                  )}
                  {of !== 'requests' && <td className="jy-number">{day(row.due, new Date(), zone)}</td>}
                  {holds && (
                    <td data-wide>
                      <HeldCell set={set} deal={row} />
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <MoreButton list={list} />
    </section>
  )
}
