/**
 * What the map shows of a model beyond its shapes: figures by territory, and where accounts have no territory or two. A computed model is
 * summed from its placements by territory and division; a draft is matched in memory. Only what the reader may see is counted.
 */
import type { z } from 'zod'
import type { mapFigures } from '../../contract/territory/picture.ts'
import { valueAt } from '../../core/condition/columns.ts'
import { visibleTo } from '../access/visible-to.ts'
import { type AsOf, type AsOfAsked, asOfAnswer } from '../account/as-of.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import { assertReadable } from '../territory/models.ts'
import { type Compiled, loadCompiled } from './compiled.ts'
import { matcher } from './decide-placements.ts'
import { instantUnder, sumsAt } from './past-model.ts'
import { readFields } from './read-for.ts'
import { seenTerritories } from './seen-territories.ts'

/** Accounts of one territory and division; `rivals` without the winner. */
type Heap = {
  readonly territoryId: string | null
  readonly division: string | null
  readonly rivals: readonly string[]
  accounts: number
  potential: bigint
  revenue: bigint
  unowned: number
}
type OverlayHeap = { readonly territoryId: string; accounts: number; potential: bigint; revenue: bigint; unowned: number }
type Heaps = { readonly heaps: readonly Heap[]; readonly overlays: readonly OverlayHeap[]; readonly owned: boolean }

export const isComputed = (model: Compiled): boolean => model.loaded.head.state === 'ready' || model.loaded.head.state === 'archived'

export async function readMap(tx: Tx, actor: Actor, modelId: string, asked: AsOfAsked): Promise<z.input<typeof mapFigures.reply>> {
  await assertReadable(tx, actor, modelId)
  const asOf = await instantUnder(tx, actor, modelId, asked)
  const model = await loadCompiled(tx, actor.tenantId, modelId)
  const { heaps, overlays, owned } = asOf
    ? await heapsThen(tx, actor, asOf)
    : isComputed(model)
      ? await heapsPlaced(tx, actor, modelId)
      : await heapsMatched(tx, actor, model)
  const { hierarchy } = model.compiled
  const sums = new Map<string, { accounts: number; potential: bigint; revenue: bigint; unowned: number }>()
  const own = new Map<string, number>()
  for (const heap of [...heaps, ...overlays]) {
    const node = heap.territoryId === null ? undefined : hierarchy.byId.get(heap.territoryId)
    if (!node) continue
    own.set(node.territory.id, (own.get(node.territory.id) ?? 0) + heap.accounts)
    for (const id of [node.territory.id, ...node.ancestorIds]) {
      const sum = sums.get(id) ?? { accounts: 0, potential: 0n, revenue: 0n, unowned: 0 }
      sum.accounts += heap.accounts
      sum.potential += heap.potential
      sum.revenue += heap.revenue
      sum.unowned += heap.unowned
      sums.set(id, sum)
    }
  }
  const seen = seenTerritories(actor, model.compiled, { byTerritory: own })
  const shown = (key: string, value: bigint) => (actor.fieldAccess.get(key) === 'hidden' ? '' : String(value))
  return {
    asOf: asOf && asOfAnswer(asOf),
    figures: [...sums]
      .filter(([id]) => seen === null || seen.has(id))
      .map(([id, s]) => ({
        id,
        accounts: s.accounts,
        potential: shown('potential', s.potential),
        revenue: shown('revenue', s.revenue),
        unowned: owned ? s.unowned : null,
      })),
    gaps: byDivision(heaps.filter(h => h.territoryId === null)).map(({ division, accounts }) => ({ division, accounts })),
    overlaps: byDivision(heaps.filter(h => h.rivals.length > 0)).map(({ division, accounts, heaps: here }) => ({
      division,
      accounts,
      rivals: [...new Set(here.flatMap(h => [h.territoryId ?? '', ...h.rivals]))].filter(id => id !== '' && (seen === null || seen.has(id))),
    })),
  }
}

function byDivision(heaps: readonly Heap[]): { division: string; accounts: number; heaps: Heap[] }[] {
  const result = new Map<string, { division: string; accounts: number; heaps: Heap[] }>()
  for (const heap of heaps) {
    if (heap.division === null) continue
    const known = result.get(heap.division) ?? { division: heap.division, accounts: 0, heaps: [] }
    known.accounts += heap.accounts
    known.heaps.push(heap)
    result.set(heap.division, known)
  }
  return [...result.values()].sort((a, b) => b.accounts - a.accounts || (a.division < b.division ? -1 : 1))
}

async function heapsPlaced(tx: Tx, actor: Actor, modelId: string): Promise<Heaps> {
  const sums = `count(*)::int as accounts, coalesce(sum(a.potential), 0)::text as potential, coalesce(sum(a.revenue), 0)::text as revenue,
    count(*) filter (where p.owner_id is null)::int as unowned`
  type Row = {
    territoryId: string | null
    division: string | null
    rivals: string[]
    accounts: number
    potential: string
    revenue: string
    unowned: number
  }
  const found = await tx.query<Row>(
    `select p.territory_id::text as "territoryId", a.division, coalesce(p.contested, '{}')::text[] as rivals, ${sums}
       from account_placement p join account a on a.tenant_id = $1 and a.id = p.account_id and a.deleted_at is null
      where p.tenant_id = $1 and p.model_id = $2 and ${visibleTo(actor, 'p.account_id')} group by p.territory_id, a.division, p.contested`,
    [actor.tenantId, modelId],
  )
  const overlays = await tx.query<Row & { territoryId: string }>(
    `select o.territory_id::text as "territoryId", ${sums}
       from account_overlay o join account a on a.tenant_id = $1 and a.id = o.account_id and a.deleted_at is null
       join account_placement p on p.tenant_id = $1 and p.model_id = $2 and p.account_id = o.account_id
      where o.tenant_id = $1 and o.model_id = $2 and ${visibleTo(actor, 'o.account_id')} group by o.territory_id`,
    [actor.tenantId, modelId],
  )
  const money = <T extends { potential: string; revenue: string }>(row: T) => ({
    ...row,
    potential: BigInt(row.potential),
    revenue: BigInt(row.revenue),
  })
  return { heaps: found.rows.map(money), overlays: overlays.rows.map(money), owned: true }
}

async function heapsThen(tx: Tx, actor: Actor, asOf: AsOf): Promise<Heaps> {
  const { heaps, overlays } = await sumsAt(tx, actor, asOf)
  const money = <T extends { potential: string; revenue: string }>(row: T) => ({
    ...row,
    rivals: [],
    potential: BigInt(row.potential),
    revenue: BigInt(row.revenue),
  })
  return { heaps: heaps.map(money), overlays: overlays.map(money), owned: true }
}

async function heapsMatched(tx: Tx, actor: Actor, model: Compiled): Promise<Heaps> {
  const columns = await readFields(tx, actor, model, ['division', 'potential', 'revenue'])
  const match = matcher(model.compiled, columns)
  const [division, potential, revenue] = ['division', 'potential', 'revenue'].map(key => columns.fields.get(key)!)
  const heaps = new Map<string, Heap>()
  const overlays = new Map<string, OverlayHeap>()
  const big = (value: unknown) => BigInt(Math.round(Number(value ?? 0)))
  for (let i = 0; i < columns.count; i += 1) {
    const m = match(i)
    const code = (valueAt(division!, i) ?? null) as string | null
    const key = `${m.territoryId}|${code}|${m.contested.join()}`
    const heap = heaps.get(key) ?? {
      territoryId: m.territoryId,
      division: code,
      rivals: m.contested,
      accounts: 0,
      potential: 0n,
      revenue: 0n,
      unowned: 0,
    }
    const [p, r] = [big(valueAt(potential!, i)), big(valueAt(revenue!, i))]
    heap.accounts += 1
    heap.potential += p
    heap.revenue += r
    heaps.set(key, heap)
    for (const id of m.overlays) {
      const over = overlays.get(id) ?? { territoryId: id, accounts: 0, potential: 0n, revenue: 0n, unowned: 0 }
      over.accounts += 1
      over.potential += p
      over.revenue += r
      overlays.set(id, over)
    }
  }
  return { heaps: [...heaps.values()], overlays: [...overlays.values()], owned: false }
}
