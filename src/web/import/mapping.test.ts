import assert from 'node:assert/strict'
import test from 'node:test'
import { firstDraft, mapColumn, mapValue, missingFields, toMapping, waiting } from './mapping.ts'

const job = {
  object: 'account',
  mapping: null,
  fileName: 'a-share.csv',
  matches: ['externalKey', 'creditCode', 'name', 'none'] as const,
  guess: [
    { column: 0, field: 'externalKey', confidence: 0.9 },
    { column: 1, field: 'name', confidence: 1 },
    { column: 2, field: 'industry', confidence: 0.3 },
  ],
}
const several = (field: string) => field === 'division'

test('a guess becomes a draft; a field has one column, divisions may have several', () => {
  const draft = firstDraft(job)
  assert.deepEqual([draft.source, draft.match, draft.columns[2]!.field], ['a-share', 'externalKey', null])
  const again = mapColumn(draft, 2, 'name', several)
  assert.deepEqual(
    again.columns.map(c => c.field),
    ['externalKey', null, 'name'],
  )
  const both = mapColumn(mapColumn(draft, 1, 'division', several), 2, 'division', several)
  assert.deepEqual(
    both.columns.map(c => c.field),
    ['externalKey', 'division', 'division'],
  )
})

test('contacts are recognised by the account column the file has; a tree begins a draft of its own', () => {
  const contact = firstDraft({
    ...job,
    object: 'contact',
    matches: ['externalKey', 'creditCode', 'name'],
    guess: [{ column: 0, field: 'accountName', confidence: 1 }],
  })
  assert.deepEqual([contact.match, contact.model], ['name', null])
  const tree = firstDraft({ ...job, object: 'territory', matches: ['code'], guess: [] })
  assert.deepEqual([tree.match, tree.model], ['code', { id: null, name: 'a-share' }])
})

test('values are mapped, emptied and taken back', () => {
  const draft = mapValue(mapValue(firstDraft(job), 'industry', '医药生物', 'C27'), 'industry', '其他', '')
  assert.deepEqual(toMapping(draft).values, { industry: { 医药生物: 'C27', 其他: '' } })
  assert.deepEqual(mapValue(draft, 'industry', '其他', undefined).values, { industry: { 医药生物: 'C27' } })
})

test('what a new record needs and no column fills; a wait in words', () => {
  const labels = { 'zh-CN': '', 'zh-TW': '', en: '' }
  const targets = ['name', 'tier'].map(key => ({ key, labels, type: 'text' as const, required: true, several: false, options: null, mayAdd: false }))
  assert.deepEqual(
    missingFields(firstDraft(job), targets).map(t => t.key),
    ['tier'],
  )
  assert.deepEqual(missingFields({ ...firstDraft(job), mode: 'update' }, targets), [])
  assert.deepEqual(
    [waiting(0.2), waiting(45.4), waiting(150)],
    [
      { n: 1, unit: 's' },
      { n: 45, unit: 's' },
      { n: 3, unit: 'min' },
    ],
  )
})
