/**
 * Giving back 退回, moving between pools 转池, and the dead end 死海: each an act with its reason, placed at once. A customer with open business
 * cannot be put where nobody looks.
 */
import { beyondSight } from '../access/beyond-sight.ts'
import { whilePlacing } from '../access/while-placing.ts'
import { enterWriters, writeInstant } from '../account/facts.ts'
import { placer, settle } from '../account/placer.ts'
import { lockOne } from '../account/save-account.ts'
import { recordAct } from '../assignment/assign.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { loadPools, type Pools, type StoredPool } from './store.ts'
import { adminOf } from './who.ts'

type Standing = { owner: string | null; territory: string | null; pool: string | null; act_pool: string | null }
async function standingOf(tx: Tx, actor: Actor, accountId: string): Promise<Standing> {
  const found = await whilePlacing(tx, () =>
    tx.query<Standing>(
      `select owner_id::text as owner, territory_id::text as territory, pool_id::text as pool, null as act_pool from account_placement where tenant_id = $1 and model_id = $2 and account_id = $3`,
      [actor.tenantId, actor.modelId, accountId],
    ),
  )
  return found.rows[0] ?? stop('record.notFound')
}

/** The pool named, if one may send customers there; else none, and the first that fits takes it. */
function destination(stored: Pools, actor: Actor, poolId: string | null): StoredPool | null {
  if (poolId === null) return null
  const pool = stored.pools.find(p => p.id === poolId && p.open) ?? stop('pool.notPool', undefined, '/poolId')
  if (pool.deadEnd && !adminOf(pool, actor)) stop('pool.notPool', undefined, '/poolId')
  return pool
}

/** The owner, or whoever may assign it, gives a customer back with a reason from the list. */
export async function giveBack(
  tx: Tx,
  actor: Actor,
  accountId: string,
  input: { reason: string; remark: string | null; poolId: string | null },
): Promise<{ poolId: string; pool: string }> {
  const stored = await loadPools(tx, actor.tenantId)
  if (!stored.company.returnReasons.includes(input.reason)) stop('pool.reason', undefined, '/reason')
  const pool = destination(stored, actor, input.poolId)
  await enterWriters(tx, actor.tenantId)
  await lockOne(tx, actor, accountId, null)
  await settle(tx, actor.tenantId, [accountId])
  const before = await standingOf(tx, actor, accountId)
  if (before.owner === null) stop('pool.notOwner')
  if (before.owner !== actor.userId && !actor.permissions.has('account.assign')) stop('pool.notOwner')
  if (pool?.deadEnd) await assertUnreferenced(tx, actor, accountId)
  const at = await writeInstant(tx)
  await recordAct(tx, actor, at, accountId, 'return', null, before.territory, input.remark, {
    poolId: pool?.id ?? null,
    priorOwnerId: before.owner,
    detail: { reason: input.reason },
  })
  await audit(tx, actor, at, {
    kind: 'account.return',
    recordKind: 'account',
    recordId: accountId,
    accountId,
    why: input.remark,
    before: { ownerId: before.owner },
    after: { ownerId: null, reason: input.reason, poolId: pool?.id ?? null },
  })
  await endProtections(tx, actor.tenantId, at, [accountId])
  await placer().place(tx, actor.tenantId, at, [{ id: accountId }])
  const after = await standingOf(tx, actor, accountId)
  const landed = stored.pools.find(p => p.id === after.pool) ?? stop('pool.noPool')
  return { poolId: landed.id, pool: landed.name }
}

/** From one pool to another, by who looks after the pools. */
export async function movePool(tx: Tx, actor: Actor, accountId: string, fromId: string, poolId: string, reason: string): Promise<void> {
  const stored = await loadPools(tx, actor.tenantId)
  const pool = destination(stored, actor, poolId)!
  await beyondSight(tx, async () => {
    await enterWriters(tx, actor.tenantId)
    await lockOne(tx, actor, accountId, null)
    await settle(tx, actor.tenantId, [accountId])
    const before = await standingOf(tx, actor, accountId)
    const from = stored.pools.find(p => p.id === before.pool)
    if (!from || from.id !== fromId || !adminOf(from, actor)) stop('pool.gone')
    if (pool.deadEnd) await assertUnreferenced(tx, actor, accountId)
    const at = await writeInstant(tx)
    // It is still the same giving back: who let it go and when stays with the act before.
    await recordAct(tx, actor, at, accountId, 'return', null, before.territory, reason, {
      poolId: pool.id,
      detail: { reason: 'other', moved: from!.id },
    })
    await audit(tx, actor, at, {
      kind: 'pool.move',
      recordKind: 'account',
      recordId: accountId,
      accountId,
      why: reason,
      before: { poolId: before.pool },
      after: { poolId: pool.id },
    })
    await placer().place(tx, actor.tenantId, at, [{ id: accountId }])
  })
}

/** What still hangs on a customer: it may not lie where nobody looks. */
async function assertUnreferenced(tx: Tx, actor: Actor, accountId: string): Promise<void> {
  const found = await tx.query<{ what: string }>(
    `select 'openDeal' as what from opportunity where tenant_id = $1 and account_id = $2 and deleted_at is null and stage not in ('won', 'lost')
     union all select 'task' from task where tenant_id = $1 and account_id = $2 and deleted_at is null and done_at is null
     union all select 'request' from approval_request where tenant_id = $1 and account_id = $2 and state = 'asked'
     union all select 'child' from account where tenant_id = $1 and parent_id = $2 and deleted_at is null limit 1`,
    [actor.tenantId, accountId],
  )
  const first = found.rows[0]?.what
  if (first) {
    const words = {
      openDeal: ['在途商机', 'an open deal'],
      task: ['未完成的任务', 'an open task'],
      request: ['待批的申请', 'a waiting request'],
      child: ['下级公司', 'companies below it'],
    }[first]!
    stop('pool.referenced', { what: actor.locale === 'en' ? words[1]! : words[0]! })
  }
}

export const endProtections = (tx: Tx, tenantId: string, at: string, ids: readonly string[]): Promise<unknown> =>
  tx.query('update pool_protection set ended_at = $3 where tenant_id = $1 and account_id = any($2::bigint[]) and ended_at is null', [
    tenantId,
    ids,
    at,
  ])
