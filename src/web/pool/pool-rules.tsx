/** The pool's rules as a seller needs them: how to claim, in which steps it opens, when a customer is taken back. */
import { useQuery } from '@tanstack/react-query'
import { Drawer } from 'antd'
import { useTranslation } from 'react-i18next'
import { listPools, type PoolSummary } from '../../contract/pool/entries.ts'
import { call } from '../app/api.ts'

export function PoolRulesDrawer({ pool, open, onClose }: { pool: PoolSummary; open: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const pools = useQuery({ queryKey: ['pools'], queryFn: ({ signal }) => call(listPools, { signal }) })
  const { rules, steps } = pool
  const claims = [
    rules.perDay === null ? t('pool:explain.perDayFree') : t('pool:explain.perDay', { n: rules.perDay }),
    t('pool:explain.batch', { n: rules.batch }),
    t('pool:explain.draw', { n: rules.draw }),
    rules.coolDays > 0 ? t('pool:explain.cool', { n: rules.coolDays }) : null,
    rules.coolTeamDays > 0 ? t('pool:explain.coolTeam', { n: rules.coolTeamDays }) : null,
    rules.embargoHours > 0 ? t('pool:explain.embargo', { n: rules.embargoHours }) : null,
    rules.viewsPerDay === null ? null : t('pool:explain.views', { n: rules.viewsPerDay }),
    rules.group === 'ask' ? t('pool:explain.group') : null,
    rules.protectDays > 0 ? t('pool:explain.protect', { n: rules.protectDays }) : null,
  ].filter(line => line !== null)
  const policies = pools.data?.policies ?? []
  return (
    <Drawer open={open} onClose={onClose} size={460} title={t('pool:explain.title', { pool: pool.name })}>
      <h3>{t('pool:explain.claims')}</h3>
      <ul>
        {claims.map(line => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <h3>{t('pool:column.opening')}</h3>
      <ul>
        {steps.length === 0 && <li>{t('pool:explain.atOnce')}</li>}
        {steps.map(s => (
          <li key={s.afterHours}>
            {t(s.up === null ? 'pool:explain.stepWhole' : s.up === 0 ? 'pool:explain.stepOwn' : 'pool:explain.stepUp', {
              n: s.up ?? 0,
              hours: s.afterHours,
            })}
          </li>
        ))}
      </ul>
      <h3>{t('pool:explain.reclaim')}</h3>
      {policies.length === 0 && <p className="jy-muted">{t('pool:explain.never')}</p>}
      <ol>
        {policies.map(p => (
          <li key={p.id}>
            <b>{p.name}</b>
            <p>
              {p.triggers.map(x => t(`pool:trigger.${x.kind}`, { n: x.days })).join(p.all ? t('pool:and') : t('pool:or'))}
              {p.workingDays && t('pool:explain.workingDays')}
            </p>
            {p.guards.length > 0 && (
              <p className="jy-muted">{t('pool:explain.spares', { what: p.guards.map(g => t(`pool:guardName.${g}`)).join(t('pool:comma')) })}</p>
            )}
            {p.warnDays.length > 0 && <p className="jy-muted">{t('pool:explain.warns', { days: p.warnDays.join(t('pool:comma')) })}</p>}
          </li>
        ))}
      </ol>
    </Drawer>
  )
}
