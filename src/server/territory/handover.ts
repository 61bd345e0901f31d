/** Memberships of territories, with role, share of credit and dates, and change sets that somebody plans 交接. */
import { token } from '../../core/access/tokens.ts'
import { auditMoves, type Handover, type Moved, type Order, settled } from '../identity/handover.ts'
import type { Actor } from '../kernel/actor.ts'
import { askForJob } from '../kernel/jobs.ts'
import type { Tx } from '../kernel/transaction.ts'
import { bumpStamp } from './load-env.ts'
import { loadModel } from './load-model.ts'
import { keepMembers, knownFrom } from './member-history.ts'

const MEMBERS = `select m.id, m.user_id as holder, null::bigint as account_id, coalesce((select t.name from territory t where t.tenant_id = $1 and t.model_id = $2 and t.id = m.territory_id), '') as name
  from territory_member m where m.tenant_id = $1 and m.cancels_id is null and (m.ends_at is null or m.ends_at > now())`

export const MEMBER_HANDOVER: Handover = {
  kind: 'membership',
  held: MEMBERS,
  move: async (tx, actor, order, ids) => {
    const held = await tx.query<{ id: string; territory_id: string }>(
      `select id::text, territory_id::text from territory_member where tenant_id = $1 and id = any($2::bigint[]) and user_id = $3 and cancels_id is null and (ends_at is null or ends_at > now())
        order by territory_member.id for update`,
      [actor.tenantId, ids, order.from],
    )
    const mine = await ofMine(tx, actor, held.rows)
    const moved =
      mine.length > 0
        ? await give(
            tx,
            actor,
            order,
            mine.map(m => m.id),
          )
        : []
    return settled(tx, actor, { held: MEMBERS }, order.from, ids, moved)
  },
}

/** Territories inside the actor's own. */
async function ofMine<T extends { territory_id: string }>(tx: Tx, actor: Actor, rows: readonly T[]): Promise<readonly T[]> {
  if (actor.seesAll || rows.length === 0) return rows
  const { territories } = await loadModel(tx, actor.tenantId, actor.modelId)
  const parents = new Map(territories.map(t => [t.id, t.parentId]))
  return rows.filter(r => {
    for (let id: string | null = r.territory_id, depth = 0; id !== null && depth < 50; id = parents.get(id) ?? null, depth += 1)
      if (actor.tokens.includes(token('territory', id))) return true
    return false
  })
}

/** Each ends now and begins again with the receiver; one who is a member in that role already takes the share of credit on top of his own. */
async function give(tx: Tx, actor: Actor, order: Order, ids: readonly string[]): Promise<readonly Moved[]> {
  const twin = `t.tenant_id = $1 and t.user_id = $2 and t.cancels_id is null and t.territory_id = m.territory_id and t.member_role = m.member_role and t.model_id is not distinct from m.model_id
    and (t.ends_at is null or t.ends_at > $4::timestamptz)`
  const pairs = await tx.query<{ id: string; territory: string; twin: string | null; credit: number }>(
    `select m.id::text, m.territory_id::text as territory, m.credit_bp as credit, (select min(t.id)::text from territory_member t where ${twin}) as twin
       from territory_member m where m.tenant_id = $1 and m.id = any($3::bigint[]) order by m.id`,
    [actor.tenantId, order.to, ids, order.at],
  )
  const twins = pairs.rows.filter(p => p.twin !== null && p.credit > 0)
  await keepMembers(tx, actor.tenantId, order.at, [...ids, ...twins.map(p => p.twin!)])
  const made = await tx.query<{ id: string; was: string }>(
    `with was as (select m.*, nextval(pg_get_serial_sequence('territory_member', 'id')) as next from territory_member m where m.tenant_id = $1 and m.id = any($3::bigint[])),
      made as (insert into territory_member (tenant_id, id, territory_id, user_id, member_role, access, credit_bp, starts_at, ends_at, model_id, created_by, known_from)
        select $1, next, territory_id, $2, member_role, access, credit_bp, greatest(starts_at, $4::timestamptz), ends_at, model_id, $5, $4 from was)
     select next::text as id, id::text as was from was`,
    [actor.tenantId, order.to, pairs.rows.filter(p => p.twin === null).map(p => p.id), order.at, actor.userId],
  )
  await tx.query(
    `update territory_member t set credit_bp = least(10000, t.credit_bp + p.credit), row_version = row_version + 1, known_from = ${knownFrom('$4', 't.known_from')}
       from (select twin, sum(credit)::int as credit from unnest($2::bigint[], $3::int[]) as p(twin, credit) group by twin) p where t.tenant_id = $1 and t.id = p.twin`,
    [actor.tenantId, twins.map(p => p.twin), twins.map(p => p.credit), order.at],
  )
  // A draft in which the membership does not hold does not get the successor's either.
  await tx.query(
    `insert into territory_member (tenant_id, territory_id, user_id, member_role, starts_at, model_id, cancels_id, created_by, known_from)
     select $1, c.territory_id, $2, c.member_role, $3, c.model_id, n.id, $4, $3 from territory_member c join unnest($5::bigint[], $6::bigint[]) as n(was, id) on c.cancels_id = n.was where c.tenant_id = $1`,
    [actor.tenantId, order.to, order.at, actor.userId, made.rows.map(r => r.was), made.rows.map(r => r.id)],
  )
  await tx.query(
    `update territory_member set ends_at = greatest($3::timestamptz, starts_at + interval '1 microsecond'), row_version = row_version + 1, known_from = ${knownFrom('$3')} where tenant_id = $1 and id = any($2::bigint[])`,
    [actor.tenantId, ids, order.at],
  )
  await auditMoves(tx, actor, order, 'member', pairs.rows)
  await bumpStamp(tx, actor.tenantId, null)
  await askForJob(tx, actor.tenantId, 'assignment.replace', { territoryIds: [...new Set(pairs.rows.map(p => p.territory))] }, actor.userId)
  const next = new Map(made.rows.map(r => [r.was, r.id]))
  return pairs.rows.map(p => ({ id: p.id, ...(next.has(p.id) ? { as: next.get(p.id)! } : {}) }))
}

/** The title of a draft that nobody else may see stays unsaid. */
const DRAFTS = `select s.id, s.created_by as holder, null::bigint as account_id, case when s.shared then s.title else '' end as name from change_set s
  where s.tenant_id = $1 and s.state = 'draft' and $2::bigint is not null`
export const DRAFT_HANDOVER: Handover = {
  kind: 'draft',
  held: DRAFTS,
  move: async (tx, actor, order, ids) => {
    const moved = await tx.query<{ id: string }>(
      `update change_set set created_by = $4, row_version = row_version + 1 where tenant_id = $1 and id = any($2::bigint[]) and created_by = $3 and state = 'draft' returning id::text`,
      [actor.tenantId, ids, order.from, order.to],
    )
    await auditMoves(tx, actor, order, 'changeSet', moved.rows)
    return settled(tx, actor, { held: DRAFTS }, order.from, ids, moved.rows)
  },
}
