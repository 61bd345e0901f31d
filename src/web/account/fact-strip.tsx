/** The strip that stays in sight: owner and since when, territory and why, who works along, what holds it, what waits for a decision. */
import { useQuery } from '@tanstack/react-query'
import { Tag } from 'antd'
import { GitPullRequestArrow, Pin } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { AccountDetail } from '../../contract/account/accounts.ts'
import type { ApprovalRow } from '../../contract/approval/approvals.ts'
import { ownership } from '../../contract/assignment/endpoints.ts'
import { call } from '../app/api.ts'
import { Face } from '../app/face.tsx'
import { day } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { TerritoryChip } from '../app/territory-chip.tsx'
import { WhyChip } from '../app/why-chip.tsx'
import { AccountPart } from './account-parts.tsx'
import { PendingChip } from './pending-chip.tsx'

type Props = { account: AccountDetail; requests: readonly ApprovalRow[]; onWhy: () => void; onShare: () => void }

export function FactStrip({ account, requests, onWhy, onShare }: Props) {
  const { t } = useTranslation()
  const me = useMe()
  const history = useQuery({ queryKey: ['ownership', account.id], queryFn: ({ signal }) => call(ownership, { params: { id: account.id }, signal }) })
  const on = (at: string | null | undefined) => day(at, new Date(), me?.tenant.zone)
  const since = history.data?.intervals[0]
  const pin = history.data?.pins[0]
  const asked = requests.filter(r => r.state === 'asked')
  const others = [...account.collaborators.map(c => ({ id: `m${c.id}`, name: c.name, word: t(`account:role.${c.role}`) }))]
  return (
    <section className="jy-strip" aria-label={t('account:facts')}>
      <div>
        <small>
          {t('account:column.owner')} <WhyChip of={t('account:column.owner')} onOpen={onWhy} />
        </small>
        {account.owner ? (
          <span className="jy-row">
            <Face name={account.owner.name} size={20} />
            <b>{account.owner.name}</b>
            {since?.ownerName && <small className="jy-since">{t('account:since', { day: on(since.from) })}</small>}
          </span>
        ) : (
          <b className="jy-warn">{t('account:nobody')}</b>
        )}
      </div>
      <div>
        <small>
          {t('account:column.territory')} <WhyChip of={t('account:column.territory')} onOpen={onWhy} />
        </small>
        <span className="jy-row">
          {account.territory ? (
            <TerritoryChip {...account.territory} />
          ) : (
            <b className="jy-warn">{t(account.undecidable ? 'account:undecidable' : 'account:unassigned')}</b>
          )}
          {account.contested && <Tag color="error">{t('account:contested')}</Tag>}
          {account.pending && <PendingChip />}
        </span>
      </div>
      <div>
        <small>{t('account:collaborators')}</small>
        {others.length === 0 ? (
          <span className="jy-muted">{t('account:alone')}</span>
        ) : (
          <span className="jy-row jy-wrap">
            {others.slice(0, 3).map(o => (
              <span className="jy-row jy-tight" key={o.id}>
                <Face name={o.name} size={20} />
                {o.name} <small className="jy-muted">{o.word}</small>
              </span>
            ))}
            {others.length > 3 && <small className="jy-muted">+{others.length - 3}</small>}
          </span>
        )}
      </div>
      <div>
        <small>{t('account:shared')}</small>
        <button type="button" className="jy-plain jy-strip-link" onClick={onShare}>
          {account.shares.length === 0
            ? t('account:share.none')
            : `${account.shares
                .slice(0, 2)
                .map(s => s.name)
                .join(', ')}${account.shares.length > 2 ? ` +${account.shares.length - 2}` : ''}`}
        </button>
      </div>
      <AccountPart of="fact" account={account} />
      {pin && (
        <div>
          <small>{t('account:pinned')}</small>
          <span className="jy-row" title={pin.reason}>
            <Pin size={14} aria-hidden />
            <b>{pin.territory}</b>{' '}
            <small className="jy-muted">{pin.until ? t('account:until', { day: on(pin.until) }) : t('account:owned.forever')}</small>
          </span>
        </div>
      )}
      {asked.length > 0 && (
        <div>
          <small>{t('account:asked')}</small>
          <span className="jy-row jy-warn">
            <GitPullRequestArrow size={14} aria-hidden />
            {t('account:waiting', { name: asked[0]!.approver.name })}
          </span>
        </div>
      )}
    </section>
  )
}
