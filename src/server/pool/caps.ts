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

/** Where a person stands in the company, and who is in his teams. */
export async function personOf(tx: Tx, tenantId: string, userId: string): Promise<Person> {
  const found = await tx.query<{ departments: string[]; teams: string[]; roles: string[]; mates: string[] }>(
    prepared(
      'pool-person',
      `with recursive me as (select id, department_id from app_user where tenant_id = $1 and id = $2),
       up(id) as (select department_id from me where department_id is not null union all select d.parent_id from department d join up on d.id = up.id where d.tenant_id = $1 and d.parent_id is not null),
       mine as (select team_id from team_member where tenant_id = $1 and user_id = $2)
     select array(select id::text from up) as departments, array(select team_id::text from mine) as teams,
       array(select role_id::text from user_role where tenant_id = $1 and user_id = $2) as roles,
       array(select distinct m.user_id::text from team_member m where m.tenant_id = $1 and m.team_id in (select team_id from mine) and m.user_id <> $2 limit 500) as mates`,
      [tenantId, userId],
    ),
  )
  return { userId, ...found.rows[0]! }
}

/** The limits that concern a person, with the name of the lock that guards each. */
type Limit = Cap & { readonly key: string; readonly groupId: string | null }
function limitsOf(caps: readonly Cap[], person: Person): readonly Limit[] {
  return caps.flatMap(cap => {
    const mine =
      cap.scope === 'role' ? person.roles : cap.scope === 'team' ? person.teams : cap.scope === 'department' ? person.departments : [person.userId]
    const concerned =
      cap.ofId === null
        ? cap.scope === 'department' || cap.scope === 'team'
          ? mine.slice(0, 1)
          : mine.length > 0
            ? [mine[0]!]
            : []
        : mine.filter(id => id === cap.ofId)
    return concerned.map(id => {
      const group = cap.scope === 'department' || cap.scope === 'team'
      return { ...cap, groupId: group ? id : null, key: group ? `${cap.scope}:${id}` : `person:${person.userId}` }
    })
  })
}

const LOCKS = 7
/** In one order, so that two who want the same two locks never wait for each other. */
async function lockLimits(tx: Tx, tenantId: string, keys: readonly string[]): Promise<void> {
  const sorted = [...new Set(keys)].sort()
  if (sorted.length > 0)
    await tx.query(
      prepared('lock-limits', `select pg_advisory_xact_lock(${LOCKS}, hashtext(k)) from unnest($1::text[]) with ordinality as u(k, n) order by n`, [
        sorted.map(k => `${tenantId}/${k}`),
      ]),
    )
}

/** What a limit has left; `adds`: those of the records asked about that it would count. */
export type Counted = Omit<Room, 'counts'> & { readonly adds: ReadonlySet<string> }

/** Under their locks, or as a hint without. `moving`: records that whoever has them now passes on: they are not counted as held. */
async function countRooms(
  tx: Tx,
  tenantId: string,
  modelId: string,
  limits: readonly Limit[],
  userId: string,
  ids: readonly string[],
  moving: readonly string[] = [],
): Promise<readonly Counted[]> {
  if (limits.length === 0) return []
  const params = makeParams(tenantId, modelId, userId, ids, moving)
  const fields = limits.some(l => l.counts) ? await loadFields(tx, tenantId) : []
  // A limit is the company's: what it counts by is not narrowed by what the claimant may see.
  const company = { fieldAccess: new Map(), tokens: ['0'] } as unknown as Actor
  const parts = limits.map((l, i) => {
    const whose =
      l.groupId === null
        ? 'p.owner_id = $3::bigint'
        : l.scope === 'team'
          ? `p.owner_id in (select m.user_id from team_member m where m.tenant_id = $1 and m.team_id = ${params.add(l.groupId)}::bigint)`
          : `p.owner_id in (with recursive below(id) as (select ${params.add(l.groupId)}::bigint union all select d.id from department d join below b on d.parent_id = b.id where d.tenant_id = $1)
               select u.id from app_user u where u.tenant_id = $1 and u.department_id in (select id from below))`
    const name =
      l.groupId === null ? 'null::text' : `(select g.name from ${l.scope} g where g.tenant_id = $1 and g.id = ${params.add(l.groupId)}::bigint)`
    const won = l.exceptWon
      ? `and not exists (select 1 from opportunity o where o.tenant_id = $1 and o.account_id = a.id and o.stage = 'won' and o.deleted_at is null)`
      : ''
    const counts = `${won} ${l.counts ? `and ${filterSql(l.counts, fields, company, params)}` : ''}`
    const standing = `account a join account_placement p on p.tenant_id = $1 and p.model_id = $2 and p.account_id = a.id where a.tenant_id = $1 and a.deleted_at is null`
    return `select ${i} as n, ${name} as name, (select count(*)::int from ${standing} and ${whose} and p.account_id <> all($5::bigint[]) ${counts}) as used,
      array(select a.id::text from ${standing} and a.id = any($4::bigint[]) ${counts}) as adds`
  })
  const found = await tx.query<{ n: number; name: string | null; used: number; adds: string[] }>(
    `with asked as (select $3::bigint as user_id) ${parts.join(' union all ')} order by n`,
    params.values,
  )
  return found.rows.map(r => ({
    kind: 'held',
    scope: limits[r.n]!.scope,
    name: r.name,
    used: r.used,
    most: limits[r.n]!.most,
    until: null,
    adds: new Set(r.adds),
  }))
}

/** Claims of this person today, on the company's calendar; the room comes back at its next midnight. */
async function dayRoom(tx: Tx, tenantId: string, userId: string, rules: Pick<PoolRules, 'perDay'>, ids: readonly string[]): Promise<Counted> {
  const found = await tx.query<{ used: number; until: number }>(
    prepared(
      'pool-day',
      `with day as (select date_trunc('day', now() at time zone t.zone) at time zone t.zone as from, (date_trunc('day', now() at time zone t.zone) + interval '1 day') at time zone t.zone as until from tenant t where t.id = $1)
     select (select count(*)::int from ownership_act o, day where o.tenant_id = $1 and o.kind = 'claim' and o.owner_id = $2 and o.at >= day.from) as used, (extract(epoch from until) * 1000)::float8 as until from day`,
      [tenantId, userId],
    ),
  )
  const { used, until } = found.rows[0]!
  return { kind: 'day', scope: 'person', name: null, used, most: rules.perDay ?? Number.MAX_SAFE_INTEGER, until, adds: new Set(ids) }
}

/** Limits that ask something of each customer: what they count may change until the customers are locked. */
export const asksRecords = (stored: Pools): boolean => stored.company.caps.some(c => c.counts !== null || c.exceptWon)

/** Today's claims and every limit of holding of a person, read beyond his sight. */
export async function roomsOf(
  tx: Tx,
  tenantId: string,
  modelId: string,
  stored: Pools,
  person: Person,
  rules: PoolRules,
  ids: readonly string[],
): Promise<readonly Counted[]> {
  return [
    await dayRoom(tx, tenantId, person.userId, rules, ids),
    ...(await countRooms(tx, tenantId, modelId, limitsOf(stored.company.caps, person), person.userId, ids)),
  ]
}

/** From here on nobody else adds to what these limits count. */
export const lockRooms = (tx: Tx, tenantId: string, stored: Pools, person: Person): Promise<void> =>
  lockLimits(tx, tenantId, [`person:${person.userId}`, ...limitsOf(stored.company.caps, person).map(l => l.key)])

/** For giving by choice (assign, transfer, an approved request): locks first; what it answers refuses more than the limits leave room for. */
export async function roomFor(tx: Tx, tenantId: string, giverId: string, toId: string): Promise<(ids: readonly string[]) => Promise<void>> {
  const stored = await loadPools(tx, tenantId)
  const free = async () => undefined
  if (stored.company.caps.length === 0) return free
  const giver = stored.pools.some(p => p.rules.adminsExempt && p.admins.includes(giverId))
  if (giver) return free
  const person = await personOf(tx, tenantId, toId)
  const limits = limitsOf(stored.company.caps, person)
  await lockLimits(
    tx,
    tenantId,
    limits.map(l => l.key),
  )
  return ids =>
    beyondSight(tx, async () => {
      const modelId = await activeModel(tx, tenantId)
      const over = (await countRooms(tx, tenantId, modelId, limits, toId, ids, ids)).find(r => r.adds.size > 0 && r.used + r.adds.size > r.most)
      if (over) {
        const { code, values } = refuseRoom(over)
        stop(code, values, '/ownerId')
      }
    })
}
