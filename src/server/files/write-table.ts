/**
 * Tables out: CSV with a byte-order mark, so that spreadsheets read Chinese, and XLSX. A customer's name is text that a stranger may have
 * chosen; opened in a spreadsheet, text that begins like a formula would run, so in CSV it gets a leading apostrophe (OWASP: CSV
 * injection), which openTable takes away again. A workbook marks text as text and needs none.
 */
import { writeXlsx as writeSheets, writeXlsxStream, XLSX_MAX_ROWS_PER_SHEET } from 'hucre/xlsx'
import { stop } from '../kernel/refusal-error.ts'

type Cell = string | number | boolean | null

/** Spreadsheets of East Asian locales read full-width signs as signs. Text that looks marked already gets one mark more: reading takes one away. */
const FORMULA = /^'*(?:[=+\-@＝＋－＠]|\p{Cc})/u
const LONGEST_CELL = 32_767
const isPlainNumber = (text: string): boolean => /^[+-]?\d{1,15}(\.\d+)?$/.test(text)

const disarm = (text: string): string => (FORMULA.test(text) && !isPlainNumber(text) ? `'${text}` : text)

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : disarm(String(value))
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
const csvLine = (cells: readonly unknown[]): string => `${cells.map(csvCell).join(',')}\r\n`

/** `rows` come in batches; so do the pieces of the file. */
export async function* writeCsv(headers: readonly string[], rows: AsyncIterable<readonly (readonly unknown[])[]>): AsyncGenerator<Buffer> {
  yield Buffer.from(`\uFEFF${csvLine(headers)}`)
  for await (const batch of rows) if (batch.length > 0) yield Buffer.from(batch.map(csvLine).join(''))
}

/** One sheet; more rows than a sheet can hold are refused, not spread over sheets that nobody looks at. */
export async function writeXlsx(headers: readonly string[], rows: AsyncIterable<readonly (readonly unknown[])[]>): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of writeXlsxStream(sheetRows(headers, rows), { name: 'Sheet1', freezePane: { rows: 1 } })) pieces.push(piece)
  return Buffer.concat(pieces)
}

export type WorkbookSheet = {
  readonly name: string
  readonly headers: readonly string[]
  readonly rows: AsyncIterable<readonly (readonly unknown[])[]>
}
/** Rows of a workbook of several sheets together: it is made in memory, where a single sheet streams. */
const MOST_TOGETHER = 200_000

/** Several sheets, each with its headers; names are cut to what a spreadsheet allows. Too many rows are refused, none is left out silently. */
export async function writeWorkbook(sheets: readonly WorkbookSheet[]): Promise<Buffer> {
  let count = 0
  const made = []
  for (const { name, headers, rows } of sheets) {
    const cells: Cell[][] = []
    for await (const row of sheetRows(headers, rows)) {
      if (++count > MOST_TOGETHER) stop('file.tooManyRows', { limit: MOST_TOGETHER })
      cells.push(row)
    }
    made.push({ name: name.replace(/[[\]:*?/\\]/g, ' ').slice(0, 31), rows: cells, freezePane: { rows: 1 } })
  }
  return Buffer.from(await writeSheets({ sheets: made }))
}

async function* sheetRows(headers: readonly string[], rows: AsyncIterable<readonly (readonly unknown[])[]>): AsyncGenerator<Cell[]> {
  let count = 1
  yield headers.map(sheetCell)
  for await (const batch of rows)
    for (const row of batch) {
      if (++count > XLSX_MAX_ROWS_PER_SHEET) stop('file.tooManyRows', { limit: XLSX_MAX_ROWS_PER_SHEET - 1 })
      yield row.map(sheetCell)
    }
}

/** XML cannot hold most control characters, and `_x0041_` in a cell means A unless its underscore is escaped. */
function sheetCell(value: unknown): Cell {
  if (value === null || value === undefined || value === '') return null
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'boolean') return value
  const text = String(value).replace(/(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu, '')
  return text
    .toWellFormed()
    .slice(0, LONGEST_CELL)
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
}
