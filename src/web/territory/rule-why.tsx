/** Why: how one account is judged under the draft as it is saved: what held, why not elsewhere, what would change it. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Segmented, Select } from 'antd'
import { CircleCheck, CircleHelp, CircleX } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listAccounts } from '../../contract/account/accounts.ts'
import { whyAccount } from '../../contract/assignment/endpoints.ts'
import { call } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { TerritoryChip } from '../app/territory-chip.tsx'

const ICONS = { yes: CircleCheck, no: CircleX, unknown: CircleHelp } as const

type Props = {
  readonly modelId: string
  readonly accountId: string | null
  readonly onAccount: (id: string | null) => void
  /** The rule on the screen is not the saved one, which is explained here. */
  readonly unsaved: boolean
}

export function RuleWhy({ modelId, accountId, onAccount, unsaved }: Props) {
  const { t } = useTranslation()
  const [needle, setNeedle] = useState('')
  const [which, setWhich] = useState<'draft' | 'active'>('draft')
  const found = useQuery({
    queryKey: ['accounts', 'pick', needle],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call(listAccounts, { query: { search: needle || undefined, limit: 12 }, signal }),
  })
  const why = useQuery({
    queryKey: ['why', accountId, which === 'draft' ? modelId : 'active'],
    enabled: accountId !== null,
    queryFn: ({ signal }) => call(whyAccount, { params: { id: accountId! }, query: which === 'draft' ? { modelId } : {}, signal }),
  })
  const d = why.data
  const options = (found.data?.rows ?? []).map(r => ({ value: r.id, label: String(r.values.name) }))
  if (d && !options.some(o => o.value === d.account.id)) options.unshift({ value: d.account.id, label: d.account.name })
  return (
    <aside className="jy-rule-why" aria-label={t('territory:why.title')}>
      <div className="jy-row">
        <h2>{t('territory:why.title')}</h2>
        <span className="jy-grow" />
        <Segmented
          size="small"
          value={which}
          onChange={value => setWhich(value as 'draft')}
          options={[
            { value: 'active', label: t('territory:why.active') },
            { value: 'draft', label: t('territory:why.draft') },
          ]}
        />
      </div>
      <Select
        allowClear
        value={accountId}
        placeholder={t('territory:why.pick')}
        aria-label={t('territory:why.pick')}
        style={{ width: '100%' }}
        showSearch={{ filterOption: false, onSearch: setNeedle }}
        onChange={value => onAccount(value ?? null)}
        options={options}
      />
      {accountId === null && <p className="jy-muted">{t('territory:why.hint')}</p>}
      {accountId !== null && unsaved && which === 'draft' && <p className="jy-warn">{t('territory:why.unsaved')}</p>}
      {why.isFetching && !d && <Skeleton lines={5} />}
      {why.isError && <ErrorState error={why.error} onRetry={() => void why.refetch()} />}
      {d && (
        <>
          <div className="jy-why-verdict">
            <small className="jy-muted">{t('territory:why.cost', { ms: d.milliseconds, n: count(d.compared) })}</small>
            <div>{d.outcome.territory ? <TerritoryChip {...d.outcome.territory} /> : <b>{t('territory:witness.nowhere')}</b>}</div>
            <p>{d.sentence}</p>
            <p className="jy-muted">{d.ownerSentence}</p>
          </div>
          {d.criteria.map(c => {
            const Icon = ICONS[c.holds]
            return (
              <div className="jy-criterion" key={c.path + c.words} data-holds={c.holds}>
                <Icon size={15} />
                <span>
                  {c.words}
                  <small className="jy-muted">
                    {c.seen && t('territory:why.seen', { value: c.seen })}{' '}
                    {c.inheritedFrom && t('territory:panel.inherited', { name: c.inheritedFrom })}
                  </small>
                </span>
              </div>
            )
          })}
          {d.losers.length > 0 && <h3>{t('territory:why.notElsewhere')}</h3>}
          {d.losers.map(l => (
            <div className="jy-criterion" key={l.territory.id} data-holds="no">
              <CircleX size={15} />
              <span>
                <TerritoryChip {...l.territory} />
                <small className="jy-muted">{l.words}</small>
              </span>
            </div>
          ))}
          {d.counterfactuals.length > 0 && <h3>{t('territory:why.change')}</h3>}
          {d.counterfactuals.map(c => (
            <p key={c.words} className="jy-counterfactual">
              {c.words}
            </p>
          ))}
        </>
      )}
    </aside>
  )
}
