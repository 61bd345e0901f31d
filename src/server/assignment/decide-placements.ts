/**
 * Where many accounts stand under one model, decided from one snapshot: rules over columns, pins, acts and shares beside them. Accounts in
 * the same situation share one decision, so that a million of them cost a look-up each.
 */
import { type CompiledModel, chooseWinner, couldMatch, type Match } from '../../core/assignment/compile.ts'
import { type Placement, place } from '../../core/assignment/place.ts'
import type { Columns } from '../../core/condition/columns.ts'
import { fieldsOf } from '../../core/condition/explain.ts'
import type { Tx } from '../kernel/transaction.ts'
import { loadCompiled } from './compiled.ts'
import { loadDated, loadPeople } from './load-facts.ts'
import { readColumns } from './read-columns.ts'

export type Decided<T> = { readonly placement: Placement; readonly kept: T }
export type Decisions<T> = { readonly columns: Columns; readonly decide: (i: number, priorOwnerId: string | null) => Decided<T> }

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
  where = 'true',
): Promise<Decisions<T>> {
  const { loaded, compiled } = await loadCompiled(tx, tenantId, modelId)
  const used = new Set(compiled.takers.flatMap(t => [...fieldsOf(t.node.effective!)]))
  const columns = await readColumns(
    tx,
    tenantId,
    [...compiled.env.fields.values()].filter(f => used.has(f.key)),
    where,
  )
  const dated = await loadDated(tx, tenantId, loaded.head, null)
  const people = await loadPeople(tx, tenantId, null)
  const match = matcher(compiled, columns)
  const memo = new Map<string, Decided<T>>()
  const make = (m: Match, i: number, priorOwnerId: string | null): Decided<T> => {
    const id = columns.ids[i]!
    const facts = { match: m, pins: dated.pins.get(id) ?? [], act: dated.acts.get(id) ?? null, priorOwnerId, shares: dated.shares.get(id) ?? [] }
    const placement = place(facts, compiled, people, at)
    return { placement, kept: keep(placement, priorOwnerId) }
  }
  return {
    columns,
    decide: (i, priorOwnerId) => {
      const id = columns.ids[i]!
      const m = match(i)
      if (dated.pins.has(id) || dated.shares.has(id)) return make(m, i, priorOwnerId)
      const act = dated.acts.get(id)
      const key = `${m.territoryId}|${m.contested.join()}|${m.overlays.join()}|${m.undecidable}|${act ? `${act.ownerId}|${act.territoryId}` : ''}|${priorOwnerId}`
      let found = memo.get(key)
      if (!found) {
        found = make(m, i, priorOwnerId)
        memo.set(key, found)
      }
      return found
    },
  }
}

/** Match by position over columns: winner, contested, overlays, undecidable. */
export function matcher(compiled: CompiledModel, columns: Columns): (i: number) => Match {
  const scan = compiled.index.scan(columns)
  const out = new Int32Array(compiled.takers.length)
  return i => {
    const chosen = chooseWinner(compiled, out, scan.match(i, out))
    if (chosen.territoryId !== null) return { ...chosen, undecidable: false }
    return { ...chosen, undecidable: couldMatch(compiled, [...out.subarray(0, scan.match(i, out, true))]) }
  }
}
