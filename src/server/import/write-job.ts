/**
 * Writing an import: pieces of staging, each one transaction, in one or two lanes, so that a crash loses nothing and the next process goes
 * on where the last commit ended, with the ids drawn at the beginning. A small import places its records in the same transaction; a large
 * one places them afterwards, and nobody sees a new one before.
 */
import type { Pool } from 'pg'
import { enterWriters, writeInstant } from '../account/facts.ts'
import { audit } from '../kernel/audit.ts'
import type { Job, Progress } from '../kernel/jobs.ts'
import { inBulk, type Tx } from '../kernel/transaction.ts'
import { keepProblems, seconds } from './check-rows.ts'
import { type JobRow, loadJob, openRun, setState } from './job-row.ts'
import type { ImportObject } from './object.ts'
import { objectOf } from './objects.ts'
import { withFile } from './open-file.ts'
import { LAST_ROW } from './staging.ts'

/** Rows: up to which everything happens at once; of a piece that is written, and of one that is placed afterwards. A test makes them small. */
export const SIZES = { atOnce: 5_000, written: 10_000, placed: 10_000 }

export async function writeImport(bulk: Pool, job: Job, progress: Progress): Promise<void> {
  const id = String(job.note.importId)
  const { tenantId } = job
  let row = await loadJob(bulk, tenantId, id)
  const object = objectOf(row.object)
  if (row.state === 'writing') {
    const started = performance.now()
    await begin(bulk, tenantId, row, object)
    row = await loadJob(bulk, tenantId, id)
    const count = counter(row, progress)
    const lanes = await Promise.allSettled((row.options.lanes ?? []).map((_, lane) => writeLane(bulk, tenantId, id, lane, object, count)))
    for (const lane of lanes) if (lane.status === 'rejected') throw lane.reason
    await setState(bulk, tenantId, id, 'placing', { seconds: { ...row.stats.seconds, write: seconds(started) } })
    row = await loadJob(bulk, tenantId, id)
  }
  if (row.state === 'placing') {
    const started = performance.now()
    if (object.follow && !atOnce(row)) await followAll(bulk, tenantId, id, object, progress)
    await finish(bulk, tenantId, row, { seconds: { ...row.stats.seconds, place: seconds(started) } })
  }
}

const atOnce = (row: JobRow): boolean => (row.options.rows ?? 0) <= SIZES.atOnce

/** Progress over all lanes: rows of the file that are behind us. */
function counter(row: JobRow, progress: Progress): (rows: number) => Promise<void> {
  let done = (row.options.lanes ?? []).reduce((sum, l) => sum + Math.max(0, l.done - l.from + 1), 0)
  return rows => {
    done += rows
    return progress(done, row.options.rows ?? null)
  }
}

async function begin(bulk: Pool, tenantId: string, row: JobRow, object: ImportObject): Promise<void> {
  if (row.options.begun) return
  await inBulk(bulk, async tx => {
    const run = await openRun(tx, tenantId, row, row.createdBy)
    const more = object.begin ? await object.begin(run, await writeInstant(tx)) : {}
    await tx.query('update import_job set options = options || $3 where tenant_id = $1 and id = $2', [
      tenantId,
      row.id,
      JSON.stringify({ ...more, begun: true }),
    ])
  })
}

/** One process at a time writes a lane; another waits here and then finds it further on. */
const holdLane = (tx: Tx, tenantId: string, id: string, lane: number | 'follow'): Promise<unknown> =>
  tx.query('select pg_advisory_xact_lock(3, hashtext($1))', [`${tenantId}/${id}/${lane}`])

async function writeLane(
  bulk: Pool,
  tenantId: string,
  id: string,
  lane: number,
  object: ImportObject,
  count: (rows: number) => Promise<void>,
): Promise<void> {
  for (;;) {
    const rows = await inBulk(bulk, async tx => {
      await enterWriters(tx, tenantId)
      await holdLane(tx, tenantId, id, lane)
      const row = await loadJob(tx, tenantId, id)
      const { to, done } = row.options.lanes![lane]!
      if (done >= to || row.state !== 'writing') return 0
      const run = await openRun(tx, tenantId, row, row.createdBy)
      const last = object.piece === null ? to : await lastOfPiece(tx, tenantId, id, done, to, Math.min(object.piece, SIZES.written))
      const written = await object.write(run, done + 1, last)
      if (object.follow && atOnce(row)) await object.follow(run, done + 1, last)
      if (written.stale.length > 0) await withFile(tx, tenantId, id, path => keepProblems(run, row, written.stale, path))
      await audit(tx, run.actor, await writeInstant(tx), {
        kind: 'import.piece',
        recordKind: 'import',
        recordId: id,
        count: written.count,
        after: { object: row.object, from: done + 1, to: last },
      })
      // Last of all, so that the other lane waits for a moment only.
      await tx.query(
        `update import_job set options = jsonb_set(options, array['lanes', $3::text, 'done'], to_jsonb($4::bigint)),
           stats = stats || jsonb_build_object('written', coalesce((stats->>'written')::bigint, 0) + $5::int, 'good', coalesce((stats->>'good')::bigint, 0) - $6::int, 'bad', coalesce((stats->>'bad')::bigint, 0) + $6::int)
          where tenant_id = $1 and id = $2`,
        [tenantId, id, String(lane), last, written.count, written.stale.length],
      )
      return last - done
    })
    if (rows === 0) return
    await count(rows)
  }
}

/** Pieces are counted in rows of staging: a file that is mostly refused is not walked in tiny steps. */
async function lastOfPiece(tx: Tx, tenantId: string, id: string, done: number, to: number, piece: number): Promise<number> {
  const found = await tx.query<{ last: string | null }>(
    'select max(row_no)::text as last from (select row_no from import_row where tenant_id = $1 and job_id = $2 and row_no > $3 and row_no <= $4 order by row_no limit $5) p',
    [tenantId, id, done, to, piece],
  )
  const last = Number(found.rows[0]!.last ?? to)
  const more = await tx.query('select 1 from import_row where tenant_id = $1 and job_id = $2 and row_no > $3 and row_no <= $4 limit 1', [
    tenantId,
    id,
    last,
    to,
  ])
  return more.rowCount ? last : to
}

async function followAll(bulk: Pool, tenantId: string, id: string, object: ImportObject, progress: Progress): Promise<void> {
  for (;;) {
    const state = await inBulk(bulk, async tx => {
      await enterWriters(tx, tenantId)
      await holdLane(tx, tenantId, id, 'follow')
      const row = await loadJob(tx, tenantId, id)
      const rows = row.options.rows ?? 0
      const done = row.options.followed ?? 0
      if (done >= rows) return null
      const run = await openRun(tx, tenantId, row, row.createdBy)
      const last = await lastOfPiece(tx, tenantId, id, done, rows, SIZES.placed)
      await object.follow!(run, done + 1, last)
      await tx.query(`update import_job set options = jsonb_set(options, '{followed}', to_jsonb($3::bigint)) where tenant_id = $1 and id = $2`, [
        tenantId,
        id,
        last,
      ])
      return { last, rows }
    })
    if (state === null) return
    await progress(state.last, state.rows)
  }
}

/** Staging is empty again, the file is not needed any more, and the person who asked is told. */
async function finish(bulk: Pool, tenantId: string, row: JobRow, stats: Record<string, unknown>): Promise<void> {
  await inBulk(bulk, async tx => {
    await tx.query('delete from import_row where tenant_id = $1 and job_id = $2 and row_no <= $3', [tenantId, row.id, LAST_ROW])
    await tx.query('delete from import_chunk where tenant_id = $1 and job_id = $2', [tenantId, row.id])
    await setState(tx, tenantId, row.id, 'done', stats)
    await tx.query(
      `insert into notification (tenant_id, user_id, kind, payload, created_at) select $1, $2, 'import.done', jsonb_build_object('importId', id::text, 'fileName', file_name, 'written', (stats->>'written')::bigint), clock_timestamp()
         from import_job where tenant_id = $1 and id = $3`,
      [tenantId, row.createdBy, row.id],
    )
  })
}
