/** Dealings: a note with its next step, open tasks on top, and everything that happened on one line. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, DatePicker, Input } from 'antd'
import type { TextAreaRef } from 'antd/es/input/TextArea'
import { Check, CircleDollarSign, FileText, Flag, History, NotebookPen, UserRoundCheck } from 'lucide-react'
import { type RefObject, useImperativeHandle, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountDetail } from '../../contract/account/accounts.ts'
import { addNote, listTasks, type TimelineEvent, timeline, updateTask } from '../../contract/account/attached.ts'
import { call } from '../app/api.ts'
import { BeforeAfter } from '../app/before-after.tsx'
import { moment } from '../app/format.ts'
import { useKeys } from '../app/keys.ts'
import { useMe } from '../app/me.ts'
import { usePaged } from '../app/paged.ts'
import { Empty, ErrorState, Skeleton, useProblemText } from '../app/states.tsx'
import { useWords } from './use-catalogue.ts'

const ICONS = {
  note: NotebookPen,
  task: Flag,
  taskDone: Check,
  file: FileText,
  opportunity: CircleDollarSign,
  change: History,
  created: History,
  ownership: UserRoundCheck,
} as const

export function Dealings({ account, noteRef }: { account: AccountDetail; noteRef: RefObject<HTMLTextAreaElement | null> }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const me = useMe()
  const queries = useQueryClient()
  const [text, setText] = useState('')
  const [next, setNext] = useState('')
  const [due, setDue] = useState<string | null>(null)
  const area = useRef<TextAreaRef>(null)
  useImperativeHandle(noteRef, () => area.current?.resizableTextArea?.textArea as HTMLTextAreaElement)
  const tasks = useQuery({ queryKey: ['tasks', account.id], queryFn: ({ signal }) => call(listTasks, { query: { accountId: account.id }, signal }) })
  const events = usePaged(['timeline', account.id], (cursor, signal) => call(timeline, { params: { id: account.id }, query: { cursor }, signal }))
  const refresh = () => Promise.all(['tasks', 'timeline'].map(key => queries.invalidateQueries({ queryKey: [key] })))
  const write = useMutation({
    mutationFn: () =>
      call(addNote, {
        params: { id: account.id },
        body: { text: text.trim(), ...(next.trim() && due ? { next: { text: next.trim(), dueOn: due } } : {}) },
      }),
    onSuccess: async () => {
      setText('')
      setNext('')
      setDue(null)
      await refresh()
    },
    onError: error => void message.error(say(error)),
  })
  const finish = useMutation({
    mutationFn: (task: { id: string; rowVersion: number }) =>
      call(updateTask, { params: { id: task.id }, ifMatch: task.rowVersion, body: { done: true } }),
    onSuccess: refresh,
    onError: error => void message.error(say(error)),
  })
  const first = tasks.data?.rows[0]
  useKeys([{ key: '.', word: 'account:key.finish', run: () => first && account.editable && finish.mutate(first) }])
  return (
    <section className="jy-card jy-box">
      <header>
        <h2>{t('account:dealings')}</h2>
      </header>
      {account.editable && (
        <div style={{ marginBottom: 10 }}>
          <Input.TextArea
            ref={area}
            autoSize={{ minRows: 1, maxRows: 8 }}
            maxLength={4000}
            placeholder={t('account:note.placeholder')}
            value={text}
            onChange={event => setText(event.target.value)}
          />
          {text.trim() !== '' && (
            <div className="jy-row jy-wrap" style={{ marginTop: 6 }}>
              <Input
                style={{ flex: 1, minWidth: 160 }}
                maxLength={400}
                placeholder={t('account:note.next')}
                value={next}
                onChange={event => setNext(event.target.value)}
              />
              <DatePicker placeholder={t('account:note.due')} onChange={value => setDue(value ? value.format('YYYY-MM-DD') : null)} />
              <Button type="primary" loading={write.isPending} disabled={next.trim() !== '' && !due} onClick={() => write.mutate()}>
                {t('shell:save')}
              </Button>
            </div>
          )}
        </div>
      )}
      {tasks.data?.rows.map(task => (
        <div className="jy-next" key={task.id}>
          <Flag size={14} />
          <span className="jy-grow">
            <b>{task.text}</b> {task.assignee.name}
          </span>
          <span>{task.dueOn ?? ''}</span>
          {account.editable && (
            <Button size="small" icon={<Check size={13} />} onClick={() => finish.mutate(task)}>
              {t('account:note.done')}
            </Button>
          )}
        </div>
      ))}
      {events.pending && <Skeleton />}
      {events.error !== null && <ErrorState error={events.error} onRetry={events.retry} />}
      {!events.pending && events.rows.length === 0 && <Empty title={t('account:nothingYet')} why={t('account:nothingYetWhy')} />}
      {events.rows.map(event => (
        <Event key={event.id} event={event} zone={me?.tenant.zone} />
      ))}
      {events.hasMore && (
        <Button type="text" loading={events.loadingMore} onClick={events.more}>
          {t('shell:more')}
        </Button>
      )}
    </section>
  )
}

function Event({ event, zone }: { event: TimelineEvent; zone: string | undefined }) {
  const { t } = useTranslation()
  const words = useWords([])
  const Icon = ICONS[event.kind]
  const detail = event.detail as { before?: Record<string, unknown>; after?: Record<string, unknown>; territory?: string; owner?: string } | null
  return (
    <div className="jy-event">
      <i>
        <Icon size={13} />
      </i>
      <span>
        <b>{t(`account:event.${event.kind}`)}</b> {event.by ?? ''}
      </span>
      <small className="jy-muted">{moment(event.at, new Date(), zone)}</small>
      {event.kind === 'change' ? (
        <div style={{ gridColumn: '2 / 4' }}>
          <BeforeAfter
            before={detail?.before ?? null}
            after={detail?.after ?? null}
            wordOf={words.label}
            show={(key, value) => words.value(key, value)}
          />
        </div>
      ) : event.kind === 'ownership' ? (
        <p>{t('account:event.until', { territory: detail?.territory ?? t('account:unassigned'), owner: detail?.owner ?? t('account:nobody') })}</p>
      ) : (
        event.text && <p>{event.text}</p>
      )}
    </div>
  )
}
