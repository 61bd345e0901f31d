/** The explanation drawer that every why chip opens. */
import { useQuery } from '@tanstack/react-query'
import { Drawer } from 'antd'
import { useTranslation } from 'react-i18next'
import { whyAccount } from '../../contract/assignment/endpoints.ts'
import { call } from '../app/api.ts'
import { useAsOf } from '../app/as-of.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { WhyView } from './why-view.tsx'
import './account.css'

/** `modelId`: under another model than the active one, e.g. a draft. */
export function WhyDrawer({ accountId, modelId, onClose }: { accountId: string | null; modelId?: string; onClose: () => void }) {
  const { t } = useTranslation()
  const why = useQuery({
    queryKey: ['why', accountId, modelId ?? 'active'],
    enabled: accountId !== null,
    queryFn: ({ signal }) => call(whyAccount, { params: { id: accountId! }, query: modelId ? { modelId } : {}, signal }),
  })
  return (
    <Drawer
      open={accountId !== null}
      size={440}
      title={why.data ? t('account:why.of', { name: why.data.account.name }) : t('account:why.title')}
      onClose={onClose}
    >
      {why.isPending && <Skeleton />}
      {why.isError && <ErrorState error={why.error} onRetry={() => void why.refetch()} />}
      {why.data && <WhyView why={why.data} />}
    </Drawer>
  )
}
