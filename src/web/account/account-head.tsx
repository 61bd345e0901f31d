/** The head of an account: initials for a logo, name, tier, state, trade, and one line of what it is. */
import { Tag } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountDetail } from '../../contract/account/accounts.ts'
import { count } from '../app/figures.ts'
import { logoOf } from './logo.ts'
import type { Words } from './use-catalogue.ts'

export function AccountHead({ account, words, children }: { account: AccountDetail; words: Words; children: ReactNode }) {
  const { t } = useTranslation()
  const { values, group } = account
  const name = String(values.name ?? '')
  const root = group[0]
  const business = account.addresses.find(a => a.kind === 'business')
  const line = [
    values.creditCode ? String(values.creditCode) : null,
    business?.text ?? (values.division ? words.value('division', values.division) : null),
    typeof values.size === 'number' ? t('account:people', { count: values.size, n: count(values.size) }) : null,
    root && root.id !== account.id ? t('account:groupLine', { name: root.name, n: group.length }) : null,
  ].filter(Boolean)
  return (
    <header className="jy-account-head">
      <span className="jy-logo" aria-hidden>
        {logoOf(name, typeof values.shortName === 'string' ? values.shortName : null)}
      </span>
      <div className="jy-grow">
        <div className="jy-row jy-wrap">
          <h1>{name}</h1>
          {values.tier && <Tag className="jy-tier">{words.value('tier', values.tier)}</Tag>}
          {values.status && <Tag color={values.status === 'active' ? 'success' : undefined}>{words.value('status', values.status)}</Tag>}
          {values.industry && <Tag>{words.value('industry', values.industry)}</Tag>}
        </div>
        <p className="jy-muted">{line.join(' · ') || t('account:noLine')}</p>
      </div>
      <div className="jy-row jy-wrap">{children}</div>
    </header>
  )
}
