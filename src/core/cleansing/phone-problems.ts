/** Telephone numbers 电话 that nobody can call, that everybody has, or that are written in another way than the rest; see phone.ts for the one form. */
import { readPhone } from './phone.ts'
import type { Problem } from './problem.ts'

/** Typed to get past a required field: one digit repeated, counting up or down, and the two that everybody knows. */
const PLACEHOLDERS = new Set(['13800138000', '13800000000', '13900000000', '13888888888', '13012345678', '13812345678', '12345678901', '12345678'])
const ONE_DIGIT = /^(\d)\1{5,}$/
const UP = '01234567890123456789'
const DOWN = '98765432109876543210'

/** Short numbers of banks, insurers and hotlines: right, and no way to reach this customer. */
const SERVICE = /^(?:1[0-2]\d{1,3}|123\d{2}|9[56]\d{3,6})$/

const digitsOf = (text: string): string => text.normalize('NFKC').replace(/\D/g, '')
/** Without the country: what a placeholder looks like. */
const bare = (digits: string): string => digits.replace(/^(?:00)?86(?=\d{7,})/, '')

export function isPlaceholderPhone(text: string): boolean {
  const digits = bare(digitsOf(text))
  if (PLACEHOLDERS.has(digits) || ONE_DIGIT.test(digits)) return true
  return digits.length >= 6 && (UP.includes(digits) || DOWN.includes(digits))
}

export function phoneProblem(text: string, field = 'phone'): Problem | null {
  const read = readPhone(text)
  if (isPlaceholderPhone(text) || isPlaceholderPhone(read.value)) return { field, kind: 'phone.placeholder', proposal: null }
  if (read.valid) return read.value === text ? null : { field, kind: 'phone.form', proposal: read.value }
  const digits = digitsOf(text)
  if (SERVICE.test(digits)) return { field, kind: 'phone.service' }
  if (/[\p{L}]/u.test(text) || text.includes('@') || digits.length > 15) return { field, kind: 'phone.invalid' }
  if (digits.length < 7) return { field, kind: 'phone.short', values: { digits: digits.length } }
  // Seven or eight digits that begin like a landline: a city's own number whose area code is not written.
  if (digits.length <= 8 && /^[2-8]/.test(digits)) return { field, kind: 'phone.noAreaCode' }
  return { field, kind: 'phone.invalid' }
}
