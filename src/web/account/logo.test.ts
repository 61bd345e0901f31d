/** The two characters people know a company by. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { logoOf } from './logo.ts'

test('place and kind of firm say nothing about which company it is', () => {
  assert.equal(logoOf('苏州衡远精密机械有限公司', null), '衡远')
  assert.equal(logoOf('江苏省华兴电气股份有限公司', null), '华兴')
  assert.equal(logoOf('华为技术有限公司', null), '华为')
  assert.equal(logoOf('苏州博雅工程股份有限公司', '博雅工程'), '博雅')
  assert.equal(logoOf('Acme Industrial Pumps Ltd', null), 'AI')
  assert.equal(logoOf('Siemens', null), 'SI')
  assert.equal(logoOf('', null), '')
})
