/**
 * What of an address 地址 says which door it is: street with number, then building and room. Regions are left out (people write them long,
 * short or not at all), and numbers come in three spellings: 410号, 410#, 四一零号.
 */
export type AddressKey = { readonly street: string; readonly door: string }

const DIGITS: Readonly<Record<string, string>> = {
  零: '0',
  〇: '0',
  一: '1',
  二: '2',
  三: '3',
  四: '4',
  五: '5',
  六: '6',
  七: '7',
  八: '8',
  九: '9',
  两: '2',
}
const NUMERAL = /[零〇一二三四五六七八九十百千两]+(?=[号#弄栋幢座楼室单组])/g
const REGION = /^(?:[^\d]{1,12}?(?:特别行政区|自治区|自治州|自治县|自治旗|省|地区|盟))?(?:[^\d路街道巷弄]{1,9}?(?:市|州|县|区|旗|盟))*/
const STREET = /^(.*?\d+)(?:号|弄|$|(?=[栋幢座楼室单]))(.*)$/

/** `text` folded (see company-name.ts). null: no street number, so nothing that tells a door. */
export function addressKey(text: string): AddressKey | null {
  const plain = text
    .replace(/[\s,，。.;；、-]/g, '')
    .replace(/#/g, '号')
    .replace(NUMERAL, numeral)
  const bare = plain.replace(REGION, '') || plain
  const found = STREET.exec(bare)
  if (found === null || found[1]!.length < 3) return null
  return { street: found[1]!, door: found[2]!.replace(/号/g, '').replace(/幢|座/g, '栋') }
}

/** 四一零 → 410, 四十五 → 45, 一百零八 → 108. */
function numeral(text: string): string {
  if (!/[十百千]/.test(text)) return [...text].map(c => DIGITS[c] ?? c).join('')
  let [total, digit] = [0, 0]
  for (const char of text) {
    if (char === '十' || char === '百' || char === '千') {
      total += (digit || 1) * (char === '十' ? 10 : char === '百' ? 100 : 1000)
      digit = 0
    } else digit = Number(DIGITS[char] ?? 0)
  }
  return String(total + digit)
}
