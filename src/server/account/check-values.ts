/**
 * Values that a person, an import or a script wants to write, checked against the catalogue: known field, the role may change it, the type
 * fits, the option exists. Answers the columns to set; a wrong value names its field and what is wanted, and nothing is written.
 */
import type { FieldValues } from '../../contract/account/accounts.ts'
import type { FieldValue } from '../../core/condition/condition.ts'
import type { Refusal } from '../../core/kernel/result.ts'
import type { CatalogueField, OptionRow } from '../builder/catalogue.ts'
import type { Actor } from '../kernel/actor.ts'
import { COLUMNS, PRIVATE_COLUMNS } from './facts.ts'

export type Written = {
  /** Column of `account` → value. */
  readonly columns: Record<string, string | number | null>
  readonly privates: Record<string, string | null>
  /** By field id. */
  readonly custom: Record<string, FieldValue>
  readonly address: string | null | undefined
}
export type Known = { readonly divisions: ReadonlySet<string>; readonly industries: ReadonlySet<string> }

const MAX_TEXT: Readonly<Record<string, number>> = {
  name: 200,
  nameEn: 200,
  shortName: 80,
  website: 300,
  address: 400,
  creditCode: 40,
  phone: 60,
  email: 200,
}

export function checkValues(
  values: FieldValues,
  catalogue: readonly CatalogueField[],
  options: readonly OptionRow[],
  known: Known,
  actor: Pick<Actor, 'fieldAccess'> | null,
): { written: Written; problems: readonly Refusal[] } {
  const fields = new Map(catalogue.map(f => [f.key, f]))
  const problems: Refusal[] = []
  const written: { columns: Written['columns']; privates: Written['privates']; custom: Written['custom']; address: string | null | undefined } = {
    columns: {},
    privates: {},
    custom: {},
    address: undefined,
  }
  for (const [key, raw] of Object.entries(values)) {
    const field = fields.get(key)
    if (!field || key === 'id' || field.retired) {
      problems.push({ code: 'field.unknown', field: key, values: { field: key } })
      continue
    }
    const access = actor?.fieldAccess.get(key) ?? 'edit'
    if (access !== 'edit') {
      problems.push({ code: access === 'hidden' ? 'field.unknown' : 'field.readOnly', field: key, values: { field: key } })
      continue
    }
    const checked = checkOne(field, raw, options, known)
    if ('code' in checked) {
      problems.push({ ...checked, field: key })
      continue
    }
    place(field, checked.value, written)
  }
  if ('name' in values && !written.columns.name) problems.push({ code: 'field.required', field: 'name', values: { field: 'name' } })
  return { written, problems: dedupe(problems) }
}

const dedupe = (problems: readonly Refusal[]): readonly Refusal[] => problems.filter((p, i) => problems.findIndex(q => q.field === p.field) === i)

function place(
  field: CatalogueField,
  value: FieldValue,
  written: { columns: Written['columns']; privates: Written['privates']; custom: Written['custom']; address: string | null | undefined },
): void {
  const { key } = field
  if (key === 'point') {
    const point = value as readonly [number, number] | null
    written.columns.lng = point?.[0] ?? null
    written.columns.lat = point?.[1] ?? null
  } else if (key === 'address') written.address = value as string | null
  else if (Object.hasOwn(COLUMNS, key)) written.columns[COLUMNS[key as keyof typeof COLUMNS]] = value as string | number | null
  else if (Object.hasOwn(PRIVATE_COLUMNS, key)) written.privates[PRIVATE_COLUMNS[key as keyof typeof PRIVATE_COLUMNS]] = value as string | null
  else written.custom[field.id] = value
}

const EXPECTED: Readonly<Record<string, string>> = {
  number: '123',
  date: '2026-01-31',
  flag: 'true / false',
  point: '120.58,31.30',
  division: '320500',
  industry: 'C34',
  account: 'id',
  options: '[…]',
}

function checkOne(field: CatalogueField, raw: FieldValues[string], options: readonly OptionRow[], known: Known): { value: FieldValue } | Refusal {
  if (raw === null || raw === '' || (Array.isArray(raw) && raw.length === 0)) return { value: null }
  const wrong = (): Refusal => ({
    code: 'field.type',
    values: { field: field.key, expected: EXPECTED[field.type] ?? field.type, value: String(raw).slice(0, 60) },
  })
  const noOption = (value: string): Refusal => ({ code: 'field.option', values: { field: field.key, value: value.slice(0, 60) } })
  const isOption = (value: string) => options.some(o => o.list === field.optionList && o.key === value && !o.retired)
  switch (field.type) {
    case 'number': {
      if (typeof raw !== 'number' && !(typeof raw === 'string' && /^-?\d+(\.\d+)?$/.test(raw.trim()))) return wrong()
      const value = Number(raw)
      // Built-in numbers are whole and never negative (people, money in whole units of the company's currency).
      if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER || (field.builtIn && (value < 0 || !Number.isInteger(value))))
        return wrong()
      return { value }
    }
    case 'date':
      return typeof raw === 'string' && isDate(raw) ? { value: raw } : wrong()
    case 'flag':
      return typeof raw === 'boolean' ? { value: raw } : raw === 'true' || raw === 'false' ? { value: raw === 'true' } : wrong()
    case 'option':
      return typeof raw === 'string' ? (isOption(raw) ? { value: raw } : noOption(raw)) : wrong()
    case 'options': {
      const list = Array.isArray(raw) ? raw : [String(raw)]
      const bad = list.find(v => !isOption(v))
      return bad === undefined ? { value: [...new Set(list)].sort() } : noOption(bad)
    }
    case 'division':
      return typeof raw === 'string' && known.divisions.has(raw) ? { value: raw } : wrong()
    case 'industry':
      return typeof raw === 'string' && known.industries.has(raw) ? { value: raw } : wrong()
    case 'account':
      return typeof raw === 'string' && /^[1-9]\d{0,17}$/.test(raw) ? { value: raw } : wrong()
    case 'point': {
      const match = typeof raw === 'string' ? /^\s*(-?\d{1,3}(?:\.\d+)?)\s*,\s*(-?\d{1,2}(?:\.\d+)?)\s*$/.exec(raw) : null
      if (!match || Math.abs(Number(match[1])) > 180 || Math.abs(Number(match[2])) > 90) return wrong()
      return { value: [Number(match[1]), Number(match[2])] }
    }
    default: {
      if (typeof raw !== 'string') return wrong()
      const value = raw.trim()
      const max = MAX_TEXT[field.key] ?? 2000
      return value.length > max || value.includes('\u0000') ? wrong() : { value: value || null }
    }
  }
}

function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (!match) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}
