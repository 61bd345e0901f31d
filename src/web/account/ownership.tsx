/** Who owned the account when, what was corrected later with what had been believed, the pins that hold it; a planner corrects the past here. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Tag, Timeline } from 'antd'
import { History } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountDetail } from '../../contract/account/accounts.ts'
import { ownership, unpinAccount } from '../../contract/assignment/endpoints.ts'
import { call } from '../app/api.ts'
import { day, moment } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { ErrorState, Skeleton, useProblemText } from '../app/states.tsx'
import { CorrectDrawer } from './correct-drawer.tsx'
import { OwnershipOn } from './ownership-on.tsx'

export function Ownership({ account, mayPlan }: { account: AccountDetail; mayPlan: boolean }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const me = useMe()
  const queries = useQueryClient()
  const [correcting, setCorrecting] = useState(false)
  const data = useQuery({ queryKey: ['ownership', account.id], queryFn: ({ signal }) => call(ownership, { params: { id: account.id }, signal }) })
  const unpin = useMutation({
    mutationFn: (id: string) => call(unpinAccount, { params: { id } }),
    onSuccess: () => queries.invalidateQueries(),
    onError: error => void message.error(say(error)),
  })
  const on = (at: string | null) => (at ? day(at, new Date(), me?.tenant.zone) : t('account:owned.now'))
  const who = (name: string | null) => name ?? t('account:nobody')
  const where = (name: string | null) => name ?? t('account:unassigned')
  const corrections = data.data?.corrections ?? []
  return (
    <section className="jy-card jy-box">
      <header className="jy-wrap">
        <h2>{t('account:owned.title')}</h2>
        <span className="jy-row jy-wrap">
          <OwnershipOn accountId={account.id} />
          {mayPlan && (
            <Button size="small" icon={<History size={13} />} onClick={() => setCorrecting(true)}>
              {t('past:correct.do')}
            </Button>
          )}
        </span>
      </header>
      {data.isPending && <Skeleton lines={4} />}
      {data.isError && <ErrorState error={data.error} onRetry={() => void data.refetch()} />}
      {data.data?.pins.map(p => (
        <div className="jy-next" key={p.id}>
          <span className="jy-grow">
            {t('account:owned.pinned', { territory: p.territory, until: p.until ? on(p.until) : t('account:owned.forever') })}
            <br />
            {p.reason}
          </span>
          {mayPlan && (
            <Button size="small" loading={unpin.isPending} onClick={() => unpin.mutate(p.id)}>
              {t('account:owned.unpin')}
            </Button>
          )}
        </div>
      ))}
      <Timeline
        items={data.data?.intervals.map(i => ({
          content: (
            <>
              {`${who(i.ownerName)} · ${where(i.territory)} · ${on(i.from)} – ${on(i.to)}`}{' '}
              {i.corrected && <Tag color="warning">{t('past:account.corrected')}</Tag>}
            </>
          ),
        }))}
      />
      {corrections.length > 0 && (
        <>
          <h3 className="jy-field-head">{t('past:correct.list')}</h3>
          <ul className="jy-corrections">
            {corrections.map(c => (
              <li key={c.id}>
                <b>{t('past:correct.line', { from: on(c.from), to: on(c.to), owner: who(c.ownerName), territory: where(c.territory) })}</b>
                <small className="jy-muted">
                  {t('past:correct.by', { by: c.by ?? '', at: moment(c.at, new Date(), me?.tenant.zone), reason: c.reason })}
                </small>
                {c.believed.map(b => (
                  <small className="jy-muted" key={b.from}>
                    {t('past:correct.believed', { owner: who(b.ownerName), territory: where(b.territory), from: on(b.from), to: on(b.to) })}
                  </small>
                ))}
                {c.believed.length === 0 && <small className="jy-muted">{t('past:correct.nothing')}</small>}
              </li>
            ))}
          </ul>
        </>
      )}
      {correcting && <CorrectDrawer account={account} onClose={() => setCorrecting(false)} />}
    </section>
  )
}
