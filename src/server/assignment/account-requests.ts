/**
 * What a person may ask about a customer 客户申请: to be given it (or have it given to another), or to have it shared. The nearest person who
 * may decide is asked: the manager of its territory, then of the territories above, then the leaders of the owner's departments, then
 * whoever sees everything. Approval runs `assign` or `share` as that person, with the asker's reason.
 */
import { share } from '../account/attached.ts'
import type { ApprovalKind, Asked, Basis } from '../approval/kinds.ts'
import { actorOfUser } from '../identity/load-actor.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { loadModel } from '../territory/load-model.ts'
import { assign, isBelow } from './assign.ts'

type Standing = { id: string; owner_id: string | null; territory_id: string | null }

async function standings(tx: Tx, actor: Actor, ids: readonly string[]): Promise<readonly Standing[]> {
  const found = await tx.query<Standing>(
    `select a.id::text, p.owner_id::text, p.territory_id::text from account a join account_placement p on p.tenant_id = $1 and p.model_id = $2 and p.account_id = a.id
      where a.tenant_id = $1 and a.id = any($3::bigint[]) and a.deleted_at is null`,
    [actor.tenantId, actor.modelId, ids],
  )
  return found.rows
}
const standingOf = async (tx: Tx, actor: Actor, id: string): Promise<Standing> => (await standings(tx, actor, [id]))[0] ?? stop('record.notFound')

const basis = async (tx: Tx, actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, Basis>> =>
  new Map((await standings(tx, actor, ids)).map(s => [s.id, { ownerId: s.owner_id, territoryId: s.territory_id }]))

const names = async (tx: Tx, actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const found = await tx.query<{ id: string; name: string }>('select id::text, name from account where tenant_id = $1 and id = any($2::bigint[])', [
    actor.tenantId,
    ids,
  ])
  return new Map(found.rows.map(r => [r.id, r.name]))
}

/** Managers up the tree, then leaders up the departments, then those who see all: nearest first, active, never the asker. */
async function candidates(
  tx: Tx,
  actor: Actor,
  at: Standing,
  ownerFirst: boolean,
): Promise<readonly { id: string; name: string; title: string | null }[]> {
  const model = await loadModel(tx, actor.tenantId, actor.modelId)
  const parents = new Map(model.territories.map(t => [t.id, t.parentId]))
  const chain: string[] = []
  for (let id = at.territory_id; id !== null && !chain.includes(id); id = parents.get(id) ?? null) chain.push(id)
  const now = new Date().toISOString()
  const managers = model.members.filter(m => m.role === 'manager' && m.startsAt <= now && (m.endsAt === null || m.endsAt > now))
  const ordered = [
    ...(ownerFirst && at.owner_id ? [at.owner_id] : []),
    ...chain.flatMap(id => managers.filter(m => m.territoryId === id).map(m => m.userId)),
  ]
  const found = await tx.query<{ id: string; name: string; title: string | null; place: number }>(
    `with recursive up(id, depth) as (
       select department_id, 0 from app_user where tenant_id = $1 and id = coalesce($3::bigint, $4::bigint)
       union all select d.parent_id, up.depth + 1 from department d join up on d.id = up.id where d.tenant_id = $1 and d.parent_id is not null and up.depth < 30),
     wanted as (
       select id, place from unnest($2::bigint[]) with ordinality as c(id, place)
       union all select d.leader_id, 1000 + up.depth from up join department d on d.tenant_id = $1 and d.id = up.id where d.leader_id is not null
       union all select ur.user_id, 2000 from user_role ur join role r on r.tenant_id = $1 and r.id = ur.role_id where ur.tenant_id = $1 and r.sees_all and r.deleted_at is null and 'account.assign' = any(r.permissions))
     select u.id::text, u.name, u.title, min(w.place)::int as place from wanted w join app_user u on u.tenant_id = $1 and u.id = w.id
      where u.state = 'active' and u.id <> $4 group by u.id, u.name, u.title order by place, u.id limit 20`,
    [actor.tenantId, ordered, at.owner_id, actor.userId],
  )
  return found.rows
}

/** The first candidate who holds the permission, may edit this account, and (for a transfer) may give it to that person. */
async function nearest(tx: Tx, actor: Actor, asked: Asked, needs: 'account.assign' | 'account.edit', toId: string | null) {
  const at = await standingOf(tx, actor, asked.recordId)
  for (const person of await candidates(tx, actor, at, needs === 'account.edit')) {
    const them = await actorOfUser(tx, actor.tenantId, person.id)
    if (!them?.permissions.has(needs)) continue
    const edits = await tx.query(
      'select 1 from account_placement where tenant_id = $1 and model_id = $2 and account_id = $3 and coalesce(edit_tokens, tokens) && $4::bigint[]',
      [actor.tenantId, actor.modelId, asked.recordId, them.tokens],
    )
    if (edits.rowCount === 0) continue
    if (toId === null || (await isBelow(tx, them, toId))) return { id: person.id, name: person.name, title: person.title }
  }
  return null
}

/** For requests of later capabilities about an account: the nearest one who holds the permission and may edit it. */
export const nearestFor = (tx: Tx, actor: Actor, asked: Asked, needs: 'account.assign' | 'account.edit') => nearest(tx, actor, asked, needs, null)

export const ACCOUNT_TRANSFER: ApprovalKind = {
  kind: 'account.transfer',
  recordKind: 'account',
  permission: 'account.assign',
  check: async (tx, actor, { recordId, payload }) => {
    const at = await standingOf(tx, actor, recordId)
    const ownerId = payload.ownerId ?? stop('assign.missing', undefined, '/payload/ownerId')
    const known = await tx.query(`select 1 from app_user where tenant_id = $1 and id = $2 and state <> 'inactive'`, [actor.tenantId, ownerId])
    if (known.rowCount === 0) stop('record.notFound', undefined, '/payload/ownerId')
    if (at.owner_id === ownerId) stop('approval.pointless')
    return { accountId: recordId }
  },
  approver: (tx, actor, asked) => nearest(tx, actor, asked, 'account.assign', asked.payload.ownerId ?? null),
  basis,
  names,
  carryOut: (tx, actor, { recordId, payload }, why) => assign(tx, actor, recordId, payload.ownerId!, why),
}

/** The asker sees the account already; what he asks for is more: to read what is masked, or to write. */
export const ACCOUNT_SHARE: ApprovalKind = {
  kind: 'account.share',
  recordKind: 'account',
  permission: 'account.edit',
  check: async (tx, actor, { recordId, payload }) => {
    await standingOf(tx, actor, recordId)
    if (!payload.access) stop('input.invalid', undefined, '/payload/access')
    const has = await tx.query<{ edits: boolean; reads: boolean }>(
      `select coalesce(edit_tokens, tokens) && $4::bigint[] as edits, private_tokens && $4::bigint[] as reads from account_placement where tenant_id = $1 and model_id = $2 and account_id = $3`,
      [actor.tenantId, actor.modelId, recordId, actor.tokens],
    )
    const { edits, reads } = has.rows[0]!
    if (payload.access === 'read' || (payload.access === 'private' && reads) || (payload.access === 'edit' && edits)) stop('approval.pointless')
    return { accountId: recordId }
  },
  approver: (tx, actor, asked) => nearest(tx, actor, asked, 'account.edit', null),
  basis,
  names,
  carryOut: async (tx, actor, { recordId, payload, askedBy }) => {
    await share(tx, actor, recordId, { userId: askedBy, access: payload.access!, until: payload.until ?? null })
  },
}
