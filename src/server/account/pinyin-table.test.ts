/** Place and company names are read as people say them, and a search by that reading works on the real table. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { makeGrams } from '../../core/account/grams.ts'
import { pinyinTable } from './pinyin-table.ts'

test('covers the basic block with plain syllables and reads names as names', () => {
  const table = pinyinTable()
  assert.ok(table.size > 20_000)
  for (const syllable of table.values()) assert.match(syllable, /^[a-z]{1,6}$/)
  const reading = (name: string): string => [...name].map(char => table.get(char)).join(' ')
  assert.equal(reading('重庆厦门长沙银行'), 'chong qing xia men chang sha yin hang')
  assert.equal(reading('長興華蚌埠'), 'chang xing hua beng bu')
  assert.equal(pinyinTable(), table)
})

test('a bank is found by its initials and a city by its name', () => {
  const grams = makeGrams(pinyinTable())
  const held = new Set(grams.ofName('重庆银行股份有限公司'))
  for (const query of ['cqyh', 'chongqing', 'chongqingyinhang', 'yinhanggufen', '重庆'])
    assert.ok(
      grams.ofQuery(query).some(all => all.every(gram => held.has(gram))),
      query,
    )
  assert.ok(!grams.ofQuery('zhongqing').some(all => all.every(gram => held.has(gram))))
})
