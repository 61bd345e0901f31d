/**
 * The one truthful countdown per customer 回收倒计时: computed again in the transaction of everything that may move it, and kept where lists can be
 * ordered by it. It belongs to the owner of now; another owner is another clock.
 */
import { type Env, evaluate } from '../../core/condition/evaluate.ts'
import { type AddDays, type Clock, clockOf, makeCalendar } from '../../core/pool/clock.ts'
import { loadCompiled } from '../assignment/compiled.ts'
import { prepared, type Tx } from '../kernel/transaction.ts'
import { loadEnv } from '../territory/load-env.ts'
import { listsOf } from '../territory/load-model.ts'
import { type ClockRow, readClockRows } from './clock-facts.ts'
import type { Pools } from './store.ts'

const PIECE = 2_000
export type Computed = { readonly row: ClockRow; readonly clock: Clock }

/** Working days are counted on the company's own clocks. */
export const calendarOf = (stored: Pools): AddDays => makeCalendar(stored.company.holidays, stored.company.workdays, stored.ahead)

const envs = new WeakMap<object, { stamp: string; env: Env }>()
/** What policies are judged with: the same as long as the model and the pools' settings are. */
async function envOf(tx: Tx, tenantId: string, modelId: string, stored: Pools): Promise<Env> {
  const { loaded, compiled } = await loadCompiled(tx, tenantId, modelId)
  const known = envs.get(compiled)
  if (known?.stamp === stored.stamp) return known.env
  const env = await loadEnv(
    tx,
    tenantId,
    loaded,
    stored.policies.flatMap(p => listsOf(p.condition)),
  )
  envs.set(compiled, { stamp: stored.stamp, env })
  return env
}

export async function computeClocks(tx: Tx, tenantId: string, modelId: string, ids: readonly string[], stored: Pools): Promise<readonly Computed[]> {
  const rows = await readClockRows(tx, tenantId, modelId, ids, stored.company)
  if (rows.length === 0) return []
  const env = await envOf(tx, tenantId, modelId, stored)
  const addDays = calendarOf(stored)
  return rows.map(row => ({
    row,
    clock: clockOf(
      row.clock,
      stored.policies.filter(p => p.enabled && evaluate(p.condition, row.facts, env) === 'yes'),
      addDays,
    ),
  }))
}

/** The caller reads beyond his sight and has locked the accounts, so that the newest facts decide. */
export async function keepClocks(tx: Tx, tenantId: string, modelId: string, ids: readonly string[], stored: Pools): Promise<void> {
  for (let from = 0; from < ids.length; from += PIECE) await keepPiece(tx, tenantId, modelId, ids.slice(from, from + PIECE), stored)
}

async function keepPiece(tx: Tx, tenantId: string, modelId: string, ids: readonly string[], stored: Pools): Promise<void> {
  const computed = await computeClocks(tx, tenantId, modelId, ids, stored)
  const kept = new Set(computed.map(c => c.row.id))
  await dropClocks(
    tx,
    tenantId,
    ids.filter(id => !kept.has(id)),
  )
  if (computed.length === 0) return
  const running = (c: Computed) => (c.clock.state === 'none' ? null : c.clock)
  const seconds = (ms: number | null | undefined) => (ms === null || ms === undefined ? null : ms / 1000)
  await tx.query(
    prepared(
      'pool-clocks',
      `insert into pool_clock (tenant_id, account_id, owner_id, owner_since, state, due_at, base_at, policy_id, trigger, days, guard, to_pool_id, last_at, ignored)
     select $1, id, owner, to_timestamp(since), state, to_timestamp(due), to_timestamp(base), policy, trigger, days, guard, pool, to_timestamp(last), ignored::jsonb
       from unnest($2::bigint[], $3::bigint[], $4::float8[], $5::text[], $6::float8[], $7::float8[], $8::bigint[], $9::text[], $10::int[], $11::text[], $12::bigint[], $13::float8[], $14::text[])
         as c(id, owner, since, state, due, base, policy, trigger, days, guard, pool, last, ignored)
     on conflict (tenant_id, account_id) do update set owner_id = excluded.owner_id, owner_since = excluded.owner_since, state = excluded.state, due_at = excluded.due_at, base_at = excluded.base_at,
       policy_id = excluded.policy_id, trigger = excluded.trigger, days = excluded.days, guard = excluded.guard, to_pool_id = excluded.to_pool_id, last_at = excluded.last_at, ignored = excluded.ignored`,
      [
        tenantId,
        computed.map(c => c.row.id),
        computed.map(c => c.row.ownerId),
        computed.map(c => seconds(c.row.clock.ownerSince)),
        computed.map(c => c.clock.state),
        computed.map(c => seconds(running(c)?.dueAt)),
        computed.map(c => seconds(running(c)?.baseAt)),
        computed.map(c => running(c)?.policyId ?? null),
        computed.map(c => running(c)?.trigger ?? null),
        computed.map(c => running(c)?.days ?? null),
        computed.map(c => running(c)?.guard ?? null),
        computed.map(c => running(c)?.toPoolId ?? null),
        computed.map(c => seconds(c.row.lastAt)),
        computed.map(c => (c.row.ignored ? JSON.stringify(c.row.ignored) : null)),
      ],
    ),
  )
}

export async function dropClocks(tx: Tx, tenantId: string, ids: readonly string[]): Promise<void> {
  if (ids.length > 0)
    await tx.query(prepared('pool-clocks-gone', 'delete from pool_clock where tenant_id = $1 and account_id = any($2::bigint[])', [tenantId, ids]))
}
