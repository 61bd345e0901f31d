import assert from 'node:assert/strict'
import test from 'node:test'
import { assignCounties, labelPoint } from './assign-counties.ts'

test('the deeper territory fills the county; equals share it', () => {
  const codes = ['320505', '320506', '320102', '330102', '540102']
  const { filled, shared } = assignCounties(codes, [
    { id: 'js', divisions: ['320000'], depth: 1 },
    { id: 'sz', divisions: ['320500'], depth: 2 },
    { id: 'zj', divisions: ['330000'], depth: 1 },
    { id: 'also', divisions: ['330100'], depth: 1 },
  ])
  assert.deepEqual(
    [...filled],
    [
      ['320505', 'sz'],
      ['320506', 'sz'],
      ['320102', 'js'],
      ['330102', 'also'],
    ],
  )
  assert.deepEqual([...shared], ['330102'])
})

test('a label stands on a county of the territory', () => {
  assert.deepEqual(labelPoint(['a', 'b', 'c'], { a: [0, 0], b: [1, 1], c: [10, 10] }), [1, 1])
  assert.equal(labelPoint([], {}), null)
})
