/** Why it is here, in a few lines: the sentence, the criteria that decided, the last changes of hands; the whole explanation opens beside. */

import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { GitPullRequestArrow, UserRoundCog } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { AccountDetail } from '../../contract/account/accounts.ts'
import { ownership, whyAccount } from '../../contract/assignment/endpoints.ts'
import { call } from '../app/api.ts'
import { useAsOf, useElsewhen } from '../app/as-of.ts'
import { day } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { OwnershipOn } from './ownership-on.tsx'

type Props = { account: AccountDetail; onWhy: () => void; onAssign: (() => void) | null; onAsk: (() => void) | null }

export function WhyShort({ account, onWhy, onAssign, onAsk }: Props) {
  const { t } = useTranslation()
  const me = useMe()
  const asOf = useAsOf()
  const why = useQuery({
    queryKey: ['why', account.id, 'active', asOf],
    queryFn: ({ signal }) => call(whyAccount, { params: { id: account.id }, query: asOf, signal }),
  })
  const history = useQuery({ queryKey: ['ownership', account.id], queryFn: ({ signal }) => call(ownership, { params: { id: account.id }, signal }) })
  const elsewhen = useElsewhen()
  const on = (at: string) => day(at, new Date(), me?.tenant.zone)
  return (
    <section className="jy-card jy-box">
      <header>
        <h2>
          {elsewhen ? t('past:account.why') : account.territory ? t('account:why.here', { code: account.territory.code }) : t('account:why.title')}
        </h2>
        <Button size="small" type="link" onClick={onWhy}>
          {t('account:why.full')}
        </Button>
      </header>
      {why.isPending && <Skeleton lines={3} />}
      {why.isError && <ErrorState error={why.error} onRetry={() => void why.refetch()} />}
      {why.data && (
        <ol className="jy-short">
          <li data-now>
            <b>{why.data.sentence}</b>
            <small className="jy-muted">{why.data.ownerSentence}</small>
            {why.data.criteria.slice(0, 6).map(c => (
              <small className="jy-muted" key={c.path + c.words}>
                {c.words}
                {c.seen && ` · ${c.seen}`}
              </small>
            ))}
          </li>
          {(elsewhen ? [] : (history.data?.intervals.slice(1, 4) ?? [])).map(i => (
            <li key={i.from}>
              <span className="jy-row">
                <b className="jy-grow">
                  {i.ownerName ?? t('account:nobody')} · {i.territory ?? t('account:unassigned')}
                </b>
                <small className="jy-muted">
                  {on(i.from)} – {i.to ? on(i.to) : t('account:owned.now')}
                </small>
              </span>
            </li>
          ))}
        </ol>
      )}
      <div className="jy-row jy-wrap">
        <OwnershipOn accountId={account.id} />
        {onAssign && (
          <Button size="small" icon={<UserRoundCog size={13} />} onClick={onAssign}>
            {t('account:assign.title')}
          </Button>
        )}
        {onAsk && (
          <Button size="small" icon={<GitPullRequestArrow size={13} />} onClick={onAsk}>
            {t('approval:ask')}
          </Button>
        )}
      </div>
    </section>
  )
}
