/** Clauses in the company's order, moved by buttons or by Alt and arrows, each with its terms; then the terms of cases; tried before adopted. */
import { useMutation } from '@tanstack/react-query'
import { App, Button, Input, InputNumber, Switch } from 'antd'
import { ArrowDown, ArrowUp, FlaskConical } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type readEngagement, saveEngagement, simulateEngagement } from '../../contract/engagement/settings.ts'
import type { Clause } from '../../core/engagement/clauses.ts'
import { call, type ReplyOf } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { useProblemText } from '../app/states.tsx'
import { ClauseTerms } from './clause-terms.tsx'
import { Trial } from './trial.tsx'

type Rules = ReplyOf<typeof readEngagement>
const HOURS = ['ruleHours', 'statementHours', 'appealDays', 'creditMonths', 'evidenceMonths'] as const
const MOST = { ruleHours: 2160, statementHours: 2160, appealDays: 90, creditMonths: 60, evidenceMonths: 120 } as const

export function ClauseOrder({ rules }: { rules: Rules }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const [list, setList] = useState<readonly Clause[]>(rules.clauses)
  const [policy, setPolicy] = useState(rules.policy)
  const [note, setNote] = useState('')
  const trial = useMutation({
    mutationFn: () => call(simulateEngagement, { body: { clauses: [...list] as Rules['clauses'] } }),
    onError: error => void message.error(say(error)),
  })
  const save = useChange({
    run: () => call(saveEngagement, { ifMatch: rules.version, body: { clauses: [...list] as Rules['clauses'], policy, note: note.trim() || null } }),
    touches: [['engagement']],
    said: t('engagement:rules.adopted', { n: rules.version + 1 }),
  })
  const dirty = JSON.stringify(list) !== JSON.stringify(rules.clauses) || JSON.stringify(policy) !== JSON.stringify(rules.policy)
  const set = (at: number, clause: Clause) => setList(list.map((c, i) => (i === at ? clause : c)))
  const move = (at: number, by: 1 | -1) => {
    const to = at + by
    if (to < 0 || to >= list.length) return
    const next = [...list]
    ;[next[at], next[to]] = [next[to]!, next[at]!]
    setList(next)
  }
  return (
    <div className="jy-rules">
      <section className="jy-card">
        <ol className="jy-list" aria-label={t('engagement:rules.clauses')}>
          {list.map((c, i) => (
            <li
              key={c.kind}
              className="jy-rule"
              data-off={!c.enabled || undefined}
              onKeyDown={event => {
                if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
                event.preventDefault()
                move(i, event.key === 'ArrowUp' ? -1 : 1)
              }}
            >
              <span className="jy-muted">{i + 1}</span>
              <Switch
                size="small"
                aria-label={t(`engagement:clause.name.${c.kind}`)}
                checked={c.enabled}
                onChange={enabled => set(i, { ...c, enabled } as Clause)}
              />
              <span className="jy-grow">
                <b>{t(`engagement:clause.name.${c.kind}`)}</b>
                <p className="jy-muted">{t(`engagement:rules.about.${c.kind}`)}</p>
              </span>
              <ClauseTerms clause={c} onChange={next => set(i, next)} />
              <Button
                size="small"
                icon={<ArrowUp size={13} />}
                aria-label={t('engagement:rules.up')}
                disabled={i === 0}
                onClick={() => move(i, -1)}
              />
              <Button
                size="small"
                icon={<ArrowDown size={13} />}
                aria-label={t('engagement:rules.down')}
                disabled={i === list.length - 1}
                onClick={() => move(i, 1)}
              />
            </li>
          ))}
        </ol>
      </section>
      <section className="jy-card jy-case-box">
        <h2>{t('engagement:rules.terms')}</h2>
        <div className="jy-rules-terms">
          {HOURS.map(key => (
            <label key={key} htmlFor={`terms-${key}`}>
              <span>{t(`engagement:rules.${key}`)}</span>
              <InputNumber
                id={`terms-${key}`}
                min={key === 'appealDays' ? 0 : 1}
                max={MOST[key]}
                value={policy[key]}
                onChange={value => setPolicy({ ...policy, [key]: value ?? 1 })}
              />
            </label>
          ))}
          <label htmlFor="terms-creditCap">
            <span>{t('engagement:rules.creditCap')}</span>
            <InputNumber
              id="terms-creditCap"
              min={0}
              max={100}
              suffix="%"
              value={policy.creditCap / 100}
              onChange={value => setPolicy({ ...policy, creditCap: Math.round((value ?? 0) * 100) })}
            />
          </label>
        </div>
      </section>
      <div className="jy-row jy-wrap">
        <Button icon={<FlaskConical size={14} />} loading={trial.isPending} onClick={() => trial.mutate()}>
          {t('engagement:rules.try')}
        </Button>
        <Input
          className="jy-rules-note"
          placeholder={t('engagement:rules.note')}
          aria-label={t('engagement:rules.note')}
          maxLength={300}
          value={note}
          onChange={event => setNote(event.target.value)}
        />
        <Button type="primary" disabled={!dirty} loading={save.isPending} onClick={() => save.mutate()}>
          {t('engagement:rules.adopt')}
        </Button>
      </div>
      {trial.data && <Trial trial={trial.data} />}
    </div>
  )
}
