/** Roles: what one may do and which fields one may see. The administrator role keeps all its permissions, so that nobody locks the house. */
import type { Role } from '../../contract/identity/people.ts'
import type { Labels } from '../../contract/kernel/shapes.ts'
import type { FieldAccess, Permission } from '../../core/access/permissions.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { lockVersion } from './versioned.ts'

export async function findRoles(tx: Tx, actor: Actor): Promise<{ rows: Role[] }> {
  const found = await tx.query<Role>(
    `select r.id::text, r.key, r.labels, r.permissions, r.field_access as "fieldAccess", r.sees_all as "seesAll", r.built_in as "builtIn", r.row_version as "rowVersion",
            (select count(*)::int from user_role ur where ur.tenant_id = $1 and ur.role_id = r.id) as users
       from role r where r.tenant_id = $1 and r.deleted_at is null order by r.id limit 500`,
    [actor.tenantId],
  )
  return { rows: found.rows }
}

type RoleInput = { labels: Labels; permissions: readonly Permission[]; fieldAccess: Record<string, FieldAccess>; seesAll: boolean }

export async function addRole(tx: Tx, actor: Actor, now: string, input: RoleInput & { key: string }): Promise<string> {
  const made = await tx.query<{ id: string }>(
    'insert into role (tenant_id, key, labels, permissions, field_access, sees_all) values ($1, $2, $3, $4, $5, $6) returning id::text',
    [actor.tenantId, input.key, JSON.stringify(input.labels), input.permissions, JSON.stringify(input.fieldAccess), input.seesAll],
  )
  await audit(tx, actor, now, { kind: 'role.create', recordKind: 'role', recordId: made.rows[0]!.id, after: { ...input } })
  return made.rows[0]!.id
}

export async function changeRole(tx: Tx, actor: Actor, now: string, id: string, ifMatch: number, change: Partial<RoleInput>): Promise<number> {
  const before = await lockVersion<{ key: string; permissions: string[]; sees_all: boolean; field_access: unknown; labels: unknown }>(
    tx,
    'role',
    actor.tenantId,
    id,
    ifMatch,
  )
  if (before.key === 'administrator' && (change.permissions || change.seesAll === false || Object.keys(change.fieldAccess ?? {}).length > 0))
    stop('role.builtIn')
  const updated = await tx.query<{ row_version: number }>(
    `update role set labels = coalesce($3, labels), permissions = coalesce($4, permissions), field_access = coalesce($5, field_access), sees_all = coalesce($6, sees_all),
       row_version = row_version + 1 where tenant_id = $1 and id = $2 returning row_version`,
    [
      actor.tenantId,
      id,
      change.labels ? JSON.stringify(change.labels) : null,
      change.permissions ?? null,
      change.fieldAccess ? JSON.stringify(change.fieldAccess) : null,
      change.seesAll ?? null,
    ],
  )
  await audit(tx, actor, now, {
    kind: 'role.update',
    recordKind: 'role',
    recordId: id,
    before: { permissions: before.permissions, seesAll: before.sees_all, fieldAccess: before.field_access },
    after: { ...change },
  })
  return updated.rows[0]!.row_version
}

export async function removeRole(tx: Tx, actor: Actor, now: string, id: string, ifMatch: number): Promise<void> {
  const before = await lockVersion<{ key: string }>(tx, 'role', actor.tenantId, id, ifMatch)
  if (before.key === 'administrator') stop('role.builtIn')
  const used = await tx.query<{ users: number }>('select count(*)::int as users from user_role where tenant_id = $1 and role_id = $2', [
    actor.tenantId,
    id,
  ])
  if (used.rows[0]!.users > 0) stop('role.inUse', { users: used.rows[0]!.users })
  await tx.query('update role set deleted_at = now(), key = key || $3, row_version = row_version + 1 where tenant_id = $1 and id = $2', [
    actor.tenantId,
    id,
    `~${id}`,
  ])
  await audit(tx, actor, now, { kind: 'role.delete', recordKind: 'role', recordId: id })
}
