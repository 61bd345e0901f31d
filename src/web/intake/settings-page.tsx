/** Settings of intake: how leads are given and until when somebody must call, for the company and where a territory differs; who can do what. */
import { useQuery } from '@tanstack/react-query'
import { Button, Tabs } from 'antd'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type IntakeSettings, readIntakeSettings } from '../../contract/intake/settings.ts'
import { call } from '../app/api.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { TerritoryChip } from '../app/territory-chip.tsx'
import { Named } from '../pool/named-fields.tsx'
import { Forms } from './forms.tsx'
import { RulesForm } from './rules-form.tsx'
import { Skills } from './skills.tsx'
import '../pool/pool.css'
import './intake.css'

export const INTAKE_SETTINGS = ['intake-settings'] as const

export function IntakeSettingsPage() {
  const { t } = useTranslation()
  const settings = useQuery({ queryKey: INTAKE_SETTINGS, queryFn: ({ signal }) => call(readIntakeSettings, { signal }) })
  if (settings.isPending) return <Skeleton lines={10} />
  if (settings.isError) return <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />
  const s = settings.data
  return (
    <div className="jy-page">
      <Tabs
        items={[
          {
            key: 'company',
            label: t('intake:settings.company'),
            children: <RulesForm key={s.company.rowVersion} territoryId="0" set={s.company} names={s.names} />,
          },
          { key: 'territories', label: t('intake:settings.territories'), children: <Territories settings={s} /> },
          { key: 'skills', label: t('intake:settings.skills'), children: <Skills settings={s} /> },
          { key: 'forms', label: t('intake:form.many'), children: <Forms settings={s} /> },
        ]}
      />
    </div>
  )
}

function Territories({ settings }: { settings: IntakeSettings }) {
  const { t } = useTranslation()
  const [adding, setAdding] = useState<string | null>(null)
  const fresh = adding !== null && adding !== '' && !settings.territories.some(x => x.id === adding)
  return (
    <div className="jy-lead-settings">
      <p className="jy-muted">{t('intake:settings.territoriesWhy')}</p>
      {settings.territories.map(x => (
        <section className="jy-card jy-lead-rule" key={`${x.id} ${x.rowVersion}`}>
          <TerritoryChip code={x.code} name={x.name} colour={x.colour} />
          <RulesForm territoryId={x.id} set={x} names={settings.names} />
        </section>
      ))}
      {adding === null ? (
        <Button icon={<Plus size={13} />} onClick={() => setAdding('')}>
          {t('intake:settings.add')}
        </Button>
      ) : (
        <section className="jy-card jy-lead-rule">
          <Named
            of="territory"
            label={t('intake:settings.which')}
            names={{}}
            value={adding ? [adding] : []}
            onChange={ids => setAdding(ids[0] ?? '')}
          />
          {fresh && (
            <RulesForm
              key={adding}
              territoryId={adding}
              set={{ rules: settings.company.rules, rowVersion: 0 }}
              names={settings.names}
              onSaved={() => setAdding(null)}
            />
          )}
        </section>
      )}
    </div>
  )
}
