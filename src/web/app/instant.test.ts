/** The moment in the address: what makes sense is kept, nonsense is today; the company's clock decides which instant it is. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { instantIn, readAsOf } from './instant.ts'

test('days and instants are kept, nonsense falls back to today', () => {
  assert.deepEqual(readAsOf({ at: '2026-03-31', known: '2026-04-05T10:00:00.123456Z' }), { at: '2026-03-31', known: '2026-04-05T10:00:00.123456Z' })
  assert.deepEqual(readAsOf({ at: 20260331, known: 'yesterday' }), {})
  assert.deepEqual(readAsOf({ at: '2026-13-31' }), {})
  assert.deepEqual(readAsOf({ at: '2026-03-31T10:00:00' }), {})
})
test('the company’s clock, also over a change of clocks', () => {
  assert.equal(instantIn('2026-03-31', '09:30', 'Asia/Shanghai'), '2026-03-31T01:30:00.000Z')
  assert.equal(instantIn('2026-07-01', '12:00', 'America/New_York'), '2026-07-01T16:00:00.000Z')
  assert.equal(instantIn('2026-03-08', '03:30', 'America/New_York'), '2026-03-08T07:30:00.000Z')
  assert.equal(instantIn('2026-11-01', '12:00', 'America/New_York'), '2026-11-01T17:00:00.000Z')
})
