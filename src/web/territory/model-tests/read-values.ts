/**
 * Pasted attributes of a customer that nobody needs to have: a line each, the field by its label in any language or by its key, then a colon,
 * an equals sign or a tab, then the value; or the JSON of a model file. What has to be looked up (places, industries, options) is named.
 */
import type { FieldValue } from '../../../core/condition/condition.ts'

export type PastedField = {
  readonly key: string
  readonly type: string
  readonly labels: Readonly<Record<string, string>>
  readonly optionList: string | null
}
export type PastedLine = { readonly line: number; readonly field: PastedField; readonly raw: string } & (
  | { readonly value: FieldValue }
  /** Words that the server turns into values; of `options` all of them, otherwise one. */
  | { readonly look: readonly string[] }
)
export type PastedFault = { readonly line: number; readonly kind: 'shape' | 'field' | 'twice' | 'value'; readonly text: string }

const plain = (text: string): string => text.normalize('NFKC').trim().toLowerCase()
const YES = new Set(['true', 'yes', 'y', '1', '是', '√'])
const NO = new Set(['false', 'no', 'n', '0', '否', '×'])

export function readPasted(
  text: string,
  fields: readonly PastedField[],
): { readonly lines: readonly PastedLine[]; readonly faults: readonly PastedFault[] } {
  const known = new Map<string, PastedField>()
  for (const field of [...fields].reverse()) for (const name of [field.key, ...Object.values(field.labels)]) known.set(plain(name), field)
  const lines: PastedLine[] = []
  const faults: PastedFault[] = []
  for (const [i, given] of (fromJson(text) ?? text.split(/\r?\n/)).entries()) {
    if (given.trim() === '') continue
    const line = i + 1
    const parts = /^([^\t:：=＝]+)[\t:：=＝]+(.*)$/.exec(given.trim())
    if (!parts) {
      faults.push({ line, kind: 'shape', text: given.trim() })
      continue
    }
    const [name, raw] = [parts[1]!.trim(), parts[2]!.normalize('NFKC').trim()]
    const field = known.get(plain(name))
    if (!field) faults.push({ line, kind: 'field', text: name })
    else if (lines.some(l => l.field.key === field.key)) faults.push({ line, kind: 'twice', text: name })
    else if (raw !== '') {
      const read = readValue(field, raw)
      if (read === null) faults.push({ line, kind: 'value', text: `${name}: ${raw}` })
      else lines.push({ line, field, raw, ...read })
    }
  }
  return { lines, faults }
}

/** `{"tier": "KA", "tags": ["a", "b"]}` as lines; null: it is no JSON. */
function fromJson(text: string): readonly string[] | null {
  if (!text.trim().startsWith('{')) return null
  try {
    const read: unknown = JSON.parse(text)
    const values = typeof read === 'object' && read !== null && 'values' in read ? (read as { values: unknown }).values : read
    return typeof values !== 'object' || values === null
      ? null
      : Object.entries(values).map(([key, value]) => `${key}: ${Array.isArray(value) ? value.join(', ') : (value ?? '')}`)
  } catch {
    return null
  }
}

function readValue(field: PastedField, raw: string): { readonly value: FieldValue } | { readonly look: readonly string[] } | null {
  const many = raw
    .split(/[,;、]/)
    .map(part => part.trim())
    .filter(Boolean)
  if (field.type === 'number') {
    const number = Number(raw.replaceAll(',', ''))
    return Number.isFinite(number) ? { value: number } : null
  }
  if (field.type === 'flag') return YES.has(plain(raw)) ? { value: true } : NO.has(plain(raw)) ? { value: false } : null
  if (field.type === 'date') return /^\d{4}-\d\d-\d\d$/.test(raw) && !Number.isNaN(Date.parse(raw)) ? { value: raw } : null
  if (field.type === 'point') {
    const [lng, lat] = many.map(Number)
    return many.length === 2 && Number.isFinite(lng) && Number.isFinite(lat) ? { value: [lng!, lat!] } : null
  }
  if (field.type === 'options') return { look: many }
  return field.type === 'division' || field.type === 'industry' || field.type === 'account' || field.optionList ? { look: [raw] } : { value: raw }
}

/** The other way: values as they stand, to be changed by hand. */
export const toText = (values: Readonly<Record<string, FieldValue>>, labelOf: (key: string) => string): string =>
  Object.entries(values)
    .map(([key, value]) => `${labelOf(key)}: ${Array.isArray(value) ? value.join(', ') : (value ?? '')}`)
    .join('\n')
