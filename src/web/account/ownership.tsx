/** Who owned the account when, and the pins that hold it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Timeline } from 'antd'
import { useTranslation } from 'react-i18next'
import type { AccountDetail } from '../../contract/account/accounts.ts'
import { ownership, unpinAccount } from '../../contract/assignment/endpoints.ts'
import { call } from '../app/api.ts'
import { day } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { useProblemText } from '../app/states.tsx'

export function Ownership({ account, mayUnpin }: { account: AccountDetail; mayUnpin: boolean }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const me = useMe()
  const queries = useQueryClient()
  const data = useQuery({ queryKey: ['ownership', account.id], queryFn: ({ signal }) => call(ownership, { params: { id: account.id }, signal }) })
  const unpin = useMutation({
    mutationFn: (id: string) => call(unpinAccount, { params: { id } }),
    onSuccess: () => queries.invalidateQueries(),
    onError: error => void message.error(say(error)),
  })
  const on = (at: string | null) => (at ? day(at, new Date(), me?.tenant.zone) : t('account:owned.now'))
  return (
    <section className="jy-card jy-box">
      <header>
        <h2>{t('account:owned.title')}</h2>
      </header>
      {data.data?.pins.map(p => (
        <div className="jy-next" key={p.id}>
          <span className="jy-grow">
            {t('account:owned.pinned', { territory: p.territory, until: p.until ? on(p.until) : t('account:owned.forever') })}
            <br />
            {p.reason}
          </span>
          {mayUnpin && (
            <Button size="small" loading={unpin.isPending} onClick={() => unpin.mutate(p.id)}>
              {t('account:owned.unpin')}
            </Button>
          )}
        </div>
      ))}
      <Timeline
        items={data.data?.intervals.map(i => ({
          content: `${i.ownerName ?? t('account:nobody')} · ${i.territory ?? t('account:unassigned')} · ${on(i.from)} – ${on(i.to)}`,
        }))}
      />
    </section>
  )
}
