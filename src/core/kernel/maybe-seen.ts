/**
 * Whether a text may have been met before: 53 bits of it are remembered, 16 bytes each. "No" is sure; "yes" is wrong once in some ten thousand
 * lists of a million, so whoever must know asks again.
 */
export class MaybeSeen {
  #slots = new Float64Array(1 << 12)
  #count = 0

  /** Answers and remembers. */
  meet(text: string): boolean {
    let a = 0x811c9dc5 | 0
    let b = 0x9747b28c | 0
    for (let i = 0; i < text.length; i += 1) {
      const code = text.charCodeAt(i)
      a = Math.imul(a ^ code, 0x01000193)
      b = Math.imul(b ^ code, 0x5bd1e995)
      b ^= b >>> 15
    }
    // 0 marks a free slot.
    const print = ((a ^ (a >>> 16)) >>> 0) * 0x200000 + (b >>> 11) + 1
    if (!enter(this.#slots, print)) return true
    this.#count += 1
    if (this.#count * 2 > this.#slots.length) {
      const wider = new Float64Array(this.#slots.length * 2)
      for (const known of this.#slots) if (known !== 0) enter(wider, known)
      this.#slots = wider
    }
    return false
  }
}

function enter(slots: Float64Array, print: number): boolean {
  const mask = slots.length - 1
  for (let slot = Math.floor(print / 0x200) & mask; ; slot = (slot + 1) & mask) {
    const known = slots[slot]!
    if (known === print) return false
    if (known !== 0) continue
    slots[slot] = print
    return true
  }
}
