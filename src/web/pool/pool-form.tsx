/** One pool: whom it takes, who belongs to it, what it shows before a claim, in which steps it opens, and how one may claim. */
import { Button, Checkbox, Drawer, Input, InputNumber, Select, Switch } from 'antd'
import { Plus, Trash2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changePool, createPool, type PoolBody } from '../../contract/pool/settings.ts'
import { EVERYTHING } from '../../core/condition/condition.ts'
import { DEFAULT_MASKS, DEFAULT_RULES, EVERYONE_MEMBERS } from '../../core/pool/pool.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { ConditionField } from './condition-field.tsx'
import { Named, PeopleField } from './named-fields.tsx'
import type { PoolSetting, Settings } from './pool-list.tsx'

const FRESH = {
  name: '',
  position: 10,
  open: true,
  deadEnd: false,
  condition: EVERYTHING,
  territoryId: null,
  admins: [],
  members: EVERYONE_MEMBERS,
  masks: DEFAULT_MASKS,
  steps: [
    { up: 0, afterHours: 0 },
    { up: 1, afterHours: 24 },
    { up: null, afterHours: 96 },
  ],
  rules: DEFAULT_RULES,
} as unknown as PoolBody
const MASKS = ['show', 'partial', 'hide'] as const
const SHOWN = ['tier', 'division', 'industry', 'potential', 'source'] as const
const NUMBERS = ['perDay', 'batch', 'draw', 'coolDays', 'coolTeamDays', 'embargoHours', 'viewsPerDay', 'protectDays'] as const
const OPTIONAL = new Set<string>(['perDay', 'viewsPerDay'])
const LEAST: Readonly<Record<string, number>> = { batch: 1, draw: 1, viewsPerDay: 1 }

export function PoolForm({ pool, settings, onClose }: { pool: PoolSetting | null; settings: Settings; onClose: () => void }) {
  const { t } = useTranslation()
  const { id: _, rowVersion: __, entries: ___, ...kept } = pool ?? { ...FRESH, id: '', rowVersion: 0, entries: 0 }
  const [body, setBody] = useState<PoolBody>(kept as PoolBody)
  const set = (change: Partial<PoolBody>) => setBody({ ...body, ...change })
  const save = useChange({
    run: async () => {
      if (pool) await call(changePool, { params: { id: pool.id }, ifMatch: pool.rowVersion, body })
      else await call(createPool, { body })
    },
    touches: [['pool-settings'], ['pools'], ['pool']],
    said: t('pool:settings.savedPlacing'),
    onDone: onClose,
  })
  return (
    <Drawer
      open
      size={640}
      title={pool ? t('pool:settings.edit', { name: pool.name }) : t('pool:settings.add')}
      onClose={onClose}
      extra={
        <Button type="primary" disabled={!body.name.trim()} loading={save.isPending} onClick={() => save.mutate()}>
          {t('shell:save')}
        </Button>
      }
    >
      <div className="jy-pool-form">
        <fieldset>
          <legend>{t('pool:settings.name')}</legend>
          <Field word="pool:settings.name">
            <Input value={body.name} maxLength={60} onChange={event => set({ name: event.target.value })} />
          </Field>
          <Field word="pool:settings.position">
            <InputNumber min={0} max={1000} value={body.position} onChange={value => set({ position: value ?? 0 })} />
          </Field>
          <Field word="pool:settings.open">
            <Switch checked={body.open} onChange={open => set({ open })} />
          </Field>
          <Field word="pool:settings.deadEnd">
            <Switch checked={body.deadEnd} onChange={deadEnd => set({ deadEnd })} />
          </Field>
        </fieldset>
        <fieldset>
          <legend>{t('pool:settings.takes')}</legend>
          <ConditionField value={body.condition} onChange={condition => set({ condition })} />
          <Named
            of="territory"
            label={t('pool:settings.onlyTerritory')}
            names={settings.names}
            value={body.territoryId === null ? [] : [body.territoryId]}
            onChange={ids => set({ territoryId: ids.at(-1) ?? null })}
          />
        </fieldset>
        <fieldset>
          <legend>{t('pool:settings.members')}</legend>
          <Checkbox checked={body.members.everyone} onChange={event => set({ members: { ...body.members, everyone: event.target.checked } })}>
            {t('pool:settings.everyone')}
          </Checkbox>
          {!body.members.everyone && (
            <>
              <PeopleField
                label={t('pool:settings.users')}
                names={settings.names}
                value={body.members.users}
                onChange={users => set({ members: { ...body.members, users } })}
              />
              {(['department', 'team', 'role'] as const).map(of => (
                <Named
                  key={of}
                  of={of}
                  label={t(`pool:settings.${of}s`)}
                  names={settings.names}
                  value={body.members[`${of}s`]}
                  onChange={ids => set({ members: { ...body.members, [`${of}s`]: ids } })}
                />
              ))}
            </>
          )}
          <PeopleField label={t('pool:settings.admins')} names={settings.names} value={body.admins} onChange={admins => set({ admins })} />
        </fieldset>
        <fieldset>
          <legend>{t('pool:settings.masks')}</legend>
          {(['name', 'contact', 'phone'] as const).map(key => (
            <Field key={key} word={`pool:settings.field.${key}`}>
              <Select
                aria-label={t(`pool:settings.field.${key}`)}
                value={body.masks[key]}
                onChange={value => set({ masks: { ...body.masks, [key]: value } })}
                options={MASKS.map(value => ({ value, label: t(`pool:settings.mask.${value}`) }))}
              />
            </Field>
          ))}
          <div className="jy-row jy-wrap jy-pool-wide">
            {SHOWN.map(key => (
              <Checkbox key={key} checked={body.masks[key]} onChange={event => set({ masks: { ...body.masks, [key]: event.target.checked } })}>
                {t(`pool:settings.field.${key}`)}
              </Checkbox>
            ))}
          </div>
        </fieldset>
        <Steps steps={body.steps} onChange={steps => set({ steps })} />
        <fieldset>
          <legend>{t('pool:settings.claimRules')}</legend>
          {NUMBERS.map(key => (
            <Field key={key} word={`pool:settings.${key}`}>
              <InputNumber
                min={LEAST[key] ?? 0}
                value={body.rules[key]}
                onChange={value => set({ rules: { ...body.rules, [key]: value ?? (OPTIONAL.has(key) ? null : (LEAST[key] ?? 0)) } })}
              />
            </Field>
          ))}
          <Field word="pool:settings.group">
            <Select
              aria-label={t('pool:settings.group')}
              value={body.rules.group}
              onChange={group => set({ rules: { ...body.rules, group } })}
              options={(['free', 'ask'] as const).map(value => ({ value, label: t(`pool:settings.groups.${value}`) }))}
            />
          </Field>
          <Field word="pool:settings.adminsExempt">
            <Switch checked={body.rules.adminsExempt} onChange={adminsExempt => set({ rules: { ...body.rules, adminsExempt } })} />
          </Field>
        </fieldset>
      </div>
    </Drawer>
  )
}

export function Field({ word, wide, children }: { word: string; wide?: boolean; children: ReactNode }) {
  const { t } = useTranslation()
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control stands inside
    <label className={wide ? 'jy-pool-field jy-pool-wide' : 'jy-pool-field'}>
      {t(word)}
      {children}
    </label>
  )
}

function Steps({ steps, onChange }: { steps: PoolBody['steps']; onChange: (steps: PoolBody['steps']) => void }) {
  const { t } = useTranslation()
  const change = (at: number, step: Partial<PoolBody['steps'][number]>) => onChange(steps.map((s, i) => (i === at ? { ...s, ...step } : s)))
  const levels = [0, 1, 2, 3, null]
  return (
    <fieldset>
      <legend>{t('pool:settings.steps')}</legend>
      {steps.map((s, i) => (
        <span className="jy-row jy-pool-wide" key={`${i} ${s.up}`}>
          <InputNumber
            aria-label={t('pool:settings.hoursAfter')}
            min={0}
            value={s.afterHours}
            disabled={i === 0}
            onChange={value => change(i, { afterHours: value ?? 0 })}
          />
          {t('pool:settings.hoursAfter')}
          <Select
            aria-label={t('pool:settings.steps')}
            style={{ minWidth: 140 }}
            value={String(s.up ?? 'all')}
            onChange={value => change(i, { up: value === 'all' ? null : Number(value) })}
            options={levels.map(l => ({ value: String(l ?? 'all'), label: t(`pool:settings.stepUp.${l ?? 'all'}`) }))}
          />
          <Button
            type="text"
            icon={<Trash2 size={13} />}
            aria-label={t('shell:remove')}
            onClick={() => onChange(steps.filter((_, at) => at !== i))}
          />
        </span>
      ))}
      {steps.length < 4 && (
        <Button
          icon={<Plus size={13} />}
          onClick={() => onChange([...steps, { up: null, afterHours: steps.length === 0 ? 0 : (steps.at(-1)?.afterHours ?? 0) + 24 }])}
        >
          {t('pool:settings.stepAdd')}
        </Button>
      )}
    </fieldset>
  )
}
