/** Jobs of change sets. */
import type { Pool } from 'pg'
import { registerJob } from '../../kernel/jobs.ts'
import { runHoldover } from './schedule.ts'
import { runComputation, runReopening, runSubmission } from './submit.ts'

export function registerChangeSetJobs(bulk: Pool): void {
  const idOf = (note: Record<string, unknown>): string => String(note.changeSetId)
  registerJob('changeSet.submit', (job, progress) => runSubmission(bulk, job.tenantId, idOf(job.note), progress))
  registerJob('changeSet.compute', job => runComputation(bulk, job.tenantId, idOf(job.note)))
  registerJob('changeSet.reopen', async job => {
    await runReopening(bulk, job.tenantId, idOf(job.note))
    await runHoldover(bulk, job.tenantId, idOf(job.note), async () => undefined)
    return { changeSetId: idOf(job.note) }
  })
  registerJob('changeSet.holdover', (job, progress) => runHoldover(bulk, job.tenantId, idOf(job.note), progress))
}
