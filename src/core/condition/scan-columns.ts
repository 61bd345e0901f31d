/**
 * The rule index over whole columns: every row of every field's table in one array, so that a record costs one look-up a field and one
 * AND for each word its county touches (field-notes/performance.md §1). Records are coded in blocks, field by field, in tight loops.
 */
import { coderOf } from './code-column.ts'
import type { Column, Columns } from './columns.ts'
import type { FieldTable } from './field-table.ts'
import type { IdTable, Named } from './id-table.ts'

export type Tables = {
  /** The leading field first: its rows say which words a record needs to look at. Without the account's own id. */
  readonly tables: readonly FieldTable[]
  readonly ids: IdTable | null
  readonly words: number
  readonly ruleOf: Int32Array
  /** Bits of the conjunctions that exist. */
  readonly full: Uint32Array
  readonly rules: number
  /** Words from here on hold conjunctions that the leading field decides alone. */
  readonly aloneFrom: number
  /** Words from here on hold conjunctions that name accounts; only those accounts look there. */
  readonly namingFrom: number
}
export type Scan = {
  /** Writes the rules that hold for record `i` into `out` and answers how many; `out` must hold as many as there are rules. */
  readonly match: (i: number, out: Int32Array, hopeful?: boolean) => number
  /** The rules of all records of the block that holds record `i`, valid until the next call. */
  readonly block: (i: number) => Block
}
/** Records `from` to `to`: those that hold for record `i` are `rules[begins[i - from]]` to before `rules[begins[i - from + 1]]`. */
export type Block = { readonly from: number; readonly to: number; readonly begins: Int32Array; readonly rules: Int32Array }

const BLOCK = 1024
/** Fields with few rows share one table of their combinations: fewer ANDs for each word. */
const COMBINED = 512
/** The AND below is written out for this many tables; more go through a loop. */
const UNROLLED = 4

export function makeScan(
  { tables, ids, words, ruleOf, full, rules, aloneFrom, namingFrom }: Tables,
  columns: Columns,
  residualHolds: ((conjunction: number, record: number, hopeful: boolean) => boolean) | null,
): Scan {
  const [lead, ...others] = tables
  // Every row is made before the tables are put together, for making one may move a table.
  const rowsOf = new Map(tables.map(t => [t, rowsByCode(t, columns.fields.get(t.key))]))
  const groups = [...(lead ? [[lead]] : []), ...combine(others)]
  const { all, starts, onesAt } = layOut(groups, words, full)
  // What accounts share that no rule names is taken into the leading rows (or the row of ones), once.
  for (let at = starts[0]!; ids && at < (lead ? lead.rows * words : words); at += words)
    for (let w = 0; w < namingFrom; w += 1) all[at + w]! &= ids.others[w]!
  const width = Math.max(UNROLLED, groups.length)
  const coders = groups.flatMap((group, g) => {
    let step = group.reduce((product, t) => product * t.rows, g === 0 && lead ? 1 : words)
    return group.map((t, n) => {
      step /= t.rows
      const start = n === 0 && !(g === 0 && lead) ? starts[g]! : 0
      return { g, code: coderOf(t, columns.fields.get(t.key), rowsOf.get(t)!, start, step, n > 0) }
    })
  })
  const { first, wordsOf, bitsOf } = touchedWords(lead, all, starts[0]!, words, aloneFrom)
  const alone = rulesByRow(lead, all, starts[0]!, words, aloneFrom, namingFrom, ruleOf)
  const { first: aloneFirst, rulesOf: aloneRules } = alone
  const anyEmptyRow = first.some((at, row) => row + 1 < first.length && at === first[row + 1] && aloneFirst[row] === aloneFirst[row + 1])
  // Whether a rule that the leading field alone may decide can be found in another way too.
  const elsewhere = new Set([...ruleOf.subarray(0, aloneFrom * 32), ...ruleOf.subarray(namingFrom * 32)])
  const aloneElsewhere = aloneRules.some(rule => elsewhere.has(rule))
  const named = ids ? namedRecords(ids, columns) : null
  const anyNamed = named !== null && named.size > 0
  const flags = new Uint8Array(anyNamed ? columns.count : 0)
  for (const i of named?.keys() ?? []) flags[i] = 1

  /** Room to work in, for up to `size` records at a time. Questions of "what could match" have their own, so that a block is kept. */
  const makeLane = (size: number) => {
    // The rows of the leading field, and the records that any rule may take, with the places of their other rows. A place that no field
    // fills is the row of ones.
    const leadRows = new Int32Array(size)
    const alive = new Int32Array(size)
    const places = new Int32Array(size * width).fill(onesAt)
    const stamps = new Int32Array(rules)
    let stamp = 0
    let found = new Int32Array(size * 4 + rules)
    const begins = new Int32Array(size + 1)

    const code = (from: number, to: number, hopeful: boolean): number => {
      const count = to - from
      if (lead) coders[0]!.code(leadRows, 0, 1, from, null, count, hopeful)
      let n = anyEmptyRow ? 0 : count
      for (let k = 0; anyEmptyRow && k < count; k += 1) {
        const row = leadRows[k]!
        if (first[row] === first[row + 1] && aloneFirst[row] === aloneFirst[row + 1] && !(anyNamed && flags[from + k] === 1)) continue
        alive[n] = from + k
        leadRows[n] = row
        n += 1
      }
      for (let c = lead ? 1 : 0; c < coders.length; c += 1) coders[c]!.code(places, coders[c]!.g, width, from, n === count ? null : alive, n, hopeful)
      return n
    }
    /** Matches the records of a block that `code` left alive. */
    const collect = (from: number, to: number, n: number, hopeful: boolean): void => {
      // Copies of what a closure would fetch again for each record.
      let held = found
      let mark = stamp
      let count = 0
      let k = 0
      const whole = n === to - from
      for (let r = 0; r < n; r += 1) {
        const i = whole ? from + r : alive[r]!
        for (; k <= i - from; k += 1) begins[k] = count
        const at = r * width
        const row = leadRows[r]!
        const p0 = lead ? row * words : onesAt
        if (lead) places[at] = p0
        const p1 = places[at + 1]!
        const p2 = places[at + 2]!
        const p3 = places[at + 3]!
        const mine = anyNamed && flags[i] === 1 ? named.get(i)! : null
        if (count + rules > held.length) {
          const larger = new Int32Array(held.length * 2)
          larger.set(held)
          held = larger
        }
        mark += 1
        const aloneEnd = aloneFirst[row + 1]!
        for (let s = aloneFirst[row]!; s < aloneEnd; s += 1) {
          const rule = aloneRules[s]!
          if (aloneElsewhere) stamps[rule] = mark
          held[count] = rule
          count += 1
        }
        const end = first[row + 1]!
        for (let s = first[row]!; s < end; s += 1) {
          const w = wordsOf[s]!
          let bits = bitsOf[s]! & all[p1 + w]! & all[p2 + w]! & all[p3 + w]!
          for (let f = UNROLLED; f < width; f += 1) bits &= all[places[at + f]! + w]!
          while (bits !== 0) {
            const c = (w << 5) + (31 - Math.clz32(bits & -bits))
            bits &= bits - 1
            const rule = ruleOf[c]!
            if (stamps[rule] === mark) continue
            if (mine?.excluded.includes(c)) continue
            if (residualHolds !== null && !residualHolds(c, i, hopeful)) continue
            stamps[rule] = mark
            held[count] = rule
            count += 1
          }
        }
        if (mine === null) continue
        for (const c of mine.wanted) {
          const rule = ruleOf[c]!
          let bit = 1 << (c & 31)
          for (let f = 0; f < width; f += 1) bit &= all[places[at + f]! + (c >>> 5)]!
          if (bit === 0 || stamps[rule] === mark || (residualHolds !== null && !residualHolds(c, i, hopeful))) continue
          stamps[rule] = mark
          held[count] = rule
          count += 1
        }
      }
      begins.fill(count, k, to - from + 1)
      found = held
      stamp = mark
    }

    return {
      begins,
      run: (from: number, to: number, hopeful: boolean): Int32Array => {
        collect(from, to, code(from, to, hopeful), hopeful)
        return found
      },
    }
  }

  const blocks = makeLane(BLOCK)
  let present = -1
  let held: Int32Array = new Int32Array(0)
  const seek = (i: number): number => {
    const block = (i / BLOCK) | 0
    const from = block * BLOCK
    if (block !== present) {
      held = blocks.run(from, Math.min(columns.count, from + BLOCK), false)
      present = block
    }
    return from
  }
  let single: ReturnType<typeof makeLane> | null = null

  return {
    match(i, out, hopeful = false) {
      if (hopeful) {
        single ??= makeLane(1)
        const could = single.run(i, i + 1, true)
        const count = single.begins[1]!
        for (let r = 0; r < count; r += 1) out[r] = could[r]!
        return count
      }
      const from = seek(i)
      const begin = blocks.begins[i - from]!
      const count = blocks.begins[i - from + 1]! - begin
      for (let r = 0; r < count; r += 1) out[r] = held[begin + r]!
      return count
    },
    block(i) {
      const from = seek(i)
      return { from, to: Math.min(columns.count, from + BLOCK), begins: blocks.begins, rules: held }
    },
  }
}

/** Small tables together as long as their combinations are few; those with many rows alone, and first. */
function combine(tables: readonly FieldTable[]): readonly (readonly FieldTable[])[] {
  const groups: { tables: FieldTable[]; rows: number }[] = []
  for (const t of [...tables].sort((a, b) => b.rows - a.rows || (a.key < b.key ? -1 : 1))) {
    const group = groups.find(g => g.rows * t.rows <= COMBINED)
    if (!group) groups.push({ tables: [t], rows: t.rows })
    else {
      group.tables.push(t)
      group.rows *= t.rows
    }
  }
  return groups.map(g => g.tables)
}

/** All rows of all groups in one array, combinations worked out, and a row of what exists at the end. */
function layOut(groups: readonly (readonly FieldTable[])[], words: number, full: Uint32Array) {
  const starts: number[] = []
  let size = 0
  for (const group of groups) {
    starts.push(size)
    size += group.reduce((rows, t) => rows * t.rows, words)
  }
  const all = new Int32Array(size + words)
  all.set(full, size)
  for (const [g, group] of groups.entries()) {
    let rows = 1
    let made = new Int32Array(words).fill(-1)
    for (const t of group) {
      const next = new Int32Array(rows * t.rows * words)
      for (let a = 0; a < rows; a += 1)
        for (let b = 0; b < t.rows; b += 1)
          for (let w = 0; w < words; w += 1) next[(a * t.rows + b) * words + w] = made[a * words + w]! & t.bits[b * words + w]!
      made = next
      rows *= t.rows
    }
    all.set(made, starts[g])
  }
  return { all, starts: groups.length ? starts : [size], onesAt: size }
}

/** The accounts that rules name, by their place in the columns. */
function namedRecords(ids: IdTable, { ids: all, ascending }: Columns): ReadonlyMap<number, Named> {
  const found = new Map<number, Named>()
  const positions = ascending ? null : new Map(Array.from(all, (id, i) => [id, i] as const))
  for (const [id, named] of ids.named) {
    const i = positions ? positions.get(Number(id)) : positionOf(all, Number(id))
    if (i !== undefined) found.set(i, named)
  }
  return found
}

/** Ids are drawn from a sequence, so that a guess by proportion is nearly right; every second step halves, should they not be. */
function positionOf(ids: Float64Array, id: number): number | undefined {
  let low = 0
  let high = ids.length - 1
  for (let step = 0; low <= high; step += 1) {
    const from = ids[low]!
    const share = step % 2 === 0 ? (id - from) / (ids[high]! - from || 1) : 0.5
    const middle = low + Math.min(high - low, Math.max(0, Math.floor(share * (high - low))))
    if (ids[middle] === id) return middle
    if (ids[middle]! < id) low = middle + 1
    else high = middle - 1
  }
  return undefined
}

/** Per row of the leading table the words that are not zero, with their bits; without a leading table, every word. */
function touchedWords(
  lead: FieldTable | undefined,
  all: Int32Array,
  start: number,
  words: number,
  end: number,
): { readonly first: Int32Array; readonly wordsOf: Int32Array; readonly bitsOf: Int32Array } {
  if (!lead) return { first: Int32Array.of(0, end), wordsOf: Int32Array.from({ length: end }, (_, w) => w), bitsOf: all.slice(start, start + end) }
  const first = new Int32Array(lead.rows + 1)
  const wordsOf: number[] = []
  for (let row = 0; row < lead.rows; row += 1) {
    for (let w = 0; w < end; w += 1) if (all[start + row * words + w] !== 0) wordsOf.push(row * words + w)
    first[row + 1] = wordsOf.length
  }
  return { first, wordsOf: Int32Array.from(wordsOf, at => at % words), bitsOf: Int32Array.from(wordsOf, at => all[start + at]!) }
}

/** Per row of the leading table the rules that hold by it alone. */
function rulesByRow(
  lead: FieldTable | undefined,
  all: Int32Array,
  start: number,
  words: number,
  from: number,
  to: number,
  ruleOf: Int32Array,
): { readonly first: Int32Array; readonly rulesOf: Int32Array } {
  const rows = lead ? lead.rows : 1
  const first = new Int32Array(rows + 1)
  const rulesOf: number[] = []
  for (let row = 0; row < rows; row += 1) {
    const known = new Set<number>()
    for (let w = from; w < to; w += 1)
      for (let bits = all[start + row * words + w]!; bits !== 0; bits &= bits - 1) known.add(ruleOf[(w << 5) + (31 - Math.clz32(bits & -bits))]!)
    rulesOf.push(...known)
    first[row + 1] = rulesOf.length
  }
  return { first, rulesOf: Int32Array.from(rulesOf) }
}

/** Rows of a dictionary's values, of a number's intervals, or of a point that is known. */
function rowsByCode(table: FieldTable, column: Column | undefined): Int32Array {
  if (!column) return new Int32Array(0)
  if (column.kind === 'number') return table.rowsOfIntervals()
  if (column.kind === 'id') return new Int32Array(0)
  return column.kind === 'point' ? Int32Array.of(table.rowOf([0, 0])) : Int32Array.from(column.values, v => table.rowOf(v))
}
