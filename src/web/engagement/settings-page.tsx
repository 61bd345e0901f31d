/** The company's rules of engagement: clauses in order with their terms, times and credit of cases, versions before; partner registrations. */
import { useQuery } from '@tanstack/react-query'
import { Tabs } from 'antd'
import { useTranslation } from 'react-i18next'
import { readEngagement } from '../../contract/engagement/settings.ts'
import { call } from '../app/api.ts'
import { moment } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'
import { ClauseOrder } from './clause-order.tsx'
import { Registrations } from './registrations.tsx'
import './engagement.css'

export const RULES_KEY = ['engagement'] as const
export function EngagementPage() {
  const { t } = useTranslation()
  const zone = useMe()?.tenant.zone
  const read = useQuery({ queryKey: RULES_KEY, queryFn: ({ signal }) => call(readEngagement, { signal }) })
  if (read.isPending) return <Skeleton lines={10} />
  if (read.isError) return <ErrorState error={read.error} onRetry={() => void read.refetch()} />
  const rules = read.data
  return (
    <div className="jy-page">
      <Tabs
        items={[
          { key: 'clauses', label: t('engagement:rules.clauses'), children: <ClauseOrder key={rules.version} rules={rules} /> },
          { key: 'registrations', label: t('engagement:rules.registrations'), children: <Registrations /> },
          {
            key: 'versions',
            label: t('engagement:rules.versions', { n: rules.versions.length }),
            children:
              rules.versions.length === 0 ? (
                <Empty title={t('engagement:rules.noVersions')} why={t('engagement:rules.noVersionsWhy')} />
              ) : (
                <ul className="jy-list jy-card">
                  {rules.versions.map(v => (
                    <li key={v.version}>
                      <b>{t('engagement:rules.version', { n: v.version })}</b>
                      <span className="jy-grow">{v.note}</span>
                      <span className="jy-muted">
                        {v.by} · {moment(v.adoptedAt, new Date(), zone)}
                      </span>
                    </li>
                  ))}
                </ul>
              ),
          },
        ]}
      />
    </div>
  )
}
