/** What a reader sees of a score: rounded down, nothing where nothing was judged, graded by the thresholds given. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { lineOf, percentOf, shown } from './shares.ts'

const spec = { completeness: { green: 0.95, ochre: 0.8 }, accuracy: { green: 0.98, ochre: 0.9 }, consistency: { green: 0.98, ochre: 0.9 } }
const counts = { total: 100, missing: 20, wrong: 8, inconsistent: 0, hints: 3 }

test('a share is rounded down and graded', () => {
  assert.equal(percentOf(0.99999), '99.9%')
  assert.deepEqual(shown('completeness', counts, spec), { share: 0.8, text: '80.0%', grade: 'ochre' })
  assert.deepEqual(shown('accuracy', counts, spec), { share: 0.9, text: '90.0%', grade: 'ochre' })
  assert.equal(shown('consistency', counts, spec).grade, 'green')
})

test('a field that nobody filled is neither right nor wrong', () => {
  assert.deepEqual(shown('accuracy', { ...counts, missing: 100, wrong: 0 }, spec), { share: null, text: '–', grade: null })
})

test('a line keeps to its box, also where all are equal', () => {
  assert.equal(lineOf([0.5, 1], 10, 4), '0.0,4.0 10.0,0.0')
  assert.equal(lineOf([0.5], 10, 4), '0.0,4.0')
})
