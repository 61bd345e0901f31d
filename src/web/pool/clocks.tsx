/** My clocks: which of mine will be taken, why, when and where to; one act that rescues it, and asking for more time. */
import { Button, Segmented } from 'antd'
import { Shield } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ClockRow, listClocks } from '../../contract/pool/clocks.ts'
import { AccountLink } from '../app/account-link.tsx'
import { call } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { day } from '../app/format.ts'
import { useMayChange, useMe } from '../app/me.ts'
import { MoreButton } from '../app/more-button.tsx'
import { usePaged } from '../app/paged.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'
import { ClockRing } from './clock-ring.tsx'
import { ExtendDialog } from './extend-dialog.tsx'
import { NoteDialog } from './note-dialog.tsx'
import { useClockWords } from './reason.ts'
import { Tier } from './tier.tsx'

const DAY = 86_400_000
const near = (row: ClockRow): 'now' | 'soon' | 'later' | 'paused' => {
  if (row.clock.state === 'paused' || row.clock.dueAt === null) return 'paused'
  const left = Date.parse(row.clock.dueAt) - Date.now()
  return left < 3 * DAY ? 'now' : left < 7 * DAY ? 'soon' : 'later'
}
/** How much of the time is gone, from what it counts to its end. */
export function gone({ baseAt, dueAt }: { readonly baseAt: string | null; readonly dueAt: string | null }): number {
  if (!baseAt || !dueAt) return 0
  const [from, to] = [Date.parse(baseAt), Date.parse(dueAt)]
  return to <= from ? 1 : Math.min(1, Math.max(0, (Date.now() - from) / (to - from)))
}

export function Clocks() {
  const { t } = useTranslation()
  const me = useMe()
  const [range, setRange] = useState<'near' | 'all'>('near')
  const [writing, setWriting] = useState<ClockRow | null>(null)
  const [extending, setExtending] = useState<ClockRow | null>(null)
  const [counts, setCounts] = useState<{ within7: number; all: number } | null>(null)
  const list = usePaged<ClockRow>(['pool-clocks', range], async (cursor, signal) => {
    const page = await call(listClocks, { query: { cursor, limit: 20, ...(range === 'near' ? { within: 7 } : {}) }, signal })
    setCounts(page.counts)
    return page
  })
  const words = useClockWords()
  const writes = useMayChange('account.edit')
  return (
    <section className="jy-card jy-pool-box" aria-label={t('pool:clock.title')}>
      <header className="jy-pool-head">
        <h2 className="jy-grow">{t('pool:clock.title')}</h2>
        <Segmented
          value={range}
          onChange={setRange}
          options={[
            { value: 'near', label: t('pool:clock.near', { n: counts ? count(counts.within7) : '…' }) },
            { value: 'all', label: t('pool:clock.all', { n: counts ? (counts.all > 1000 ? t('pool:many') : count(counts.all)) : '…' }) },
          ]}
        />
      </header>
      {list.pending && <Skeleton lines={4} />}
      {list.error !== null && list.rows.length === 0 && <ErrorState error={list.error} onRetry={list.retry} />}
      {!list.pending && list.error === null && list.rows.length === 0 && (
        <Empty
          title={t(range === 'near' ? 'pool:clock.noneNear' : 'pool:clock.noneAll')}
          why={range === 'near' ? undefined : t('pool:clock.noneWhy')}
        />
      )}
      {list.rows.length > 0 && (
        <div className="jy-pool-scroll">
          <table className="jy-pool-table jy-pool-clocks">
            <thead>
              <tr>
                <th>{t('pool:column.name')}</th>
                <th>{t('pool:clock.why')}</th>
                <th>{t('pool:clock.progress')}</th>
                <th>{t('pool:clock.left')}</th>
                <th>{t('pool:clock.where')}</th>
                <th aria-label={t('pool:column.act')} />
              </tr>
            </thead>
            <tbody>
              {list.rows.map(r => (
                <tr key={r.id} data-near={near(r)}>
                  <td>
                    <AccountLink id={r.id}>{r.name}</AccountLink> <Tier tier={r.tier} />
                  </td>
                  <td>
                    {words(r.clock)}
                    {r.clock.lastAt && r.clock.trigger === 'followUp' && (
                      <span className="jy-muted">{t('pool:clock.last', { day: day(r.clock.lastAt, new Date(), me?.tenant.zone) })}</span>
                    )}
                    {r.clock.ignored && (
                      <small className="jy-warn">
                        {t(`pool:ignored.${r.clock.ignored.why}`, { day: day(r.clock.ignored.at, new Date(), me?.tenant.zone) })}
                      </small>
                    )}
                  </td>
                  <td>
                    <span className="jy-pool-bar" aria-hidden>
                      <i style={{ width: `${Math.round(100 * gone(r.clock))}%` }} />
                    </span>
                  </td>
                  <td>
                    {r.clock.state === 'paused' ? (
                      <span className="jy-row jy-tight jy-muted">
                        <Shield size={13} aria-hidden /> {t('pool:clock.stopped')}
                      </span>
                    ) : (
                      <ClockRing clock={r.clock} />
                    )}
                  </td>
                  <td className="jy-muted">
                    {r.clock.guard
                      ? t(`pool:guard.${r.clock.guard}`, { day: day(r.clock.dueAt, new Date(), me?.tenant.zone) })
                      : [r.clock.pool ?? t('pool:clock.nowhere'), r.clock.coolDays ? t('pool:clock.cool', { n: r.clock.coolDays }) : null]
                          .filter(Boolean)
                          .join(t('pool:comma'))}
                  </td>
                  <td className="jy-pool-act">
                    {writes && (
                      <span className="jy-row jy-tight">
                        <Button size="small" type={near(r) === 'now' ? 'primary' : 'default'} onClick={() => setWriting(r)}>
                          {t('pool:clock.note')}
                        </Button>
                        {r.clock.state === 'running' && (
                          <Button size="small" onClick={() => setExtending(r)}>
                            {t('pool:clock.extend')}
                          </Button>
                        )}
                      </span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <MoreButton list={list} />
        </div>
      )}
      {writing && <NoteDialog id={writing.id} name={writing.name} onClose={() => setWriting(null)} />}
      {extending && <ExtendDialog id={extending.id} name={extending.name} onClose={() => setExtending(null)} />}
    </section>
  )
}
