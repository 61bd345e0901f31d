/**
 * Opens a table that somebody brought, CSV or .xlsx alike: one heading row, then data. What the file is follows from its bytes, not from
 * its name, since half of all ".xls" exports are something else. A file we cannot read faithfully is refused with the line and the reason
 * (src/contract/import/file-refusals.ts); nothing is guessed silently. Rows stream, so that a million of them need little memory.
 */
import { open } from 'node:fs/promises'
import { stop } from '../kernel/refusal-error.ts'
import type { Delimiter, Encoding } from './detect-text.ts'
import { csvForm, csvRecords, type Records } from './read-csv.ts'
import { checkWorkbook, refuseCompoundFile, xlsxRecords } from './read-xlsx.ts'

export type TableBatch = {
  /** 1-based number of the first row among the data rows; blank lines are not counted. */
  readonly from: number
  /** Every row has at least as many cells as there are headers. */
  readonly rows: string[][]
  /** Where each row begins in the file, as an editor or Excel counts lines. */
  readonly lines: readonly number[]
  /** Places in `rows` of records with too few or too many cells; missing cells are '', extra ones are kept at the end. */
  readonly uneven: readonly number[]
}

export type Table = {
  readonly format: 'csv' | 'xlsx'
  readonly encoding: Encoding | null
  readonly delimiter: Delimiter | null
  /** One per column, never empty, all different: a second 电话 is `电话 (2)`, a column without heading its letter, `(C)`. */
  readonly headers: readonly string[]
  /** The first 20 rows. */
  readonly sample: readonly string[][]
  /** May be called again; each call reads the file anew. */
  readonly rows: () => AsyncGenerator<TableBatch>
}

const BATCH = 1000
const SAMPLE = 20
const WIDEST = 1000
const HEADING_SOUGHT_IN = 6

/** `encoding` overrules what the bytes look like (Taiwan's Excel writes Big5, which no byte gives away). */
export async function openTable(file: { readonly path: string; readonly name: string }, encoding?: Encoding): Promise<Table> {
  const magic = await firstBytes(file.path)
  if (magic.length === 0) stop('file.empty')
  if (magic.equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))) return refuseCompoundFile(file.path)
  if (magic.equals(Buffer.from('PK\x03\x04')) || magic.equals(Buffer.from('PK\x05\x06'))) {
    await checkWorkbook(file.path)
    return describe({ format: 'xlsx', encoding: null, delimiter: null }, () => xlsxRecords(file.path, WIDEST))
  }
  const form = await csvForm(file.path, encoding)
  return describe({ format: 'csv', encoding: form.encoding, delimiter: form.delimiter }, () => csvRecords(file.path, form))
}

async function describe(kind: Pick<Table, 'format' | 'encoding' | 'delimiter'>, records: () => AsyncGenerator<Records>): Promise<Table> {
  const first = await firstRows(records, HEADING_SOUGHT_IN + SAMPLE + 1)
  if (first.cells.length === 0) stop('file.empty')
  const title = headingAt(first.cells)
  const below = first.cells.slice(title + 1)
  if (below.length === 0) stop('file.noRows')
  const width = widthOf(first.cells[title] ?? [], below)
  const headers = distinctHeaders(first.cells[title] ?? [], width)
  const rows = (): AsyncGenerator<TableBatch> => dataRows(records, title, width, kind.format === 'xlsx')
  return { ...kind, headers, sample: below.slice(0, SAMPLE).map(row => fit(row, width, true).cells), rows }
}

/** Rows in batches of at least 1,000 (the last may be smaller). */
async function* dataRows(records: () => AsyncGenerator<Records>, title: number, width: number, mayEndEarly: boolean): AsyncGenerator<TableBatch> {
  let seen = 0
  let batch: { from: number; rows: string[][]; lines: number[]; uneven: number[] } = { from: 1, rows: [], lines: [], uneven: [] }
  for await (const { cells, lines } of records()) {
    for (let i = 0; i < cells.length; i++) {
      const row = cells[i] ?? []
      const line = lines[i] ?? 0
      const used = filled(row)
      if (used === 0 || seen++ <= title) continue
      if (used > WIDEST) stop('file.tooManyColumns', { line, limit: WIDEST })
      const { cells: fitted, uneven } = fit(row, width, mayEndEarly)
      if (uneven) batch.uneven.push(batch.rows.length)
      batch.rows.push(fitted)
      batch.lines.push(line)
    }
    if (batch.rows.length < BATCH) continue
    const from: number = batch.from + batch.rows.length
    yield batch
    batch = { from, rows: [], lines: [], uneven: [] }
  }
  if (batch.rows.length > 0) yield batch
}

async function firstRows(records: () => AsyncGenerator<Records>, count: number): Promise<Records> {
  const found: Records = { cells: [], lines: [] }
  for await (const { cells, lines } of records()) {
    cells.forEach((row, i) => {
      const used = filled(row)
      if (used > WIDEST) stop('file.tooManyColumns', { line: lines[i] ?? 0, limit: WIDEST })
      if (used === 0 || found.cells.length >= count) return
      found.cells.push(row)
      found.lines.push(lines[i] ?? 0)
    })
    if (found.cells.length >= count) break
  }
  return found
}

/** The first row with text, but not a title (客户清单) that stands alone above a real heading row. */
function headingAt(rows: readonly (readonly string[])[]): number {
  const counts = rows.slice(0, HEADING_SOUGHT_IN).map(row => row.filter(cell => cell.trim() !== '').length)
  const widest = Math.max(...counts)
  const found = widest >= 3 ? counts.findIndex(count => count > 1) : 0
  return Math.max(found, 0)
}

/** As many columns as have a heading, or text in at least half of the first rows; a stray cell at the side makes no column. */
function widthOf(heading: readonly string[], below: readonly (readonly string[])[]): number {
  const widths = below.map(filled).sort((a, b) => b - a)
  return Math.max(filled(heading), widths[Math.ceil(widths.length / 2) - 1] ?? 0)
}

function distinctHeaders(cells: readonly string[], width: number): string[] {
  const taken = new Set<string>()
  return Array.from({ length: width }, (_, column) => {
    const text = (cells[column] ?? '').normalize('NFC').replace(/\s+/g, ' ').trim().slice(0, 200)
    const plain = text === '' ? `(${columnLetter(column)})` : text
    let header = plain
    for (let n = 2; taken.has(header); n++) header = `${plain} (${n})`
    taken.add(header)
    return header
  })
}

function columnLetter(column: number): string {
  const last = String.fromCharCode(65 + (column % 26))
  return column < 26 ? last : columnLetter(Math.floor(column / 26) - 1) + last
}

/** A workbook leaves out empty cells at the end of a row; a text file does not, so a short row there is often one cut in two. */
function fit(row: string[], width: number, mayEndEarly: boolean): { cells: string[]; uneven: boolean } {
  if (row.length === width && !mayEndEarly) return { cells: row, uneven: false }
  const used = filled(row)
  if (used > width) return { cells: row.slice(0, used), uneven: true }
  return { cells: Array.from({ length: width }, (_, i) => row[i] ?? ''), uneven: !mayEndEarly && row.length < width }
}

function filled(row: readonly string[]): number {
  let length = row.length
  while (length > 0 && (row[length - 1] ?? '').trim() === '') length--
  return length
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path)
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(4), 0, 4, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
