/**
 * Records as dictionary-encoded columns: what the rule index walks. Code 0 is "missing". One array per field and kind, about 15 bytes a
 * record; a million records fit in a processor's cache and are never objects.
 */
import type { Facts, FieldInfo, FieldValue } from './condition.ts'
import { isMissing } from './evaluate.ts'

export type DictColumn = { readonly kind: 'dict'; codes: Uint32Array; readonly values: FieldValue[] }
export type NumberColumn = { readonly kind: 'number'; values: Float64Array }
/** The record's own id, as a rule may ask for it. */
export type IdColumn = { readonly kind: 'id'; readonly ids: Float64Array }
export type PointColumn = { readonly kind: 'point'; lng: Float64Array; lat: Float64Array }
export type Column = DictColumn | NumberColumn | PointColumn | IdColumn
export type Columns = {
  readonly count: number
  /** Numbers, for ids come from a sequence and stay below 2^53: a million strings would cost more than all the matching. */
  readonly ids: Float64Array
  /** The ids rise: one can be found by halving. */
  readonly ascending: boolean
  readonly fields: ReadonlyMap<string, Column>
}

export type ColumnsBuilder = {
  add(id: string, read: (key: string) => FieldValue): void
  /** Makes room for one more record and answers its place; the caller fills the place of each of `columns` (0 or NaN: missing). */
  begin(id: number): number
  /** Their arrays are replaced as they grow: fetch them after `begin`. */
  readonly columns: ReadonlyMap<string, Column>
  finish(): Columns
}

/**
 * `fields`: those that rules read. The field of type account called `id` takes its values from the record's id. `expected`: about how many
 * records will come; arrays that grow on the way are work for the garbage collector.
 */
export function buildColumns(fields: readonly FieldInfo[], expected = 0): ColumnsBuilder {
  let capacity = Math.max(1024, expected)
  let count = 0
  let ascending = true
  let ids = new Float64Array(capacity)
  const made = fields.filter(f => f.key !== 'id').map(f => ({ key: f.key, column: emptyColumn(f, capacity), codeOf: new Map<string, number>() }))

  const grow = () => {
    capacity *= 2
    ids = copyInto(new Float64Array(capacity), ids)
    for (const { column } of made) {
      if (column.kind === 'dict') column.codes = copyInto(new Uint32Array(capacity), column.codes)
      else if (column.kind === 'number') column.values = copyInto(new Float64Array(capacity), column.values)
      else if (column.kind === 'point') {
        column.lng = copyInto(new Float64Array(capacity), column.lng)
        column.lat = copyInto(new Float64Array(capacity), column.lat)
      }
    }
  }
  const begin = (id: number): number => {
    if (count === capacity) grow()
    if (count > 0 && ids[count - 1]! >= id) ascending = false
    ids[count] = id
    count += 1
    return count - 1
  }
  return {
    add(id, read) {
      const i = begin(Number(id))
      for (const { key, column, codeOf } of made) write(column, codeOf, i, read(key))
    },
    begin,
    columns: new Map(made.map(m => [m.key, m.column])),
    finish() {
      const result = new Map<string, Column>(made.map(m => [m.key, trim(m.column, count)]))
      const known = ids.subarray(0, count)
      if (fields.some(f => f.key === 'id')) result.set('id', { kind: 'id', ids: known })
      return { count, ids: known, ascending, fields: result }
    },
  }
}

function emptyColumn(field: FieldInfo, capacity: number): Column {
  if (field.type === 'number') return { kind: 'number', values: new Float64Array(capacity) }
  if (field.type === 'point') return { kind: 'point', lng: new Float64Array(capacity), lat: new Float64Array(capacity) }
  return { kind: 'dict', codes: new Uint32Array(capacity), values: [null] }
}

function copyInto<T extends Uint32Array | Float64Array>(target: T, source: T): T {
  target.set(source as never)
  return target
}

function write(column: Column, codeOf: Map<string, number>, i: number, value: FieldValue): void {
  if (column.kind === 'number') column.values[i] = isMissing(value) ? Number.NaN : Number(value)
  else if (column.kind === 'point') {
    const point = value as readonly [number, number] | null
    column.lng[i] = point ? point[0] : Number.NaN
    column.lat[i] = point ? point[1] : Number.NaN
  } else if (column.kind === 'dict' && !isMissing(value)) {
    const key = Array.isArray(value) ? value.join('\u0001') : String(value)
    let code = codeOf.get(key)
    if (code === undefined) {
      code = column.values.length
      column.values.push(value)
      codeOf.set(key, code)
    }
    column.codes[i] = code
  }
}

/** Views: a copy would cost as much as growing did. */
function trim(column: Column, count: number): Column {
  if (column.kind === 'dict') return { ...column, codes: column.codes.subarray(0, count) }
  if (column.kind === 'number') return { ...column, values: column.values.subarray(0, count) }
  if (column.kind === 'id') return column
  return { ...column, lng: column.lng.subarray(0, count), lat: column.lat.subarray(0, count) }
}

export const idAt = ({ ids }: Pick<Columns, 'ids'>, i: number): string => String(ids[i]!)

/** The record at a position as the plain evaluator wants it. */
export function factsAt(columns: Columns, i: number): Facts {
  const facts: Record<string, FieldValue> = {}
  for (const [key, column] of columns.fields) facts[key] = valueAt(column, i)
  return facts
}

export function valueAt(column: Column, i: number): FieldValue {
  if (column.kind === 'dict') return column.values[column.codes[i]!]
  if (column.kind === 'number') return Number.isNaN(column.values[i]!) ? null : column.values[i]!
  if (column.kind === 'id') return String(column.ids[i]!)
  return Number.isNaN(column.lng[i]!) ? null : [column.lng[i]!, column.lat[i]!]
}
