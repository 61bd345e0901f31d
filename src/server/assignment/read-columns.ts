/** Accounts as columns, read by COPY: four times less work than rows as objects. Under the app role only what the fence shows is read. */
import { buildColumns, type Column, type Columns } from '../../core/condition/columns.ts'
import type { FieldInfo } from '../../core/condition/condition.ts'
import { isMissing } from '../../core/condition/evaluate.ts'
import { COLUMNS } from '../account/facts.ts'
import { copyLines } from '../kernel/copy-lines.ts'
import type { Tx } from '../kernel/transaction.ts'
import { codeReader, numberReader, type Reader } from './copy-cells.ts'

/** What is read in the same pass beside the account's fields: a left join on `a.id`, and its columns. */
export type Beside = { readonly join: string; readonly cells: readonly { readonly sql: string; readonly read: Reader }[] }
const NOTHING: Beside = { join: '', cells: [] }
/** How many a company had when all were read last: a guess of the room they take. */
const lastCount = new Map<string, number>()

/** Only the fields asked for are read; `where` narrows with literals only. */
export async function readColumns(
  tx: Tx,
  tenantId: string,
  fields: readonly FieldInfo[],
  where = 'true',
  beside: Beside = NOTHING,
): Promise<Columns> {
  const asked = fields.filter(f => f.key !== 'id' && (f.key === 'point' || /^f\d+$/.test(f.key) || Object.hasOwn(COLUMNS, f.key)))
  const builder = buildColumns([...fields], where === 'true' ? lastCount.get(tenantId) : 0)
  const read = asked.flatMap(f => {
    const column = builder.columns.get(f.key)!
    if (column.kind === 'id') return []
    if (column.kind === 'point')
      return [
        { sql: 'a.lng', read: halfReader(column, 'lng') },
        { sql: 'a.lat', read: halfReader(column, 'lat') },
      ]
    const sql = /^f\d+$/.test(f.key) ? `a.custom->>'${BigInt(f.key.slice(1))}'` : `a.${COLUMNS[f.key as keyof typeof COLUMNS]}`
    if (column.kind === 'dict') return [{ sql, read: valueReader(column, f.type === 'options') }]
    const read = numberReader((value, i) => {
      column.values[i] = value
    })
    return [{ sql, read }]
  })
  // A field that no column holds stays missing in every record.
  const silent = fields.filter(f => f.key !== 'id' && !asked.includes(f)).flatMap(f => builder.columns.get(f.key) ?? [])
  const begin = numberReader(id => {
    const i = builder.begin(id)
    for (const column of silent) leaveEmpty(column, i)
  })
  const cells = [{ sql: 'a.id', read: begin }, ...read, ...beside.cells]
  const sql = `copy (select ${cells.map(c => c.sql).join(', ')} from account a ${beside.join} where a.tenant_id = ${BigInt(tenantId)} and a.deleted_at is null and ${where} order by a.id) to stdout`
  const readers = cells.map(c => c.read)
  let i = 0
  await copyLines(tx, sql, line => {
    let at = 0
    for (const read of readers) at = read(line, at, i) + 1
    i += 1
  })
  const columns = builder.finish()
  if (where === 'true') lastCount.set(tenantId, Math.ceil(columns.count * 1.01))
  return columns
}

/** A point needs both its halves: with one of them missing it is missing. */
const halfReader = (column: Extract<Column, { kind: 'point' }>, half: 'lng' | 'lat'): Reader =>
  numberReader((value, i) => {
    column[half][i] = value
    if (half === 'lat' && (Number.isNaN(value) || Number.isNaN(column.lng[i]!))) leaveEmpty(column, i)
  })

/** Distinct cells may say the same (a list of options in another order of bytes); an empty one is missing. */
function valueReader(column: Extract<Column, { kind: 'dict' }>, several: boolean): Reader {
  const codes = [0]
  return codeReader(
    text => {
      const value = several ? (JSON.parse(text) as string[]) : text
      codes.push(isMissing(value) ? 0 : column.values.push(value) - 1)
    },
    (code, i) => {
      column.codes[i] = codes[code]!
    },
  )
}

function leaveEmpty(column: Column, i: number): void {
  if (column.kind === 'number') column.values[i] = Number.NaN
  else if (column.kind === 'point') column.lng[i] = column.lat[i] = Number.NaN
}
