/**
 * Jobs with progress: a row of job_run written in the transaction that wants the work, taken by any server process with `skip locked`.
 * A job says how far it is; one that dies with its process is taken again after a minute without a sign of life.
 */
import type { Pool } from 'pg'
import type { Tx } from './transaction.ts'

export type Job = {
  readonly id: string
  readonly tenantId: string
  readonly kind: string
  readonly note: Record<string, unknown>
  readonly startedBy: string | null
}
export type Progress = (done: number, total: number | null) => Promise<void>
export type JobHandler = (job: Job, progress: Progress) => Promise<Record<string, unknown> | undefined>

const handlers = new Map<string, JobHandler>()
export const registerJob = (kind: string, handler: JobHandler): void => void handlers.set(kind, handler)

/** `notBefore`: an instant that it waits for. */
export async function askForJob(
  tx: Tx,
  tenantId: string,
  kind: string,
  note: Record<string, unknown>,
  userId: string | null,
  notBefore: string | null = null,
): Promise<string> {
  const made = await tx.query<{ id: string }>(
    `insert into job_run (tenant_id, kind, note, started_by, created_at, not_before) values ($1, $2, $3, $4, clock_timestamp(), $5) returning id::text`,
    [tenantId, kind, JSON.stringify(note), userId, notBefore],
  )
  return made.rows[0]!.id
}

let staleSeconds = 60
/** How long a running job may be silent before another process takes it; a test of crashes need not wait a minute. */
export const takeSilentJobsAfter = (seconds: number): void => {
  staleSeconds = seconds
}

async function takeNext(bulk: Pool): Promise<Job | null> {
  const taken = await bulk.query<{ id: string; tenant_id: string; kind: string; note: Record<string, unknown>; started_by: string | null }>(
    // Materialised: as a plain sub-select the planner may run it once for each row, and one call would take several jobs.
    `with next as materialized (
       select tenant_id, id from job_run where ((state = 'waiting' and (not_before is null or not_before <= clock_timestamp())) or (state = 'running' and started_at < clock_timestamp() - make_interval(secs => $2))) and kind = any($1::text[])
        order by tenant_id, id limit 1 for update skip locked)
     update job_run j set state = 'running', started_at = clock_timestamp() from next
      where j.tenant_id = next.tenant_id and j.id = next.id returning j.id::text, j.tenant_id::text, j.kind, j.note, j.started_by::text`,
    [[...handlers.keys()], staleSeconds],
  )
  const row = taken.rows[0]
  return row ? { id: row.id, tenantId: row.tenant_id, kind: row.kind, note: row.note ?? {}, startedBy: row.started_by } : null
}

/** Takes one waiting job and runs it to its end; false when there is none. */
export async function runNextJob(bulk: Pool): Promise<boolean> {
  const job = await takeNext(bulk)
  if (!job) return false
  const sign = (done: number | null, total: number | null) =>
    bulk.query(
      'update job_run set done = coalesce($3, done), total = coalesce($4, total), started_at = clock_timestamp() where tenant_id = $1 and id = $2',
      [job.tenantId, job.id, done, total],
    )
  const alive = setInterval(() => void sign(null, null).catch(() => undefined), 15_000)
  try {
    const result = await handlers.get(job.kind)!(job, async (done, total) => void (await sign(done, total)))
    await bulk.query(`update job_run set state = 'done', ended_at = clock_timestamp(), note = note || $3 where tenant_id = $1 and id = $2`, [
      job.tenantId,
      job.id,
      JSON.stringify(result ?? {}),
    ])
  } catch (error) {
    const code = (error as { refusal?: { code: string } }).refusal?.code ?? 'server.failed'
    await bulk.query(`update job_run set state = 'failed', ended_at = clock_timestamp(), note = note || $3 where tenant_id = $1 and id = $2`, [
      job.tenantId,
      job.id,
      JSON.stringify({ problem: code, message: String((error as Error).message).slice(0, 300) }),
    ])
  } finally {
    clearInterval(alive)
  }
  return true
}

/** Looks for jobs until stopped. `every` runs beside them, e.g. to place accounts whose dated facts begin or end. */
export function startWorker(bulk: Pool, every: () => Promise<void>, intervalMs = 400): { stop(): Promise<void> } {
  let stopped = false
  const loop = async () => {
    let beat = 0
    while (!stopped) {
      let worked = false
      try {
        worked = await runNextJob(bulk)
        if (beat % 25 === 0) await every()
      } catch {
        // The database went away for a moment: try again at the next beat.
      }
      beat += 1
      if (!worked && !stopped) await new Promise(resolve => setTimeout(resolve, intervalMs))
    }
  }
  const running = loop()
  return {
    stop: () => {
      stopped = true
      return running
    },
  }
}
