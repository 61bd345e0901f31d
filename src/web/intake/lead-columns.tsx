/** The columns of a list of leads, and the clock of first contact as a ring with what is left in words. */
import { Tag } from 'antd'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { LeadRow } from '../../contract/intake/leads.ts'
import type { Words } from '../account/use-catalogue.ts'
import type { Column } from '../app/data-table-columns.tsx'
import { moment } from '../app/format.ts'
import { TerritoryChip } from '../app/territory-chip.tsx'
import { useLeft } from '../pool/time-left.ts'

const R = 5.5
const ROUND = 2 * Math.PI * R

export function DueRing({ lead }: { lead: Pick<LeadRow, 'createdAt' | 'dueAt' | 'firstContactAt' | 'state'> }) {
  const { t } = useTranslation()
  const left = useLeft()
  if (lead.firstContactAt !== null) return <span className="jy-muted">{t('intake:contacted')}</span>
  if (lead.dueAt === null || lead.state === 'closed' || lead.state === 'converted') return <span className="jy-muted">–</span>
  const [from, to, now] = [Date.parse(lead.createdAt), Date.parse(lead.dueAt), Date.now()]
  const over = to <= now
  const gone = over ? 1 : Math.max(0, Math.min(1, (now - from) / Math.max(1, to - from)))
  return (
    <span className="jy-lead-ring" data-over={over || undefined} data-soon={(!over && to - now < 4 * 3_600_000) || undefined}>
      <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden>
        <circle cx="7" cy="7" r={R} className="jy-lead-ring-all" />
        <circle cx="7" cy="7" r={R} className="jy-lead-ring-gone" strokeDasharray={`${gone * ROUND} ${ROUND}`} transform="rotate(-90 7 7)" />
      </svg>
      {over ? t('intake:overdue') : left(lead.dueAt)}
    </span>
  )
}

export function StateTag({ lead }: { lead: Pick<LeadRow, 'state'> }) {
  const { t } = useTranslation()
  const colour = { new: 'blue', working: 'gold', converted: 'green', closed: 'default' }[lead.state]
  return <Tag color={colour}>{t(`intake:state.${lead.state}`)}</Tag>
}

export function leadColumns(t: TFunction, words: Words, zone: string | undefined): readonly Column<LeadRow>[] {
  return [
    {
      key: 'company',
      title: t('intake:column.company'),
      render: r => (
        <span className="jy-lead-name">
          <b className="jy-ellipsis">{r.company}</b>
          {r.contact && <small className="jy-muted">{r.contact}</small>}
        </span>
      ),
    },
    { key: 'due', title: t('intake:column.due'), width: 118, sortKey: 'due', render: r => <DueRing lead={r} /> },
    { key: 'state', title: t('intake:column.state'), width: 90, render: r => <StateTag lead={r} /> },
    {
      key: 'owner',
      title: t('intake:column.owner'),
      width: 92,
      render: r => r.owner?.name ?? <span className="jy-muted">{t('intake:nobody')}</span>,
    },
    {
      key: 'reason',
      title: t('intake:column.reason'),
      width: 150,
      render: r => <span className="jy-ellipsis">{t(`intake:reason.${r.reason}`)}</span>,
    },
    { key: 'territory', title: t('intake:column.territory'), width: 150, render: r => (r.territory ? <TerritoryChip {...r.territory} /> : '–') },
    {
      key: 'division',
      title: words.label('division'),
      width: 130,
      render: r => <span className="jy-ellipsis">{r.division ? (words.value('division', r.division).split(' · ').at(-1) ?? '') : '–'}</span>,
    },
    {
      key: 'channel',
      title: t('intake:column.channel'),
      width: 110,
      render: r => (
        <span className="jy-ellipsis">{r.channel ? words.value('source', r.channel) : (r.campaign ?? t(`intake:source.${r.source}`, r.source))}</span>
      ),
    },
    { key: 'created', title: t('intake:column.created'), width: 110, sortKey: 'created', render: r => moment(r.createdAt, new Date(), zone) },
  ]
}
