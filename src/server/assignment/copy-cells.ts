/**
 * Lines of COPY … TO STDOUT as bytes: cells are looked up in dictionaries before anything becomes a string, so that a million rows cost
 * some hundred milliseconds. COPY's text format escapes tab, newline and backslash inside a cell; `\N` is null.
 */
const TAB = 9
const NEWLINE = 10
const BACKSLASH = 92
const CAPITAL_N = 78

/** Reads the cell that begins at `from` of the line's record `i` and answers where it ends: at its tab or newline. */
export type Reader = (bytes: Buffer, from: number, i: number) => number

function endOfCell(bytes: Buffer, from: number): number {
  let at = from
  while (bytes[at] !== TAB && bytes[at] !== NEWLINE) at += 1
  return at
}

const isNull = (bytes: Buffer, from: number, to: number): boolean => to - from === 2 && bytes[from] === BACKSLASH && bytes[from + 1] === CAPITAL_N

/** What a cell says; only for cells that are not null. */
function textOf(bytes: Buffer, from: number, to: number): string {
  const text = bytes.toString('utf8', from, to)
  return text.includes('\\') ? unescapeCopy(text) : text
}

function sameBytes(bytes: Buffer, from: number, to: number, other: Uint8Array, otherFrom: number): boolean {
  for (let at = from, k = otherFrom; at < to; at += 1, k += 1) if (bytes[at] !== other[k]) return false
  return true
}

/** Numbers; NaN where the cell is null or empty. Whole ones of up to 15 digits become no string on the way. */
export const numberReader =
  (take: (value: number, i: number) => void): Reader =>
  (bytes, from, i) => {
    let at = from
    const negative = bytes[at] === 45
    if (negative) at += 1
    let whole = 0
    const first = at
    for (;;) {
      const digit = bytes[at]! - 48
      if (digit < 0 || digit > 9) break
      whole = whole * 10 + digit
      at += 1
    }
    if (at - first > 0 && at - first <= 15 && (bytes[at] === TAB || bytes[at] === NEWLINE)) {
      take(negative ? -whole : whole, i)
      return at
    }
    const end = endOfCell(bytes, at)
    take(end === from || isNull(bytes, from, end) ? Number.NaN : Number(bytes.toString('latin1', from, end)), i)
    return end
  }

/** Cells as codes: 0 is null, others are numbered from 1 in the order `learn` was told what they say. */
export function codeReader(learn: (text: string) => void, take: (code: number, i: number) => void): Reader {
  const cells = new CellDictionary(learn)
  return (bytes, from, i) => {
    take(cells.codeOf(bytes, from), i)
    return cells.end
  }
}

/** Codes of records in their order; half the room of an ordinary array, and no work for the garbage collector. */
export class CodeList {
  codes = new Uint32Array(1024)
  count = 0
  push(code: number): void {
    if (this.count === this.codes.length) {
      const larger = new Uint32Array(this.count * 2)
      larger.set(this.codes)
      this.codes = larger
    }
    this.codes[this.count] = code
    this.count += 1
  }
}

/** Distinct cells of one column, numbered from 1 in the order they were met; 0 is null. Compared as bytes, hashed by FNV-1a. */
class CellDictionary {
  #slots = new Int32Array(256)
  #hashes = new Int32Array(128)
  /** Cell c stands in the store from its start to before the start of c + 1. */
  #starts = new Int32Array(128)
  #store = new Uint8Array(1024)
  #count = 0
  /** Where the cell that was looked up last ends. */
  end = 0
  readonly #onNew: (text: string) => void

  constructor(onNew: (text: string) => void) {
    this.#onNew = onNew
  }

  codeOf(bytes: Buffer, from: number): number {
    let hash = 0x811c9dc5 | 0
    let to = from
    for (let byte = bytes[to]!; byte !== TAB && byte !== NEWLINE; to += 1, byte = bytes[to]!) hash = Math.imul(hash ^ byte, 0x01000193)
    this.end = to
    if (isNull(bytes, from, to)) return 0
    const mask = this.#slots.length - 1
    let slot = (hash ^ (hash >>> 15)) & mask
    for (;;) {
      const code = this.#slots[slot]!
      if (code === 0) break
      const start = this.#starts[code - 1]!
      if (this.#hashes[code - 1] === hash && this.#starts[code]! - start === to - from && sameBytes(bytes, from, to, this.#store, start)) return code
      slot = (slot + 1) & mask
    }
    return this.#learn(bytes, from, to, hash)
  }

  #learn(bytes: Buffer, from: number, to: number, hash: number): number {
    const c = this.#count
    if (c + 2 > this.#starts.length) {
      this.#starts = wider(this.#starts)
      this.#hashes = wider(this.#hashes)
    }
    const start = this.#starts[c]!
    while (start + to - from > this.#store.length) this.#store = wider(this.#store)
    this.#store.set(bytes.subarray(from, to), start)
    this.#hashes[c] = hash
    this.#starts[c + 1] = start + to - from
    this.#count = c + 1
    if (this.#count * 2 > this.#slots.length) {
      this.#slots = new Int32Array(this.#slots.length * 2)
      for (let known = 0; known < this.#count; known += 1) this.#enter(known)
    } else this.#enter(c)
    this.#onNew(textOf(bytes, from, to))
    return this.#count
  }

  #enter(c: number): void {
    const mask = this.#slots.length - 1
    const hash = this.#hashes[c]!
    let slot = (hash ^ (hash >>> 15)) & mask
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
    this.#slots[slot] = c + 1
  }
}

function wider<T extends Int32Array | Uint8Array>(array: T): T {
  const larger = new (array.constructor as new (length: number) => T)(array.length * 2)
  larger.set(array)
  return larger
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', b: '\b', f: '\f', v: '\v' }
const unescapeCopy = (text: string): string => text.replace(/\\(.)/g, (_, c: string) => ESCAPES[c] ?? c)
export const escapeCopy = (text: string): string =>
  text.replace(/[\\\t\n\r]/g, c => (c === '\\' ? '\\\\' : c === '\t' ? '\\t' : c === '\n' ? '\\n' : '\\r'))
