/** The states every list and panel has: waiting, empty, failed, not allowed. Each says what is true and what to do next. */
import { Button } from 'antd'
import { CircleSlash, Inbox, LockKeyhole, RotateCw, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from './api.ts'
import { isMissingPart, useMissing } from './missing-part.ts'
import './states.css'

/** The reader's sentence of any failure: the server's own words, ours when no answer came. */
export function useProblemText(): (error: unknown) => string {
  const { t } = useTranslation()
  return error => {
    if (error instanceof Problem && error.detail) {
      const fields = error.errors.map(e => e.detail).filter(d => d !== error.detail)
      return [error.detail, ...new Set(fields)].join(' ')
    }
    return error instanceof Problem && error.status === 0 ? t('shell:state.offline') : t('shell:state.failed')
  }
}

function State({ icon, title, children, role }: { icon: ReactNode; title: string; children?: ReactNode; role?: 'alert' | 'status' }) {
  return (
    <div className="jy-state" role={role}>
      <span className="jy-state-icon">{icon}</span>
      <strong>{title}</strong>
      {children}
    </div>
  )
}

/** What is true, why, and the next action. */
export function Empty({ title, why, action }: { title: string; why?: string; action?: ReactNode }) {
  return (
    <State icon={<Inbox size={22} />} title={title} role="status">
      {why && <p>{why}</p>}
      {action}
    </State>
  )
}

export function ErrorState({ error, onRetry, part }: { error: unknown; onRetry?: () => void; part?: string }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const missing = useMissing()
  if (isMissingPart(error)) return <PartMissing isNew={missing === 'new'} />
  if (error instanceof Problem && error.status === 403) return <NoPermission detail={error.detail} />
  const code = error instanceof Problem ? error.code : 'page.failed'
  const Icon = error instanceof Problem && error.status === 404 ? CircleSlash : TriangleAlert
  return (
    <State icon={<Icon size={22} />} title={part ?? t('shell:state.failedTitle')} role="alert">
      <p>{say(error)}</p>
      <code>{code}</code>
      {onRetry && (
        <Button icon={<RotateCw size={14} />} onClick={onRetry}>
          {t('shell:state.retry')}
        </Button>
      )}
    </State>
  )
}

/** A part that did not arrive comes only with the page: trying it again in this tab would fail again. */
function PartMissing({ isNew }: { isNew: boolean }) {
  const { t } = useTranslation()
  return (
    <div className="jy-part-missing">
      <State icon={<RotateCw size={22} />} title={t(isNew ? 'shell:state.newVersion' : 'shell:state.failedTitle')} role="alert">
        <p>{t(isNew ? 'shell:state.newVersionWhy' : 'shell:state.offline')}</p>
        <Button type="primary" icon={<RotateCw size={14} />} onClick={() => window.location.reload()}>
          {t('shell:state.reload')}
        </Button>
      </State>
    </div>
  )
}

export function NoPermission({ detail }: { detail?: string }) {
  const { t } = useTranslation()
  return (
    <State icon={<LockKeyhole size={22} />} title={t('shell:state.noPermission')} role="status">
      <p>{detail || t('shell:state.noPermissionWhy')}</p>
    </State>
  )
}

/** Nothing for 300 ms (most answers are faster), then grey lines in place of the rows to come. */
export function Skeleton({ lines = 6 }: { lines?: number }) {
  const { t } = useTranslation()
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className="jy-skeleton" aria-busy="true" role="status">
      <span className="jy-hidden">{t('shell:state.loading')}</span>
      {late && Array.from({ length: lines }, (_, i) => <i key={i} style={{ width: `${92 - ((i * 17) % 40)}%` }} />)}
    </div>
  )
}
