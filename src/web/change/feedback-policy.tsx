/** Which objections are accepted by themselves: each line names a reason and what a machine can see, and is said as a sentence. */
import { Button, InputNumber, Select } from 'antd'
import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type FeedbackLineRow, type PolicyLineRow, savePolicy } from '../../contract/territory/change-policy.ts'
import { FEEDBACK_MEASURES, FEEDBACK_REASONS } from '../../core/territory/feedback.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { useMayChange, useMe } from '../app/me.ts'
import { Empty, useProblemText } from '../app/states.tsx'
import { useFeedbackText } from './feedback-words.ts'

type Line = FeedbackLineRow & { readonly key: string }
/** Money is kept in minor units; people write whole money. */
const SCALE = { deal: 100, touch: 1, distance: 1 } as const
const AT_FIRST = { deal: 100_000_00, touch: 30, distance: 200 } as const
const MOST = { deal: 9_007_199_254_740_991, touch: 3650, distance: 20_000 } as const

type Props = { kept: readonly (FeedbackLineRow & { id: string })[]; rows: readonly PolicyLineRow[]; touches: readonly (readonly string[])[] }
/** `rows`: the limits as they are kept; they are saved along unchanged. */
export function FeedbackPolicy({ kept: given, rows, touches }: Props) {
  const { t } = useTranslation()
  const say = useProblemText()
  const text = useFeedbackText()
  const manages = useMayChange('tenant.manage')
  const kept = given.map(({ id, ...line }): Line => ({ ...line, key: id }))
  const [lines, setLines] = useState<readonly Line[]>(kept)
  const [made, setMade] = useState(0)
  const [refused, setRefused] = useState<string | null>(null)
  const dirty = JSON.stringify(lines) !== JSON.stringify(kept)
  const change = (at: number, next: Partial<Line>) => setLines(lines.map((l, i) => (i === at ? { ...l, ...next } : l)))
  const save = useChange({
    run: () => {
      setRefused(null)
      return call(savePolicy, { body: { rows: [...rows], feedback: lines.map(({ key: _, ...line }) => line) } })
    },
    touches,
    onRefused: error => {
      setRefused(say(error))
      return true
    },
  })
  const add = () => {
    setLines([...lines, { key: `new-${made}`, reason: 'relationship', measure: 'deal', atLeast: AT_FIRST.deal, most: 3 }])
    setMade(made + 1)
  }
  return (
    <section className="jy-card jy-setting-box jy-feedback-policy" aria-label={t('change:feedback.title')}>
      <header className="jy-row">
        <h2>{t('change:feedback.title')}</h2>
      </header>
      <p className="jy-muted">{t('change:feedback.lead')}</p>
      {lines.length === 0 && <Empty title={t('change:feedback.none')} why={t('change:feedback.noneWhy')} />}
      <ol className="jy-policy">
        {lines.map((line, i) => (
          <li key={line.key}>
            {manages && (
              <Fields line={line} onChange={next => change(i, next)}>
                <Button
                  type="text"
                  size="small"
                  aria-label={t('shell:remove')}
                  icon={<Trash2 size={14} />}
                  onClick={() => setLines(lines.filter((_, k) => k !== i))}
                />
              </Fields>
            )}
            <p>{text.line(line)}</p>
          </li>
        ))}
      </ol>
      {refused && (
        <p className="jy-warn" role="alert">
          {refused}
        </p>
      )}
      {manages && (
        <div className="jy-row jy-wrap">
          <Button icon={<Plus size={14} />} disabled={lines.length >= 20} onClick={add}>
            {t('change:feedback.add')}
          </Button>
          <span className="jy-grow" />
          {dirty && <Button onClick={() => setLines(kept)}>{t('shell:cancel')}</Button>}
          <Button type="primary" disabled={!dirty} loading={save.isPending} onClick={() => save.mutate()}>
            {t('change:feedback.save')}
          </Button>
        </div>
      )}
    </section>
  )
}

function Fields({ line, onChange, children }: { line: Line; onChange: (next: Partial<Line>) => void; children: React.ReactNode }) {
  const { t } = useTranslation()
  const currency = useMe()?.tenant.currency
  const scale = SCALE[line.measure]
  return (
    <div className="jy-row jy-wrap">
      <Select
        aria-label={t('change:comment.reason')}
        style={{ minWidth: 124 }}
        value={line.reason}
        onChange={reason => onChange({ reason })}
        options={FEEDBACK_REASONS.map(value => ({ value, label: t(`change:reason.${value}`) }))}
      />
      <Select
        aria-label={t('change:feedback.measure')}
        style={{ minWidth: 210 }}
        value={line.measure}
        onChange={measure => onChange({ measure, atLeast: AT_FIRST[measure] })}
        options={FEEDBACK_MEASURES.map(value => ({ value, label: t(`change:feedback.kind.${value}`) }))}
      />
      <span>{line.measure === 'touch' ? '≤' : '≥'}</span>
      <InputNumber
        aria-label={t('change:policy.atLeast')}
        style={{ width: 150 }}
        min={line.measure === 'deal' ? 0 : 1}
        max={Math.floor(MOST[line.measure] / scale)}
        precision={0}
        value={line.atLeast / scale}
        suffix={line.measure === 'deal' ? currency : t(`change:feedback.unit.${line.measure}`)}
        onChange={value => onChange({ atLeast: Math.round((value ?? 0) * scale) })}
      />
      <span>{t('change:feedback.most')}</span>
      <InputNumber
        aria-label={t('change:feedback.most')}
        style={{ width: 84 }}
        min={1}
        max={1000}
        precision={0}
        value={line.most}
        onChange={value => onChange({ most: value ?? 1 })}
      />
      <span className="jy-grow" />
      {children}
    </div>
  )
}
