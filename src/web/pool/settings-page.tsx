/** Settings of the pools: who may claim what, when customers are taken back, and what holds for all of them. */
import { useQuery } from '@tanstack/react-query'
import { Tabs } from 'antd'
import { useTranslation } from 'react-i18next'
import { readSettings } from '../../contract/pool/settings.ts'
import { call } from '../app/api.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { CompanyRules } from './company-rules.tsx'
import { Policies } from './policies.tsx'
import { PoolList } from './pool-list.tsx'
import './pool.css'

export const SETTINGS_KEY = ['pool-settings'] as const

export function PoolSettingsPage() {
  const { t } = useTranslation()
  const settings = useQuery({ queryKey: SETTINGS_KEY, queryFn: ({ signal }) => call(readSettings, { signal }) })
  if (settings.isPending) return <Skeleton lines={10} />
  if (settings.isError) return <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />
  const s = settings.data
  return (
    <div className="jy-page">
      <Tabs
        items={[
          { key: 'pools', label: t('pool:settings.pools'), children: <PoolList settings={s} /> },
          { key: 'policies', label: t('pool:settings.policies'), children: <Policies key={s.rowVersion} settings={s} /> },
          { key: 'company', label: t('pool:settings.company'), children: <CompanyRules key={s.rowVersion} settings={s} /> },
        ]}
      />
    </div>
  )
}
