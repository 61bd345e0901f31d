/** Names and order of the catalogue. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { labelsOf, moved } from './labels.ts'

test('what is left out reads as the first name', () => {
  assert.deepEqual(labelsOf({ zh: ' 重点 ' }), { 'zh-CN': '重点', 'zh-TW': '重点', en: '重点' })
  assert.deepEqual(labelsOf({ zh: '重点', tw: '重點', en: 'Focus' }), { 'zh-CN': '重点', 'zh-TW': '重點', en: 'Focus' })
})
test('one place up or down, and no further than the ends', () => {
  assert.deepEqual(moved(['a', 'b', 'c'], 'b', -1), ['b', 'a', 'c'])
  assert.deepEqual(moved(['a', 'b', 'c'], 'b', 1), ['a', 'c', 'b'])
  assert.deepEqual(moved(['a', 'b', 'c'], 'a', -1), ['a', 'b', 'c'])
  assert.deepEqual(moved(['a', 'b', 'c'], 'c', 1), ['a', 'b', 'c'])
})
