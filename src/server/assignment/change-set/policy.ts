/** The company's policy for changes, and whom it asks about one change set. */
import type { Locale } from '../../../contract/kernel/shapes.ts'
import type { PolicyLineRow } from '../../../contract/territory/change-policy.ts'
import type { ChangeFigures } from '../../../contract/territory/change-sets.ts'
import { type Approvers, chooseApprovers, type ManagerShare, type PolicyLine } from '../../../core/territory/approvers.ts'
import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import { stop } from '../../kernel/refusal-error.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { loadModel } from '../../territory/load-model.ts'

export async function readPolicy(tx: Tx, tenantId: string, locale: Locale = 'en'): Promise<(PolicyLineRow & { id: string; who: string | null })[]> {
  const found = await tx.query<PolicyLineRow & { id: string; who: string | null }>(
    `select p.id::text, p.measure, p.at_least::float8 as "atLeast", p.approver, p.role_id::text as "roleId", p.user_id::text as "userId", coalesce(r.labels->>$2, u.name) as who
       from change_policy p left join role r on r.tenant_id = $1 and r.id = p.role_id left join app_user u on u.tenant_id = $1 and u.id = p.user_id where p.tenant_id = $1 order by p.id`,
    [tenantId, locale],
  )
  return found.rows
}

export async function writePolicy(tx: Tx, actor: Actor, now: string, rows: readonly PolicyLineRow[]): Promise<void> {
  for (const [i, r] of rows.entries()) {
    const known =
      r.approver === 'managers'
        ? { rowCount: 1 }
        : r.approver === 'role'
          ? await tx.query('select 1 from role where tenant_id = $1 and id = $2 and deleted_at is null', [actor.tenantId, r.roleId ?? null])
          : await tx.query(`select 1 from app_user where tenant_id = $1 and id = $2 and state <> 'inactive'`, [actor.tenantId, r.userId ?? null])
    if (known.rowCount === 0) stop('policy.nobody', { line: i + 1 }, `/rows/${i}/${r.approver === 'role' ? 'roleId' : 'userId'}`)
    if (r.approver === 'managers' && r.measure !== 'owners') stop('policy.managers', { line: i + 1 }, `/rows/${i}/measure`)
  }
  const before = await readPolicy(tx, actor.tenantId)
  await tx.query('delete from change_policy where tenant_id = $1', [actor.tenantId])
  await tx.query(
    `insert into change_policy (tenant_id, measure, at_least, approver, role_id, user_id)
     select $1, * from unnest($2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[])`,
    [
      actor.tenantId,
      rows.map(r => r.measure),
      rows.map(r => r.atLeast),
      rows.map(r => r.approver),
      rows.map(r => (r.approver === 'role' ? r.roleId! : null)),
      rows.map(r => (r.approver === 'user' ? r.userId! : null)),
    ],
  )
  await audit(tx, actor, now, { kind: 'policy.change', recordKind: 'policy', before: { rows: before }, after: { rows: [...rows] } })
}

/** Whom the policy asks, with the figures that the set was computed with. */
export async function whoApproves(
  tx: Tx,
  tenantId: string,
  set: { id: string; baseModelId: string; authorId: string; figures: ChangeFigures },
): Promise<Approvers> {
  const rows = await readPolicy(tx, tenantId)
  const roles = rows.flatMap(r => (r.roleId ? [r.roleId] : []))
  const holders = await tx.query<{ role: string; id: string }>(
    `select ur.role_id::text as role, u.id::text from user_role ur join app_user u on u.tenant_id = $1 and u.id = ur.user_id and u.state = 'active'
      where ur.tenant_id = $1 and ur.role_id = any($2::bigint[]) order by u.id`,
    [tenantId, roles],
  )
  const active = await tx.query<{ id: string }>(
    `select id::text from app_user where tenant_id = $1 and state = 'active' and id = any($2::bigint[])`,
    [tenantId, rows.flatMap(r => (r.userId ? [r.userId] : []))],
  )
  const known = new Set(active.rows.map(u => u.id))
  const policy = rows.map(
    (r): PolicyLine => ({
      measure: r.measure,
      atLeast: r.atLeast,
      approver: r.approver,
      people:
        r.approver === 'role' ? holders.rows.filter(h => h.role === r.roleId).map(h => h.id) : r.userId && known.has(r.userId) ? [r.userId] : [],
    }),
  )
  return chooseApprovers(set.figures, policy, await managersOf(tx, tenantId, set), set.authorId)
}

/** Managers of the base, each with the accounts that change owner within, into or out of his territories. */
async function managersOf(tx: Tx, tenantId: string, set: { id: string; baseModelId: string }): Promise<readonly ManagerShare[]> {
  const model = await loadModel(tx, tenantId, set.baseModelId)
  const now = new Date().toISOString()
  const managers = model.members.filter(m => m.role === 'manager' && m.startsAt <= now && (m.endsAt === null || m.endsAt > now))
  if (managers.length === 0) return []
  const found = await tx.query<{ id: string; moved: number }>(
    `with recursive below(user_id, id) as (
       select u, t from unnest($4::bigint[], $5::bigint[]) as m(u, t)
       union select b.user_id, c.id from below b join territory c on c.tenant_id = $1 and c.model_id = $3 and c.parent_id = b.id and not c.removed)
     select b.user_id::text as id, count(distinct m.account_id)::int as moved from below b
       join change_set_move m on m.tenant_id = $1 and m.change_set_id = $2 and m.from_owner is distinct from m.to_owner and (m.from_territory = b.id or m.to_territory = b.id)
       join app_user u on u.tenant_id = $1 and u.id = b.user_id and u.state = 'active' group by b.user_id order by count(distinct m.account_id) desc, b.user_id limit 200`,
    [tenantId, set.id, set.baseModelId, managers.map(m => m.userId), managers.map(m => m.territoryId)],
  )
  return found.rows.map(r => ({ userId: r.id, moved: r.moved }))
}
