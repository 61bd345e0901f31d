/** How many accounts are left after each line of a rule, how many hold it alone, and for how many its value is missing. */
import type { Columns } from '../../core/condition/columns.ts'
import type { Condition } from '../../core/condition/condition.ts'
import type { Env } from '../../core/condition/evaluate.ts'
import { indexRules } from '../../core/condition/index-rules.ts'
import { type Hides, readsHidden } from '../../core/condition/mask.ts'
import { partsOf } from '../../core/condition/parts.ts'
import type { RuleLine } from '../../core/territory/hierarchy.ts'

/** Lines counted: each is one more rule to match, and nobody reads further. */
const MOST = 60

/** Null where a field that the reader may not see would have been counted: account by account the figure would tell its value. */
type Count = number | null
export type LineCount = { readonly line: RuleLine; readonly remaining: Count; readonly missing: Count }
export type PartCount = { readonly path: string; readonly remaining: Count; readonly own: Count; readonly missing: Count; readonly adds: boolean }

function count(conditions: readonly Condition[], columns: Columns, env: Env): { strict: Int32Array; hopeful: Int32Array } {
  const scan = indexRules(conditions, env).scan(columns)
  const out = new Int32Array(conditions.length)
  const strict = new Int32Array(conditions.length)
  const hopeful = new Int32Array(conditions.length)
  for (let i = 0; i < columns.count; i += 1) {
    for (let k = 0, n = scan.match(i, out); k < n; k += 1) strict[out[k]!]! += 1
    for (let k = 0, n = scan.match(i, out, true); k < n; k += 1) hopeful[out[k]!]! += 1
  }
  return { strict, hopeful }
}

/** The lines of a rule with the inherited ones before it. */
export function countLines(all: readonly RuleLine[], columns: Columns, env: Env, hides: Hides): readonly LineCount[] {
  const lines = all.slice(0, MOST)
  const prefixes = lines.map((_, i): Condition => ({ all: lines.slice(0, i + 1).map(l => l.condition) }))
  const { strict, hopeful } = count([...prefixes, ...lines.map(l => l.condition)], columns, env)
  const n = lines.length
  return lines.map((line, i) => ({
    line,
    remaining: readsHidden(prefixes[i]!, hides) ? null : strict[i]!,
    missing: readsHidden(line.condition, hides) ? null : hopeful[n + i]! - strict[n + i]!,
  }))
}

/** Every criterion of one's own rule, inside groups too, on top of what is inherited; for an alternative what it adds. */
export function countParts(
  inherited: readonly Condition[],
  own: Condition,
  columns: Columns,
  env: Env,
  hides: Hides,
): { readonly inherited: Count; readonly parts: readonly PartCount[] } {
  const parts = partsOf(own, MOST)
  const above = inherited.slice(0, MOST)
  const upTo = parts.map((p): Condition => ({ all: [...above, p.upTo] }))
  const { strict, hopeful } = count([...upTo, ...parts.map(p => p.predicate), { all: above }], columns, env)
  const n = parts.length
  return {
    inherited: readsHidden({ all: above }, hides) ? null : strict[2 * n]!,
    parts: parts.map((p, i) => {
      const alone = !hides(p.predicate.field)
      return {
        path: p.path,
        remaining: readsHidden(upTo[i]!, hides) ? null : p.adds ? strict[i]! - strict[i - 1]! : strict[i]!,
        own: alone ? strict[n + i]! : null,
        missing: alone ? hopeful[n + i]! - strict[n + i]! : null,
        adds: p.adds,
      }
    }),
  }
}
