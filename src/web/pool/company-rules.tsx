/** What holds for all pools: limits of holding, what counts as a follow-up, the calendar, extension, protection, reasons. */
import { Button, Checkbox, Input, InputNumber, Select, Switch } from 'antd'
import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type CompanyBody, saveCompanyRules } from '../../contract/pool/settings.ts'
import { EVERYTHING } from '../../core/condition/condition.ts'
import { FOLLOW_UPS, RETURN_REASONS } from '../../core/pool/company.ts'
import { useCatalogue } from '../account/use-catalogue.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import { ConditionField } from './condition-field.tsx'
import { Named, PeopleField } from './named-fields.tsx'
import { Field } from './pool-form.tsx'
import type { Settings } from './pool-list.tsx'

type Cap = CompanyBody['caps'][number]
const DAYS = /^\d{4}-\d\d-\d\d$/
const daysOf = (text: string): string[] => [...new Set(text.split(/[\s,，、]+/).filter(d => DAYS.test(d)))].sort()

export function CompanyRules({ settings }: { settings: Settings }) {
  const { t } = useTranslation()
  const [rules, setRules] = useState<CompanyBody>(settings.company)
  const [days, setDays] = useState({ holidays: rules.holidays.join('\n'), workdays: rules.workdays.join('\n') })
  const set = (change: Partial<CompanyBody>) => setRules({ ...rules, ...change })
  const catalogue = useCatalogue()
  const dates = (catalogue.data?.fields ?? []).filter(f => f.type === 'date' && !f.retired)
  const save = useChange({
    run: () =>
      call(saveCompanyRules, { ifMatch: settings.rowVersion, body: { ...rules, holidays: daysOf(days.holidays), workdays: daysOf(days.workdays) } }),
    touches: [['pool-settings'], ['pools'], ['pool'], ['pool-clocks']],
  })
  const cap = (at: number, change: Partial<Cap>) => set({ caps: rules.caps.map((c, i) => (i === at ? { ...c, ...change } : c)) })
  const number = (
    key: 'reclaimHour' | 'graceDays' | 'extensionDays' | 'extensionTimes' | 'protectMost' | 'protectDays',
    min: number,
    max: number,
  ) => (
    <Field word={`pool:settings.${key}`}>
      <InputNumber min={min} max={max} value={rules[key]} onChange={value => set({ [key]: value ?? min } as Partial<CompanyBody>)} />
    </Field>
  )
  return (
    <div className="jy-pool-form">
      <fieldset>
        <legend>{t('pool:settings.caps')}</legend>
        {rules.caps.length === 0 && <span className="jy-muted">{t('pool:settings.capsNone')}</span>}
        {rules.caps.map((c, i) => (
          <div className="jy-row jy-wrap jy-pool-wide" key={`${i} ${c.scope}`}>
            <Select
              aria-label={t('pool:settings.caps')}
              style={{ width: 170 }}
              value={c.scope}
              onChange={scope => cap(i, { scope, ofId: null })}
              options={(['person', 'role', 'department', 'team'] as const).map(value => ({ value, label: t(`pool:settings.capScope.${value}`) }))}
            />
            <span style={{ width: 190 }}>
              {c.scope === 'person' ? (
                <PeopleField
                  label={t('pool:settings.capOf')}
                  names={settings.names}
                  value={c.ofId ? [c.ofId] : []}
                  onChange={ids => cap(i, { ofId: ids.at(-1) ?? null })}
                />
              ) : (
                <Named
                  of={c.scope}
                  label={t('pool:settings.capOf')}
                  names={settings.names}
                  value={c.ofId ? [c.ofId] : []}
                  onChange={ids => cap(i, { ofId: ids.at(-1) ?? null })}
                />
              )}
            </span>
            {t('pool:settings.capMost')}
            <InputNumber aria-label={t('pool:settings.capMost')} min={0} value={c.most} onChange={most => cap(i, { most: most ?? 0 })} />
            <ConditionField
              value={c.counts ?? EVERYTHING}
              onChange={counts => cap(i, { counts: 'all' in counts && counts.all.length === 0 ? null : counts })}
            />
            <Checkbox checked={c.exceptWon} onChange={event => cap(i, { exceptWon: event.target.checked })}>
              {t('pool:settings.exceptWon')}
            </Checkbox>
            <Button
              type="text"
              icon={<Trash2 size={13} />}
              aria-label={t('shell:remove')}
              onClick={() => set({ caps: rules.caps.filter((_, at) => at !== i) })}
            />
          </div>
        ))}
        <Button
          icon={<Plus size={13} />}
          onClick={() => set({ caps: [...rules.caps, { scope: 'person', ofId: null, most: 60, exceptWon: true, counts: null }] })}
        >
          {t('pool:settings.capAdd')}
        </Button>
      </fieldset>
      <fieldset>
        <legend>{t('pool:settings.followUp')}</legend>
        <Checkbox.Group
          value={rules.followUp.kinds}
          onChange={kinds => set({ followUp: { ...rules.followUp, kinds: kinds as CompanyBody['followUp']['kinds'] } })}
          options={FOLLOW_UPS.map(value => ({ value, label: t(`pool:settings.kinds.${value}`) }))}
        />
        <Field word="pool:settings.minLetters">
          <InputNumber
            min={0}
            max={200}
            value={rules.followUp.minLetters}
            onChange={v => set({ followUp: { ...rules.followUp, minLetters: v ?? 0 } })}
          />
        </Field>
        <Field word="pool:settings.copies">
          <InputNumber min={0} max={100} value={rules.followUp.copies} onChange={v => set({ followUp: { ...rules.followUp, copies: v ?? 0 } })} />
        </Field>
        <Field word="pool:settings.ownerOnly">
          <Switch checked={rules.followUp.ownerOnly} onChange={ownerOnly => set({ followUp: { ...rules.followUp, ownerOnly } })} />
        </Field>
      </fieldset>
      <fieldset>
        <legend>{t('pool:settings.calendar')}</legend>
        {number('reclaimHour', 0, 23)}
        {number('graceDays', 0, 90)}
        {(['holidays', 'workdays'] as const).map(key => (
          <Field key={key} word={`pool:settings.${key}`}>
            <Input.TextArea rows={3} value={days[key]} placeholder="2027-01-01" onChange={event => setDays({ ...days, [key]: event.target.value })} />
          </Field>
        ))}
      </fieldset>
      <fieldset>
        <legend>{t('pool:settings.extension')}</legend>
        {number('extensionDays', 1, 365)}
        {number('extensionTimes', 0, 20)}
        {number('protectMost', 0, 10_000)}
        {number('protectDays', 1, 3650)}
        <Field word="pool:settings.contractField">
          <Select
            allowClear
            aria-label={t('pool:settings.contractField')}
            value={rules.contractField ?? undefined}
            onChange={value => set({ contractField: value ?? null })}
            options={dates.map(f => ({ value: f.key, label: labelOf(f.labels, currentLocale()) }))}
          />
        </Field>
      </fieldset>
      <fieldset>
        <legend>{t('pool:settings.returnReasons')}</legend>
        <Checkbox.Group
          value={rules.returnReasons}
          onChange={reasons => set({ returnReasons: reasons as CompanyBody['returnReasons'] })}
          options={RETURN_REASONS.map(value => ({ value, label: t(`pool:returnReason.${value}`) }))}
        />
      </fieldset>
      <Button
        type="primary"
        disabled={rules.returnReasons.length === 0 || rules.followUp.kinds.length === 0}
        loading={save.isPending}
        onClick={() => save.mutate()}
      >
        {t('shell:save')}
      </Button>
    </div>
  )
}
