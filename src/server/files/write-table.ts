/** Tables out: CSV with a byte-order mark, so that spreadsheets read Chinese, and XLSX. Text that a spreadsheet would run as a formula is disarmed. */
import { writeXlsx as write } from 'hucre'

/** A cell beginning so is taken for a formula (OWASP: CSV injection). */
const FORMULA = /^(?:[=+\-@]|\p{Cc})/u
const isPlainNumber = (text: string): boolean => /^[+-]?\d{1,15}(\.\d+)?$/.test(text)

const disarm = (text: string): string => (FORMULA.test(text) && !isPlainNumber(text) ? `'${text}` : text)

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : disarm(String(value))
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
const csvLine = (cells: readonly unknown[]): string => `${cells.map(csvCell).join(',')}\r\n`

export async function* writeCsv(headers: readonly string[], rows: AsyncIterable<unknown[][]>): AsyncGenerator<Buffer> {
  yield Buffer.from(`\uFEFF${csvLine(headers)}`)
  for await (const batch of rows) if (batch.length > 0) yield Buffer.from(batch.map(csvLine).join(''))
}

export async function writeXlsx(headers: readonly string[], rows: AsyncIterable<unknown[][]>): Promise<Buffer> {
  const cells: (string | number | boolean | null)[][] = [[...headers]]
  for await (const batch of rows)
    for (const row of batch)
      cells.push(row.map(v => (v === null || v === undefined || v === '' ? null : typeof v === 'number' || typeof v === 'boolean' ? v : String(v))))
  return Buffer.from(await write({ sheets: [{ name: 'Sheet1', rows: cells }] }))
}
