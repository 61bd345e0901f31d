/** How far the work is, how fast it goes and how long it will take; one may leave the page meanwhile. */
import { Progress } from 'antd'
import { useTranslation } from 'react-i18next'
import type { getImport } from '../../contract/import/imports.ts'
import type { ReplyOf } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { waiting } from './mapping.ts'

export function ImportProgress({ job }: { job: ReplyOf<typeof getImport> }) {
  const { t } = useTranslation()
  const percent = job.total ? Math.min(99, Math.round((job.done / job.total) * 100)) : null
  const wait = job.left === null ? null : waiting(job.left)
  return (
    <section className="jy-card jy-box" aria-live="polite">
      <div className="jy-row jy-wrap">
        <b>{t(`import:states.${job.state}`)}</b>
        <span className="jy-number">{job.total ? t('import:doneOf', { done: count(job.done), total: count(job.total) }) : count(job.done)}</span>
        <span className="jy-grow" />
        {job.speed !== null && <span className="jy-muted">{t('import:speed', { n: count(job.speed) })}</span>}
        {wait && <span className="jy-muted">{t(wait.unit === 's' ? 'import:leftSeconds' : 'import:leftMinutes', { n: wait.n })}</span>}
      </div>
      <Progress percent={percent ?? 100} showInfo={percent !== null} status="active" aria-label={t(`import:states.${job.state}`)} />
      <small className="jy-muted">{t('import:mayLeave')}</small>
    </section>
  )
}
