/** The value of a criterion, by the kind of its field: divisions and groups of them, industries, options, ranges, text, named accounts, areas. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Input, InputNumber, Select, TreeSelect } from 'antd'
import { MapPinned } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listAccounts } from '../../contract/account/accounts.ts'
import { type FieldRow, listDivisionGroups, listDivisions, listIndustries } from '../../contract/builder/catalogue.ts'
import { listValueLists } from '../../contract/territory/lists.ts'
import type { Predicate } from '../../core/condition/condition.ts'
import { call } from '../app/api.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import type { Catalogue } from './blocks.tsx'
import { DrawArea } from './draw-area.tsx'
import { ManyValues } from './many-values.tsx'

type Props = { readonly predicate: Predicate; readonly field: FieldRow; readonly catalogue: Catalogue; readonly onChange: (next: Predicate) => void }

export function ValueEditor(props: Props) {
  const { predicate: p, field, onChange } = props
  const { t } = useTranslation()
  if (p.op === 'empty' || p.op === 'notEmpty') return null
  if (p.op === 'between') return field.type === 'date' ? <DateRange {...props} p={p} /> : <NumberRange {...props} p={p} />
  if (p.op === 'contains' || p.op === 'startsWith')
    return (
      <Input
        size="small"
        value={p.text}
        maxLength={200}
        aria-label={t('territory:value.text')}
        onChange={event => onChange({ ...p, text: event.target.value })}
      />
    )
  if (p.op === 'inList' || p.op === 'notInList') return <ListPicker p={p} field={field} onChange={onChange} />
  if (p.op === 'within' || p.op === 'inside') return <AreaButton p={p} onChange={onChange} />
  const listed = p as In
  if (field.type === 'flag') return <Flags p={listed} onChange={onChange} />
  return (
    <ManyValues field={field.key} values={listed.values} onChange={values => onChange({ ...listed, values })}>
      <Picker {...props} p={listed} />
    </ManyValues>
  )
}

function Picker(props: Props & { p: In }) {
  const { p: listed, field, onChange } = props
  if (field.type === 'division') return <Divisions p={listed} onChange={onChange} />
  if (field.type === 'industry') return <Industries p={listed} onChange={onChange} />
  if (field.type === 'account') return <Accounts p={listed} onChange={onChange} />
  const put = (values: string[]) => onChange({ ...listed, values })
  if (field.optionList) return <Options {...props} p={listed} />
  return (
    <Select
      size="small"
      mode="tags"
      value={[...listed.values]}
      style={{ minWidth: 200, maxWidth: '100%' }}
      maxTagCount={8}
      tokenSeparators={[',', '\n']}
      onChange={put}
    />
  )
}

function Flags({ p, onChange }: { p: In; onChange: Props['onChange'] }) {
  const { t } = useTranslation()
  return (
    <Select
      size="small"
      mode="multiple"
      value={[...p.values]}
      style={{ minWidth: 120 }}
      onChange={values => onChange({ ...p, values })}
      options={[
        { value: 'true', label: t('shell:yes') },
        { value: 'false', label: t('shell:no') },
      ]}
    />
  )
}

type In = Extract<Predicate, { op: 'in' | 'notIn' }>
type Between = Extract<Predicate, { op: 'between' }>
const WIDE = { minWidth: 220, maxWidth: '100%', flex: 1 } as const

function NumberRange({ p, onChange }: Props & { p: Between }) {
  const { t } = useTranslation()
  const put = (key: 'min' | 'max', value: number | null) => {
    const { [key]: _, ...rest } = p
    onChange(value === null ? rest : { ...rest, [key]: value })
  }
  return (
    <span className="jy-row">
      <InputNumber
        size="small"
        value={p.min as number | undefined}
        aria-label={t('territory:value.min')}
        placeholder={t('territory:value.min')}
        onChange={v => put('min', v)}
      />
      {t('territory:value.to')}
      <InputNumber
        size="small"
        value={p.max as number | undefined}
        aria-label={t('territory:value.max')}
        placeholder={t('territory:value.max')}
        onChange={v => put('max', v)}
      />
    </span>
  )
}

function DateRange({ p, onChange }: Props & { p: Between }) {
  const { t } = useTranslation()
  const put = (key: 'min' | 'max', value: string) => {
    const { [key]: _, ...rest } = p
    onChange(value === '' ? rest : { ...rest, [key]: value })
  }
  return (
    <span className="jy-row">
      <Input
        size="small"
        type="date"
        value={String(p.min ?? '')}
        aria-label={t('territory:value.min')}
        onChange={event => put('min', event.target.value)}
      />
      {t('territory:value.to')}
      <Input
        size="small"
        type="date"
        value={String(p.max ?? '')}
        aria-label={t('territory:value.max')}
        onChange={event => put('max', event.target.value)}
      />
    </span>
  )
}

function Options({ p, field, catalogue, onChange }: Props & { p: In }) {
  return (
    <Select
      size="small"
      mode="multiple"
      value={[...p.values]}
      style={WIDE}
      showSearch={{ optionFilterProp: 'label' }}
      onChange={values => onChange({ ...p, values })}
      options={catalogue.options
        .filter(o => o.list === field.optionList && (!o.retired || p.values.includes(o.key)))
        .map(o => ({ value: o.key, label: labelOf(o.labels, currentLocale()) }))}
    />
  )
}

const SHOWN = 300

function Divisions({ p, onChange }: { p: In; onChange: Props['onChange'] }) {
  const { t } = useTranslation()
  const [needle, setNeedle] = useState('')
  const known = p.values.slice(0, SHOWN).join(',')
  const labels = useQuery({
    queryKey: ['divisions', 'codes', known],
    enabled: known !== '',
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => call(listDivisions, { query: { codes: known }, signal }),
  })
  const found = useQuery({
    queryKey: ['divisions', 'search', needle],
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => call(listDivisions, { query: needle ? { search: needle } : {}, signal }),
  })
  const groups = useQuery({
    queryKey: ['division-groups'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => call(listDivisionGroups, { signal }),
  })
  const lists = useQuery({ queryKey: ['value-lists'], queryFn: ({ signal }) => call(listValueLists, { signal }) })
  const own = (lists.data?.rows ?? []).filter(l => l.type === 'division' && !l.retired)
  const options = new Map(
    [...(found.data?.rows ?? []), ...(labels.data?.rows ?? [])].map(d => [d.code, { value: d.code, label: d.name, title: `${d.path} ${d.code}` }]),
  )
  return (
    <>
      <Select
        size="small"
        mode="multiple"
        value={[...p.values]}
        style={WIDE}
        maxTagCount={12}
        showSearch={{ filterOption: false, onSearch: setNeedle }}
        onChange={values => onChange({ ...p, values })}
        options={[...options.values()]}
        optionRender={option => String(option.data.title)}
      />
      <Select
        size="small"
        value={null}
        placeholder={t('territory:value.group')}
        aria-label={t('territory:value.group')}
        style={{ width: 110 }}
        popupMatchSelectWidth={false}
        onChange={(key: string | null) => {
          if (own.some(l => l.id === key)) return onChange({ field: p.field, op: p.op === 'in' ? 'inList' : 'notInList', list: key! })
          const group = groups.data?.rows.find(g => g.key === key)
          if (group) onChange({ ...p, values: [...new Set([...p.values, ...group.codes])] })
        }}
        options={[
          ...own.map(l => ({ value: l.id, label: l.name })),
          ...(groups.data?.rows ?? []).map(g => ({ value: g.key, label: labelOf(g.labels, currentLocale()) })),
        ]}
      />
    </>
  )
}

function Industries({ p, onChange }: { p: In; onChange: Props['onChange'] }) {
  const list = useQuery({ queryKey: ['industries'], staleTime: Number.POSITIVE_INFINITY, queryFn: ({ signal }) => call(listIndustries, { signal }) })
  const rows = list.data?.rows ?? []
  const node = (parent: string | null): { value: string; title: string; children?: unknown[] }[] =>
    rows
      .filter(r => r.parentCode === parent)
      .map(r => ({ value: r.code, title: `${r.code} ${labelOf(r.labels, currentLocale())}`, children: parent === null ? node(r.code) : undefined }))
  return (
    <TreeSelect
      size="small"
      multiple
      value={[...p.values]}
      style={WIDE}
      maxTagCount={10}
      showSearch={{ treeNodeFilterProp: 'title' } as never}
      treeData={node(null) as never}
      popupMatchSelectWidth={380}
      onChange={(values: string[]) => onChange({ ...p, values })}
    />
  )
}

function Accounts({ p, onChange }: { p: In; onChange: Props['onChange'] }) {
  const [needle, setNeedle] = useState('')
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map())
  const found = useQuery({
    queryKey: ['accounts', 'pick', needle],
    enabled: needle.trim() !== '',
    queryFn: ({ signal }) => call(listAccounts, { query: { search: needle, limit: 20 }, signal }),
  })
  const options = new Map([
    ...p.values.map(v => [v, names.get(v) ?? `#${v}`] as const),
    ...(found.data?.rows.map(r => [r.id, String(r.values.name)] as const) ?? []),
  ])
  return (
    <Select
      size="small"
      mode="multiple"
      value={[...p.values]}
      style={WIDE}
      maxTagCount={8}
      showSearch={{ filterOption: false, onSearch: setNeedle }}
      onChange={values => {
        setNames(new Map([...names, ...[...options].filter(([id]) => values.includes(id))]))
        onChange({ ...p, values })
      }}
      options={[...options].map(([value, label]) => ({ value, label }))}
    />
  )
}

function ListPicker({ p, field, onChange }: { p: Extract<Predicate, { op: 'inList' | 'notInList' }>; field: FieldRow; onChange: Props['onChange'] }) {
  const { t } = useTranslation()
  const lists = useQuery({ queryKey: ['value-lists'], queryFn: ({ signal }) => call(listValueLists, { signal }) })
  const type = listTypeOf(field.type)
  const shown = (lists.data?.rows ?? []).filter(l => l.type === type && (!l.retired || l.id === p.list))
  return (
    <>
      <Select
        size="small"
        value={p.list || null}
        style={WIDE}
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={t(shown.length === 0 && lists.isSuccess ? 'territory:lists.empty' : 'territory:value.list')}
        aria-label={t('territory:value.list')}
        onChange={list => onChange({ ...p, list })}
        options={shown.map(l => ({ value: l.id, label: `${l.name} (${l.count})` }))}
      />
      <Link to={'/settings/lists' as never} target="_blank">
        {t('territory:lists.new')}
      </Link>
    </>
  )
}

const listTypeOf = (type: string): string => (type === 'division' || type === 'industry' || type === 'account' ? type : 'text')

function AreaButton({ p, onChange }: { p: Extract<Predicate, { op: 'within' | 'inside' }>; onChange: Props['onChange'] }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const words =
    p.op === 'within'
      ? t('territory:value.circle', { lng: p.lng.toFixed(2), lat: p.lat.toFixed(2), km: p.km })
      : t('territory:value.polygon', { count: Math.max(0, (p.rings[0]?.length ?? 1) - 1) })
  return (
    <>
      <Button size="small" icon={<MapPinned size={13} />} onClick={() => setOpen(true)}>
        {words}
      </Button>
      {open && (
        <DrawArea
          predicate={p}
          onClose={() => setOpen(false)}
          onDone={next => {
            onChange(next)
            setOpen(false)
          }}
        />
      )}
    </>
  )
}
