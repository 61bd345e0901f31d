/** The built map as ground: every division holds its own inner point, a point is in one county alone, and the sea is in none. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { seededRandom } from '../../core/kernel/random.ts'
import { ground } from './ground.ts'

const FILE = path.resolve(import.meta.dirname, '..', '..', '..', 'dist', 'geography', 'centres.json')
const skip = existsSync(FILE) ? false : 'the map was not built'

test('inner points stand inside their division, on every level, and at() names the county', { skip }, () => {
  const map = ground()!
  const centres = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, [number, number]>
  const wrong = Object.entries(centres).filter(([code, [lng, lat]]) => map.inside(code, lng, lat) !== true)
  assert.deepEqual(wrong, [])
  const counties = Object.entries(centres).filter(([code]) => !code.endsWith('00'))
  assert.ok(counties.length > 2000)
  for (const [code, [lng, lat]] of counties) assert.equal(map.at(lng, lat), code)
})

test('inside and at say the same of random points; the sea and a code that is not drawn', { skip }, () => {
  const map = ground()!
  const seed = Number(process.env.SEED ?? (Math.random() * 2 ** 31) | 0)
  console.log(`# seed ${seed}`)
  const random = seededRandom(seed)
  for (let i = 0; i < 3000; i += 1) {
    const [lng, lat] = [75 + random.next() * 58, 18 + random.next() * 35]
    const code = map.at(lng, lat)
    if (code === null) continue
    assert.equal(map.inside(code, lng, lat), true)
    assert.equal(map.inside(`${code.slice(0, 2)}0000`, lng, lat), true, `${code} ${lng},${lat}`)
  }
  assert.equal(map.at(150, 20), null)
  assert.equal(map.inside('999999', 120, 30), null)
})
