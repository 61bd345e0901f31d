/** Single values that cannot be right: credit codes, e-mail, website, industry codes of an earlier edition, numbers typed to fill a field. */
import { checkCreditCode } from './credit-code.ts'
import { earlierIndustry } from './industry-editions.ts'
import type { Problem } from './problem.ts'

/** A wrong check digit is worth a look and no more: some codes of the first years fail it and are right (GB 32100-2015). */
export function codeProblem(text: string): Problem | null {
  const field = 'creditCode'
  const read = checkCreditCode(text)
  if (read.valid) return read.value === text ? null : { field, kind: 'code.form', proposal: read.value }
  if (read.value.length !== 18) return { field, kind: 'code.length', values: { length: read.value.length } }
  if (read.suggestion !== null) return { field, kind: 'code.misread', proposal: read.suggestion }
  return { field, kind: 'code.checkDigit' }
}

export const EMAIL = /^[^@\s<>()[\],;:"]+@[^@\s.]+(?:\.[^@\s.]+)+$/
/** Everybody may have an address here: it says nothing about the company. */
export const FREE_MAIL = new Set(
  'qq.com vip.qq.com foxmail.com 163.com vip.163.com 126.com yeah.net sina.com sina.cn vip.sina.com sohu.com tom.com 139.com 189.cn wo.cn 21cn.com aliyun.com gmail.com googlemail.com hotmail.com outlook.com live.com live.cn msn.com yahoo.com yahoo.cn yahoo.com.cn icloud.com me.com'.split(
    ' ',
  ),
)

export function emailProblem(text: string): Problem | null {
  const field = 'email'
  const plain = text.normalize('NFKC').trim().replace(/\s/g, '').toLowerCase()
  if (!EMAIL.test(plain)) return { field, kind: 'email.syntax' }
  if (plain !== text.toLowerCase()) return { field, kind: 'email.form', proposal: plain }
  const domain = plain.slice(plain.lastIndexOf('@') + 1)
  return FREE_MAIL.has(domain) ? { field, kind: 'email.free', values: { domain } } : null
}

export function websiteProblem(text: string): Problem | null {
  const field = 'website'
  const host = text
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/^www\./, '')
    .replace(/[/?#].*$/, '')
  if (FREE_MAIL.has(host) || FREE_MAIL.has(host.replace(/^mail\./, '')))
    return { field, kind: 'website.freeMail', proposal: null, values: { domain: host } }
  return /^[\p{L}\d-]+(?:\.[\p{L}\d-]+)+(?::\d+)?$/u.test(host) ? null : { field, kind: 'website.syntax' }
}

/** `known`: codes that may be written today. */
export function industryProblem(code: string, known: ReadonlySet<string>): Problem | null {
  if (known.has(code)) return null
  const field = 'industry'
  const earlier = earlierIndustry(code)
  if (earlier && known.has(earlier.code)) return { field, kind: 'industry.earlier', proposal: earlier.code, values: { edition: earlier.edition } }
  // A finer code than the company's classification knows says the right division all the same.
  const wider = [code.slice(0, 4), code.slice(0, 3)].find(c => c.length < code.length && known.has(c))
  return { field, kind: 'industry.unknown', ...(wider ? { proposal: wider } : {}) }
}

/** Beyond this no company of the world goes: employees, and money in whole units of any currency. */
const MOST = { size: 5_000_000, revenue: 10_000_000_000_000, potential: 10_000_000_000_000 } as const
const FILLED = new Set([999_999, 9_999_999, 99_999_999, 999_999_999, 123_456, 1_234_567, 12_345_678, 123_456_789, 111_111, 11_111_111])

export function numberProblem(field: 'size' | 'revenue' | 'potential', value: number): Problem | null {
  if (value < 0) return { field, kind: 'number.negative' }
  if (FILLED.has(value) || (field === 'size' ? value === 0 : value <= 1 && field === 'revenue'))
    return { field, kind: 'number.placeholder', proposal: null }
  return value > MOST[field] ? { field, kind: 'number.outlier' } : null
}
