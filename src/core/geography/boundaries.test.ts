/** Boundary files as they come: read, matched, snapped, joined; hostile ones refused feature by feature. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { divisionIndex } from '../../server/geography/reference.ts'
import { type Boundaries, readBoundaries } from './boundaries.ts'
import { toWgs84 } from './convert.ts'

const index = divisionIndex()
type P = [number, number]
const square = (x: number, y: number, size = 1): P[] => [
  [x, y],
  [x + size, y],
  [x + size, y + size],
  [x, y + size],
  [x, y],
]
const feature = (properties: object, ...rings: P[][]) => ({ type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: rings } })
const file = (...features: object[]): string => JSON.stringify({ type: 'FeatureCollection', features })
const read = (...features: object[]) => readBoundaries(file(...features), 'WGS84', index) as Boundaries

test('areas are matched by code, then by name within the parent, then by a name only one division has', () => {
  const { areas, unmatched } = read(
    feature({ adcode: '320506', name: '吴中' }, square(120, 31)),
    feature({ adcode: '', name: '鼓楼区', city: '南京市' }, square(118, 32)),
    feature({ adcode: '', name: '鼓楼区' }, square(117, 34)),
    feature({ adcode: '320584', name: '吴江' }, square(120, 30)),
    feature({ adcode: '', name: '东部战区 A', city: '苏州' }, square(121, 33)),
  )
  assert.deepEqual(
    areas.map(a => a.division),
    ['320506', '320106', null, '320509', null],
  )
  assert.deepEqual(unmatched, ['鼓楼区', '东部战区 A'])
})

test('borders drawn twice within 30 m meet, and only those areas are neighbours', () => {
  const near = square(121.00012, 31.0001)
  const { areas, snapped } = read(
    feature({ name: 'A' }, square(120, 31)),
    feature({ name: 'B' }, near),
    feature({ name: 'C' }, square(123, 31)),
    feature({ name: 'D' }, square(121, 32, 1)),
  )
  assert.deepEqual(
    areas.map(a => a.neighbours),
    [[1], [0, 3], [], [1]],
    'A and D touch in one corner only',
  )
  assert.ok(snapped >= 2)
  assert.deepEqual(areas[1]!.rings[0]![0], [121, 31])
  for (const a of areas) assert.deepEqual(a.rings[0]![0], a.rings[0]!.at(-1), 'rings stay closed')
})

test('GCJ-02 and BD-09 land where WGS-84 would have', () => {
  const at = (crs: 'GCJ02' | 'BD09') =>
    (readBoundaries(file(feature({ name: 'A' }, square(120.5, 31.3, 0.1))), crs, index) as Boundaries).areas[0]!.rings[0]![0]!
  assert.deepEqual(at('GCJ02'), toWgs84(120.5, 31.3, 'GCJ02'))
  assert.ok(Math.hypot(at('BD09')[0] - 120.5, at('BD09')[1] - 31.3) > 0.005)
})

test('what is no area on the ground is refused by name: turned round, crossing, open, over the date line, at 0,0, holes outside', () => {
  const bow: P[] = [
    [120, 31],
    [121, 32],
    [121, 31],
    [120, 32],
    [120, 31],
  ]
  const cases: [string, object][] = [
    ['swapped', feature({ name: 'a' }, square(31, 120))],
    ['swapped', feature({ name: 'b' }, square(39, 88, 0.5))],
    ['outOfRange', feature({ name: 'c' }, square(181, 31))],
    ['crossing', feature({ name: 'd' }, bow)],
    ['unclosed', feature({ name: 'e' }, square(120, 31).slice(0, 4))],
    [
      'antimeridian',
      feature({ name: 'f' }, [
        [-179, 10],
        [179, 10],
        [179, 11],
        [-179, 11],
        [-179, 10],
      ]),
    ],
    ['nullIsland', feature({ name: 'g' }, square(0, 0, 0.1))],
    ['holeOutside', feature({ name: 'h' }, square(120, 31), square(125, 31, 0.1))],
    [
      'tooFew',
      feature({ name: 'i' }, [
        [120, 31],
        [121, 31],
        [120, 31],
      ]),
    ],
    [
      'notNumbers',
      feature({ name: 'j' }, [
        [120, 31],
        [121, 31],
        ['x' as never, 32],
        [120, 31],
      ]),
    ],
    ['notArea', { type: 'Feature', properties: { name: 'k' }, geometry: { type: 'Point', coordinates: [120, 31] } }],
    ['notArea', { type: 'Feature', properties: { name: 'l' }, geometry: null }],
    ['notArea', { type: 'Feature', properties: { name: 'm' }, geometry: { type: 'Polygon', coordinates: 'x' } }],
    [
      'tooMany',
      feature(
        { name: 'n' },
        Array.from({ length: 20_005 }, (_, i): P => (i === 20_004 ? [120, 31] : [120 + i / 1e5, 31])),
      ),
    ],
  ]
  const { areas, faults } = read(...cases.map(c => c[1]), feature({ name: 'good' }, square(120, 31), square(120.2, 31.2, 0.1)))
  assert.deepEqual(
    faults.map(f => [f.code, f.name]),
    cases.map(([code], i) => [code, String.fromCharCode(97 + i)]),
  )
  assert.deepEqual(
    areas.map(a => [a.name, a.rings.length]),
    [['good', 2]],
  )
})

test('files that are something else, or too much, are refused as a whole and at once', () => {
  const fault = (text: string) => (readBoundaries(text, 'WGS84', index) as { fault: string }).fault
  assert.equal(fault('{'), 'notJson')
  assert.equal(fault('[]'), 'notGeographic')
  assert.equal(
    fault('{"type":"Topology","objects":{"a":{"type":"GeometryCollection","geometries":[{"type":"Polygon","arcs":[[7]]}]}},"arcs":[]}'),
    'notGeographic',
  )
  assert.equal(fault('{"type":"FeatureCollection","features":[]}'), 'empty')
  assert.equal(fault(file(...Array.from({ length: 5_001 }, () => ({ type: 'Feature' })))), 'tooManyFeatures')
  const million = Array.from({ length: 1_000_000 }, (_, i): P => [120 + i / 1e7, 31])
  const started = performance.now()
  assert.equal(fault(file(feature({}, million))), 'tooManyPoints')
  assert.ok(performance.now() - started < 20_000)
})

const FOLDER = path.resolve(import.meta.dirname, '../../../../shared/data/cn-geo')
test('a whole country by counties, as TopoJSON', { skip: existsSync(FOLDER) ? false : 'the folder ../shared/data/cn-geo is not here' }, () => {
  const found = readBoundaries(readFileSync(path.join(FOLDER, 'cn-county.topo.json'), 'utf8'), 'WGS84', index) as Boundaries
  assert.ok(found.areas.length + found.faults.length === 2886, `${found.areas.length} areas, ${found.faults.length} refused`)
  assert.ok(found.areas.length > 2700, JSON.stringify(found.faults.slice(0, 5)))
  const matched = found.areas.filter(a => a.division !== null).length
  assert.ok(matched > found.areas.length * 0.97, `${matched} of ${found.areas.length}; ${found.unmatched.slice(0, 8).join(' ')}`)
  const lonely = found.areas.filter(a => a.neighbours.length === 0).length
  assert.ok(lonely < 60, `${lonely} without neighbour`)
  const wuzhong = found.areas.find(a => a.division === '320506')!
  const names = wuzhong.neighbours.map(n => found.areas[n]!.name)
  assert.ok(names.includes('吴江区') && names.includes('虎丘区'), names.join(' '))
})
