/** A handover begins with whom: a person and why; what he holds and where it goes is on the page that follows. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createHandover, HANDOVER_KINDS } from '../../contract/assignment/handover.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { type Person, PersonSelect } from '../identity/person-select.tsx'
import './handover.css'

export function NewHandoverPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const asked = useSearch({ strict: false }) as { from?: string; name?: string }
  const [person, setPerson] = useState<Person | null>(asked.from ? { id: String(asked.from), name: asked.name ?? '' } : null)
  const [kind, setKind] = useState<(typeof HANDOVER_KINDS)[number]>('leaver')
  const create = useChange({
    run: () => call(createHandover, { body: { kind, fromId: person!.id } }),
    touches: [['handovers']],
    said: null,
    onDone: made => void navigate({ to: '/handovers/$id' as never, params: { id: made.id } as never, replace: true }),
  })
  return (
    <div className="jy-page">
      <section className="jy-card jy-form jy-handover-form">
        <h1>{t('handover:new')}</h1>
        <div className="jy-handover-field">
          <span>{t('handover:form.from')}</span>
          <PersonSelect aria-label={t('handover:form.from')} value={person} onChange={setPerson} />
        </div>
        <Segmented
          block
          aria-label={t('handover:form.kind')}
          value={kind}
          onChange={setKind}
          options={HANDOVER_KINDS.map(value => ({ value, label: t(`handover:why.${value}`) }))}
        />
        <p className="jy-muted">{t(`handover:whyLead.${kind}`)}</p>
        <Button type="primary" disabled={person === null} loading={create.isPending} onClick={() => create.mutate()}>
          {t('handover:next')}
        </Button>
      </section>
    </div>
  )
}
