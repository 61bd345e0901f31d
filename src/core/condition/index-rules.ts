/**
 * The rule index 规则索引: which of thousands of rules hold for a record, by one AND of bit vectors per field, numbered in geographic
 * order so that a county touches few words (aggregated bit vectors of packet classification; measured against code generation, rule
 * libraries and SQL in field-notes/performance.md §1). The plain evaluator explains; both must agree on every record.
 */
import { type Column, type Columns, factsAt } from './columns.ts'
import type { Condition, Facts } from './condition.ts'
import { type Env, evaluate } from './evaluate.ts'
import { type FieldTable, isIndexable, makeFieldTable } from './field-table.ts'
import { type Conjunction, necessaryLiterals, toDnf } from './normal-form.ts'

export type RuleIndex = {
  readonly rules: number
  readonly conjunctions: number
  /** Prepares a scan over whole columns. */
  readonly scan: (columns: Columns) => Scan
  /** Rules (by position) that hold for one record; `hopeful` counts what is missing as if it would fit. */
  readonly match: (facts: Facts, hopeful?: boolean) => number[]
}
/** Writes the rules that hold for record `i` into `out` and answers how many; `out` must hold as many as there are rules. */
export type Scan = { readonly match: (i: number, out: Int32Array, hopeful?: boolean) => number }

type Entry = { readonly rule: number; readonly literals: Conjunction; readonly residual: Condition | null }

export function indexRules(rules: readonly Condition[], env: Env): RuleIndex {
  const lead = leadField(rules, env)
  const entries = rules.flatMap((condition, rule) => entriesOf(condition, rule, env))
  const order = entries.map(e => leadCode(e, lead))
  const sorted = entries
    .map((e, i) => ({ e, code: order[i]! }))
    .sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : a.e.rule - b.e.rule))
    .map(x => x.e)
  const used = [...new Set(sorted.flatMap(e => e.literals.map(l => l.predicate.field)))]
  const tables = used
    .map(key =>
      makeFieldTable(
        env.fields.get(key)!,
        sorted.map(e => e.literals.filter(l => l.predicate.field === key)),
        env,
      ),
    )
    .sort((a, b) => Number(b.key === lead) - Number(a.key === lead) || b.asks - a.asks)
  const words = Math.max(1, Math.ceil(sorted.length / 32))
  const ruleOf = Int32Array.from(sorted, e => e.rule)
  const residuals = sorted.map(e => e.residual)
  const stamps = new Int32Array(rules.length)
  let stamp = 0
  const full = fullRow(sorted.length, words)

  const collect = (rowAt: Int32Array, out: Int32Array, hopeful: boolean, factsOf: () => Facts, touched: readonly Int32Array[] | null): number => {
    stamp += 1
    let count = 0
    let facts: Facts | null = null
    const first = tables[0]
    const list = touched && first ? touched[rowAt[0]!] : undefined
    const steps = list ? list.length : words
    for (let s = 0; s < steps; s += 1) {
      const w = list ? list[s]! : s
      let bits = first ? first.bits[rowAt[0]! * words + w]! : full[w]!
      for (let f = 1; f < tables.length && bits !== 0; f += 1) bits &= tables[f]!.bits[rowAt[f]! * words + w]!
      while (bits !== 0) {
        const c = (w << 5) + (31 - Math.clz32(bits & -bits))
        bits &= bits - 1
        const rule = ruleOf[c]!
        if (stamps[rule] === stamp) continue
        const residual = residuals[c]
        if (residual) {
          facts ??= factsOf()
          const verdict = evaluate(residual, facts, env)
          if (verdict !== 'yes' && !(hopeful && verdict === 'unknown')) continue
        }
        stamps[rule] = stamp
        out[count] = rule
        count += 1
      }
    }
    return count
  }

  return {
    rules: rules.length,
    conjunctions: sorted.length,
    match(facts, hopeful = false) {
      const rowAt = Int32Array.from(tables, t => t.rowOf(facts[t.key]))
      if (hopeful) for (let f = 0; f < rowAt.length; f += 1) if (rowAt[f] === 0) rowAt[f] = 1
      const out = new Int32Array(rules.length)
      return Array.from(
        out.subarray(
          0,
          collect(rowAt, out, hopeful, () => facts, null),
        ),
      )
    },
    scan(columns) {
      const coders = tables.map(t => coderOf(t, columns.fields.get(t.key), columns.count))
      const touched = tables[0] ? touchedWords(tables[0]) : null
      const rowAt = new Int32Array(tables.length)
      return {
        match(i, out, hopeful = false) {
          for (let f = 0; f < coders.length; f += 1) {
            const { codes, rows } = coders[f]!
            const row = rows ? rows[codes[i]!]! : codes[i]!
            rowAt[f] = hopeful && row === 0 ? 1 : row
          }
          return collect(rowAt, out, hopeful, () => factsAt(columns, i), touched)
        },
      }
    },
  }
}

/** Geography where rules use it, else the field most rules name. */
function leadField(rules: readonly Condition[], env: Env): string {
  const counts = new Map<string, number>()
  for (const rule of rules)
    for (const l of necessaryLiterals(rule))
      counts.set(l.predicate.field, (counts.get(l.predicate.field) ?? 0) + (env.fields.get(l.predicate.field)?.type === 'division' ? 1000 : 1))
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? ''
}

function leadCode(entry: Entry, lead: string): string {
  for (const { predicate, negated } of entry.literals)
    if (predicate.field === lead && predicate.op === 'in' && !negated) return [...predicate.values].sort()[0] ?? '~'
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

function fullRow(conjunctions: number, words: number): Uint32Array {
  const row = new Uint32Array(words)
  for (let c = 0; c < conjunctions; c += 1) row[c >>> 5]! |= 1 << (c & 31)
  return row
}

/** Per row of the leading table the words that are not zero. */
function touchedWords(table: FieldTable): readonly Int32Array[] {
  return Array.from({ length: table.rows }, (_, row) => {
    const list: number[] = []
    for (let w = 0; w < table.words; w += 1) if (table.bits[row * table.words + w] !== 0) list.push(w)
    return Int32Array.from(list)
  })
}

const DIRECT = 65_536

/** For a dictionary column: row by code. For numbers: row by record, with a direct table for small whole numbers. */
function coderOf(table: FieldTable, column: Column | undefined, count: number): { codes: Uint32Array; rows: Uint32Array | null } {
  if (!column) return { codes: new Uint32Array(count), rows: null }
  if (column.kind === 'point') return { codes: Uint32Array.from(column.lng, v => (Number.isNaN(v) ? 0 : table.rowOf([v, 0]))), rows: null }
  if (column.kind === 'dict') return { codes: column.codes, rows: Uint32Array.from(column.values, v => table.rowOf(v)) }
  const direct = new Int32Array(DIRECT).fill(-1)
  const codes = new Uint32Array(column.values.length)
  for (let i = 0; i < codes.length; i += 1) {
    const value = column.values[i]!
    if (value >= 0 && value < DIRECT && value === Math.floor(value)) {
      if (direct[value]! < 0) direct[value] = table.rowOfNumber(value)
      codes[i] = direct[value]!
    } else codes[i] = table.rowOfNumber(value)
  }
  return { codes, rows: null }
}
