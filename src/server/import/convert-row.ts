/**
 * One row of a file as values in the order of the mapping: numbers with 万 and 亿, dates in many ways, options by key or label, divisions by
 * code, name or address, industries by code or name, people by login or name. A wrong cell names its field and the remedy; the row is
 * refused, no other. Needs no database, so that a thread of its own can do it.
 */
import type { ColumnType } from '../../core/import/columns.ts'
import type { Refusal } from '../../core/kernel/result.ts'
import { type Reader, readerOf } from './read-cell.ts'

/** What words are looked up in; plain data that can be handed to another thread. */
export type LookupData = {
  /** Field → word in small letters → key. */
  readonly options: ReadonlyMap<string, ReadonlyMap<string, string>>
  /** Code, or the company's own word, in small letters → code; the classification's words are known besides. */
  readonly industries: ReadonlyMap<string, string>
  /** Login or name → id; null: two people are called so. */
  readonly people: ReadonlyMap<string, string | null>
}
export type LayoutColumn = {
  readonly key: string
  readonly type: ColumnType
  readonly max: number
  readonly required: boolean
  readonly columns: readonly number[]
  /** Taken out of the address where the file says no division. */
  readonly located: boolean
}
export type ConvertOrder = {
  readonly layout: readonly LayoutColumn[]
  readonly values: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Fields that together say which record a row means; empty: none. */
  readonly keyOf: readonly string[]
  readonly width: number
}
export type Converted = {
  readonly key: string | null
  /** In the order of the layout; null is empty. */
  readonly cells: readonly (string | null)[]
  readonly problems: readonly Refusal[]
  readonly warnings: readonly Refusal[]
  /** Values of options and industries that nobody knows: to be mapped once. */
  readonly unknown: readonly { readonly field: string; readonly value: string }[]
}
/** Between the values of a cell that holds several. */
export const PART = '\u0002'

type Prepared = LayoutColumn & { readonly mapped: Readonly<Record<string, string>> | undefined; readonly read: Reader; readonly joint: string }

/** Prepares the mapping once; the answer converts row after row. */
export function makeConverter(order: ConvertOrder, data: LookupData): (cells: readonly string[]) => Converted {
  const prepared: Prepared[] = order.layout.map(c => ({
    ...c,
    mapped: order.values[c.key] && Object.keys(order.values[c.key]!).length > 0 ? order.values[c.key] : undefined,
    read: readerOf(c, data),
    joint: c.type === 'division' || c.key === 'address' ? '' : c.type === 'divisions' ? ';' : ' ',
  }))
  const addressAt = order.layout.findIndex(c => c.key === 'address')
  const keyAt = order.keyOf.map(k => order.layout.findIndex(c => c.key === k))
  const locate = readerOf({ key: 'division', type: 'division', max: 400 }, data)

  return row => {
    let problems: Refusal[] = NONE
    let warnings: Refusal[] = NONE
    let unknown: { field: string; value: string }[] = NONE
    const cells: (string | null)[] = new Array(prepared.length).fill(null)
    for (let i = 0; i < prepared.length; i += 1) {
      const column = prepared[i]!
      const raw = textOf(row, column)
      const mapped = column.mapped !== undefined && Object.hasOwn(column.mapped, raw) ? column.mapped[raw] : undefined
      if (raw === '' || mapped === '') {
        if (column.required) problems = [...problems, { code: 'row.required', field: column.key }]
        continue
      }
      let found = column.read(mapped !== undefined && mapped !== '+' ? mapped : raw)
      // 省, 市 and 县 that do not read as one: the finest may say it all.
      if (found.problem !== undefined && column.columns.length > 1 && column.type === 'division') {
        const last = [...column.columns].reverse().find(c => (row[c] ?? '').trim() !== '')
        if (last !== undefined) found = column.read(row[last]!.trim())
      }
      if (found.problem !== undefined) {
        problems = [...problems, { code: found.problem, field: column.key, values: { ...shown(raw), ...found.values } }]
        if (found.problem === 'row.option' || found.problem === 'row.industry') unknown = [...unknown, { field: column.key, value: raw }]
        continue
      }
      if (found.warning !== undefined)
        warnings = [...warnings, { code: found.warning, field: column.key, values: { ...shown(raw), ...found.values } }]
      cells[i] = found.value
    }
    for (let i = 0; i < prepared.length; i += 1)
      if (prepared[i]!.located && cells[i] === null && addressAt >= 0 && cells[addressAt] !== null) cells[i] = locate(cells[addressAt]!).value ?? null
    const extra = row.length - order.width
    if (extra > 0 && row.slice(order.width).some(cell => cell !== '')) problems = [...problems, { code: 'row.ragged', field: '', values: { extra } }]
    let key: string | null = keyAt.length === 0 ? null : ''
    for (const at of keyAt) {
      const part = at < 0 ? null : cells[at]!
      key = key === null || part === null ? null : key === '' ? part : key + PART + part
    }
    return { key, cells, problems, warnings, unknown }
  }
}

/** Most rows have nothing to say: they share it. */
const NONE: never[] = []
const shown = (raw: string): { value: string } => ({ value: raw.length > 60 ? `${raw.slice(0, 60)}…` : raw })

function textOf(row: readonly string[], column: Prepared): string {
  if (column.columns.length === 1) return (row[column.columns[0]!] ?? '').trim()
  let text = ''
  for (const at of column.columns) {
    const cell = (row[at] ?? '').trim()
    if (cell !== '') text = text === '' ? cell : text + column.joint + cell
  }
  return text
}
