/** The input of one field of the catalogue, built-in or custom, by its type. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Input, InputNumber, Select, Switch, TreeSelect } from 'antd'
import { useState } from 'react'
import { getAccount, listAccounts } from '../../contract/account/accounts.ts'
import { type FieldRow, listDivisions, listIndustries } from '../../contract/builder/catalogue.ts'
import { call } from '../app/api.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import type { Catalogue } from '../condition/blocks.tsx'

type Value = string | number | boolean | string[] | null | undefined
type Props = {
  readonly field: FieldRow
  readonly catalogue: Catalogue
  readonly value?: Value
  readonly onChange?: (value: Value) => void
  readonly id?: string
}

/** 12345678 reads as 12,345,678 while one types. */
const grouped = (value: number | string | undefined): string => `${value ?? ''}`.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',')

export function FieldInput({ field, catalogue, value, onChange, id }: Props) {
  const put = (next: Value) => onChange?.(next)
  if (field.optionList) {
    const options = catalogue.options
      .filter(o => o.list === field.optionList && (!o.retired || o.key === value))
      .map(o => ({ value: o.key, label: labelOf(o.labels, currentLocale()) }))
    return field.type === 'options' ? (
      <Select id={id} mode="multiple" allowClear value={(value as string[] | null) ?? []} options={options} onChange={put} />
    ) : (
      <Select
        id={id}
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        value={(value as string | null) ?? undefined}
        options={options}
        onChange={next => put(next ?? null)}
      />
    )
  }
  if (field.type === 'number')
    return (
      <InputNumber
        id={id}
        style={{ width: '100%' }}
        min={field.builtIn ? 0 : undefined}
        precision={field.builtIn ? 0 : undefined}
        formatter={grouped}
        parser={text => Number((text ?? '').replace(/,/g, ''))}
        value={value as number | null}
        onChange={next => put(next)}
      />
    )
  if (field.type === 'flag') return <Switch id={id} checked={value === true} onChange={put} />
  if (field.type === 'date')
    return <Input id={id} type="date" value={(value as string | null) ?? ''} onChange={event => put(event.target.value || null)} />
  if (field.type === 'division') return <DivisionInput id={id} value={value as string | null} onChange={put} />
  if (field.type === 'industry') return <IndustryInput id={id} value={value as string | null} onChange={put} />
  if (field.type === 'account') return <AccountInput id={id} value={value as string | null} onChange={put} />
  return <Input id={id} maxLength={400} value={(value as string | null) ?? ''} onChange={event => put(event.target.value)} />
}

type One = { id?: string; value: string | null | undefined; onChange: (value: string | null) => void }

export function DivisionInput({ id, value, onChange }: One) {
  const [needle, setNeedle] = useState('')
  const query = needle ? { search: needle } : value ? { codes: value } : {}
  const found = useQuery({
    queryKey: ['divisions', query],
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => call(listDivisions, { query, signal }),
  })
  return (
    <Select
      id={id}
      allowClear
      showSearch={{ filterOption: false, onSearch: setNeedle }}
      value={value ?? undefined}
      onChange={next => onChange(next ?? null)}
      options={found.data?.rows.map(d => ({ value: d.code, label: d.path }))}
    />
  )
}

function IndustryInput({ id, value, onChange }: One) {
  const list = useQuery({ queryKey: ['industries'], staleTime: Number.POSITIVE_INFINITY, queryFn: ({ signal }) => call(listIndustries, { signal }) })
  const rows = list.data?.rows ?? []
  const node = (parent: string | null): { value: string; title: string; children?: unknown[] }[] =>
    rows
      .filter(r => r.parentCode === parent)
      .map(r => ({ value: r.code, title: `${r.code} ${labelOf(r.labels, currentLocale())}`, children: parent === null ? node(r.code) : undefined }))
  return (
    <TreeSelect
      id={id}
      allowClear
      showSearch={{ treeNodeFilterProp: 'title' } as never}
      value={value ?? undefined}
      treeData={node(null) as never}
      onChange={next => onChange(next ?? null)}
    />
  )
}

function AccountInput({ id, value, onChange }: One) {
  const [needle, setNeedle] = useState('')
  const found = useQuery({
    queryKey: ['accounts', 'pick', needle],
    enabled: needle.trim() !== '',
    queryFn: ({ signal }) => call(listAccounts, { query: { search: needle, limit: 20 }, signal }),
  })
  // The one chosen has a name, too; out of sight it keeps its number.
  const chosen = useQuery({
    queryKey: ['account', value],
    enabled: Boolean(value),
    retry: false,
    queryFn: ({ signal }) => call(getAccount, { params: { id: value! }, signal }),
  })
  const options = [
    ...(value && !found.data?.rows.some(r => r.id === value) ? [{ value, label: chosen.data ? String(chosen.data.values.name) : `#${value}` }] : []),
    ...(found.data?.rows.map(r => ({ value: r.id, label: String(r.values.name) })) ?? []),
  ]
  return (
    <Select
      id={id}
      allowClear
      showSearch={{ filterOption: false, onSearch: setNeedle }}
      value={value ?? undefined}
      onChange={next => onChange(next ?? null)}
      options={options}
    />
  )
}
