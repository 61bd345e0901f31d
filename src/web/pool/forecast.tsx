/** Thirty days ahead: what would be taken back into this pool if nobody did anything, and what is exempt. Nothing is done. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { readForecast } from '../../contract/pool/clocks.ts'
import type { PoolSummary } from '../../contract/pool/entries.ts'
import { call } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'

const HIGH = 74

export function Forecast({ pool }: { pool: PoolSummary }) {
  const { t } = useTranslation()
  const ahead = useQuery({
    queryKey: ['pool', pool.id, 'forecast'],
    queryFn: ({ signal }) => call(readForecast, { params: { id: pool.id }, signal }),
  })
  const f = ahead.data
  const most = Math.max(1, ...(f?.days ?? []).map(d => d.reclaimed + d.exempt))
  const high = (n: number) => Math.round((n / most) * HIGH)
  const width = f ? 100 / f.days.length : 0
  return (
    <section className="jy-card jy-pool-side-box" aria-label={t('pool:forecast.title', { pool: pool.name })}>
      <header>
        <h2>{t('pool:forecast.title', { pool: pool.name })}</h2>
        <span className="jy-muted">{t('pool:forecast.dry')}</span>
      </header>
      {ahead.isPending && <Skeleton lines={4} />}
      {ahead.isError && <ErrorState error={ahead.error} onRetry={() => void ahead.refetch()} />}
      {f && (
        <>
          <p className="jy-pool-figure jy-pool-ahead">
            <span>
              <b>{count(f.total)}</b> {t('pool:forecast.of', { mine: count(f.mine) })}
            </span>
            <span className="jy-muted">{t('pool:forecast.exempt', { n: count(f.exempt) })}</span>
          </p>
          <svg className="jy-pool-bars" viewBox={`0 0 100 ${HIGH}`} preserveAspectRatio="none" role="img" aria-label={t('pool:forecast.chart')}>
            {f.days.map((d, i) => (
              <g key={d.day}>
                <title>{t('pool:forecast.day', { day: d.day, n: d.reclaimed, exempt: d.exempt })}</title>
                <rect
                  x={i * width + width * 0.14}
                  width={width * 0.72}
                  y={HIGH - high(d.reclaimed)}
                  height={high(d.reclaimed)}
                  className={i < 3 ? 'jy-bar-now' : i < 7 ? 'jy-bar-soon' : 'jy-bar-later'}
                />
                {d.exempt > 0 && (
                  <rect
                    x={i * width + width * 0.14}
                    width={width * 0.72}
                    y={HIGH - high(d.reclaimed) - high(d.exempt)}
                    height={Math.max(1, high(d.exempt) - 1)}
                    className="jy-bar-exempt"
                  />
                )}
              </g>
            ))}
          </svg>
          <p className="jy-pool-axis jy-muted">
            <span>{t('pool:forecast.today')}</span>
            <span>{f.days[Math.floor(f.days.length / 2)]?.day.slice(5)}</span>
            <span>{f.days.at(-1)?.day.slice(5)}</span>
          </p>
          <p className="jy-pool-legend">
            <i className="jy-bar-now" /> {t('pool:forecast.now')} <i className="jy-bar-soon" /> {t('pool:forecast.soon')}{' '}
            <i className="jy-bar-later" /> {t('pool:forecast.later')} <i className="jy-bar-exempt" /> {t('pool:forecast.spared')}
          </p>
          {f.topTier && (
            <p className="jy-pool-note">
              {t('pool:forecast.top', { tier: f.topTier.tier, n: f.topTier.n, from: f.topTier.from.slice(5), to: f.topTier.to.slice(5) })}
            </p>
          )}
        </>
      )}
    </section>
  )
}
