/** A point on a border that two areas share belongs to exactly one of them, whichever way round each is drawn; areas with holes and corners included. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { seededRandom } from '../kernel/random.ts'
import { isInside } from './evaluate.ts'

type Point = readonly [number, number]

test('a square cut by a crooked line: every point of the square is in one half and not in the other, on the line too', () => {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9))
  console.log(`seed ${seed}`)
  const random = seededRandom(seed)
  for (let round = 0; round < 200; round += 1) {
    const line: Point[] = [[random.next() * 4 + 3, 0]]
    for (let k = 1; k < 6; k += 1) line.push([random.next() * 8 + 1, (k * 10) / 6 + random.next() * 0.5])
    line.push([random.next() * 4 + 3, 10])
    const left: Point[] = [[0, 0], ...line, [0, 10], [0, 0]]
    const right: Point[] = [[10, 0], [10, 10], ...[...line].reverse(), [10, 0]]
    const turned: Point[] = round % 2 ? right : [...right].reverse()
    const tries: Point[] = [...line]
    for (let k = 1; k < line.length; k += 1)
      for (const share of [0.25, 0.5, 1 / 3, random.next()]) {
        const [a, b] = [line[k - 1]!, line[k]!]
        tries.push([a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share])
      }
    for (let k = 0; k < 20; k += 1) tries.push([random.next() * 10, random.next() * 10])
    for (const [x, y] of tries) {
      if (x <= 0 || x >= 10 || y <= 0 || y >= 10) continue
      const here = Number(isInside(x, y, [left])) + Number(isInside(x, y, [turned]))
      assert.equal(here, 1, `${x}, ${y} is in ${here} halves; line ${JSON.stringify(line)}`)
    }
  }
})
