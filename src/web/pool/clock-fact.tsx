/** The clock and the protection of a customer, in the strip of its page: what would take it and when, or what stands in the way. */
import { useQuery } from '@tanstack/react-query'
import { Shield } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { AccountDetail } from '../../contract/account/accounts.ts'
import { readClock } from '../../contract/pool/clocks.ts'
import { call } from '../app/api.ts'
import { day } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { ClockRing } from './clock-ring.tsx'
import { useClockWords } from './reason.ts'
import './pool.css'

export function ClockFact({ account }: { account: AccountDetail }) {
  const { t } = useTranslation()
  const me = useMe()
  const words = useClockWords()
  const read = useQuery({ queryKey: ['clock', account.id], queryFn: ({ signal }) => call(readClock, { params: { id: account.id }, signal }) })
  const c = read.data
  if (!c || (!c.clock && !c.pool && !c.protection && !c.lock)) return null
  const on = (at: string | null) => day(at, new Date(), me?.tenant.zone)
  return (
    <>
      <div>
        <small>{t('pool:clock.label')}</small>
        {c.pool ? (
          <b>{c.pool.name}</b>
        ) : c.clock?.state === 'running' ? (
          <span className="jy-row jy-tight" title={c.clock.policy ?? ''}>
            <ClockRing clock={c.clock} />
            <small className="jy-muted">{words(c.clock)}</small>
            {c.clock.ignored && <small className="jy-warn">{t(`pool:ignored.${c.clock.ignored.why}`, { day: on(c.clock.ignored.at) })}</small>}
          </span>
        ) : c.clock?.state === 'paused' && c.clock.guard ? (
          <span className="jy-row jy-tight">
            <Shield size={13} aria-hidden /> {t(`pool:guard.${c.clock.guard}`, { day: on(c.clock.dueAt) })}
          </span>
        ) : (
          <span className="jy-muted">{t('pool:clock.free')}</span>
        )}
      </div>
      {(c.protection || c.lock) && (
        <div>
          <small>{t('pool:protect.label')}</small>
          <span className="jy-row jy-tight" title={(c.lock ?? c.protection)?.reason ?? ''}>
            <Shield size={13} aria-hidden />
            <b>{c.lock ? t('pool:protect.locked') : t('pool:protect.until_day', { day: on(c.protection?.until ?? null) })}</b>
          </span>
        </div>
      )}
    </>
  )
}
