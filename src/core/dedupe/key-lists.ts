/** Lists of rows by hashed key in typed arrays: millions of them sorted in a second, and pairs of rows each told once. */

/** Radix sort, least significant 11 bits first; stable, so rows of one key stay in order. */
export function sortByKey(keys: Uint32Array<ArrayBuffer>, rows: Uint32Array<ArrayBuffer>): [Uint32Array<ArrayBuffer>, Uint32Array<ArrayBuffer>] {
  let [k, r] = [keys, rows]
  let [k2, r2] = [new Uint32Array(keys.length), new Uint32Array(keys.length)]
  for (const shift of [0, 11, 22]) {
    const starts = new Uint32Array(2049)
    for (let i = 0; i < k.length; i += 1) starts[((k[i]! >>> shift) & 2047) + 1]! += 1
    for (let i = 1; i < 2049; i += 1) starts[i]! += starts[i - 1]!
    for (let i = 0; i < k.length; i += 1) {
      const at = starts[(k[i]! >>> shift) & 2047]!++
      k2[at] = k[i]!
      r2[at] = r[i]!
    }
    ;[k, k2, r, r2] = [k2, k, r2, r]
  }
  return [k, r]
}

export function grown(values: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(Math.ceil(values.length * 1.5) + 16)
  larger.set(values)
  return larger
}

/** Pairs of rows, each once: an open hash table, for a Set of millions of numbers takes four times as long. */
export class PairSet {
  private slots = new Float64Array(1 << 16).fill(-1)
  private used = 0

  add(i: number, j: number): boolean {
    if (this.used * 2 > this.slots.length) this.grow()
    return this.insert(i * 2 ** 26 + j)
  }

  private insert(pair: number): boolean {
    const mask = this.slots.length - 1
    let at = (Math.imul(pair % 4_294_967_291, 0x9e3779b1) ^ Math.floor(pair / 2 ** 26)) & mask
    while (this.slots[at] !== -1) {
      if (this.slots[at] === pair) return false
      at = (at + 1) & mask
    }
    this.slots[at] = pair
    this.used += 1
    return true
  }

  private grow(): void {
    const old = this.slots
    this.slots = new Float64Array(old.length * 2).fill(-1)
    this.used = 0
    for (const pair of old) if (pair !== -1) this.insert(pair)
  }
}

/** How often a text occurs, by its hash: an open table of numbers where a Map of texts would need ten times the room. */
export class HashCounter {
  private keys = new Float64Array(1 << 14).fill(-1)
  private counts = new Uint32Array(1 << 14)
  private used = 0

  add(text: string): void {
    if (this.used * 2 > this.keys.length) this.grow()
    const at = this.slotOf(hash53(text))
    this.counts[at]! += 1
  }

  get(text: string): number {
    const mask = this.keys.length - 1
    const key = hash53(text)
    for (let at = key % this.keys.length; this.keys[at] !== -1; at = (at + 1) & mask) if (this.keys[at] === key) return this.counts[at]!
    return 0
  }

  private slotOf(key: number): number {
    const mask = this.keys.length - 1
    let at = key % this.keys.length
    while (this.keys[at] !== -1 && this.keys[at] !== key) at = (at + 1) & mask
    if (this.keys[at] === -1) {
      this.keys[at] = key
      this.used += 1
    }
    return at
  }

  private grow(): void {
    const [keys, counts] = [this.keys, this.counts]
    this.keys = new Float64Array(keys.length * 2).fill(-1)
    this.counts = new Uint32Array(keys.length * 2)
    this.used = 0
    for (let i = 0; i < keys.length; i += 1) if (keys[i] !== -1) this.counts[this.slotOf(keys[i]!)] = counts[i]!
  }
}

/** 53 bits from two FNV-1a runs with different starts: of a million texts the chance of one collision is below one in ten thousand. */
export function hash53(text: string): number {
  let [high, low] = [0x811c9dc5, 0x9747b28c]
  for (let i = 0; i < text.length; i += 1) {
    high = Math.imul(high ^ text.charCodeAt(i), 0x01000193)
    low = Math.imul(low ^ text.charCodeAt(i), 0x85ebca6b) ^ (low >>> 13)
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0)
}

/** 32 bits, FNV-1a. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (hash ^ (hash >>> 13)) >>> 0
}
