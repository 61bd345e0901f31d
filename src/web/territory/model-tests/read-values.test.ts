/** Pasted attributes: labels in every language, keys, JSON; what cannot be read is named with its line, none lost silently. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { type PastedField, readPasted, toText } from './read-values.ts'

const field = (key: string, type: string, zh: string, en: string, optionList: string | null = null): PastedField => ({
  key,
  type,
  labels: { 'zh-CN': zh, en },
  optionList,
})
const FIELDS = [
  field('tier', 'option', '等级', 'Tier', 'tier'),
  field('division', 'division', '行政区划', 'Division'),
  field('size', 'number', '员工数', 'Employees'),
  field('f7', 'flag', '出口', 'Exports'),
  field('f8', 'options', '标签', 'Tags', 'tags'),
  field('f9', 'date', '成立', 'Founded'),
  field('point', 'point', '坐标', 'Coordinates'),
  field('name', 'text', '客户名称', 'Name'),
]
const read = (text: string) => {
  const { lines, faults } = readPasted(text, FIELDS)
  return {
    values: Object.fromEntries(lines.map(l => [l.field.key, 'value' in l ? l.value : [...l.look]])),
    faults: faults.map(f => `${f.line} ${f.kind} ${f.text}`),
  }
}

test('labels, keys, full-width signs, tabs, blank lines', () => {
  assert.deepEqual(read('等级：KA\nEmployees = 1,200\n\ndivision\t昆山市\n出口: 是\n标签: a、b\n成立: 2020-02-03\n坐标: 120.5, 31.3\nNAME: a:b'), {
    values: { tier: ['KA'], size: 1200, division: ['昆山市'], f7: true, f8: ['a', 'b'], f9: '2020-02-03', point: [120.5, 31.3], name: 'a:b' },
    faults: [],
  })
})

test('what cannot be read is named with its line', () => {
  assert.deepEqual(read('随便写的\n颜色: 红\nsize: 多\nsize: 3\nsize: 4\n出口: 也许\n成立: 昨天').faults, [
    '1 shape 随便写的',
    '2 field 颜色',
    '3 value size: 多',
    '5 twice size',
    '6 value 出口: 也许',
    '7 value 成立: 昨天',
  ])
})

test('JSON of a model file, and back as text', () => {
  assert.deepEqual(read('{"values": {"tier": "KA", "size": 3, "f8": ["a", "b"]}}').values, { tier: ['KA'], size: 3, f8: ['a', 'b'] })
  const text = toText({ tier: 'KA', size: 3, f8: ['a', 'b'] }, key => FIELDS.find(f => f.key === key)!.labels['zh-CN']!)
  assert.equal(text, '等级: KA\n员工数: 3\n标签: a, b')
  assert.deepEqual(read(text).faults, [])
})
