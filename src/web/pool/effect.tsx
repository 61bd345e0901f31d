/** What rules would do, in figures and names, before they are saved. */
import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import type { PolicyEffect } from '../../contract/pool/settings.ts'
import { AccountLink } from '../app/account-link.tsx'
import { count } from '../app/figures.ts'
import { day } from '../app/format.ts'
import { useMe } from '../app/me.ts'

export function Effect({ effect }: { effect: PolicyEffect }) {
  const { t } = useTranslation()
  const me = useMe()
  const on = (at: string) => day(at, new Date(), me?.tenant.zone)
  const lists = [
    ['byPolicy', effect.byPolicy, (name: string) => name],
    ['byOwner', effect.byOwner, (name: string) => name],
    ['byTier', effect.byTier, (name: string) => name || '–'],
    ['exempt', effect.exempt, (name: string) => t(`pool:guardName.${name}`)],
  ] as const
  return (
    <section className="jy-card jy-pool-policy" aria-label={t('pool:settings.effect')}>
      <h2>{t('pool:settings.effect')}</h2>
      <p>
        {t('pool:settings.effectLine', {
          running: count(effect.after.running),
          before: count(effect.before.running),
          within: count(effect.after.within30),
          beforeWithin: count(effect.before.within30),
          paused: count(effect.after.paused),
        })}
      </p>
      {effect.atOnce > 0 && (
        <Alert type="warning" showIcon title={t('pool:settings.atOnce', { n: count(effect.atOnce), day: on(effect.graceUntil) })} />
      )}
      <div className="jy-pool-effect">
        {lists.map(([key, rows, word]) => (
          <div key={key}>
            <h3>{t(`pool:settings.${key}`)}</h3>
            {rows.length === 0 ? (
              <p className="jy-muted">–</p>
            ) : (
              <ul>
                {rows.map(r => (
                  <li key={r.key}>
                    {word(r.name)} <b>{count(r.n)}</b>
                  </li>
                ))}
              </ul>
            )}
          </div>
        ))}
        <div>
          <h3>{t('pool:settings.samples')}</h3>
          <ul>
            {effect.samples.slice(0, 8).map(s => (
              <li key={s.id}>
                <AccountLink id={s.id}>{s.name}</AccountLink>{' '}
                <span className="jy-muted">
                  {s.owner} · {on(s.dueAt)}
                </span>
              </li>
            ))}
          </ul>
        </div>
      </div>
    </section>
  )
}
