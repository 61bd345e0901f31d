/** Rows that wait in staging, as SQL and as values. Every statement names the tenant; numbers are written as literals, never text. */
import type { Tx } from '../kernel/transaction.ts'
import type { Run } from './object.ts'

const n = (id: string | number): bigint => BigInt(id)

/** The rows of a piece as `r(row_no, key, parent_id, target_id, v)`. */
export const staged = (run: Pick<Run, 'tenantId' | 'importId'>, from: number, to: number): string =>
  `(select row_no, key, parent_id, target_id, v from import_row
     where tenant_id = ${n(run.tenantId)} and job_id = ${n(run.importId)} and row_no between ${n(from)} and ${n(to)} order by row_no offset 0) r`

/** The SQL expression of a mapped field, or null when the file has no such column. */
export function cellOf(run: Pick<Run, 'layout'>, key: string): string | null {
  const at = run.layout.findIndex(c => c.key === key)
  return at < 0 ? null : `r.v[${at + 1}]`
}

/** The id drawn for a new row. */
export function drawnId(run: Pick<Run, 'options'>): string {
  const ranges = run.options.ids ?? []
  if (ranges.length === 1) return `(r.row_no + ${n(ranges[0]!.id) - n(ranges[0]!.row)})`
  return `(case ${ranges.map(g => `when r.row_no < ${n(g.row) + n(g.count)} then r.row_no + ${n(g.id) - n(g.row)}`).join(' ')} end)`
}
export const recordId = (run: Pick<Run, 'options'>): string => `coalesce(r.target_id, ${drawnId(run)})`

/**
 * Draws ids for rows 1 to `count`. Mostly nobody else draws meanwhile and they are one range, which is told by its ends; otherwise they are
 * drawn once more, and what others drew in between begins a new range.
 */
export async function drawIds(tx: Tx, table: string, count: number): Promise<{ row: number; id: string; count: number }[]> {
  const drawing = "select nextval(pg_get_serial_sequence($1, 'id')) as id from generate_series(1, $2)"
  const ends = await tx.query<{ first: string; last: string }>(`select min(id)::text as first, max(id)::text as last from (${drawing}) d`, [
    table,
    count,
  ])
  const { first, last } = ends.rows[0]!
  if (BigInt(last) - BigInt(first) === BigInt(count - 1)) return [{ row: 1, id: first, count }]
  const drawn = await tx.query<{ id: string; count: number }>(
    `select min(id)::text as id, count(*)::int as count from (select id, id - row_number() over (order by id) as island from (${drawing}) d) e group by island order by min(id)`,
    [table, count],
  )
  let row = 1
  return drawn.rows.map(r => {
    const range = { row, id: r.id, count: r.count }
    row += r.count
    return range
  })
}

export type StagedRow = {
  readonly row: number
  readonly key: string | null
  readonly parentId: string | null
  readonly targetId: string | null
  readonly id: string | null
  readonly values: Readonly<Record<string, string | null>>
}

/** Rows as objects, for kinds of record that come by the hundred. */
export async function readStaged(run: Run, from: number, to: number): Promise<readonly StagedRow[]> {
  const found = await run.tx.query<{
    row: string
    key: string | null
    parent: string | null
    target: string | null
    id: string | null
    v: (string | null)[]
  }>(
    `select r.row_no::text as row, r.key, r.parent_id::text as parent, r.target_id::text as target, ${run.options.ids ? recordId(run) : 'r.target_id'}::text as id, r.v from ${staged(run, from, to)} where $1::bigint = $1 order by r.row_no`,
    [run.tenantId],
  )
  return found.rows.map(r => ({
    row: Number(r.row),
    key: r.key,
    parentId: r.parent,
    targetId: r.target,
    id: r.id,
    values: Object.fromEntries(run.layout.map((c, i) => [c.key, r.v[i] ?? null])),
  }))
}

/** Points rows at the records they mean. */
export async function setTargets(run: Run, rows: readonly { row: number; parentId?: string | null; targetId?: string | null }[]): Promise<void> {
  if (rows.length === 0) return
  await run.tx.query(
    `update import_row r set parent_id = v.parent, target_id = v.target from unnest($3::bigint[], $4::bigint[], $5::bigint[]) as v(row, parent, target)
      where r.tenant_id = $1 and r.job_id = $2 and r.row_no = v.row`,
    [run.tenantId, run.importId, rows.map(r => r.row), rows.map(r => r.parentId ?? null), rows.map(r => r.targetId ?? null)],
  )
}

export const LAST_ROW = 1_000_000_000
