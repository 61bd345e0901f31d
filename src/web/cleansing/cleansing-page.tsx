/**
 * The data check-up: three scores, where the data are bad by field, source, department or owner, and the fix lists behind every figure. What
 * is shown is the reader's own sight; who sees every customer reads the company.
 */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Alert, App, Button, Progress, Segmented } from 'antd'
import { Download, MapPinned, Settings2, Stethoscope } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type CheckUp, DIMENSIONS, exportProblems, listCheckUps, readCheckUp, startCheckUp } from '../../contract/cleansing/check-ups.ts'
import { call, callFile } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { count } from '../app/figures.ts'
import { moment } from '../app/format.ts'
import { useMay, useMayChange, useMe } from '../app/me.ts'
import { queries } from '../app/queries.ts'
import { Empty, ErrorState, Skeleton, useProblemText } from '../app/states.tsx'
import { FieldTable } from './field-table.tsx'
import { FixList } from './fix-list.tsx'
import { MatrixTable } from './matrix-table.tsx'
import { ScoreCards } from './score-cards.tsx'
import type { Slice } from './shares.ts'
import { SpecDrawer } from './spec-drawer.tsx'
import './cleansing.css'

const BY = ['field', ...DIMENSIONS] as const
const text = (value: unknown): string | undefined => (value === undefined || value === null ? undefined : String(value))

/** The address of a fix list: `?field=phone&kind=phone.form`. */
function readPick(search: Record<string, unknown>): Slice | null {
  const field = text(search.field)
  if (!field) return null
  const dimension = DIMENSIONS.find(d => d === search.by)
  const kind = text(search.kind)
  return { field, ...(kind ? { kind } : {}), ...(dimension ? { dimension, value: text(search.of) ?? '' } : {}) }
}

export function CleansingPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as Record<string, unknown>
  const pick = readPick(search)
  const report = useQuery({
    queryKey: ['cleansing', 'report'],
    queryFn: ({ signal }) => call(readCheckUp, { signal }),
    refetchInterval: query => (query.state.data?.running ? 1000 : false),
  })
  const onPick = (next: Slice | null) =>
    void navigate({
      to: '/accounts/check-up',
      search: (next ? { field: next.field, kind: next.kind, by: next.dimension, of: next.dimension ? next.value : undefined } : {}) as never,
    })
  // A run that ended brings new figures, and another list behind each.
  const runId = report.data?.run?.id
  useEffect(() => {
    if (runId !== undefined) void queries.invalidateQueries({ queryKey: ['cleansing'], predicate: q => q.queryKey[1] !== 'report' })
  }, [runId])
  if (report.isPending)
    return (
      <div className="jy-page">
        <Skeleton lines={10} />
      </div>
    )
  if (report.isError) return <ErrorState error={report.error} part={t('cleansing:title')} onRetry={() => void report.refetch()} />
  return (
    <div className="jy-page jy-check">
      {pick && report.data.run ? (
        <FixList key={pick.field} report={report.data} pick={pick} onPick={onPick} />
      ) : (
        <Overview report={report.data} onPick={onPick} />
      )}
    </div>
  )
}

function Overview({ report, onPick }: { report: CheckUp; onPick: (pick: Slice) => void }) {
  const { t } = useTranslation()
  const me = useMe()
  const { message } = App.useApp()
  const say = useProblemText()
  const [by, setBy] = useState<(typeof BY)[number]>('field')
  const [setting, setSetting] = useState(false)
  const starts = useMayChange('account.bulk') && report.scope === 'company'
  const settles = useMayChange('field.manage')
  const plans = useMay('territory.plan')
  const exports = useMay('account.export')
  const past = useQuery({
    queryKey: ['cleansing', 'past'],
    enabled: report.scope === 'company' && report.run !== null,
    queryFn: ({ signal }) => call(listCheckUps, { query: {}, signal }),
  })
  const start = useChange({ run: () => call(startCheckUp, {}), touches: [['cleansing', 'report']], said: t('cleansing:started') })
  const download = useMutation({
    mutationFn: () => callFile(exportProblems, { body: {} }),
    onSuccess: file => {
      const link = document.createElement('a')
      link.href = URL.createObjectURL(file.blob)
      link.download = file.name ?? 'problems.csv'
      link.click()
      URL.revokeObjectURL(link.href)
    },
    onError: error => void message.error(say(error)),
  })
  const { run, running } = report
  const startButton = (
    <Button type="primary" icon={<Stethoscope size={14} />} disabled={running !== null} loading={start.isPending} onClick={() => start.mutate()}>
      {t('cleansing:start')}
    </Button>
  )
  return (
    <>
      <div className="jy-page-head">
        <h1>{t('cleansing:title')}</h1>
        {run && report.scope !== 'wide' && (
          <span className="jy-muted">
            {t('cleansing:checked', { at: moment(run.endedAt, new Date(), me?.tenant.zone), n: count(report.accounts), edition: run.edition })}
          </span>
        )}
        <span className="jy-grow" />
        {run && exports && (
          <Button className="jy-desk" icon={<Download size={14} />} loading={download.isPending} onClick={() => download.mutate()}>
            {t('cleansing:export')}
          </Button>
        )}
        {plans && (
          <Link to={'/accounts/divisions' as never}>
            <Button icon={<MapPinned size={14} />}>{t('cleansing:divisions')}</Button>
          </Link>
        )}
        {settles && (
          <Button icon={<Settings2 size={14} />} onClick={() => setSetting(true)}>
            {t('cleansing:settings')}
          </Button>
        )}
        {starts && run && startButton}
      </div>
      {running && (
        <section className="jy-card jy-box" aria-live="polite">
          <span>
            {running.total === null ? t('cleansing:waiting') : t('cleansing:running', { done: count(running.done), total: count(running.total) })}
          </span>
          <Progress
            percent={running.total ? Math.min(99, Math.round((running.done / running.total) * 100)) : 0}
            status="active"
            aria-label={t('cleansing:title')}
          />
        </section>
      )}
      {report.failed && !running && <Alert type="error" showIcon title={t('cleansing:failed')} />}
      {!run && !running && (
        <Empty title={t('cleansing:never')} why={t('cleansing:neverWhy')} action={starts ? startButton : <p>{t('cleansing:neverOther')}</p>} />
      )}
      {run && (
        <>
          {report.scope !== 'company' && <Alert type="info" showIcon title={t(report.scope === 'wide' ? 'cleansing:wide' : 'cleansing:sight')} />}
          {report.scope !== 'wide' && <ScoreCards report={report} past={past.data?.rows ?? []} />}
          <section className="jy-card jy-check-box">
            {report.scope !== 'wide' && (
              <Segmented value={by} onChange={setBy} options={BY.map(value => ({ value, label: t(`cleansing:by.${value}`) }))} />
            )}
            {by === 'field' ? (
              <FieldTable report={report} onPick={onPick} />
            ) : (
              <MatrixTable key={by} report={report} dimension={by} onPick={onPick} />
            )}
          </section>
          {(!run.mapUsed || report.hidden > 0) && (
            <p className="jy-muted">
              {[run.mapUsed ? '' : t('cleansing:noMap'), report.hidden > 0 ? t('cleansing:hidden', { count: report.hidden }) : '']
                .filter(Boolean)
                .join(' ')}
            </p>
          )}
        </>
      )}
      {setting && <SpecDrawer report={report} onClose={() => setSetting(false)} />}
    </>
  )
}
