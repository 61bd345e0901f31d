/**
 * Customers nobody spoke to for a while 久未跟进: counted from the last note, or from the day the customer was made. The most promising
 * first, with the next step if there is one, so that the list is a list of calls to make.
 */
import type { z } from 'zod'
import type { homeFollowUp } from '../../contract/home/home.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import { inSight } from './scope.ts'

export async function readFollowUp(tx: Tx, actor: Actor, query: { days: number; mine: boolean }): Promise<z.input<typeof homeFollowUp.reply>> {
  const shows = actor.fieldAccess.get('potential') !== 'hidden'
  const tier = actor.fieldAccess.get('tier') !== 'hidden'
  const found = await tx.query<{ counts: { d30: number; d60: number; d90: number }; rows: z.input<typeof homeFollowUp.reply>['rows'] }>(
    `with s as materialized (
       select a.id, a.name, a.tier, a.potential, a.created_at, p.owner_id, p.territory_id from ${inSight(actor)} ${query.mine ? 'and p.owner_id = $2' : 'and $2::bigint is not null'}),
     last as (select n.account_id, max(n.created_at) as at from note n where n.tenant_id = $1 and n.deleted_at is null and n.account_id in (select id from s) group by n.account_id),
     quiet as materialized (select s.*, last.at as last_at, coalesce(last.at, s.created_at) as since from s left join last on last.account_id = s.id),
     page as (select * from quiet where since < now() - make_interval(days => $3) order by ${shows ? 'coalesce(potential, -1) desc,' : ''} since, id limit 20)
     select (select json_build_object('d30', count(*) filter (where since < now() - interval '30 days'), 'd60', count(*) filter (where since < now() - interval '60 days'),
                    'd90', count(*) filter (where since < now() - interval '90 days')) from quiet) as counts,
            (select coalesce(json_agg(json_build_object('id', q.id::text, 'name', q.name, 'tier', ${tier ? 'q.tier' : 'null'}, 'potential', ${shows ? 'q.potential' : 'null'},
                'lastAt', to_char(q.last_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                'owner', (select json_build_object('id', u.id::text, 'name', u.name) from app_user u where u.tenant_id = $1 and u.id = q.owner_id),
                'territory', (select json_build_object('id', t.id::text, 'code', t.code, 'name', t.name, 'colour', t.colour) from territory t where t.tenant_id = $1 and t.model_id = $4 and t.id = q.territory_id),
                'next', (select json_build_object('text', k.text, 'dueOn', k.due_on) from task k where k.tenant_id = $1 and k.account_id = q.id and k.done_at is null and k.deleted_at is null order by k.due_on nulls last, k.id limit 1))
              order by ${shows ? 'coalesce(q.potential, -1) desc,' : ''} q.since, q.id), '[]') from page q) as rows`,
    [actor.tenantId, actor.userId, query.days, actor.modelId],
  )
  return found.rows[0]!
}
