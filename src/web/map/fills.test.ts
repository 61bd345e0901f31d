import assert from 'node:assert/strict'
import test from 'node:test'
import { quantileBreaks, stepOf } from './fills.ts'

test('each class holds about as many; equal values stand together', () => {
  const values = Array.from({ length: 60 }, (_, i) => i + 1)
  const breaks = quantileBreaks(values)
  assert.deepEqual(breaks, [11, 21, 31, 41, 51])
  const sizes = new Map<number, number>()
  for (const v of values) sizes.set(stepOf(v, breaks), (sizes.get(stepOf(v, breaks)) ?? 0) + 1)
  assert.deepEqual([...sizes.values()], [10, 10, 10, 10, 10, 10])
  assert.deepEqual(quantileBreaks([5, 5, 5, 5]), [])
  assert.deepEqual(quantileBreaks([0, 0, 3, 9]), [9])
  assert.equal(stepOf(0, [9]), 0)
  assert.equal(stepOf(9, [9]), 5, 'few classes still use the whole scale')
  assert.deepEqual(quantileBreaks([]), [])
})
