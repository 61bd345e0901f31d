/** The strip of another moment: whose the customer was and where, under which map; what was believed then beside what is known today. */
import { useQuery } from '@tanstack/react-query'
import { Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import { accountStanding } from '../../contract/assignment/endpoints.ts'
import { call, type ReplyOf } from '../app/api.ts'
import { useAsOf } from '../app/as-of.ts'
import { Face } from '../app/face.tsx'
import { moment } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { TerritoryChip } from '../app/territory-chip.tsx'
import { WhyChip } from '../app/why-chip.tsx'

type Standing = ReplyOf<typeof accountStanding>['standing']

export function ThenStrip({ accountId, onWhy }: { accountId: string; onWhy: () => void }) {
  const { t } = useTranslation()
  const me = useMe()
  const asOf = useAsOf()
  const then = useQuery({
    queryKey: ['account', accountId, 'standing', asOf],
    queryFn: ({ signal }) => call(accountStanding, { params: { id: accountId }, query: asOf, signal }),
  })
  if (then.isPending) return <Skeleton lines={2} />
  if (then.isError) return <ErrorState error={then.error} onRetry={() => void then.refetch()} />
  const { standing, knownNow, differs, asOf: answered } = then.data
  const at = answered ? moment(answered.at, new Date(), me?.tenant.zone) : ''
  return (
    <section className="jy-strip jy-then" aria-label={t('past:account.then')}>
      <div>
        <small>
          {t(asOf.known === undefined ? 'past:account.then' : 'past:account.believed')} {at} <WhyChip of={t('past:account.then')} onOpen={onWhy} />
        </small>
        <StandingLine standing={standing} nothing={t('past:account.nothing', { at })} />
      </div>
      {asOf.known !== undefined && (
        <div data-differs={differs || undefined}>
          <small>{t('past:account.truth')}</small>
          {differs ? (
            <StandingLine standing={knownNow} nothing={t('past:account.nothing', { at })} />
          ) : (
            <span className="jy-muted">{t('past:account.same')}</span>
          )}
        </div>
      )}
      {answered?.model && (
        <div>
          <small>{t('past:account.model')}</small>
          <span>
            {answered.model.name} {answered.model.version !== null && `v${answered.model.version}`}
          </span>
        </div>
      )}
    </section>
  )
}

/** Owner and territory in one line; no record is said as such. */
export function StandingLine({ standing, nothing }: { standing: Standing; nothing: string }) {
  const { t } = useTranslation()
  if (!standing) return <span className="jy-muted">{nothing}</span>
  return (
    <span className="jy-row jy-wrap">
      {standing.owner ? (
        <>
          <Face name={standing.owner.name} size={20} />
          <b>{standing.owner.name}</b>
        </>
      ) : (
        <b className="jy-warn">{t('past:account.nobody')}</b>
      )}
      {standing.territory ? <TerritoryChip {...standing.territory} /> : <span className="jy-muted">{t('past:account.unassigned')}</span>}
      {standing.corrected && <Tag color="warning">{t('past:account.corrected')}</Tag>}
    </span>
  )
}
