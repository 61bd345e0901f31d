/** New rows of accounts against the customers there and against each other 导入查重, where the importer asks for it. */
import type { Pool } from 'pg'
import { matchRows, type RowFound } from '../dedupe/match-rows.ts'
import type { Compared, RowProblem, Run } from './object.ts'
import { LAST_ROW, readStaged, type StagedRow, setTargets } from './staging.ts'

/** More are not compared before they are written: the check of the whole base does it in less time than a page would wait. */
const MOST_ROWS = 100_000
const FIRST = 20
const NONE: Compared = { problems: [], compared: 0, alike: { count: 0, first: [] } }

export async function compareAccounts(run: Run, bulk: Pool, tick: (done: number) => Promise<void>): Promise<Compared> {
  const { duplicates, mode } = run.mapping
  if (duplicates === undefined || duplicates === 'write' || mode === 'update') return NONE
  const fresh = await run.tx.query<{ n: number }>(
    `select count(*)::int as n from (select 1 from import_row where tenant_id = $1 and job_id = $2 and target_id is null limit ${MOST_ROWS + 1}) r`,
    [run.tenantId, run.importId],
  )
  if (fresh.rows[0]!.n > MOST_ROWS) return { ...NONE, compared: null }
  const rows = (await readStaged(run, 0, LAST_ROW)).filter(r => r.targetId === null)
  const found = await matchRows(
    run.tx,
    run.actor,
    bulk,
    rows.map(r => ({ row: r.row, raw: rawOf(r) })),
    tick,
  )
  const updates = duplicates === 'update' && mode !== 'create' ? onceEach(found) : new Map<number, string>()
  await setTargets(
    run,
    [...updates].map(([row, targetId]) => ({ row, targetId })),
  )
  const alike = found.flatMap(f => (f.kind === 'known' && !f.sure ? [{ row: f.row, id: f.accountId, name: f.name, score: f.score }] : []))
  return {
    problems: found.flatMap(f => (updates.has(f.row) ? [] : problemOf(f))),
    compared: rows.length,
    alike: { count: alike.length, first: alike.slice(0, FIRST) },
  }
}

/** Sure rows whose customer may be changed; of several for one customer the first. */
function onceEach(found: readonly RowFound[]): ReadonlyMap<number, string> {
  const taken = new Set<string>()
  const updates = new Map<number, string>()
  for (const f of found) {
    if (f.kind !== 'known' || !f.sure || !f.editable || taken.has(f.accountId)) continue
    taken.add(f.accountId)
    updates.set(f.row, f.accountId)
  }
  return updates
}

function problemOf(f: RowFound): readonly RowProblem[] {
  const at = { row: f.row, field: 'name' }
  if (f.kind === 'twin') return [{ ...at, code: 'row.twin', values: { row: f.of } }]
  if (f.kind === 'several') return [{ ...at, code: 'row.duplicateSeveral', values: { count: f.count } }]
  if (f.kind === 'elsewhere')
    return [f.owner === null ? { ...at, code: 'row.duplicateElsewhere' } : { ...at, code: 'row.duplicateOwned', values: { owner: f.owner } }]
  return f.sure ? [{ ...at, code: 'row.duplicate', values: { name: f.name, score: Math.round(f.score * 100) } }] : []
}

function rawOf({ row, values }: StagedRow) {
  const all = (...keys: string[]) => keys.flatMap(k => values[k] ?? [])
  return {
    id: `row ${row}`,
    names: all('name', 'shortName', 'nameEn'),
    creditCode: values.creditCode ?? null,
    phones: all('phone', 'contactPhone'),
    emails: all('email', 'contactEmail'),
    website: values.website ?? null,
    contacts: all('contactName'),
    addresses: all('address'),
    division: values.division ?? null,
    industry: values.industry?.slice(0, 1) ?? null,
  }
}
