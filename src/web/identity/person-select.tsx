/** Choosing people: asks the server as one types and never loads everybody. Names already chosen stay readable. */
import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listUsers } from '../../contract/identity/people.ts'
import { call } from '../app/api.ts'
import { useRested } from '../app/paged.ts'

export type Person = { readonly id: string; readonly name: string }
type Common = {
  readonly exclude?: string
  readonly placeholder?: string
  readonly id?: string
  readonly disabled?: boolean
  readonly 'aria-label'?: string
}

function usePeople(search: string, exclude: string | undefined) {
  const asked = useRested(search.trim())
  const found = useQuery({
    queryKey: ['people', 'choose', asked],
    queryFn: ({ signal }) => call(listUsers, { query: { search: asked || undefined, state: 'active', limit: 30 }, signal }),
  })
  return {
    loading: found.isFetching,
    options: (found.data?.rows ?? []).filter(u => u.id !== exclude).map(u => ({ value: u.id, label: u.name, title: u.departmentName ?? '' })),
  }
}

export function PersonSelect({ value, onChange, exclude, ...rest }: Common & { value?: Person | null; onChange?: (person: Person | null) => void }) {
  const { t } = useTranslation()
  const [search, setSearch] = useState('')
  const { options, loading } = usePeople(search, exclude)
  return (
    <Select
      {...rest}
      labelInValue
      allowClear
      style={{ width: '100%' }}
      showSearch={{ filterOption: false, onSearch: setSearch }}
      loading={loading}
      options={options}
      placeholder={rest.placeholder ?? t('identity:people.pick')}
      notFoundContent={loading ? null : t('identity:people.pickNone')}
      value={value ? { value: value.id, label: value.name } : undefined}
      onChange={chosen => onChange?.(chosen ? { id: chosen.value, name: String(chosen.label) } : null)}
    />
  )
}

export function PeopleSelect({
  value,
  onChange,
  exclude,
  ...rest
}: Common & { value?: readonly Person[]; onChange?: (people: readonly Person[]) => void }) {
  const { t } = useTranslation()
  const [search, setSearch] = useState('')
  const { options, loading } = usePeople(search, exclude)
  return (
    <Select
      {...rest}
      mode="multiple"
      labelInValue
      style={{ width: '100%' }}
      showSearch={{ filterOption: false, onSearch: setSearch }}
      loading={loading}
      options={options}
      placeholder={rest.placeholder ?? t('identity:people.pick')}
      notFoundContent={loading ? null : t('identity:people.pickNone')}
      value={value?.map(p => ({ value: p.id, label: p.name }))}
      onChange={chosen => onChange?.(chosen.map(c => ({ id: c.value, name: String(c.label) })))}
    />
  )
}
