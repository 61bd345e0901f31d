/** One import: map the columns, see what every row would do, map the words nobody knows, write, and take back. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { Alert, App, Button, Progress, Steps, Tag } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getImport, mapImport, runImport, undoImport } from '../../contract/import/imports.ts'
import { call, type ReplyOf } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { ErrorState, Skeleton, useProblemText } from '../app/states.tsx'
import { useCrumb } from '../shell/crumb.ts'
import { CheckResult } from './check-result.tsx'
import { Columns } from './columns.tsx'
import { type Draft, firstDraft, toMapping } from './mapping.ts'
import './import.css'

const BUSY = ['staging', 'writing', 'placing', 'undoing']

export function ImportPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const job = useQuery({
    queryKey: ['import', id],
    queryFn: ({ signal }) => call(getImport, { params: { id }, signal }),
    refetchInterval: query => (query.state.data && BUSY.includes(query.state.data.state) ? 700 : false),
  })
  if (job.isPending) return <Skeleton lines={10} />
  if (job.isError) return <ErrorState error={job.error} onRetry={() => void job.refetch()} />
  return <Page key={id} job={job.data} />
}

function Page({ job }: { job: ReplyOf<typeof getImport> }) {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const navigate = useNavigate()
  useCrumb(job.fileName)
  const [draft, setDraft] = useState<Draft>(() => firstDraft(job))
  const refresh = () => queries.invalidateQueries({ queryKey: ['import', job.id] })
  const fail = (error: unknown) => void message.error(say(error))
  const check = useMutation({
    mutationFn: () => call(mapImport, { params: { id: job.id }, body: toMapping(draft) }),
    onSuccess: refresh,
    onError: fail,
  })
  const run = useMutation({ mutationFn: () => call(runImport, { params: { id: job.id } }), onSuccess: refresh, onError: fail })
  const undo = useMutation({ mutationFn: () => call(undoImport, { params: { id: job.id } }), onSuccess: refresh, onError: fail })
  const { state, stats } = job
  // When the work ends, everything that shows accounts is asked anew.
  useEffect(() => {
    if (state === 'done' || state === 'undone')
      void queries.invalidateQueries({ predicate: q => q.queryKey[0] !== 'import' && q.queryKey[0] !== 'me' })
  }, [state, queries])
  const busy = BUSY.includes(state)
  const editable = ['uploaded', 'mapped', 'staged', 'failed'].includes(state)
  const step =
    state === 'done' || state === 'undone' || state === 'undoing' ? 3 : state === 'writing' || state === 'placing' ? 2 : state === 'staged' ? 1 : 0
  return (
    <div className="jy-page">
      <div className="jy-page-head">
        <h1>{job.fileName}</h1>
        <Tag color={state === 'done' ? 'success' : state === 'failed' ? 'error' : 'processing'}>{t(`import:states.${state}`)}</Tag>
        <span className="jy-muted">{`${job.format.toUpperCase()} · ${job.encoding}`}</span>
      </div>
      <Steps size="small" current={step} items={['map', 'check', 'write', 'done'].map(key => ({ title: t(`import:step.${key}`) }))} />
      {state === 'failed' && stats.problem && <Alert type="error" title={stats.problem} />}
      {busy && (
        <section className="jy-card jy-box" aria-live="polite">
          <b>{t(`import:states.${state}`)}</b> {count(job.done)}
          {job.total ? (
            <Progress percent={Math.round((job.done / job.total) * 100)} status="active" />
          ) : (
            <Progress percent={100} showInfo={false} status="active" />
          )}
        </section>
      )}
      {(state === 'done' || state === 'undone') && (
        <section className="jy-card jy-box">
          <h2>{t(state === 'done' ? 'import:done' : 'import:undone', { n: count(stats.written ?? 0) })}</h2>
          <p className="jy-muted">{t('import:doneWhy', { bad: count(stats.bad ?? 0) })}</p>
          <div className="jy-row">
            <Button type="primary" onClick={() => void navigate({ to: '/accounts' })}>
              {t('import:seeAccounts')}
            </Button>
            {state === 'done' && (
              <Button
                danger
                loading={undo.isPending}
                onClick={() =>
                  modal.confirm({
                    title: t('import:undoAsk'),
                    content: t('import:undoWhy'),
                    okText: t('import:undo'),
                    okButtonProps: { danger: true },
                    cancelText: t('shell:cancel'),
                    onOk: () => undo.mutateAsync().catch(() => undefined),
                  })
                }
              >
                {t('import:undo')}
              </Button>
            )}
          </div>
        </section>
      )}
      {editable && (
        <>
          <Columns job={job} draft={draft} onChange={setDraft} />
          <div className="jy-row">
            <Button type={state === 'staged' ? 'default' : 'primary'} loading={check.isPending} onClick={() => check.mutate()}>
              {t(state === 'staged' ? 'import:checkAgain' : 'import:check')}
            </Button>
            {state === 'staged' && (
              <Button type="primary" disabled={(stats.good ?? 0) === 0} loading={run.isPending} onClick={() => run.mutate()}>
                {t('import:write', { n: count(stats.good ?? 0) })}
              </Button>
            )}
          </div>
        </>
      )}
      {(state === 'staged' || state === 'done') && (
        <CheckResult job={job} draft={draft} onChange={state === 'staged' ? setDraft : undefined} onCheck={() => check.mutate()} />
      )}
    </div>
  )
}
