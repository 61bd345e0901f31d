/** Jobs of cleansing. */
import type { Pool } from 'pg'
import { registerJob } from '../kernel/jobs.ts'
import { runCheckUp } from './check-base.ts'

export function registerCleansingJobs(bulk: Pool): void {
  registerJob('cleansing.check', (job, progress) => runCheckUp(bulk, job, progress))
}
