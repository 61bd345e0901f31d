/**
 * The rule index 规则索引: which of thousands of rules hold for a record, by one AND of bit vectors per field, numbered in geographic
 * order so that a county touches few words (aggregated bit vectors of packet classification; measured against code generation, rule
 * libraries and SQL in field-notes/performance.md §1). The plain evaluator explains; both must agree on every record.
 */
import { type Columns, factsAt } from './columns.ts'
import type { Condition, Facts } from './condition.ts'
import { type Env, evaluate, isMissing } from './evaluate.ts'
import { isIndexable, makeFieldTable } from './field-table.ts'
import { makeIdTable } from './id-table.ts'
import { type Conjunction, necessaryLiterals, toDnf } from './normal-form.ts'
import { makeScan, type Scan } from './scan-columns.ts'

export type RuleIndex = {
  readonly rules: number
  readonly conjunctions: number
  /** Prepares a scan over whole columns. */
  readonly scan: (columns: Columns) => Scan
  /** Rules (by position) that hold for one record; `hopeful` counts what is missing as if it would fit. */
  readonly match: (facts: Facts, hopeful?: boolean) => number[]
}

type Entry = { readonly rule: number; readonly literals: Conjunction; readonly residual: Condition | null }

export function indexRules(rules: readonly Condition[], env: Env): RuleIndex {
  const lead = leadField(rules, env)
  const entries = rules.flatMap((condition, rule) => entriesOf(condition, rule, env)).map(entry => ({ entry, code: leadCode(entry, lead) }))
  entries.sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : a.entry.rule - b.entry.rule))
  // Three kinds in words of their own: decided by the leading field alone (a list for each county); mixed (bits, word by word); and those
  // that name accounts, where only the accounts named ever look.
  const mixed: Entry[] = []
  const alone: Entry[] = []
  const naming: Entry[] = []
  for (const { entry } of entries) (namesAccounts(entry) ? naming : isAlone(entry, lead) ? alone : mixed).push(entry)
  const sorted: readonly (Entry | null)[] = [...padded(mixed), ...padded(alone), ...naming]
  const literalsOn = (key: string) => sorted.map(e => (e === null ? null : e.literals.filter(l => l.predicate.field === key)))
  const used = [...new Set(entries.flatMap(e => e.entry.literals.map(l => l.predicate.field)))]
  const ids = used.includes('id') ? makeIdTable(env.fields.get('id')!, literalsOn('id'), env) : null
  const tables = used
    .filter(key => key !== 'id')
    .map(key => makeFieldTable(env.fields.get(key)!, literalsOn(key), env))
    .sort((a, b) => Number(b.key === lead) - Number(a.key === lead) || b.asks - a.asks)
  const words = Math.max(1, Math.ceil(sorted.length / 32))
  const ruleOf = Int32Array.from(sorted, e => e?.rule ?? -1)
  const residuals = sorted.map(e => e?.residual ?? null)
  const stamps = new Int32Array(rules.length)
  let stamp = 0
  const full = fullRow(sorted, words)

  return {
    rules: rules.length,
    conjunctions: entries.length,
    match(facts, hopeful = false) {
      const rowAt = tables.map(t => {
        const row = t.rowOf(facts[t.key])
        return (hopeful && row === 0 ? 1 : row) * words
      })
      const own = ids?.rowOf(isMissing(facts.id) ? null : String(facts.id)) ?? full
      const out: number[] = []
      stamp += 1
      for (let w = 0; w < words; w += 1) {
        let bits = full[w]! & own[w]!
        for (let f = 0; f < tables.length && bits !== 0; f += 1) bits &= tables[f]!.bits[rowAt[f]! + w]!
        for (; bits !== 0; bits &= bits - 1) {
          const c = (w << 5) + (31 - Math.clz32(bits & -bits))
          const rule = ruleOf[c]!
          if (stamps[rule] === stamp || !residualHolds(residuals[c]!, facts, env, hopeful)) continue
          stamps[rule] = stamp
          out.push(rule)
        }
      }
      return out
    },
    scan: columns =>
      makeScan(
        {
          tables,
          ids,
          words,
          ruleOf,
          full,
          rules: rules.length,
          aloneFrom: padded(mixed).length / 32,
          namingFrom: (padded(mixed).length + padded(alone).length) / 32,
        },
        columns,
        residuals.some(r => r !== null) ? (c, i, hopeful) => residualHolds(residuals[c]!, () => factsAt(columns, i), env, hopeful) : null,
      ),
  }
}

function residualHolds(residual: Condition | null, facts: Facts | (() => Facts), env: Env, hopeful: boolean): boolean {
  if (residual === null) return true
  const verdict = evaluate(residual, typeof facts === 'function' ? facts() : facts, env)
  return verdict === 'yes' || (hopeful && verdict === 'unknown')
}

const padded = (entries: readonly Entry[]): readonly (Entry | null)[] => [
  ...entries,
  ...new Array<null>((32 - (entries.length % 32)) % 32).fill(null),
]

const isAlone = (entry: Entry, lead: string): boolean => entry.residual === null && entry.literals.every(l => l.predicate.field === lead)

const namesAccounts = (entry: Entry): boolean =>
  entry.literals.some(
    ({ predicate: p, negated }) =>
      p.field === 'id' && ((p.op === 'in' && !negated) || (p.op === 'inList' && !negated) || (p.op === 'notIn' && negated)),
  )

/** Geography where rules use it, else the field most rules name. */
function leadField(rules: readonly Condition[], env: Env): string {
  const counts = new Map<string, number>()
  for (const rule of rules)
    for (const l of necessaryLiterals(rule).filter(x => x.predicate.field !== 'id' && isIndexable(x, env)))
      counts.set(l.predicate.field, (counts.get(l.predicate.field) ?? 0) + (env.fields.get(l.predicate.field)?.type === 'division' ? 1000 : 1))
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? ''
}

function leadCode(entry: Entry, lead: string): string {
  for (const { predicate, negated } of entry.literals)
    if (predicate.field === lead && predicate.op === 'in' && !negated) {
      const sorted = [...predicate.values].sort()
      // A list that reaches far stands with others of its kind, so that it does not widen what every county has to look at.
      return sorted.length > 8 && sorted[0]!.slice(0, 2) !== sorted.at(-1)!.slice(0, 2) ? `|${sorted[0]}` : (sorted[0] ?? '~')
    }
  return '~'
}

function entriesOf(condition: Condition, rule: number, env: Env): Entry[] {
  const indexable = (c: Conjunction) => c.filter(l => isIndexable(l, env))
  const form = toDnf(condition)
  if (form === null) return [{ rule, literals: indexable(necessaryLiterals(condition)), residual: condition }]
  return form.map(conjunction => {
    const literals = indexable(conjunction)
    const rest = conjunction.filter(l => !literals.includes(l))
    return { rule, literals, residual: rest.length ? { all: rest.map(l => (l.negated ? { none: [l.predicate] } : l.predicate)) } : null }
  })
}

function fullRow(entries: readonly (Entry | null)[], words: number): Uint32Array {
  const row = new Uint32Array(words)
  for (const [c, entry] of entries.entries()) if (entry) row[c >>> 5]! |= 1 << (c & 31)
  return row
}
