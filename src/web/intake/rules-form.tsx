/** One set of rules: the way of taking turns, limits, newcomers, and the clock of first contact. */
import { Button, InputNumber, Popconfirm, Select, Switch } from 'antd'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type IntakeRulesBody, removeIntakeRules, saveIntakeRules } from '../../contract/intake/settings.ts'
import { WAYS } from '../../core/intake/rotate.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { type Person, PersonSelect } from '../identity/person-select.tsx'
import { Field } from '../pool/pool-form.tsx'
import { INTAKE_SETTINGS } from './settings-page.tsx'

type Props = {
  territoryId: string
  set: { readonly rules: IntakeRulesBody; readonly rowVersion: number }
  names: Readonly<Record<string, string>>
  onSaved?: () => void
}
const NUMBERS = {
  capacity: [1, 10_000],
  newcomerDays: [0, 365],
  newcomerShare: [10, 100],
  slaHours: [1, 1440],
  warnHours: [1, 720],
  nextHours: [1, 1440],
} as const
const NULLABLE = new Set<string>(['capacity', 'warnHours', 'nextHours'])

export function RulesForm({ territoryId, set, names, onSaved }: Props) {
  const { t } = useTranslation()
  const [rules, setRules] = useState<IntakeRulesBody>(set.rules)
  const [known, setKnown] = useState<Readonly<Record<string, string>>>(names)
  const change = (part: Partial<IntakeRulesBody>) => setRules({ ...rules, ...part })
  const save = useChange({
    run: () => call(saveIntakeRules, { params: { territoryId }, ifMatch: set.rowVersion, body: rules }),
    touches: [INTAKE_SETTINGS],
    onDone: onSaved,
  })
  const drop = useChange({ run: () => call(removeIntakeRules, { params: { territoryId }, ifMatch: set.rowVersion }), touches: [INTAKE_SETTINGS] })
  const number = (key: keyof typeof NUMBERS) => (
    <Field word={`intake:settings.${key}`}>
      <InputNumber
        min={NUMBERS[key][0]}
        max={NUMBERS[key][1]}
        precision={0}
        placeholder={NULLABLE.has(key) ? t(`intake:settings.no_${key}`) : undefined}
        style={{ width: 150 }}
        value={rules[key]}
        onChange={value => change({ [key]: value ?? (NULLABLE.has(key) ? null : NUMBERS[key][0]) })}
      />
    </Field>
  )
  const weigh = (person: Person | null) => {
    if (!person) return
    setKnown({ ...known, [person.id]: person.name })
    change({ weights: { ...rules.weights, [person.id]: rules.weights[person.id] ?? 2 } })
  }
  return (
    <div className="jy-pool-form jy-lead-settings">
      <fieldset>
        <legend>{t('intake:settings.turns')}</legend>
        <Field word="intake:settings.way">
          <Select
            style={{ width: 190 }}
            value={rules.way}
            onChange={way => change({ way })}
            options={WAYS.map(value => ({ value, label: t(`intake:way.${value}`) }))}
          />
        </Field>
        {number('capacity')}
        {number('newcomerDays')}
        {rules.newcomerDays > 0 && number('newcomerShare')}
        <p className="jy-muted jy-pool-wide">{t(`intake:wayWhy.${rules.way}`)}</p>
        {rules.way === 'weighted' && (
          <div className="jy-pool-wide jy-lead-weights">
            {Object.entries(rules.weights).map(([id, weight]) => (
              <span key={id} className="jy-row">
                {known[id] ?? id}
                <InputNumber
                  aria-label={known[id] ?? id}
                  min={1}
                  max={100}
                  precision={0}
                  value={weight}
                  onChange={w => change({ weights: { ...rules.weights, [id]: w ?? 1 } })}
                />
                <Button
                  type="text"
                  icon={<Trash2 size={13} />}
                  aria-label={t('shell:remove')}
                  onClick={() => change({ weights: Object.fromEntries(Object.entries(rules.weights).filter(([key]) => key !== id)) })}
                />
              </span>
            ))}
            <span style={{ width: 200 }}>
              <PersonSelect aria-label={t('intake:settings.weightOf')} placeholder={t('intake:settings.weightOf')} value={null} onChange={weigh} />
            </span>
          </div>
        )}
      </fieldset>
      <fieldset>
        <legend>{t('intake:settings.clock')}</legend>
        {number('slaHours')}
        {number('warnHours')}
        {number('nextHours')}
        <Field word="intake:settings.workingDays">
          <Switch checked={rules.workingDays} onChange={workingDays => change({ workingDays })} />
        </Field>
        <p className="jy-muted jy-pool-wide">{t('intake:settings.clockWhy')}</p>
      </fieldset>
      <div className="jy-row">
        <Button type="primary" loading={save.isPending} onClick={() => save.mutate()}>
          {t('shell:save')}
        </Button>
        {territoryId !== '0' && set.rowVersion > 0 && (
          <Popconfirm title={t('intake:settings.dropWhy')} onConfirm={() => drop.mutate()}>
            <Button icon={<Trash2 size={13} />}>{t('intake:settings.drop')}</Button>
          </Popconfirm>
        )}
      </div>
    </div>
  )
}
