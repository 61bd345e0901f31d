import assert from 'node:assert/strict'
import test from 'node:test'
import { dayOf, instantOf } from './member-days.ts'

test('a last day includes the whole day and comes back as it was typed', () => {
  assert.equal(dayOf(instantOf('2026-02-28')), '2026-02-28')
  assert.equal(dayOf(instantOf('2026-02-28', 1), -1), '2026-02-28')
  assert.ok(instantOf('2026-12-31', 1) > instantOf('2026-12-31'))
  assert.equal(dayOf(undefined), undefined)
})
