/** What people can do: codes of industries and words of needs; asked where leads are given by skill. */
import { Button, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type IntakeSettings, saveSkills } from '../../contract/intake/settings.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { Empty } from '../app/states.tsx'
import { type Person, PersonSelect } from '../identity/person-select.tsx'
import { INTAKE_SETTINGS } from './settings-page.tsx'

export function Skills({ settings }: { settings: IntakeSettings }) {
  const { t } = useTranslation()
  const [adding, setAdding] = useState<Person | null>(null)
  const rows = [...settings.skills, ...(adding && !settings.skills.some(s => s.id === adding.id) ? [{ ...adding, skills: [] }] : [])]
  return (
    <div className="jy-lead-settings">
      <p className="jy-muted">{t('intake:settings.skillsWhy')}</p>
      {rows.length === 0 && <Empty title={t('intake:settings.skillsNone')} />}
      {rows.map(r => (
        <One key={`${r.id} ${r.skills.join()}`} person={r} />
      ))}
      <span style={{ width: 240 }}>
        <PersonSelect aria-label={t('intake:settings.skillOf')} placeholder={t('intake:settings.skillOf')} value={null} onChange={setAdding} />
      </span>
    </div>
  )
}

function One({ person }: { person: IntakeSettings['skills'][number] }) {
  const { t } = useTranslation()
  const [skills, setSkills] = useState<string[]>(person.skills)
  const save = useChange({ run: () => call(saveSkills, { params: { userId: person.id }, body: { skills } }), touches: [INTAKE_SETTINGS] })
  return (
    <div className="jy-row">
      <span style={{ width: 90 }}>{person.name}</span>
      <Select
        mode="tags"
        aria-label={person.name}
        style={{ width: 360 }}
        maxCount={20}
        value={skills}
        onChange={setSkills}
        tokenSeparators={[',', ' ']}
        open={false}
        suffixIcon={null}
      />
      <Button disabled={skills.join() === person.skills.join()} loading={save.isPending} onClick={() => save.mutate()}>
        {t('shell:save')}
      </Button>
    </div>
  )
}
