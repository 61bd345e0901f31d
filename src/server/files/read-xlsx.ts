/** The records of a workbook's first sheet, read in a worker thread with a bound on memory and time. */
import { open, stat } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { stop } from '../kernel/refusal-error.ts'
import { checkUnpacked, zipParts } from './inspect-zip.ts'
import type { Records } from './read-csv.ts'
import type { WorkerAnswer, WorkerOrder } from './xlsx-worker.ts'

const LARGEST_FILE = 100 * 1024 * 1024
const LARGEST_UNPACKED = 800 * 1024 * 1024
const HEAP_MB = 1536
const BATCH = 2000
const SLOWEST_ANSWER_MS = 120_000

export type WorkbookBounds = { readonly packed: number; readonly unpacked: number }

/** Refuses whatever is not a workbook we can read, before any of it is parsed. */
export async function checkWorkbook(path: string, bounds: WorkbookBounds = { packed: LARGEST_FILE, unpacked: LARGEST_UNPACKED }): Promise<void> {
  const { size } = await stat(path)
  if (size > bounds.packed) stop('file.tooLarge', { limit: megabytes(bounds.packed) })
  const parts = await zipParts(path)
  if (parts === 'tooLarge') stop('file.tooLarge', { limit: megabytes(bounds.unpacked) })
  if (parts === 'damaged') stop('file.damaged')
  const names = new Set(parts.map(part => part.name.toLowerCase().replace(/^\//, '')))
  if (!names.has('[content_types].xml') || ![...names].some(name => /^xl\/worksheets\/[^/]+\.xml$/.test(name))) stop('file.otherZip')
  const fault = await checkUnpacked(path, parts, bounds.unpacked)
  if (fault === 'tooLarge') stop('file.tooLarge', { limit: megabytes(bounds.unpacked) })
  if (fault) stop(`file.${fault}`)
}

/** Old Excel files and encrypted new ones share one container; the latter name their inside in UTF-16. */
export async function refuseCompoundFile(path: string): Promise<never> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const bytes = Buffer.alloc(Math.min(size, LARGEST_FILE))
    await file.read(bytes, 0, bytes.length, 0)
    return stop(bytes.includes(Buffer.from('EncryptedPackage', 'utf16le')) ? 'file.encrypted' : 'file.oldExcel')
  } finally {
    await file.close()
  }
}

export async function* xlsxRecords(path: string, widest: number): AsyncGenerator<Records> {
  const workerData: WorkerOrder = { path, batch: BATCH, widest }
  const worker = new Worker(new URL('./xlsx-worker.ts', import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    stdin: false,
    env: {},
  })
  try {
    for (;;) {
      const answer = await ask(worker)
      if (answer.kind === 'end') return
      if (answer.kind === 'wide') stop('file.tooManyColumns', { line: answer.line, limit: widest })
      if (answer.kind === 'failed') stop(answer.encrypted ? 'file.encrypted' : 'file.damaged')
      yield { cells: answer.cells, lines: answer.lines }
    }
  } finally {
    await worker.terminate()
  }
}

function ask(worker: Worker): Promise<WorkerAnswer> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      clearTimeout(timer)
      worker.off('message', onMessage).off('error', onError).off('exit', onExit)
    }
    const tooLarge = (): void => refused(() => stop('file.tooLarge', { limit: megabytes(LARGEST_UNPACKED) }))
    const refused = (say: () => never): void => {
      done()
      try {
        say()
      } catch (error) {
        reject(error)
      }
    }
    const onMessage = (answer: WorkerAnswer): void => {
      done()
      resolve(answer)
    }
    const onError = (error: NodeJS.ErrnoException): void => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') tooLarge()
      else {
        done()
        reject(error)
      }
    }
    const onExit = (): void => refused(() => stop('file.damaged'))
    const timer = setTimeout(tooLarge, SLOWEST_ANSWER_MS)
    worker.on('message', onMessage).on('error', onError).on('exit', onExit)
    worker.postMessage('next')
  })
}

function megabytes(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${Math.round(bytes / 1024 / 1024)} MB` : `${Math.ceil(bytes / 1024)} KB`
}
