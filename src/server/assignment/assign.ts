/** Giving one account to a person, pinning it to a territory: dated acts with a reason, and the account is placed again at once. */
import { tokensOf } from '../../core/access/tokens.ts'
import { enterWriters, writeInstant } from '../account/facts.ts'
import { placer, settle } from '../account/placer.ts'
import { lockOne } from '../account/save-account.ts'
import { notify } from '../identity/notify.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { loadModel } from '../territory/load-model.ts'
import { beforeGiving } from './placing-parts.ts'

type Standing = { owner_id: string | null; territory_id: string | null }
const standingOf = async (tx: Tx, actor: Actor, accountId: string): Promise<Standing> => {
  const found = await tx.query<Standing>(
    'select owner_id::text, territory_id::text from account_placement where tenant_id = $1 and model_id = $2 and account_id = $3',
    [actor.tenantId, actor.modelId, accountId],
  )
  return found.rows[0] ?? stop('record.notFound')
}

/** People inside a manager's own territories: members of the subtree of those of which the manager is a member, and of the led departments. */
export async function isBelow(tx: Tx, actor: Actor, userId: string): Promise<boolean> {
  if (actor.seesAll || userId === actor.userId) return true
  const held = new Set(actor.tokens)
  const departments = await tx.query<{ id: string }>(
    `with recursive up(id) as (select department_id from app_user where tenant_id = $1 and id = $2 union all select d.parent_id from department d join up on d.id = up.id where d.tenant_id = $1 and d.parent_id is not null)
     select id::text from up where id is not null`,
    [actor.tenantId, userId],
  )
  const person = { userId: '1', teamIds: [], seesAll: false }
  const led = tokensOf({ ...person, ledDepartmentIds: departments.rows.map(r => r.id), territoryIds: [] }).slice(1)
  if (led.some(t => held.has(t))) return true
  const model = await loadModel(tx, actor.tenantId, actor.modelId)
  const parents = new Map(model.territories.map(t => [t.id, t.parentId]))
  const chain = model.members
    .filter(m => m.userId === userId)
    .flatMap(m => {
      const ids: string[] = []
      for (let at: string | null = m.territoryId; at !== null && !ids.includes(at); at = parents.get(at) ?? null) ids.push(at)
      return ids
    })
  return tokensOf({ ...person, ledDepartmentIds: [], territoryIds: chain })
    .slice(1)
    .some(t => held.has(t))
}

export async function assign(tx: Tx, actor: Actor, accountId: string, ownerId: string | null, reason: string): Promise<void> {
  await enterWriters(tx, actor.tenantId)
  const mayHold = ownerId === null ? null : await beforeGiving(tx, actor.tenantId, actor.userId, ownerId)
  await lockOne(tx, actor, accountId, null)
  await settle(tx, actor.tenantId, [accountId])
  await mayHold?.([accountId])
  const before = await standingOf(tx, actor, accountId)
  if (ownerId !== null) {
    const person = await tx.query<{ name: string }>(`select name from app_user where tenant_id = $1 and id = $2 and state <> 'inactive'`, [
      actor.tenantId,
      ownerId,
    ])
    if (person.rowCount === 0) stop('record.notFound', undefined, '/ownerId')
    if (!(await isBelow(tx, actor, ownerId))) stop('assign.outsideSight', undefined, '/ownerId')
  }
  const at = await writeInstant(tx)
  await recordAct(
    tx,
    actor,
    at,
    accountId,
    ownerId === null ? 'return' : before.owner_id === null ? 'assign' : 'transfer',
    ownerId,
    before.territory_id,
    reason,
    { priorOwnerId: before.owner_id },
  )
  await audit(tx, actor, at, {
    kind: 'account.assign',
    recordKind: 'account',
    recordId: accountId,
    accountId,
    why: reason,
    before: { ownerId: before.owner_id },
    after: { ownerId },
  })
  await placer().place(tx, actor.tenantId, at, [{ id: accountId }])
  if (ownerId !== null && ownerId !== actor.userId)
    await notify(tx, actor, at, ownerId, 'account.assigned', accountId, { by: actor.userName, reason })
}

export const recordAct = (
  tx: Tx,
  actor: Actor,
  at: string,
  accountId: string,
  kind: string,
  ownerId: string | null,
  territoryId: string | null,
  reason: string | null,
  rest: ActRest = {},
): Promise<unknown> =>
  tx.query(
    `insert into ownership_act (tenant_id, account_id, kind, owner_id, model_id, territory_id, reason, created_by, at, pool_id, prior_owner_id, detail)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      actor.tenantId,
      accountId,
      kind,
      ownerId,
      actor.modelId,
      territoryId,
      reason,
      actor.userId,
      at,
      rest.poolId ?? null,
      rest.priorOwnerId ?? null,
      rest.detail ? JSON.stringify(rest.detail) : null,
    ],
  )
/** The pool an act leads to or comes from, whose the customer was, and the reason as data. */
export type ActRest = { readonly poolId?: string | null; readonly priorOwnerId?: string | null; readonly detail?: Record<string, unknown> | null }

/** Members of the account's territory first, then people found by name. */
export async function findOwners(tx: Tx, actor: Actor, accountId: string, search?: string) {
  const before = await standingOf(tx, actor, accountId)
  const pattern = search
    ? `%${search
        .normalize('NFKC')
        .toLowerCase()
        .replace(/[%_\\]/g, '\\$&')}%`
    : null
  const found = await tx.query<{ id: string; name: string; title: string | null; member: boolean; held: number }>(
    `select u.id::text, u.name, u.title, mine.user_id is not null as member,
            (select count(*)::int from (select 1 from account_placement p where p.tenant_id = $1 and p.model_id = $3 and p.owner_id = u.id limit 1000) held) as held
       from app_user u left join (select distinct user_id from territory_member where tenant_id = $1 and territory_id = $2 and cancels_id is null and starts_at <= now() and (ends_at is null or ends_at > now())) mine on mine.user_id = u.id
      where u.tenant_id = $1 and u.state = 'active' and ($4::text is null or lower(u.name) like $4 or u.login like $4) and (mine.user_id is not null or $4::text is not null)
      order by member desc, u.name, u.id limit 20`,
    [actor.tenantId, before.territory_id, actor.modelId, pattern],
  )
  return { rows: found.rows }
}

export async function pin(
  tx: Tx,
  actor: Actor,
  accountId: string,
  input: { territoryId: string; until: string | null; reason: string },
): Promise<string> {
  await enterWriters(tx, actor.tenantId)
  await lockOne(tx, actor, accountId, null)
  const model = await loadModel(tx, actor.tenantId, actor.modelId)
  if (!model.territories.some(t => t.id === input.territoryId)) stop('record.notFound', undefined, '/territoryId')
  const at = await writeInstant(tx)
  if (input.until && Date.parse(input.until) <= Date.parse(at)) stop('member.dates', undefined, '/until')
  const made = await tx.query<{ id: string }>(
    'insert into territory_pin (tenant_id, account_id, territory_id, starts_at, ends_at, reason, created_by, created_at) values ($1, $2, $3, $4, $5, $6, $7, $4) returning id::text',
    [actor.tenantId, accountId, input.territoryId, at, input.until, input.reason, actor.userId],
  )
  const id = made.rows[0]!.id
  await audit(tx, actor, at, {
    kind: 'account.pin',
    recordKind: 'account',
    recordId: accountId,
    accountId,
    why: input.reason,
    after: { territoryId: input.territoryId, until: input.until },
  })
  await placer().place(tx, actor.tenantId, at, [{ id: accountId }])
  return id
}

export async function unpin(tx: Tx, actor: Actor, id: string): Promise<void> {
  const found = await tx.query<{ account_id: string }>(
    'select account_id::text from territory_pin where tenant_id = $1 and id = $2 and cancelled_at is null',
    [actor.tenantId, id],
  )
  const accountId = found.rows[0]?.account_id
  if (!accountId) return stop('record.notFound')
  await enterWriters(tx, actor.tenantId)
  await lockOne(tx, actor, accountId, null)
  const at = await writeInstant(tx)
  await tx.query('update territory_pin set cancelled_at = $3 where tenant_id = $1 and id = $2', [actor.tenantId, id, at])
  await audit(tx, actor, at, { kind: 'account.unpin', recordKind: 'account', recordId: accountId, accountId })
  await placer().place(tx, actor.tenantId, at, [{ id: accountId }])
}
