/**
 * A trial of an order of clauses 条款试算: every customer that got its owner within a year, with the facts of that moment; whom the order would
 * have given it, beside who got it. Read in sets, within one's sight; nothing is written.
 */
import type { Simulation } from '../../contract/engagement/settings.ts'
import { matchOne } from '../../core/assignment/compile.ts'
import { type Clause, type ClauseFacts, leaning, type Touch, testClauses } from '../../core/engagement/clauses.ts'
import { noteKind } from '../../core/engagement/evidence.ts'
import { visibleTo } from '../access/visible-to.ts'
import { loadCompiled } from '../assignment/compiled.ts'
import { readFacts } from '../assignment/place-accounts.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import { loadRules } from './rules.ts'
import { namesFor } from './show-effect.ts'

const MOST = 5_000
const SHOWN = 20
const MS = (column: string) => `extract(epoch from ${column})::float8 * 1000`
type Row = Pick<ClauseFacts, 'createdAt' | 'pins' | 'group' | 'territoryId' | 'contested' | 'poolId'> & {
  id: string
  name: string
  owner: string
  at: number
}

export async function simulate(tx: Tx, actor: Actor, clauses: readonly Clause[]): Promise<Simulation> {
  const found = await tx.query<Row>(ACCOUNTS(actor), [actor.tenantId, actor.modelId])
  const rows = found.rows.slice(0, MOST)
  const ids = rows.map(r => r.id)
  const { compiled } = await loadCompiled(tx, actor.tenantId, actor.modelId)
  const touches = await touchesOf(tx, actor.tenantId, ids)
  const addresses = await addressesOf(tx, actor, ids)
  const registrations = await registrationsOf(tx, actor.tenantId, ids)
  const leadOf = (territoryId: string | null) =>
    territoryId === null ? null : ((compiled.membersOf.get(territoryId) ?? []).find(m => m.role === 'owner')?.userId ?? null)
  const inForce = (await loadRules(tx, actor.tenantId)).clauses
  const decided = rows.map(r => {
    const facts: ClauseFacts = {
      ...r,
      ownerId: r.owner,
      touches: touches.get(r.id) ?? [],
      addresses: addresses.get(r.id) ?? [],
      registrations: registrations.get(r.id) ?? [],
    }
    const whom = (order: readonly Clause[]) => {
      const lead = leaning(testClauses(order, facts, r.at))
      return { lead, userId: lead ? (lead.userId ?? leadOf(lead.territoryId)) : null }
    }
    return { r, ...whom(clauses), before: whom(inForce).userId }
  })
  const others = decided.filter(d => d.userId !== null && d.userId !== d.r.owner)
  const names = await namesFor(
    tx,
    actor.tenantId,
    others.slice(0, SHOWN).flatMap(d => [d.r.owner, d.userId]),
    others.slice(0, SHOWN).map(d => d.lead!.territoryId),
  )
  const by = new Map<Clause['kind'], number>()
  for (const d of decided) if (d.lead) by.set(d.lead.clause.kind, (by.get(d.lead.clause.kind) ?? 0) + 1)
  return {
    accounts: rows.length,
    more: found.rows.length > MOST,
    same: decided.filter(d => d.userId === d.r.owner).length,
    others: others.length,
    undecided: decided.filter(d => d.userId === null).length,
    changed: decided.filter(d => d.userId !== d.before).length,
    byClause: [...by].map(([kind, n]) => ({ kind, n })).sort((a, b) => b.n - a.n),
    examples: others
      .slice(0, SHOWN)
      .map(d => ({
        id: d.r.id,
        name: d.r.name,
        at: new Date(d.r.at).toISOString(),
        owner: names.person(d.r.owner)?.name ?? '',
        would: names.person(d.userId)?.name ?? null,
        territory: names.territory(d.lead!.territoryId),
        clause: d.lead!.clause.kind,
      })),
  }
}

/** Who got it then: since when the present owner has it, by the newest act, else since the placement. */
const ACCOUNTS = (actor: Actor) => `with recursive one as materialized (
    select a.id, a.name, a.parent_id, a.created_at, p.owner_id, p.territory_id, p.contested, p.pool_id, greatest(p.valid_from, a.created_at) as at
      from account a join account_placement p on p.tenant_id = $1 and p.model_id = $2 and p.account_id = a.id
     where a.tenant_id = $1 and a.deleted_at is null and p.owner_id is not null and p.valid_from > now() - interval '1 year' and ${visibleTo(actor, 'a.id')}
     order by p.valid_from desc, a.id desc limit ${MOST + 1}),
   up(start, id, parent, depth) as (
    select o.id, h.id, h.parent_id, 0 from one o join account h on h.tenant_id = $1 and h.id = o.parent_id
    union all select up.start, h.id, h.parent_id, up.depth + 1 from up join account h on h.tenant_id = $1 and h.id = up.parent where up.depth < 30),
   head as (select distinct on (start) start, id from up order by start, depth desc)
   select o.id::text, o.name, o.owner_id::text as owner, o.territory_id::text as "territoryId", coalesce(o.contested, '{}')::text[] as contested, o.pool_id::text as "poolId", ${MS('o.created_at')} as "createdAt", ${MS('o.at')} as at,
     case when g.id is not null then json_build_object('rootId', g.id::text, 'ownerId', q.owner_id::text, 'territoryId', q.territory_id::text, 'createdAt', ${MS('r.created_at')}) end as group,
     coalesce(n.pins, '[]') as pins
     from one o left join head g on g.start = o.id left join account r on r.tenant_id = $1 and r.id = g.id left join account_placement q on q.tenant_id = $1 and q.model_id = $2 and q.account_id = g.id
     left join (select t.account_id, json_agg(json_build_object('territoryId', t.territory_id::text, 'from', ${MS('t.starts_at')}, 'until', ${MS('t.ends_at')}) order by t.created_at, t.id) as pins
        from territory_pin t where t.tenant_id = $1 and t.cancelled_at is null and t.account_id in (select id from one) group by t.account_id) n on n.account_id = o.id
    order by o.at desc, o.id desc`

function grouped<T extends { id: string }>(rows: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const map = new Map<string, T[]>()
  for (const row of rows) {
    const list = map.get(row.id)
    if (list) list.push(row)
    else map.set(row.id, [row])
  }
  return map
}

async function touchesOf(tx: Tx, tenantId: string, ids: readonly string[]): Promise<ReadonlyMap<string, readonly Touch[]>> {
  const found = await tx.query<{ id: string; at: number; kind: Touch['kind']; by: string; text: string | null }>(
    `select account_id::text as id, ${MS('created_at')} as at, 'note' as kind, author_id::text as by, left(text, 100) as text from note where tenant_id = $1 and account_id = any($2::bigint[]) and deleted_at is null
     union all select account_id::text, ${MS('created_at')}, 'opportunity', owner_id::text, null from opportunity where tenant_id = $1 and account_id = any($2::bigint[]) and deleted_at is null and owner_id is not null
     union all select account_id::text, ${MS('done_at')}, 'task', assignee_id::text, null from task where tenant_id = $1 and account_id = any($2::bigint[]) and deleted_at is null and done_at is not null
     union all select id::text, ${MS('created_at')}, 'creation', created_by::text, null from account where tenant_id = $1 and id = any($2::bigint[]) and created_by is not null`,
    [tenantId, ids],
  )
  return grouped(found.rows.map(r => (r.kind === 'note' ? { ...r, kind: noteKind(r.text ?? '') } : r)))
}

async function addressesOf(tx: Tx, actor: Actor, ids: readonly string[]) {
  const { compiled } = await loadCompiled(tx, actor.tenantId, actor.modelId)
  const facts = await readFacts(tx, actor.tenantId, ids)
  const found = await tx.query<{ id: string; kind: string; division: string }>(
    `select account_id::text as id, kind, division from account_address where tenant_id = $1 and account_id = any($2::bigint[]) and kind in ('business', 'registered') and division is not null`,
    [actor.tenantId, ids],
  )
  return grouped(
    found.rows.map(r => {
      const own = facts.get(r.id)!
      const there = r.kind === 'business' ? { ...own, division: r.division } : { ...own, division: r.division, point: null }
      return { ...r, territoryId: matchOne(compiled, there).territoryId }
    }),
  )
}

async function registrationsOf(tx: Tx, tenantId: string, ids: readonly string[]) {
  const found = await tx.query<{ id: string; ownerId: string; from: number; until: number }>(
    `select account_id::text as id, owner_id::text as "ownerId", ${MS('starts_at')} as from, ${MS('ends_at')} as until from registration where tenant_id = $1 and account_id = any($2::bigint[]) and state in ('accepted', 'ended')`,
    [tenantId, ids],
  )
  return grouped(found.rows)
}
