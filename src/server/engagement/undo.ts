/**
 * Taking a ruling back 撤销, as long as nothing later stands on it; and appeal 申诉, after which another judge rules again while the first ruling
 * holds.
 */
import { beyondSight } from '../access/beyond-sight.ts'
import { enterWriters, lockRecords, writeInstant } from '../account/facts.ts'
import { placer, settle } from '../account/placer.ts'
import { notify } from '../identity/notify.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { type CaseRecord, giveTo, lockRecord, mySide, readRecord } from './case-row.ts'
import { judgeOf, loadCourt } from './lines.ts'
import type { StoredEffect } from './rule.ts'
import { standingsOf } from './rule.ts'
import { loadRules } from './rules.ts'
import { toldOf } from './speak.ts'

type Last = { n: number; effect: StoredEffect; judgeId: string }
export async function lastRuling(tx: Tx, tenantId: string, id: string): Promise<Last | null> {
  const found = await tx.query<Last>(
    `select n, effect, judge_id::text as "judgeId" from case_ruling where tenant_id = $1 and case_id = $2 and undone_at is null order by n desc limit 1`,
    [tenantId, id],
  )
  return found.rows[0] ?? null
}

/** Who ruled, or whoever sees everything and may rule. */
export const mayUndo = (c: Pick<CaseRecord, 'state'>, last: Pick<Last, 'judgeId'> | null, actor: Actor): boolean =>
  last !== null &&
  (c.state === 'appeal' || c.state === 'closed') &&
  actor.permissions.has('case.judge') &&
  (last.judgeId === actor.userId || actor.seesAll)

export async function undo(tx: Tx, actor: Actor, id: string, ifMatch: number): Promise<void> {
  await readRecord(tx, actor.tenantId, id)
  await beyondSight(tx, async () => {
    await enterWriters(tx, actor.tenantId)
    const c = await lockRecord(tx, actor.tenantId, id, ifMatch)
    const last = await lastRuling(tx, actor.tenantId, id)
    if (!mayUndo(c, last, actor)) stop(last === null ? 'engagement.notRuled' : 'engagement.notJudge')
    const { effect } = last!
    const ids = effect.accounts.map(a => a.id).sort((a, b) => Number(BigInt(a) - BigInt(b)))
    if ((await lockRecords(tx, actor.tenantId, ids)).length !== ids.length) stop('engagement.stoodOn')
    await settle(tx, actor.tenantId, ids)
    await refuseLater(tx, actor, ids, effect)
    const at = await writeInstant(tx)
    await giveBack(tx, actor.tenantId, at, last!, id)
    const { policy } = await loadRules(tx, actor.tenantId)
    await tx.query('update case_ruling set undone_at = $4, undone_by = $5 where tenant_id = $1 and case_id = $2 and n = $3', [
      actor.tenantId,
      id,
      last!.n,
      at,
      actor.userId,
    ])
    await tx.query(
      `update conflict_case set state = 'ruling', ruled_at = null, appeal_until = null, closed_at = null, due_at = $3::timestamptz + make_interval(hours => $4), row_version = row_version + 1 where tenant_id = $1 and id = $2`,
      [actor.tenantId, id, at, policy.ruleHours],
    )
    await audit(tx, actor, at, {
      kind: 'case.undo',
      recordKind: 'case',
      recordId: id,
      accountId: c.accountId,
      before: { owners: effect.accounts.map(a => a.to) },
      after: { owners: effect.accounts.map(a => a.from) },
    })
    await placer().place(
      tx,
      actor.tenantId,
      at,
      ids.map(accountId => ({ id: accountId })),
    )
    for (const p of c.parties) await notify(tx, actor, at, p.userId, 'case.undone', null, toldOf(c, actor))
  })
}

/** A later act or pin, or an owner who is no longer the ruling's. */
async function refuseLater(tx: Tx, actor: Actor, ids: readonly string[], effect: StoredEffect): Promise<void> {
  const later = await tx.query(
    `select 1 from ownership_act where tenant_id = $1 and account_id = any($2::bigint[]) and cancelled_at is null and id > (select max(x) from unnest($3::bigint[]) x) and id <> all($3::bigint[])
     union all select 1 from territory_pin where tenant_id = $1 and account_id = any($2::bigint[]) and cancelled_at is null and created_at > (select min(at) from ownership_act where tenant_id = $1 and id = any($3::bigint[])) and id <> all($4::bigint[]) limit 1`,
    [actor.tenantId, ids, effect.acts, effect.pins],
  )
  const now = await standingsOf(tx, actor, ids)
  const stands = effect.accounts.every(a => now.some(s => s.id === a.id && s.owner === a.to && s.territory === a.toTerritory))
  if (later.rowCount !== 0 || !stands) stop('engagement.stoodOn')
}

async function giveBack(tx: Tx, tenantId: string, at: string, { n, effect }: Last, caseId: string): Promise<void> {
  await tx.query('update ownership_act set cancelled_at = $3 where tenant_id = $1 and id = any($2::bigint[])', [tenantId, effect.acts, at])
  await tx.query('update territory_pin set cancelled_at = starts_at where tenant_id = $1 and id = any($2::bigint[])', [tenantId, effect.pins])
  await tx.query('delete from account_share where tenant_id = $1 and id = any($2::bigint[])', [tenantId, effect.shares])
  await tx.query('update credit_split set ended_at = $4 where tenant_id = $1 and case_id = $2 and ruling_n = $3 and ended_at is null', [
    tenantId,
    caseId,
    n,
    at,
  ])
  await tx.query('update credit_split set ended_at = null where tenant_id = $1 and id = any($2::bigint[])', [tenantId, effect.closedSplits])
  await tx.query(
    `update account_share s set until = r.until from case_ruling r where r.tenant_id = $1 and r.case_id = $2 and r.n < $3 and r.undone_at is null and s.tenant_id = $1 and s.id = any($4::bigint[]) and r.effect->'shares' ? s.id::text`,
    [tenantId, caseId, n, effect.endedShares],
  )
  // What somebody gave on since then stays where it is.
  for (const [table, column, rows] of [
    ['opportunity', 'owner_id', effect.deals],
    ['task', 'assignee_id', effect.tasks],
  ] as const)
    await tx.query(
      `update ${table} x set ${column} = b.was, row_version = x.row_version + 1 from unnest($2::bigint[], $3::bigint[]) as b(id, was) where x.tenant_id = $1 and x.id = b.id and x.${column} = $4`,
      [tenantId, rows.map(r => r.id), rows.map(r => r.from), effect.accounts[0]!.to],
    )
}

export async function appeal(tx: Tx, actor: Actor, id: string, reason: string): Promise<void> {
  await readRecord(tx, actor.tenantId, id)
  await beyondSight(tx, async () => {
    const c = await lockRecord(tx, actor.tenantId, id, null)
    if (mySide(c, actor) === null) stop('engagement.notParty')
    if (c.appeals > 0) stop('engagement.appealed')
    const at = await writeInstant(tx)
    if (c.state !== 'appeal' || c.appealUntil === null || c.appealUntil <= at) stop('engagement.appealOver')
    const court = await loadCourt(tx, actor, c.parties)
    const not = [...new Set([...c.notJudges, ...(c.judgeId === null ? [] : [c.judgeId])])]
    const next = judgeOf(court, not) ?? stop('engagement.noOtherJudge')
    const { policy } = await loadRules(tx, actor.tenantId)
    await giveTo(tx, actor.tenantId, c, court, next, not)
    await tx.query(
      `update conflict_case set state = 'ruling', appeals = appeals + 1, appeal_until = null, escalated_at = null, due_at = $3::timestamptz + make_interval(hours => $4) where tenant_id = $1 and id = $2`,
      [actor.tenantId, id, at, policy.ruleHours],
    )
    await audit(tx, actor, at, {
      kind: 'case.appeal',
      recordKind: 'case',
      recordId: id,
      accountId: c.accountId,
      why: reason,
      after: { judgeId: next.id },
    })
    for (const to of [next.id, ...c.parties.map(p => p.userId).filter(p => p !== actor.userId)])
      await notify(tx, actor, at, to, 'case.appealed', null, toldOf(c, actor))
  })
}
