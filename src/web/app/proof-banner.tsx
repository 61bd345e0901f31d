/** What was proven about a plan or an answer, in one strip: the verdict in words and colour, the evidence, and what to do about it. */
import { LoaderCircle, ShieldAlert, ShieldCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import './proof-banner.css'

export type Verdict = 'proven' | 'failed' | 'running'
const ICONS = { proven: ShieldCheck, failed: ShieldAlert, running: LoaderCircle } as const
const WORDS = { proven: 'shell:proof.proven', failed: 'shell:proof.failed', running: 'shell:proof.running' } as const

export function ProofBanner({
  verdict,
  title,
  evidence,
  actions,
}: {
  verdict: Verdict
  title?: ReactNode
  evidence?: ReactNode
  actions?: ReactNode
}) {
  const { t } = useTranslation()
  const Icon = ICONS[verdict]
  return (
    <div className="jy-proof" data-verdict={verdict} role="status">
      <Icon size={17} aria-hidden />
      <b>{title ?? t(WORDS[verdict])}</b>
      {evidence && <span>{evidence}</span>}
      {actions && <div className="jy-row">{actions}</div>}
    </div>
  )
}
