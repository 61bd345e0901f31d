/**
 * The check 检查: every row is converted into staging and matched there, before anything is written. Bad rows are kept with their reasons;
 * values that nobody knows are counted, so that a person maps each once and not row by row. One transaction: a crash leaves nothing.
 */
import type { Pool } from 'pg'
import type { Refusal } from '../../core/kernel/result.ts'
import { copyIn } from '../assignment/run-model.ts'
import type { Job, Progress } from '../kernel/jobs.ts'
import { inBulk, type Tx } from '../kernel/transaction.ts'
import { convertFile, convertInThread, count, type FileOrder, type Outcome, rejectLine, type Tally } from './convert-file.ts'
import { type JobRow, loadJob, openRun, setState } from './job-row.ts'
import type { ImportObject, RowProblem, Run } from './object.ts'
import { objectOf } from './objects.ts'
import { withFile } from './open-file.ts'
import { pickRows } from './pick-rows.ts'

export async function checkImport(bulk: Pool, job: Job, progress: Progress): Promise<void> {
  const id = String(job.note.importId)
  const row = await loadJob(bulk, job.tenantId, id)
  if (row.state !== 'staging') return
  const started = performance.now()
  const stats = await inBulk(bulk, tx => checkAll(tx, bulk, job.tenantId, row, progress))
  await setState(
    bulk,
    job.tenantId,
    id,
    'staged',
    { ...stats, seconds: { check: seconds(started) } },
    { rows: stats.rows, updates: stats.updates > 0 },
  )
}

export const seconds = (since: number): number => Math.round(performance.now() - since) / 1000
/** From here on a thread of its own is worth its start. */
const LARGE_FILE = 1024 * 1024

async function checkAll(tx: Tx, bulk: Pool, tenantId: string, job: JobRow, progress: Progress) {
  await tx.query('select pg_advisory_xact_lock(3, hashtext($1))', [`${tenantId}/${job.id}`])
  await tx.query('delete from import_reject where tenant_id = $1 and job_id = $2', [tenantId, job.id])
  await tx.query('delete from import_row where tenant_id = $1 and job_id = $2', [tenantId, job.id])
  const run = await openRun(tx, tenantId, job, job.createdBy)
  const object = objectOf(job.object)
  return withFile(tx, tenantId, job.id, async path => {
    const outcome = await fillStaging(run, job, object, path, progress)
    const problems = onePerRow([...(outcome.twice ? await sameKeys(run, object) : []), ...(await object.check(run))])
    const reasons = new Map<string, Tally>(outcome.reasons.map(r => [`${r.field}/${r.code}`, { ...r }]))
    for (const p of problems) count(reasons, p)
    await keepProblems(run, job, problems, path)
    const compared = object.compare && (await object.compare(run, bulk, done => progress(done, outcome.rows)))
    for (const p of compared?.problems ?? []) count(reasons, p)
    await keepProblems(run, job, compared?.problems ?? [], path)
    const left = await tx.query<{ creates: number; updates: number }>(
      'select count(*) filter (where target_id is null)::int as creates, count(target_id)::int as updates from import_row where tenant_id = $1 and job_id = $2',
      [tenantId, job.id],
    )
    const { creates, updates } = left.rows[0]!
    const ranked = (tallies: Iterable<Tally>) => [...tallies].sort((a, b) => b.count - a.count).slice(0, 100)
    return {
      rows: outcome.rows,
      good: creates + updates,
      bad: outcome.bad + problems.length + (compared?.problems.length ?? 0),
      warned: outcome.warned,
      creates,
      updates,
      written: 0,
      unknown: outcome.unknown,
      reasons: ranked(reasons.values()),
      warnings: ranked(outcome.warnings),
      problem: null,
      ...(compared && { compared: compared.compared, alike: compared.alike }),
    }
  })
}

async function fillStaging(run: Run, job: JobRow, object: ImportObject, path: string, progress: Progress): Promise<Outcome> {
  const match = object.matches.find(m => m.way === job.mapping.match)
  const order: FileOrder = {
    path,
    name: job.fileName,
    encoding: job.options.encoding,
    convert: { layout: run.layout, values: job.mapping.values, keyOf: match?.keyOf ?? [], width: job.mapping.columns.length },
    data: await object.lookups(run.tx, run.actor, job.mapping),
    tenantId: run.tenantId,
    importId: run.importId,
  }
  const batches = job.fileSize >= LARGE_FILE ? convertInThread(order) : convertFile(order)
  try {
    for (;;) {
      const step = await batches.next()
      if (step.done) return step.value
      const { rows, rejects, last } = step.value
      if (rows.length > 0) await copyIn(run.tx, 'copy import_row (tenant_id, job_id, row_no, key, v) from stdin', [rows])
      if (rejects.length > 0) await copyIn(run.tx, REJECTS, [rejects])
      await progress(last, null)
    }
  } finally {
    await batches.return(undefined as never)
  }
}
const REJECTS = 'copy import_reject (tenant_id, job_id, row_no, problems, cells) from stdin'

/** Rows of one file that mean the same record: the first one holds. */
async function sameKeys(run: Run, object: ImportObject): Promise<readonly RowProblem[]> {
  const found = await run.tx.query<{ row: string; first: string }>(
    `select e.row_no::text as row, e.first::text as first from (select row_no, min(row_no) over (partition by key) as first from import_row where tenant_id = $1 and job_id = $2 and key is not null) e
      where e.row_no > e.first order by e.row_no`,
    [run.tenantId, run.importId],
  )
  const field = object.matches.find(m => m.way === run.mapping.match)?.keyOf[0] ?? ''
  return found.rows.map(r => ({ row: Number(r.row), code: 'row.sameKey', field, values: { row: Number(r.first) } }))
}

/** One reason is enough for a row. */
function onePerRow(problems: readonly RowProblem[]): readonly RowProblem[] {
  const first = new Map<number, RowProblem>()
  for (const p of problems) if (!first.has(p.row)) first.set(p.row, p)
  return [...first.values()].sort((a, b) => a.row - b.row)
}

/** Rows leave staging and become rejects; their cells are read from the file once more. */
export async function keepProblems(run: Run, job: JobRow, problems: readonly RowProblem[], path: string): Promise<void> {
  if (problems.length === 0) return
  await run.tx.query('delete from import_row where tenant_id = $1 and job_id = $2 and row_no = any($3::bigint[])', [
    run.tenantId,
    run.importId,
    problems.map(p => p.row),
  ])
  const reasons = new Map<number, Refusal>(problems.map(p => [p.row, p]))
  const head = `${run.tenantId}\t${run.importId}\t`
  async function* lines() {
    for await (const { row, cells } of pickRows({ path, name: job.fileName }, job.options.encoding, new Set(reasons.keys())))
      yield rejectLine(head, row, [reasons.get(row)!], cells)
  }
  await copyIn(run.tx, REJECTS, lines())
}
