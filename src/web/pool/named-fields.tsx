/** Choosing people, departments, teams, roles or a territory for the pools' settings; names already chosen stay readable. */
import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listTeams } from '../../contract/identity/people.ts'
import { listTerritories } from '../../contract/territory/models.ts'
import { call } from '../app/api.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import { useMe } from '../app/me.ts'
import { useRested } from '../app/paged.ts'
import { departmentsQuery, rolesQuery } from '../identity/people-queries.ts'
import { PeopleSelect } from '../identity/person-select.tsx'

type Names = Readonly<Record<string, string>>
type Props = { label: string; names: Names; value: readonly string[]; onChange: (ids: string[]) => void }

export function PeopleField({ label, names, value, onChange }: Props) {
  const [known, setKnown] = useState<Names>({})
  return (
    <span className="jy-pool-wide">
      <small className="jy-muted">{label}</small>
      <PeopleSelect
        aria-label={label}
        value={value.map(id => ({ id, name: known[id] ?? names[`user/${id}`] ?? id }))}
        onChange={people => {
          setKnown({ ...known, ...Object.fromEntries(people.map(p => [p.id, p.name])) })
          onChange(people.map(p => p.id))
        }}
      />
    </span>
  )
}

type Kind = 'department' | 'team' | 'role' | 'territory'

export function Named({ of, label, names, value, onChange }: Props & { of: Kind }) {
  const { t } = useTranslation()
  const me = useMe()
  const [search, setSearch] = useState('')
  const asked = useRested(search.trim())
  const departments = useQuery({ ...departmentsQuery, enabled: of === 'department' })
  const roles = useQuery({ ...rolesQuery, enabled: of === 'role' })
  const teams = useQuery({ queryKey: ['teams'], enabled: of === 'team', queryFn: ({ signal }) => call(listTeams, { signal }) })
  const modelId = me?.activeModel.id ?? ''
  const territories = useQuery({
    queryKey: ['territories', modelId, 'pick', asked],
    enabled: of === 'territory' && modelId !== '',
    queryFn: ({ signal }) => call(listTerritories, { params: { id: modelId }, query: { search: asked || undefined, limit: 30 }, signal }),
  })
  const found: readonly { value: string; label: string }[] =
    of === 'department'
      ? (departments.data?.rows ?? []).map(d => ({ value: d.id, label: d.name }))
      : of === 'role'
        ? (roles.data?.rows ?? []).map(r => ({ value: r.id, label: labelOf(r.labels, currentLocale()) }))
        : of === 'team'
          ? (teams.data?.rows ?? []).map(x => ({ value: x.id, label: x.name }))
          : (territories.data?.rows ?? []).map(x => ({ value: x.id, label: x.name }))
  const kept = value.filter(id => !found.some(f => f.value === id)).map(id => ({ value: id, label: names[`${of}/${id}`] ?? id }))
  const several = of !== 'territory'
  return (
    <span className="jy-pool-wide">
      <small className="jy-muted">{label}</small>
      <Select<string | string[]>
        aria-label={label}
        style={{ width: '100%' }}
        {...(several ? { mode: 'multiple' as const } : {})}
        allowClear
        showSearch={of === 'territory' ? { filterOption: false, onSearch: setSearch } : { optionFilterProp: 'label' }}
        placeholder={t('pool:settings.pick')}
        value={several ? [...value] : (value[0] as string)}
        options={[...kept, ...found]}
        onChange={chosen => onChange(Array.isArray(chosen) ? chosen : chosen ? [chosen] : [])}
      />
    </span>
  )
}
