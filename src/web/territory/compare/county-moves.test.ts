/** Counties that change hands between two maps. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { countyMoves } from './county-moves.ts'

test('every county whose territory differs, once, with where from and where to', () => {
  const before = new Map([
    ['1', 'a'],
    ['2', 'a'],
    ['3', 'b'],
    ['4', 'b'],
  ])
  const after = new Map([
    ['1', 'b'],
    ['2', 'b'],
    ['3', 'b'],
    ['5', 'c'],
  ])
  assert.deepEqual(countyMoves(['1', '2', '3', '4', '5', '6'], before, after), [
    { from: 'a', to: 'b', codes: ['1', '2'] },
    { from: 'b', to: null, codes: ['4'] },
    { from: null, to: 'c', codes: ['5'] },
  ])
  assert.deepEqual(countyMoves(['1'], before, before), [])
})
