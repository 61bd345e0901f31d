/** Names looked up in a thread of its own, so that nobody's page waits while a million of them are read. Started at the first question. */
import { Worker } from 'node:worker_threads'
import type { Pool } from 'pg'
import type { FoundName, NamesAsked, NamesFound } from './names-worker.ts'

type Answer = Omit<NamesFound, 'call' | 'failed'>
type Thread = { readonly worker: Worker; readonly waiting: Map<number, { resolve: (found: Answer) => void; reject: (error: Error) => void }> }
const threads = new Map<string, Thread>()
let calls = 0

/** The thread connects as `bulk` does: it reads names for the index, and no request ever reads under that role. */
export function findNames(bulk: Pool, asked: Omit<NamesAsked, 'call'>): Promise<Answer & { readonly hits: readonly FoundName[] }> {
  const url = bulk.options.connectionString!
  const thread = threads.get(url) ?? start(url)
  calls += 1
  const call = calls
  return new Promise((resolve, reject) => {
    thread.waiting.set(call, { resolve, reject })
    thread.worker.ref()
    thread.worker.postMessage({ ...asked, call } satisfies NamesAsked)
  })
}

/** Many records at once, each answered in its place: what a group of leads may come from. */
export async function findManyNames(
  bulk: Pool,
  tenantId: string,
  many: NonNullable<NamesAsked['many']>,
  limit: number,
  least: number,
): Promise<NonNullable<NamesFound['several']>> {
  return (await findNames(bulk, { tenantId, names: [], keys: [], many, limit, least })).several!
}

function start(url: string): Thread {
  const worker = new Worker(new URL('./names-worker.ts', import.meta.url), { workerData: { url }, env: {} })
  const thread: Thread = { worker, waiting: new Map() }
  threads.set(url, thread)
  worker.on('message', (found: NamesFound) => {
    const asker = thread.waiting.get(found.call)
    thread.waiting.delete(found.call)
    if (thread.waiting.size === 0) worker.unref()
    if (found.failed === undefined) asker?.resolve(found)
    else asker?.reject(new Error(found.failed))
  })
  const end = (error: unknown) => {
    threads.delete(url)
    for (const { reject } of thread.waiting.values()) reject(new Error(`the thread of names ended: ${String(error)}`))
    thread.waiting.clear()
  }
  worker.on('error', end)
  worker.on('exit', end)
  // Only a question that waits keeps the process alive.
  worker.unref()
  return thread
}
