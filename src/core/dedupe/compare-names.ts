/** How two company names are related: the same name in another spelling, a relative of the group, or two strangers who sound alike. */
import type { CompanyName } from './company-name.ts'
import { type Slip, slipBetween } from './similarity.ts'

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
  const slip = slipOf(a.tail, b.tail) ?? slipOf(coreOf(a), coreOf(b))
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
  if (slipOf(a.business, b.business) !== null && Math.min(a.business.length, b.business.length) > 2) return 'typo'
  // 科技 is said of everything: 华兴科技 and 华兴环保科技 may be one.
  if (a.business.endsWith(b.business) || b.business.endsWith(a.business)) return 'short'
  return 'sister'
}

/** One letter of two is another word. */
const slipOf = (a: string, b: string): Slip | null => (Math.min(a.length, b.length) < 3 ? null : slipBetween(a, b))
