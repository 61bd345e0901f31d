/** One person's eyes after the change, before it is in effect: what he gains, loses and keeps, so that nobody is surprised on the day. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Drawer, Input, Segmented, Tag } from 'antd'
import { Search } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type PersonAfterRow, personAfter, SIGHT_COUNT_STOP, SIGHT_MARKS } from '../../contract/territory/change-choices.ts'
import type { ChangeSet } from '../../contract/territory/change-sets.ts'
import { AccountLink } from '../app/account-link.tsx'
import { call } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { MoreButton } from '../app/more-button.tsx'
import { useRested } from '../app/paged.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'
import { FromTo } from './moves-table.tsx'
import { setKey } from './use-change-set.ts'

export type Somebody = { readonly id: string; readonly name: string }
const COLOURS = { gained: 'success', lost: 'error', kept: undefined } as const

export function PersonAfter({ set, person, onClose }: { set: ChangeSet; person: Somebody; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Drawer open size={640} title={t('change:after.title', { name: person.name })} onClose={onClose}>
      <Accounts set={set} person={person} />
    </Drawer>
  )
}

function Accounts({ set, person }: { set: ChangeSet; person: Somebody }) {
  const { t } = useTranslation()
  const [mark, setMark] = useState<PersonAfterRow['mark'] | 'all'>('all')
  const [typed, setTyped] = useState('')
  const search = useRested(typed.trim())
  const list = useInfiniteQuery({
    queryKey: [...setKey(set.id), 'after', person.id, mark, search],
    queryFn: ({ pageParam, signal }) =>
      call(personAfter, {
        params: { id: set.id, userId: person.id },
        query: { mark: mark === 'all' ? undefined : mark, search: search || undefined, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: last => last.next ?? undefined,
    placeholderData: keepPreviousData,
  })
  const counts = list.data?.pages[0]?.counts
  const rows = list.data?.pages.flatMap(p => p.rows) ?? []
  const sum = counts ? counts.gained + counts.lost + counts.kept : null
  // Where counting stopped, it is at least so many.
  const stopped = counts !== undefined && counts !== null && SIGHT_MARKS.some(m => counts[m] >= SIGHT_COUNT_STOP)
  const shown = (n: number, atLeast: boolean) => (atLeast ? `${count(n)}+` : count(n))
  const label = (value: PersonAfterRow['mark'] | 'all') => {
    const n = value === 'all' ? sum : counts?.[value]
    return n === null || n === undefined
      ? t(`change:after.${value}`)
      : `${t(`change:after.${value}`)} ${shown(n, value === 'all' ? stopped : n >= SIGHT_COUNT_STOP)}`
  }
  return (
    <div className="jy-change-after">
      {counts && !search && (
        <p role="status">
          {t('change:after.says', {
            name: person.name,
            after: shown(counts.gained + counts.kept, stopped),
            before: count(counts.lost + counts.kept),
          })}
        </p>
      )}
      <div className="jy-row jy-wrap">
        <Segmented value={mark} onChange={setMark} options={(['all', ...SIGHT_MARKS] as const).map(value => ({ value, label: label(value) }))} />
        <Input
          allowClear
          className="jy-grow"
          style={{ minWidth: 160 }}
          prefix={<Search size={14} className="jy-muted" />}
          maxLength={80}
          placeholder={t('change:after.search')}
          aria-label={t('change:after.search')}
          value={typed}
          onChange={event => setTyped(event.target.value)}
        />
      </div>
      {list.isPending && <Skeleton lines={6} />}
      {list.isError && rows.length === 0 && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {!list.isPending && !list.isError && rows.length === 0 && <Empty title={t('change:after.none')} why={t('change:after.noneWhy')} />}
      {rows.length > 0 && (
        <div className="jy-change-scroll">
          <table className="jy-change-table" aria-busy={list.isPlaceholderData || undefined}>
            <thead>
              <tr>
                <th scope="col">{t('change:moves.customer')}</th>
                <th scope="col">{t('change:after.mark')}</th>
                <th scope="col">{t('change:moves.owner')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(row => (
                <tr key={row.accountId}>
                  <th scope="row">
                    <AccountLink id={row.accountId}>{row.name}</AccountLink>
                  </th>
                  <td>
                    <Tag color={COLOURS[row.mark]}>{t(`change:after.${row.mark}`)}</Tag>
                  </td>
                  <td data-wide>
                    <FromTo
                      from={row.fromOwner?.name ?? t('change:lines.nobody')}
                      to={row.toOwner?.name ?? t('change:lines.nobody')}
                      same={row.fromOwner?.id === row.toOwner?.id}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <MoreButton
        list={{
          rows,
          pending: list.isPending,
          error: list.error,
          hasMore: list.hasNextPage,
          loadingMore: list.isFetchingNextPage,
          more: () => void list.fetchNextPage(),
          retry: () => void list.refetch(),
          stale: list.isPlaceholderData,
        }}
      />
      <p className="jy-muted">{t('change:after.fence')}</p>
    </div>
  )
}
