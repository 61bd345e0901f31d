/** What the tried order would have said of a year's customers, beside who got them. */
import { useTranslation } from 'react-i18next'
import type { Simulation } from '../../contract/engagement/settings.ts'
import { AccountLink } from '../app/account-link.tsx'
import { count } from '../app/figures.ts'
import { day } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { TerritoryChip } from '../app/territory-chip.tsx'

export function Trial({ trial }: { trial: Simulation }) {
  const { t } = useTranslation()
  const zone = useMe()?.tenant.zone
  return (
    <section className="jy-card jy-case-box" aria-label={t('engagement:trial.title')}>
      <h2>{t('engagement:trial.title')}</h2>
      <p>
        {t(trial.more ? 'engagement:trial.ofMore' : 'engagement:trial.of', { n: count(trial.accounts) })}{' '}
        {t('engagement:trial.outcome', { same: count(trial.same), others: count(trial.others), undecided: count(trial.undecided) })}{' '}
        <b>{t('engagement:trial.changed', { n: count(trial.changed) })}</b>
      </p>
      <p className="jy-muted">
        {trial.byClause.map(c => t('engagement:trial.by', { clause: t(`engagement:clause.name.${c.kind}`), n: count(c.n) })).join(' · ')}
      </p>
      {trial.examples.length > 0 && (
        <ul className="jy-list">
          {trial.examples.map(e => (
            <li key={e.id}>
              <span className="jy-grow">
                <AccountLink id={e.id}>{e.name}</AccountLink>
              </span>
              <span className="jy-muted">{day(e.at, new Date(), zone)}</span>
              <span>{t('engagement:trial.instead', { owner: e.owner, would: e.would })}</span>
              {e.territory && <TerritoryChip code={e.territory.code} colour={e.territory.colour} />}
              {e.clause && <span className="jy-muted">{t(`engagement:clause.name.${e.clause}`)}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
