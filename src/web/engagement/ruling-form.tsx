/** The ruling form: for whom, how credit splits and until when, what it would change, and why. Kept as a draft until it is issued. */
import { useQuery } from '@tanstack/react-query'
import { Button, Input, Select } from 'antd'
import { Gavel } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type CaseView, previewRuling, ruleCase } from '../../contract/engagement/cases.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { useKeys } from '../app/keys.ts'
import { useRested } from '../app/paged.ts'
import { ErrorState } from '../app/states.tsx'
import { TerritoryChip } from '../app/territory-chip.tsx'
import { EffectLines } from './effect-lines.tsx'
import { SplitBar } from './split-bar.tsx'
import { type CaseWords, touchesOf } from './words.ts'

type Draft = { winner: number | null; loserBp: number; months: number; reason: string }
const STEP = 500
const key = (id: string) => `jy-ruling-${id}`
function kept(id: string): Partial<Draft> {
  try {
    return JSON.parse(localStorage.getItem(key(id)) ?? '{}') as Partial<Draft>
  } catch {
    return {}
  }
}

export function RulingForm({ c, words, onUp }: { c: CaseView; words: CaseWords; onUp: () => void }) {
  const { t } = useTranslation()
  const leads = c.findings.find(f => f.leads)?.side ?? 0
  // The lean comes first, as its key does.
  const order: readonly (number | null)[] = [leads, 1 - leads, null]
  const [draft, setDraft] = useState<Draft>({ winner: leads, loserBp: 0, months: c.policy.creditMonths, reason: '', ...kept(c.id) })
  const set = (change: Partial<Draft>) => setDraft(d => ({ ...d, ...change }))
  const { winner, months, reason } = draft
  const cap = winner === null ? 10_000 : c.policy.creditCap
  const loserBp = Math.min(draft.loserBp, cap)
  const split = (bp: number) => set({ loserBp: Math.max(0, Math.min(cap, bp)) })
  useEffect(() => localStorage.setItem(key(c.id), JSON.stringify(draft)), [c.id, draft])
  const asked = useRested(`${winner}/${loserBp}/${months}`, 200)
  const body = { winner, loserBp, months, basis: c.basis }
  const preview = useQuery({
    queryKey: ['case', c.id, 'preview', asked, c.basis, c.rowVersion],
    queryFn: ({ signal }) => call(previewRuling, { params: { id: c.id }, body, signal }),
    placeholderData: before => before,
    retry: false,
  })
  const issue = useChange({
    run: () => call(ruleCase, { params: { id: c.id }, ifMatch: c.rowVersion, body: { ...body, reason: reason.trim() } }),
    touches: touchesOf(c.id),
    said: t('engagement:form.issued'),
    onDone: () => localStorage.removeItem(key(c.id)),
  })
  const send = () => {
    if (reason.trim() && !issue.isPending) issue.mutate()
    else document.getElementById('ruling-reason')?.focus()
  }
  const pick = (at: number) => set({ winner: order[at]!, ...(order[at] === null ? { loserBp: 5_000 } : {}) })
  useKeys([
    { key: '1', word: 'engagement:key.pick', run: () => pick(0) },
    { key: '2', word: 'engagement:key.pick', run: () => pick(1) },
    { key: '3', word: 'engagement:key.pick', run: () => pick(2) },
    { key: 'ArrowLeft', word: 'engagement:key.split', run: () => split(loserBp + STEP) },
    { key: 'ArrowRight', word: 'engagement:key.split', run: () => split(loserBp - STEP) },
    { key: 'mod+Enter', word: 'engagement:key.issue', run: send },
  ])
  const first = winner ?? 0
  const [a, b] = [c.parties[first]!, c.parties[1 - first]!]
  const precedent = c.precedents.find(p => p.winner !== null && p.loserBp > 0 && p.months !== null)
  return (
    <section className="jy-card jy-case-box" aria-label={t('engagement:form.title')}>
      <header className="jy-row">
        <h2 className="jy-grow">{t('engagement:form.title')}</h2>
        <span className="jy-muted">{t('engagement:form.draft')}</span>
      </header>
      <div className="jy-choices" role="radiogroup" aria-label={t('engagement:form.title')}>
        {order.map((side, i) => (
          <label key={String(side)} data-on={winner === side || undefined}>
            <input type="radio" name="winner" checked={winner === side} onChange={() => pick(i)} />
            {side === null ? (
              <b>{t('engagement:form.shared')}</b>
            ) : (
              <span className="jy-row jy-tight jy-wrap">
                {c.parties[side]!.territory && <TerritoryChip code={c.parties[side]!.territory!.code} colour={c.parties[side]!.territory!.colour} />}
                {c.parties[side]!.user.name}
              </span>
            )}
          </label>
        ))}
      </div>
      <div className="jy-row jy-wrap">
        <span className="jy-muted jy-grow">{t('engagement:form.credit')}</span>
        <span>
          <b>{t('engagement:form.line', { winner: a.user.name, a: (10_000 - loserBp) / 100, loser: b.user.name, b: loserBp / 100 })}</b>
          {loserBp > 0 && preview.data?.until && ` · ${t('engagement:form.until', { day: words.onDay(preview.data.until) })}`}
        </span>
      </div>
      <SplitBar c={c} first={first} loserBp={loserBp} cap={cap} step={STEP} onChange={split} />
      <div className="jy-row jy-wrap jy-muted">
        <small className="jy-grow">
          {[
            precedent ? t('engagement:form.precedent', { number: precedent.number, bp: precedent.loserBp / 100, months: precedent.months }) : null,
            winner === null ? t('engagement:form.capShared') : t('engagement:form.cap', { cap: c.policy.creditCap / 100 }),
          ]
            .filter(x => x !== null)
            .join(' · ')}
        </small>
        <Select
          size="small"
          aria-label={t('engagement:form.months')}
          value={months}
          disabled={loserBp === 0}
          onChange={value => set({ months: value })}
          options={[...new Set([3, 6, 12, 24, c.policy.creditMonths, months])]
            .sort((x, y) => x - y)
            .map(n => ({ value: n, label: t('engagement:form.n', { n }) }))}
        />
      </div>
      {preview.isError ? (
        <ErrorState error={preview.error} onRetry={() => void preview.refetch()} />
      ) : (
        preview.data && <EffectLines effect={preview.data} c={c} words={words} winner={winner} />
      )}
      <Input.TextArea
        id="ruling-reason"
        aria-label={t('engagement:form.reason')}
        placeholder={t('engagement:form.reason')}
        autoSize={{ minRows: 2, maxRows: 8 }}
        maxLength={1000}
        value={reason}
        onChange={event => set({ reason: event.target.value })}
      />
      <div className="jy-row jy-wrap">
        <Button
          type="primary"
          icon={<Gavel size={14} />}
          disabled={!reason.trim()}
          title={reason.trim() ? undefined : t('engagement:form.needsReason')}
          loading={issue.isPending}
          onClick={send}
        >
          {t('engagement:form.issue')}
        </Button>
        {!c.headquarters && <Button onClick={onUp}>{t('engagement:form.up')}</Button>}
        <small className="jy-muted jy-case-hint">
          <kbd>Ctrl</kbd> <kbd>Enter</kbd> {t('engagement:form.hint')}
        </small>
      </div>
    </section>
  )
}
