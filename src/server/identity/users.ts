/** People: invite, change, reset, deactivate with forced transfer. The last administrator is guarded. */
import type { User } from '../../contract/identity/people.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { countHeld, type Holdings, holdingsOf, moveHoldings } from './handover.ts'
import { makeTicket } from './session.ts'
import { addUser, giveRoles } from './tenant.ts'
import { lockVersion } from './versioned.ts'

const USER = `u.id::text, u.login, u.name, u.name_en as "nameEn", u.title, u.department_id::text as "departmentId", d.name as "departmentName", u.state,
  u.row_version as "rowVersion",
  (select count(distinct m.territory_id)::int from territory_member m where m.tenant_id = $1 and m.user_id = u.id and (m.ends_at is null or m.ends_at > now())) as territories,
  (select coalesce(json_agg(json_build_object('id', r.id::text, 'key', r.key, 'labels', r.labels) order by r.id), '[]') from user_role ur
     join role r on r.tenant_id = ur.tenant_id and r.id = ur.role_id where ur.tenant_id = $1 and ur.user_id = u.id) as roles`

export async function findUsers(
  tx: Tx,
  actor: Actor,
  query: { search?: string; state?: string; cursor?: string; limit: number },
): Promise<{ rows: User[]; next: string | null }> {
  const pattern = query.search
    ? `%${query.search
        .normalize('NFKC')
        .toLowerCase()
        .replace(/[%_\\]/g, '\\$&')}%`
    : null
  const after = /^\d{1,18}$/.test(query.cursor ?? '') ? query.cursor : '0'
  const found = await tx.query<User>(
    `select ${USER} from app_user u left join department d on d.tenant_id = u.tenant_id and d.id = u.department_id
      where u.tenant_id = $1 and u.id > $2 and ($3::text is null or lower(u.name) like $3 or u.login like $3 or lower(u.name_en) like $3) and ($4::text is null or u.state = $4)
      order by u.id limit $5`,
    [actor.tenantId, after, pattern, query.state ?? null, query.limit + 1],
  )
  const rows = found.rows.slice(0, query.limit)
  return { rows, next: found.rows.length > query.limit ? rows.at(-1)!.id : null }
}

/** Roles may only be given by somebody who may manage roles, unless they carry no more than the giver has: no way to rise by oneself. */
async function checkRoles(tx: Tx, actor: Actor, roleIds: readonly string[]): Promise<void> {
  if (actor.permissions.has('role.manage')) return
  const found = await tx.query<{ permissions: string[]; sees_all: boolean }>(
    'select permissions, sees_all from role where tenant_id = $1 and id = any($2::bigint[])',
    [actor.tenantId, roleIds],
  )
  const tooMuch = found.rows.some(r => (r.sees_all && !actor.seesAll) || r.permissions.some(p => !(actor.permissions as ReadonlySet<string>).has(p)))
  if (tooMuch) stop('permission.missing', { permission: 'role.manage' }, '/roleIds')
}

export async function invite(
  tx: Tx,
  actor: Actor,
  now: string,
  input: { login: string; name: string; nameEn?: string | null; title?: string | null; departmentId?: string | null; roleIds: readonly string[] },
): Promise<{ id: string; ticket: string }> {
  await checkRoles(tx, actor, input.roleIds)
  const id = await addUser(tx, actor.tenantId, { ...input, passwordHash: null })
  await audit(tx, actor, now, {
    kind: 'user.invite',
    recordKind: 'user',
    recordId: id,
    after: { departmentId: input.departmentId ?? null, roleIds: input.roleIds },
  })
  return { id, ticket: await makeTicket(tx, actor.tenantId, id, 'invite') }
}

/** Someone else must remain who can manage people and roles. */
async function guardLastAdministrator(tx: Tx, tenantId: string, without: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(2, hashtext($1))', [tenantId])
  const others = await tx.query(
    `select 1 from app_user u join user_role ur on ur.tenant_id = u.tenant_id and ur.user_id = u.id join role r on r.tenant_id = ur.tenant_id and r.id = ur.role_id
      where u.tenant_id = $1 and u.id <> $2 and u.state = 'active' and r.key = 'administrator' limit 1`,
    [tenantId, without],
  )
  if (others.rowCount === 0) stop('user.lastAdministrator')
}

const isAdministrator = async (tx: Tx, tenantId: string, userId: string): Promise<boolean> => {
  const found = await tx.query(
    `select 1 from user_role ur join role r on r.tenant_id = ur.tenant_id and r.id = ur.role_id where ur.tenant_id = $1 and ur.user_id = $2 and r.key = 'administrator'`,
    [tenantId, userId],
  )
  return found.rowCount !== 0
}

export async function changeUser(
  tx: Tx,
  actor: Actor,
  now: string,
  id: string,
  ifMatch: number,
  change: { name?: string; nameEn?: string | null; title?: string | null; departmentId?: string | null; roleIds?: readonly string[] },
): Promise<number> {
  const before = await lockVersion<{ department_id: string | null; title: string | null }>(tx, 'app_user', actor.tenantId, id, ifMatch)
  if (change.roleIds) {
    await checkRoles(tx, actor, change.roleIds)
    const wasAdministrator = await isAdministrator(tx, actor.tenantId, id)
    await giveRoles(tx, actor.tenantId, id, change.roleIds)
    if (wasAdministrator && !(await isAdministrator(tx, actor.tenantId, id))) await guardLastAdministrator(tx, actor.tenantId, id)
  }
  const given = (key: keyof typeof change) => Object.hasOwn(change, key)
  const updated = await tx.query<{ row_version: number }>(
    `update app_user set name = coalesce($3, name), name_en = case when $4 then $5 else name_en end, title = case when $6 then $7 else title end,
       department_id = case when $8 then $9::bigint else department_id end, row_version = row_version + 1 where tenant_id = $1 and id = $2 returning row_version`,
    [
      actor.tenantId,
      id,
      change.name ?? null,
      given('nameEn'),
      change.nameEn ?? null,
      given('title'),
      change.title ?? null,
      given('departmentId'),
      change.departmentId ?? null,
    ],
  )
  await audit(tx, actor, now, {
    kind: 'user.update',
    recordKind: 'user',
    recordId: id,
    before: { departmentId: before.department_id },
    after: {
      ...(given('departmentId') ? { departmentId: change.departmentId ?? null } : {}),
      ...(change.roleIds ? { roleIds: change.roleIds } : {}),
    },
  })
  return updated.rows[0]!.row_version
}

export async function reset(tx: Tx, actor: Actor, now: string, id: string): Promise<string> {
  const known = await tx.query(`select 1 from app_user where tenant_id = $1 and id = $2 and state <> 'inactive'`, [actor.tenantId, id])
  if (known.rowCount === 0) stop('record.notFound')
  await tx.query('delete from session where tenant_id = $1 and user_id = $2', [actor.tenantId, id])
  await audit(tx, actor, now, { kind: 'user.reset', recordKind: 'user', recordId: id })
  return makeTicket(tx, actor.tenantId, id, 'reset')
}

/** Leaving is immediate: sessions and keys end with the commit, and everything held goes to the successor in the same transaction. */
export async function deactivate(tx: Tx, actor: Actor, now: string, id: string, successorId: string | null): Promise<Holdings> {
  if (id === actor.userId) stop('user.selfDeactivate')
  const found = await tx.query(`select 1 from app_user where tenant_id = $1 and id = $2 and state <> 'inactive' for update`, [actor.tenantId, id])
  if (found.rowCount === 0) stop('record.notFound')
  if (await isAdministrator(tx, actor.tenantId, id)) await guardLastAdministrator(tx, actor.tenantId, id)
  const counts = await countHeld(tx, actor, id)
  const held = holdingsOf(counts)
  if ([...counts.values()].some(n => n > 0)) {
    if (!successorId)
      stop(
        'user.needsSuccessor',
        { ...held, others: [...counts.values()].reduce((a, b) => a + b, 0) - held.accounts - held.territories },
        '/successorId',
      )
    const successor = await tx.query(`select 1 from app_user where tenant_id = $1 and id = $2 and state = 'active'`, [actor.tenantId, successorId])
    if (successor.rowCount === 0 || successorId === id) stop('user.inactiveSuccessor', undefined, '/successorId')
    await moveHoldings(tx, actor, now, id, successorId!)
  }
  await tx.query(`update app_user set state = 'inactive', deactivated_at = $3, row_version = row_version + 1 where tenant_id = $1 and id = $2`, [
    actor.tenantId,
    id,
    now,
  ])
  await tx.query('delete from session where tenant_id = $1 and (user_id = $2 or view_as_id = $2)', [actor.tenantId, id])
  await tx.query('update api_key set revoked_at = now() where tenant_id = $1 and user_id = $2 and revoked_at is null', [actor.tenantId, id])
  await tx.query('delete from ticket where tenant_id = $1 and user_id = $2', [actor.tenantId, id])
  await audit(tx, actor, now, { kind: 'user.deactivate', recordKind: 'user', recordId: id, after: { successorId, ...held } })
  return held
}

export async function activate(tx: Tx, actor: Actor, now: string, id: string): Promise<void> {
  const back = await tx.query(
    `update app_user set state = 'active', deactivated_at = null, row_version = row_version + 1 where tenant_id = $1 and id = $2 and state = 'inactive'`,
    [actor.tenantId, id],
  )
  if (back.rowCount === 0) stop('record.notFound')
  await audit(tx, actor, now, { kind: 'user.activate', recordKind: 'user', recordId: id })
}
