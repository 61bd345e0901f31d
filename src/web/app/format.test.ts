import assert from 'node:assert/strict'
import test from 'node:test'
import { amount, count, day, isoDay, moment, NOTHING, percent } from './format.ts'

const now = new Date('2026-11-23T03:00:00Z')

test('figures: nothing is not zero, the minus is a minus, large ones carry the unit of the language', () => {
  assert.equal(count(0, 'zh-CN'), '0')
  assert.equal(count(null, 'zh-CN'), NOTHING)
  assert.equal(count(-1862, 'en'), '−1,862')
  assert.equal(amount('134000000', 'zh-CN'), '1.34亿')
  assert.equal(amount(8_620_000, 'zh-CN'), '862万')
  assert.equal(amount(8_620_000, 'en'), '8.62M')
  assert.equal(amount('', 'en'), NOTHING)
  assert.equal(percent(0.634, 'en'), '63.4%')
})

test('dates: the company’s zone decides the day, this year’s year is left out', () => {
  assert.equal(isoDay(new Date('2026-11-23T17:30:00Z'), 'Asia/Shanghai'), '2026-11-24')
  assert.equal(day('2026-11-06', now), '11-06')
  assert.equal(day('2024-11-06', now), '2024-11-06')
  assert.equal(day(null, now), NOTHING)
  assert.equal(moment('2026-11-20T09:32:00Z', now, 'Asia/Shanghai'), '11-20 17:32')
  assert.equal(moment('2026-11-20 09:32:00.120+00', now, 'Asia/Shanghai'), '11-20 17:32')
  assert.equal(moment('2025-12-31T16:05:00Z', now, 'Asia/Shanghai'), '01-01 00:05')
})
