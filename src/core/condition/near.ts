/**
 * Where to look 邻近: one plain question that surely holds for every record for which one of some rules holds or could hold (may not be
 * denied). A database answers it without knowing the rules; whoever asks judges exactly what comes back. May hold for others too.
 */
import type { Condition } from './condition.ts'
import type { Env } from './evaluate.ts'
import { type Literal, necessaryLiterals, toDnf } from './normal-form.ts'

/** A field's values; `missing`: a record without the field could meet them as well. */
export type NearField = { readonly field: string; readonly values: readonly string[]; readonly missing: boolean }

/** null: the rules reach so far, or are so written, that everything has to be looked at. `usable`: fields that may be asked for. */
export function nearAny(rules: Iterable<Condition>, env: Env, usable: (field: string) => boolean): readonly NearField[] | null {
  const wanted = new Map<string, { values: Set<string>; missing: boolean }>()
  for (const rule of rules)
    for (const conjunction of toDnf(rule) ?? [necessaryLiterals(rule)]) {
      const narrowest = conjunction.flatMap(literal => nearOf(literal, env, usable) ?? []).sort((a, b) => share(a, env) - share(b, env))[0]
      if (narrowest === undefined) return null
      const known = wanted.get(narrowest.field) ?? { values: new Set(), missing: false }
      for (const value of narrowest.values) known.values.add(value)
      known.missing ||= narrowest.missing
      wanted.set(narrowest.field, known)
    }
  const near = [...wanted].map(([field, { values, missing }]) => ({ field, values: [...values], missing }))
  return near.reduce((sum, n) => sum + share(n, env), 0) > WORTH ? null : near
}

/** Above half of all records it costs less to look at all of them. */
const WORTH = 0.5

function nearOf({ predicate: p, negated }: Literal, env: Env, usable: (field: string) => boolean): NearField | null {
  const field = env.fields.get(p.field)
  if (!field || !usable(p.field)) return null
  if ((p.op === 'empty' && !negated) || (p.op === 'notEmpty' && negated)) return { field: p.field, values: [], missing: true }
  // Every account has an id; of any other field a record may lack the value, and then the rule stays open.
  const missing = p.field !== 'id'
  if (p.op === 'in' || p.op === 'notIn') return (p.op === 'in') === negated ? null : { field: p.field, values: p.values, missing }
  if (p.op !== 'inList' && p.op !== 'notInList') return null
  const list = env.lists.get(p.list)
  return list === undefined || (p.op === 'inList') === negated ? null : { field: p.field, values: [...list], missing }
}

/** A guess at the share of all records that have one of the values: only chooses what to ask for. */
function share({ field, values }: NearField, env: Env): number {
  switch (env.fields.get(field)!.type) {
    case 'account':
      return values.length / 1_000_000
    case 'division':
      return sum(values, code => (code.endsWith('0000') ? 1 / 31 : code.endsWith('00') ? 1 / 340 : 1 / 2_900))
    case 'industry':
      return sum(values, code => [1 / 20, 1 / 20, 1 / 20, 1 / 97, 1 / 470][code.length] ?? 1 / 1_380)
    case 'text':
      return values.length / 10_000
    default:
      return values.length / 5
  }
}
const sum = (values: readonly string[], of: (value: string) => number): number => values.reduce((n, value) => n + of(value), 0)
