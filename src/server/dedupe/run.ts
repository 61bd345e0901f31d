/** The job that checks the whole base for duplicates, and its state for those who wait for it. */
import { Worker } from 'node:worker_threads'
import type { Pool } from 'pg'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { askForJob, registerJob } from '../kernel/jobs.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import type { RunMessage } from './run-worker.ts'

const KIND = 'duplicates.run'

export function registerDuplicateJobs(bulk: Pool): void {
  registerJob(KIND, async (job, progress) => {
    const worker = new Worker(new URL('./run-worker.ts', import.meta.url), {
      workerData: { url: bulk.options.connectionString, tenantId: job.tenantId },
      env: {},
    })
    try {
      return await new Promise<Record<string, unknown>>((resolve, reject) => {
        let result: Record<string, unknown> | undefined
        worker.on('message', (message: RunMessage) => {
          if ('failed' in message) reject(new Error(message.failed))
          else if ('pairs' in message) result = message
          else void progress(message.done, message.total)
        })
        worker.on('error', reject)
        worker.on('exit', code => (result ? resolve(result) : reject(new Error(`the check ended with ${code}`))))
      })
    } finally {
      await worker.terminate()
    }
  })
}

export async function startRun(tx: Tx, actor: Actor, now: string): Promise<{ jobId: string }> {
  const running = await tx.query(`select 1 from job_run where tenant_id = $1 and kind = $2 and state in ('waiting', 'running')`, [
    actor.tenantId,
    KIND,
  ])
  if (running.rowCount) stop('duplicate.running')
  const jobId = await askForJob(tx, actor.tenantId, KIND, {}, actor.userId)
  await audit(tx, actor, now, { kind: 'duplicates.run', recordKind: 'job', recordId: jobId })
  return { jobId }
}

export async function lastRun(tx: Tx, tenantId: string) {
  const found = await tx.query<{
    state: 'waiting' | 'running' | 'done' | 'failed'
    done: number
    total: number | null
    at: string
    pairs: number | null
  }>(
    `select state, coalesce(done, 0)::int as done, total::int, to_char(coalesce(ended_at, started_at, created_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at, (note->>'pairs')::int as pairs
       from job_run where tenant_id = $1 and kind = $2 order by id desc limit 1`,
    [tenantId, KIND],
  )
  return found.rows[0] ?? null
}
