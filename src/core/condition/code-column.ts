/**
 * From values to rows of a field's table, for many records at a time in one tight loop. A missing value (code 0, NaN) takes row 0, or row 1
 * when one asks what could match if it were known.
 */
import type { Column } from './columns.ts'
import { type FieldTable, intervalOf } from './field-table.ts'

/**
 * Writes (or, for a further field of a combined table, adds) `start + row × step` of each of the first `count` of `records`, or without
 * such a list of the `count` records from `from` on, into every `width`-th element of `places`, beginning at `slot`.
 */
export type Coder = (
  places: Int32Array,
  slot: number,
  width: number,
  from: number,
  records: Int32Array | null,
  count: number,
  hopeful: boolean,
) => void

/** `rows`: of a dictionary's values by code, of a number's intervals, of a point that is known. */
export function coderOf(table: FieldTable, column: Column | undefined, rows: Int32Array, start: number, step: number, adds: boolean): Coder {
  const strict = rows.map(row => start + row * step)
  const hopefully = rows.map(row => start + (row === 0 ? 1 : row) * step)
  const unknown = (hopeful: boolean) => start + (hopeful ? step : 0)
  // The account's own id has no table of rows (id-table.ts).
  if (!column || column.kind === 'id')
    return (places, slot, width, _from, _records, count, hopeful) => {
      const place = unknown(hopeful)
      for (let r = 0, k = slot; r < count; r += 1, k += width) places[k] = adds ? places[k]! + place : place
    }
  // A loop of its own where all records are coded, the usual case: a test inside it would cost a seventh of everything.
  if (column.kind === 'dict') {
    const { codes } = column
    return (places, slot, width, from, records, count, hopeful) => {
      const map = hopeful ? hopefully : strict
      const end = slot + count * width
      if (records === null) {
        let i = from
        if (adds) for (let k = slot; k < end; k += width, i += 1) places[k]! += map[codes[i]!]!
        else for (let k = slot; k < end; k += width, i += 1) places[k] = map[codes[i]!]!
      } else if (adds) for (let r = 0, k = slot; r < count; r += 1, k += width) places[k]! += map[codes[records[r]!]!]!
      else for (let r = 0, k = slot; r < count; r += 1, k += width) places[k] = map[codes[records[r]!]!]!
    }
  }
  if (column.kind === 'point') {
    const { lng } = column
    return (places, slot, width, from, records, count, hopeful) => {
      for (let r = 0, k = slot; r < count; r += 1, k += width) {
        const place = Number.isNaN(lng[records === null ? from + r : records[r]!]!) ? unknown(hopeful) : strict[0]!
        places[k] = adds ? places[k]! + place : place
      }
    }
  }
  const { values } = column
  const { cuts } = table
  const byHead = placesByHead(cuts, strict)
  const heads = new Uint32Array(values.buffer, values.byteOffset, values.length * 2)
  const search = (value: number, hopeful: boolean): number => (Number.isNaN(value) ? unknown(hopeful) : strict[intervalOf(cuts, value)]!)
  const placeOf = (i: number, hopeful: boolean): number => {
    const head = heads[2 * i + 1]! >>> HEAD_SHIFT
    const place = head < HEADS ? byHead[head]! : -1
    return place < 0 ? search(values[i]!, hopeful) : place
  }
  return (places, slot, width, from, records, count, hopeful) => {
    const end = slot + count * width
    if (records === null) {
      let i = from
      if (adds) for (let k = slot; k < end; k += width, i += 1) places[k]! += placeOf(i, hopeful)
      else for (let k = slot; k < end; k += width, i += 1) places[k] = placeOf(i, hopeful)
    } else
      for (let r = 0, k = slot; r < count; r += 1, k += width) {
        const place = placeOf(records[r]!, hopeful)
        places[k] = adds ? places[k]! + place : place
      }
  }
}

/** The upper half of a double without its lower 14 bits: exponent and six bits more, spans of 1.5 %; positive numbers are below HEADS. */
const HEAD_SHIFT = 14
const HEADS = 0x20000

const double = new Float64Array(1)
const halves = new Uint32Array(double.buffer)
/** Little-endian, as every machine we run on is. */
const headOf = (value: number): number => {
  double[0] = value
  return halves[1]! >>> HEAD_SHIFT
}

/** The place of a number's row by its head; −1 where a cut point lies in the span, or what is not a finite number: those are searched for. */
function placesByHead(cuts: Float64Array, places: Int32Array): Int32Array {
  const found = new Int32Array(HEADS).fill(-1)
  let from = 0
  for (let k = cuts.findIndex(c => c >= 0); k >= 0 && k < cuts.length; k += 1) {
    const end = headOf(Math.abs(cuts[k]!))
    found.fill(places[2 * k]!, from, end)
    from = Math.max(from, end + 1)
  }
  found.fill(places[2 * cuts.length]!, from, headOf(Number.POSITIVE_INFINITY))
  return found
}
