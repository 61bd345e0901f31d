import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import test from 'node:test'
import { checkCreditCode } from './credit-code.ts'
import { readPhone } from './phone.ts'

test('a mobile number, a land line, an extension; what is no number stays as typed', () => {
  assert.deepEqual(readPhone('13800138000'), { value: '+8613800138000', valid: true })
  assert.deepEqual(readPhone('（０２１）５４３２１２３４'), { value: '+862154321234', valid: true })
  assert.deepEqual(readPhone('010-62771234转801'), { value: '+861062771234 ext 801', valid: true })
  assert.deepEqual(readPhone('+1 212 555 2368'), { value: '+12125552368', valid: true })
  assert.deepEqual(readPhone(' 见名片 '), { value: '见名片', valid: false })
})

const PHONES = '../shared/data/vectors/phone-cn.json'
test('every vector of phone numbers', { skip: existsSync(PHONES) ? false : `${PHONES} is not there` }, () => {
  const { vectors } = JSON.parse(readFileSync(PHONES, 'utf8')) as {
    vectors: { input: string; e164: string | null; ext: string | null; valid: boolean }[]
  }
  assert.ok(vectors.length > 10)
  const wrong = vectors.filter(v => {
    const read = readPhone(v.input)
    return read.valid !== v.valid || (v.valid && read.value !== (v.ext ? `${v.e164} ext ${v.ext}` : v.e164))
  })
  assert.deepEqual(wrong, [])
})

const CODES = '../shared/data/vectors/uscc-gb32100.json'
test('every vector of credit codes', { skip: existsSync(CODES) ? false : `${CODES} is not there` }, () => {
  const file = JSON.parse(readFileSync(CODES, 'utf8')) as { valid: string[]; invalid: { value: string; why: string }[] }
  for (const code of file.valid) assert.ok(checkCreditCode(code).valid, code)
  for (const { value, why } of file.invalid.filter(i => !i.why.includes('normalise'))) assert.ok(!checkCreditCode(value).valid, why)
})
