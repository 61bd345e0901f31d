import assert from 'node:assert/strict'
import test from 'node:test'
import { readSearch, toBody, writeSearch } from './list-search.ts'

test('an address becomes a list and back; nonsense falls back', () => {
  const filter = { all: [{ field: 'tier', op: 'in' as const, values: ['KA'] }] }
  const search = readSearch({ search: '华兴', scope: 'mine', territoryId: 7, importId: '12', sort: 'size', descending: false, filter })
  assert.deepEqual(readSearch(writeSearch(search)), search)
  assert.deepEqual(toBody(search), { scope: 'mine', sort: 'size', descending: false, search: '华兴', territoryId: '7', importId: '12', filter })
  assert.deepEqual(readSearch({ scope: 'x', sort: 1, territoryId: 'a;b', importId: '-1', filter: 'no' }), {
    search: '',
    scope: 'all',
    sort: 'updated',
    descending: true,
    filter: null,
  })
})
