/** Public forms of the company: made, copied, closed. */
import { App, Button, Input, Tag } from 'antd'
import { Copy, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changeForm, createForm } from '../../contract/intake/forms.ts'
import type { IntakeSettings } from '../../contract/intake/settings.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { count } from '../app/figures.ts'
import { Empty } from '../app/states.tsx'
import { INTAKE_SETTINGS } from './settings-page.tsx'

export function Forms({ settings }: { settings: IntakeSettings }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [name, setName] = useState('')
  const add = useChange({ run: () => call(createForm, { body: { name: name.trim() } }), touches: [INTAKE_SETTINGS], onDone: () => setName('') })
  const change = useChange({
    run: (f: IntakeSettings['forms'][number]) => call(changeForm, { params: { id: f.id }, ifMatch: f.rowVersion, body: { closed: !f.closed } }),
    touches: [INTAKE_SETTINGS],
  })
  const copy = async (path: string) => {
    await navigator.clipboard.writeText(`${window.location.origin}${path}`)
    void message.success(t('intake:form.copied'))
  }
  return (
    <div className="jy-lead-settings">
      <p className="jy-muted">{t('intake:form.why')}</p>
      {settings.forms.length === 0 && <Empty title={t('intake:form.none')} />}
      {settings.forms.map(f => (
        <section key={f.id} className="jy-card jy-lead-rule">
          <div className="jy-row jy-wrap">
            <b>{f.name}</b>
            {f.closed && <Tag>{t('intake:form.closed')}</Tag>}
            <small className="jy-muted">{`${t('intake:form.leads', { n: count(f.leads) })} · ${t('intake:form.by', { name: f.by })}`}</small>
            <span className="jy-grow" />
            <Button size="small" icon={<Copy size={13} />} onClick={() => void copy(f.path)}>
              {t('intake:form.copy')}
            </Button>
            <Button size="small" loading={change.isPending && change.variables?.id === f.id} onClick={() => change.mutate(f)}>
              {t(f.closed ? 'intake:form.open' : 'intake:form.close')}
            </Button>
          </div>
          <a href={f.path} target="_blank" rel="noreferrer" className="jy-ellipsis">
            {f.path}
          </a>
        </section>
      ))}
      <div className="jy-row">
        <Input
          style={{ width: 240 }}
          maxLength={80}
          aria-label={t('intake:form.name')}
          placeholder={t('intake:form.name')}
          value={name}
          onChange={event => setName(event.target.value)}
        />
        <Button icon={<Plus size={13} />} disabled={!name.trim()} loading={add.isPending} onClick={() => add.mutate()}>
          {t('intake:form.add')}
        </Button>
      </div>
    </div>
  )
}
