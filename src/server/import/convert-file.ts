/**
 * A whole file as lines for COPY, batch by batch: rows for staging, refused rows with their reasons, and what the reasons add up to. Runs in
 * this thread for a small file and in one of its own for a large one, so that nobody's page waits for somebody's import.
 */
import { Worker } from 'node:worker_threads'
import { MaybeSeen } from '../../core/kernel/maybe-seen.ts'
import type { Refusal } from '../../core/kernel/result.ts'
import { escapeCopy } from '../assignment/copy-cells.ts'
import type { Encoding } from '../files/detect-text.ts'
import { openTable } from '../files/read-table.ts'
import { RefusalError, stop } from '../kernel/refusal-error.ts'
import { type ConvertOrder, type LookupData, makeConverter } from './convert-row.ts'

export type FileOrder = {
  readonly path: string
  readonly name: string
  readonly encoding: Encoding | undefined
  readonly convert: ConvertOrder
  readonly data: LookupData
  readonly tenantId: string
  readonly importId: string
}
export type Tally = { field: string; code: string; values: Refusal['values']; count: number }
/** Lines for COPY as the bytes they are sent as: handed from thread to thread without being copied. */
type Bytes = Uint8Array<ArrayBuffer>
export type Batch = { readonly rows: Bytes; readonly rejects: Bytes; readonly last: number }
export type Outcome = {
  readonly rows: number
  readonly bad: number
  readonly warned: number
  /** Two rows of those that are good may mean the same record. */
  readonly twice: boolean
  readonly reasons: readonly Tally[]
  readonly warnings: readonly Tally[]
  readonly unknown: Readonly<Record<string, readonly { value: string; count: number }[]>>
}

export const MOST_ROWS = 5_000_000
const UNKNOWN = 500
const REASONS = 200

export async function* convertFile(order: FileOrder): AsyncGenerator<Batch, Outcome> {
  const table = await openTable({ path: order.path, name: order.name }, order.encoding)
  const convert = makeConverter(order.convert, order.data)
  const sum = { rows: 0, bad: 0, warned: 0, twice: false }
  const keys = new MaybeSeen()
  const reasons = new Map<string, Tally>()
  const warnings = new Map<string, Tally>()
  const unknown = new Map<string, Map<string, number>>()
  const head = `${order.tenantId}\t${order.importId}\t`
  for await (const { from, rows } of table.rows()) {
    let good = ''
    let bad = ''
    for (const [i, cells] of rows.entries()) {
      const c = convert(cells)
      sum.rows += 1
      if (c.warnings.length > 0) sum.warned += 1
      for (const w of c.warnings) count(warnings, w)
      if (c.problems.length === 0) {
        if (c.key !== null && !sum.twice) sum.twice = keys.meet(c.key)
        good += `${head}${from + i}\t${c.key === null ? '\\N' : escapeCopy(c.key)}\t${escapeCopy(arrayOf(c.cells))}\n`
        continue
      }
      sum.bad += 1
      for (const p of c.problems) count(reasons, p)
      for (const u of c.unknown) {
        const values = unknown.get(u.field) ?? new Map<string, number>()
        unknown.set(u.field, values)
        if (values.has(u.value) || values.size < UNKNOWN) values.set(u.value, (values.get(u.value) ?? 0) + 1)
      }
      bad += rejectLine(head, from + i, c.problems, cells)
    }
    if (sum.rows > MOST_ROWS) stop('import.tooManyRows', { limit: MOST_ROWS })
    yield { rows: bytesOf(good), rejects: bytesOf(bad), last: sum.rows }
  }
  return {
    ...sum,
    reasons: [...reasons.values()],
    warnings: [...warnings.values()],
    unknown: Object.fromEntries(
      [...unknown].map(([field, values]) => [field, [...values].map(([value, n]) => ({ value, count: n })).sort((a, b) => b.count - a.count)]),
    ),
  }
}

const encoder = new TextEncoder()
/** In memory of their own, unlike a Buffer's, which may share it with others and cannot be handed over. */
const bytesOf = (text: string): Bytes => encoder.encode(text)

/** As PostgreSQL reads an array of text; an empty cell is null. */
function arrayOf(cells: readonly (string | null)[]): string {
  let text = '{'
  for (const [i, cell] of cells.entries()) {
    if (i > 0) text += ','
    text += cell === null || cell === '' ? 'NULL' : `"${SPECIAL.test(cell) ? cell.replace(/["\\]/g, '\\$&') : cell}"`
  }
  return `${text}}`
}
const SPECIAL = /["\\]/

export const rejectLine = (head: string, row: number, problems: readonly Refusal[], cells: readonly string[]): string =>
  `${head}${row}\t${json(problems.map(p => ({ code: p.code, field: p.field ?? '', values: p.values ?? {} })))}\t${json(cells)}\n`
const json = (value: unknown): string => escapeCopy(JSON.stringify(value).replaceAll('\\u0000', ''))

export function count(tallies: Map<string, Tally>, refusal: Refusal): void {
  const key = `${refusal.field ?? ''}/${refusal.code}`
  const known = tallies.get(key)
  if (known) known.count += 1
  else if (tallies.size < REASONS) tallies.set(key, { field: refusal.field ?? '', code: refusal.code, values: refusal.values, count: 1 })
}

export type WorkerAnswer =
  | { readonly kind: 'batch'; readonly batch: Batch }
  | { readonly kind: 'end'; readonly outcome: Outcome }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'failed'; readonly message: string }

const AHEAD = 4

/** The same in a thread of its own; it works a few batches ahead of whoever takes them. */
export async function* convertInThread(order: FileOrder): AsyncGenerator<Batch, Outcome> {
  const worker = new Worker(new URL('./convert-worker.ts', import.meta.url), { workerData: order, stdin: false, env: {} })
  const waiting: WorkerAnswer[] = []
  let wake: (() => void) | null = null
  const put = (answer: WorkerAnswer) => {
    waiting.push(answer)
    wake?.()
  }
  worker.on('message', put)
  worker.on('error', error => put({ kind: 'failed', message: String(error) }))
  worker.on('exit', code => put({ kind: 'failed', message: `the thread ended with ${code}` }))
  try {
    for (let i = 0; i < AHEAD; i += 1) worker.postMessage('next')
    for (;;) {
      while (waiting.length === 0)
        await new Promise<void>(resolve => {
          wake = resolve
        })
      const answer = waiting.shift()!
      if (answer.kind === 'end') return answer.outcome
      if (answer.kind === 'refused') throw new RefusalError(answer.refusal)
      if (answer.kind === 'failed') throw new Error(answer.message)
      yield answer.batch
      worker.postMessage('next')
    }
  } finally {
    await worker.terminate()
  }
}
