/** On a customer's page: the case about it, or asking for one; and the third way out of a pair of duplicates. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Dropdown } from 'antd'
import { Scale } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountDetail } from '../../contract/account/accounts.ts'
import { listCases } from '../../contract/engagement/cases.ts'
import type { PairProps } from '../account/account-parts.tsx'
import { call } from '../app/api.ts'
import { useElsewhen } from '../app/as-of.ts'
import { useMayChange, useMe } from '../app/me.ts'
import { OpenCase } from './open-case.tsx'
import { AddDialog } from './registrations.tsx'

function useOpenCase(accountId: string) {
  const read = useQuery({
    queryKey: ['cases', 'account', accountId],
    queryFn: ({ signal }) => call(listCases, { query: { box: 'open', accountId, limit: 1 }, signal }),
  })
  return { known: read.data !== undefined, open: read.data?.rows[0] ?? null }
}

export function AccountCase({ account }: { account: AccountDetail }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const me = useMe()
  const elsewhen = useElsewhen()
  const edits = useMayChange('account.edit')
  const [layer, setLayer] = useState<'ask' | 'register' | null>(null)
  const { known, open } = useOpenCase(account.id)
  if (!known || elsewhen) return null
  const { contested } = account
  const asks = open === null && me?.viewAs === null && account.owner !== null
  const items = [
    ...(open ? [{ key: 'see', label: t('engagement:open.see', { number: open.number }) }] : []),
    ...(asks ? [{ key: 'ask', label: t('engagement:open.do') }] : []),
    ...(edits ? [{ key: 'register', label: t('engagement:registration.add') }] : []),
  ]
  if (items.length === 0) return null
  const name = String(account.values.name ?? '')
  const act = (key: string) => (key === 'see' ? void navigate({ to: '/cases/$id', params: { id: open!.id } } as never) : setLayer(key as 'ask'))
  return (
    <>
      <Dropdown trigger={['click']} menu={{ items, onClick: ({ key }) => act(key) }}>
        <Button icon={<Scale size={14} />}>{open ? t('engagement:open.see', { number: open.number }) : t('engagement:title')}</Button>
      </Dropdown>
      {layer === 'ask' && (
        <OpenCase account={{ id: account.id, name }} contested={contested} mine={account.owner?.id === me?.user.id} onClose={() => setLayer(null)} />
      )}
      {layer === 'register' && <AddDialog account={{ id: account.id, name }} onClose={() => setLayer(null)} />}
    </>
  )
}

export function PairCase({ account, otherId }: PairProps) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const me = useMe()
  const elsewhen = useElsewhen()
  const [asking, setAsking] = useState(false)
  const { known, open } = useOpenCase(account.id)
  if (!known || elsewhen || me?.viewAs !== null) return null
  return (
    <>
      <Button
        size="small"
        icon={<Scale size={13} />}
        onClick={() => (open ? void navigate({ to: '/cases/$id', params: { id: open.id } } as never) : setAsking(true))}
      >
        {open ? t('engagement:open.see', { number: open.number }) : t('engagement:open.pair')}
      </Button>
      {asking && <OpenCase account={account} otherId={otherId} onClose={() => setAsking(false)} />}
    </>
  )
}
