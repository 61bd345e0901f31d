/** The figures of the first page, in one statement over what the reader sees. */
import type { HomeFigures } from '../../contract/home/home.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import { inSight, ofThese, viewOf } from './scope.ts'

export async function readFigures(tx: Tx, actor: Actor): Promise<HomeFigures> {
  const view = viewOf(actor)
  const these = await ofThese(tx, actor, 'n.account_id')
  const about = view === 'rep' ? 's.owner_id = $2' : 'true'
  const found = await tx.query<Omit<HomeFigures, 'view' | 'potential'> & { potential: string; begun: boolean }>(
    `with s as materialized (select p.account_id, p.owner_id, p.territory_id, coalesce(cardinality(p.contested), 0) > 0 as contested, p.undecidable, a.potential from ${inSight(actor)}),
     heard as materialized (select distinct n.account_id from note n where n.tenant_id = $1 and n.deleted_at is null and n.created_at > now() - interval '90 days'${these}),
     deals as (select count(*)::int as n, coalesce(sum(o.amount), 0)::text as amount from opportunity o join s on s.account_id = o.account_id
                where o.tenant_id = $1 and o.deleted_at is null and o.stage = 'open' and ${about}),
     due as (select count(*)::int as n, count(*) filter (where k.due_on < (now() at time zone $3)::date)::int as late from task k join account a on a.tenant_id = $1 and a.id = k.account_id and a.deleted_at is null
              where k.tenant_id = $1 and k.assignee_id = $2 and k.done_at is null and k.deleted_at is null and k.due_on <= (now() at time zone $3)::date + 7)
     select count(*)::int as accounts, count(*) filter (where s.owner_id = $2)::int as mine, count(*) filter (where s.owner_id is null)::int as unowned,
       count(*) filter (where s.territory_id is null)::int as unassigned, count(*) filter (where s.contested)::int as contested, count(*) filter (where s.undecidable)::int as undecidable,
       coalesce(sum(s.potential) filter (where ${about}), 0)::text as potential, count(*) filter (where ${about})::int as about,
       count(*) filter (where ${about} and h.account_id is not null)::int as reached,
       (select n from deals) as "openDeals", (select amount from deals) as "openAmount", (select n from due) as "tasksDue", (select late from due) as "tasksLate",
       exists (select 1 from territory t where t.tenant_id = $1 and t.model_id = $4 and t.rule_version is not null and not t.removed) as begun
     from s left join heard h on h.account_id = s.account_id`,
    [actor.tenantId, actor.userId, actor.zone, actor.modelId],
  )
  const { begun, potential, ...row } = found.rows[0]!
  return {
    ...row,
    // Nothing to lead yet: the first steps stand in place of zeros.
    view: actor.seesAll && (row.accounts === 0 || !begun) ? 'new' : view,
    potential: actor.fieldAccess.get('potential') === 'hidden' ? null : potential,
  }
}
