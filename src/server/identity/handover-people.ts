/** Teams a person belongs to and departments he leads 交接: a team's only with who may hand over anybody's or belongs to it himself. */
import { token } from '../../core/access/tokens.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import { auditMoves, type Handover, settled } from './handover.ts'

const TEAMS = `select t.id, m.user_id as holder, null::bigint as account_id, t.name from team_member m join team t on t.tenant_id = $1 and t.id = m.team_id and t.deleted_at is null
  where m.tenant_id = $1 and $2::bigint is not null`
export const TEAM_HANDOVER: Handover = {
  kind: 'team',
  held: TEAMS,
  move: async (tx, actor, order, ids) => {
    const mine =
      actor.permissions.has('handover.manage') || actor.permissions.has('user.manage')
        ? ids
        : ids.filter(id => actor.tokens.includes(token('team', id)))
    const gone = await tx.query<{ id: string }>(
      'delete from team_member where tenant_id = $1 and team_id = any($2::bigint[]) and user_id = $3 returning team_id::text as id',
      [actor.tenantId, mine, order.from],
    )
    await tx.query(
      'insert into team_member (tenant_id, team_id, user_id) select $1, id, $3 from unnest($2::bigint[]) as t(id) on conflict do nothing',
      [actor.tenantId, gone.rows.map(r => r.id), order.to],
    )
    await auditMoves(tx, actor, order, 'team', gone.rows)
    return settled(tx, actor, { held: TEAMS }, order.from, ids, gone.rows)
  },
}

const LED =
  'select d.id, d.leader_id as holder, null::bigint as account_id, d.name from department d where d.tenant_id = $1 and d.leader_id is not null and d.deleted_at is null and $2::bigint is not null'
export const DEPARTMENT_HANDOVER: Handover = {
  kind: 'department',
  held: LED,
  move: async (tx, actor, order, ids) => {
    const moved = await tx.query<{ id: string }>(
      'update department set leader_id = $4, row_version = row_version + 1 where tenant_id = $1 and id = any($2::bigint[]) and leader_id = $3 returning id::text',
      [actor.tenantId, await below(tx, actor, ids), order.from, order.to],
    )
    await auditMoves(tx, actor, order, 'department', moved.rows)
    return settled(tx, actor, { held: LED }, order.from, ids, moved.rows)
  },
}

/** Departments under one that the actor leads. */
async function below(tx: Tx, actor: Actor, ids: readonly string[]): Promise<readonly string[]> {
  if (actor.seesAll) return ids
  const found = await tx.query<{ id: string }>(
    `with recursive led(id) as (select id from department where tenant_id = $1 and leader_id = $3 and deleted_at is null union select d.id from department d join led on d.parent_id = led.id where d.tenant_id = $1)
     select id::text from led where id = any($2::bigint[])`,
    [actor.tenantId, ids, actor.userId],
  )
  return found.rows.map(r => r.id)
}
