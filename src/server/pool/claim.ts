/**
 * Claiming 领取, exact: a look without locks turns most of a race away; then the limits' locks, under which what they leave is counted; then the
 * customers' own in the order of ids, under which everything else is asked again; only then is an act written. Two can never both have it, and
 * no limit is passed by being asked twice at once. Who lost learns to whom and when, and his day is not counted.
 */
import { bindingRoom, type Claimable, mayClaim, type Room } from '../../core/pool/claim.ts'
import { beyondSight } from '../access/beyond-sight.ts'
import { enterWriters, writeInstant } from '../account/facts.ts'
import { placer, settle } from '../account/placer.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { prepared, type Tx } from '../kernel/transaction.ts'
import { asksRecords, type Counted, lockRooms, roomsOf } from './caps.ts'
import { ENTRY_FACTS, type EntryRow, entryFacts, GROUPED } from './entry-facts.ts'
import { followClaim } from './follow-claim.ts'
import type { StoredPool } from './store.ts'
import { claimantOf, mine, type Who } from './who.ts'

export type Outcome = { readonly id: string } & Claimable
const no = (id: string, code: string, values: Record<string, string | number> = {}, until: number | null = null): Outcome => ({
  id,
  ok: false,
  code,
  until,
  values,
})

type Now = {
  id: string
  owner: string | null
  pool: string | null
  territory: string | null
  winner: string | null
  won_in: string | null
  at: string | null
  now: number
  due: boolean
  entry: EntryRow | null
}

/** Who took it last, and when: what a lost race is answered with. */
const STANDING = `select p.account_id::text as id, p.owner_id::text as owner, p.pool_id::text as pool, p.territory_id::text as territory, w.name as winner, w.pool_id::text as won_in,
    to_char(w.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, (extract(epoch from clock_timestamp()) * 1000)::float8 as now,
    exists (select 1 from account_placement d where d.tenant_id = $1 and d.account_id = p.account_id and d.next_change_at <= clock_timestamp()) as due,
    (select to_jsonb(x) from (select ${ENTRY_FACTS}, ${GROUPED('p.account_id')} as grouped from pool_entry e where e.tenant_id = $1 and e.model_id = $2 and e.account_id = p.account_id) x) as entry
  from account_placement p left join lateral (select u.name, o.at, o.pool_id from ownership_act o join app_user u on u.tenant_id = $1 and u.id = o.owner_id
     where o.tenant_id = $1 and o.account_id = p.account_id and o.owner_id = p.owner_id and o.kind = 'claim' and o.at > now() - interval '1 day' order by o.at desc, o.id desc limit 1) w on true
  where p.tenant_id = $1 and p.model_id = $2 and p.account_id = any($3::bigint[])`

/** Every placement carries token 0: beyond one's sight they are all there. */
const standings = async (tx: Tx, actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, Now>> =>
  new Map(
    (await tx.query<Now>({ name: 'pool-claim-standing', text: STANDING, values: [actor.tenantId, actor.modelId, ids] })).rows.map(r => [r.id, r]),
  )

/** Answers for every customer asked for, whatever becomes of the others. Only pools that are the person's own can be asked. */
export async function claim(tx: Tx, actor: Actor, who: Who, ids: readonly string[], how: 'claim' | 'draw' = 'claim'): Promise<readonly Outcome[]> {
  const asked = [...new Set(ids)].sort((a, b) => Number(BigInt(a) - BigInt(b)))
  return beyondSight(tx, async () => {
    const outcomes = new Map<string, Outcome>()
    const judged = async (ids: readonly string[], rooms: Rooms) => {
      const now = await standings(tx, actor, ids)
      for (const outcome of await judge(now, actor, who, ids, rooms)) outcomes.set(outcome.id, outcome)
      return { now, hopeful: ids.filter(id => outcomes.get(id)!.ok) }
    }
    const answer = () => ids.map(id => outcomes.get(id)!)
    // Most of a race is lost before it began: what is gone already needs no lock.
    const hint = await judged(asked, async () => [])
    if (hint.hopeful.length === 0) return answer()
    await enterWriters(tx, actor.tenantId)
    await lockRooms(tx, actor.tenantId, who.stored, who.person)
    const counted = () => onceFor((pool: StoredPool) => roomsOf(tx, actor.tenantId, actor.modelId, who.stored, who.person, pool.rules, hint.hopeful))
    let rooms = counted()
    const early = await judge(hint.now, actor, who, hint.hopeful, rooms)
    for (const outcome of early) outcomes.set(outcome.id, outcome)
    const hopeful = early.filter(o => o.ok).map(o => o.id)
    if (hopeful.length === 0) return answer()
    await tx.query(prepared('claim-lock', LOCK, [actor.tenantId, hopeful]))
    if (asksRecords(who.stored)) rooms = counted()
    let sure = await judged(hopeful, rooms)
    // Some dated fact of one of them has just begun or ended: brought up to this moment, then judged again.
    if (hopeful.some(id => sure.now.get(id)?.due)) {
      await settle(tx, actor.tenantId, hopeful)
      sure = await judged(hopeful, rooms)
    }
    if (sure.hopeful.length > 0) await take(tx, actor, who, sure.hopeful, sure.now, how)
    return answer()
  })
}
const LOCK = 'select a.id from account a where a.tenant_id = $1 and a.id = any($2::bigint[]) and a.deleted_at is null order by a.id for update'

/** What the limits of a pool leave. */
type Rooms = (pool: StoredPool) => Promise<readonly Counted[]>
function onceFor(ask: Rooms): Rooms {
  const known = new Map<string, Promise<readonly Counted[]>>()
  return pool => {
    const asked = known.get(pool.id) ?? ask(pool)
    known.set(pool.id, asked)
    return asked
  }
}

async function judge(now: ReadonlyMap<string, Now>, actor: Actor, who: Who, ids: readonly string[], rooms: Rooms): Promise<readonly Outcome[]> {
  const pools = new Map(mine(who, actor).map(p => [p.id, p]))
  // What was granted to a row before counts for the next one.
  const granted: string[] = []
  const outcomes: Outcome[] = []
  for (const id of ids) {
    const at = now.get(id)
    const pool = at?.pool ? pools.get(at.pool) : undefined
    if (at?.owner === actor.userId) outcomes.push(no(id, 'pool.yours'))
    // Only of what was claimed out of a pool of one's own is it told by whom: of any other customer nothing is.
    else if (at?.winner && at.won_in !== null && pools.has(at.won_in)) outcomes.push(no(id, 'pool.lost', { name: at.winner, at: at.at ?? '' }))
    else if (!pool || !at?.entry) outcomes.push(no(id, 'pool.gone'))
    else {
      const claimant = claimantOf(who, actor, pool)
      const left: readonly Room[] =
        claimant.admin && pool.rules.adminsExempt
          ? []
          : (await rooms(pool)).map(({ adds, ...r }) => ({ ...r, used: r.used + granted.filter(g => adds.has(g)).length, counts: adds.has(id) }))
      const outcome = mayClaim(pool, entryFacts(at.entry), claimant, left, at.now)
      outcomes.push({ id, ...outcome })
      if (outcome.ok) granted.push(id)
    }
  }
  return outcomes
}

async function take(tx: Tx, actor: Actor, who: Who, ids: readonly string[], now: ReadonlyMap<string, Now>, how: 'claim' | 'draw'): Promise<void> {
  const at = await writeInstant(tx)
  const rows = ids.map(id => now.get(id)!)
  await tx.query(
    prepared(
      'claim-act',
      `with asked as (select * from unnest($5::bigint[], $6::bigint[], $8::bigint[]) as c(id, territory, pool)),
         act as (insert into ownership_act (tenant_id, account_id, kind, owner_id, model_id, territory_id, created_by, at, pool_id, detail)
           select $1, id, 'claim', $2, $3, territory, $2, $4, pool, $7 from asked)
       insert into audit (tenant_id, at, actor_id, kind, record_kind, record_id, account_id, before, after)
       select $1, $4, $2, 'account.claim', 'account', id, id, jsonb_build_object('poolId', pool::text), jsonb_build_object('ownerId', $2::bigint::text) from asked`,
      [actor.tenantId, actor.userId, actor.modelId, at, ids, rows.map(r => r.territory), JSON.stringify({ how }), rows.map(r => r.pool)],
    ),
  )
  if (ids.length > 1) await audit(tx, actor, at, { kind: 'account.claim', recordKind: 'account', count: ids.length, after: { how } })
  const pools = new Map(who.stored.pools.map(p => [p.id, p]))
  const shielded = ids.filter(id => (pools.get(now.get(id)!.pool!)?.rules.protectDays ?? 0) > 0)
  if (shielded.length > 0)
    await tx.query(
      `insert into pool_protection (tenant_id, account_id, kind, owner_id, starts_at, until, reason, created_by)
       select $1, id, 'protect', $2, $3, $3::timestamptz + make_interval(days => days), 'claim', $2 from unnest($4::bigint[], $5::int[]) as p(id, days)`,
      [actor.tenantId, actor.userId, at, shielded, shielded.map(id => pools.get(now.get(id)!.pool!)!.rules.protectDays)],
    )
  await followClaim(tx, actor, at, ids)
  await placer().place(
    tx,
    actor.tenantId,
    at,
    ids.map(id => ({ id })),
  )
}

/** For the quota card: what is used, what is left, and which limit binds. */
export async function quotaOf(tx: Tx, actor: Actor, who: Who, pool: StoredPool) {
  const rooms = await beyondSight(tx, () => roomsOf(tx, actor.tenantId, actor.modelId, who.stored, who.person, pool.rules, []))
  const [day, ...held] = rooms
  const holding = held.find(r => r.scope === 'person' || r.scope === 'role') ?? null
  return { day: day!, held, holding, binding: bindingRoom(held) }
}
