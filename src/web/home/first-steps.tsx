/** A company that has yet to begin: the first steps in place of figures, each done or with its one action. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { Check } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { HomeFigures } from '../../contract/home/home.ts'
import { listUsers } from '../../contract/identity/people.ts'
import type { Permission } from '../../core/access/permissions.ts'
import { call } from '../app/api.ts'
import { may, useMe } from '../app/me.ts'

type Step = { readonly key: string; readonly to: string; readonly needs: Permission; readonly done: boolean }

export function FirstSteps({ figures }: { figures: HomeFigures }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const me = useMe()
  const people = useQuery({
    queryKey: ['people', 'first'],
    queryFn: ({ signal }) => call(listUsers, { query: { state: 'active', limit: 5 }, signal }),
  })
  const begun = (me?.activeModel.version ?? 0) > 0
  const steps: readonly Step[] = [
    { key: 'company', to: '/settings/company', needs: 'tenant.manage', done: true },
    { key: 'people', to: '/settings/people', needs: 'user.manage', done: (people.data?.rows.length ?? 0) > 1 },
    { key: 'import', to: '/import', needs: 'account.import', done: figures.accounts > 0 },
    { key: 'map', to: '/start', needs: 'territory.plan', done: begun },
  ]
  const next = steps.find(s => !s.done)
  return (
    <div className="jy-page jy-home">
      <section className="jy-card jy-first">
        <h1>{t('home:first.title', { name: me?.tenant.name ?? '' })}</h1>
        <p className="jy-muted">{t('home:first.lead')}</p>
        <ol>
          {steps.map((s, i) => (
            <li key={s.key} data-done={s.done || undefined}>
              <i aria-hidden>{s.done ? <Check size={15} /> : i + 1}</i>
              <div className="jy-grow">
                <b>{t(`home:first.${s.key}`)}</b>
                <p className="jy-muted">{t(`home:first.${s.key}Why`)}</p>
              </div>
              {may(me, s.needs) ? (
                <Button type={s === next ? 'primary' : 'default'} onClick={() => void navigate({ to: s.to })}>
                  {t(s.done ? 'home:first.look' : 'home:first.go')}
                </Button>
              ) : (
                <small className="jy-muted">{t('home:first.others')}</small>
              )}
            </li>
          ))}
        </ol>
      </section>
    </div>
  )
}
