/** Sight at length: 10,000 requests, and every planted hole, at least sixteen of them. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { huntLeaks } from '../sight/hunt.ts'

test('10,000 answers are what the oracle says, and every planted hole is found', { timeout: 25 * 60_000 }, t =>
  huntLeaks(t, 10_000, defects => {
    assert.ok(defects.length >= 16)
    return defects
  }),
)
