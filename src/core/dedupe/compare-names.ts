/** How two company names are related: the same name in another spelling, a relative of the group, or two strangers who sound alike. */
import type { CompanyName } from './company-name.ts'

export type NameRelation =
  /** Letter by letter the same, apart from regions, brackets and legal form. */
  | 'same'
  /** One slip of the keyboard apart: a letter lost, added, swapped, or of the same sound. */
  | 'typo'
  /** The same brand, read aloud; the Latin name of a Chinese one. */
  | 'sound'
  /** One is the other cut short: brand alone, or brand with the beginning of its business. */
  | 'short'
  /** Known other name, from the company's own table. */
  | 'alias'
  /** One brand lies in the other: 纷享 in 易动纷享. */
  | 'part'
  /** Same brand and business, and a word of kinship more (投资, 实业): a relative. */
  | 'kin'
  /** Same brand, another line of business: a sister. */
  | 'sister'
  /** A branch of the other, or two branches of one company. */
  | 'branch'
  /** One letter of the brand apart, and it is another letter: mostly a stranger. */
  | 'near'
  | 'other'

/** `soundOf`: the toneless reading of one character. */
export function compareNames(a: CompanyName, b: CompanyName, soundOf: (char: string) => string): NameRelation {
  const relation = relationOf(a, b, soundOf)
  return (a.alias || b.alias) && (relation === 'same' || relation === 'typo' || relation === 'short') ? 'alias' : relation
}

function relationOf(a: CompanyName, b: CompanyName, soundOf: (char: string) => string): NameRelation {
  if (a.branch !== b.branch) return a.brand === b.brand || a.sound === b.sound ? 'branch' : 'other'
  if (a.tail === b.tail) return 'same'
  if (a.latin !== b.latin) {
    const [latin, han] = a.latin ? [a, b] : [b, a]
    return han.sound !== '' && (latin.brand === han.sound || latin.tail.startsWith(`${han.sound}co`)) ? 'sound' : 'other'
  }
  if (a.brand === b.brand) return sameBrand(a, b)
  const brand = Math.min(a.brand.length, b.brand.length)
  const slip = slipBetween(a.tail, b.tail) ?? slipBetween(coreOf(a), coreOf(b))
  if (slip !== null) {
    const otherLetter = slip.letters !== null && soundOf(slip.letters[0]) !== soundOf(slip.letters[1])
    return otherLetter && slip.at < brand ? 'near' : 'typo'
  }
  if (a.sound === b.sound && a.brand.length === b.brand.length) {
    const relation = sameBrand(a, b)
    return relation === 'same' || relation === 'typo' ? 'typo' : relation === 'short' ? 'sound' : relation
  }
  const [long, short] = a.brand.length >= b.brand.length ? [a, b] : [b, a]
  // The business of one was taken for its brand: 耀旋河精密 beside 耀旋河 精密电子.
  if (short.brand.length >= 2 && long.tail.startsWith(short.brand) && (short.tail.startsWith(long.brand) || long.brand.startsWith(short.tail)))
    return 'short'
  if (short.brand.length >= 2 && long.brand.includes(short.brand)) return 'part'
  return 'other'
}

const coreOf = (name: CompanyName): string => name.brand + name.kin + name.business

function sameBrand(a: CompanyName, b: CompanyName): NameRelation {
  if (a.kin !== b.kin && (a.kin !== '' || b.kin !== '') && (a.business !== '' || a.kin !== '') && (b.business !== '' || b.kin !== '')) return 'kin'
  if (a.business === b.business) return 'same'
  if (a.business === '' || b.business === '') return 'short'
  if (a.latin) return 'short'
  if (a.business.startsWith(b.business) || b.business.startsWith(a.business)) return 'short'
  if (slipBetween(a.business, b.business) !== null && Math.min(a.business.length, b.business.length) > 2) return 'typo'
  // 科技 is said of everything: 华兴科技 and 华兴环保科技 may be one.
  if (a.business.endsWith(b.business) || b.business.endsWith(a.business)) return 'short'
  return 'sister'
}

/** Where two texts differ by one edit, and the two letters when one stands for the other. */
type Slip = { readonly at: number; readonly letters: readonly [string, string] | null }

/** The one letter lost, added, changed or swapped with its neighbour, or null when there is none or more. */
function slipBetween(a: string, b: string): Slip | null {
  const difference = a.length - b.length
  if (difference > 1 || difference < -1 || a.length < 3 || b.length < 3) return null
  const shortest = Math.min(a.length, b.length)
  let at = 0
  while (at < shortest && a.charCodeAt(at) === b.charCodeAt(at)) at += 1
  let end = 0
  while (end < shortest - at && a.charCodeAt(a.length - 1 - end) === b.charCodeAt(b.length - 1 - end)) end += 1
  const [midA, midB] = [a.length - at - end, b.length - at - end]
  if (midA + midB === 1) return { at, letters: null }
  if (midA === 1 && midB === 1) return { at, letters: [a[at]!, b[at]!] }
  if (midA === 2 && midB === 2 && a[at] === b[at + 1] && a[at + 1] === b[at]) return { at, letters: null }
  return null
}
