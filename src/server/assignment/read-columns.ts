/** Accounts as columns, read by COPY: four times less work than rows as objects. Under the app role only what the fence shows is read. */
import copyStreams from 'pg-copy-streams'
import { buildColumns, type Column, type Columns } from '../../core/condition/columns.ts'
import type { FieldInfo } from '../../core/condition/condition.ts'
import { isMissing } from '../../core/condition/evaluate.ts'
import { COLUMNS } from '../account/facts.ts'
import type { Tx } from '../kernel/transaction.ts'
import { CellDictionary, eachLine, endOfCell, isNull, numberOf } from './copy-cells.ts'

/** Writes the cell of one field for the record at place `i`. */
type Writer = (bytes: Buffer, from: number, to: number, i: number) => void

/** Only the fields asked for are read; `where` narrows with literals only. */
export async function readColumns(tx: Tx, tenantId: string, fields: readonly FieldInfo[], where = 'true'): Promise<Columns> {
  const asked = fields.filter(f => f.key !== 'id' && (f.key === 'point' || /^f\d+$/.test(f.key) || Object.hasOwn(COLUMNS, f.key)))
  const builder = buildColumns([...fields])
  const read = asked.flatMap(f => {
    const column = builder.columns.get(f.key)!
    if (column.kind === 'point')
      return [
        { sql: 'a.lng', write: pointWriter(column, 'lng') },
        { sql: 'a.lat', write: pointWriter(column, 'lat') },
      ]
    const sql = /^f\d+$/.test(f.key) ? `a.custom->>'${BigInt(f.key.slice(1))}'` : `a.${COLUMNS[f.key as keyof typeof COLUMNS]}`
    return [{ sql, write: column.kind === 'number' ? numberWriter(column) : codeWriter(column, f.type === 'options') }]
  })
  // A field that no column holds stays missing in every record.
  const silent = fields.filter(f => f.key !== 'id' && !asked.includes(f)).flatMap(f => builder.columns.get(f.key) ?? [])
  const writers = read.map(r => r.write)
  const sql = `copy (select ${['a.id', ...read.map(r => r.sql)].join(', ')} from account a where a.tenant_id = ${BigInt(tenantId)} and a.deleted_at is null and ${where} order by a.id) to stdout`
  await eachLine(tx.query(copyStreams.to(sql)), (bytes, from, to) => {
    let end = endOfCell(bytes, from, to)
    const i = builder.begin(bytes.toString('latin1', from, end))
    for (const write of writers) {
      const start = end + 1
      end = endOfCell(bytes, start, to)
      write(bytes, start, end, i)
    }
    for (const column of silent) leaveEmpty(column, i)
  })
  return builder.finish()
}

const numberWriter =
  (column: Extract<Column, { kind: 'number' }>): Writer =>
  (bytes, from, to, i) => {
    column.values[i] = numberOf(bytes, from, to)
  }

/** A point needs both its halves: with one of them missing it is missing. */
const pointWriter =
  (column: Extract<Column, { kind: 'point' }>, half: 'lng' | 'lat'): Writer =>
  (bytes, from, to, i) => {
    column[half][i] = isNull(bytes, from, to) ? Number.NaN : Number(bytes.toString('latin1', from, to))
    if (half === 'lat' && (Number.isNaN(column.lat[i]!) || Number.isNaN(column.lng[i]!))) leaveEmpty(column, i)
  }

function codeWriter(column: Extract<Column, { kind: 'dict' }>, several: boolean): Writer {
  const codes = [0]
  const cells = new CellDictionary(text => {
    const value = several ? (JSON.parse(text) as string[]) : text
    codes.push(isMissing(value) ? 0 : column.values.push(value) - 1)
  })
  return (bytes, from, to, i) => {
    column.codes[i] = codes[cells.codeOf(bytes, from, to)]!
  }
}

function leaveEmpty(column: Column, i: number): void {
  if (column.kind === 'number') column.values[i] = Number.NaN
  else if (column.kind === 'point') column.lng[i] = column.lat[i] = Number.NaN
}
