/**
 * Territories as the tree, the map and the panel show them: owners, counts of accounts (of what the reader may see), the divisions that
 * give the shape. A computed model counts its placements; a draft is matched in memory, in the request.
 */
import type { z } from 'zod'
import type { listTerritories, TerritoryRow } from '../../contract/territory/models.ts'
import type { CompiledModel } from '../../core/assignment/compile.ts'
import type { Node } from '../../core/territory/hierarchy.ts'
import { visibleTo } from '../access/visible-to.ts'
import { type AsOf, type AsOfAsked, asOfAnswer } from '../account/as-of.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import type { LoadedModel, LoadedTerritory } from '../territory/load-model.ts'
import { assertReadable } from '../territory/models.ts'
import { type Compiled, loadCompiled } from './compiled.ts'
import { matcher } from './decide-placements.ts'
import { coloursFor, shapesFor } from './neighbours.ts'
import { instantUnder, leadersAt, sumsAt } from './past-model.ts'
import { readFor } from './read-for.ts'
import { type Seen, seenTerritories } from './seen-territories.ts'

export type Counts = {
  readonly byTerritory: ReadonlyMap<string, number>
  readonly unassigned: number
  readonly contested: number
  readonly undecidable: number
  readonly accounts: number
}

export async function countAccounts(tx: Tx, actor: Actor, model: Compiled, asOf: AsOf | null = null): Promise<Counts> {
  if (asOf) return countThen(tx, actor, asOf)
  return model.loaded.head.state === 'ready' || model.loaded.head.state === 'archived'
    ? countPlaced(tx, actor, model.loaded.id)
    : countMatched(tx, actor, model.compiled)
}

async function countPlaced(tx: Tx, actor: Actor, modelId: string): Promise<Counts> {
  // The driver of sight stands on the active model's placements; the counted ones may be another model's.
  const sight = visibleTo(actor, 'p.account_id')
  const found = await tx.query<{ territory_id: string | null; n: number; contested: number; undecidable: number }>(
    `select p.territory_id::text, count(*)::int as n, count(*) filter (where cardinality(p.contested) > 0)::int as contested, count(*) filter (where p.undecidable)::int as undecidable
       from account_placement p join account a on a.tenant_id = $1 and a.id = p.account_id and a.deleted_at is null
      where p.tenant_id = $1 and p.model_id = $2 and ${sight} group by p.territory_id`,
    [actor.tenantId, modelId],
  )
  const overlays = await tx.query<{ territory_id: string; n: number }>(
    `select p.territory_id::text, count(*)::int as n from account_overlay p where p.tenant_id = $1 and p.model_id = $2 and ${sight} group by p.territory_id`,
    [actor.tenantId, modelId],
  )
  const sum = (key: 'n' | 'contested' | 'undecidable') => found.rows.reduce((s, r) => s + r[key], 0)
  return {
    byTerritory: new Map([
      ...found.rows.flatMap(r => (r.territory_id ? [[r.territory_id, r.n] as const] : [])),
      ...overlays.rows.map(r => [r.territory_id, r.n] as const),
    ]),
    unassigned: found.rows.find(r => r.territory_id === null)?.n ?? 0,
    contested: sum('contested'),
    undecidable: sum('undecidable'),
    accounts: sum('n'),
  }
}

async function countThen(tx: Tx, actor: Actor, asOf: AsOf): Promise<Counts> {
  const { heaps, overlays } = await sumsAt(tx, actor, asOf)
  const byTerritory = new Map<string, number>()
  let [unassigned, accounts] = [0, 0]
  for (const heap of [...heaps, ...overlays]) {
    if (heap.territoryId !== null) byTerritory.set(heap.territoryId, (byTerritory.get(heap.territoryId) ?? 0) + heap.accounts)
    else unassigned += heap.accounts
  }
  for (const heap of heaps) accounts += heap.accounts
  return { byTerritory, unassigned, contested: 0, undecidable: 0, accounts }
}

async function countMatched(tx: Tx, actor: Actor, compiled: CompiledModel): Promise<Counts> {
  const columns = await readFor(
    tx,
    actor,
    compiled.env,
    compiled.takers.map(t => t.node.effective!),
  )
  const match = matcher(compiled, columns)
  const byTerritory = new Map<string, number>()
  const result = { unassigned: 0, contested: 0, undecidable: 0 }
  for (let i = 0; i < columns.count; i += 1) {
    const m = match(i)
    for (const id of m.territoryId === null ? m.overlays : [m.territoryId, ...m.overlays]) byTerritory.set(id, (byTerritory.get(id) ?? 0) + 1)
    if (m.territoryId === null) result.unassigned += 1
    if (m.contested.length > 0) result.contested += 1
    if (m.undecidable) result.undecidable += 1
  }
  return { byTerritory, ...result, accounts: columns.count }
}

export async function readTerritories(
  tx: Tx,
  actor: Actor,
  modelId: string,
  query: { search?: string | undefined; cursor?: string | undefined; limit: number } & AsOfAsked,
): Promise<z.infer<typeof listTerritories.reply>> {
  await assertReadable(tx, actor, modelId)
  const asOf = await instantUnder(tx, actor, modelId, query)
  const model = await loadCompiled(tx, actor.tenantId, modelId)
  const counts = await countAccounts(tx, actor, model, asOf)
  const seen = seenTerritories(actor, model.compiled, counts)
  const leaders = asOf && (await leadersAt(tx, actor, modelId, asOf))
  const names = await ownerNames(tx, actor, model.loaded)
  const below = subtreeCounts(model.compiled, counts)
  const loaded = new Map(model.loaded.territories.map(t => [t.id, t]))
  const needle = query.search?.normalize('NFKC').trim().toLowerCase()
  const order = model.compiled.hierarchy.order.filter(
    n =>
      (seen === null || seen.has(n.territory.id)) &&
      (!needle || `${n.territory.code} ${n.territory.name} ${loaded.get(n.territory.id)?.nameEn ?? ''}`.toLowerCase().includes(needle)),
  )
  const from = Math.max(0, Number(/^\d{1,7}$/.exec(query.cursor ?? '')?.[0] ?? 0))
  const page = order.slice(from, from + query.limit)
  const rowOf = rowMaker(model, names, below, seen, leaders)
  return {
    rows: page.map(node => rowOf(node, loaded.get(node.territory.id)!)),
    next: from + query.limit < order.length ? String(from + query.limit) : null,
    unassigned: counts.unassigned,
    contested: counts.contested,
    undecidable: counts.undecidable,
    asOf: asOf && asOfAnswer(asOf),
  }
}

/** Of a territory on the path alone neither shape nor people are told. */
export function rowMaker(
  model: Compiled,
  names: ReadonlyMap<string, string>,
  below: ReadonlyMap<string, number>,
  seen: ReadonlyMap<string, Seen> | null,
  leaders: ReadonlyMap<string, readonly { id: string; name: string }[]> | null = null,
): (node: Node, t: LoadedTerritory) => TerritoryRow {
  const { compiled } = model
  const now = new Date().toISOString()
  const shapes = shapesFor(compiled)
  const colours = coloursFor(model)
  return (node, t) => {
    const whole = seen === null || seen.get(t.id) === 'whole'
    const owners = leaders
      ? (leaders.get(t.id) ?? [])
      : (compiled.membersOf.get(t.id) ?? [])
          .filter(m => m.role === 'owner' && m.startsAt <= now && (m.endsAt === null || m.endsAt > now))
          .map(m => ({ id: m.userId, name: names.get(m.userId) ?? '' }))
    return {
      id: t.id,
      parentId: node.ancestorIds[0] ?? null,
      typeId: t.typeId,
      code: t.code,
      name: t.name,
      nameEn: t.nameEn,
      colour: colours.get(t.id) ?? t.colour,
      inherit: t.inherit,
      priority: t.priority,
      depth: node.depth,
      ruleVersion: t.ruleVersion,
      hasRule: t.condition !== null,
      owners: whole ? [...owners] : [],
      accounts: below.get(t.id) ?? 0,
      children: seen === null ? node.childIds.length : node.childIds.filter(c => seen.has(c)).length,
      divisions: whole ? [...(shapes.get(t.id) ?? [])] : [],
      changed: t.changed,
      seen: whole ? 'whole' : 'path',
      rowVersion: t.rowVersion,
    }
  }
}

/** A parent's figure is the sum of everything below. */
export function subtreeCounts(compiled: CompiledModel, counts: Pick<Counts, 'byTerritory'>): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const node of compiled.hierarchy.order) {
    const own = counts.byTerritory.get(node.territory.id) ?? 0
    if (own > 0) for (const id of [node.territory.id, ...node.ancestorIds]) sums.set(id, (sums.get(id) ?? 0) + own)
  }
  return sums
}

export async function ownerNames(tx: Tx, actor: Actor, loaded: LoadedModel): Promise<ReadonlyMap<string, string>> {
  const found = await tx.query<{ id: string; name: string }>('select id::text, name from app_user where tenant_id = $1 and id = any($2::bigint[])', [
    actor.tenantId,
    [...new Set(loaded.members.map(m => m.userId))],
  ])
  return new Map(found.rows.map(r => [r.id, r.name]))
}
