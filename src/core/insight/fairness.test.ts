/** Spread: against the definition of the Gini coefficient by pairs, and cases known by hand. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { seededRandom } from '../kernel/random.ts'
import { spreadOf } from './fairness.ts'

test('cases known by hand', () => {
  assert.deepEqual(spreadOf([], 0.2), { n: 0, sum: 0, mean: 0, maxDeviation: 0, gini: 0, outside: 0 })
  assert.deepEqual(spreadOf([0, 0], 0.2), { n: 2, sum: 0, mean: 0, maxDeviation: 0, gini: 0, outside: 0 })
  assert.deepEqual(spreadOf([5, 5, 5], 0.2), { n: 3, sum: 15, mean: 5, maxDeviation: 0, gini: 0, outside: 0 })
  assert.deepEqual(spreadOf([0, 0, 0, 8], 0.2), { n: 4, sum: 8, mean: 2, maxDeviation: 3, gini: 0.75, outside: 4 })
  assert.equal(spreadOf([8, 10, 12], 0.2).outside, 0, 'the band itself is inside')
})

test('the sorted formula equals the mean difference of all pairs', () => {
  const seed = Number(process.env.SEED ?? (Math.random() * 2 ** 31) | 0)
  console.log(`# seed ${seed}`)
  const random = seededRandom(seed)
  for (let round = 0; round < 200; round += 1) {
    const values = Array.from({ length: 1 + random.int(30) }, () => random.int(1000))
    const { gini, mean, n } = spreadOf(values, 0.1)
    if (mean === 0) continue
    let pairs = 0
    for (const a of values) for (const b of values) pairs += Math.abs(a - b)
    assert.ok(Math.abs(gini - pairs / (2 * n * n * mean)) < 1e-9)
  }
})
