/**
 * One row of a file as values of fields: numbers with 万 and 亿, dates in many ways, options by key or label, divisions by code, name or
 * address, industries by code or name, people by login or name. A wrong cell names its field and the remedy; the row is refused, no other.
 */
import type { ImportMapping } from '../../contract/import/imports.ts'
import { checkCreditCode } from '../../core/cleansing/credit-code.ts'
import { readDate } from '../../core/cleansing/date.ts'
import { readNumber } from '../../core/cleansing/number.ts'
import type { FieldValue } from '../../core/condition/condition.ts'
import type { Refusal } from '../../core/kernel/result.ts'
import type { CatalogueField, OptionRow } from '../builder/catalogue.ts'

export type Lookups = {
  readonly catalogue: readonly CatalogueField[]
  readonly options: readonly OptionRow[]
  readonly division: (text: string) => string | null
  readonly industry: (text: string) => string | null
  /** Login or name → user id; null when nobody or more than one. */
  readonly person: (text: string) => string | null
}
export type Converted = {
  readonly values: Readonly<Record<string, FieldValue>>
  readonly externalKey: string | null
  readonly ownerId: string | null
  readonly contact: { readonly name: string; readonly title: string | null; readonly phone: string | null; readonly email: string | null } | null
  readonly problems: readonly Refusal[]
  readonly warnings: number
  /** Values of option and industry fields that nobody knows: to be mapped by a person. */
  readonly unknown: readonly { readonly field: string; readonly value: string }[]
}

/** Prepares the mapping once; the answer converts row after row. */
export function makeConverter(mapping: ImportMapping, lookups: Lookups): (cells: readonly string[]) => Converted {
  const fields = new Map(lookups.catalogue.map(f => [f.key, f]))
  const columnsOf = new Map<string, number[]>()
  for (const { column, field } of mapping.columns) if (field) columnsOf.set(field, [...(columnsOf.get(field) ?? []), column])
  const optionOf = new Map<string, Map<string, string>>()
  for (const field of lookups.catalogue) {
    if (!field.optionList) continue
    const known = new Map<string, string>()
    for (const o of lookups.options)
      if (o.list === field.optionList && !o.retired) for (const name of [o.key, ...Object.values(o.labels)]) known.set(normal(name), o.key)
    optionOf.set(field.key, known)
  }

  return cells => {
    const problems: Refusal[] = []
    const unknown: { field: string; value: string }[] = []
    const values: Record<string, FieldValue> = {}
    let warnings = 0
    const cellOf = (key: string): string =>
      (columnsOf.get(key) ?? [])
        .map(c => (cells[c] ?? '').trim())
        .filter(Boolean)
        .join(key === 'division' ? '' : ' ')
    const refuse = (field: string, code: string, value: string) => problems.push({ code, field, values: { value: value.slice(0, 60), field } })

    for (const key of columnsOf.keys()) {
      const field = fields.get(key)
      if (!field) continue
      const raw = cellOf(key)
      const mapped = mapping.values[key]?.[raw]
      if (raw === '' || mapped === '') {
        values[key] = null
        continue
      }
      const text = mapped !== undefined && mapped !== '+' ? mapped : raw
      const found = convert(field, text, optionOf.get(key), lookups)
      if (found.ok) {
        values[key] = found.value
        if (key === 'creditCode' && !checkCreditCode(raw).valid) warnings += 1
      } else {
        refuse(key, found.code, raw)
        if (found.code === 'row.option' || found.code === 'row.industry') unknown.push({ field: key, value: raw })
      }
    }
    if (columnsOf.has('name') && !values.name && !problems.some(p => p.field === 'name')) refuse('name', 'row.required', '')
    const ownerText = cellOf('owner')
    const ownerId = ownerText ? lookups.person(ownerText) : null
    if (ownerText && ownerId === null) refuse('owner', 'row.owner', ownerText)
    const contactName = cellOf('contactName')
    return {
      values,
      externalKey: cellOf('externalKey').slice(0, 120) || null,
      ownerId,
      contact: contactName
        ? { name: contactName.slice(0, 80), title: cellOf('contactTitle').slice(0, 60) || null, phone: text(values.phone), email: text(values.email) }
        : null,
      problems,
      warnings,
      unknown,
    }
  }
}

const text = (value: FieldValue): string | null => (typeof value === 'string' ? value : null)
const normal = (value: string): string => value.normalize('NFKC').trim().toLowerCase()

type Outcome = { readonly ok: true; readonly value: FieldValue } | { readonly ok: false; readonly code: string }
const good = (value: FieldValue): Outcome => ({ ok: true, value })
const bad = (code: string): Outcome => ({ ok: false, code })
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

function convert(field: CatalogueField, raw: string, options: ReadonlyMap<string, string> | undefined, lookups: Lookups): Outcome {
  switch (field.type) {
    case 'number': {
      const read = readNumber(raw)
      if ('empty' in read) return good(null)
      if (!('value' in read) || read.value === undefined) return bad('row.number')
      if (field.builtIn && read.value < 0) return bad('row.number')
      return good(field.builtIn ? Math.round(read.value) : read.value)
    }
    case 'date': {
      const read = readDate(raw)
      if ('empty' in read) return good(null)
      return 'value' in read && read.value !== undefined ? good(read.value) : bad('row.date')
    }
    case 'option': {
      const key = options?.get(normal(raw))
      return key === undefined ? bad('row.option') : good(key)
    }
    case 'options': {
      const keys = raw
        .split(/[,,;;、|]/)
        .map(part => part.trim())
        .filter(Boolean)
        .map(part => options?.get(normal(part)))
      return keys.some(k => k === undefined) ? bad('row.option') : good([...new Set(keys as string[])].sort())
    }
    case 'flag': {
      const flag = { 是: true, yes: true, true: true, '1': true, y: true, 否: false, no: false, false: false, '0': false, n: false }[normal(raw)]
      return flag === undefined ? bad('row.value') : good(flag)
    }
    case 'division': {
      const code = lookups.division(raw)
      return code === null ? bad('row.division') : good(code)
    }
    case 'industry': {
      const code = lookups.industry(raw)
      return code === null ? bad('row.industry') : good(code)
    }
    case 'account':
      return /^[1-9]\d{0,17}$/.test(raw) ? good(raw) : bad('row.value')
    case 'point': {
      const match = /^\s*(-?\d{1,3}(?:\.\d+)?)\s*[,,\s]\s*(-?\d{1,2}(?:\.\d+)?)\s*$/.exec(raw)
      return match && Math.abs(Number(match[1])) <= 180 && Math.abs(Number(match[2])) <= 90
        ? good([Number(match[1]), Number(match[2])])
        : bad('row.value')
    }
    default:
      return raw.length > (MAX_TEXT[field.key] ?? 2000) || raw.includes('\u0000') ? bad('row.value') : good(raw)
  }
}
