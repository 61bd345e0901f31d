/**
 * Where many accounts stand under one model, decided from one snapshot: rules over columns, pins, acts and shares beside them. Accounts in
 * the same situation share one decision, so that a million of them cost a look-up each.
 */
import { type CompiledModel, chooseWinner, couldMatch, type Match } from '../../core/assignment/compile.ts'
import { type People, type Placement, place } from '../../core/assignment/place.ts'
import { type Columns, idAt } from '../../core/condition/columns.ts'
import { fieldsOf } from '../../core/condition/explain.ts'
import type { Tx } from '../kernel/transaction.ts'
import { type Compiled, loadCompiled } from './compiled.ts'
import { CodeList, codeReader } from './copy-cells.ts'
import { type Dated, loadDated, loadPeople } from './load-facts.ts'
import { loadPooling, NO_POOLING, NO_POOLS, type Pooling } from './placing-parts.ts'
import { type Beside, readColumns } from './read-columns.ts'

/** Up to so many accounts their dated facts are looked up one by one; of more, all of the company are read. */
const FEW = 20_000

export type Decided<T> = { readonly match: Match; readonly placement: Placement; readonly kept: T }
export type Decisions<T> = { readonly model: Compiled; readonly columns: Columns; readonly decide: (i: number) => Decided<T> }

/** The owner before of the account at a place, and a number that stands for him. */
export type Prior = { readonly ownerAt: (i: number) => string | null; readonly keyAt: (i: number) => number }
/** Where the owner before is found, and what else is read of the account `a` and of its placement `p` under that model. */
export type Asked = {
  readonly where?: string
  /** In a column of that placement; or the caller, who reads more of it, finds it by himself once all are read. */
  readonly prior: { readonly modelId: string | null; readonly column: 'owner_id' | 'prior_owner_id' | ((columns: Columns) => Promise<Prior>) }
  readonly more?: Beside['cells']
  /** Fields beside those that the rules of the model read. */
  readonly fields?: Iterable<string>
}

/**
 * `at`: the instant that dated facts are asked for. `keep` makes, once for each situation, what the caller needs of a placement. `where`
 * narrows the accounts (literals only, on `account a`).
 */
export async function decidePlacements<T>(
  tx: Tx,
  tenantId: string,
  modelId: string,
  at: string,
  keep: (placement: Placement, priorOwnerId: string | null) => T,
  { where, prior, more = [], fields = [] }: Asked,
): Promise<Decisions<T>> {
  const model = await loadCompiled(tx, tenantId, modelId)
  const { loaded, compiled } = model
  const pooling = await loadPooling(tx, tenantId, model)
  const used = new Set([...compiled.takers.flatMap(t => [...fieldsOf(t.node.effective!)]), ...pooling.fields, ...fields])
  const owners: (string | null)[] = [null]
  const list = new CodeList()
  const readOwner = codeReader(
    text => owners.push(text),
    code => list.push(code),
  )
  const { column } = prior
  const beside: Beside = {
    join: `left join account_placement p on p.tenant_id = ${BigInt(tenantId)} and p.model_id = ${BigInt(prior.modelId ?? modelId)} and p.account_id = a.id`,
    cells: [...(typeof column === 'string' ? [{ sql: `p.${column}`, read: readOwner }] : []), ...more],
  }
  const columns = await readColumns(
    tx,
    tenantId,
    [...compiled.env.fields.values()].filter(f => used.has(f.key)),
    where,
    beside,
  )
  const few = where !== undefined && columns.count <= FEW
  const dated = await loadDated(tx, tenantId, loaded.head, few ? Array.from({ length: columns.count }, (_, i) => idAt(columns, i)) : null)
  const people = await loadPeople(tx, tenantId, null)
  const match = matcher(compiled, columns)
  const decideOne = decider(compiled, people, dated, at, keep, pooling)
  const poolsAt = pooling.ofColumns(columns)
  const { codes } = list
  const { ownerAt, keyAt }: Prior = typeof column === 'string' ? { ownerAt: i => owners[codes[i]!]!, keyAt: i => codes[i]! } : await column(columns)
  return { model, columns, decide: i => decideOne(columns.ids[i]!, match(i), ownerAt(i), keyAt(i), poolsAt(i)) }
}

/** Places accounts by id and match; equal situations (the same match, act and prior owner, no pins, no shares) are decided once. */
export function decider<T>(
  compiled: CompiledModel,
  people: People,
  dated: Dated,
  at: string,
  keep: (placement: Placement, priorOwnerId: string | null) => T,
  { steps }: Pick<Pooling, 'steps'> = NO_POOLING,
): (id: number, match: Match, priorOwnerId: string | null, priorKey?: number, pools?: readonly string[]) => Decided<T> {
  const [pins, acts, shares] = [byNumber(dated.pins), byNumber(dated.acts), byNumber(dated.shares)]
  /** What was decided already, apart for each list of pools whose condition holds: there are as many as pools overlap. */
  const known = new Map<readonly string[], { plain: Map<Match, Decided<T>>; others: Map<Match, Map<string | number, Decided<T>>> }>()
  const lonely = pins.size === 0 && shares.size === 0 && acts.size === 0
  const make = (id: number, match: Match, priorOwnerId: string | null, pools: readonly string[]): Decided<T> => {
    const facts = { match, pins: pins.get(id) ?? [], act: acts.get(id) ?? null, priorOwnerId, shares: shares.get(id) ?? [], pools }
    const placement = place(facts, compiled, people, at, steps)
    return { match, placement, kept: keep(placement, priorOwnerId) }
  }
  // `priorKey`: a number for the prior owner, cheaper to look up than its text.
  return (id, match, priorOwnerId, priorKey, pools = NO_POOLS) => {
    if (!lonely && (pins.has(id) || shares.has(id))) return make(id, match, priorOwnerId, pools)
    let memo = known.get(pools)
    if (memo === undefined) {
      memo = { plain: new Map(), others: new Map() }
      known.set(pools, memo)
    }
    const { plain, others } = memo
    const act = lonely ? undefined : acts.get(id)
    if (act === undefined && priorOwnerId === null) {
      let found = plain.get(match)
      if (found === undefined) {
        found = make(id, match, null, pools)
        plain.set(match, found)
      }
      return found
    }
    let mine = others.get(match)
    if (mine === undefined) {
      mine = new Map()
      others.set(match, mine)
    }
    const key =
      act === undefined && priorKey !== undefined ? priorKey : `${act ? `${act.ownerId}|${act.territoryId}|${act.poolId ?? ''}` : ''}|${priorOwnerId}`
    let found = mine.get(key)
    if (found === undefined) {
      found = make(id, match, priorOwnerId, pools)
      mine.set(key, found)
    }
    return found
  }
}

const byNumber = <V>(map: ReadonlyMap<string, V>): ReadonlyMap<number, V> => new Map([...map].map(([id, value]) => [Number(id), value]))

/** Match by position over columns: winner, contested, overlays, undecidable. Equal matches are the same object. */
export function matcher(compiled: CompiledModel, columns: Columns): (i: number) => Match {
  const scan = compiled.index.scan(columns)
  const { takers } = compiled
  const out = new Int32Array(takers.length)
  const exclusive = Uint8Array.from(takers, t => (t.exclusive ? 1 : 0))
  const rank = Int32Array.from(takers, t => t.rank)
  /** By the sum of their positions' weights: who decides (the best of the exclusive, overlays), and what follows from it. */
  const known = new Map<number, { readonly deciders: readonly number[]; readonly match: Match }[]>()
  const weight = Int32Array.from(takers, (_, at) => Math.imul(at + 1, 0x9e3779b1) >>> 8)
  const nobody = [false, true].map((undecidable): Match => ({ territoryId: null, contested: [], overlays: [], undecidable }))

  /** Moves those that decide to the front of `out` and answers how many; false when no exclusive one holds. */
  let won = false
  const deciders = (count: number): number => {
    let best = takers.length
    for (let k = 0; k < count; k += 1) if (exclusive[out[k]!] === 1 && out[k]! < best) best = out[k]!
    won = best < takers.length
    const bestRank = won ? rank[best] : -1
    let n = 0
    for (let k = 0; k < count; k += 1) {
      const at = out[k]!
      if (exclusive[at] === 1 && rank[at] !== bestRank) continue
      out[n] = at
      n += 1
    }
    return n
  }
  /** Most have one who decides: found by its place. */
  const alone = new Array<Match | undefined>(takers.length).fill(undefined)
  const recall = (n: number): Match => {
    if (n !== 1) return recallSeveral(n)
    const at = out[0]!
    alone[at] ??= { ...chooseWinner(compiled, out, 1), undecidable: false }
    return alone[at]
  }
  const recallSeveral = (n: number): Match => {
    let sum = 0
    for (let k = 0; k < n; k += 1) sum += weight[out[k]!]!
    let same = known.get(sum)
    search: for (const found of same ?? []) {
      if (found.deciders.length !== n) continue
      for (let k = 0; k < n; k += 1) if (!found.deciders.includes(out[k]!)) continue search
      return found.match
    }
    const match = { ...chooseWinner(compiled, out, n), undecidable: false }
    if (!same) {
      same = []
      known.set(sum, same)
    }
    same.push({ deciders: [...out.subarray(0, n)], match })
    return match
  }
  return i => {
    const n = deciders(scan.match(i, out))
    if (won) return recall(n)
    const sure = n === 0 ? null : recall(n)
    const undecidable = couldMatch(compiled, out.subarray(0, scan.match(i, out, true)))
    return sure === null ? nobody[undecidable ? 1 : 0]! : undecidable ? { ...sure, undecidable } : sure
  }
}
