/** Customers I have not spoken to for 30, 60 or 90 days, the most promising first. */
import { useQuery } from '@tanstack/react-query'
import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { homeFollowUp } from '../../contract/home/home.ts'
import { AccountLink } from '../app/account-link.tsx'
import { call } from '../app/api.ts'
import { count, money } from '../app/figures.ts'
import { day } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'

const DAYS = [30, 60, 90] as const

export function FollowUp() {
  const { t, i18n } = useTranslation()
  const me = useMe()
  const [days, setDays] = useState<(typeof DAYS)[number]>(30)
  const list = useQuery({ queryKey: ['home', 'follow-up', days], queryFn: ({ signal }) => call(homeFollowUp, { query: { days }, signal }) })
  const counts = list.data?.counts
  const n = counts ? { 30: counts.d30, 60: counts.d60, 90: counts.d90 } : null
  return (
    <section className="jy-card jy-home-box" aria-label={t('home:silent')}>
      <header className="jy-row jy-wrap">
        <h2 className="jy-grow">{t('home:silent')}</h2>
        <Segmented
          value={days}
          onChange={setDays}
          options={DAYS.map(value => ({ value, label: t('home:days', { d: value, n: n ? count(n[value]) : '…' }) }))}
        />
      </header>
      {list.isPending && <Skeleton lines={6} />}
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.rows.length === 0 && <Empty title={t('home:silentNone', { d: days })} />}
      <div className="jy-home-scroll">
        {list.data?.rows.map(r => (
          <div className="jy-home-line" key={r.id}>
            <div className="jy-grow">
              <AccountLink id={r.id}>{r.name}</AccountLink>
              <p className="jy-muted">
                {r.lastAt ? t('home:last', { day: day(r.lastAt, new Date(), me?.tenant.zone) }) : t('home:never')}
                {r.next && ` · ${t('account:next.title')}:${r.next.text}`}
              </p>
            </div>
            {r.potential !== null && <b className="jy-number">{money(String(r.potential), i18n.language)}</b>}
          </div>
        ))}
      </div>
    </section>
  )
}
