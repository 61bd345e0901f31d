/** Who must approve a change, from which size on: each line is said as a sentence, so that nobody is surprised by whom it asks. */
import { useQuery } from '@tanstack/react-query'
import { Button, InputNumber, Select } from 'antd'
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listUsers } from '../../contract/identity/people.ts'
import type { Locale } from '../../contract/kernel/shapes.ts'
import { getPolicy, savePolicy } from '../../contract/territory/change-policy.ts'
import { MEASURES } from '../../core/territory/approvers.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { labelOf } from '../app/i18n.ts'
import { useMayChange, useMe } from '../app/me.ts'
import { useRested } from '../app/paged.ts'
import { Empty, ErrorState, Skeleton, useProblemText } from '../app/states.tsx'
import { rolesQuery } from '../identity/people-queries.ts'
import './change.css'
import { type Measure, SCALE, useMeasureText } from '../approval/limit-words.ts'
import { FeedbackPolicy } from './feedback-policy.tsx'

type Line = {
  readonly key: string
  readonly measure: Measure
  readonly atLeast: number
  readonly approver: 'managers' | 'role' | 'user'
  readonly roleId: string | null
  readonly userId: string | null
  readonly who: string | null
}
const KEY = ['change-policy']

export function PolicyPage() {
  const policy = useQuery({ queryKey: KEY, queryFn: ({ signal }) => call(getPolicy, { signal }) })
  if (policy.isPending) return <Skeleton />
  if (policy.isError) return <ErrorState error={policy.error} onRetry={() => void policy.refetch()} />
  const lines = policy.data.rows.map(
    (r, i): Line => ({
      key: r.id ?? String(i),
      measure: r.measure,
      atLeast: r.atLeast,
      approver: r.approver,
      roleId: r.roleId ?? null,
      userId: r.userId ?? null,
      who: r.who,
    }),
  )
  return (
    <>
      <Lines key={`limits ${policy.dataUpdatedAt}`} kept={lines} />
      <FeedbackPolicy
        key={`feedback ${policy.dataUpdatedAt}`}
        kept={policy.data.feedback}
        rows={lines.map(({ key: _, who: __, ...line }) => line)}
        touches={[KEY]}
      />
    </>
  )
}

function Lines({ kept }: { kept: readonly Line[] }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const manages = useMayChange('tenant.manage')
  const sentence = useMeasureText()
  const [lines, setLines] = useState(kept)
  const [made, setMade] = useState(0)
  const [refused, setRefused] = useState<string | null>(null)
  const dirty = JSON.stringify(lines) !== JSON.stringify(kept)
  const missing = lines.some(l => (l.approver === 'role' && l.roleId === null) || (l.approver === 'user' && l.userId === null))
  const change = (at: number, next: Partial<Line>) => setLines(lines.map((l, i) => (i === at ? { ...l, ...next } : l)))
  const move = (at: number, by: 1 | -1) => {
    const next = [...lines]
    const [line] = next.splice(at, 1)
    next.splice(at + by, 0, line!)
    setLines(next)
  }
  const save = useChange({
    run: () => {
      setRefused(null)
      return call(savePolicy, { body: { rows: lines.map(({ key: _, who: __, ...line }) => line) } })
    },
    touches: [KEY, ['change-set']],
    onRefused: error => {
      setRefused(say(error))
      return true
    },
  })
  const add = () => {
    setLines([...lines, { key: `new-${made}`, measure: 'owners', atLeast: 1, approver: 'managers', roleId: null, userId: null, who: null }])
    setMade(made + 1)
  }
  return (
    <section className="jy-card jy-setting-box" aria-label={t('change:policy.title')}>
      <header className="jy-row">
        <h2>{t('change:policy.title')}</h2>
      </header>
      <p className="jy-muted">{t('change:policy.lead')}</p>
      {!manages && <p className="jy-warn">{t('change:policy.readOnly')}</p>}
      {lines.length === 0 && <Empty title={t('change:policy.none')} why={t('change:policy.noneWhy')} />}
      <ol className="jy-policy">
        {lines.map((line, i) => (
          <li key={line.key}>
            {manages && (
              <LineFields line={line} onChange={next => change(i, next)}>
                <Button
                  type="text"
                  size="small"
                  disabled={i === 0}
                  aria-label={t('change:policy.up')}
                  icon={<ArrowUp size={14} />}
                  onClick={() => move(i, -1)}
                />
                <Button
                  type="text"
                  size="small"
                  disabled={i === lines.length - 1}
                  aria-label={t('change:policy.down')}
                  icon={<ArrowDown size={14} />}
                  onClick={() => move(i, 1)}
                />
                <Button
                  type="text"
                  size="small"
                  aria-label={t('shell:remove')}
                  icon={<Trash2 size={14} />}
                  onClick={() => setLines(lines.filter((_, k) => k !== i))}
                />
              </LineFields>
            )}
            <p>
              {t(`change:policy.says.${line.approver}`, {
                limit: sentence({ measure: line.measure, atLeast: line.atLeast, as: line.approver }),
                who: line.who ?? t('change:policy.nobodyYet'),
              })}
            </p>
          </li>
        ))}
      </ol>
      {refused && (
        <p className="jy-warn" role="alert">
          {refused}
        </p>
      )}
      {manages && (
        <div className="jy-row jy-wrap">
          <Button icon={<Plus size={14} />} disabled={lines.length >= 40} onClick={add}>
            {t('change:policy.add')}
          </Button>
          <span className="jy-grow" />
          {missing && <small className="jy-warn">{t('change:policy.missing')}</small>}
          {dirty && <Button onClick={() => setLines(kept)}>{t('shell:cancel')}</Button>}
          <Button type="primary" disabled={!dirty || missing} loading={save.isPending} onClick={() => save.mutate()}>
            {t('shell:save')}
          </Button>
        </div>
      )}
    </section>
  )
}

type FieldsProps = { line: Line; onChange: (next: Partial<Line>) => void; children: React.ReactNode }
function LineFields({ line, onChange, children }: FieldsProps) {
  const { t, i18n } = useTranslation()
  const roles = useQuery({ ...rolesQuery, enabled: line.approver === 'role' })
  const scale = SCALE[line.measure] ?? 1
  const unit = useMe()?.tenant.currency
  return (
    <div className="jy-row jy-wrap">
      <Select
        aria-label={t('change:policy.measure')}
        style={{ minWidth: 168 }}
        value={line.measure}
        disabled={line.approver === 'managers'}
        onChange={measure => onChange({ measure })}
        options={MEASURES.map(value => ({ value, label: t(`change:measure.${value}`) }))}
      />
      <span>≥</span>
      <InputNumber
        aria-label={t('change:policy.atLeast')}
        style={{ width: 150 }}
        min={0}
        max={Math.floor(9_007_199_254_740_991 / scale)}
        precision={line.measure === 'shareBp' ? 2 : 0}
        value={line.atLeast / scale}
        suffix={line.measure === 'shareBp' ? '%' : line.measure === 'dealAmount' ? unit : undefined}
        onChange={value => onChange({ atLeast: Math.round((value ?? 0) * scale) })}
      />
      <Select
        aria-label={t('change:policy.approver')}
        style={{ minWidth: 150 }}
        value={line.approver}
        onChange={approver =>
          onChange({ approver, roleId: null, userId: null, who: null, ...(approver === 'managers' ? { measure: 'owners' as const } : {}) })
        }
        options={(['managers', 'role', 'user'] as const).map(value => ({ value, label: t(`change:policy.kind.${value}`) }))}
      />
      {line.approver === 'role' && (
        <Select
          aria-label={t('change:policy.kind.role')}
          style={{ minWidth: 150 }}
          loading={roles.isPending}
          value={line.roleId}
          onChange={(roleId, option) => onChange({ roleId, who: (option as { label: string }).label })}
          options={roles.data?.rows.map(r => ({ value: r.id, label: labelOf(r.labels, i18n.language as Locale) }))}
        />
      )}
      {line.approver === 'user' && <PersonPick line={line} onChange={onChange} />}
      <span className="jy-grow" />
      <span className="jy-row">{children}</span>
    </div>
  )
}

/** Searched on the server: nobody loads all people. */
function PersonPick({ line, onChange }: Omit<FieldsProps, 'children'>) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const needle = useRested(typed)
  const people = useQuery({
    queryKey: ['people', 'pick', needle],
    queryFn: ({ signal }) => call(listUsers, { query: { search: needle || undefined, state: 'active', limit: 20 }, signal }),
  })
  const found = people.data?.rows.map(p => ({ value: p.id, label: p.title ? `${p.name} · ${p.title}` : p.name, name: p.name })) ?? []
  const options =
    line.userId && !found.some(p => p.value === line.userId)
      ? [{ value: line.userId, label: line.who ?? line.userId, name: line.who ?? '' }, ...found]
      : found
  return (
    <Select
      showSearch
      filterOption={false}
      aria-label={t('change:policy.kind.user')}
      style={{ minWidth: 190 }}
      loading={people.isPending}
      value={line.userId}
      onSearch={setTyped}
      onChange={(userId, option) => onChange({ userId, who: (option as { name: string }).name })}
      options={options}
    />
  )
}
