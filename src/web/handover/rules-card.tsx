/** What is handed over, when, and by which rule; each change is written at once, and the preview beside it follows. */
import { Button, Checkbox, Input, Segmented } from 'antd'
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { HANDOVER_KINDS, type HandoverDetail, type ReceiverBody, type RuleBody } from '../../contract/assignment/handover.ts'
import type { Condition } from '../../core/condition/condition.ts'
import { EVERYTHING } from '../../core/condition/condition.ts'
import { newKey } from '../app/api.ts'
import { day, isoDay, NOTHING } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { type Person, PersonSelect } from '../identity/person-select.tsx'
import { ConditionField } from '../pool/condition-field.tsx'
import { modeOf, ReceiverField, type ReceiverMode } from './receiver-field.tsx'
import { useDraftChange } from './use-handover.ts'

type Line = { readonly key: string; readonly condition: Condition; readonly receiver: ReceiverBody | null; readonly mode: ReceiverMode }

export function RulesCard({ handover, editable }: { handover: HandoverDetail; editable: boolean }) {
  const { t } = useTranslation()
  const change = useDraftChange(handover)
  const zone = useMe()?.tenant.zone
  const [known, setKnown] = useState<readonly Person[]>([])
  const people = new Map([...handover.people, ...known].map(p => [p.id, p.name]))
  const { rule } = handover
  const [lines, setLines] = useState<readonly Line[]>(() => rule.when.map(w => ({ ...w, key: newKey(), mode: modeOf(w.receiver) })))
  const [restMode, setRestMode] = useState<ReceiverMode>(modeOf(rule.rest))
  const learn = (list: readonly Person[]) => setKnown(before => [...before, ...list])
  const write = (next: Partial<RuleBody>) => change.mutate({ rule: { ...rule, ...next } })
  /** A line without a receiver stays on the screen and is not sent yet. */
  const put = (next: readonly Line[]) => {
    setLines(next)
    write({ when: next.flatMap(l => (l.receiver === null ? [] : [{ condition: l.condition, receiver: l.receiver }])) })
  }
  const swap = (at: number, by: number) => {
    const next = [...lines]
    const [line] = next.splice(at, 1)
    next.splice(at + by, 0, line!)
    put(next)
  }
  if (!editable) return <RulesRead handover={handover} people={people} />
  const days = (key: 'startsOn' | 'endsOn') => (
    <Input
      type="date"
      aria-label={t(`handover:form.${key}`)}
      min={isoDay(new Date(), zone)}
      key={handover[key]}
      defaultValue={handover[key] ?? ''}
      onBlur={event => {
        const value = event.target.value || null
        if (value !== handover[key] && (key === 'startsOn' || value !== null)) change.mutate({ [key]: value })
      }}
    />
  )
  return (
    <section className="jy-card jy-handover-form" aria-label={t('handover:form.title')}>
      <Segmented
        block
        aria-label={t('handover:form.kind')}
        value={handover.kind}
        onChange={kind => change.mutate({ kind })}
        options={HANDOVER_KINDS.map(value => ({ value, label: t(`handover:why.${value}`), disabled: value === 'absence' && !handover.from.active }))}
      />
      <p className="jy-muted">{t(`handover:whyLead.${handover.kind}`)}</p>
      <div className="jy-row jy-wrap">
        <div className="jy-handover-field">
          <span>{t('handover:form.startsOnEmpty')}</span>
          {days('startsOn')}
        </div>
        {handover.kind === 'absence' && (
          <div className="jy-handover-field">
            <span>{t('handover:form.endsOn')}</span>
            {days('endsOn')}
          </div>
        )}
      </div>
      {handover.kind === 'absence' && (
        <>
          <Segmented
            block
            aria-label={t('handover:form.mode')}
            value={handover.mode}
            onChange={mode => change.mutate({ mode })}
            options={(['own', 'share'] as const).map(value => ({ value, label: t(`handover:mode.${value}`) }))}
          />
          <p className="jy-muted">{t(`handover:modeLead.${handover.mode}`)}</p>
        </>
      )}
      <h2>{t('handover:form.customers')}</h2>
      {lines.map((line, i) => (
        <div className="jy-handover-line" key={line.key}>
          <span className="jy-row">
            <span className="jy-grow">{t('handover:form.nth', { n: i + 1 })}</span>
            <Button
              size="small"
              type="text"
              icon={<ArrowUp size={13} />}
              disabled={i === 0}
              aria-label={t('handover:form.up')}
              onClick={() => swap(i, -1)}
            />
            <Button
              size="small"
              type="text"
              icon={<ArrowDown size={13} />}
              disabled={i === lines.length - 1}
              aria-label={t('handover:form.down')}
              onClick={() => swap(i, 1)}
            />
            <Button
              size="small"
              type="text"
              icon={<Trash2 size={13} />}
              aria-label={t('shell:remove')}
              onClick={() => put(lines.filter(l => l !== line))}
            />
          </span>
          <ConditionField value={line.condition} onChange={condition => put(lines.map(l => (l === line ? { ...l, condition } : l)))} />
          <ReceiverField
            label={t('handover:form.nthTo', { n: i + 1 })}
            exclude={handover.from.id}
            people={people}
            value={line.receiver}
            mode={line.mode}
            onMode={mode => setLines(lines.map(l => (l === line ? { ...l, mode } : l)))}
            onChange={(receiver, list) => {
              learn(list)
              put(lines.map(l => (l.key === line.key ? { ...l, receiver, mode: receiver ? modeOf(receiver) : l.mode } : l)))
            }}
          />
        </div>
      ))}
      <div className="jy-handover-line">
        <span>{t(lines.length === 0 ? 'handover:form.all' : 'handover:form.rest')}</span>
        <ReceiverField
          label={t('handover:form.restTo')}
          exclude={handover.from.id}
          people={people}
          value={rule.rest}
          mode={restMode}
          onMode={setRestMode}
          onChange={(rest, list) => {
            learn(list)
            // The first person chosen is most likely the one for everything else, too.
            write({ rest, ...(rule.heirId === null && rest?.to === 'person' ? { heirId: rest.userId } : {}) })
          }}
        />
      </div>
      <Button
        size="small"
        icon={<Plus size={13} />}
        onClick={() => setLines([...lines, { key: newKey(), condition: EVERYTHING, receiver: null, mode: 'person' }])}
      >
        {t('handover:form.add')}
      </Button>
      <h2>{t('handover:form.others')}</h2>
      <div className="jy-handover-field">
        <span>{t('handover:form.heir')}</span>
        <PersonSelect
          aria-label={t('handover:form.heir')}
          placeholder={t('handover:receiver.pick')}
          exclude={handover.from.id}
          value={rule.heirId ? { id: rule.heirId, name: people.get(rule.heirId) ?? '' } : null}
          onChange={p => {
            if (p) learn([p])
            write({ heirId: p?.id ?? null })
          }}
        />
      </div>
      <fieldset className="jy-fieldset">
        <legend>{t('handover:form.kinds')}</legend>
        <div className="jy-handover-kinds">
          {handover.kinds
            .filter(k => handover.kind !== 'absence' || k.lent)
            .map(k => (
              <Checkbox
                key={k.kind}
                checked={rule.kinds.includes(k.kind)}
                disabled={rule.kinds.length === 1 && rule.kinds.includes(k.kind)}
                onChange={event => write({ kinds: event.target.checked ? [...rule.kinds, k.kind] : rule.kinds.filter(x => x !== k.kind) })}
              >
                {t(`handover:kind.${k.kind}`)} <span className="jy-muted">{k.held}</span>
              </Checkbox>
            ))}
        </div>
      </fieldset>
      <div className="jy-handover-field">
        <span>{t('handover:form.note')}</span>
        <Input.TextArea
          aria-label={t('handover:form.note')}
          autoSize={{ minRows: 2, maxRows: 4 }}
          maxLength={500}
          defaultValue={handover.note ?? ''}
          onBlur={event => event.target.value !== (handover.note ?? '') && change.mutate({ note: event.target.value })}
        />
      </div>
    </section>
  )
}

/** The rule of a handover that has begun. */
function RulesRead({ handover, people }: { handover: HandoverDetail; people: ReadonlyMap<string, string> }) {
  const { t } = useTranslation()
  const { rule } = handover
  const words = (r: ReceiverBody | null): string =>
    r === null
      ? NOTHING
      : r.to === 'person'
        ? (people.get(r.userId) ?? '')
        : r.to === 'lead'
          ? t('handover:receiver.lead')
          : `${t(`handover:receiver.${r.by}`)} · ${r.userIds.map(id => people.get(id)).join(', ')}`
  const now = new Date()
  return (
    <section className="jy-card jy-handover-form" aria-label={t('handover:form.title')}>
      <dl className="jy-facts">
        <dt>{t('handover:form.kind')}</dt>
        <dd>{t(`handover:why.${handover.kind}`)}</dd>
        {(handover.startsOn || handover.endsOn) && (
          <>
            <dt>{t('handover:form.days')}</dt>
            <dd>
              {handover.startsOn ? day(handover.startsOn, now) : t('handover:form.atOnce')}
              {handover.endsOn && ` – ${day(handover.endsOn, now)}`}
            </dd>
          </>
        )}
        {handover.kind === 'absence' && (
          <>
            <dt>{t('handover:form.mode')}</dt>
            <dd>{t(`handover:mode.${handover.mode}`)}</dd>
          </>
        )}
        {rule.when.map((w, i) => (
          <span className="jy-handover-pair" key={newKeyOf(w, i)}>
            <dt>{t('handover:form.nth', { n: i + 1 })}</dt>
            <dd>{words(w.receiver)}</dd>
          </span>
        ))}
        <dt>{t(rule.when.length === 0 ? 'handover:form.all' : 'handover:form.rest')}</dt>
        <dd>{words(rule.rest)}</dd>
        <dt>{t('handover:form.others')}</dt>
        <dd>{rule.heirId ? people.get(rule.heirId) : NOTHING}</dd>
        {handover.note && (
          <>
            <dt>{t('handover:form.note')}</dt>
            <dd>{handover.note}</dd>
          </>
        )}
      </dl>
    </section>
  )
}
const newKeyOf = (_: unknown, i: number): string => `when-${i}`
