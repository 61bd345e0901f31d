/** What a leaver leaves in cases 交接: his side goes to the successor, unless that is the other side; what he was to rule goes one up. */
import { beyondSight } from '../access/beyond-sight.ts'
import type { Handover } from '../identity/handover.ts'
import { notify } from '../identity/notify.ts'
import { audit } from '../kernel/audit.ts'
import { giveTo, readRecord } from './case-row.ts'
import { judgeOf, loadCourt } from './lines.ts'

export const CASE_HANDOVER: Handover = {
  count: async () => ({ accounts: 0, territories: 0 }),
  move: (tx, actor, now, from, to) =>
    beyondSight(tx, async () => {
      const found = await tx.query<{ id: string }>(
        `select c.id::text from conflict_case c where c.tenant_id = $1 and c.state <> 'closed' and (c.judge_id = $2 or exists (select 1 from case_party p where p.tenant_id = $1 and p.case_id = c.id and p.user_id = $2))
          order by c.id for update`,
        [actor.tenantId, from],
      )
      for (const { id } of found.rows) {
        await tx.query(
          `update case_party p set user_id = $4 where p.tenant_id = $1 and p.case_id = $2 and p.user_id = $3 and not exists (select 1 from case_party o where o.tenant_id = $1 and o.case_id = $2 and o.user_id = $4)`,
          [actor.tenantId, id, from, to],
        )
        const c = await readRecord(tx, actor.tenantId, id)
        const court = await loadCourt(tx, actor, c.parties)
        const not = [...new Set([...c.notJudges, from])]
        // The judge may be bound to who takes a side over.
        const stays =
          c.judgeId !== null &&
          judgeOf(
            court,
            not.filter(n => n !== c.judgeId),
          )?.id === c.judgeId &&
          c.judgeId !== from
        const next = stays ? { id: c.judgeId!, headquarters: c.headquarters } : judgeOf(court, not)
        if (!next) continue
        await giveTo(tx, actor.tenantId, c, court, next, stays ? c.notJudges : not)
        await audit(tx, actor, now, {
          kind: 'case.handover',
          recordKind: 'case',
          recordId: id,
          accountId: c.accountId,
          before: { from },
          after: { to, judgeId: next.id },
        })
        if (!stays) await notify(tx, actor, now, next.id, 'case.judge', null, { caseId: id, number: c.number, name: c.name, by: actor.userName })
      }
    }),
}
