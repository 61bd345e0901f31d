/**
 * The check 检查: every row is converted and matched before anything is written. Bad rows are kept with their reasons; values that nobody
 * knows are counted, so that a person maps each once and not row by row.
 */
import type { Pool } from 'pg'
import type { ImportMapping, ImportStats } from '../../contract/import/imports.ts'
import type { Refusal } from '../../core/kernel/result.ts'
import type { Job, Progress } from '../kernel/jobs.ts'
import { inBulk, type Tx } from '../kernel/transaction.ts'
import { wordsOf } from '../kernel/words.ts'
import { type Converted, makeConverter } from './convert-row.ts'
import { loadLookups } from './lookups.ts'
import { matchRows, type Target } from './match-rows.ts'
import { withTable } from './open-file.ts'

export type JobRow = {
  readonly fileName: string
  readonly mapping: ImportMapping
  readonly state: string
  readonly cursor: number
  readonly createdBy: string
}

export async function loadJob(bulk: Pool, tenantId: string, id: string): Promise<JobRow> {
  const found = await bulk.query<JobRow>(
    `select file_name as "fileName", mapping, state, cursor_row::float8 as cursor, created_by::text as "createdBy" from import_job where tenant_id = $1 and id = $2`,
    [tenantId, id],
  )
  if (!found.rows[0]) throw new Error(`import ${id} is gone`)
  return found.rows[0]
}

export const setState = (bulk: Pool | Tx, tenantId: string, id: string, state: string, stats: ImportStats): Promise<unknown> =>
  bulk.query('update import_job set state = $3, stats = stats || $4, ended_at = clock_timestamp() where tenant_id = $1 and id = $2', [
    tenantId,
    id,
    state,
    JSON.stringify(stats),
  ])

type Checked = {
  readonly row: number
  readonly cells: readonly string[]
  readonly converted: Converted
  readonly target: Target | null
  readonly problems: readonly Refusal[]
}

/** Converts and matches a batch; the same function serves the check and the writing. */
export async function checkBatch(
  tx: Tx,
  tenantId: string,
  createdBy: string,
  mapping: ImportMapping,
  convert: (cells: readonly string[]) => Converted,
  from: number,
  rows: readonly (readonly string[])[],
  width: number,
  seenKeys: Map<string, number>,
): Promise<readonly Checked[]> {
  const converted = rows.map(cells => convert(cells))
  const targets = await matchRows(tx, tenantId, createdBy, mapping, converted)
  return rows.map((cells, i) => {
    const row = from + i
    const c = converted[i]!
    const target = targets[i]!
    const problems: Refusal[] = [...c.problems]
    const extra = cells.length - width
    if (extra > 0 && cells.slice(width).some(cell => cell !== '')) problems.push({ code: 'row.ragged', field: '', values: { extra } })
    const key = target.key
    if (key !== null) {
      const before = seenKeys.get(key)
      if (before !== undefined && before !== row) problems.push({ code: 'row.sameKey', field: mapping.match, values: { row: before } })
      else seenKeys.set(key, row)
    }
    if (target.problem) problems.push(target.problem)
    return { row, cells, converted: c, target, problems }
  })
}

export async function stageImport(bulk: Pool, job: Job, progress: Progress): Promise<void> {
  const id = String(job.note.importId)
  const row = await loadJob(bulk, job.tenantId, id)
  if (row.state !== 'staging') return
  try {
    await setState(bulk, job.tenantId, id, 'staged', await checkAll(bulk, job.tenantId, id, row, progress))
  } catch (error) {
    const refusal = (error as { refusal?: Refusal }).refusal
    if (!refusal) throw error
    await setState(bulk, job.tenantId, id, 'failed', { problem: wordsOf(refusal, 'zh-CN').text })
  }
}

const UNKNOWN = 500

async function checkAll(bulk: Pool, tenantId: string, id: string, job: JobRow, progress: Progress): Promise<ImportStats> {
  return inBulk(bulk, async tx => {
    await tx.query('delete from import_reject where tenant_id = $1 and job_id = $2', [tenantId, id])
    const convert = makeConverter(job.mapping, await loadLookups(tx, tenantId))
    const tally = { rows: 0, good: 0, bad: 0, warned: 0, creates: 0, updates: 0 }
    const unknown = new Map<string, Map<string, number>>()
    const reasons = new Map<string, { refusal: Refusal; count: number }>()
    const seenKeys = new Map<string, number>()
    await withTable(tx, tenantId, id, job.fileName, async table => {
      for await (const { from, rows } of table.rows()) {
        const checked = await checkBatch(tx, tenantId, job.createdBy, job.mapping, convert, from, rows, table.headers.length, seenKeys)
        for (const c of checked) {
          tally.rows += 1
          tally.warned += c.converted.warnings > 0 ? 1 : 0
          if (c.problems.length > 0) tally.bad += 1
          else {
            tally.good += 1
            if (c.target?.accountId) tally.updates += 1
            else tally.creates += 1
          }
          for (const u of c.converted.unknown) {
            const values = unknown.get(u.field) ?? new Map<string, number>()
            unknown.set(u.field, values)
            if (values.has(u.value) || values.size < UNKNOWN) values.set(u.value, (values.get(u.value) ?? 0) + 1)
          }
          for (const p of c.problems) {
            const key = `${p.field}/${p.code}`
            const known = reasons.get(key)
            if (known) known.count += 1
            else reasons.set(key, { refusal: p, count: 1 })
          }
        }
        await keepRejects(
          tx,
          tenantId,
          id,
          checked.filter(c => c.problems.length > 0),
        )
        await progress(tally.rows, null)
      }
    })
    return {
      ...tally,
      unknown: Object.fromEntries(
        [...unknown].map(([field, values]) => [field, [...values].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count)]),
      ),
      reasons: [...reasons.values()]
        .map(r => ({ field: r.refusal.field ?? '', code: r.refusal.code, count: r.count, words: wordsOf(r.refusal, 'zh-CN').text }))
        .sort((a, b) => b.count - a.count)
        .slice(0, 100),
    }
  })
}

async function keepRejects(tx: Tx, tenantId: string, id: string, bad: readonly Checked[]): Promise<void> {
  if (bad.length === 0) return
  await tx.query(
    `insert into import_reject (tenant_id, job_id, row_no, problems, cells) select $1, $2, row, problems::jsonb, cells::jsonb from unnest($3::bigint[], $4::text[], $5::text[]) as r(row, problems, cells)`,
    [
      tenantId,
      id,
      bad.map(b => b.row),
      bad.map(b => JSON.stringify(b.problems.map(p => ({ code: p.code, field: p.field ?? '', values: p.values ?? {} }))).replaceAll('\\u0000', '')),
      bad.map(b => JSON.stringify(b.cells).replaceAll('\\u0000', '')),
    ],
  )
}
