import assert from 'node:assert/strict'
import test from 'node:test'
import { distanceKm } from '../../core/condition/distance.ts'
import { circleRing, type Point, thinned } from './area-shapes.ts'

test('a circle is as far from its centre as it says; a sweep keeps its corners and loses the rest', () => {
  for (const [x, y] of circleRing(120.6, 31.3, 50)) assert.ok(Math.abs(distanceKm(120.6, 31.3, x, y) - 50) < 0.6)
  const sweep: Point[] = [
    ...Array.from({ length: 50 }, (_, i): Point => [i / 50, 0]),
    ...Array.from({ length: 50 }, (_, i): Point => [1, i / 50]),
    [0, 1],
  ]
  assert.deepEqual(thinned(sweep, 0.01), [
    [0, 0],
    [1, 0],
    [1, 0.98],
    [0, 1],
  ])
})
