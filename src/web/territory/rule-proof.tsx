/** The proof of the draft with the rule on the screen: figures, what changes against the saved draft, and the findings that are new. */
import { useTranslation } from 'react-i18next'
import type { ProofResult } from '../../contract/territory/proof.ts'
import type { Condition } from '../../core/condition/condition.ts'
import { ErrorState } from '../app/states.tsx'
import { Finding } from './finding.tsx'
import { ProofBanner } from './proof-banner.tsx'
import { precise, useRuleProof } from './use-proof.ts'
import './proof.css'

type Props = { readonly modelId: string; readonly territoryId: string; readonly asked: { readonly condition: Condition; readonly inherit: boolean } }

export function RuleProof({ modelId, territoryId, asked }: Props) {
  const { t } = useTranslation()
  const proof = useRuleProof(modelId, territoryId, asked, true)
  const d = proof.data
  if (proof.isError) return <ErrorState error={proof.error} onRetry={() => void proof.refetch()} part={t('proof:failed')} />
  if (!d || (!d.result && !d.running)) return null
  const change = d.result && d.before ? differences(d.before, d.result) : []
  return (
    <div className="jy-card jy-rule-proof" aria-busy={proof.isFetching}>
      <ProofBanner
        proof={{ running: d.running, result: d.result ?? d.before, rows: [], next: null }}
        error={null}
        onRetry={() => void proof.refetch()}
        actions={
          <small className="jy-muted">
            {change.length === 0
              ? t('proof:same')
              : change.map(([kind, n]) => `${t(`proof:kind.${kind}`)} ${n > 0 ? '+' : '−'}${Math.abs(n)}`).join(' · ')}
          </small>
        }
      />
      {d.rows.length > 0 && (
        <>
          <h3>{t('proof:new')}</h3>
          <ul className="jy-findings">
            {d.rows.map((f, i) => (
              <Finding key={`${i}${f.words}`} finding={f} modelId={modelId} mends={false} saysKind />
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

type Changed = readonly (readonly ['gap' | 'overlap' | 'dead' | 'notProved', number])[]
const differences = (was: ProofResult, is: ProofResult): Changed =>
  (
    [
      ['gap', is.gaps && was.gaps ? precise(is.gaps) - precise(was.gaps) : 0],
      ['overlap', precise(is.overlaps) - precise(was.overlaps)],
      ['dead', is.dead.total - was.dead.total],
      ['notProved', is.notProved.total - was.notProved.total],
    ] as const
  ).filter(([, n]) => n !== 0)
