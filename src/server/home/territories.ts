/**
 * My territories with their figures, those to look at first ("要管"): without owner, with customers nobody has, contested, undecidable, or
 * half of them not spoken to for 90 days. Who leads sees what lies below; who sees everything sees regions.
 */
import type { TerritoryFlag, TerritoryLine } from '../../contract/home/home.ts'
import { token } from '../../core/access/tokens.ts'
import type { CompiledModel } from '../../core/assignment/compile.ts'
import { loadCompiled } from '../assignment/compiled.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import { inSight, ofThese } from './scope.ts'

type Sums = {
  accounts: number
  potential: bigint
  revenue: bigint
  openAmount: bigint
  unowned: number
  contested: number
  undecidable: number
  silent: number
}
const SHOWN = 300

export async function readTerritoryLines(tx: Tx, actor: Actor): Promise<{ rows: TerritoryLine[]; regions: boolean }> {
  const { compiled } = await loadCompiled(tx, actor.tenantId, actor.modelId)
  const chosen = actor.seesAll ? regionsOf(compiled) : belowMine(compiled, actor)
  const sums = await sumsByTerritory(tx, actor)
  const now = new Date().toISOString()
  const holders = new Map(
    chosen.map(id => [
      id,
      (compiled.membersOf.get(id) ?? []).filter(
        m => (m.role === 'owner' || (actor.seesAll && m.role === 'manager')) && m.startsAt <= now && (m.endsAt === null || m.endsAt > now),
      ),
    ]),
  )
  const names = await namesOf(
    tx,
    actor,
    [...holders.values()].flat().map(m => m.userId),
  )
  const hides = (key: string) => actor.fieldAccess.get(key) === 'hidden'
  const rows = chosen.map((id): TerritoryLine => {
    const node = compiled.hierarchy.byId.get(id)!
    const total = emptySums()
    // A region stands for all below it; in a list of territories each counts its own, so that the rows add up.
    for (const [territoryId, s] of sums)
      if (territoryId === id || (actor.seesAll && compiled.hierarchy.byId.get(territoryId)?.ancestorIds.includes(id))) add(total, s)
    const owners = (holders.get(id) ?? []).flatMap(m => (names.has(m.userId) ? [{ id: m.userId, name: names.get(m.userId)! }] : []))
    const takes = node.effective !== null
    const flags: TerritoryFlag[] = [
      ...(owners.length === 0 && takes ? (['noOwner'] as const) : []),
      ...(total.unowned > 0 ? (['unowned'] as const) : []),
      ...(total.contested > 0 ? (['contested'] as const) : []),
      ...(total.undecidable > 0 ? (['undecidable'] as const) : []),
      ...(total.accounts >= 10 && total.silent * 2 > total.accounts ? (['silent'] as const) : []),
    ]
    return {
      territory: { id, code: node.territory.code, name: node.territory.name, colour: node.territory.colour },
      owners,
      accounts: total.accounts,
      potential: hides('potential') ? null : String(total.potential),
      revenue: hides('revenue') ? null : String(total.revenue),
      openAmount: String(total.openAmount),
      unowned: total.unowned,
      contested: total.contested,
      undecidable: total.undecidable,
      silent: total.silent,
      flags,
    }
  })
  const weight = (r: TerritoryLine) => (r.flags.length === 0 ? 0 : r.flags.length * 1_000_000 + r.unowned + r.contested)
  return { rows: rows.sort((a, b) => weight(b) - weight(a) || b.accounts - a.accounts).slice(0, SHOWN), regions: actor.seesAll }
}

/** Children of a root that is only a roof; a root that holds leaves directly (an industry team) stands for itself. */
function regionsOf(compiled: CompiledModel): readonly string[] {
  const { order } = compiled.hierarchy
  const childrenOf = new Map<string, string[]>()
  for (const node of order)
    if (node.ancestorIds[0]) childrenOf.set(node.ancestorIds[0], [...(childrenOf.get(node.ancestorIds[0]) ?? []), node.territory.id])
  return order
    .filter(n => n.ancestorIds.length === 0)
    .flatMap(root => {
      const children = childrenOf.get(root.territory.id) ?? []
      return children.some(c => childrenOf.has(c)) ? children : [root.territory.id]
    })
}

/** Everything that takes customers at or below a territory of which I am a member. */
function belowMine(compiled: CompiledModel, actor: Actor): readonly string[] {
  const held = new Set(actor.tokens)
  const mine = (id: string) => held.has(token('territory', id))
  return compiled.hierarchy.order.filter(n => n.effective !== null && (mine(n.territory.id) || n.ancestorIds.some(mine))).map(n => n.territory.id)
}

const emptySums = (): Sums => ({ accounts: 0, potential: 0n, revenue: 0n, openAmount: 0n, unowned: 0, contested: 0, undecidable: 0, silent: 0 })
function add(total: Sums, s: Sums): void {
  total.accounts += s.accounts
  total.potential += s.potential
  total.revenue += s.revenue
  total.openAmount += s.openAmount
  total.unowned += s.unowned
  total.contested += s.contested
  total.undecidable += s.undecidable
  total.silent += s.silent
}

async function sumsByTerritory(tx: Tx, actor: Actor): Promise<ReadonlyMap<string, Sums>> {
  const these = await ofThese(tx, actor, 'n.account_id')
  const found = await tx.query<
    { id: string; potential: string; revenue: string; openAmount: string } & Omit<Sums, 'potential' | 'revenue' | 'openAmount'>
  >(
    `with s as materialized (select p.account_id, p.owner_id, p.territory_id, coalesce(cardinality(p.contested), 0) > 0 as contested, p.undecidable, a.potential, a.revenue from ${inSight(actor)} and p.territory_id is not null),
     heard as materialized (select distinct n.account_id from note n where n.tenant_id = $1 and n.deleted_at is null and n.created_at > now() - interval '90 days'${these}),
     deals as materialized (select o.account_id, sum(o.amount) as amount from opportunity o where o.tenant_id = $1 and o.deleted_at is null and o.stage = 'open'${these.replace('n.', 'o.')} group by o.account_id)
     select s.territory_id::text as id, count(*)::int as accounts, coalesce(sum(s.potential), 0)::text as potential, coalesce(sum(s.revenue), 0)::text as revenue, coalesce(sum(d.amount), 0)::text as "openAmount",
       count(*) filter (where s.owner_id is null)::int as unowned, count(*) filter (where s.contested)::int as contested, count(*) filter (where s.undecidable)::int as undecidable,
       count(*) filter (where h.account_id is null)::int as silent
     from s left join heard h on h.account_id = s.account_id left join deals d on d.account_id = s.account_id group by s.territory_id`,
    [actor.tenantId],
  )
  return new Map(
    found.rows.map(({ id, ...r }) => [id, { ...r, potential: BigInt(r.potential), revenue: BigInt(r.revenue), openAmount: BigInt(r.openAmount) }]),
  )
}

async function namesOf(tx: Tx, actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = await tx.query<{ id: string; name: string }>(
    `select id::text, name from app_user where tenant_id = $1 and id = any($2::bigint[]) and state <> 'inactive'`,
    [actor.tenantId, [...new Set(ids)]],
  )
  return new Map(found.rows.map(r => [r.id, r.name]))
}
