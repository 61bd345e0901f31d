/**
 * Claiming 领取, exact, for however many people ask at the same moment: a look without locks turns most of a race away; then the limits' locks,
 * under which what they leave is counted; then the customers' own in the order of ids, under which everything else is asked again; then they are
 * granted in the order in which they were asked for, and written together. Two can never both have one, and no limit is passed by being asked
 * twice at once. Who lost learns to whom and when, and his day is not counted.
 */
import { bindingRoom, type Claimable, mayClaim } from '../../core/pool/claim.ts'
import { beyondSight } from '../access/beyond-sight.ts'
import { enterWriters, writeInstant } from '../account/facts.ts'
import { placer, settle } from '../account/placer.ts'
import type { Actor } from '../kernel/actor.ts'
import { prepared, type Tx } from '../kernel/transaction.ts'
import { asksRecords, countRooms, type Ledger, lockRooms } from './caps.ts'
import { ENTRY_FACTS, type EntryRow, entryFacts, GROUPED } from './entry-facts.ts'
import type { StoredPool } from './store.ts'
import { type Taken, take } from './take.ts'
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
const standings = async (tx: Tx, { tenantId, modelId }: Asked['actor'], ids: readonly string[]): Promise<ReadonlyMap<string, Now>> =>
  new Map((await tx.query<Now>(prepared('pool-claim-standing', STANDING, [tenantId, modelId, ids]))).rows.map(r => [r.id, r]))

/** What one person asks for. Only pools that are his own can be asked. */
export type Asked = { readonly actor: Actor; readonly who: Who; readonly ids: readonly string[]; readonly how: 'claim' | 'draw' }

export const claim = async (tx: Tx, actor: Actor, who: Who, ids: readonly string[], how: Asked['how'] = 'claim'): Promise<readonly Outcome[]> =>
  (await claimAll(tx, [{ actor, who, ids, how }], true))[0]!

const inOrder = (ids: Iterable<string>): readonly string[] => [...new Set(ids)].sort((a, b) => Number(BigInt(a) - BigInt(b)))

/**
 * Answers for everybody, all of one company, and for every customer asked for, whatever becomes of the others. Without `wait`, whoever asks for a
 * customer that somebody else is writing just now gets null, and nothing of his is done.
 */
export async function claimAll(tx: Tx, asked: readonly Asked[], wait: boolean): Promise<readonly (readonly Outcome[] | null)[]> {
  const { actor } = asked[0]!
  return beyondSight(tx, async () => {
    const outcomes = asked.map(() => new Map<string, Outcome>())
    const hopeful = (n: number) => [...outcomes[n]!.values()].filter(o => o.ok).map(o => o.id)
    /** Of the customers that may still be had; with a ledger each that is granted counts for the next. */
    const look = (now: ReadonlyMap<string, Now>, ledger: Ledger | null) => {
      for (const [n, a] of asked.entries())
        for (const id of outcomes[n]!.size === 0 ? a.ids : hopeful(n)) outcomes[n]!.set(id, judge(now.get(id), a, id, ledger))
    }
    // Most of a race is lost before it began: what is gone already needs no lock.
    const hint = await standings(tx, actor, inOrder(asked.flatMap(a => a.ids)))
    look(hint, null)
    const wanted = () => inOrder(asked.flatMap((_, n) => hopeful(n)))
    const answer = () => asked.map((a, n) => a.ids.map(id => outcomes[n]!.get(id)!))
    if (wanted().length === 0) return answer()

    await enterWriters(tx, actor.tenantId)
    const people = asked.filter((_, n) => hopeful(n).length > 0).map(a => a.who.person)
    await lockRooms(tx, actor.tenantId, asked[0]!.who.stored, people)
    const count = () => countRooms(tx, actor.tenantId, actor.modelId, asked[0]!.who.stored, people, wanted())
    let rooms = await count()
    look(hint, rooms.open())
    if (wanted().length === 0) return answer()

    const locked = new Set(
      (await tx.query<{ id: string }>(prepared(wait ? 'claim-lock' : 'claim-lock-free', LOCK(wait), [actor.tenantId, wanted()]))).rows.map(r => r.id),
    )
    const busy = asked.map((_, n) => !wait && hopeful(n).some(id => !locked.has(id)))
    for (const [n, b] of busy.entries()) if (b) outcomes[n]!.clear()
    const ids = wanted()
    if (ids.length > 0) {
      if (asksRecords(asked[0]!.who.stored)) rooms = await count()
      let now = await standings(tx, actor, ids)
      // Some dated fact of one of them has just begun or ended: brought up to this moment, then judged.
      if (ids.some(id => now.get(id)?.due)) {
        await settle(tx, actor.tenantId, ids)
        now = await standings(tx, actor, ids)
      }
      await grant(tx, asked, now, rooms.open(), outcomes, hopeful)
    }
    return answer().map((o, n) => (busy[n] ? null : o))
  })
}
const LOCK = (wait: boolean) =>
  `select a.id::text from account a where a.tenant_id = $1 and a.id = any($2::bigint[]) and a.deleted_at is null order by a.id for update ${wait ? '' : 'skip locked'}`

/** Under every lock: first come, first served. */
async function grant(
  tx: Tx,
  asked: readonly Asked[],
  now: ReadonlyMap<string, Now>,
  ledger: Ledger,
  outcomes: readonly Map<string, Outcome>[],
  hopeful: (n: number) => readonly string[],
): Promise<void> {
  const { tenantId, modelId } = asked[0]!.actor
  const at = await writeInstant(tx)
  const taken = new Map<string, Taken>()
  for (const [n, { actor, who, how, ids }] of asked.entries()) {
    for (const id of hopeful(n)) {
      const before = taken.get(id)
      const outcome = before
        ? before.userId === actor.userId
          ? no(id, 'pool.yours')
          : no(id, 'pool.lost', { name: before.name, at })
        : judge(now.get(id), asked[n]!, id, ledger)
      outcomes[n]!.set(id, outcome)
      if (!outcome.ok) continue
      ledger.grant(who.person, id)
      const { territory, pool } = now.get(id)!
      const rules = who.stored.pools.find(p => p.id === pool)!.rules
      taken.set(id, {
        id,
        userId: actor.userId,
        name: actor.userName,
        territory,
        pool: pool!,
        how,
        protectDays: rules.protectDays,
        many: ids.length > 1,
      })
    }
  }
  if (taken.size === 0) return
  await take(tx, tenantId, modelId, at, [...taken.values()])
  await placer().place(
    tx,
    tenantId,
    at,
    [...taken.keys()].map(id => ({ id })),
  )
}

function judge(at: Now | undefined, { actor, who }: Asked, id: string, ledger: Ledger | null): Outcome {
  const own = new Map(mine(who, actor).map(p => [p.id, p]))
  const pool = at?.pool ? own.get(at.pool) : undefined
  if (at?.owner === actor.userId) return no(id, 'pool.yours')
  // Only of what was claimed out of a pool of one's own is it told by whom: of any other customer nothing is.
  if (at?.winner && at.won_in !== null && own.has(at.won_in)) return no(id, 'pool.lost', { name: at.winner, at: at.at ?? '' })
  if (!pool || !at?.entry) return no(id, 'pool.gone')
  const claimant = claimantOf(who, actor, pool)
  const rooms = ledger === null || (claimant.admin && pool.rules.adminsExempt) ? [] : ledger.rooms(who.person, pool.rules, id)
  return { id, ...mayClaim(pool, entryFacts(at.entry), claimant, rooms, at.now) }
}

/** For the quota card: what is used, what is left, and which limit binds. */
export async function quotaOf(tx: Tx, actor: Actor, who: Who, pool: StoredPool) {
  const counted = await beyondSight(tx, () => countRooms(tx, actor.tenantId, actor.modelId, who.stored, [who.person], []))
  const [day, ...held] = counted.open().rooms(who.person, pool.rules, null)
  const holding = held.find(r => r.scope === 'person' || r.scope === 'role') ?? null
  return { day: day!, held, holding, binding: bindingRoom(held) }
}
