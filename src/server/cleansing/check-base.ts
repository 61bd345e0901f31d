/**
 * The check-up as a job 全库体检: every customer streamed through the checks in pieces, findings written beside, then the figures. What was
 * found before stays readable until the new run is whole; a run whose process died begins anew.
 */
import type { Pool } from 'pg'
import { type Across, checkAccount, findLoops } from '../../core/cleansing/check-account.ts'
import type { Problem } from '../../core/cleansing/problem.ts'
import type { Job, Progress } from '../kernel/jobs.ts'
import { inBulk, type Tx } from '../kernel/transaction.ts'
import { CHECKED, CHECKED_JOINS, type CheckedRow, checkedOf, loadLookup, PRIVATE_FIELDS } from './lookup.ts'
import { readSpec } from './settings.ts'
import { ofCompany, readKinds, readTotals } from './totals.ts'

const PIECE = 10_000

export async function runCheckUp(bulk: Pool, job: Job, progress: Progress): Promise<Record<string, unknown>> {
  const runId = String(job.note.runId)
  try {
    return await check(bulk, job.tenantId, runId, progress)
  } catch (error) {
    await bulk.query(`update cleansing_run set state = 'failed', ended_at = clock_timestamp() where tenant_id = $1 and id = $2 and state <> 'done'`, [
      job.tenantId,
      runId,
    ])
    throw error
  }
}

async function check(bulk: Pool, tenantId: string, runId: string, progress: Progress): Promise<Record<string, unknown>> {
  const begun = performance.now()
  const start = await inBulk(bulk, async tx => {
    for (const table of ['cleansing_finding', 'cleansing_private_finding'])
      await tx.query(`delete from ${table} where tenant_id = $1 and run_id = $2`, [tenantId, runId])
    await tx.query(`update cleansing_run set state = 'running' where tenant_id = $1 and id = $2`, [tenantId, runId])
    const { spec, fields } = await readSpec(tx, tenantId)
    const total = await tx.query<{ n: number }>('select count(*)::float8 as n from account where tenant_id = $1 and deleted_at is null', [tenantId])
    return { spec, fields, total: total.rows[0]!.n, lookup: await loadLookup(tx, tenantId), across: await readAcross(tx, tenantId, spec.sharedPhone) }
  })
  const wanted = new Set(start.fields.map(f => f.key))
  let after = '0'
  let done = 0
  let findings = 0
  for (;;) {
    const piece = await inBulk(bulk, async tx => {
      const found = await tx.query<CheckedRow & { parent_id: string | null }>(
        `select ${CHECKED}, a.parent_id::text from (select * from account where tenant_id = $1 and id > $2 and deleted_at is null order by id limit ${PIECE}) a ${CHECKED_JOINS} order by a.id`,
        [tenantId, after],
      )
      const rows: { id: string; problem: Problem }[] = []
      for (const row of found.rows)
        for (const problem of checkAccount(checkedOf(row), start.lookup, start.across(row)))
          if (wanted.has(problem.field)) rows.push({ id: row.id, problem })
      await writeFindings(tx, tenantId, runId, rows)
      return { last: found.rows.at(-1)?.id ?? null, read: found.rows.length, written: rows.length }
    })
    if (piece.last === null) break
    after = piece.last
    done += piece.read
    findings += piece.written
    await progress(done, Math.max(done, start.total))
  }
  const streamed = performance.now()
  await inBulk(bulk, async tx => {
    const model = await tx.query<{ id: string }>(
      `select model_id::text as id from activation where tenant_id = $1 and cancelled_at is null and effective_at <= clock_timestamp() order by effective_at desc, seq desc limit 1`,
      [tenantId],
    )
    const whose = ofCompany(tenantId, model.rows[0]!.id)
    const scores = await readTotals(tx, whose, runId, start.fields)
    const kinds = await readKinds(tx, whose, runId, start.fields)
    await tx.query('delete from cleansing_score where tenant_id = $1 and run_id = $2', [tenantId, runId])
    await tx.query(
      `insert into cleansing_score (tenant_id, run_id, dimension, field, value, total, missing, wrong, inconsistent, hints)
       select $1, $2, dimension, field, value, total, missing, wrong, inconsistent, hints
         from unnest($3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[]) as s(dimension, field, value, total, missing, wrong, inconsistent, hints)`,
      [
        tenantId,
        runId,
        ...(['dimension', 'field', 'value', 'total', 'missing', 'wrong', 'inconsistent', 'hints'] as const).map(key => scores.map(s => s[key])),
      ],
    )
    const accounts = scores.find(s => s.dimension === '' && s.field === '*')?.total ?? 0
    await tx.query(
      `update cleansing_run set state = 'done', ended_at = clock_timestamp(), accounts = $3, detected = $4 where tenant_id = $1 and id = $2`,
      [tenantId, runId, accounts, JSON.stringify({ edition: EDITION, mapUsed: start.lookup.ground !== null, kinds, spec: start.spec })],
    )
  })
  // Only now is the new one read; the old findings are nobody's any more.
  for (const table of ['cleansing_finding', 'cleansing_private_finding'])
    await bulk.query(`delete from ${table} where tenant_id = $1 and run_id < $2`, [tenantId, runId])
  // The trend is of the whole; by source, department and owner only the last run is read.
  await bulk.query(`delete from cleansing_score where tenant_id = $1 and run_id < $2 and dimension <> ''`, [tenantId, runId])
  return { runId, accounts: done, findings, streamedMs: Math.round(streamed - begun), milliseconds: Math.round(performance.now() - begun) }
}

/** The edition of the divisions that this release carries. */
export const EDITION = '2024'

export async function writeFindings(
  tx: Tx,
  tenantId: string,
  runId: string,
  rows: readonly { id: string; problem: Pick<Problem, 'field' | 'kind'> }[],
): Promise<void> {
  for (const [table, mine] of [
    ['cleansing_finding', rows.filter(r => !PRIVATE_FIELDS.includes(r.problem.field))],
    ['cleansing_private_finding', rows.filter(r => PRIVATE_FIELDS.includes(r.problem.field))],
  ] as const)
    if (mine.length > 0)
      await tx.query(
        `insert into ${table} (tenant_id, run_id, account_id, field, kind) select $1, $2, id, field, kind from unnest($3::bigint[], $4::text[], $5::text[]) as f(id, field, kind)`,
        [tenantId, runId, mine.map(r => r.id), mine.map(r => r.problem.field), mine.map(r => r.problem.kind)],
      )
}

/** What only a look at all records tells. */
async function readAcross(
  tx: Tx,
  tenantId: string,
  sharedFrom: number,
): Promise<(row: { id: string; phone: string | null; parent_id: string | null }) => Across> {
  const phones = await tx.query<{ phone: string }>(
    `select pr.phone from account_private pr join account a on a.tenant_id = $1 and a.id = pr.account_id and a.deleted_at is null
      where pr.tenant_id = $1 and pr.phone is not null group by pr.phone having count(*) >= $2`,
    [tenantId, sharedFrom],
  )
  const parents = await tx.query<{ id: string; parent: string; lost: boolean }>(
    `select a.id::text, a.parent_id::text as parent, b.id is null as lost from account a left join account b on b.tenant_id = $1 and b.id = a.parent_id and b.deleted_at is null
      where a.tenant_id = $1 and a.parent_id is not null and a.deleted_at is null`,
    [tenantId],
  )
  const left = await tx.query<{ id: string }>(
    `select account_id::text as id from contact where tenant_id = $1 and deleted_at is null group by account_id having bool_and(left_at is not null and left_at <= current_date)`,
    [tenantId],
  )
  const shared = new Set(phones.rows.map(r => r.phone))
  const lost = new Set(parents.rows.filter(r => r.lost).map(r => r.id))
  const loops = findLoops(new Map(parents.rows.map(r => [r.id, r.parent])))
  const gone = new Set(left.rows.map(r => r.id))
  return row => ({
    sharedPhone: row.phone !== null && shared.has(row.phone),
    parentMissing: lost.has(row.id),
    parentLoop: loops.has(row.id),
    contactsLeft: gone.has(row.id),
  })
}
