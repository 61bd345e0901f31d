/**
 * Lines of COPY … TO STDOUT as bytes: cells are looked up in dictionaries before anything becomes a string, so that a million rows cost
 * some hundred milliseconds. COPY's text format escapes tab, newline and backslash inside a cell; `\N` is null.
 */
const TAB = 9
const NEWLINE = 10
const BACKSLASH = 92
const CAPITAL_N = 78

/** Calls `onLine(bytes, from, to)` for each line, without its newline; `bytes` is valid during the call only. */
export async function eachLine(stream: AsyncIterable<Buffer>, onLine: (bytes: Buffer, from: number, to: number) => void): Promise<void> {
  let rest: Buffer | null = null
  for await (const piece of stream) {
    const bytes: Buffer = rest === null ? piece : Buffer.concat([rest, piece])
    let from = 0
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, from)) {
      onLine(bytes, from, at)
      from = at + 1
    }
    rest = from === bytes.length ? null : bytes.subarray(from)
  }
}

/** Where the cell that begins at `from` ends: at its tab, or at the end of the line. */
export function endOfCell(bytes: Buffer, from: number, to: number): number {
  let at = from
  while (at < to && bytes[at] !== TAB) at += 1
  return at
}

export const isNull = (bytes: Buffer, from: number, to: number): boolean =>
  to - from === 2 && bytes[from] === BACKSLASH && bytes[from + 1] === CAPITAL_N

/** What a cell says; only for cells that are not null. */
export function textOf(bytes: Buffer, from: number, to: number): string {
  const text = bytes.toString('utf8', from, to)
  return text.includes('\\') ? unescapeCopy(text) : text
}

/** Whether a cell says this plain ASCII text. */
export function isText(bytes: Buffer, from: number, to: number, text: string): boolean {
  if (to - from !== text.length) return false
  for (let k = 0; k < text.length; k += 1) if (bytes[from + k] !== text.charCodeAt(k)) return false
  return true
}

export function sameBytes(bytes: Buffer, from: number, to: number, other: Uint8Array, otherFrom = 0): boolean {
  for (let at = from, k = otherFrom; at < to; at += 1, k += 1) if (bytes[at] !== other[k]) return false
  return true
}

/** Distinct cells of one column, numbered from 1 in the order they were met; 0 is null. Compared as bytes, hashed by FNV-1a. */
export class CellDictionary {
  #slots = new Int32Array(256)
  #hashes = new Int32Array(128)
  /** Cell c stands in the store from its start to before the start of c + 1. */
  #starts = new Int32Array(128)
  #store = new Uint8Array(1024)
  #count = 0
  readonly #onNew: (text: string) => void

  constructor(onNew: (text: string) => void) {
    this.#onNew = onNew
  }

  codeOf(bytes: Buffer, from: number, to: number): number {
    if (isNull(bytes, from, to)) return 0
    let hash = 0x811c9dc5 | 0
    for (let at = from; at < to; at += 1) hash = Math.imul(hash ^ bytes[at]!, 0x01000193)
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

/** Plain decimal numbers of up to 15 digits without a string; others through Number. NaN where the cell is null or empty. */
export function numberOf(bytes: Buffer, from: number, to: number): number {
  let at = from
  const negative = bytes[at] === 45
  if (negative) at += 1
  if (at === to) return Number.NaN
  if (to - at > 15) return Number(bytes.toString('latin1', from, to))
  let whole = 0
  for (; at < to; at += 1) {
    const digit = bytes[at]! - 48
    if (digit < 0 || digit > 9) return isNull(bytes, from, to) ? Number.NaN : Number(bytes.toString('latin1', from, to))
    whole = whole * 10 + digit
  }
  return negative ? -whole : whole
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', b: '\b', f: '\f', v: '\v' }
const unescapeCopy = (text: string): string => text.replace(/\\(.)/g, (_, c: string) => ESCAPES[c] ?? c)
export const escapeCopy = (text: string): string =>
  text.replace(/[\\\t\n\r]/g, c => (c === '\\' ? '\\\\' : c === '\t' ? '\\t' : c === '\n' ? '\\n' : '\\r'))
