/** The one explanation: what held, why not elsewhere, what would change it. */
import { CircleCheck, CircleHelp, CircleX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Why } from '../../contract/assignment/endpoints.ts'
import { TerritoryChip } from '../app/territory-chip.tsx'

const ICONS = { yes: CircleCheck, no: CircleX, unknown: CircleHelp } as const

export function WhyView({ why }: { why: Why }) {
  const { t } = useTranslation()
  return (
    <div className="jy-why-view">
      <p>
        <b>{why.sentence}</b>
      </p>
      <p>{why.ownerSentence}</p>
      {why.criteria.map(c => {
        const Icon = ICONS[c.holds]
        return (
          <div className="jy-why-line" key={c.path + c.words} data-holds={c.holds}>
            <Icon size={15} />
            <span>
              {c.words}
              <small className="jy-muted">
                {c.seen && t('account:why.seen', { value: c.seen })} {c.inheritedFrom && t('account:why.inherited', { name: c.inheritedFrom })}
              </small>
            </span>
          </div>
        )
      })}
      {why.losers.length > 0 && <h3>{t('account:why.notElsewhere')}</h3>}
      {why.losers.map(l => (
        <div className="jy-why-line" key={l.territory.id} data-holds="no">
          <CircleX size={15} />
          <span>
            <TerritoryChip {...l.territory} />
            <small className="jy-muted">{l.words}</small>
          </span>
        </div>
      ))}
      {why.counterfactuals.length > 0 && <h3>{t('account:why.change')}</h3>}
      {why.counterfactuals.map(c => (
        <p key={c.words} className="jy-why-change">
          {c.words}
        </p>
      ))}
      <small className="jy-muted">{t('account:why.cost', { ms: why.milliseconds, n: why.compared, model: why.modelName })}</small>
    </div>
  )
}
