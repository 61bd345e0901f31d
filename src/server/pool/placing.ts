/**
 * Pools in placing 入池: conditions of the open pools are matched like rules, and what stands in a pool leaves its masked entry and, once owned,
 * its clock, in the transaction that wrote the placement.
 */
import type { Condition } from '../../core/condition/condition.ts'
import { evaluate } from '../../core/condition/evaluate.ts'
import { fieldsOf } from '../../core/condition/explain.ts'
import { indexRules } from '../../core/condition/index-rules.ts'
import { enterPool } from '../../core/pool/enter.ts'
import { beyondSight } from '../access/beyond-sight.ts'
import { NO_POOLING, NO_POOLS, type PlacingPart, type Pooling } from '../assignment/placing-parts.ts'
import { loadEnv } from '../territory/load-env.ts'
import { listsOf } from '../territory/load-model.ts'
import { roomFor } from './caps.ts'
import { keepClocks } from './clocks.ts'
import { dropEntries, writeEntries } from './entries.ts'
import { activeModel, loadPools } from './store.ts'

const cache = new WeakMap<object, { stamp: string; value: Pooling }>()

const load: PlacingPart['load'] = async (tx, tenantId, { loaded, compiled }) => {
  const stored = await loadPools(tx, tenantId)
  const pools = stored.pools.filter(p => p.open)
  if (pools.length === 0) return NO_POOLING
  // A compiled model is one object as long as its rules, lists and fields stay the same.
  const known = cache.get(compiled)
  if (known?.stamp === stored.stamp) return known.value
  const taking = pools.filter(p => !p.deadEnd)
  const conditions: readonly Condition[] = taking.map(p => p.condition)
  const env = await loadEnv(tx, tenantId, loaded, conditions.flatMap(listsOf))
  const index = indexRules(conditions, env)
  const lists = new Map<string, readonly string[]>()
  const listOf = (positions: readonly number[]): readonly string[] => {
    if (positions.length === 0) return NO_POOLS
    const key = positions.join()
    let list = lists.get(key)
    if (!list) {
      list = positions.map(p => taking[p]!.id)
      lists.set(key, list)
    }
    return list
  }
  const covers = (above: string, territoryId: string | null): boolean =>
    territoryId !== null && (territoryId === above || (compiled.hierarchy.byId.get(territoryId)?.ancestorIds.includes(above) ?? false))
  const value: Pooling = {
    steps: [enterPool(pools, covers)],
    fields: new Set(conditions.flatMap(c => [...fieldsOf(c)])),
    ofFacts: facts => listOf(conditions.flatMap((c, i) => (evaluate(c, facts, env) === 'yes' ? [i] : []))),
    ofColumns: columns => {
      const scan = index.scan(columns)
      const out = new Int32Array(conditions.length)
      return i => {
        const n = scan.match(i, out)
        return n === 0 ? NO_POOLS : listOf([...out.subarray(0, n)].sort((a, b) => a - b))
      }
    },
  }
  cache.set(compiled, { stamp: stored.stamp, value })
  return value
}

const written: PlacingPart['written'] = async (tx, tenantId, modelId, at, placed) => {
  const stored = await loadPools(tx, tenantId)
  if (stored.stamp === '0') return
  if (placed === null) return beyondSight(tx, () => writeEntries(tx, tenantId, modelId, at, null, stored))
  const pooled = placed.filter(p => p.isIn !== null && (p.moved || p.fresh)).map(p => p.id)
  const left = placed.filter(p => p.wasIn !== null && p.wasIn !== p.isIn).map(p => p.id)
  // Only the model in force has clocks: those of the others begin when they do.
  const touched = stored.policies.length > 0 ? placed.filter(p => p.moved || p.fresh).map(p => p.id) : []
  const clocks = touched.length > 0 && (await activeModel(tx, tenantId)) === modelId ? touched : []
  if (pooled.length + left.length + clocks.length === 0) return
  await beyondSight(tx, async () => {
    await dropEntries(tx, tenantId, modelId, left)
    await writeEntries(tx, tenantId, modelId, at, pooled, stored)
    await keepClocks(tx, tenantId, modelId, clocks, stored)
  })
}

export const POOL_PLACING: PlacingPart = { load, written, beforeGiving: roomFor }
