/**
 * Changing pools and their rules 公海设置: what is saved holds from the same moment, and a job places again whom it concerns. A changed policy
 * carries its grace with it: nobody is reclaimed by a rule that a minute ago was another.
 */
import type { CompanyBody, PolicyBody, PoolBody } from '../../contract/pool/settings.ts'
import type { Condition } from '../../core/condition/condition.ts'
import type { Policy } from '../../core/pool/clock.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { askForJob } from '../kernel/jobs.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { assertRule } from '../territory/check-rule.ts'
import { loadEnv } from '../territory/load-env.ts'
import { listsOf, loadModel } from '../territory/load-model.ts'
import { loadVocabulary } from '../territory/vocabulary.ts'
import { bumpPools, loadPools } from './store.ts'

const POOLS_MOST = 200

async function checkCondition(tx: Tx, actor: Actor, condition: Condition): Promise<void> {
  const model = await loadModel(tx, actor.tenantId, actor.modelId)
  const env = await loadEnv(tx, actor.tenantId, model, listsOf(condition))
  await assertRule(tx, actor.tenantId, condition, env, await loadVocabulary(tx, actor, actor.locale, [condition]))
}

async function checkPool(tx: Tx, actor: Actor, pool: Partial<PoolBody>): Promise<void> {
  if (pool.condition) await checkCondition(tx, actor, pool.condition)
  if (pool.territoryId) {
    const known = await tx.query('select 1 from territory where tenant_id = $1 and model_id = $2 and id = $3', [
      actor.tenantId,
      actor.modelId,
      pool.territoryId,
    ])
    if (known.rowCount === 0) stop('record.notFound', undefined, '/territoryId')
  }
  if (pool.admins && pool.admins.length > 0) {
    const known = await tx.query<{ n: number }>('select count(*)::int as n from app_user where tenant_id = $1 and id = any($2::bigint[])', [
      actor.tenantId,
      pool.admins,
    ])
    if (known.rows[0]!.n !== new Set(pool.admins).size) stop('record.notFound', undefined, '/admins')
  }
  const steps = pool.steps ?? []
  if (steps.some((s, i) => (i === 0 ? s.afterHours !== 0 : s.afterHours <= steps[i - 1]!.afterHours))) stop('pool.steps', undefined, '/steps')
}

const COLUMNS = {
  name: 'name',
  position: 'position',
  deadEnd: 'dead_end',
  condition: 'condition',
  territoryId: 'territory_id',
  admins: 'admins',
  members: 'members',
  masks: 'masks',
  steps: 'steps',
  rules: 'rules',
} as const
const JSONS = new Set(['condition', 'members', 'masks', 'steps', 'rules'])
const cell = (key: string, value: unknown): unknown => (JSONS.has(key) ? JSON.stringify(value) : value)

export async function addPool(tx: Tx, actor: Actor, now: string, body: PoolBody): Promise<string> {
  await checkPool(tx, actor, body)
  const have = await tx.query<{ n: number }>('select count(*)::int as n from pool where tenant_id = $1', [actor.tenantId])
  if (have.rows[0]!.n >= POOLS_MOST) stop('pool.tooMany', { most: POOLS_MOST })
  const keys = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[]
  const made = await tx.query<{ id: string }>(
    `insert into pool (tenant_id, created_by, created_at, closed_at, ${keys.map(k => COLUMNS[k]).join(', ')})
     values ($1, $2, $3, case when $4 then null else $3::timestamptz end, ${keys.map((_, i) => `$${i + 5}`).join(', ')}) returning id::text`,
    [actor.tenantId, actor.userId, now, body.open, ...keys.map(k => cell(k, body[k]))],
  )
  const id = made.rows[0]!.id
  await bumpPools(tx, actor.tenantId)
  await audit(tx, actor, now, { kind: 'pool.create', recordKind: 'pool', recordId: id, after: { ...body } })
  await askForJob(tx, actor.tenantId, 'pool.place', { poolId: id }, actor.userId)
  return id
}

export async function changePool(tx: Tx, actor: Actor, now: string, id: string, ifMatch: number, change: Partial<PoolBody>): Promise<number> {
  await checkPool(tx, actor, change)
  const before = (await loadPools(tx, actor.tenantId)).pools.find(p => p.id === id) ?? stop('record.notFound')
  const keys = (Object.keys(COLUMNS) as (keyof typeof COLUMNS)[]).filter(k => change[k] !== undefined)
  const updated = await tx.query<{ row_version: number }>(
    `update pool set row_version = row_version + 1, closed_at = case when $4::bool is null then closed_at when $4 then null else coalesce(closed_at, $5::timestamptz) end
       ${keys.map((k, i) => `, ${COLUMNS[k]} = $${i + 6}`).join('')} where tenant_id = $1 and id = $2 and row_version = $3 returning row_version`,
    [actor.tenantId, id, ifMatch, change.open ?? null, now, ...keys.map(k => cell(k, change[k]))],
  )
  const row = updated.rows[0] ?? stop('record.stale', { current: before.rowVersion })
  await bumpPools(tx, actor.tenantId)
  const old = before as unknown as Record<string, unknown>
  await audit(tx, actor, now, {
    kind: 'pool.update',
    recordKind: 'pool',
    recordId: id,
    before: Object.fromEntries(Object.keys(change).map(k => [k, old[k] ?? null])),
    after: { ...change },
  })
  // Names and limits hold by themselves; who stands there, who sees it and what it shows is written with each entry.
  if (['open', 'deadEnd', 'condition', 'territoryId', 'admins', 'masks', 'steps', 'position'].some(k => k in change))
    await askForJob(tx, actor.tenantId, 'pool.place', { poolId: id }, actor.userId)
  return row.row_version
}

export async function dropPool(tx: Tx, actor: Actor, now: string, id: string, ifMatch: number): Promise<void> {
  const stored = await loadPools(tx, actor.tenantId)
  const pool = stored.pools.find(p => p.id === id) ?? stop('record.notFound')
  if (pool.rowVersion !== ifMatch) stop('record.stale', { current: pool.rowVersion })
  const inside = await tx.query<{ n: number }>(
    'select count(*)::int as n from (select 1 from pool_entry where tenant_id = $1 and pool_id = $2 limit 1000) x',
    [actor.tenantId, id],
  )
  if (inside.rows[0]!.n > 0) stop('pool.inUse', { n: inside.rows[0]!.n })
  await tx.query('update pool_policy set to_pool_id = null where tenant_id = $1 and to_pool_id = $2', [actor.tenantId, id])
  await tx.query('delete from pool where tenant_id = $1 and id = $2', [actor.tenantId, id])
  await bumpPools(tx, actor.tenantId)
  await audit(tx, actor, now, { kind: 'pool.delete', recordKind: 'pool', recordId: id, before: { name: pool.name } })
}

/** The whole list in its order; what says the same as before keeps its grace, whatever stands around it. */
export async function writePolicies(tx: Tx, actor: Actor, now: string, ifMatch: number, policies: readonly PolicyBody[]): Promise<number> {
  for (const p of policies) await checkCondition(tx, actor, p.condition)
  const rowVersion = await takeSetting(tx, actor, ifMatch)
  const stored = await loadPools(tx, actor.tenantId)
  const known = new Map(stored.policies.map(p => [p.id, p]))
  for (const p of policies) if (p.toPoolId !== null && !stored.pools.some(x => x.id === p.toPoolId)) stop('pool.notPool', undefined, '/policies')
  const same = (p: PolicyBody, position: number): boolean => {
    const old = p.id === null ? undefined : known.get(p.id)
    return old !== undefined && old.position === position && JSON.stringify(sense(old)) === JSON.stringify(sense(p))
  }
  await tx.query('delete from pool_policy where tenant_id = $1 and id <> all($2::bigint[])', [actor.tenantId, policies.flatMap(p => p.id ?? [])])
  for (const [position, p] of policies.entries()) {
    const values = [actor.tenantId, p.name, position, p.enabled, JSON.stringify(p.condition), JSON.stringify(p.terms), p.toPoolId]
    const grace = `$8::timestamptz + make_interval(days => $9)`
    if (p.id === null || !known.has(p.id))
      await tx.query(
        `insert into pool_policy (tenant_id, name, position, enabled, condition, terms, to_pool_id, grace_until) values ($1, $2, $3, $4, $5, $6, $7, ${grace})`,
        [...values, now, stored.company.graceDays],
      )
    else
      await tx.query(
        `update pool_policy set name = $2, position = $3, enabled = $4, condition = $5, terms = $6, to_pool_id = $7, row_version = row_version + 1,
           grace_until = case when $11 then grace_until else ${grace} end where tenant_id = $1 and id = $10`,
        [...values, now, stored.company.graceDays, p.id, same(p, position)],
      )
  }
  await bumpPools(tx, actor.tenantId)
  await audit(tx, actor, now, { kind: 'pool.policies', recordKind: 'pool', after: { policies } })
  await askForJob(tx, actor.tenantId, 'pool.clocks', {}, actor.userId)
  return rowVersion
}
/** What a policy says to customers: its name and its warnings are no reason for a grace. */
const sense = (p: Pick<Policy, 'enabled' | 'condition' | 'terms' | 'toPoolId'>) => [
  p.enabled,
  p.condition,
  {
    triggers: p.terms.triggers.map(t => ({ kind: t.kind, days: t.days })),
    all: p.terms.all,
    workingDays: p.terms.workingDays,
    guards: p.terms.guards,
  },
  p.toPoolId,
]

export async function writeCompanyRules(tx: Tx, actor: Actor, now: string, ifMatch: number, rules: CompanyBody): Promise<number> {
  for (const cap of rules.caps) if (cap.counts) await checkCondition(tx, actor, cap.counts)
  const before = (await loadPools(tx, actor.tenantId)).company
  const rowVersion = await takeSetting(tx, actor, ifMatch)
  await tx.query('update pool_setting set rules = $2, stamp = stamp + 1 where tenant_id = $1', [actor.tenantId, JSON.stringify(rules)])
  const counting = (r: CompanyBody | typeof before) => JSON.stringify([r.followUp, r.holidays, r.workdays, r.contractField])
  // What counts as a follow-up is part of every policy: changed, it gives the same grace.
  if (counting(before) !== counting(rules)) {
    await tx.query(`update pool_policy set grace_until = $2::timestamptz + make_interval(days => $3) where tenant_id = $1`, [
      actor.tenantId,
      now,
      rules.graceDays,
    ])
    await askForJob(tx, actor.tenantId, 'pool.clocks', {}, actor.userId)
  }
  await audit(tx, actor, now, { kind: 'pool.rules', recordKind: 'pool', before: { ...before }, after: { ...rules } })
  return rowVersion
}

/** Two who save at once: the second learns of it. A company without rules yet stands at version 0. */
async function takeSetting(tx: Tx, actor: Actor, ifMatch: number): Promise<number> {
  await tx.query('insert into pool_setting (tenant_id, row_version) values ($1, 0) on conflict do nothing', [actor.tenantId])
  const taken = await tx.query<{ row_version: number }>(
    'update pool_setting set row_version = row_version + 1 where tenant_id = $1 and row_version = $2 returning row_version',
    [actor.tenantId, ifMatch],
  )
  if (taken.rows[0]) return taken.rows[0].row_version
  const now = await tx.query<{ v: number }>('select row_version as v from pool_setting where tenant_id = $1', [actor.tenantId])
  return stop('record.stale', { current: now.rows[0]!.v })
}
