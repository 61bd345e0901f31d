/** Sets of small numbers 位集 as words of 32 bits: what a proof over thousands of counties and rules is reckoned with. Sets of one universe have equal length. */
export type Bits = Uint32Array

export const makeBits = (size: number): Bits => new Uint32Array(Math.max(1, Math.ceil(size / 32)))

export function fullBits(size: number): Bits {
  const bits = makeBits(size)
  for (let i = 0; i < size; i += 1) addBit(bits, i)
  return bits
}
export const addBit = (bits: Bits, i: number): void => {
  bits[i >>> 5]! |= 1 << (i & 31)
}
export const hasBit = (bits: Bits, i: number): boolean => ((bits[i >>> 5]! >>> (i & 31)) & 1) === 1

export const both = (a: Bits, b: Bits): Bits => a.map((word, w) => word & b[w]!)
export const either = (a: Bits, b: Bits): Bits => a.map((word, w) => word | b[w]!)
export const without = (a: Bits, b: Bits): Bits => a.map((word, w) => word & ~b[w]!)

export const isNone = (a: Bits): boolean => a.every(word => word === 0)
export const isSame = (a: Bits, b: Bits): boolean => a.every((word, w) => word === b[w])
export function meets(a: Bits, b: Bits): boolean {
  for (let w = 0; w < a.length; w += 1) if ((a[w]! & b[w]!) !== 0) return true
  return false
}

/** The members, ascending. */
export function membersOf(bits: Bits): number[] {
  const members: number[] = []
  for (let w = 0; w < bits.length; w += 1)
    for (let word = bits[w]!; word !== 0; word &= word - 1) members.push((w << 5) + 31 - Math.clz32(word & -word))
  return members
}

export const firstOf = (bits: Bits): number => {
  for (let w = 0; w < bits.length; w += 1) if (bits[w] !== 0) return (w << 5) + 31 - Math.clz32(bits[w]! & -bits[w]!)
  return -1
}

export function countBits(bits: Bits): number {
  let count = 0
  for (const word of bits) {
    let v = word - ((word >>> 1) & 0x55555555)
    v = (v & 0x33333333) + ((v >>> 2) & 0x33333333)
    count += Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
  }
  return count
}
