/** Which objections are accepted by themselves: each line names a reason and what a machine can see, and is said as a sentence. */
import { InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { type FeedbackLineRow, savePolicy } from '../../contract/territory/change-policy.ts'
import { FEEDBACK_MEASURES, FEEDBACK_REASONS } from '../../core/territory/feedback.ts'
import { call } from '../app/api.ts'
import { useMe } from '../app/me.ts'
import { useFeedbackText } from './feedback-words.ts'
import { PolicyLines } from './policy-lines.tsx'

/** Money is kept in minor units; people write whole money. */
const SCALE = { deal: 100, touch: 1, distance: 1 } as const
const AT_FIRST = { deal: 100_000_00, touch: 30, distance: 200 } as const
const FRESH: FeedbackLineRow = { reason: 'relationship', measure: 'deal', atLeast: AT_FIRST.deal, most: 3 }
const MOST = { deal: 9_007_199_254_740_991, touch: 3650, distance: 20_000 } as const

export function FeedbackPolicy({ kept, touches }: { kept: readonly FeedbackLineRow[]; touches: readonly (readonly string[])[] }) {
  const { t } = useTranslation()
  const text = useFeedbackText()
  return (
    <PolicyLines<FeedbackLineRow>
      kept={kept}
      fresh={FRESH}
      most={20}
      words={{
        title: t('change:feedback.title'),
        lead: t('change:feedback.lead'),
        none: t('change:feedback.none'),
        noneWhy: t('change:feedback.noneWhy'),
        add: t('change:feedback.add'),
        save: t('change:feedback.save'),
      }}
      save={feedback => call(savePolicy, { body: { feedback: [...feedback] } })}
      touches={touches}
      fields={(line, change, tools) => (
        <Fields line={line} onChange={change}>
          {tools}
        </Fields>
      )}
      sentence={text.line}
    />
  )
}

function Fields({
  line,
  onChange,
  children,
}: {
  line: FeedbackLineRow
  onChange: (next: Partial<FeedbackLineRow>) => void
  children: React.ReactNode
}) {
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
