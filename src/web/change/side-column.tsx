/** Beside every tab: who must approve and why, when it takes effect, what can be taken back, and what people say. */
import { useQuery } from '@tanstack/react-query'
import { Button, Tag } from 'antd'
import { CircleCheck, CircleDot, CircleX, Undo2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type ChangeSet, listComments } from '../../contract/territory/change-sets.ts'
import { daysUntil } from '../account/days-until.ts'
import { call } from '../app/api.ts'
import { Face } from '../app/face.tsx'
import { count } from '../app/figures.ts'
import { day, isoDay, moment } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { useMeasureText } from '../approval/limit-words.ts'
import { Said } from './comments-tab.tsx'
import { setKey } from './use-change-set.ts'

type Props = { set: ChangeSet; talking: boolean; onTalk: () => void }
export function SideColumn({ set, talking, onTalk }: Props) {
  return (
    <aside className="jy-change-side">
      {set.whole && <Approvers set={set} />}
      <Schedule set={set} />
      <Regret set={set} />
      {!talking && <Talk set={set} onTalk={onTalk} />}
    </aside>
  )
}

const ICONS = { asked: CircleDot, approved: CircleCheck, refused: CircleX, withdrawn: CircleX } as const

function Approvers({ set }: { set: ChangeSet }) {
  const { t } = useTranslation()
  const zone = useMe()?.tenant.zone
  const reasonText = useMeasureText()
  return (
    <section className="jy-card jy-change-aside">
      <header>
        <h2 className="jy-grow">{t('change:approvers.title')}</h2>
        <span className="jy-muted">{t('change:approvers.how')}</span>
      </header>
      {!set.approvers.some(a => a.state === 'asked' || a.state === 'approved') && set.state !== 'refused' && (
        <p className="jy-muted">
          {set.checks.find(c => c.code === 'nobody')?.words ??
            t(set.job ? 'change:approvers.choosing' : set.state === 'draft' ? 'change:approvers.draft' : 'change:approvers.none')}
        </p>
      )}
      <ul>
        {set.approvers.map(a => {
          const Icon = ICONS[a.state]
          // A no of an earlier round sent it back; it does not stand against what was submitted since.
          const word = a.state === 'refused' && set.state !== 'refused' ? 'sentBack' : a.state === 'asked' && a.mine ? 'you' : a.state
          return (
            <li key={a.requestId}>
              <Face name={a.person.name} size={26} />
              <div className="jy-grow">
                <p>
                  <b>{a.person.name}</b> <span className="jy-muted">{a.title}</span>
                </p>
                {a.reasons.map(r => (
                  <small key={`${r.measure}${r.atLeast}${r.as}`} className="jy-muted">
                    {reasonText(r)}
                  </small>
                ))}
                {a.answer && <small>{a.answer}</small>}
              </div>
              <span className="jy-change-answer" data-state={word} title={moment(a.decidedAt, new Date(), zone)}>
                <Icon size={14} aria-hidden /> {t(`change:approvers.${word}`)}
              </span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function Schedule({ set }: { set: ChangeSet }) {
  const { t } = useTranslation()
  const zone = useMe()?.tenant.zone
  const now = new Date()
  const today = isoDay(now, zone)
  const effective = set.effectiveAt ? isoDay(new Date(set.effectiveAt), zone) : null
  const brought = isoDay(new Date(set.submittedAt ?? set.createdAt), zone)
  const end =
    effective && set.holdoverDays > 0 && set.effectiveAt ? isoDay(new Date(Date.parse(set.effectiveAt) + set.holdoverDays * 86_400_000), zone) : null
  const points = [
    { key: set.submittedAt ? 'brought' : 'made', at: brought },
    { key: 'today', at: today },
    ...(effective ? [{ key: 'effective', at: effective }] : []),
    ...(end ? [{ key: 'holdover', at: end }] : []),
  ].sort((a, b) => a.at.localeCompare(b.at))
  const left = effective ? daysUntil(effective, today) : null
  const cameTrue = set.state === 'active' || set.state === 'past' || set.state === 'undone'
  return (
    <section className="jy-card jy-change-aside">
      <header>
        <h2>{t('change:when.title')}</h2>
      </header>
      <p className="jy-change-when">
        <b>{set.effectiveAt ? moment(set.effectiveAt, now, zone) : t('change:when.open')}</b>
        {left !== null && left > 0 && !cameTrue && <Tag color="processing">{t('change:when.left', { n: left, count: left })}</Tag>}
        {set.effectiveAt && !cameTrue && set.state !== 'scheduled' && <Tag>{t('change:when.planned')}</Tag>}
      </p>
      <ol className="jy-change-line">
        {points.map(p => (
          <li key={p.key} data-past={p.at <= today || undefined} data-today={p.key === 'today' || undefined}>
            <b>{t(`change:when.${p.key}`)}</b>
            <small>{day(p.at, now, zone)}</small>
          </li>
        ))}
      </ol>
      <p className="jy-muted">
        {set.holdoverDays > 0
          ? t(set.holdoverOf === 'all' ? 'change:when.hold' : 'change:when.holdChosen', { n: set.holdoverDays, count: set.holdoverDays })
          : t('change:when.noHold')}{' '}
        {t('change:when.how')}
      </p>
    </section>
  )
}

function Regret({ set }: { set: ChangeSet }) {
  const { t } = useTranslation()
  const key = set.state === 'active' ? 'active' : set.state === 'undone' ? 'undone' : set.state === 'past' ? 'past' : 'before'
  return (
    <section className="jy-card jy-change-aside">
      <header>
        <h2>{t('change:regret.title')}</h2>
      </header>
      <p className="jy-change-regret">
        <Undo2 size={15} aria-hidden />
        <span>
          <b>{t(`change:regret.${key}`)}</b> {t('change:regret.can')}
          <br />
          <span className="jy-muted">{t('change:regret.cannot')}</span>
        </span>
      </p>
    </section>
  )
}

function Talk({ set, onTalk }: { set: ChangeSet; onTalk: () => void }) {
  const { t } = useTranslation()
  const list = useQuery({
    queryKey: [...setKey(set.id), 'comments', 'newest'],
    queryFn: ({ signal }) => call(listComments, { params: { id: set.id }, query: {}, signal }),
  })
  return (
    <section className="jy-card jy-change-aside">
      <header>
        <h2 className="jy-grow">{t('change:comment.title')}</h2>
        <span className="jy-muted">{t('change:comment.count', { n: count(set.comments), count: set.comments })}</span>
      </header>
      {list.isPending && <Skeleton lines={2} />}
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.rows.slice(0, 3).map(c => (
        <Said key={c.id} comment={c} />
      ))}
      <Button type="link" size="small" onClick={onTalk}>
        {t(set.comments > 0 ? 'change:comment.all' : 'change:comment.do')}
      </Button>
    </section>
  )
}
