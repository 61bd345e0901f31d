/** Who must approve a change, from which size on: each line is said as a sentence, so that nobody is surprised by whom it asks. */
import { useQuery } from '@tanstack/react-query'
import { InputNumber, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listUsers } from '../../contract/identity/people.ts'
import type { Locale } from '../../contract/kernel/shapes.ts'
import { getPolicy, savePolicy } from '../../contract/territory/change-policy.ts'
import { MEASURES } from '../../core/territory/approvers.ts'
import { call } from '../app/api.ts'
import { labelOf } from '../app/i18n.ts'
import { useMe } from '../app/me.ts'
import { useRested } from '../app/paged.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { rolesQuery } from '../identity/people-queries.ts'
import './change.css'
import { type Measure, SCALE, useMeasureText } from '../approval/limit-words.ts'
import { FeedbackPolicy } from './feedback-policy.tsx'
import { PolicyLines } from './policy-lines.tsx'

type Line = {
  readonly measure: Measure
  readonly atLeast: number
  readonly approver: 'managers' | 'role' | 'user'
  readonly roleId: string | null
  readonly userId: string | null
  readonly who: string | null
}
const KEY = ['change-policy']
const FRESH: Line = { measure: 'owners', atLeast: 1, approver: 'managers', roleId: null, userId: null, who: null }

export function PolicyPage() {
  const policy = useQuery({ queryKey: KEY, queryFn: ({ signal }) => call(getPolicy, { signal }) })
  if (policy.isPending) return <Skeleton />
  if (policy.isError) return <ErrorState error={policy.error} onRetry={() => void policy.refetch()} />
  const limits = policy.data.rows.map(
    ({ id: _, ...r }): Line => ({
      measure: r.measure,
      atLeast: r.atLeast,
      approver: r.approver,
      roleId: r.roleId ?? null,
      userId: r.userId ?? null,
      who: r.who,
    }),
  )
  const feedback = policy.data.feedback.map(({ id: _, ...line }) => line)
  return (
    <>
      <Limits key={`limits ${JSON.stringify(limits)}`} kept={limits} />
      <FeedbackPolicy key={`feedback ${JSON.stringify(feedback)}`} kept={feedback} touches={[KEY]} />
    </>
  )
}

function Limits({ kept }: { kept: readonly Line[] }) {
  const { t } = useTranslation()
  const limit = useMeasureText()
  return (
    <PolicyLines<Line>
      kept={kept}
      fresh={FRESH}
      most={40}
      words={{
        title: t('change:policy.title'),
        lead: t('change:policy.lead'),
        none: t('change:policy.none'),
        noneWhy: t('change:policy.noneWhy'),
        add: t('change:policy.add'),
        save: t('shell:save'),
        readOnly: t('change:policy.readOnly'),
      }}
      ordered
      missing={lines =>
        lines.some(l => (l.approver === 'role' && l.roleId === null) || (l.approver === 'user' && l.userId === null))
          ? t('change:policy.missing')
          : null
      }
      save={lines => call(savePolicy, { body: { rows: lines.map(({ who: _, ...line }) => line) } })}
      touches={[KEY, ['change-set']]}
      fields={(line, change, tools) => (
        <LineFields line={line} onChange={change}>
          {tools}
        </LineFields>
      )}
      sentence={line =>
        t(`change:policy.says.${line.approver}`, {
          limit: limit({ measure: line.measure, atLeast: line.atLeast, as: line.approver }),
          who: line.who ?? t('change:policy.nobodyYet'),
        })
      }
    />
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
      {children}
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
