/** The group as a tree: every member in sight with its territory and owner, so that one sees whether it is looked after by one or by many. */
import { Network } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { AccountDetail } from '../../contract/account/accounts.ts'
import { AccountLink } from '../app/account-link.tsx'
import { money } from '../app/figures.ts'
import { TerritoryChip } from '../app/territory-chip.tsx'

export function GroupTree({ account }: { account: AccountDetail }) {
  const { t, i18n } = useTranslation()
  const { group } = account
  if (group.length === 0) return null
  const owners = new Set(group.flatMap(m => (m.owner ? [m.owner.id] : [])))
  const potential = group.reduce((sum, m) => sum + (m.potential ?? 0), 0)
  return (
    <section className="jy-card jy-box">
      <header>
        <h2>{t('account:group')}</h2>
        <small className="jy-muted">{t('account:groupSum', { n: group.length, owners: owners.size })}</small>
      </header>
      <ul className="jy-group">
        {group.map(m => (
          <li key={m.id} style={{ paddingLeft: m.depth * 14 }} data-self={m.id === account.id || undefined}>
            {m.depth === 0 ? <Network size={14} aria-hidden /> : <i aria-hidden />}
            {m.id === account.id ? (
              <b className="jy-grow jy-ellipsis" title={m.name}>
                {m.name}
              </b>
            ) : (
              <AccountLink id={m.id} className="jy-grow jy-ellipsis">
                {m.name}
              </AccountLink>
            )}
            <span title={m.owner?.name ?? t('account:nobody')}>
              {m.territory ? (
                <TerritoryChip code={m.territory.code} colour={m.territory.colour} />
              ) : (
                <small className="jy-muted">{t('account:unassigned')}</small>
              )}
            </span>
          </li>
        ))}
      </ul>
      {potential > 0 && <small className="jy-muted">{t('account:groupPotential', { sum: money(String(potential), i18n.language) })}</small>}
    </section>
  )
}
