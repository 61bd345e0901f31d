/** A search finds a customer however a seller writes it, and does not find others; the law at the end holds for any name. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { makeGrams } from './grams.ts'

const READINGS = `苏su 州zhou 华hua 兴xing 科ke 技ji 星xing 西xi 安an 先xian 锋feng 同tong 城cheng 新xin 光guang 电dian 有you 限xian 公gong
司si 上shang 海hai 绿lv 色se 重chong 庆qing 方fang 案an 恒heng 饭fan 干gan`
const pinyin = new Map(READINGS.split(/\s+/).map(entry => [[...entry][0] ?? '', entry.slice(1)]))
const grams = makeGrams(pinyin)

function finds(query: string, name: string): boolean {
  const held = new Set(grams.ofName(name))
  return grams.ofQuery(query).some(all => all.every(gram => held.has(gram)))
}

const SUZHOU = '苏州华兴科技有限公司'

for (const query of ['华兴', '兴', '苏州', '苏州华兴', '华兴 苏州', 'hx', 'szhx', 'SZHX', 'huaxing', 'HuaXing', 'suzhou', 'suzhouhuaxing']) {
  test(`${query} finds ${SUZHOU}`, () => assert.equal(finds(query, SUZHOU), true))
}
for (const query of [
  'su zhou',
  'hua xing keji',
  'hxkj 苏州',
  'ｈｕａｘｉｎｇ',
  'huáxīng',
  '华·兴',
  'h',
  'huax',
  'huaxingk',
  'suzhouhuaxingkejiyouxiangongsi',
]) {
  test(`${query} finds ${SUZHOU}`, () => assert.equal(finds(query, SUZHOU), true))
}
for (const query of ['兴华', '华星', 'xh', 'hxsz', 'xinghua', 'acme', '上海', '华兴 上海', 'hk', 'huaxi', '苏兴', '科司', 'szx']) {
  test(`${query} does not find ${SUZHOU}`, () => assert.equal(finds(query, SUZHOU), false))
}

test('Latin names are found by word, prefix and written together', () => {
  assert.ok(finds('acme', 'ACME Trading Co., Ltd.'))
  assert.ok(finds('acm trad', 'ACME Trading Co., Ltd.'))
  assert.ok(finds('microsof', '微软 Microsoft'))
  assert.ok(!finds('microsxft', '微软 Microsoft'))
  assert.ok(!finds('rosoft', '微软 Microsoft'), 'not from the middle of a word')
  for (const query of ['coca-cola', 'cocacola', 'coca cola', 'Coca－Cola']) assert.ok(finds(query, 'Coca-Cola 上海'), query)
  assert.ok(finds('hm', 'H&M 上海'))
  assert.ok(finds('cafe', 'Café 西安'))
})

test('mixed names', () => {
  assert.ok(finds('tcl华星', 'TCL华星光电'))
  assert.ok(finds('tcl hx', 'TCL华星光电'))
  assert.ok(finds('58tc', '58同城'))
  assert.ok(finds('58tongcheng', '58同城'))
  assert.ok(!finds('58tc', '59同城'))
})

test('text that may be cut in two ways finds both readings', () => {
  assert.ok(finds('xian', '西安锋华'))
  assert.ok(finds('xian', '先锋'))
  assert.ok(finds('fangan', '饭干公司'))
  assert.ok(finds('fangan', '方案公司'))
  assert.ok(finds('lvse', '绿色'))
})

test('brackets and spaces in a stored name are no boundary', () => {
  assert.ok(finds('上海华兴', '上海（华兴）'))
  assert.ok(finds('上海华兴', '上海 华兴'))
})

test('nothing to look for finds nothing', () => {
  for (const text of ['', '   ', '（）', '--']) assert.deepEqual(grams.ofQuery(text), [])
})

test('hostile text stays small', () => {
  const long = grams.ofQuery('xianganxiangan'.repeat(400))
  assert.ok(long.length <= 24 && long.every(all => all.length <= 60))
  const many = grams.ofQuery(Array.from({ length: 500 }, () => 'xian').join(' '))
  assert.ok(many.length <= 24)
  assert.ok(grams.ofName('a'.repeat(100_000)).length < 60)
  assert.equal(grams.ofName('constructor __proto__').includes('constr'), true)
})

test('law: any part of a name, in characters, initials or syllables, finds the name', () => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  let state = seed
  const dice = (below: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return Math.floor((state / 0x80000000) * below)
  }
  const chars = [...pinyin.keys()]
  for (let round = 0; round < 2000; round++) {
    const name = Array.from({ length: 2 + dice(10) }, () => chars[dice(chars.length)] ?? '')
    const from = dice(name.length - 1)
    const part = name.slice(from, from + 1 + dice(Math.min(6, name.length - from)))
    const read = part.map(char => pinyin.get(char) ?? '')
    for (const query of [part.join(''), read.map(syllable => syllable[0]).join(''), read.join(' ')])
      assert.ok(finds(query, name.join('')), `seed ${seed}: ${query} in ${name.join('')}`)
  }
})
