/**
 * Limits of holding 保有量 and of a day's claims, exact: whoever may gain a customer by choice takes a lock for each limit concerned first, in one
 * order, then counts what is held now, then takes the customer. Counted, not kept in counters: any filter a company chooses holds, and nothing
 * can drift (docs/decisions/0016). Giving back needs no lock: it only makes room.
 */

import { type Room, refuseRoom } from '../../core/pool/claim.ts'
import type { Cap } from '../../core/pool/company.ts'
import type { PersonOfPool, PoolRules } from '../../core/pool/pool.ts'
import { beyondSight } from '../access/beyond-sight.ts'
import { filterSql, makeParams } from '../account/condition-sql.ts'
import { loadFields } from '../builder/catalogue.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import { prepared, type Tx } from '../kernel/transaction.ts'
import { activeModel, loadPools, type Pools } from './store.ts'

export type Person = PersonOfPool & { readonly mates: readonly string[] }

/** Where people stand in the company, and who is in their teams. */
export async function peopleOf(tx: Tx, tenantId: string, userIds: readonly string[]): Promise<ReadonlyMap<string, Person>> {
  const found = await tx.query<Person>(
    prepared(
      'pool-people',
      `with recursive up(user_id, id, n) as (select u.id, u.department_id, 0 from app_user u where u.tenant_id = $1 and u.id = any($2::bigint[]) and u.department_id is not null
         union all select up.user_id, d.parent_id, up.n + 1 from department d join up on d.id = up.id where d.tenant_id = $1 and d.parent_id is not null),
       mine as (select m.user_id, m.team_id from team_member m where m.tenant_id = $1 and m.user_id = any($2::bigint[]))
     select u.id::text as "userId", array(select up.id::text from up where up.user_id = u.id order by up.n) as departments, array(select team_id::text from mine where mine.user_id = u.id) as teams,
       array(select r.role_id::text from user_role r where r.tenant_id = $1 and r.user_id = u.id) as roles,
       array(select distinct m.user_id::text from team_member m where m.tenant_id = $1 and m.team_id in (select team_id from mine where mine.user_id = u.id) and m.user_id <> u.id limit 500) as mates
       from unnest($2::bigint[]) as u(id)`,
      [tenantId, userIds],
    ),
  )
  return new Map(found.rows.map(r => [r.userId, r]))
}

/** A limit that concerns a person: whose holdings it counts, and the name of the lock that guards it. */
type Limit = { readonly cap: Cap; readonly n: number; readonly subject: string; readonly lock: string }
function limitsOf(caps: readonly Cap[], person: Person): readonly Limit[] {
  return caps.flatMap((cap, n) => {
    const group = cap.scope === 'department' || cap.scope === 'team'
    const mine =
      cap.scope === 'role' ? person.roles : cap.scope === 'team' ? person.teams : cap.scope === 'department' ? person.departments : [person.userId]
    const concerned = cap.ofId === null ? mine.slice(0, 1) : mine.filter(id => id === cap.ofId)
    return concerned.map(id => {
      const subject = group ? id : person.userId
      return { cap, n, subject, lock: group ? `${cap.scope}:${id}` : `person:${subject}` }
    })
  })
}

const LOCKS = 7
/** In one order, so that two who want the same two locks never wait for each other. From here on nobody else adds to what the limits count. */
async function lockLimits(tx: Tx, tenantId: string, keys: readonly string[]): Promise<void> {
  const sorted = [...new Set(keys)].sort()
  if (sorted.length > 0)
    await tx.query(
      prepared('lock-limits', `select pg_advisory_xact_lock(${LOCKS}, hashtext(k)) from unnest($1::text[]) with ordinality as u(k, n) order by n`, [
        sorted.map(k => `${tenantId}/${k}`),
      ]),
    )
}
export const lockRooms = (tx: Tx, tenantId: string, stored: Pools, people: readonly Person[]): Promise<void> =>
  lockLimits(
    tx,
    tenantId,
    people.flatMap(p => [`person:${p.userId}`, ...limitsOf(stored.company.caps, p).map(l => l.lock)]),
  )

/** Limits that ask something of each customer: what they count may change until the customers are locked. */
export const asksRecords = (stored: Pools): boolean => stored.company.caps.some(c => c.counts !== null || c.exceptWon)

type Held = {
  readonly used: ReadonlyMap<string, { readonly name: string | null; readonly used: number }>
  readonly adds: readonly (ReadonlySet<string> | null)[]
}
const keyOf = (l: Pick<Limit, 'n' | 'subject'>): string => `${l.n}/${l.subject}`

/**
 * What the limits count as held now, and which of the records asked about they would count (null: all), in one statement for however many
 * people. `moving`: records that whoever has them now passes on: they are not counted as held.
 */
async function countHeld(
  tx: Tx,
  tenantId: string,
  modelId: string,
  limits: readonly Limit[],
  ids: readonly string[],
  moving: readonly string[],
): Promise<Held> {
  const caps = [...new Map(limits.map(l => [l.n, l.cap]))]
  const asking = caps.filter(([, cap]) => cap.exceptWon || cap.counts !== null)
  if (caps.length === 0) return { used: new Map(), adds: [] }
  const params = makeParams(tenantId, modelId, ids, moving)
  const fields = caps.some(([, cap]) => cap.counts) ? await loadFields(tx, tenantId) : []
  // A limit is the company's: what it counts by is not narrowed by what the claimant may see.
  const company = { fieldAccess: new Map(), tokens: ['0'] } as unknown as Actor
  const counting = (cap: Cap) =>
    `${cap.exceptWon ? `and not exists (select 1 from opportunity o where o.tenant_id = $1 and o.account_id = a.id and o.stage = 'won' and o.deleted_at is null)` : ''} ${cap.counts ? `and ${filterSql(cap.counts, fields, company, params)}` : ''}`
  const standing = `account a join account_placement p on p.tenant_id = $1 and p.model_id = $2 and p.account_id = a.id where a.tenant_id = $1 and a.deleted_at is null`
  const used = caps.map(([n, cap]) => {
    const subjects = params.add([...new Set(limits.filter(l => l.n === n).map(l => l.subject))])
    const whose =
      cap.scope === 'team'
        ? 'p.owner_id in (select m.user_id from team_member m where m.tenant_id = $1 and m.team_id = k.id)'
        : cap.scope === 'department'
          ? `p.owner_id in (with recursive below(id) as (select k.id union all select d.id from department d join below b on d.parent_id = b.id where d.tenant_id = $1)
               select u.id from app_user u where u.tenant_id = $1 and u.department_id in (select id from below))`
          : 'p.owner_id = k.id'
    const name =
      cap.scope === 'team' || cap.scope === 'department' ? `(select g.name from ${cap.scope} g where g.tenant_id = $1 and g.id = k.id)` : 'null::text'
    return `select ${n} as n, k.id::text as subject, ${name} as name, (select count(*)::int from ${standing} and ${whose} and p.account_id <> all($4::bigint[]) ${counting(cap)}) as used,
      null::text[] as adds from unnest(${subjects}::bigint[]) as k(id)`
  })
  const adds = asking.map(
    ([n, cap]) =>
      `select ${n}, null, null, null, array(select a.id::text from ${standing} and a.id = any((select asked.ids from asked)::bigint[]) ${counting(cap)})`,
  )
  const found = await tx.query<{ n: number; subject: string | null; name: string | null; used: number; adds: string[] | null }>(
    `with asked as (select $3::bigint[] as ids) ${[...used, ...adds].join(' union all ')}`,
    params.values,
  )
  const counted: (ReadonlySet<string> | null)[] = []
  for (const [n] of caps) counted[n] = null
  for (const r of found.rows) if (r.adds !== null) counted[r.n] = new Set(r.adds)
  return {
    used: new Map(found.rows.flatMap(r => (r.subject === null ? [] : [[keyOf({ n: r.n, subject: r.subject }), { name: r.name, used: r.used }]]))),
    adds: counted,
  }
}

/** Claims of these people today, on the company's calendar; the room comes back at its next midnight. */
async function countDay(tx: Tx, tenantId: string, userIds: readonly string[]): Promise<{ used: ReadonlyMap<string, number>; until: number }> {
  const found = await tx.query<{ id: string; used: number; until: number }>(
    prepared(
      'pool-day',
      `with day as (select date_trunc('day', now() at time zone t.zone) at time zone t.zone as from, (date_trunc('day', now() at time zone t.zone) + interval '1 day') at time zone t.zone as until from tenant t where t.id = $1)
     select u.id::text, (select count(*)::int from ownership_act o where o.tenant_id = $1 and o.kind = 'claim' and o.owner_id = u.id and o.at >= day.from) as used, (extract(epoch from until) * 1000)::float8 as until
       from day, unnest($2::bigint[]) as u(id)`,
      [tenantId, userIds],
    ),
  )
  return { used: new Map(found.rows.map(r => [r.id, r.used])), until: found.rows[0]?.until ?? 0 }
}

/** What is left to people, and what becomes of it while records are granted one after the other. */
export type Ledger = {
  /** The day first, then every limit of holding that concerns him; `id`: a record, or null: of none. */
  readonly rooms: (person: Person, rules: Pick<PoolRules, 'perDay'>, id: string | null) => readonly Room[]
  readonly grant: (person: Person, id: string) => void
}

/** Today's claims and every limit of holding, read beyond anybody's sight; `open` begins with what was counted. */
export async function countRooms(
  tx: Tx,
  tenantId: string,
  modelId: string,
  stored: Pools,
  people: readonly Person[],
  ids: readonly string[],
): Promise<{ readonly open: () => Ledger }> {
  const limits = new Map(people.map(p => [p.userId, limitsOf(stored.company.caps, p)]))
  const day = await countDay(tx, tenantId, [...limits.keys()])
  const held = await countHeld(tx, tenantId, modelId, [...limits.values()].flat(), ids, [])
  const open = (): Ledger => {
    const more = new Map<string, number>()
    const add = (key: string) => more.set(key, (more.get(key) ?? 0) + 1)
    const counts = (n: number, id: string | null) => id !== null && (held.adds[n]?.has(id) ?? true)
    return {
      rooms: (person, rules, id) => [
        {
          kind: 'day',
          scope: 'person',
          name: null,
          used: (day.used.get(person.userId) ?? 0) + (more.get(person.userId) ?? 0),
          most: rules.perDay ?? Number.MAX_SAFE_INTEGER,
          until: day.until,
          counts: id !== null,
        },
        ...limits.get(person.userId)!.map((l): Room => {
          const { name, used } = held.used.get(keyOf(l))!
          return {
            kind: 'held',
            scope: l.cap.scope,
            name,
            used: used + (more.get(keyOf(l)) ?? 0),
            most: l.cap.most,
            until: null,
            counts: counts(l.n, id),
          }
        }),
      ],
      grant: (person, id) => {
        add(person.userId)
        for (const l of limits.get(person.userId)!) if (counts(l.n, id)) add(keyOf(l))
      },
    }
  }
  return { open }
}

/** For giving by choice (assign, transfer, an approved request): locks first; what it answers refuses more than the limits leave room for. */
export async function roomFor(tx: Tx, tenantId: string, giverId: string, toId: string): Promise<(ids: readonly string[]) => Promise<void>> {
  const stored = await loadPools(tx, tenantId)
  const free = async () => undefined
  if (stored.company.caps.length === 0) return free
  const giver = stored.pools.some(p => p.rules.adminsExempt && p.admins.includes(giverId))
  if (giver) return free
  const person = (await peopleOf(tx, tenantId, [toId])).get(toId)!
  const limits = limitsOf(stored.company.caps, person)
  await lockLimits(
    tx,
    tenantId,
    limits.map(l => l.lock),
  )
  return ids =>
    beyondSight(tx, async () => {
      const held = await countHeld(tx, tenantId, await activeModel(tx, tenantId), limits, ids, ids)
      for (const l of limits) {
        const { name, used } = held.used.get(keyOf(l))!
        const added = held.adds[l.n]?.size ?? ids.length
        if (added === 0 || used + added <= l.cap.most) continue
        const { code, values } = refuseRoom({ kind: 'held', scope: l.cap.scope, name, used, most: l.cap.most, until: null })
        stop(code, values, '/ownerId')
      }
    })
}
