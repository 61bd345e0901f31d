/** The demo's handovers: a leaver in the South whose work went to two colleagues, whole; and a rep in the East who will be away next week. */
import { kindsFor, makeHandover } from '../../server/assignment/handover/draft.ts'
import { runHandover, startHandover } from '../../server/assignment/handover/run.ts'
import { deactivate } from '../../server/identity/users.ts'
import type { Actor } from '../../server/kernel/actor.ts'
import type { Database } from '../../server/kernel/databases.ts'
import type { Tx } from '../../server/kernel/transaction.ts'

type AsOps = <T>(work: (tx: Tx, actor: Actor, now: string) => Promise<T>) => Promise<T>
const inDays = (n: number): string => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10)

export async function writeHandovers(db: Database, tenantId: string, modelId: string, asOps: AsOps): Promise<{ moved: number }> {
  /** Owners of territories of a region, fewest customers first; never one with a login of his own on the door. */
  const team = async (region: string) =>
    (
      await db.owner.query<{ id: string }>(
        `select u.id::text, count(p.account_id) as held from app_user u join department d on d.tenant_id = $1 and d.id = u.department_id and d.name = $3
           join account_placement p on p.tenant_id = $1 and p.model_id = $2 and p.owner_id = u.id
          where u.tenant_id = $1 and u.state = 'active' and u.login <> 'rep' and d.leader_id is distinct from u.id group by u.id having count(*) >= 20 order by held, u.id limit 3`,
        [tenantId, modelId, region],
      )
    ).rows.map(r => r.id)
  const [leaver, first, second] = await team('华南大区')
  const [away, substitute] = await team('华东大区')
  if (!leaver || !first || !second || !away || !substitute) return { moved: 0 }
  const leaving = await asOps(async (tx, actor, now) => {
    const id = await makeHandover(tx, actor, now, {
      kind: 'leaver',
      fromId: leaver,
      note: '离职交接:两位同事按家数平分',
      rule: { kinds: [...kindsFor('leaver')], when: [], rest: { to: 'spread', userIds: [first, second], by: 'count' }, heirId: first },
    })
    await startHandover(tx, actor, now, id)
    return id
  })
  await runHandover(db.bulk, { tenantId, note: { handoverId: leaving } }, async () => undefined)
  await db.bulk.query(`update job_run set state = 'done', ended_at = now() where tenant_id = $1 and kind = 'handover.run' and state = 'waiting'`, [
    tenantId,
  ])
  await asOps((tx, actor, now) => deactivate(tx, actor, now, leaver, first))
  await asOps(async (tx, actor, now) => {
    const id = await makeHandover(tx, actor, now, {
      kind: 'absence',
      fromId: away,
      mode: 'share',
      startsOn: inDays(7),
      endsOn: inDays(20),
      note: '年假,急事先找代管人',
      rule: { kinds: [...kindsFor('absence')], when: [], rest: { to: 'person', userId: substitute }, heirId: substitute },
    })
    await startHandover(tx, actor, now, id)
  })
  const moved = await db.owner.query<{ n: number }>('select count(*)::int as n from handover_item where tenant_id = $1 and moved_at is not null', [
    tenantId,
  ])
  return { moved: moved.rows[0]!.n }
}
