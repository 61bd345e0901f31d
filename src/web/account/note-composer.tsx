/** Writing a follow-up: one line that grows; with it the next step, its day and who takes it. Ctrl+Enter saves. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Input, Segmented } from 'antd'
import type { TextAreaRef } from 'antd/es/input/TextArea'
import { type RefObject, useImperativeHandle, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addNote } from '../../contract/account/attached.ts'
import { call, newKey } from '../app/api.ts'
import { isoDay } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { useProblemText } from '../app/states.tsx'
import { type Person, PersonSelect } from '../identity/person-select.tsx'

const SOON = { tomorrow: 1, week: 7, fortnight: 14, month: 30 } as const

export function NoteComposer({ accountId, noteRef }: { accountId: string; noteRef: RefObject<HTMLTextAreaElement | null> }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const [text, setText] = useState('')
  const [next, setNext] = useState('')
  const [due, setDue] = useState<string | null>(null)
  const [person, setPerson] = useState<Person | null>(null)
  const [open, setOpen] = useState(false)
  // One key for one intention: a press that is retried writes one note.
  const key = useRef(newKey())
  const area = useRef<TextAreaRef>(null)
  useImperativeHandle(noteRef, () => area.current?.resizableTextArea?.textArea as HTMLTextAreaElement)
  const write = useMutation({
    mutationFn: () =>
      call(addNote, {
        params: { id: accountId },
        idempotencyKey: key.current,
        body: {
          text: text.trim() || next.trim(),
          ...(next.trim() && due ? { next: { text: next.trim(), dueOn: due, ...(person ? { assigneeId: person.id } : {}) } } : {}),
        },
      }),
    onSuccess: async () => {
      key.current = newKey()
      setText('')
      setNext('')
      setDue(null)
      setPerson(null)
      setOpen(false)
      await Promise.all(['tasks', 'timeline'].map(k => queries.invalidateQueries({ queryKey: [k] })))
    },
    onError: error => {
      key.current = newKey()
      void message.error(say(error))
    },
  })
  const ready = (text.trim() !== '' || next.trim() !== '') && (next.trim() === '' || due !== null)
  const me = useMe()
  const inDays = (days: number) => isoDay(new Date(Date.now() + days * 86_400_000), me?.tenant.zone)
  const chosen = Object.entries(SOON).find(([, days]) => due === inDays(days))?.[0]
  return (
    <form
      className="jy-compose"
      onFocus={() => setOpen(true)}
      onSubmit={event => {
        event.preventDefault()
        if (ready) write.mutate()
      }}
      onKeyDown={event => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && ready) write.mutate()
        if (event.key === 'Escape' && text === '' && next === '') {
          setOpen(false)
          ;(event.target as HTMLElement).blur()
        }
      }}
    >
      <Input.TextArea
        ref={area}
        autoSize={{ minRows: open ? 2 : 1, maxRows: 8 }}
        maxLength={4000}
        aria-label={t('account:note.write')}
        placeholder={t('account:note.placeholder')}
        value={text}
        onChange={event => setText(event.target.value)}
      />
      {open && (
        <div className="jy-compose-next">
          <Input
            maxLength={400}
            aria-label={t('account:note.next')}
            placeholder={t('account:note.nextHint')}
            value={next}
            onChange={event => setNext(event.target.value)}
          />
          {next.trim() !== '' && (
            <>
              <Segmented
                value={chosen ?? ''}
                onChange={value => setDue(inDays(SOON[value as keyof typeof SOON]))}
                options={Object.keys(SOON).map(value => ({ value, label: t(`account:note.${value}`) }))}
              />
              <Input
                type="date"
                style={{ width: 150 }}
                aria-label={t('account:note.due')}
                value={due ?? ''}
                onChange={event => setDue(event.target.value || null)}
              />
              <span style={{ width: 150 }}>
                <PersonSelect value={person} onChange={setPerson} placeholder={t('account:note.mine')} aria-label={t('account:note.who')} />
              </span>
            </>
          )}
          <span className="jy-grow" />
          <Button onClick={() => setOpen(false)} type="text">
            {t('shell:cancel')}
          </Button>
          <Button type="primary" htmlType="submit" loading={write.isPending} disabled={!ready} title="Ctrl+Enter">
            {t('shell:save')}
          </Button>
        </div>
      )}
    </form>
  )
}
