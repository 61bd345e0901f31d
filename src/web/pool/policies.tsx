/** Reclaim rules in their order. Nothing is saved before its effect was looked at: what would be taken, from whom, and what is exempt. */
import { useMutation } from '@tanstack/react-query'
import { Alert, App, Button, Checkbox, Input, InputNumber, Segmented, Select, Switch } from 'antd'
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type PolicyBody, previewPolicies, savePolicies } from '../../contract/pool/settings.ts'
import { EVERYTHING } from '../../core/condition/condition.ts'
import { GUARDS, TRIGGERS } from '../../core/pool/clock.ts'
import { call, newKey } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { day } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { Empty, useProblemText } from '../app/states.tsx'
import { ConditionField } from './condition-field.tsx'
import { Effect } from './effect.tsx'
import type { Settings } from './pool-list.tsx'

type Line = PolicyBody & { readonly key: string; readonly graceUntil: string | null }
const fresh = (): Line => ({
  key: newKey(),
  id: null,
  name: '',
  enabled: true,
  condition: EVERYTHING,
  terms: { triggers: [{ kind: 'followUp', days: 30 }], all: false, workingDays: false, guards: [...GUARDS], warnDays: [7, 3], escalateDays: 3 },
  toPoolId: null,
  graceUntil: null,
})

export function Policies({ settings }: { settings: Settings }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const [lines, setLines] = useState<readonly Line[]>(settings.policies.map(({ rowVersion: _, ...p }) => ({ ...p, key: p.id })))
  const bodies = lines.map(({ key: _, graceUntil: __, ...p }) => p)
  const sent = JSON.stringify(bodies)
  const [seen, setSeen] = useState<string | null>(null)
  const look = useMutation({
    mutationFn: () => call(previewPolicies, { body: { policies: bodies } }),
    onSuccess: () => setSeen(sent),
    onError: error => void message.error(say(error), 6),
  })
  const save = useChange({
    run: () => call(savePolicies, { ifMatch: settings.rowVersion, body: { policies: bodies } }),
    touches: [['pool-settings'], ['pools'], ['pool-clocks']],
  })
  const change = (key: string, next: Partial<Line>) => setLines(lines.map(l => (l.key === key ? { ...l, ...next } : l)))
  const move = (at: number, by: number) => {
    const next = [...lines]
    const [line] = next.splice(at, 1)
    next.splice(at + by, 0, line!)
    setLines(next)
  }
  const named = lines.every(l => l.name.trim() && l.terms.triggers.length > 0)
  return (
    <>
      <p className="jy-muted">{t('pool:settings.policyLead', { n: settings.company.graceDays })}</p>
      {lines.length === 0 && (
        <section className="jy-card">
          <Empty title={t('pool:settings.policyNone')} />
        </section>
      )}
      {lines.map((line, i) => (
        <PolicyCard
          key={line.key}
          line={line}
          settings={settings}
          onChange={next => change(line.key, next)}
          onUp={i > 0 ? () => move(i, -1) : null}
          onDown={i < lines.length - 1 ? () => move(i, 1) : null}
          onRemove={() => setLines(lines.filter(l => l.key !== line.key))}
        />
      ))}
      <p className="jy-row">
        <Button icon={<Plus size={14} />} onClick={() => setLines([...lines, fresh()])}>
          {t('pool:settings.policyAdd')}
        </Button>
        <span className="jy-grow" />
        <Button disabled={!named} loading={look.isPending} onClick={() => look.mutate()}>
          {t('pool:settings.preview')}
        </Button>
        <Button type="primary" disabled={!named || seen !== sent} loading={save.isPending} onClick={() => save.mutate()}>
          {t('shell:save')}
        </Button>
      </p>
      {seen !== sent && named && <Alert type="info" title={t(seen === null ? 'pool:settings.previewFirst' : 'pool:settings.stale')} />}
      {look.data && seen === sent && <Effect effect={look.data} />}
    </>
  )
}

type CardProps = {
  line: Line
  settings: Settings
  onChange: (next: Partial<Line>) => void
  onUp: (() => void) | null
  onDown: (() => void) | null
  onRemove: () => void
}
function PolicyCard({ line, settings, onChange, onUp, onDown, onRemove }: CardProps) {
  const { t } = useTranslation()
  const me = useMe()
  const { terms } = line
  const set = (next: Partial<typeof terms>) => onChange({ terms: { ...terms, ...next } })
  const triggers = terms.triggers
  return (
    <section className="jy-card jy-pool-policy jy-pool-form" aria-label={line.name}>
      <header className="jy-row">
        <Input
          aria-label={t('pool:settings.name')}
          placeholder={t('pool:settings.name')}
          maxLength={60}
          style={{ maxWidth: 260 }}
          value={line.name}
          onChange={event => onChange({ name: event.target.value })}
        />
        <Switch aria-label={t('pool:settings.enabled')} checked={line.enabled} onChange={enabled => onChange({ enabled })} />
        {line.graceUntil && Date.parse(line.graceUntil) > Date.now() && (
          <span className="jy-warn">{t('pool:settings.graceUntil', { day: day(line.graceUntil, new Date(), me?.tenant.zone) })}</span>
        )}
        <span className="jy-grow" />
        <Button type="text" icon={<ArrowUp size={14} />} disabled={!onUp} aria-label={t('pool:settings.up')} onClick={() => onUp?.()} />
        <Button type="text" icon={<ArrowDown size={14} />} disabled={!onDown} aria-label={t('pool:settings.down')} onClick={() => onDown?.()} />
        <Button type="text" icon={<Trash2 size={14} />} aria-label={t('shell:remove')} onClick={onRemove} />
      </header>
      <dl className="jy-facts">
        <dt>{t('pool:settings.condition')}</dt>
        <dd>
          <ConditionField value={line.condition} onChange={condition => onChange({ condition })} />
        </dd>
        <dt>{t('pool:settings.triggers')}</dt>
        <dd>
          {triggers.map((x, i) => (
            <span className="jy-row" key={x.kind}>
              <Select
                aria-label={t('pool:settings.triggers')}
                style={{ width: 170 }}
                value={x.kind}
                onChange={kind => set({ triggers: triggers.map((y, at) => (at === i ? { ...y, kind } : y)) })}
                options={TRIGGERS.filter(k => k === x.kind || !triggers.some(y => y.kind === k)).map(value => ({
                  value,
                  label: t(`pool:settings.triggerName.${value}`),
                }))}
              />
              <InputNumber
                aria-label={t('pool:settings.days')}
                min={1}
                max={3650}
                value={x.days}
                onChange={days => set({ triggers: triggers.map((y, at) => (at === i ? { ...y, days: days ?? 1 } : y)) })}
              />
              {t('pool:settings.days')}
              {triggers.length > 1 && (
                <Button
                  type="text"
                  icon={<Trash2 size={13} />}
                  aria-label={t('shell:remove')}
                  onClick={() => set({ triggers: triggers.filter((_, at) => at !== i) })}
                />
              )}
            </span>
          ))}
          <span className="jy-row">
            {triggers.length < TRIGGERS.length && (
              <Button
                size="small"
                icon={<Plus size={12} />}
                onClick={() => set({ triggers: [...triggers, { kind: TRIGGERS.find(k => !triggers.some(y => y.kind === k))!, days: 90 }] })}
              >
                {t('pool:settings.triggerAdd')}
              </Button>
            )}
            {triggers.length > 1 && (
              <Segmented
                size="small"
                value={terms.all ? 'all' : 'any'}
                onChange={value => set({ all: value === 'all' })}
                options={(['any', 'all'] as const).map(value => ({ value, label: t(`pool:settings.${value}Of`) }))}
              />
            )}
            <Checkbox checked={terms.workingDays} onChange={event => set({ workingDays: event.target.checked })}>
              {t('pool:settings.working')}
            </Checkbox>
          </span>
        </dd>
        <dt>{t('pool:settings.guards')}</dt>
        <dd>
          <Checkbox.Group
            value={terms.guards}
            onChange={guards => set({ guards: guards as typeof terms.guards })}
            options={GUARDS.map(value => ({ value, label: t(`pool:guardName.${value}`) }))}
          />
        </dd>
        <dt>{t('pool:settings.toPool')}</dt>
        <dd>
          <Select
            aria-label={t('pool:settings.toPool')}
            style={{ width: 220 }}
            value={line.toPoolId ?? ''}
            onChange={value => onChange({ toPoolId: value || null })}
            options={[{ value: '', label: t('pool:settings.toFirst') }, ...settings.pools.map(p => ({ value: p.id, label: p.name }))]}
          />
        </dd>
        <dt>{t('pool:settings.warn')}</dt>
        <dd className="jy-row">
          <Select
            mode="tags"
            aria-label={t('pool:settings.warn')}
            style={{ width: 180 }}
            value={terms.warnDays.map(String)}
            onChange={days =>
              set({
                warnDays: days
                  .map(Number)
                  .filter(n => Number.isInteger(n) && n > 0 && n <= 90)
                  .slice(0, 5),
              })
            }
          />
          {t('pool:settings.escalate')}
          <InputNumber
            aria-label={t('pool:settings.escalate')}
            min={1}
            max={90}
            value={terms.escalateDays}
            onChange={escalateDays => set({ escalateDays: escalateDays ?? null })}
          />
        </dd>
      </dl>
    </section>
  )
}
