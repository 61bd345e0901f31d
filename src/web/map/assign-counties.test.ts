import assert from 'node:assert/strict'
import test from 'node:test'
import { assignCounties, countiesOf, labelPoint } from './assign-counties.ts'

test('the deeper territory fills the county, then priority, then the lower id', () => {
  const codes = ['320505', '320506', '320102', '330102', '540102', '441900']
  const filled = assignCounties(codes, [
    { id: '1', divisions: ['320000'], depth: 1 },
    { id: '2', divisions: ['320500'], depth: 2 },
    { id: '10', divisions: ['330000'], depth: 1 },
    { id: '9', divisions: ['330100'], depth: 1 },
    { id: '11', divisions: ['320506'], depth: 2, priority: 5 },
    { id: '12', divisions: ['441900'], depth: 0 },
  ])
  assert.deepEqual(
    [...filled],
    [
      ['320505', '2'],
      ['320506', '11'],
      ['320102', '1'],
      ['330102', '9'],
      ['441900', '12'],
    ],
  )
  assert.deepEqual(countiesOf(codes, '320500'), ['320505', '320506'])
})

test('a label stands on a county of the territory', () => {
  assert.deepEqual(labelPoint(['a', 'b', 'c'], { a: [0, 0], b: [1, 1], c: [10, 10] }), [1, 1])
  assert.equal(labelPoint([], {}), null)
})
