/** Dealings: a note with its next step, the next step on top, and everything that happened on one line, as far as one wants to see it. */
import { useQuery } from '@tanstack/react-query'
import { Segmented } from 'antd'
import { type RefObject, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountDetail } from '../../contract/account/accounts.ts'
import { listTasks, TIMELINE_FILTERS, type TimelineFilter } from '../../contract/account/attached.ts'
import { call } from '../app/api.ts'
import { ErrorState } from '../app/states.tsx'
import { NextSteps } from './next-step.tsx'
import { NoteComposer } from './note-composer.tsx'
import { TimelineList } from './timeline-list.tsx'

export function Dealings({ account, noteRef }: { account: AccountDetail; noteRef: RefObject<HTMLTextAreaElement | null> }) {
  const { t } = useTranslation()
  const [of, setOf] = useState<TimelineFilter>('all')
  const tasks = useQuery({ queryKey: ['tasks', account.id], queryFn: ({ signal }) => call(listTasks, { query: { accountId: account.id }, signal }) })
  return (
    <section className="jy-card jy-box jy-dealings">
      <header className="jy-wrap">
        <h2>{t('account:dealings')}</h2>
        <Segmented value={of} onChange={setOf} options={TIMELINE_FILTERS.map(value => ({ value, label: t(`account:timeline.${value}`) }))} />
      </header>
      {account.editable && <NoteComposer accountId={account.id} noteRef={noteRef} />}
      {tasks.isError && <ErrorState error={tasks.error} onRetry={() => void tasks.refetch()} />}
      {tasks.data && <NextSteps tasks={tasks.data.rows} editable={account.editable} />}
      <TimelineList accountId={account.id} of={of} editable={account.editable} />
    </section>
  )
}
