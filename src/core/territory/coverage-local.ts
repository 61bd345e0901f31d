/**
 * One place and who can hold there 一地的盒: the boxes that apply in a county (and, where it matters, to one named account), without the
 * county itself. Thousands of counties have the same boxes under other names, and most have the same before and after an edit: each such
 * set is solved once and remembered by content, and that is what makes a proof fast, and after one edit very fast.
 */
import type { Bits } from '../kernel/bits.ts'
import type { Atoms } from './coverage-atoms.ts'
import type { Opaque } from './coverage-boxes.ts'
import { type Allowance, joinParts, type Slot, searchLeft, type Table } from './coverage-search.ts'

/** A box without county and account, shared by all rules that say the same. */
export type Shape = { readonly sets: readonly (readonly [atoms: Atoms, set: Bits])[]; readonly opaque: readonly number[] }

/** What is remembered between proofs; hand the same one in again. */
export type ProofMemo = {
  readonly shapes: Shape[]
  readonly shapeOf: Map<string, number>
  readonly prints: Map<string, number>
  readonly opaque: Opaque[]
  readonly opaqueOf: Map<string, number>
  readonly locals: Map<string, Local>
  run: number
}
export const makeProofMemo = (): ProofMemo => ({
  shapes: [],
  shapeOf: new Map(),
  prints: new Map(),
  opaque: [],
  opaqueOf: new Map(),
  locals: new Map(),
  run: 0,
})

export type Perhaps = { readonly kind: 'perhaps'; readonly opaque: readonly number[]; readonly part: Uint32Array }
/** sure: whatever the opaque predicates say; perhaps: depends on those named; unknown: given up. */
export type Answer =
  /** Where it is sure for vague values alone, it may still depend on something for precise ones. */
  | { readonly kind: 'sure'; readonly part: Uint32Array; readonly vague: boolean; readonly perhaps: Perhaps | null }
  | Perhaps
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown' }
export type Left = {
  readonly parts: readonly Uint32Array[]
  readonly vague: readonly Uint32Array[]
  /** There are more parts than were told. */
  readonly more: boolean
  readonly perhaps: readonly { readonly opaque: readonly number[]; readonly part: Uint32Array }[]
  readonly unknown: boolean
}

export type Local = Table & {
  readonly count: number
  /** Place of the rule among those here, by box; boxes of one rule stand together, in the order in which rules win. */
  readonly owner: Int32Array
  /** Rank among those here, by owner. */
  readonly rank: Int32Array
  readonly shapes: Int32Array
  readonly fields: readonly Atoms[]
  readonly whole: Uint32Array
  /** Null where every atom of every field is precise. */
  readonly precise: Uint32Array | null
  left?: Left
  /** The owner with whom everything is taken here; −1 where something is left. */
  sealed?: number
  readonly wins: Map<number, Answer>
  readonly pairs: Map<number, Answer>
  run: number
}

const MOST_OPAQUE = 12
const MOST_PARTS = 48
const STEPS = 400_000
const NEARLY = 6

export function makeLocal(memo: ProofMemo, shapes: Int32Array, owner: Int32Array, rank: Int32Array): Local {
  const used = new Map<string, Atoms>()
  const opaque = new Set<number>()
  for (const s of shapes) {
    for (const [atoms] of memo.shapes[s]!.sets) used.set(atoms.key, atoms)
    for (const o of memo.shapes[s]!.opaque) opaque.add(o >> 1)
  }
  const fields = [...used.values()].sort((a, b) => a.full.length - b.full.length || (a.key < b.key ? -1 : 1))
  const slots: Slot[] = []
  let width = 0
  const place = (words: number) => {
    slots.push({ offset: width, words })
    width += words
  }
  for (const atoms of fields) place(atoms.full.length)
  // One word for each opaque predicate: bit 0 no, bit 1 yes. Beyond a dozen they are not played through.
  const played = opaque.size <= MOST_OPAQUE ? [...opaque].sort((a, b) => (memo.opaque[a]!.text < memo.opaque[b]!.text ? -1 : 1)) : []
  for (const _ of played) place(1)
  const whole = new Uint32Array(width)
  const precise = new Uint32Array(width)
  for (const [f, atoms] of fields.entries()) {
    whole.set(atoms.full, slots[f]!.offset)
    precise.set(atoms.precise, slots[f]!.offset)
  }
  for (let o = 0; o < played.length; o += 1) whole[slots[fields.length + o]!.offset] = precise[slots[fields.length + o]!.offset] = 3
  const rows = new Uint32Array(width * shapes.length)
  const slotOf = new Map(fields.map((atoms, f) => [atoms.key, slots[f]!]))
  for (const [b, s] of shapes.entries()) {
    rows.set(whole, b * width)
    for (const [atoms, set] of memo.shapes[s]!.sets) rows.set(set, b * width + slotOf.get(atoms.key)!.offset)
    for (const o of memo.shapes[s]!.opaque) {
      const at = played.indexOf(o >> 1)
      if (at >= 0) rows[b * width + slots[fields.length + at]!.offset] = o & 1 ? 2 : 1
    }
  }
  const vague = fields.some(atoms => atoms.full.some((word, w) => word !== atoms.precise[w]))
  return {
    rows,
    width,
    slots,
    count: shapes.length,
    owner,
    rank,
    shapes,
    fields,
    whole,
    precise: vague ? precise : null,
    wins: new Map(),
    pairs: new Map(),
    run: memo.run,
  }
}

/** Solves questions about one place; remembers the answers with it. */
export function makeSolver(memo: ProofMemo, allowance: Allowance) {
  const isFree = (local: Local, box: number): boolean => memo.shapes[local.shapes[box]!]!.opaque.length > 0
  /** Every question has a share of its own, so that one hard place does not take the answers of all others. */
  const spend = <T>(work: (own: Allowance) => T): T => {
    const own = { steps: Math.min(STEPS, allowance.steps) }
    const before = own.steps
    const result = work(own)
    allowance.steps -= before - own.steps
    return result
  }
  const restrict = (local: Local, from: Uint32Array, box: number): Uint32Array | null => {
    const part = from.slice()
    for (const { offset, words } of local.slots) {
      let any = 0
      for (let w = offset; w < offset + words; w += 1) any |= part[w]! &= local.rows[box * local.width + w]!
      if (any === 0) return null
    }
    return part
  }
  /** Opaque predicates of the boxes that touch a part, the part's own boxes included. */
  const named = (local: Local, part: Uint32Array, list: Iterable<number>): readonly number[] => {
    const found = new Set<number>()
    for (const box of list) {
      if (!isFree(local, box)) continue
      const touches = local.slots.slice(0, local.fields.length).every(({ offset, words }) => {
        for (let w = offset; w < offset + words; w += 1) if ((part[w]! & local.rows[box * local.width + w]!) !== 0) return true
        return false
      })
      if (touches) for (const o of memo.shapes[local.shapes[box]!]!.opaque) found.add(o >> 1)
    }
    return [...found].sort((a, b) => a - b)
  }
  /** Whether a part of the starts (made of `own` boxes) is left by `better`: surely, perhaps, or not at all. */
  const ask = (
    local: Local,
    starts: readonly { boxes: readonly number[]; from: (universe: Uint32Array) => Uint32Array | null }[],
    better: Int32Array,
  ) =>
    spend((own): Answer => {
      const known = local.fields.length
      let unknown = false
      /** The first part that is left, with the boxes it was begun from. */
      const look = (
        universe: Uint32Array,
        list: Int32Array,
        slots: number,
        free: boolean,
      ): { part: Uint32Array; boxes: readonly number[] } | null => {
        for (const { boxes, from } of starts) {
          const start = free || !boxes.some(b => isFree(local, b)) ? from(universe) : null
          if (!start) continue
          const found: Uint32Array[] = []
          if (searchLeft(local, start, list, slots, own, part => found.push(part.slice()) > 0) === 'exhausted') unknown = true
          if (found[0]) return { part: found[0], boxes }
        }
        return null
      }
      const free = [...better].some(b => isFree(local, b)) || starts.some(s => s.boxes.some(b => isFree(local, b)))
      const perhaps = (universe: Uint32Array): Perhaps | null => {
        if (!free) return null
        const played = local.slots.length > known
        // Too many to be played through: only what holds without any of them is sure to cover.
        const found = look(universe, played ? better : better.filter(b => !isFree(local, b)), local.slots.length, true)
        return found && { kind: 'perhaps', part: found.part, opaque: named(local, found.part, [...found.boxes, ...better]) }
      }
      const precise = look(local.precise ?? local.whole, better, known, false)
      if (precise) return { kind: 'sure', part: precise.part, vague: false, perhaps: null }
      const vague = local.precise ? look(local.whole, better, known, false) : null
      if (unknown) return { kind: 'unknown' }
      if (vague) return { kind: 'sure', part: vague.part, vague: true, perhaps: perhaps(local.precise!) }
      const open = perhaps(local.whole)
      return open ?? { kind: unknown ? 'unknown' : 'none' }
    })

  const boxesOf = (local: Local, owner: number): number[] => {
    const boxes: number[] = []
    for (let b = 0; b < local.count; b += 1) if (local.owner[b] === owner) boxes.push(b)
    return boxes
  }
  let numbers = new Int32Array(64)
  const firstBoxes = (n: number): Int32Array => {
    if (n > numbers.length) numbers = Int32Array.from({ length: n * 2 }, (_, i) => i)
    else if (numbers[1] !== 1) numbers = numbers.map((_, i) => i)
    return numbers.subarray(0, n)
  }
  /** Boxes of the owners that come before the first who does not fulfil the condition; they stand in order, so halving finds it. */
  const upTo = (local: Local, holds: (owner: number) => boolean): Int32Array => {
    let low = 0
    let high = local.count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (holds(local.owner[middle]!)) low = middle + 1
      else high = middle
    }
    return firstBoxes(low)
  }
  /** The last of the boxes that is needed to take everything here, whatever the opaque predicates say; −1 where they leave something. */
  const lastNeeded = (local: Local, boxes: Int32Array): number => {
    const list = local.slots.length > local.fields.length ? boxes : boxes.filter(b => !isFree(local, b))
    let left = false
    return spend(own => {
      own.last = -1
      const ending = searchLeft(local, local.whole, list, local.slots.length, own, () => {
        left = true
        return true
      })
      return ending === 'searched' && !left ? own.last : -1
    })
  }

  return {
    /** What no rule takes here. */
    left(local: Local): Left {
      if (local.left) return local.left
      const left = spend(own => leftOf(local, own, named, isFree))
      if (!left.unknown) local.left = left
      return left
    },
    /** An owner with whom everything is taken here, so that whoever comes after never wins; −1 where something is left. */
    sealedBy(local: Local): number {
      if (local.sealed === undefined) {
        const last = lastNeeded(local, firstBoxes(local.count))
        let low = 0
        let high = last < 0 ? -1 : local.owner[last]!
        // The last steps cost most and tell of a handful of rules, which are then asked one by one.
        while (high - low > NEARLY) {
          const middle = (low + high) >>> 1
          const needed = lastNeeded(
            local,
            upTo(local, o => o <= middle),
          )
          if (needed < 0) low = middle + 1
          else high = local.owner[needed]!
        }
        local.sealed = high
      }
      return local.sealed
    },
    /** Whether a rule wins anywhere here. */
    wins(local: Local, owner: number): Answer {
      let answer = local.wins.get(owner)
      if (!answer) {
        const starts = boxesOf(local, owner).map(b => ({ boxes: [b], from: (universe: Uint32Array) => restrict(local, universe, b) }))
        answer = ask(
          local,
          starts,
          upTo(local, o => o < owner),
        )
        if (answer.kind !== 'unknown') local.wins.set(owner, answer)
      }
      return answer
    },
    /** Whether two rules of equal rank meet here where no better one holds. */
    meet(local: Local, one: number, two: number): Answer {
      const key = one * local.count + two
      let answer = local.pairs.get(key)
      if (!answer) {
        const second = boxesOf(local, two)
        const starts = boxesOf(local, one).flatMap(a =>
          second.map(b => ({
            boxes: [a, b],
            from: (universe: Uint32Array) => {
              const part = restrict(local, universe, a)
              return part && restrict(local, part, b)
            },
          })),
        )
        answer = ask(
          local,
          starts,
          upTo(local, o => local.rank[o]! < local.rank[one]!),
        )
        if (answer.kind !== 'unknown') local.pairs.set(key, answer)
      }
      return answer
    },
    boxesOf,
    upTo,
    restrict,
    spend,
  }
}
export type Solver = ReturnType<typeof makeSolver>

function leftOf(
  local: Local,
  own: Allowance,
  named: (local: Local, part: Uint32Array, list: Iterable<number>) => readonly number[],
  isFree: (local: Local, box: number) => boolean,
): Left {
  const all = Int32Array.from({ length: local.count }, (_, i) => i)
  const known = local.fields.length
  let more = false
  let unknown = false
  const gather = (start: Uint32Array): Uint32Array[] => {
    const parts: Uint32Array[] = []
    const ending = searchLeft(local, start, all, known, own, part => {
      parts.push(part.slice())
      return parts.length >= MOST_PARTS
    })
    if (ending === 'stopped') more = true
    if (ending === 'exhausted') unknown = true
    return parts
  }
  const parts = joinParts(gather(local.precise ?? local.whole), local.slots.slice(0, known))
  const vague: Uint32Array[] = []
  if (local.precise) {
    // Fields before this one precise, this one not: the vague rest without counting anything twice.
    const start = local.whole.slice()
    for (const { offset, words } of local.slots.slice(0, known)) {
      const here = start.slice()
      let any = 0
      for (let w = offset; w < offset + words; w += 1) {
        any |= here[w]! &= ~local.precise[w]!
        start[w]! &= local.precise[w]!
      }
      if (any !== 0) vague.push(...gather(here))
    }
  }
  const perhaps: { opaque: readonly number[]; part: Uint32Array }[] = []
  const free = all.filter(b => isFree(local, b))
  if (free.length > 0) {
    const played = local.slots.length > known
    const ending = searchLeft(local, local.whole, played ? all : all.filter(b => !isFree(local, b)), local.slots.length, own, part => {
      // Left for some answers of the opaque predicates; where a rule may hold for others, it is not proved either way.
      const opaque = named(local, part, free)
      if (opaque.length > 0) perhaps.push({ opaque, part: part.slice() })
      return perhaps.length >= MOST_PARTS
    })
    if (ending === 'exhausted') unknown = true
  }
  return { parts, vague: joinParts(vague, local.slots.slice(0, known)), more, perhaps, unknown }
}
