/** Jobs of import: check, write, undo. */
import type { Pool } from 'pg'
import { type Job, type JobHandler, type Progress, registerJob } from '../kernel/jobs.ts'
import { checkImport } from './check-rows.ts'
import { refusalOf, setState } from './job-row.ts'
import { undoImport } from './undo-job.ts'
import { writeImport } from './write-job.ts'

/** A job that fails leaves its import in a state from which it can be started again; a refusal is kept to be told in the reader's words. */
const guarded =
  (bulk: Pool, work: (bulk: Pool, job: Job, progress: Progress) => Promise<void>): JobHandler =>
  async (job, progress) => {
    try {
      await work(bulk, job, progress)
    } catch (error) {
      const refusal = refusalOf(error)
      await setState(bulk, job.tenantId, String(job.note.importId), 'failed', {
        refusal: refusal ?? { code: 'server.failed', values: { request: `job ${job.id}` } },
      })
      if (!refusal) throw error
    }
    return undefined
  }

export function registerImportJobs(bulk: Pool): void {
  registerJob('import.stage', guarded(bulk, checkImport))
  registerJob('import.write', guarded(bulk, writeImport))
  registerJob('import.undo', guarded(bulk, undoImport))
}
