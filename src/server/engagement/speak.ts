/** What parties and the judge say before a ruling 双方陈述: statements, signed evidence, questions, recusal and handing up. */
import { redact } from '../../core/engagement/evidence.ts'
import { beyondSight } from '../access/beyond-sight.ts'
import { writeInstant } from '../account/facts.ts'
import { notify } from '../identity/notify.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { type CaseRecord, giveTo, lockRecord, mySide, open, readRecord } from './case-row.ts'
import { writeEvidence } from './gather.ts'
import { conflictFor, judgeOf, loadCourt } from './lines.ts'

/** Seen by this person, then locked for him. */
async function enter<T>(tx: Tx, actor: Actor, id: string, work: (c: CaseRecord, at: string) => Promise<T>): Promise<T> {
  await readRecord(tx, actor.tenantId, id)
  return beyondSight(tx, async () => {
    const c = await lockRecord(tx, actor.tenantId, id, null)
    if (!open(c)) stop('engagement.closed')
    return work(c, await writeInstant(tx))
  })
}
const said = (tx: Tx, actor: Actor, at: string, c: CaseRecord, kind: string, rest: { why?: string; after?: Record<string, unknown> } = {}) =>
  audit(tx, actor, at, { kind, recordKind: 'case', recordId: c.id, accountId: c.accountId, ...rest })
export const toldOf = (c: CaseRecord, actor: Pick<Actor, 'userName'>) => ({ caseId: c.id, number: c.number, name: c.name, by: actor.userName })

export const state = (tx: Tx, actor: Actor, id: string, text: string): Promise<void> =>
  enter(tx, actor, id, async (c, at) => {
    const side = mySide(c, actor) ?? stop('engagement.notParty')
    await tx.query('update case_party set statement = $4, stated_at = $5, question = null where tenant_id = $1 and case_id = $2 and side = $3', [
      actor.tenantId,
      id,
      side,
      text,
      at,
    ])
    // When all have spoken it is the judge's turn.
    const all = c.parties.every((p, i) => i === side || p.statedAt !== null)
    await tx.query(
      `update conflict_case set state = case when $3 then 'ruling' else state end, statements_at = case when $3 then coalesce(statements_at, $4) else statements_at end, row_version = row_version + 1 where tenant_id = $1 and id = $2`,
      [actor.tenantId, id, all, at],
    )
    await said(tx, actor, at, c, 'case.statement')
    if (all && c.judgeId !== null) await notify(tx, actor, at, c.judgeId, 'case.ready', null, toldOf(c, actor))
  })

export async function addEvidence(
  tx: Tx,
  actor: Actor,
  id: string,
  input: { text: string; at: string; fileId?: string | undefined },
): Promise<number> {
  // Under the signer's own sight: he can sign only for what he sees.
  const asked = await tx.query<{ name: string; account: string; sha256: string }>(
    'select name, account_id::text as account, sha256 from file where tenant_id = $1 and id = $2 and deleted_at is null',
    [actor.tenantId, input.fileId ?? null],
  )
  const file = asked.rows[0]
  return enter(tx, actor, id, async (c, at) => {
    const side = mySide(c, actor) ?? stop('engagement.notParty')
    if (input.fileId && (!file || (file.account !== c.accountId && file.account !== c.otherId))) stop('record.notFound', undefined, '/fileId')
    const day = (
      await tx.query<{ at: string }>(
        `select to_char(($1::date::timestamp at time zone $2) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at`,
        [input.at, actor.zone],
      )
    ).rows[0]!.at
    if (day > at) stop('engagement.future', undefined, '/at')
    const last = await tx.query<{ n: number; hash: string }>(
      'select n, hash from case_evidence where tenant_id = $1 and case_id = $2 order by n desc limit 1',
      [actor.tenantId, id],
    )
    const before = last.rows[0] ?? { n: 0, hash: '' }
    await writeEvidence(
      tx,
      actor.tenantId,
      id,
      before,
      [
        {
          at: day,
          kind: 'signed',
          side,
          source: input.fileId ? 'file' : 'user',
          sourceId: input.fileId ?? actor.userId,
          words: { text: redact(input.text), ...(file ? { file: file.name, sha256: file.sha256 } : {}) },
        },
      ],
      actor.userId,
      at,
    )
    await tx.query('update conflict_case set row_version = row_version + 1 where tenant_id = $1 and id = $2', [actor.tenantId, id])
    await said(tx, actor, at, c, 'case.evidence', { after: { n: before.n + 1, fileId: input.fileId ?? null } })
    if (c.judgeId !== null && c.judgeId !== actor.userId) await notify(tx, actor, at, c.judgeId, 'case.evidence', null, toldOf(c, actor))
    return before.n + 1
  })
}

export const ask = (tx: Tx, actor: Actor, id: string, text: string): Promise<void> =>
  enter(tx, actor, id, async (c, at) => {
    if (c.judgeId !== actor.userId) stop('engagement.notJudge')
    await tx.query('update case_party set question = $3, asked_at = $4 where tenant_id = $1 and case_id = $2', [actor.tenantId, id, text, at])
    await said(tx, actor, at, c, 'case.question')
    for (const p of c.parties) await notify(tx, actor, at, p.userId, 'case.asked', null, toldOf(c, actor))
  })

/** By the judge, or by whoever sees everything where there is none or he cannot act. */
export const recuse = (tx: Tx, actor: Actor, id: string, reason: string, headquarters: boolean): Promise<{ id: string; name: string }> =>
  enter(tx, actor, id, async (c, at) => {
    if (c.judgeId !== actor.userId && !actor.seesAll) stop('engagement.notJudge')
    const court = await loadCourt(tx, actor, c.parties)
    const not = [...new Set([...c.notJudges, ...(c.judgeId === null ? [] : [c.judgeId])])]
    const next = judgeOf(court, not, headquarters) ?? stop('engagement.noOtherJudge')
    await giveTo(tx, actor.tenantId, c, court, next, not)
    if (headquarters)
      await tx.query('update conflict_case set escalated_at = coalesce(escalated_at, $3) where tenant_id = $1 and id = $2', [actor.tenantId, id, at])
    await said(tx, actor, at, c, headquarters ? 'case.escalate' : 'case.recuse', {
      why: reason,
      after: { judgeId: next.id, conflict: c.judgeId === null ? null : conflictFor(court, c.judgeId) },
    })
    await notify(tx, actor, at, next.id, 'case.judge', null, toldOf(c, actor))
    const name = await tx.query<{ name: string }>('select name from app_user where tenant_id = $1 and id = $2', [actor.tenantId, next.id])
    return { id: next.id, name: name.rows[0]!.name }
  })
