/** What is under way on accounts that move 在途: open deals, tasks, requests for approval. */
import type { z } from 'zod'
import type { changeSetWork } from '../../../contract/territory/change-sets.ts'
import { visibleTo } from '../../access/visible-to.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { HELD, HOLD, HOLDABLE } from './holdover.ts'

export async function countWork(tx: Tx, tenantId: string, setId: string) {
  const found = await tx.query<{ deals: number; amount: string; tasks: number; requests: number }>(
    `select (select count(*)::int from change_set_move m join opportunity o on o.tenant_id = $1 and o.account_id = m.account_id and o.stage = 'open' and o.deleted_at is null where m.tenant_id = $1 and m.change_set_id = $2) as deals,
            (select coalesce(sum(o.amount), 0)::text from change_set_move m join opportunity o on o.tenant_id = $1 and o.account_id = m.account_id and o.stage = 'open' and o.deleted_at is null
               where m.tenant_id = $1 and m.change_set_id = $2 and o.currency = (select currency from tenant where id = $1)) as amount,
            (select count(*)::int from change_set_move m join task k on k.tenant_id = $1 and k.account_id = m.account_id and k.done_at is null and k.deleted_at is null where m.tenant_id = $1 and m.change_set_id = $2) as tasks,
            (select count(*)::int from change_set_move m join approval_request r on r.tenant_id = $1 and r.account_id = m.account_id and r.state = 'asked' where m.tenant_id = $1 and m.change_set_id = $2) as requests`,
    [tenantId, setId],
  )
  const { amount, ...rest } = found.rows[0]!
  return { ...rest, dealAmount: Number(amount) }
}

const OF = {
  deals: `select o.id, o.account_id, o.name as text, o.amount, o.currency, o.close_on::text as due, ${HELD} as held from change_set s join opportunity o on o.tenant_id = $1 ${HOLD} where s.tenant_id = $1 and s.id = $2 and o.stage = 'open' and o.deleted_at is null`,
  tasks: `select k.id, k.account_id, k.text, null::bigint as amount, null::text as currency, k.due_on::text as due, null::boolean as held from task k where k.tenant_id = $1 and k.done_at is null and k.deleted_at is null`,
  requests: `select r.id, r.account_id, coalesce(r.why, r.kind) as text, null::bigint as amount, null::text as currency, null::text as due, null::boolean as held from approval_request r where r.tenant_id = $1 and r.state = 'asked' and r.account_id is not null`,
}
const PAGE = 50

export async function findWork(
  tx: Tx,
  actor: Actor,
  setId: string,
  query: { of: keyof typeof OF; cursor?: string | undefined },
): Promise<z.infer<typeof changeSetWork.reply>> {
  const person = (column: string) =>
    `(select json_build_object('id', u.id::text, 'name', u.name) from app_user u where u.tenant_id = $1 and u.id = ${column})`
  const found = await tx.query<z.infer<typeof changeSetWork.reply>['rows'][number]>(
    `select w.id::text, w.account_id::text as "accountId", a.name as "accountName", w.text, w.amount::float8 as amount, w.currency, w.due, ${person('m.from_owner')} as "fromOwner", ${person('m.to_owner')} as "toOwner",
            case when ${HOLDABLE} then w.held end as held
       from (${OF[query.of]}) w join change_set_move m on m.tenant_id = $1 and m.change_set_id = $2 and m.account_id = w.account_id join account a on a.tenant_id = $1 and a.id = w.account_id
      where ${visibleTo(actor, 'w.account_id')} and ($3::bigint is null or w.id < $3) order by w.id desc limit ${PAGE + 1}`,
    [actor.tenantId, setId, /^\d{1,18}$/.test(query.cursor ?? '') ? query.cursor : null],
  )
  const rows = found.rows.slice(0, PAGE)
  const first = query.of === 'deals' && query.cursor === undefined
  return { rows, next: found.rows.length > PAGE ? rows.at(-1)!.id : null, holdover: first ? await countHeld(tx, actor, setId) : null }
}

/** Of the deals within one's sight; how they were chosen. */
async function countHeld(tx: Tx, actor: Actor, setId: string) {
  const found = await tx.query<NonNullable<z.infer<typeof changeSetWork.reply>['holdover']>>(
    `select s.holdover_of as of, s.holdover_least::float8 as "atLeast", count(x.held)::int as deals, (count(*) filter (where x.held))::int as held
       from change_set s left join lateral (select ${HELD} as held from change_set_move m join opportunity o on o.tenant_id = $1 and o.account_id = m.account_id and o.stage = 'open' and o.deleted_at is null ${HOLD}
         where m.tenant_id = $1 and m.change_set_id = s.id and ${HOLDABLE} and ${visibleTo(actor, 'm.account_id')}) x on true
      where s.tenant_id = $1 and s.id = $2 group by s.id, s.holdover_of, s.holdover_least`,
    [actor.tenantId, setId],
  )
  return found.rows[0] ?? null
}
