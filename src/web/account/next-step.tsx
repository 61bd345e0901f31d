/** The next step: what is due first stands on top with the days left; moved to another day or finished in its place. Others fold away. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, DatePicker } from 'antd'
import { CalendarClock, Check, Flag } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type TaskRow, updateTask } from '../../contract/account/attached.ts'
import { call } from '../app/api.ts'
import { day, isoDay } from '../app/format.ts'
import { useKeys } from '../app/keys.ts'
import { useMe } from '../app/me.ts'
import { useProblemText } from '../app/states.tsx'
import { daysUntil } from './days-until.ts'

export function NextSteps({ tasks, editable }: { tasks: readonly TaskRow[]; editable: boolean }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const [all, setAll] = useState(false)
  const change = useMutation({
    mutationFn: ({ task, ...body }: { task: TaskRow; done?: true; dueOn?: string }) =>
      call(updateTask, { params: { id: task.id }, ifMatch: task.rowVersion, body }),
    onSuccess: () => Promise.all(['tasks', 'timeline', 'home'].map(k => queries.invalidateQueries({ queryKey: [k] }))),
    onError: async error => {
      void message.error(say(error))
      await queries.invalidateQueries({ queryKey: ['tasks'] })
    },
  })
  const [first] = tasks
  useKeys([{ key: '.', word: 'account:key.finish', run: () => first && editable && change.mutate({ task: first, done: true }) }])
  if (!first) return null
  const shown = all ? tasks : tasks.slice(0, 1)
  return (
    <>
      {shown.map((task, i) => (
        <Step
          key={task.id}
          task={task}
          first={i === 0}
          editable={editable}
          busy={change.isPending && change.variables?.task.id === task.id}
          onDone={() => change.mutate({ task, done: true })}
          onMove={dueOn => change.mutate({ task, dueOn })}
        />
      ))}
      {tasks.length > 1 && (
        <Button size="small" type="text" onClick={() => setAll(!all)}>
          {all ? t('account:next.fewer') : t('account:next.more', { n: tasks.length - 1 })}
        </Button>
      )}
    </>
  )
}

type StepProps = { task: TaskRow; first: boolean; editable: boolean; busy: boolean; onDone: () => void; onMove: (day: string) => void }
function Step({ task, first, editable, busy, onDone, onMove }: StepProps) {
  const { t } = useTranslation()
  const me = useMe()
  const [moving, setMoving] = useState(false)
  const left = task.dueOn === null ? null : daysUntil(task.dueOn, isoDay(new Date(), me?.tenant.zone))
  return (
    <div className="jy-next" data-late={(left !== null && left < 0) || undefined}>
      <Flag size={14} aria-hidden />
      <span className="jy-grow">
        {first && <b>{t('account:next.title')} </b>}
        {task.dueOn && `${day(task.dueOn, new Date(), me?.tenant.zone)} `}
        {task.text} <small>{task.assignee.name}</small>
      </span>
      {left !== null && (
        <b className="jy-left">
          {left < 0 ? t('account:next.late', { n: -left }) : left === 0 ? t('account:next.today') : t('account:next.left', { n: left })}
        </b>
      )}
      {editable && (
        <span className="jy-row jy-tight">
          {moving ? (
            <DatePicker
              size="small"
              autoFocus
              defaultOpen
              style={{ width: 128 }}
              onOpenChange={open => !open && setMoving(false)}
              onChange={value => value && onMove(value.format('YYYY-MM-DD'))}
            />
          ) : (
            <Button size="small" icon={<CalendarClock size={13} />} onClick={() => setMoving(true)}>
              {t('account:next.move')}
            </Button>
          )}
          <Button size="small" icon={<Check size={13} />} loading={busy} onClick={onDone}>
            {t('account:note.done')}
          </Button>
        </span>
      )}
    </div>
  )
}
