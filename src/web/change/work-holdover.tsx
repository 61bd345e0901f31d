/** Which open deals stay with whoever had the customer: said for all in one line, and for a single deal by its box. */
import { Checkbox, InputNumber, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { holdDeals, setHoldover } from '../../contract/territory/change-choices.ts'
import { type ChangeSet, type ChangeSetWork, type changeSetWork, HOLDOVER } from '../../contract/territory/change-sets.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { count, money } from '../app/figures.ts'
import { useMe } from '../app/me.ts'
import { setKey } from './use-change-set.ts'

export type Holdover = NonNullable<z.infer<typeof changeSetWork.reply>['holdover']>

export function HoldoverBar({ set, holdover }: { set: ChangeSet; holdover: Holdover }) {
  const { t, i18n } = useTranslation()
  const currency = useMe()?.tenant.currency ?? ''
  const [of, setOf] = useState(holdover.of)
  const [least, setLeast] = useState(holdover.atLeast ?? 0)
  const change = useChange<{ of: 'all' | 'none' } | { of: 'amount'; atLeast: number }>({
    run: body => call(setHoldover, { params: { id: set.id }, body }),
    inTurn: `holdover ${set.id}`,
    touches: [setKey(set.id)],
    said: null,
    onRefused: () => {
      setOf(holdover.of)
      return false
    },
  })
  const choose = (next: Holdover['of']) => {
    setOf(next)
    change.mutate(next === 'amount' ? { of: next, atLeast: least } : { of: next })
  }
  const rest = () => {
    if (of === 'amount' && least !== holdover.atLeast) change.mutate({ of, atLeast: least })
  }
  if (set.holdoverDays === 0) return <p className="jy-change-hold jy-muted">{t(set.may.edit ? 'change:hold.offEdit' : 'change:hold.off')}</p>
  return (
    <div className="jy-change-hold">
      <p>
        {t('change:hold.says', { held: count(holdover.held), deals: count(holdover.deals), n: set.holdoverDays, count: set.holdoverDays })}
        {!set.may.edit &&
          holdover.of === 'amount' &&
          ` ${t('change:hold.from', { amount: `${currency} ${money(String((holdover.atLeast ?? 0) / 100), i18n.language)}` })}`}
      </p>
      {set.may.edit && (
        <div className="jy-row jy-wrap">
          <Segmented
            value={of}
            onChange={choose}
            disabled={change.isPending}
            aria-label={t('change:hold.which')}
            options={HOLDOVER.map(value => ({ value, label: t(`change:hold.of.${value}`) }))}
          />
          {of === 'amount' && (
            <InputNumber
              aria-label={t('change:hold.of.amount')}
              style={{ width: 170 }}
              min={0}
              max={90_071_992_547_409}
              precision={0}
              value={least / 100}
              suffix={currency}
              onChange={value => setLeast(Math.round((value ?? 0) * 100))}
              onBlur={rest}
              onPressEnter={rest}
            />
          )}
          <small className="jy-muted">{t('change:hold.single')}</small>
        </div>
      )}
    </div>
  )
}

export function HeldCell({ set, deal }: { set: ChangeSet; deal: ChangeSetWork }) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState<boolean | null>(null)
  const change = useChange<boolean>({
    run: held => call(holdDeals, { params: { id: set.id }, body: { deals: [{ id: deal.id, held }] } }),
    inTurn: `holdover ${set.id}`,
    touches: [setKey(set.id)],
    said: null,
    onRefused: () => {
      setChosen(null)
      return false
    },
  })
  if (deal.held === null) return <span className="jy-muted">{t('change:hold.same')}</span>
  const words = t(deal.held ? 'change:hold.kept' : 'change:hold.handed', {
    name: deal.fromOwner?.name ?? '',
    to: deal.toOwner?.name ?? t('change:lines.nobody'),
  })
  if (!set.may.edit) return <span className={deal.held ? undefined : 'jy-muted'}>{words}</span>
  return (
    <Checkbox
      checked={change.isPending && chosen !== null ? chosen : deal.held}
      disabled={change.isPending}
      aria-label={t('change:hold.one', { name: deal.text })}
      onChange={event => {
        setChosen(event.target.checked)
        change.mutate(event.target.checked)
      }}
    >
      {words}
    </Checkbox>
  )
}
