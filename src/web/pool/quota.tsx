/** My quota with the limit that binds, and what cools down. */
import { useQuery } from '@tanstack/react-query'
import { Progress } from 'antd'
import { useTranslation } from 'react-i18next'
import { type PoolSummary, readQuota } from '../../contract/pool/entries.ts'
import { call } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { useLeft } from './time-left.ts'

const useQuota = (pool: PoolSummary) =>
  useQuery({ queryKey: ['pool', pool.id, 'quota'], queryFn: ({ signal }) => call(readQuota, { params: { id: pool.id }, signal }) })
const STEPS_MOST = 20

export function Quota({ pool }: { pool: PoolSummary }) {
  const { t } = useTranslation()
  const left = useLeft()
  const quota = useQuota(pool)
  const q = quota.data
  const scope = (r: { scope: string; name: string | null }) => t(`pool:scope.${r.scope}`, { name: r.name ?? '' })
  const room = q ? Math.min(...[q.day.most === null ? Infinity : q.day.most - q.day.used, ...q.limits.map(l => l.most - l.used)]) : 0
  return (
    <section className="jy-card jy-pool-side-box" aria-label={t('pool:quota.title')}>
      <header>
        <h2>{t('pool:quota.title')}</h2>
      </header>
      {quota.isPending && <Skeleton lines={4} />}
      {quota.isError && <ErrorState error={quota.error} onRetry={() => void quota.refetch()} />}
      {q && (
        <>
          <p className="jy-pool-figure">
            <span>{t('pool:quota.today')}</span>
            <span>
              <b>{count(q.day.used)}</b> / {q.day.most === null ? t('pool:quota.free') : t('pool:companies', { n: count(q.day.most) })}
            </span>
          </p>
          {q.day.most !== null && q.day.most > 0 && q.day.most <= STEPS_MOST && (
            <span className="jy-pool-steps" aria-hidden>
              {Array.from({ length: q.day.most }, (_, i) => (
                <i key={i} data-on={i < q.day.used || undefined} />
              ))}
            </span>
          )}
          {q.holding && (
            <>
              <p className="jy-pool-figure">
                <span>{t('pool:quota.holding')}</span>
                <span>
                  <b>{count(q.holding.used)}</b> / {t('pool:companies', { n: count(q.holding.most) })}
                </span>
              </p>
              <Progress
                percent={Math.min(100, (100 * q.holding.used) / Math.max(1, q.holding.most))}
                showInfo={false}
                size="small"
                status={q.holding.used >= q.holding.most ? 'exception' : 'normal'}
              />
            </>
          )}
          <p className="jy-pool-figure jy-muted">
            <span>{room === Infinity ? t('pool:quota.noLimit') : t('pool:quota.room', { n: count(Math.max(0, room)) })}</span>
            {q.exempt > 0 && <span>{t('pool:quota.exempt', { n: count(q.exempt) })}</span>}
          </p>
          <dl className="jy-pool-facts">
            <dt>{t('pool:quota.reset')}</dt>
            <dd>{t('pool:quota.resetIn', { left: left(q.day.resetsAt) })}</dd>
            {q.limits.length > 1 && (
              <>
                <dt>{t('pool:quota.several')}</dt>
                <dd>{q.limits.map(l => `${scope(l)} ${count(l.used)}/${count(l.most)}`).join(' · ')}</dd>
              </>
            )}
            {q.binding && q.limits.length > 1 && (
              <>
                <dt>{t('pool:quota.binding')}</dt>
                <dd>
                  <b>{scope(q.binding)}</b>
                </dd>
              </>
            )}
          </dl>
        </>
      )}
    </section>
  )
}

export function Cooling({ pool }: { pool: PoolSummary }) {
  const { t } = useTranslation()
  const left = useLeft()
  const cooling = useQuota(pool).data?.cooling ?? []
  if (cooling.length === 0) return null
  return (
    <section className="jy-card jy-pool-side-box" aria-label={t('pool:cooling.title')}>
      <header>
        <h2>{t('pool:cooling.title')}</h2>
        <span className="jy-muted">{t('pool:companies', { n: count(cooling.length) })}</span>
      </header>
      <ul className="jy-pool-cooling">
        {cooling.map(c => (
          <li key={c.id}>
            <span>{c.name}</span>
            <b>{left(c.until)}</b>
            <small className="jy-muted">{t(c.team ? 'pool:cooling.team' : 'pool:cooling.own', { n: c.days })}</small>
          </li>
        ))}
      </ul>
    </section>
  )
}
