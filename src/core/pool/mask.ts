/**
 * What a pool shows before a claim 领取前隐去: values are masked where they are written, so that nothing read from there can be filtered, sorted,
 * searched or counted back to what is hidden. The hidden part never keeps its length.
 */
import type { Mask } from './pool.ts'

const STARS = '**'

/** 苏州禾沐包装科技 → 苏州禾**装科技: the place and a first character stay, the middle of the brand goes. */
export function maskName(name: string, mask: Mask): string {
  if (mask === 'show') return name
  const letters = [...name]
  if (mask === 'hide') return STARS
  const n = letters.length
  const head = n >= 7 ? 3 : n >= 4 ? 1 : Math.min(1, n)
  const hidden = n >= 7 ? 2 : n >= 4 ? n - 2 : n
  return `${letters.slice(0, head).join('')}${STARS}${letters.slice(head + hidden).join('')}`
}

/** 沈若兰 → 沈**, Mary Smith → M**. */
export function maskPerson(name: string | null, mask: Mask): string | null {
  if (name === null || mask === 'hide') return null
  return mask === 'show' ? name : `${[...name][0] ?? ''}${STARS}`
}

/** +8613812342217 → 138****2217: of a number of eleven digits the four in the middle are not kept; of a shorter one only the last two are. */
export function maskPhone(phone: string | null, mask: Mask): string | null {
  if (phone === null || mask === 'hide') return null
  if (mask === 'show') return phone
  const digits = phone.replace(/\D/g, '').replace(/^86(?=\d{10,11}$)/, '')
  if (digits.length >= 11) return `${digits.slice(0, 3)}****${digits.slice(-4)}`
  return digits.length >= 6 ? `****${digits.slice(-2)}` : '****'
}
