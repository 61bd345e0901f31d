import assert from 'node:assert/strict'
import test from 'node:test'
import { moveType, numbered, type TypeDraft } from './type-order.ts'

const type = (key: string, layer: 'exclusive' | 'overlay'): TypeDraft => ({
  key,
  layer,
  precedence: 0,
  labels: { 'zh-CN': key, 'zh-TW': key, en: key },
})
const LIST = numbered([type('over', 'overlay'), type('ka', 'exclusive'), type('geo', 'exclusive')])
const told = (types: readonly TypeDraft[]) => types.map(t => `${t.key}${t.precedence}`)

test('exclusive types come first and are numbered as they stand; a move stays inside its layer', () => {
  assert.deepEqual(told(LIST), ['ka10', 'geo20', 'over30'])
  assert.deepEqual(told(moveType(LIST, 1, -1)), ['geo10', 'ka20', 'over30'])
  assert.deepEqual(moveType(LIST, 1, 1), LIST, 'not into the overlays')
  assert.deepEqual(moveType(LIST, 0, -1), LIST)
  assert.deepEqual(told(numbered(LIST.map(t => (t.key === 'ka' ? { ...t, layer: 'overlay' } : t)))), ['geo10', 'ka20', 'over30'])
})
