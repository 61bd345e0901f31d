/** Coordinates of Chinese maps come back to where they are. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { distanceKm } from '../condition/distance.ts'
import { toWgs84 } from './convert.ts'

test('the same place in three systems is one place', () => {
  // 天安门: WGS-84 116.391265, 39.907323; the others as 高德 and 百度 show it.
  const [x, y] = toWgs84(116.397508, 39.908727, 'GCJ02')
  assert.ok(distanceKm(x, y, 116.391265, 39.907323) < 0.02, `${x},${y}`)
  const [bx, by] = toWgs84(116.403875, 39.915046, 'BD09')
  assert.ok(distanceKm(bx, by, 116.391265, 39.907323) < 0.03, `${bx},${by}`)
  assert.deepEqual(toWgs84(120.58, 31.3, 'WGS84'), [120.58, 31.3])
})

test('outside China nothing is shifted', () => {
  const [x, y] = toWgs84(139.7671, 35.6812, 'GCJ02')
  assert.ok(distanceKm(x, y, 139.7671, 35.6812) < 0.001)
})
