/** Who and what is left over: territories without a lead, people without a territory; each is mended here. */
import { useQuery } from '@tanstack/react-query'
import { Button, Drawer } from 'antd'
import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Model, TerritoryRow } from '../../contract/territory/models.ts'
import { getCoverage } from '../../contract/territory/wizard.ts'
import { call } from '../app/api.ts'
import { Face } from '../app/face.tsx'
import { count } from '../app/figures.ts'
import { useMayChange } from '../app/me.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'
import { MemberForm } from './member-form.tsx'

export const useCoverage = (modelId: string | undefined) =>
  useQuery({
    queryKey: ['coverage', modelId],
    enabled: modelId !== undefined,
    queryFn: ({ signal }) => call(getCoverage, { params: { id: modelId! }, signal }),
  })

type Props = {
  readonly model: Model
  readonly byId: ReadonlyMap<string, TerritoryRow>
  readonly selected: TerritoryRow | null
  readonly onSelect: (id: string) => void
  readonly onClose: () => void
}

export function CoverageDrawer({ model, byId, selected, onSelect, onClose }: Props) {
  const { t } = useTranslation()
  const plans = useMayChange('territory.plan') && (model.active || model.state === 'draft')
  const coverage = useCoverage(model.id)
  const [adding, setAdding] = useState<{ territoryId: string; person?: { id: string; name: string } } | null>(null)
  const d = coverage.data
  return (
    <Drawer open size={520} title={t('territory:coverage.title')} onClose={onClose}>
      {coverage.isError ? (
        <ErrorState error={coverage.error} onRetry={() => void coverage.refetch()} />
      ) : !d ? (
        <Skeleton lines={8} />
      ) : (
        <>
          <h3>{t('territory:coverage.territories', { n: count(d.territoriesWithout.length) })}</h3>
          {d.territoriesWithout.length === 0 && <Empty title={t('territory:coverage.allLed')} />}
          <ul className="jy-list-plain">
            {d.territoriesWithout.map(x => (
              <li key={x.id} className="jy-row">
                <i className="jy-swatch" style={{ background: `var(--jy-terr-${(byId.get(x.id)?.colour ?? 0) % 8})` }} />
                <button
                  type="button"
                  className="jy-plain jy-grow"
                  onClick={() => {
                    onSelect(x.id)
                    onClose()
                  }}
                >
                  <b>{x.code}</b> {x.name}
                </button>
                <span className="jy-muted">{t('territory:coverage.accounts', { n: count(byId.get(x.id)?.accounts ?? 0) })}</span>
                {plans && (
                  <Button size="small" icon={<UserPlus size={13} />} onClick={() => setAdding({ territoryId: x.id })}>
                    {t('territory:members.add')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
          {d.peopleWithout.length > 0 && (
            <>
              <h3>{t('territory:coverage.people', { n: count(d.peopleWithout.length) })}</h3>
              <p className="jy-muted">
                {selected ? t('territory:coverage.into', { name: `${selected.code} ${selected.name}` }) : t('territory:coverage.pickFirst')}
              </p>
              <ul className="jy-list-plain">
                {d.peopleWithout.map(p => (
                  <li key={p.id} className="jy-row">
                    <Face name={p.name} size={22} />
                    <span className="jy-grow">
                      {p.name} <small className="jy-muted">{p.title}</small>
                    </span>
                    {plans && selected && (
                      <Button size="small" onClick={() => setAdding({ territoryId: selected.id, person: p })}>
                        {t('territory:coverage.put', { code: selected.code })}
                      </Button>
                    )}
                  </li>
                ))}
              </ul>
            </>
          )}
        </>
      )}
      {adding && (
        <MemberForm model={model} territoryId={adding.territoryId} member={null} person={adding.person} others={[]} onClose={() => setAdding(null)} />
      )}
    </Drawer>
  )
}
