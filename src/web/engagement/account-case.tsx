/** On a customer's page: the case about it, or asking for one; and the third way out of a pair of duplicates. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { Scale } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountDetail } from '../../contract/account/accounts.ts'
import { listCases } from '../../contract/engagement/cases.ts'
import type { PairProps } from '../account/account-parts.tsx'
import { call } from '../app/api.ts'
import { useElsewhen } from '../app/as-of.ts'
import { useMay, useMe } from '../app/me.ts'
import { OpenCase } from './open-case.tsx'

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
  const assigns = useMay('account.assign')
  const [asking, setAsking] = useState(false)
  const { known, open } = useOpenCase(account.id)
  if (!known || elsewhen) return null
  if (open)
    return (
      <Button icon={<Scale size={14} />} onClick={() => void navigate({ to: '/cases/$id', params: { id: open.id } } as never)}>
        {t('engagement:open.see', { number: open.number })}
      </Button>
    )
  const { contested } = account
  // Whose it is asks for no ruling against himself.
  if (me?.viewAs !== null || account.owner === null || (account.owner.id === me.user.id && !assigns && !contested)) return null
  return (
    <>
      <Button icon={<Scale size={14} />} onClick={() => setAsking(true)}>
        {t('engagement:open.do')}
      </Button>
      {asking && (
        <OpenCase account={{ id: account.id, name: String(account.values.name ?? '') }} contested={contested} onClose={() => setAsking(false)} />
      )}
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
