/** Clocks as they are shown 时钟一览: of my customers by their end, of one customer with what may be done, and thirty days ahead by pool. */
import type { z } from 'zod'
import type { ClockRow, ClockShown, listClocks, readClock, readForecast } from '../../contract/pool/clocks.ts'
import { evaluate } from '../../core/condition/evaluate.ts'
import type { RETURN_REASONS } from '../../core/pool/company.ts'
import { type AccountRecord, factsOf, RECORD } from '../account/facts.ts'
import { loadCompiled } from '../assignment/compiled.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { loadEnv } from '../territory/load-env.ts'
import { listsOf } from '../territory/load-model.ts'
import { loadPools, type Pools, type StoredPool } from './store.ts'
import { adminOf } from './who.ts'

const UTC = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
type Stored = {
  state: ClockShown['state']
  due: string | null
  base: string | null
  trigger: ClockShown['trigger']
  days: number | null
  guard: ClockShown['guard']
  policy: string | null
  to_pool: string | null
  last: string | null
  ignored: { at: number; why: NonNullable<ClockShown['ignored']>['why'] } | null
}
const CLOCK = `k.state, ${UTC('k.due_at')} as due, ${UTC('k.base_at')} as base, k.trigger, k.days, k.guard, k.policy_id::text as policy, k.to_pool_id::text as to_pool, ${UTC('k.last_at')} as last, k.ignored`

/** Where customers would go if they were taken now: by the policy's own word, else the first open pool that takes them. */
async function landings(
  tx: Tx,
  actor: Actor,
  stored: Pools,
  ids: readonly string[],
): Promise<(id: string, named: string | null) => StoredPool | null> {
  const open = stored.pools.filter(p => p.open)
  const found = await tx.query<AccountRecord & { territory: string | null }>(
    `select ${RECORD}, p.territory_id::text as territory from account a join account_placement p on p.tenant_id = $1 and p.model_id = $2 and p.account_id = a.id where a.tenant_id = $1 and a.id = any($3::bigint[])`,
    [actor.tenantId, actor.modelId, ids],
  )
  const { loaded, compiled } = await loadCompiled(tx, actor.tenantId, actor.modelId)
  const env = await loadEnv(
    tx,
    actor.tenantId,
    loaded,
    open.flatMap(p => listsOf(p.condition)),
  )
  const covers = (above: string, t: string | null) =>
    t !== null && (t === above || (compiled.hierarchy.byId.get(t)?.ancestorIds.includes(above) ?? false))
  const landing = new Map(
    found.rows.map(r => {
      const facts = factsOf(r)
      return [
        r.id,
        open.find(p => !p.deadEnd && (p.territoryId === null || covers(p.territoryId, r.territory)) && evaluate(p.condition, facts, env) === 'yes') ??
          null,
      ]
    }),
  )
  return (id, named) => open.find(p => p.id === named) ?? landing.get(id) ?? null
}

const shown = (row: Stored, policies: Pools['policies'], pool: StoredPool | null): ClockShown => ({
  state: row.state,
  dueAt: row.due,
  baseAt: row.base,
  trigger: row.trigger,
  days: row.days,
  guard: row.guard,
  policy: policies.find(p => p.id === row.policy)?.name ?? null,
  pool: row.state === 'none' ? null : (pool?.name ?? null),
  coolDays: row.state === 'none' ? null : (pool?.rules.coolDays ?? null),
  lastAt: row.last,
  ignored: row.ignored && { at: new Date(row.ignored.at).toISOString(), why: row.ignored.why },
})

export async function findClocks(tx: Tx, actor: Actor, query: z.output<typeof listClocks.query & {}>): Promise<z.input<typeof listClocks.reply>> {
  const stored = await loadPools(tx, actor.tenantId)
  const whose = query.of === 'mine' ? 'k.owner_id = $2' : '$2::bigint is not null'
  const [, due, after] = /^(\d{4}-[-\dT:.Z]{1,30})\|(\d{1,18})$/.exec(query.cursor ?? '') ?? []
  const found = await tx.query<Stored & { id: string; name: string; tier: string | null; owner: ClockRow['owner'] }>(
    `select a.id::text, a.name, a.tier, json_build_object('id', u.id::text, 'name', u.name) as owner, ${CLOCK}
       from pool_clock k join account a on a.tenant_id = $1 and a.id = k.account_id and a.deleted_at is null join app_user u on u.tenant_id = $1 and u.id = k.owner_id
      where k.tenant_id = $1 and ${whose} and k.state <> 'none' and ($3::int is null or (k.state = 'running' and k.due_at < now() + make_interval(days => $3)))
        and ($4::timestamptz is null or (k.due_at, k.account_id) > ($4::timestamptz, $5::bigint)) order by k.due_at, k.account_id limit ${query.limit + 1}`,
    [actor.tenantId, actor.userId, query.within ?? null, due ?? null, after ?? null],
  )
  const counts = await tx.query<{ within7: number; all: number }>(
    `select count(*) filter (where state = 'running' and due_at < now() + interval '7 days')::int as within7, count(*)::int as all
       from (select k.state, k.due_at from pool_clock k where k.tenant_id = $1 and ${whose} and k.state <> 'none' limit 1001) x`,
    [actor.tenantId, actor.userId],
  )
  const rows = found.rows.slice(0, query.limit)
  const land = await landings(
    tx,
    actor,
    stored,
    rows.map(r => r.id),
  )
  const last = rows.at(-1)
  const tiers = actor.fieldAccess.get('tier') !== 'hidden'
  return {
    rows: rows.map(r => ({
      id: r.id,
      name: r.name,
      tier: tiers ? r.tier : null,
      owner: r.owner,
      clock: shown(r, stored.policies, land(r.id, r.to_pool)),
    })),
    next: found.rows.length > query.limit && last ? `${last.due}|${last.id}` : null,
    counts: counts.rows[0]!,
  }
}

export async function readOneClock(tx: Tx, actor: Actor, accountId: string): Promise<z.input<typeof readClock.reply>> {
  const stored = await loadPools(tx, actor.tenantId)
  const found = await tx.query<
    Stored & { owner: string | null; pool: string | null; editable: boolean; has: boolean; times: number; asked: boolean }
  >(
    `select p.owner_id::text as owner, p.pool_id::text as pool, coalesce(p.edit_tokens, p.tokens) && (select nullif(current_setting('app.tokens', true), '')::bigint[]) as editable, k.account_id is not null as has,
            (select count(*)::int from pool_protection x where x.tenant_id = $1 and x.account_id = a.id and x.kind = 'extension' and x.ended_at is null and x.owner_id = p.owner_id) as times,
            exists (select 1 from approval_request r where r.tenant_id = $1 and r.account_id = a.id and r.kind = 'account.extension' and r.state = 'asked') as asked, ${CLOCK}
       from account a join account_placement p on p.tenant_id = $1 and p.model_id = $2 and p.account_id = a.id
       left join pool_clock k on k.tenant_id = $1 and k.account_id = a.id and k.owner_id = p.owner_id where a.tenant_id = $1 and a.id = $3 and a.deleted_at is null`,
    [actor.tenantId, actor.modelId, accountId],
  )
  const row = found.rows[0] ?? stop('record.notFound')
  const guards = await tx.query<{ kind: 'protect' | 'lock' | 'extension'; until: string | null; reason: string | null }>(
    `select kind, ${UTC('until')} as until, reason from pool_protection where tenant_id = $1 and account_id = $2 and ended_at is null and (until is null or until > now()) order by until desc nulls first, id desc`,
    [actor.tenantId, accountId],
  )
  const land = await landings(tx, actor, stored, [accountId])
  const pick = (kind: string) => guards.rows.find(g => g.kind === kind) ?? null
  const own = row.owner !== null && row.owner === actor.userId
  const writes = row.editable && actor.permissions.has('account.edit') && actor.viewerId === null
  const assigns = actor.permissions.has('account.assign')
  const open = stored.pools.filter(p => p.open)
  const { company } = stored
  return {
    clock: row.has ? shown(row, stored.policies, land(accountId, row.to_pool)) : null,
    protection: pick('protect') && { until: pick('protect')!.until, reason: pick('protect')!.reason },
    lock: pick('lock') && { reason: pick('lock')!.reason },
    extendedUntil: pick('extension')?.until ?? null,
    pool: row.pool ? { id: row.pool, name: stored.pools.find(p => p.id === row.pool)?.name ?? '' } : null,
    reasons: company.returnReasons as (typeof RETURN_REASONS)[number][],
    pools: open.filter(p => !p.deadEnd || adminOf(p, actor)).map(p => ({ id: p.id, name: p.name })),
    mayReturn: writes && open.length > 0 && row.owner !== null && (own || assigns),
    mayProtect: writes && stored.policies.length > 0 && row.owner !== null && (own || assigns),
    mayLock: writes && stored.policies.length > 0 && row.owner !== null && assigns,
    mayExtend: own && actor.viewerId === null && row.has && row.state !== 'none' && row.times < company.extensionTimes && !row.asked,
    extensionDays: company.extensionDays,
    protectDays: company.protectDays,
  }
}

const AHEAD = 30

/** What the clocks say of the next days, within sight. Paused ones are exempt: they are shown beside, not counted as coming. */
export async function forecast(tx: Tx, actor: Actor, pool: StoredPool): Promise<z.input<typeof readForecast.reply>> {
  const stored = await loadPools(tx, actor.tenantId)
  const found = await tx.query<{ id: string; owner: string; day: string; state: string; to_pool: string | null; tier: string | null }>(
    `select k.account_id::text as id, k.owner_id::text as owner, (greatest(k.due_at, now()) at time zone $2)::date::text as day, k.state, k.to_pool_id::text as to_pool, a.tier
       from pool_clock k join account a on a.tenant_id = $1 and a.id = k.account_id and a.deleted_at is null
      where k.tenant_id = $1 and k.state <> 'none' and k.due_at < now() + make_interval(days => ${AHEAD}) order by k.due_at, k.account_id limit 20000`,
    [actor.tenantId, actor.zone],
  )
  const land = await landings(
    tx,
    actor,
    stored,
    found.rows.map(r => r.id),
  )
  const here = found.rows.filter(r => land(r.id, r.to_pool)?.id === pool.id)
  const days = new Map<string, { day: string; reclaimed: number; exempt: number }>()
  const today = await tx.query<{ day: string }>(`select ((now() at time zone $1)::date + n)::text as day from generate_series(0, ${AHEAD}) n`, [
    actor.zone,
  ])
  for (const { day } of today.rows) days.set(day, { day, reclaimed: 0, exempt: 0 })
  for (const r of here) {
    const at = days.get(r.day)
    if (!at) continue
    if (r.state === 'running') at.reclaimed += 1
    else at.exempt += 1
  }
  const coming = here.filter(r => r.state === 'running')
  const top = coming.filter(r => r.tier === 'KA' || r.tier === 'A')
  const shows = actor.fieldAccess.get('tier') !== 'hidden'
  return {
    total: coming.length,
    mine: coming.filter(r => r.owner === actor.userId).length,
    exempt: here.length - coming.length,
    days: [...days.values()],
    topTier:
      shows && top.length > 0 ? { tier: top.some(r => r.tier === 'A') ? 'A' : 'KA', n: top.length, from: top[0]!.day, to: top.at(-1)!.day } : null,
  }
}
