/** One import: map the columns, see what every row would do, map the words nobody knows, write, and take back. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { Alert, App, Button, Select, Steps, Tag } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ENCODINGS, encodeImport, getImport, mapImport, runImport } from '../../contract/import/imports.ts'
import { call, type ReplyOf } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { ErrorState, Skeleton, useProblemText } from '../app/states.tsx'
import { useCrumb } from '../shell/crumb.ts'
import { CheckResult } from './check-result.tsx'
import { Columns } from './columns.tsx'
import { type Draft, firstDraft, missingFields, toMapping } from './mapping.ts'
import { ImportOutcome } from './outcome.tsx'
import { ImportProgress } from './progress.tsx'
import './import.css'

export const BUSY = ['staging', 'writing', 'placing', 'undoing']
const EDITABLE = ['uploaded', 'mapped', 'staged', 'failed']

export function ImportPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const job = useQuery({
    queryKey: ['import', id],
    queryFn: ({ signal }) => call(getImport, { params: { id }, signal }),
    refetchInterval: query => (query.state.data && BUSY.includes(query.state.data.state) ? 700 : false),
  })
  if (job.isPending) return <Skeleton lines={10} />
  if (job.isError) return <ErrorState error={job.error} onRetry={() => void job.refetch()} />
  // Another encoding is another table: what was chosen for the first one is forgotten.
  return <Page key={`${id}/${job.data.encoding}`} job={job.data} />
}

const stepOf = (state: string): number =>
  ['done', 'undone', 'undoing'].includes(state) ? 3 : ['writing', 'placing'].includes(state) ? 2 : ['staging', 'staged'].includes(state) ? 1 : 0

function Page({ job }: { job: ReplyOf<typeof getImport> }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
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
  const { state, stats } = job
  // When the work ends, everything that shows records is asked anew.
  useEffect(() => {
    if (state === 'done' || state === 'undone')
      void queries.invalidateQueries({ predicate: q => q.queryKey[0] !== 'import' && q.queryKey[0] !== 'me' })
  }, [state, queries])
  const written = (stats.written ?? 0) > 0
  const editable = EDITABLE.includes(state) && !written
  const needsModel = (job.object === 'territory' || job.object === 'member') && !draft.model?.id && !draft.model?.name?.trim()
  const ready = missingFields(draft, job.targets).length === 0 && !needsModel
  return (
    <div className="jy-page">
      <div className="jy-page-head">
        <h1 className="jy-ellipsis">{job.fileName}</h1>
        <Tag>{t(`import:object.${job.object}`)}</Tag>
        <Tag color={state === 'done' ? 'success' : state === 'failed' ? 'error' : 'processing'}>{t(`import:states.${state}`)}</Tag>
        <span className="jy-grow" />
        <FileForm job={job} editable={editable} onChanged={refresh} />
      </div>
      <Steps
        size="small"
        responsive={false}
        current={stepOf(state)}
        items={['map', 'check', 'write', 'done'].map(key => ({ title: t(`import:step.${key}`) }))}
      />
      {state === 'failed' && (
        <Alert
          type="error"
          showIcon
          title={stats.problem ?? t('import:states.failed')}
          description={written ? t('import:partly', { n: count(stats.written ?? 0) }) : undefined}
          action={
            written ? (
              <Button loading={run.isPending} onClick={() => run.mutate()}>
                {t('import:goOn')}
              </Button>
            ) : undefined
          }
        />
      )}
      {BUSY.includes(state) && <ImportProgress job={job} />}
      {(state === 'done' || state === 'undone' || (state === 'failed' && written)) && <ImportOutcome job={job} onChanged={refresh} />}
      {editable && state !== 'staged' && <Columns job={job} draft={draft} onChange={setDraft} />}
      {editable && (
        <div className="jy-row jy-wrap jy-import-actions">
          {state === 'staged' && (
            <Button type="primary" disabled={(stats.good ?? 0) === 0} loading={run.isPending} onClick={() => run.mutate()}>
              {t('import:write', { n: count(stats.good ?? 0) })}
            </Button>
          )}
          <Button type={state === 'staged' ? 'default' : 'primary'} disabled={!ready} loading={check.isPending} onClick={() => check.mutate()}>
            {t(state === 'staged' ? 'import:checkAgain' : 'import:check')}
          </Button>
          <span className="jy-muted">{t(state === 'staged' ? 'import:writeWhy' : 'import:checkWhy')}</span>
        </div>
      )}
      {(state === 'staged' || state === 'done') && (
        <CheckResult job={job} draft={draft} onChange={state === 'staged' ? setDraft : undefined} onCheck={() => check.mutate()} />
      )}
      {state === 'staged' && (
        <details className="jy-card jy-import-again">
          <summary>{t('import:changeMapping', { n: draft.columns.filter(c => c.field !== null).length, all: job.headers.length })}</summary>
          <Columns job={job} draft={draft} onChange={setDraft} />
        </details>
      )}
    </div>
  )
}

/** What the file was taken for; a wrong guess of the encoding is put right by hand. */
function FileForm({ job, editable, onChanged }: { job: ReplyOf<typeof getImport>; editable: boolean; onChanged: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const encode = useMutation({
    mutationFn: (encoding: (typeof ENCODINGS)[number]) => call(encodeImport, { params: { id: job.id }, body: { encoding } }),
    onSuccess: onChanged,
    onError: error => void message.error(say(error)),
  })
  if (job.format !== 'csv') return <span className="jy-muted">XLSX</span>
  return (
    <span className="jy-row jy-muted">
      CSV
      <Select
        size="small"
        style={{ width: 150 }}
        disabled={!editable}
        loading={encode.isPending}
        aria-label={t('import:encoding')}
        value={job.encoding as (typeof ENCODINGS)[number]}
        onChange={encoding => encode.mutate(encoding)}
        options={ENCODINGS.map(value => ({ value, label: t(`import:encodings.${value}`) }))}
      />
    </span>
  )
}
