import assert from 'node:assert/strict'
import test from 'node:test'
import { firstDraft, mapColumn, mapValue, toMapping } from './mapping.ts'

const job = {
  mapping: null,
  fileName: 'a-share.csv',
  guess: [
    { column: 0, field: 'externalKey', confidence: 0.9 },
    { column: 1, field: 'name', confidence: 1 },
    { column: 2, field: 'industry', confidence: 0.3 },
  ],
}

test('a guess becomes a draft; a field has one column, divisions may have several', () => {
  const draft = firstDraft(job)
  assert.deepEqual([draft.source, draft.match, draft.columns[2]!.field], ['a-share', 'externalKey', null])
  const again = mapColumn(draft, 2, 'name')
  assert.deepEqual(
    again.columns.map(c => c.field),
    ['externalKey', null, 'name'],
  )
  const both = mapColumn(mapColumn(draft, 1, 'division'), 2, 'division')
  assert.deepEqual(
    both.columns.map(c => c.field),
    ['externalKey', 'division', 'division'],
  )
})

test('values are mapped, emptied and taken back', () => {
  const draft = mapValue(mapValue(firstDraft(job), 'industry', '医药生物', 'C27'), 'industry', '其他', '')
  assert.deepEqual(toMapping(draft).values, { industry: { 医药生物: 'C27', 其他: '' } })
  assert.deepEqual(mapValue(draft, 'industry', '其他', undefined).values, { industry: { 医药生物: 'C27' } })
})
