import assert from 'node:assert/strict'
import test from 'node:test'
import { deviationStep, deviationsFrom, quantileBreaks, stepOf } from './fills.ts'

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

test('how far off the mean: the ends of the tolerance are inside, half the mean is far', () => {
  const step = (share: number) => deviationStep(share, 0.2)
  assert.deepEqual([-1, -0.51, -0.5, -0.21, -0.2, 0, 0.2, 0.21, 0.5, 0.51, 9].map(step), [0, 0, 1, 1, 2, 2, 2, 3, 3, 4, 4])
  assert.equal(deviationStep(0.6, 0.7), 2)
  assert.equal(deviationStep(0.8, 0.7), 4)
  const values = new Map([
    ['a', 5],
    ['b', 15],
  ])
  assert.deepEqual([...deviationsFrom(values, 10).values()], [-0.5, 0.5])
  assert.deepEqual([...deviationsFrom(values, 0).values()], [null, null])
})
