/**
 * Reads a workbook in a thread of its own, so that a heavy or hostile one costs that thread and not the server. Sends batches only when
 * asked. Cells come out as people see them: dates in ISO form, numbers without the noise of binary fractions.
 */
import { readFile } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { streamXlsxRows } from 'hucre/xlsx'

export type WorkerAnswer =
  | { readonly kind: 'rows'; readonly cells: string[][]; readonly lines: number[] }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly encrypted: boolean }
  | { readonly kind: 'wide'; readonly line: number }

export type WorkerOrder = { readonly path: string; readonly batch: number; readonly widest: number }

type Value = string | number | boolean | Date | null | undefined

const order = workerData as WorkerOrder
const port = parentPort
if (port) {
  const answers = read()
  port.on('message', async () => port.postMessage((await answers.next()).value ?? { kind: 'end' }))
}

async function* read(): AsyncGenerator<WorkerAnswer> {
  let cells: string[][] = []
  let lines: number[] = []
  try {
    for await (const row of streamXlsxRows(await readFile(order.path))) {
      if (row.values.length > order.widest && row.values.findLastIndex(value => value !== null && value !== '') >= order.widest)
        yield { kind: 'wide', line: row.index + 1 }
      cells.push(Array.from(row.values, cellText))
      lines.push(row.index + 1)
      if (cells.length < order.batch) continue
      yield { kind: 'rows', cells, lines }
      cells = []
      lines = []
    }
  } catch (error) {
    yield { kind: 'failed', encrypted: error instanceof Error && error.name === 'EncryptedFileError' }
    return
  }
  if (cells.length > 0) yield { kind: 'rows', cells, lines }
}

function cellText(value: Value): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return numberText(value)
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  if (value instanceof Date) return dateText(value)
  return value
}

/** A spreadsheet keeps 15 digits: a longer whole number was a code, and its last digits are lost. Written so that it shows. */
function numberText(value: number): string {
  return Number.isInteger(value) && Math.abs(value) >= 1e15 ? value.toExponential().toUpperCase() : String(Number(value.toPrecision(15)))
}

function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) return ''
  // A serial number holds a time of day only to the microsecond; round to the second that was meant.
  const iso = new Date(Math.round(date.getTime() / 1000) * 1000).toISOString()
  return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso.slice(0, 19)
}
