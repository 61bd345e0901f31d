/** Jobs of import: check, write, undo. */
import type { Pool } from 'pg'
import { type Job, type JobHandler, type Progress, registerJob } from '../kernel/jobs.ts'
import { setState, stageImport } from './stage.ts'
import { undoImport } from './undo.ts'
import { writeImport } from './write-rows.ts'

/** A job that fails leaves its import in a state from which it can be started again. */
const guarded =
  (bulk: Pool, work: (bulk: Pool, job: Job, progress: Progress) => Promise<void>): JobHandler =>
  async (job, progress) => {
    try {
      await work(bulk, job, progress)
    } catch (error) {
      await setState(bulk, job.tenantId, String(job.note.importId), 'failed', { problem: String((error as Error).message).slice(0, 300) })
      throw error
    }
    return undefined
  }

export function registerImportJobs(bulk: Pool): void {
  registerJob('import.stage', guarded(bulk, stageImport))
  registerJob('import.write', guarded(bulk, writeImport))
  registerJob('import.undo', guarded(bulk, undoImport))
}
