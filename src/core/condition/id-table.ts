/**
 * What rules ask of an account's own id: named accounts 点名客户 and exclusions 除外名单. Ids are many and each is named by few rules, so
 * there is no row per value as in the tables of other fields, only a short list for each account named.
 */
import type { FieldInfo } from './condition.ts'
import type { Env } from './evaluate.ts'
import { askOf, NEVER, set, takesValues } from './field-table.ts'
import type { Literal } from './normal-form.ts'

export type Named = { readonly wanted: readonly number[]; readonly excluded: readonly number[] }
export type IdTable = {
  /** Conjunctions that an account takes part in which no rule names. */
  readonly others: Uint32Array
  readonly named: ReadonlyMap<string, Named>
  /** Bits of one account. */
  readonly rowOf: (id: string | null) => Uint32Array
}

export function makeIdTable(field: FieldInfo, conjunctions: readonly (readonly Literal[] | null)[], env: Env): IdTable {
  const others = new Uint32Array(Math.max(1, Math.ceil(conjunctions.length / 32)))
  const missing = new Uint32Array(others.length)
  const named = new Map<string, { wanted: number[]; excluded: number[] }>()
  const entry = (id: string) => {
    const known = named.get(id) ?? { wanted: [], excluded: [] }
    named.set(id, known)
    return known
  }
  for (const [c, literals] of conjunctions.entries()) {
    const ask = literals === null ? NEVER : askOf(field, literals, env)
    if (!ask) {
      set(others, c)
      set(missing, c)
      continue
    }
    if (ask.presence !== 'never' && ask.presence !== 'present' && !ask.positive && !ask.negative) set(missing, c)
    if (!takesValues(ask)) continue
    if (!ask.positive) set(others, c)
    for (const id of ask.positive ?? []) if (!ask.negative?.has(id)) entry(id).wanted.push(c)
    if (!ask.positive) for (const id of ask.negative ?? []) entry(id).excluded.push(c)
  }
  return {
    others,
    named,
    rowOf: id => {
      if (id === null) return missing
      const found = named.get(id)
      if (!found) return others
      const row = others.slice()
      for (const c of found.wanted) set(row, c)
      for (const c of found.excluded) row[c >>> 5]! &= ~(1 << (c & 31))
      return row
    },
  }
}
