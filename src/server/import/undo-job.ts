/** Taking an import back, piece by piece; a crash in between goes on with what is left. The person who asks must be allowed to. */
import type { Pool } from 'pg'
import { enterWriters, writeInstant } from '../account/facts.ts'
import { audit } from '../kernel/audit.ts'
import type { Job, Progress } from '../kernel/jobs.ts'
import { inBulk } from '../kernel/transaction.ts'
import { loadJob, openRun, setState } from './job-row.ts'
import { objectOf } from './objects.ts'

const PIECE = 2_000

export async function undoImport(bulk: Pool, job: Job, progress: Progress): Promise<void> {
  const id = String(job.note.importId)
  const { tenantId } = job
  const first = await loadJob(bulk, tenantId, id)
  if (first.state !== 'undoing') return
  const object = objectOf(first.object)
  const total = first.stats.written ?? null
  for (;;) {
    const sum = await inBulk(bulk, async tx => {
      await enterWriters(tx, tenantId)
      await tx.query('select pg_advisory_xact_lock(3, hashtext($1))', [`${tenantId}/${id}/undo`])
      const row = await loadJob(tx, tenantId, id)
      const run = await openRun(tx, tenantId, row, job.startedBy ?? row.createdBy)
      const { back, kept } = await object.undo(run, PIECE)
      if (back + kept === 0) return null
      const stats = { back: (row.stats.back ?? 0) + back, kept: (row.stats.kept ?? 0) + kept }
      await audit(tx, run.actor, await writeInstant(tx), { kind: 'import.undoPiece', recordKind: 'import', recordId: id, count: back })
      await tx.query('update import_job set stats = stats || $3 where tenant_id = $1 and id = $2', [tenantId, id, JSON.stringify(stats)])
      return stats.back + stats.kept
    })
    if (sum === null) break
    await progress(sum, total)
  }
  await inBulk(bulk, async tx => {
    // A failed import that is taken back leaves nothing in staging either.
    await tx.query('delete from import_row where tenant_id = $1 and job_id = $2', [tenantId, id])
    await tx.query('update import_job set undone_at = clock_timestamp() where tenant_id = $1 and id = $2', [tenantId, id])
    await setState(tx, tenantId, id, 'undone', {})
  })
}
