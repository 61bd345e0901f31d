/** The proof banner: what is proved of the rules of this model, always on, with its time; below it what the customers one has show. */
import { Button } from 'antd'
import { CircleHelp, CircleSlash, Layers, LoaderCircle, ShieldAlert, ShieldCheck, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { getProof, ProofResult } from '../../contract/territory/proof.ts'
import type { ReplyOf } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { useProblemText } from '../app/states.tsx'
import { type FindingKind, isClean, precise, seconds } from './use-proof.ts'
import './proof.css'

type Props = {
  readonly proof: ReplyOf<typeof getProof> | undefined
  readonly error: unknown
  readonly onRetry: () => void
  /** Opens the findings of a kind; without it the figures only tell. */
  readonly onFindings?: (kind: FindingKind) => void
  /** Buttons behind the figures, and the line about customers. */
  readonly actions?: ReactNode
  readonly children?: ReactNode
}

export function ProofBanner({ proof, error, onRetry, onFindings, actions, children }: Props) {
  const { t } = useTranslation()
  const say = useProblemText()
  const result = proof?.result ?? null
  const worst: FindingKind = !result
    ? 'gap'
    : precise(result.overlaps) > 0
      ? 'overlap'
      : result.gaps && result.gaps.total > 0
        ? 'gap'
        : result.dead.total > 0
          ? 'dead'
          : result.notProved.total > 0
            ? 'notProved'
            : result.gaps
              ? 'gap'
              : 'overlap'
  return (
    <section className="jy-map-proof" aria-label={t('proof:title')}>
      <div className="jy-proof-line" role="status" aria-live="polite" data-stale={result?.stale || undefined}>
        {result ? <Verdict result={result} {...(onFindings ? { onFindings } : {})} /> : error ? null : <Waiting />}
        {result && (
          <span className="jy-muted jy-proof-time">
            {t('proof:rules', { n: count(result.rules), count: result.rules })} · {clock(result.provedAt)} ·{' '}
            {t('proof:seconds', { n: seconds(result.milliseconds) })}
          </span>
        )}
        {result && (proof?.running || result.stale) && <Waiting />}
        {Boolean(error) && (
          <span className="jy-bad jy-proof-failed" role="alert">
            <TriangleAlert size={14} /> {t('proof:failed')} {say(error)}{' '}
            <Button size="small" onClick={onRetry}>
              {t('shell:state.retry')}
            </Button>
          </span>
        )}
        <span className="jy-proof-actions">
          {onFindings && (
            <Button size="small" disabled={!result} onClick={() => onFindings(worst)}>
              {t('proof:see')}
            </Button>
          )}
          {actions}
        </span>
      </div>
      {children}
    </section>
  )
}

const Waiting = () => {
  const { t } = useTranslation()
  return (
    <span className="jy-muted jy-proof-waiting">
      <LoaderCircle size={14} aria-hidden /> {t('proof:running')}
    </span>
  )
}

/** Gaps, overlaps, dead rules, what is not proved: each a button to its findings; in one phrase where there is nothing to find. */
function Verdict({ result, onFindings }: { result: ProofResult; onFindings?: (kind: FindingKind) => void }) {
  const { t } = useTranslation()
  const figure = (kind: FindingKind, n: number, more: boolean, icon: ReactNode, tone: 'good' | 'bad' | 'warn') => (
    <button
      type="button"
      className="jy-plain"
      disabled={!onFindings}
      data-good={tone === 'good' || undefined}
      data-bad={tone === 'bad' || undefined}
      data-warn={tone === 'warn' || undefined}
      onClick={() => onFindings?.(kind)}
    >
      {icon}
      {t(`proof:count.${kind}`, { n: `${count(n)}${more ? '+' : ''}`, count: n })}
    </button>
  )
  const { gaps, overlaps, dead, notProved } = result
  const loose = (gaps?.vague ?? 0) + overlaps.vague
  return (
    <>
      {isClean(result) ? (
        <button type="button" className="jy-plain" data-good disabled={!onFindings} onClick={() => onFindings?.(gaps ? 'gap' : 'overlap')}>
          <ShieldCheck size={16} />
          {t(gaps ? 'proof:clean' : 'proof:cleanHere')}
        </button>
      ) : (
        <>
          {gaps &&
            figure(
              'gap',
              precise(gaps),
              gaps.more,
              precise(gaps) > 0 ? <ShieldAlert size={16} /> : <ShieldCheck size={16} />,
              precise(gaps) > 0 || gaps.more ? 'bad' : 'good',
            )}
          {figure('overlap', precise(overlaps), overlaps.more, <Layers size={16} />, precise(overlaps) > 0 || overlaps.more ? 'bad' : 'good')}
        </>
      )}
      {dead.total > 0 && figure('dead', dead.total, dead.more, <CircleSlash size={15} />, 'warn')}
      {notProved.total > 0 && figure('notProved', notProved.total, false, <CircleHelp size={15} />, 'warn')}
      {loose > 0 && (
        <button
          type="button"
          className="jy-plain jy-muted"
          disabled={!onFindings}
          title={t('proof:vagueWhy')}
          onClick={() => onFindings?.(gaps && gaps.vague > 0 ? 'gap' : 'overlap')}
        >
          {t('proof:vague', { n: count(loose), count: loose })}
        </button>
      )}
    </>
  )
}

const clock = (iso: string): string =>
  new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(iso))
