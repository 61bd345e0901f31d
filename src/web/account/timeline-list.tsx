/** The line of events: each with its sign, in words, with the change before and after; more on request. */
import {
  ArrowRight,
  Check,
  CircleDollarSign,
  FileText,
  Flag,
  GitPullRequestArrow,
  History,
  NotebookPen,
  Sparkles,
  TrendingUp,
  UserRoundCheck,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { type TimelineEvent, type TimelineFilter, timeline } from '../../contract/account/attached.ts'
import { call } from '../app/api.ts'
import { changesOf } from '../app/before-after.tsx'
import { money } from '../app/figures.ts'
import { moment } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { MoreButton } from '../app/more-button.tsx'
import { usePaged } from '../app/paged.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'
import { TerritoryChip } from '../app/territory-chip.tsx'
import { useWords } from './use-catalogue.ts'

const ICONS = {
  note: NotebookPen,
  task: Flag,
  taskDone: Check,
  file: FileText,
  opportunity: CircleDollarSign,
  opportunityChange: TrendingUp,
  change: History,
  created: Sparkles,
  ownership: UserRoundCheck,
  approval: GitPullRequestArrow,
} as const

export function TimelineList({ accountId, of, editable }: { accountId: string; of: TimelineFilter; editable: boolean }) {
  const { t } = useTranslation()
  const events = usePaged(['timeline', accountId, of], (cursor, signal) =>
    call(timeline, { params: { id: accountId }, query: { cursor, of }, signal }),
  )
  if (events.pending) return <Skeleton lines={8} />
  if (events.error !== null && events.rows.length === 0) return <ErrorState error={events.error} onRetry={events.retry} />
  return (
    <>
      <ol className="jy-line" data-stale={events.stale || undefined}>
        {events.rows.map(event => (
          <Event key={event.id} event={event} />
        ))}
      </ol>
      {events.rows.length === 0 && (
        <Empty
          title={t(of === 'all' ? 'account:nothingYet' : 'account:timeline.none')}
          {...(of === 'all' && editable ? { why: t('account:nothingYetWhy') } : {})}
        />
      )}
      <MoreButton list={events} />
    </>
  )
}

type Ref = { code: string; name: string; colour: number } | null
type Change = Readonly<Record<string, unknown>> | null

function Event({ event }: { event: TimelineEvent }) {
  const me = useMe()
  const { title, body } = useEventWords(event)
  const Icon = ICONS[event.kind]
  return (
    <li className="jy-event" data-kind={event.kind}>
      <i aria-hidden>
        <Icon size={14} />
      </i>
      <span>
        <b>{title}</b> {event.by && <span className="jy-muted">{event.by}</span>}
      </span>
      <time className="jy-muted" dateTime={event.at}>
        {moment(event.at, new Date(), me?.tenant.zone)}
      </time>
      {body && <div className="jy-event-body">{body}</div>}
    </li>
  )
}

function useEventWords(event: TimelineEvent): { title: ReactNode; body: ReactNode } {
  const { t, i18n } = useTranslation()
  const d = (event.detail ?? {}) as Record<string, unknown>
  const before = (d.before ?? null) as Change
  const after = (d.after ?? null) as Change
  const codes = [before, after].flatMap(v =>
    v ? [v.division, v.registeredDivision].filter(c => typeof c === 'string' && /^\d{6}$/.test(c)) : [],
  ) as string[]
  const words = useWords(codes)
  const sum = (minor: unknown) => (typeof minor === 'number' ? money(String(minor / 100), i18n.language) : '–')
  switch (event.kind) {
    case 'ownership': {
      const [from, to] = [d.fromTerritory as Ref, d.territory as Ref]
      const owners = d.fromOwner !== d.owner
      return {
        title: (
          <span className="jy-row jy-wrap jy-tight">
            {owners || d.first ? t('account:event.owner') : t('account:event.territory')}
            {!d.first && owners && (
              <>
                <span>{String(d.fromOwner ?? t('account:nobody'))}</span>
                <ArrowRight size={12} aria-label={t('account:event.to')} />
              </>
            )}
            {(owners || Boolean(d.first)) && <span>{String(d.owner ?? t('account:nobody'))}</span>}
          </span>
        ),
        body: (
          <span className="jy-row jy-wrap jy-tight">
            {!d.first && from?.code !== to?.code && (
              <>
                {from ? <TerritoryChip {...from} /> : <span className="jy-muted">{t('account:unassigned')}</span>}
                <ArrowRight size={12} aria-label={t('account:event.to')} />
              </>
            )}
            {to ? <TerritoryChip {...to} /> : <span className="jy-muted">{t('account:unassigned')}</span>}
            <span>
              {event.text ??
                (d.handover ? t('account:event.handover') : null) ??
                t(`account:source.${String(d.source).startsWith('pin') ? 'pin' : String(d.source).startsWith('none') ? 'none' : 'rule'}`)}
            </span>
          </span>
        ),
      }
    }
    case 'approval':
      return {
        title: t(d.kind === 'account.share' ? 'account:event.askedShare' : 'account:event.askedTransfer', { to: String(d.to ?? '') }),
        body: `${event.text ?? ''} · ${t(`approval:state.${String(d.state)}`)} · ${String(d.approver ?? '')}${d.answer ? ` · ${String(d.answer)}` : ''}`,
      }
    case 'opportunity':
      return {
        title: t('account:event.opportunity'),
        body: `${event.text ?? ''} · ${sum(d.amount)}${d.closeOn ? ` · ${t('account:deal.closing', { day: String(d.closeOn) })}` : ''}`,
      }
    case 'opportunityChange': {
      const shown = (v: Change) =>
        v
          ? Object.fromEntries(
              Object.entries(v).map(([k, value]) => [
                k,
                k === 'amount' ? sum(value) : k === 'stage' ? t(`account:deal.${String(value)}`) : (value ?? '–'),
              ]),
            )
          : null
      return {
        title: t(after?.stage ? 'account:event.stage' : 'account:event.opportunityChange', { name: event.text ?? '' }),
        body: <Changes before={shown(before)} after={shown(after)} wordOf={key => t(`account:deal.${key === 'closeOn' ? 'close' : key}`)} />,
      }
    }
    case 'change':
    case 'created': {
      const act = String(d.kind ?? '').replace('.', '_')
      const title = t([`account:act.${act}`, 'account:event.change'])
      if (act.startsWith('address')) {
        const kind = String((after ?? before)?.kind ?? 'business')
        const text = (v: Change) => ({ text: v?.text || (v?.division ? words.value('division', v.division) : null) })
        return {
          title: `${title} · ${t(`account:address.${kind}`)}`,
          body: act === 'address_verify' ? null : <Changes before={before && text(before)} after={after && text(after)} />,
        }
      }
      if (act.startsWith('contact') || act.startsWith('file') || act === 'account_import' || act === 'account_create' || act === 'account_correct')
        return { title, body: event.text }
      if (act === 'account_share' && after) return { title, body: t(`account:share.${String(after.access)}`) }
      const shown = (v: Change) => v && Object.fromEntries(Object.entries(v).map(([key, value]) => [key, words.value(key, value)]))
      return {
        title,
        body: (
          <>
            {event.text && <p>{event.text}</p>}
            {after && !act.includes('pin') && <Changes before={shown(before)} after={shown(after)} wordOf={words.label} />}
          </>
        ),
      }
    }
    case 'task':
    case 'taskDone':
      return {
        title: t(`account:event.${event.kind}`),
        body: `${event.text ?? ''}${event.kind === 'task' && d.dueOn ? ` · ${String(d.dueOn)}` : ''}`,
      }
    default:
      return { title: t(`account:event.${event.kind}`), body: event.text }
  }
}

/** What changed, a line an item: old struck through, new beside it. */
function Changes({ before, after, wordOf }: { before: Change; after: Change; wordOf?: (key: string) => string }) {
  const { t } = useTranslation()
  const word = (value: unknown) => (value === null || value === undefined || value === '' ? '–' : String(value))
  return (
    <ul className="jy-changes">
      {changesOf(before, after).map(c => (
        <li key={c.key}>
          {wordOf && <span className="jy-muted">{wordOf(c.key)}</span>}
          {before && <s>{word(c.before)}</s>}
          {before && after && <ArrowRight size={12} aria-label={t('account:event.to')} />}
          {after && <b>{word(c.after)}</b>}
        </li>
      ))}
    </ul>
  )
}
