/** Cases of a person 交接: his side goes to the receiver, unless that is the other side; what he was to rule goes one up, whoever receives. */
import { beyondSight } from '../access/beyond-sight.ts'
import { editableBy } from '../access/visible-to.ts'
import { type Handover, type Moved, type Order, settled } from '../identity/handover.ts'
import { notify } from '../identity/notify.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import type { Tx } from '../kernel/transaction.ts'
import { giveTo, lockRecord } from './case-row.ts'
import { judgeOf, loadCourt } from './lines.ts'

const HELD = `select c.id, h.holder, c.account_id, c.name from conflict_case c
  cross join lateral (select c.judge_id as holder where c.judge_id is not null union select p.user_id from case_party p where p.tenant_id = $1 and p.case_id = c.id) h
  where c.tenant_id = $1 and c.state <> 'closed' and $2::bigint is not null`

export const CASE_HANDOVER: Handover = {
  kind: 'case',
  held: HELD,
  move: async (tx, actor, order, ids) => {
    const mine = await tx.query<{ id: string }>(
      `select c.id::text from conflict_case c where c.tenant_id = $1 and c.id = any($2::bigint[]) and c.state <> 'closed' and ${editableBy(actor, 'c.account_id')} order by c.id`,
      [actor.tenantId, ids],
    )
    return beyondSight(tx, async () => {
      const moved: Moved[] = []
      for (const { id } of mine.rows) moved.push(...(await give(tx, actor, order, id)))
      return settled(tx, actor, { held: HELD }, order.from, ids, moved)
    })
  },
}

async function give(tx: Tx, actor: Actor, { from, to, at }: Order, id: string): Promise<readonly Moved[]> {
  const before = await lockRecord(tx, actor.tenantId, id, null)
  const isParty = before.parties.some(p => p.userId === from)
  if (!isParty && before.judgeId !== from) return []
  if (isParty && before.parties.some(p => p.userId === to)) return [{ id, refused: 'engagement.otherSide' }]
  await tx.query('update case_party set user_id = $4 where tenant_id = $1 and case_id = $2 and user_id = $3', [actor.tenantId, id, from, to])
  const parties = before.parties.map(p => (p.userId === from ? { ...p, userId: to } : p))
  const court = await loadCourt(tx, actor, parties)
  const not = [...new Set([...before.notJudges, from])]
  // The judge may be bound to who takes a side over.
  const stays =
    before.judgeId !== null &&
    before.judgeId !== from &&
    judgeOf(
      court,
      not.filter(n => n !== before.judgeId),
    )?.id === before.judgeId
  const judge = stays ? { id: before.judgeId, headquarters: before.headquarters } : judgeOf(court, not)
  await giveTo(tx, actor.tenantId, before, court, judge, stays ? before.notJudges : not)
  await audit(tx, actor, at, {
    kind: 'case.handover',
    recordKind: 'case',
    recordId: id,
    accountId: before.accountId,
    before: { from },
    after: { to, judgeId: judge?.id ?? null },
  })
  if (!stays && judge)
    await notify(tx, actor, at, judge.id, 'case.judge', null, { caseId: id, number: before.number, name: before.name, by: actor.userName })
  return [{ id }]
}
