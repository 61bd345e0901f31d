/**
 * A change set through one person's eyes before it is in effect 生效后以此人查看: which accounts he would gain, lose and keep. Who asks is told of
 * accounts within his own sight alone, counts included; who looked at whom stands in the audit trail, as with viewing as somebody.
 */
import type { z } from 'zod'
import { type PersonAfterRow, type personAfter, SIGHT_MARKS } from '../../../contract/territory/change-choices.ts'
import { tokensOf } from '../../../core/access/tokens.ts'
import { tokensOf as literalOf, visibleTo } from '../../access/visible-to.ts'
import { whilePlacing } from '../../access/while-placing.ts'
import { makeParams } from '../../account/condition-sql.ts'
import { searchSql } from '../../account/search.ts'
import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import { stop } from '../../kernel/refusal-error.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { loadHead } from '../../territory/load-model.ts'
import { stampsOf } from './compute.ts'
import { assertComputable, loadSet, readsWhole } from './read-set.ts'

type Query = z.infer<typeof personAfter.query & {}>
type Reply = z.infer<typeof personAfter.reply>
/** Looking again within these minutes is the same look. */
const SAME_LOOK = 10

export async function readPersonAfter(tx: Tx, actor: Actor, now: string, id: string, userId: string, query: Query): Promise<Reply> {
  // Whoever reads only his own part is no planner of this one.
  if (!(await readsWhole(tx, actor, id))) stop('record.notFound')
  const set = await loadSet(tx, actor.tenantId, id)
  if (set.state === 'refused' || set.activations.some(a => a.effective)) stop('changeSet.notAhead')
  await assertComputable(tx, actor, set)
  const ready = (await loadHead(tx, actor.tenantId, set.modelId)).state === 'ready'
  const made = await tx.query<{ of: string | null }>('select figures_of as of from change_set where tenant_id = $1 and id = $2', [actor.tenantId, id])
  const figuresOf = made.rows[0]!.of ?? stop('changeSet.uncomputed')
  const person = await loadPerson(tx, actor.tenantId, userId, set.baseModelId, set.modelId)
  await noteLook(tx, actor, now, id, userId)

  // Ids and tokens as literals: the planner knows how frequent they are.
  const [change, base, model] = [BigInt(id), BigInt(set.baseModelId), BigInt(set.modelId)]
  const params = makeParams(actor.tenantId)
  const found = `with seen as materialized (${sightSql(change, base, ready ? model : null, person)}),
    found as (select s.account_id, s.mark, s.rank, a.name from seen s join account a on a.tenant_id = $1 and a.id = s.account_id and a.deleted_at is null
      where ${visibleTo(actor, 'a.id')} ${query.search ? `and ${searchSql(query.search, params, actor)}` : ''})`
  const after = /^([012])\|(\d{1,18})$/.exec(query.cursor ?? '')
  const counts =
    after === null
      ? await whilePlacing(tx, () =>
          tx.query<{ mark: PersonAfterRow['mark']; n: number }>(`${found} select mark, count(*)::int as n from found group by mark`, params.values),
        )
      : null
  const [markAt, rankAt, idAt] = [params.add(query.mark ?? null), params.add(after?.[1] ?? null), params.add(after?.[2] ?? null)]
  const user = (column: string) =>
    `(select json_build_object('id', u.id::text, 'name', u.name) from app_user u where u.tenant_id = $1 and u.id = ${column})`
  const rows = await whilePlacing(tx, () =>
    tx.query<PersonAfterRow & { rank: number }>(
      `${found}, page as (select * from found f where (${markAt}::text is null or f.mark = ${markAt}) and (${rankAt}::int is null or (f.rank, f.account_id) > (${rankAt}::int, ${idAt}::bigint))
         order by f.rank, f.account_id limit ${query.limit + 1})
       select f.account_id::text as "accountId", f.name, f.mark, f.rank, ${user('b.owner_id')} as "fromOwner", ${user('case when m.account_id is null then b.owner_id else m.to_owner end')} as "toOwner"
         from page f left join account_placement b on b.tenant_id = $1 and b.model_id = ${base} and b.account_id = f.account_id
         left join change_set_move m on m.tenant_id = $1 and m.change_set_id = ${change} and m.account_id = f.account_id order by f.rank, f.account_id`,
      params.values,
    ),
  )
  const page = rows.rows.slice(0, query.limit)
  const last = page.at(-1)
  return {
    rows: page.map(({ rank: _, ...row }) => row),
    next: rows.rows.length > query.limit && last ? `${last.rank}|${last.accountId}` : null,
    person: { id: userId, name: person.name },
    counts:
      counts && (Object.fromEntries(SIGHT_MARKS.map(mark => [mark, counts.rows.find(c => c.mark === mark)?.n ?? 0])) as NonNullable<Reply['counts']>),
    drifted: figuresOf !== (await stampsOf(tx, actor.tenantId, set.modelId, set.baseModelId)),
  }
}

/**
 * Accounts that the tokens of before reach under the base, and those of after under the change: rows that stand beside the live models, or of
 * a draft the kept ones, and where nothing was kept the base's own. Read past the fence; who asks is fenced where `account` is joined.
 */
function sightSql(change: bigint, base: bigint, ready: bigint | null, person: { readonly before: string; readonly after: string }): string {
  const reached = (model: bigint, tokens: string) =>
    `select p.account_id from account_placement p where p.tenant_id = $1 and p.model_id = ${model} and p.tokens && ${tokens}`
  const will =
    ready !== null
      ? reached(ready, person.after)
      : `${reached(base, person.after)} and not exists (select 1 from change_set_sight k where k.tenant_id = $1 and k.change_set_id = ${change} and k.account_id = p.account_id)
       union all select k.account_id from change_set_stand t join change_set_sight k on k.tenant_id = $1 and k.change_set_id = ${change} and k.stand = t.stand
         where t.tenant_id = $1 and t.change_set_id = ${change} and t.tokens && ${person.after}`
  return `select account_id, mark, case mark when 'gained' then 0 when 'lost' then 1 else 2 end as rank
    from (select coalesce(w.account_id, n.account_id) as account_id, case when w.account_id is null then 'gained' when n.account_id is null then 'lost' else 'kept' end as mark
            from (${reached(base, person.before)}) w full join (${will}) n on n.account_id = w.account_id) x`
}

/** The person's tokens under both models, as of now. */
async function loadPerson(tx: Tx, tenantId: string, userId: string, baseId: string, modelId: string) {
  const territories = (model: string) =>
    `(select coalesce(array_agg(distinct w.territory_id::text), '{}') from territory_member w join territory_model m on m.tenant_id = $1 and m.id = ${model}
       where w.tenant_id = $1 and w.user_id = u.id and w.cancels_id is null and (w.model_id is null or w.model_id = any(m.lineage)) and w.starts_at <= clock_timestamp()
         and (w.ends_at is null or w.ends_at > clock_timestamp())
         and not exists (select 1 from territory_member c where c.tenant_id = $1 and c.cancels_id = w.id and c.model_id = any(m.lineage)))`
  const found = await tx.query<{ name: string; teams: string[]; departments: string[]; all: boolean; before: string[]; after: string[] }>(
    `select u.name, coalesce((select array_agg(tm.team_id::text) from team_member tm where tm.tenant_id = $1 and tm.user_id = u.id), '{}') as teams,
            coalesce((select array_agg(d.id::text) from department d where d.tenant_id = $1 and d.leader_id = u.id and d.deleted_at is null), '{}') as departments,
            exists (select 1 from user_role ur join role r on r.tenant_id = $1 and r.id = ur.role_id where ur.tenant_id = $1 and ur.user_id = u.id and r.sees_all and r.deleted_at is null) as all,
            ${territories('$3')} as before, ${territories('$4')} as after
       from app_user u where u.tenant_id = $1 and u.id = $2 and u.state <> 'inactive'`,
    [tenantId, userId, baseId, modelId],
  )
  const { name, teams, departments, all, before, after } = found.rows[0] ?? stop('record.notFound', undefined, '/userId')
  const tokens = (territoryIds: readonly string[]) =>
    literalOf({ tokens: tokensOf({ userId, teamIds: teams, ledDepartmentIds: departments, territoryIds, seesAll: all }) })
  return { name, before: tokens(before), after: tokens(after) }
}

/** Every page and search of one look is one row of the trail. */
async function noteLook(tx: Tx, actor: Actor, now: string, id: string, userId: string): Promise<void> {
  const known = await tx.query(
    `select 1 from audit where tenant_id = $1 and record_kind = 'changeSet' and record_id = $2 and kind = 'changeSet.viewAs' and actor_id = $3 and for_id is not distinct from $4
        and after->>'userId' = $5 and at > $6::timestamptz - make_interval(mins => ${SAME_LOOK}) limit 1`,
    [actor.tenantId, id, actor.viewerId ?? actor.userId, actor.viewerId ? actor.userId : null, userId, now],
  )
  if (known.rowCount === 0) await audit(tx, actor, now, { kind: 'changeSet.viewAs', recordKind: 'changeSet', recordId: id, after: { userId } })
}
