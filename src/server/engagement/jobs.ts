/**
 * The clock of cases 时限: who did not rule in time loses the case to headquarters, once; who did not speak in time has spoken; when the time to
 * appeal is over the case is closed, and so is one whose customers are gone. Each by one conditional update, so that running it twice changes nothing.
 */
import type { Pool } from 'pg'
import { notify } from '../identity/notify.ts'
import { audit } from '../kernel/audit.ts'
import { inBulk, type Tx } from '../kernel/transaction.ts'
import { giveTo, readRecord } from './case-row.ts'
import { judgeOf, loadCourt } from './lines.ts'
import { loadRules } from './rules.ts'

export async function beatCases(bulk: Pool): Promise<void> {
  await inBulk(bulk, async tx => {
    await tx.query(
      `update conflict_case set state = 'ruling', row_version = row_version + 1 where state = 'statements' and statements_due_at <= clock_timestamp()`,
    )
    await tx.query(
      `update conflict_case set state = 'closed', closed_at = appeal_until, row_version = row_version + 1 where state = 'appeal' and appeal_until <= clock_timestamp()`,
    )
  })
  await inBulk(bulk, tx =>
    tx.query(
      `update conflict_case c set state = 'closed', closed_at = clock_timestamp(), row_version = c.row_version + 1 where c.state in ('statements', 'ruling')
         and not exists (select 1 from account a where a.tenant_id = c.tenant_id and a.id in (c.account_id, c.other_account_id) and a.deleted_at is null)`,
    ),
  )
  for (;;) if (!(await inBulk(bulk, escalateNext))) return
}

type Due = { tenant: string; id: string; judge: string | null; model: string; by: string }
async function escalateNext(tx: Tx): Promise<boolean> {
  const found = await tx.query<Due>(
    `select c.tenant_id::text as tenant, c.id::text, c.judge_id::text as judge, coalesce(c.judge_id, c.opened_by)::text as by,
       (select a.model_id::text from activation a where a.tenant_id = c.tenant_id and a.cancelled_at is null and a.effective_at <= clock_timestamp() order by a.effective_at desc, a.seq desc limit 1) as model
       from conflict_case c where c.state in ('statements', 'ruling') and c.due_at <= clock_timestamp() and c.escalated_at is null
      order by c.tenant_id, c.due_at limit 1 for update skip locked`,
  )
  const due = found.rows[0]
  if (!due) return false
  await tx.query("select app_set('app.tenant', $1)", [due.tenant])
  const c = await readRecord(tx, due.tenant, due.id)
  const court = await loadCourt(tx, { tenantId: due.tenant, modelId: due.model }, c.parties)
  const not = [...new Set([...c.notJudges, ...(due.judge === null ? [] : [due.judge])])]
  // Headquarters let it lie: it stays there, and late.
  const next = c.headquarters && due.judge !== null ? null : judgeOf(court, not, true)
  if (next) await giveTo(tx, due.tenant, c, court, next, not)
  const { policy } = await loadRules(tx, due.tenant)
  const at = (
    await tx.query<{ at: string }>(
      `update conflict_case set escalated_at = clock_timestamp(), due_at = case when $3 then clock_timestamp() + make_interval(hours => $4) else due_at end where tenant_id = $1 and id = $2
       returning to_char(escalated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at`,
      [due.tenant, due.id, next !== null, policy.ruleHours],
    )
  ).rows[0]!.at
  if (next) {
    const actor = { tenantId: due.tenant, userId: due.by, viewerId: null }
    await audit(tx, actor, at, { kind: 'case.overdue', recordKind: 'case', recordId: c.id, accountId: c.accountId, after: { judgeId: next.id } })
    for (const to of [next.id, ...(due.judge === null ? [] : [due.judge])])
      await notify(tx, actor, at, to, 'case.escalated', null, { caseId: c.id, number: c.number, name: c.name })
  }
  return true
}
