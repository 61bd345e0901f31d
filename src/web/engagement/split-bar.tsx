/** Credit as one bar in both sides' colours with a handle; the hatched end lies beyond the company's cap. */
import { useTranslation } from 'react-i18next'
import type { CaseView } from '../../contract/engagement/cases.ts'
import { colourOf } from './words.ts'

type Props = { c: CaseView; first: number; loserBp: number; cap: number; step: number; onChange?: (bp: number) => void }
export function SplitBar({ c, first, loserBp, cap, step, onChange }: Props) {
  const { t } = useTranslation()
  const share = (10_000 - loserBp) / 100
  return (
    <div className="jy-split">
      <span style={{ width: `${share}%`, background: colourOf(c, first) }}>{share}%</span>
      <span style={{ background: colourOf(c, 1 - first) }}>{loserBp > 400 && `${loserBp / 100}%`}</span>
      {onChange && <i aria-hidden style={{ left: `${share}%` }} />}
      {onChange && (
        <input
          type="range"
          aria-label={t('engagement:form.credit')}
          aria-valuetext={`${share}%`}
          min={0}
          max={10_000}
          step={step}
          value={10_000 - loserBp}
          onChange={event => onChange(Math.min(cap, 10_000 - Number(event.target.value)))}
        />
      )}
    </div>
  )
}
