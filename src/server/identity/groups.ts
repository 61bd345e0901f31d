/** Departments 部门 (who leads sees what the department's people own) and teams 小组 (records can be shared with them). */
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { lockVersion } from './versioned.ts'

type Department = {
  id: string
  parentId: string | null
  name: string
  leaderId: string | null
  leaderName: string | null
  users: number
  rowVersion: number
}

export async function findDepartments(tx: Tx, actor: Actor): Promise<{ rows: Department[] }> {
  const found = await tx.query<Department>(
    `select d.id::text, d.parent_id::text as "parentId", d.name, d.leader_id::text as "leaderId", l.name as "leaderName", d.row_version as "rowVersion",
            (select count(*)::int from app_user u where u.tenant_id = $1 and u.department_id = d.id and u.state <> 'inactive') as users
       from department d left join app_user l on l.tenant_id = d.tenant_id and l.id = d.leader_id where d.tenant_id = $1 and d.deleted_at is null order by d.id limit 5000`,
    [actor.tenantId],
  )
  return { rows: found.rows }
}

type DepartmentInput = { name: string; parentId: string | null; leaderId: string | null }

export async function addDepartment(tx: Tx, actor: Actor, now: string, input: DepartmentInput): Promise<string> {
  const made = await tx.query<{ id: string }>(
    'insert into department (tenant_id, name, parent_id, leader_id) values ($1, $2, $3, $4) returning id::text',
    [actor.tenantId, input.name, input.parentId, input.leaderId],
  )
  await audit(tx, actor, now, { kind: 'department.create', recordKind: 'department', recordId: made.rows[0]!.id, after: { ...input } })
  return made.rows[0]!.id
}

export async function changeDepartment(
  tx: Tx,
  actor: Actor,
  now: string,
  id: string,
  ifMatch: number,
  change: Partial<DepartmentInput>,
): Promise<{ rowVersion: number; moved: boolean }> {
  const before = await lockVersion<{ name: string; parent_id: string | null; leader_id: string | null }>(
    tx,
    'department',
    actor.tenantId,
    id,
    ifMatch,
  )
  if (change.parentId) {
    const loop = await tx.query(
      `with recursive up as (select id, parent_id from department where tenant_id = $1 and id = $2
         union select d.id, d.parent_id from department d join up on d.id = up.parent_id where d.tenant_id = $1)
       select 1 from up where id = $3`,
      [actor.tenantId, change.parentId, id],
    )
    if (loop.rowCount) stop('department.cycle', undefined, '/parentId')
  }
  const given = (key: keyof DepartmentInput) => Object.hasOwn(change, key)
  const updated = await tx.query<{ row_version: number }>(
    `update department set name = coalesce($3, name), parent_id = case when $4 then $5::bigint else parent_id end, leader_id = case when $6 then $7::bigint else leader_id end,
       row_version = row_version + 1 where tenant_id = $1 and id = $2 returning row_version`,
    [actor.tenantId, id, change.name ?? null, given('parentId'), change.parentId ?? null, given('leaderId'), change.leaderId ?? null],
  )
  await audit(tx, actor, now, {
    kind: 'department.update',
    recordKind: 'department',
    recordId: id,
    before: { name: before.name, parentId: before.parent_id, leaderId: before.leader_id },
    after: { ...change },
  })
  return { rowVersion: updated.rows[0]!.row_version, moved: given('parentId') && change.parentId !== before.parent_id }
}

export async function removeDepartment(tx: Tx, actor: Actor, now: string, id: string, ifMatch: number): Promise<void> {
  await lockVersion(tx, 'department', actor.tenantId, id, ifMatch)
  const used = await tx.query<{ users: number }>(
    `select (select count(*) from app_user where tenant_id = $1 and department_id = $2)::int
          + (select count(*) from department where tenant_id = $1 and parent_id = $2 and deleted_at is null)::int as users`,
    [actor.tenantId, id],
  )
  if (used.rows[0]!.users > 0) stop('department.inUse', { users: used.rows[0]!.users })
  await tx.query('update department set deleted_at = now(), row_version = row_version + 1 where tenant_id = $1 and id = $2', [actor.tenantId, id])
  await audit(tx, actor, now, { kind: 'department.delete', recordKind: 'department', recordId: id })
}

export async function findTeams(tx: Tx, actor: Actor): Promise<{ rows: { id: string; name: string; memberIds: string[]; rowVersion: number }[] }> {
  const found = await tx.query<{ id: string; name: string; memberIds: string[]; rowVersion: number }>(
    `select t.id::text, t.name, t.row_version as "rowVersion",
            (select coalesce(array_agg(m.user_id::text order by m.user_id), '{}') from team_member m where m.tenant_id = $1 and m.team_id = t.id) as "memberIds"
       from team t where t.tenant_id = $1 and t.deleted_at is null order by t.id limit 1000`,
    [actor.tenantId],
  )
  return { rows: found.rows }
}

async function setMembers(tx: Tx, actor: Actor, teamId: string, memberIds: readonly string[]): Promise<void> {
  await tx.query('delete from team_member where tenant_id = $1 and team_id = $2', [actor.tenantId, teamId])
  const unique = [...new Set(memberIds)]
  if (unique.length === 0) return
  const values = unique.map((_, i) => `($1, $2, $${i + 3})`).join(', ')
  await tx.query(`insert into team_member (tenant_id, team_id, user_id) values ${values}`, [actor.tenantId, teamId, ...unique])
}

export async function addTeam(tx: Tx, actor: Actor, now: string, input: { name: string; memberIds: readonly string[] }): Promise<string> {
  const made = await tx.query<{ id: string }>('insert into team (tenant_id, name) values ($1, $2) returning id::text', [actor.tenantId, input.name])
  await setMembers(tx, actor, made.rows[0]!.id, input.memberIds)
  await audit(tx, actor, now, { kind: 'team.create', recordKind: 'team', recordId: made.rows[0]!.id, after: { ...input } })
  return made.rows[0]!.id
}

export async function changeTeam(
  tx: Tx,
  actor: Actor,
  now: string,
  id: string,
  ifMatch: number,
  change: { name?: string; memberIds?: readonly string[] },
): Promise<number> {
  await lockVersion(tx, 'team', actor.tenantId, id, ifMatch)
  const updated = await tx.query<{ row_version: number }>(
    'update team set name = coalesce($3, name), row_version = row_version + 1 where tenant_id = $1 and id = $2 returning row_version',
    [actor.tenantId, id, change.name ?? null],
  )
  if (change.memberIds) await setMembers(tx, actor, id, change.memberIds)
  await audit(tx, actor, now, { kind: 'team.update', recordKind: 'team', recordId: id, after: { ...change } })
  return updated.rows[0]!.row_version
}

export async function removeTeam(tx: Tx, actor: Actor, now: string, id: string, ifMatch: number): Promise<void> {
  await lockVersion(tx, 'team', actor.tenantId, id, ifMatch)
  await tx.query('delete from team_member where tenant_id = $1 and team_id = $2', [actor.tenantId, id])
  await tx.query('update team set deleted_at = now(), row_version = row_version + 1 where tenant_id = $1 and id = $2', [actor.tenantId, id])
  await audit(tx, actor, now, { kind: 'team.delete', recordKind: 'team', recordId: id })
}
