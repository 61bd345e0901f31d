/** Unified social credit code 统一社会信用代码 (GB 32100-2015): 18 characters, the last a check digit. A wrong one warns and never blocks. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28] as const
/** Letters the code never uses, and the digits they are mistaken for. */
const MISREAD: Readonly<Record<string, string>> = { O: '0', I: '1', Z: '2', S: '5', V: 'Y' }

/** As nearly every list writes it: nothing to make plain. */
const PLAIN = /^[0-9A-Z]{18}$/

export type CreditCode = { readonly value: string; readonly valid: boolean; readonly suggestion: string | null }

export function checkCreditCode(text: string): CreditCode {
  const value = PLAIN.test(text)
    ? text
    : text
        .normalize('NFKC')
        .toUpperCase()
        .replace(/[\s\-·.]/g, '')
  if (isValid(value)) return { value, valid: true, suggestion: null }
  if (!/[OIZSV]/.test(value)) return { value, valid: false, suggestion: null }
  const mended = [...value].map(c => MISREAD[c] ?? c).join('')
  return { value, valid: false, suggestion: mended !== value && isValid(mended) ? mended : null }
}

const isValid = (code: string): boolean => code.length === 18 && checkDigit(code) === code[17]

/** The last character that the seventeen before it ask for; null where one of them is in no code. */
export function checkDigit(code: string): string | null {
  let sum = 0
  for (let i = 0; i < 17; i += 1) {
    const digit = ALPHABET.indexOf(code[i] ?? ' ')
    if (digit < 0) return null
    sum += digit * WEIGHTS[i]!
  }
  return ALPHABET[(31 - (sum % 31)) % 31]!
}
