/** What waits for me, each finished in its own place or put off: requests, tasks, quarrels, customers without owner, undecidable ones. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { AlarmClock, Check, Flag, Layers, Scale, UserRoundX } from 'lucide-react'
import { type ReactNode, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type TaskRow, updateTask } from '../../contract/account/attached.ts'
import { homeDecisions, subjectOf, wakeDecision } from '../../contract/home/home.ts'
import { type AssignSelection, BulkAssign } from '../account/bulk-assign.tsx'
import { daysUntil } from '../account/days-until.ts'
import { AccountLink } from '../app/account-link.tsx'
import { call } from '../app/api.ts'
import { useElsewhen } from '../app/as-of.ts'
import { useChange } from '../app/change.ts'
import { count } from '../app/figures.ts'
import { isoDay, moment } from '../app/format.ts'
import { useKeys } from '../app/keys.ts'
import { useMay, useMayChange, useMe } from '../app/me.ts'
import { Empty, ErrorState, Skeleton, useProblemText } from '../app/states.tsx'
import { TerritoryChip } from '../app/territory-chip.tsx'
import { ApprovalLine } from '../approval/approval-line.tsx'
import { Later, Line } from './decision-line.tsx'
import { SnoozeDialog } from './snooze-dialog.tsx'

export function Decisions() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const assigns = useMayChange('account.assign')
  const cleans = useMay('account.bulk')
  const me = useMe()
  const [asked, setAsked] = useState<'waiting' | 'snoozed'>('waiting')
  const list = useQuery({
    queryKey: ['home', 'decisions', asked],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call(homeDecisions, { query: { show: asked }, signal }),
  })
  const [giving, setGiving] = useState<(AssignSelection & { title: string }) | null>(null)
  const [putting, setPutting] = useState<string | null>(null)
  const box = useRef<HTMLElement>(null)
  const wake = useChange<string>({
    run: subject => call(wakeDecision, { body: { subject } }),
    touches: [['home', 'decisions']],
    said: null,
    // The last one brought back: nothing to see here any more.
    onDone: () => (list.data?.snoozed.length ?? 0) <= 1 && setAsked('waiting'),
  })
  const rowsOf = () => [...(box.current?.querySelectorAll<HTMLElement>('.jy-home-line, .jy-approval') ?? [])]
  /** The row in focus, else the first. */
  const current = () => rowsOf().find(r => r.contains(document.activeElement)) ?? rowsOf()[0]
  const step = (by: 1 | -1) => {
    const rows = rowsOf()
    const at = rows.findIndex(r => r.contains(document.activeElement))
    const to = rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + by))]
    to?.querySelector<HTMLElement>('button')?.focus()
  }
  useKeys([
    { key: 'j', word: 'shell:key.next', run: () => step(1) },
    { key: 'k', word: 'shell:key.previous', run: () => step(-1) },
    { key: 'e', word: 'home:key.first', run: () => current()?.querySelector<HTMLElement>('[data-first] button, .ant-btn-primary')?.click() },
    { key: 's', word: 'home:key.snooze', run: () => current()?.querySelector<HTMLElement>('[data-snooze]')?.click() },
  ])
  const data = list.data
  const snoozed = new Map(data?.snoozed.map(s => [s.subject, s]))
  const later = (subject: string) => (
    <Later
      of={snoozed.get(subject)}
      busy={wake.isPending && wake.variables === subject}
      onSnooze={() => setPutting(subject)}
      onWake={() => wake.mutate(subject)}
    />
  )
  const total = data
    ? data.approvals.length + data.cases.length + data.tasks.length + data.contested.length + data.unowned.length + (data.undecidable > 0 ? 1 : 0)
    : 0
  const toList = (search: Record<string, unknown>) => void navigate({ to: '/accounts', search: search as never })
  return (
    <section className="jy-card jy-home-box" ref={box} aria-label={t('home:decide')}>
      <header className="jy-row">
        <h2 className="jy-grow">
          {t('home:decide')} {total > 0 && <span className="jy-home-n">{total}</span>}
        </h2>
        {data && (data.snoozed.length > 0 || asked === 'snoozed') && (
          <Button
            type={asked === 'snoozed' ? 'primary' : 'text'}
            size="small"
            icon={<AlarmClock size={13} />}
            aria-pressed={asked === 'snoozed'}
            onClick={() => setAsked(asked === 'snoozed' ? 'waiting' : 'snoozed')}
          >
            {t('home:snooze.list', { n: data.snoozed.length })}
          </Button>
        )}
        {cleans && me?.seesAll && (
          <Button type="link" size="small" onClick={() => void navigate({ to: '/accounts/check-up' as never })}>
            {t('cleansing:toIt')}
          </Button>
        )}
        <Button type="link" size="small" onClick={() => void navigate({ to: '/approvals' })}>
          {t('approval:title')}
        </Button>
      </header>
      {list.isPending && <Skeleton lines={6} />}
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {data && total === 0 && (
        <Empty
          title={t(asked === 'snoozed' ? 'home:snooze.none' : 'home:nothing')}
          why={t(asked === 'snoozed' ? 'home:snooze.noneWhy' : 'home:nothingWhy')}
        />
      )}
      <div className="jy-home-scroll">
        {data?.approvals.map(row => (
          <ApprovalLine key={row.id} row={row} later={later(subjectOf.approval(row.id))} />
        ))}
        {data?.cases.map(c => (
          <Line
            key={c.id}
            later={later(subjectOf.case(c.id))}
            tone={Date.parse(c.dueAt) < Date.now() + 12 * 3_600_000 ? 'bad' : 'warn'}
            icon={<Scale size={15} />}
            title={t('engagement:home.line', { name: c.name })}
            text={t('engagement:home.text', {
              a: c.parties[0]!.user.name,
              b: c.parties[1]!.user.name,
              at: moment(c.dueAt, new Date(), me?.tenant.zone),
            })}
          >
            <Button type="primary" onClick={() => void navigate({ to: '/cases/$id', params: { id: c.id } } as never)}>
              {t('engagement:home.go')}
            </Button>
          </Line>
        ))}
        {data?.contested.map(c => (
          <Line
            key={c.subject}
            later={later(c.subject)}
            tone="bad"
            icon={<Layers size={15} />}
            title={
              <span className="jy-row jy-wrap jy-tight">
                {t('home:line.contested')}
                {c.territories.map((x, i) => (
                  <span key={x.id} className="jy-row jy-tight">
                    {i > 0 && '∩'}
                    <TerritoryChip {...x} />
                  </span>
                ))}
              </span>
            }
            text={t('home:line.contestedWhy', { n: count(c.accounts) })}
          >
            <Button onClick={() => toList({ scope: 'contested' })}>{t('home:seeList')}</Button>
          </Line>
        ))}
        {data?.unowned.map(u => (
          <Line
            key={u.subject}
            later={later(u.subject)}
            tone="warn"
            icon={<UserRoundX size={15} />}
            title={
              u.territory ? (
                <span className="jy-row jy-wrap jy-tight">
                  <TerritoryChip {...u.territory} /> {t('home:line.unowned')}
                </span>
              ) : (
                t('home:line.unassigned')
              )
            }
            text={t('home:line.unownedWhy', { n: count(u.accounts) })}
          >
            <Button onClick={() => toList(u.territory ? { scope: 'unowned', territoryId: u.territory.id } : { scope: 'unassigned' })}>
              {t('home:seeList')}
            </Button>
            {assigns && u.territory && (
              <Button
                type="primary"
                onClick={() =>
                  setGiving({
                    scope: 'unowned',
                    territoryId: u.territory!.id,
                    title: t('home:give', { territory: `${u.territory!.code} ${u.territory!.name}` }),
                  })
                }
              >
                {t('account:assign.do')}
              </Button>
            )}
          </Line>
        ))}
        {data && data.undecidable > 0 && (
          <Line
            tone="warn"
            icon={<Layers size={15} />}
            title={t('home:line.undecidable', { n: count(data.undecidable) })}
            text={t('home:line.undecidableWhy')}
            later={later(subjectOf.undecidable)}
          >
            <Button onClick={() => toList({ scope: 'undecidable' })}>{t('home:seeList')}</Button>
          </Line>
        )}
        {data?.tasks.map(task => (
          <TaskLine key={task.id} task={task} later={later(subjectOf.task(task.id))} />
        ))}
      </div>
      {putting && <SnoozeDialog subject={putting} onWake={subject => wake.mutate(subject)} onClose={() => setPutting(null)} />}
      {giving && (
        <BulkAssign selection={{ scope: giving.scope, territoryId: giving.territoryId }} title={giving.title} onClose={() => setGiving(null)} />
      )}
    </section>
  )
}

function TaskLine({ task, later }: { task: TaskRow; later: ReactNode }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const me = useMe()
  const elsewhen = useElsewhen()
  const queries = useQueryClient()
  const finish = useMutation({
    mutationFn: () => call(updateTask, { params: { id: task.id }, ifMatch: task.rowVersion, body: { done: true } }),
    onSuccess: () => Promise.all(['home', 'tasks', 'timeline'].map(k => queries.invalidateQueries({ queryKey: [k] }))),
    onError: error => void message.error(say(error)),
  })
  const left = task.dueOn === null ? null : daysUntil(task.dueOn, isoDay(new Date(), me?.tenant.zone))
  const due =
    left === null ? '' : left < 0 ? t('account:next.late', { n: -left }) : left === 0 ? t('account:next.today') : t('account:next.left', { n: left })
  return (
    <Line
      later={later}
      tone={left !== null && left < 0 ? 'bad' : 'plain'}
      icon={<Flag size={15} />}
      title={task.text}
      text={
        <>
          <AccountLink id={task.accountId}>{task.accountName}</AccountLink> ·{' '}
          <span className={left !== null && left < 0 ? 'jy-late' : undefined}>{due}</span>
        </>
      }
    >
      {!elsewhen && (
        <Button icon={<Check size={13} />} loading={finish.isPending} disabled={me?.viewAs !== null} onClick={() => finish.mutate()}>
          {t('home:finish')}
        </Button>
      )}
    </Line>
  )
}
