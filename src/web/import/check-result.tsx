/** What the check found: figures, problems grouped by reason with their remedy, words to be mapped once, and the refused rows. */
import { Alert, Button, Tag } from 'antd'
import { CircleAlert, Copy, Download, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type getImport, type ImportStats, listRejects } from '../../contract/import/imports.ts'
import { AccountLink } from '../app/account-link.tsx'
import { call, type ReplyOf } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { usePaged } from '../app/paged.ts'
import type { Draft } from './mapping.ts'
import { UnknownValues } from './unknown-values.tsx'

type Props = {
  readonly job: ReplyOf<typeof getImport>
  readonly draft: Draft
  readonly onChange?: ((draft: Draft) => void) | undefined
  readonly onCheck: () => void
}

export function CheckResult({ job, draft, onChange, onCheck }: Props) {
  const { t } = useTranslation()
  const { stats } = job
  const unknown = Object.entries(stats.unknown ?? {}).flatMap(([field, values]) => {
    const target = job.targets.find(x => x.key === field)
    return target ? [{ target, values }] : []
  })
  return (
    <>
      <section className="jy-card jy-strip-figures">
        {(['rows', 'good', 'bad', 'warned', 'creates', 'updates'] as const).map(key => (
          <div key={key} data-bad={(key === 'bad' && (stats.bad ?? 0) > 0) || undefined}>
            <small>{t(`import:figure.${key}`)}</small>
            <b>{count(stats[key] ?? 0)}</b>
          </div>
        ))}
      </section>
      {onChange && unknown.length > 0 && (
        <section className="jy-card jy-box">
          <header className="jy-row jy-wrap">
            <h2>{t('import:unknown')}</h2>
            <span className="jy-grow" />
            <Button type="primary" ghost onClick={onCheck}>
              {t('import:checkAgain')}
            </Button>
          </header>
          <p className="jy-muted">{t('import:unknownWhy')}</p>
          {unknown.map(({ target, values }) => (
            <UnknownValues key={target.key} target={target} values={values} draft={draft} onChange={onChange} />
          ))}
        </section>
      )}
      <Reasons kind="problems" reasons={stats.reasons} />
      <Reasons kind="warnings" reasons={stats.warnings} />
      {stats.compared === null && <Alert type="info" showIcon title={t('import:notCompared')} />}
      <Alike alike={stats.alike} />
      {(stats.bad ?? 0) > 0 && <Rejects job={job} />}
    </>
  )
}

function Reasons({ kind, reasons }: { kind: 'problems' | 'warnings'; reasons: ImportStats['reasons'] }) {
  const { t } = useTranslation()
  if (!reasons || reasons.length === 0) return null
  return (
    <section className="jy-card jy-box">
      <h2>{t(`import:${kind}`)}</h2>
      {kind === 'warnings' && <p className="jy-muted">{t('import:warningsWhy')}</p>}
      <ul className="jy-reasons">
        {reasons.map(r => (
          <li key={`${r.field}/${r.code}`}>
            {kind === 'problems' ? <CircleAlert size={15} className="jy-reason-bad" /> : <TriangleAlert size={15} className="jy-reason-warn" />}
            <b className="jy-number">{count(r.count)}</b>
            {r.field && <Tag>{r.field}</Tag>}
            <span className="jy-grow">{r.count > 1 ? t('import:forExample', { words: r.words }) : r.words}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Not surely the same: they are written, and a person looks. */
function Alike({ alike }: { alike: ImportStats['alike'] }) {
  const { t } = useTranslation()
  if (!alike || alike.count === 0) return null
  return (
    <section className="jy-card jy-box">
      <h2>{t('import:alike', { n: count(alike.count) })}</h2>
      <p className="jy-muted">{t('import:alikeWhy')}</p>
      <ul className="jy-reasons">
        {alike.first.map(a => (
          <li key={a.row}>
            <Copy size={15} className="jy-reason-warn" />
            <span className="jy-number jy-muted">{t('import:rowNo', { n: a.row })}</span>
            <span className="jy-grow">
              <AccountLink id={a.id}>{a.name}</AccountLink>
            </span>
            <span className="jy-number">{t('import:sure', { n: Math.round(a.score * 100) })}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Rejects({ job }: { job: ReplyOf<typeof getImport> }) {
  const { t } = useTranslation()
  const rejects = usePaged(['rejects', job.id, job.rowVersion], (cursor, signal) =>
    call(listRejects, { params: { id: job.id }, query: { cursor }, signal }),
  )
  return (
    <section className="jy-card jy-box">
      <header className="jy-row jy-wrap">
        <h2>{t('import:rejects', { n: count(job.stats.bad ?? 0) })}</h2>
        <span className="jy-grow" />
        <Button icon={<Download size={14} />} href={`/api/imports/${job.id}/rejects.csv`}>
          {t('import:rejectsFile')}
        </Button>
      </header>
      <ol className="jy-rejects">
        {rejects.rows.map(r => (
          <li key={r.row}>
            <span className="jy-number jy-muted">{t('import:rowNo', { n: r.row })}</span>
            <span>
              {r.problems.map(p => (
                <span key={`${p.field}${p.words}`} className="jy-reject">
                  {p.field && <b>{p.field}</b>} {p.words}
                </span>
              ))}
              <small className="jy-muted jy-ellipsis">{r.cells.filter(Boolean).slice(0, 8).join(' · ')}</small>
            </span>
          </li>
        ))}
      </ol>
      {rejects.hasMore && (
        <Button type="text" loading={rejects.loadingMore} onClick={rejects.more}>
          {t('shell:more')}
        </Button>
      )}
    </section>
  )
}
