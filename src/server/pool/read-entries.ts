/**
 * The list of a pool, from its masked entries alone: what is hidden is not in the table that is filtered, ordered and searched. Each row says
 * whether this person may claim it, by the very function the claim asks.
 */
import type { z } from 'zod'
import type { listEntries, listPools, PoolRow } from '../../contract/pool/entries.ts'
import { mayClaim } from '../../core/pool/claim.ts'
import { hides } from '../../core/pool/pool.ts'
import { beyondSight } from '../access/beyond-sight.ts'
import { tokensOf } from '../access/visible-to.ts'
import { makeParams } from '../account/condition-sql.ts'
import { grams } from '../account/search.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { countRooms } from './caps.ts'
import { ENTRY_FACTS, type EntryRow, entryFacts, GROUPED } from './entry-facts.ts'
import type { StoredPool } from './store.ts'
import { adminOf, claimantOf, mine, type Who } from './who.ts'
import { wordsOfRefusal } from './words.ts'

type Query = Omit<z.infer<typeof listEntries.query & {}>, never>
type Found = EntryRow & {
  name: string
  contact: string | null
  phone: string | null
  tier: string | null
  division: string | null
  industry: string | null
  potential: string | null
  source: string | null
  territory: PoolRow['territory']
  entered_at: string
  reason_kind: string
  reason: string | null
  detail: { days?: number; trigger?: string } | null
  prior: PoolRow['priorOwner']
  followed: string | null
  readable: boolean
  own: boolean
  known: boolean
  score: number
  key: string
}
const UTC = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

/** Mine if it stands in my own territory; near if I have customers of its industry; then by what it may be worth. */
const FIT = (own: string) =>
  `(case when e.territory_id = any(${own}::bigint[]) then 40 else 0 end + case when e.industry in (select industry from mine) then 30 else 0 end
     + least(30, round(4 * ln(1 + coalesce(e.potential, 0)::float8 / 1000000))))::int`
const MINE = `mine as materialized (select distinct m.industry from account_placement mp join account m on m.tenant_id = $1 and m.id = mp.account_id
  where mp.tenant_id = $1 and mp.model_id = $2 and mp.owner_id = $3 and m.industry is not null)`

/** Through the fence of the record itself: whoever may not open it reads nothing there, and sees what the pool shows. */
const REAL = (sql: string) => `coalesce(${sql}`
const CONTACT = (column: string) =>
  `(select rc.${column} from contact rc where rc.tenant_id = $1 and rc.account_id = e.account_id and rc.deleted_at is null order by rc.left_at is not null, rc.id limit 1)`

export async function findEntries(
  tx: Tx,
  actor: Actor,
  who: Who,
  pool: StoredPool,
  query: Query & { accountId?: string },
): Promise<{ rows: PoolRow[]; next: string | null }> {
  const params = makeParams(actor.tenantId, actor.modelId, actor.userId, pool.id)
  const own = params.add(who.territories)
  const where: string[] = [`e.tenant_id = $1 and e.model_id = $2 and e.pool_id = $4`]
  const sees = (key: string): void => {
    if (actor.fieldAccess.get(key) === 'hidden') stop('field.hidden', { field: key }, `/${key}`)
  }
  if (query.accountId) where.push(`e.account_id = ${params.add(query.accountId)}::bigint`)
  if (query.search?.trim()) {
    const readings = grams()
      .ofQuery(query.search)
      .filter(r => r.length > 0)
    where.push(readings.length === 0 ? 'false' : `(${readings.map(r => `e.grams @> ${params.add(r)}::text[]`).join(' or ')})`)
  }
  if (query.division) {
    sees('division')
    where.push(`e.division like ${params.add(`${query.division.replace(/\D/g, '').replace(/(00){1,2}$/, '')}%`)}`)
  }
  if (query.tier) {
    sees('tier')
    where.push(`e.tier = ${params.add(query.tier)}`)
  }
  if (query.reason) where.push(`e.reason_kind = ${params.add(query.reason)}`)
  if (query.sort === 'potential') sees('potential')
  // Ordering by fit would tell a potential that the role hides.
  const sort = query.sort === 'fit' && actor.fieldAccess.get('potential') === 'hidden' ? 'entered' : query.sort
  const sorted = sort === 'fit' ? FIT(own) : sort === 'potential' ? 'coalesce(e.potential, -1)' : 'e.entered_at'
  const type = sort === 'fit' ? 'int' : sort === 'potential' ? 'bigint' : 'timestamptz'
  const after = cursorOf(query.cursor, sort)
  if (after) where.push(`(${sorted}, e.account_id) < (${params.add(after.key)}::${type}, ${params.add(after.id)}::bigint)`)
  const found = await tx.query<Found>(
    `with ${MINE}, page as materialized (select e.account_id, ${sorted} as sorted from pool_entry e where ${where.join(' and ')} order by ${sorted} desc, e.account_id desc limit ${query.limit + 1})
     select ${ENTRY_FACTS}, false as grouped, ${REAL('(select ra.name from account ra where ra.tenant_id = $1 and ra.id = e.account_id)')}, e.name) as name, ${REAL(CONTACT('name'))}, e.contact) as contact, ${REAL(CONTACT('phone'))}, e.phone) as phone, e.tier, e.division, e.industry, e.potential::text, e.source, ${UTC('e.entered_at')} as entered_at, e.reason_kind, e.reason, e.detail,
            (select json_build_object('id', t.id::text, 'code', t.code, 'name', t.name, 'colour', t.colour) from territory t where t.tenant_id = $1 and t.model_id = $2 and t.id = e.territory_id) as territory,
            (select json_build_object('id', u.id::text, 'name', u.name) from app_user u where u.tenant_id = $1 and u.id = e.prior_owner_id) as prior, ${UTC('e.last_follow_up_at')} as followed,
            exists (select 1 from account_placement rp where rp.tenant_id = $1 and rp.model_id = $2 and rp.account_id = e.account_id and rp.tokens && ${tokensOf(actor)}) as readable,
            coalesce(e.territory_id = any(${own}::bigint[]), false) as own, coalesce(e.industry in (select industry from mine), false) as known, ${FIT(own)} as score,
            ${type === 'timestamptz' ? UTC('page.sorted') : 'page.sorted::text'} as key
       from page join pool_entry e on e.tenant_id = $1 and e.model_id = $2 and e.account_id = page.account_id order by page.sorted desc, page.account_id desc`,
    params.values,
  )
  const page = found.rows.slice(0, query.limit)
  const last = page.at(-1)
  return {
    rows: await toRows(tx, actor, who, pool, page),
    next: found.rows.length > query.limit && last ? Buffer.from(JSON.stringify([sort, last.key, last.id])).toString('base64url') : null,
  }
}

function cursorOf(cursor: string | undefined, sort: string): { key: string; id: string } | null {
  if (!cursor) return null
  try {
    const [of, key, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string, string, string]
    if (of === sort && /^[-\dT:.Z]{1,40}$/.test(key) && /^\d{1,18}$/.test(id)) return { key, id }
  } catch {
    // falls through to the refusal
  }
  return stop('input.invalid', undefined, '/cursor')
}

async function toRows(tx: Tx, actor: Actor, who: Who, pool: StoredPool, found: readonly Found[]): Promise<PoolRow[]> {
  if (found.length === 0) return []
  const ids = found.map(r => r.id)
  const { ledger, grouped } = await beyondSight(tx, async () => ({
    ledger: (await countRooms(tx, actor.tenantId, actor.modelId, who.stored, [who.person], ids)).open(),
    grouped: new Set(
      (
        await tx.query<{ id: string }>(`select i.id::text from unnest($3::bigint[]) i(id) where ${GROUPED('i.id')}`, [
          actor.tenantId,
          actor.modelId,
          ids,
        ])
      ).rows.map(r => r.id),
    ),
  }))
  const claimant = claimantOf(who, actor, pool)
  const names = await territoryNames(tx, actor, found)
  const now = Date.now()
  const shows = (key: string) => actor.fieldAccess.get(key) !== 'hidden'
  return found.map(r => {
    const facts = { ...entryFacts(r), groupOwned: grouped.has(r.id) }
    const may = mayClaim(pool, facts, claimant, claimant.admin && pool.rules.adminsExempt ? [] : ledger.rooms(who.person, pool.rules, r.id), now)
    const reached = facts.openings.filter(o => o.at <= now)
    const next = facts.openings.find(o => o.at > now) ?? null
    return {
      id: r.id,
      name: r.name,
      masked: hides(pool) && !r.readable,
      contact: r.contact,
      phone: shows('phone') ? r.phone : null,
      tier: shows('tier') ? r.tier : null,
      division: shows('division') ? r.division : null,
      industry: shows('industry') ? r.industry : null,
      potential: shows('potential') && r.potential !== null ? Number(r.potential) : null,
      source: shows('source') ? r.source : null,
      territory: r.territory,
      enteredAt: r.entered_at,
      reason: { kind: r.reason_kind, code: r.reason_kind === 'reclaim' ? (r.detail?.trigger ?? null) : r.reason, days: r.detail?.days ?? null },
      priorOwner: r.prior,
      lastFollowUpAt: r.followed,
      opening: {
        step: reached.length,
        steps: facts.openings.length,
        to: names.get(reached.at(-1)?.territoryId ?? '') ?? null,
        nextAt: next ? new Date(next.at).toISOString() : null,
        nextTo: next ? (names.get(next.territoryId ?? '') ?? null) : null,
      },
      fit: { score: shows('potential') ? r.score : 0, own: r.own, industry: shows('industry') && r.known },
      eligibility: may.ok
        ? { ok: true, code: null, words: null, until: null }
        : { ok: false, code: may.code, words: wordsOfRefusal(actor, may), until: may.until === null ? null : new Date(may.until).toISOString() },
      readable: r.readable,
    }
  })
}

async function territoryNames(tx: Tx, actor: Actor, rows: readonly Found[]): Promise<ReadonlyMap<string, string>> {
  const ids = new Set(rows.flatMap(r => entryFacts(r).openings.flatMap(o => o.territoryId ?? [])))
  const found = await tx.query<{ id: string; name: string }>(
    'select t.id::text, t.name from territory t where t.tenant_id = $1 and t.model_id = $2 and t.id = any($3::bigint[])',
    [actor.tenantId, actor.modelId, [...ids]],
  )
  return new Map(found.rows.map(r => [r.id, r.name]))
}

const COUNTED = 1_000

/** Entries open to this person, by pool; nobody is told of a pool that is not his. */
export async function findPools(tx: Tx, actor: Actor, who: Who): Promise<z.input<typeof listPools.reply>> {
  const pools = mine(who, actor)
  const found = await tx.query<{ id: string; count: number; today: number }>(
    `select k.id::text, (select count(*)::int from (select 1 from pool_entry e where e.tenant_id = $1 and e.model_id = $2 and e.pool_id = k.id limit ${COUNTED + 1}) x) as count,
            (select count(*)::int from (select 1 from pool_entry e where e.tenant_id = $1 and e.model_id = $2 and e.pool_id = k.id
               and e.entered_at >= date_trunc('day', now() at time zone $4) at time zone $4 limit ${COUNTED + 1}) x) as today
       from unnest($3::bigint[]) k(id)`,
    [actor.tenantId, actor.modelId, pools.map(p => p.id), actor.zone],
  )
  const counts = new Map(found.rows.map(r => [r.id, r]))
  return {
    rows: pools.map(p => ({
      id: p.id,
      name: p.name,
      open: p.open,
      deadEnd: p.deadEnd,
      member: claimantOf(who, actor, p).member,
      admin: adminOf(p, actor),
      masked: hides(p),
      count: counts.get(p.id)?.count ?? 0,
      today: counts.get(p.id)?.today ?? 0,
      rules: p.rules,
      steps: [...p.steps],
    })),
    policies: who.stored.policies
      .filter(p => p.enabled)
      .map(({ id, name, terms: { triggers, all, workingDays, guards, warnDays } }) => ({
        id,
        name,
        triggers: [...triggers],
        all,
        workingDays,
        guards: [...guards],
        warnDays: [...warnDays],
      })),
  }
}

/** What one may claim now, for the draw: the same order of questions, over a bounded number of entries. */
export async function claimable(tx: Tx, actor: Actor, who: Who, pool: StoredPool): Promise<readonly string[]> {
  const { rows } = await findEntries(tx, actor, who, pool, { sort: 'entered', limit: 200 })
  return rows.filter(r => r.eligibility.ok).map(r => r.id)
}
