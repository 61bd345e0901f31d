/** The public pool: which one is worth a claim, which of mine do I rescue. Entries as the pool shows them, my quota, my clocks, thirty days ahead. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { listPools } from '../../contract/pool/entries.ts'
import { call } from '../app/api.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'
import { useCrumb } from '../shell/crumb.ts'
import { Clocks } from './clocks.tsx'
import { Entries } from './entries.tsx'
import { Forecast } from './forecast.tsx'
import { Cooling, Quota } from './quota.tsx'
import './pool.css'

export function PoolPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const asked = (useSearch({ strict: false }) as { pool?: string | number }).pool
  const pools = useQuery({ queryKey: ['pools'], queryFn: ({ signal }) => call(listPools, { signal }) })
  const rows = pools.data?.rows ?? []
  const pool = rows.find(p => p.id === String(asked ?? '')) ?? rows.find(p => p.open && !p.deadEnd && p.member) ?? rows[0]
  useCrumb(pool?.name ?? '')
  if (pools.isPending) return <Skeleton lines={12} />
  if (pools.isError) return <ErrorState error={pools.error} onRetry={() => void pools.refetch()} />
  return (
    <div className="jy-page jy-pool" data-alone={pool === undefined || undefined}>
      <div className="jy-pool-main">
        {pool ? (
          <Entries key={pool.id} pool={pool} pools={rows} onChoose={id => void navigate({ to: '/pool', search: { pool: id } as never })} />
        ) : (
          <section className="jy-card">
            <Empty title={t('pool:none')} why={t('pool:noneWhy')} />
          </section>
        )}
        <Clocks />
      </div>
      {pool && (
        <div className="jy-pool-side">
          <Quota pool={pool} />
          <Cooling pool={pool} />
          <Forecast pool={pool} />
        </div>
      )}
    </div>
  )
}
