/** Whose it was at the end of a day, in the company's zone. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { standingOn } from './standing-on.ts'

const history = [
  { from: '2026-06-30T17:00:00Z', to: null, ownerName: '乙', territory: 'B' },
  { from: '2026-03-01T02:00:00Z', to: '2026-06-30T17:00:00Z', ownerName: '甲', territory: 'A' },
]
const on = (day: string, zone = 'Asia/Shanghai') => standingOn(history, day, zone)?.ownerName ?? null

test('the day is the company’s, not the server’s', () => {
  assert.equal(on('2026-06-30'), '甲')
  // 17:00 UTC is one in the morning of 1 July in Shanghai, still 30 June in London.
  assert.equal(on('2026-07-01'), '乙')
  assert.equal(on('2026-06-30', 'Europe/London'), '乙')
})
test('before the first record nobody knows', () => assert.equal(on('2026-02-28'), null))
test('today the open interval holds', () => assert.equal(on('2026-11-25'), '乙'))
