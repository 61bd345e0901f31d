/**
 * What boxes leave over 余下的部分: the part of one box that none of the others covers, split field by field until nothing is open. This is
 * the one question behind every gap (what do all rules leave?), every overlap (what do better rules leave of two equal ones?) and every
 * dead rule (what do better rules leave of this one?).
 */

/** One field of a table of boxes: where its words stand. */
export type Slot = { readonly offset: number; readonly words: number }
export type Table = {
  /** `width` words a box, one box after the other. */
  readonly rows: Uint32Array
  readonly width: number
  readonly slots: readonly Slot[]
}
/** Counted down by every look at a box; at nought the search gives up and says so. */
export type Allowance = {
  steps: number
  /** The last box that was needed to take something away, where that is asked for. */
  last?: number
}
export type Ending = 'searched' | 'stopped' | 'exhausted'

/**
 * Visits disjoint parts of `start` that no box of `list` covers; `visit` answers true to stop. The part handed over is only lent.
 * `slots`: how many fields count, from the front; the others are taken as accepted by every box.
 */
export function searchLeft(
  table: Table,
  start: Uint32Array,
  list: Int32Array,
  slots: number,
  allowance: Allowance,
  visit: (part: Uint32Array) => boolean,
): Ending {
  const { rows, width } = table
  const fields = table.slots.slice(0, slots)
  const begins = Int32Array.from(fields, f => f.offset)
  const ends = Int32Array.from(fields, f => f.offset + f.words)

  /** How a box stands to a part: −1 apart, else the number of fields in which it falls short; 0 covers. */
  const shortOf = (part: Uint32Array, box: number): number => {
    const base = box * width
    let short = 0
    for (let f = 0; f < slots; f += 1) {
      const end = ends[f]!
      let common = 0
      let open = 0
      for (let w = begins[f]!; w < end; w += 1) {
        const mine = part[w]!
        const met = mine & rows[base + w]!
        common |= met
        open |= mine ^ met
      }
      if (common === 0) return -1
      if (open !== 0) short += 1
    }
    return short
  }

  const open = (part: Uint32Array, box: number, { offset, words }: Slot): boolean => {
    for (let w = offset; w < offset + words; w += 1) if ((part[w]! & ~rows[box * width + w]!) !== 0) return true
    return false
  }

  const note = (box: number): void => {
    if (allowance.last !== undefined && box > allowance.last) allowance.last = box
  }

  const search = (part: Uint32Array, among: Int32Array): Ending => {
    let list = among
    for (;;) {
      allowance.steps -= list.length + 1
      if (allowance.steps < 0) return 'exhausted'
      let best = -1
      let least = Number.POSITIVE_INFINITY
      let kept = 0
      const next = new Int32Array(list.length)
      for (const box of list) {
        const short = shortOf(part, box)
        if (short < 0) continue
        if (short === 0) {
          note(box)
          return 'searched'
        }
        next[kept++] = box
        if (short < least) {
          least = short
          best = box
        }
      }
      if (kept === 0) return visit(part) ? 'stopped' : 'searched'
      list = next.subarray(0, kept)
      note(best)
      if (least === 1) {
        // Short in one field alone: what it leaves is one part, and no branch is needed.
        const slot = fields.find(f => open(part, best, f))!
        for (let w = slot.offset; w < slot.offset + slot.words; w += 1) part[w]! &= ~rows[best * width + w]!
        continue
      }
      for (const slot of fields) {
        if (!open(part, best, slot)) continue
        const branch = part.slice()
        for (let w = slot.offset; w < slot.offset + slot.words; w += 1) {
          branch[w]! &= ~rows[best * width + w]!
          part[w]! &= rows[best * width + w]!
        }
        const ending = search(branch, list)
        if (ending !== 'searched') return ending
      }
      return 'searched'
    }
  }
  return search(start.slice(), list)
}

/** Disjoint parts that differ in one field alone become one, as long as there are such: fewer findings, said more simply. */
export function joinParts(parts: readonly Uint32Array[], slots: readonly Slot[]): readonly Uint32Array[] {
  const joined = parts.map(p => p.slice())
  for (let again = true; again; ) {
    again = false
    for (let i = 0; i < joined.length; i += 1)
      for (let j = joined.length - 1; j > i; j -= 1) {
        const slot = onlyDifference(joined[i]!, joined[j]!, slots)
        if (!slot) continue
        for (let w = slot.offset; w < slot.offset + slot.words; w += 1) joined[i]![w]! |= joined[j]![w]!
        joined.splice(j, 1)
        again = true
      }
  }
  return joined
}

function onlyDifference(a: Uint32Array, b: Uint32Array, slots: readonly Slot[]): Slot | null {
  let found: Slot | null = null
  for (const slot of slots)
    for (let w = slot.offset; w < slot.offset + slot.words; w += 1)
      if (a[w] !== b[w]) {
        if (found) return null
        found = slot
        break
      }
  return found
}
