/** On the real borders of China: no two territories that are drawn beside each other share a colour, whatever the territories are. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { bordersOf, buildChina } from '../../scripts/build-geography.ts'
import { compileModel } from '../../src/core/assignment/compile.ts'
import { neighbourhood, shapesOf, unitsHeld } from '../../src/core/assignment/shape.ts'
import type { Condition, FieldInfo } from '../../src/core/condition/condition.ts'
import { CODE_HIERARCHIES } from '../../src/core/condition/hierarchies.ts'
import { type Random, seededRandom } from '../../src/core/kernel/random.ts'
import { colourTerritories } from '../../src/core/territory/colour.ts'
import type { Territory } from '../../src/core/territory/model.ts'

const topo = buildChina()
const borders = bordersOf(topo.objects.county)
const codes = Object.keys(borders).sort()
const units = codes.map(code => ({ code, point: null }))
const env = {
  fields: new Map<string, FieldInfo>([
    ['division', { key: 'division', type: 'division' }],
    ['tier', { key: 'tier', type: 'option' }],
  ]),
  hierarchies: CODE_HIERARCHIES,
  lists: new Map([['7', new Set(['310000', '320500'])]]),
}
const GEO = { id: '1', key: 'geography', layer: 'exclusive', precedence: 1 } as const
const territory = (id: number, parentId: number | null, condition: Condition | null): Territory => ({
  id: String(id),
  parentId: parentId === null ? null : String(parentId),
  typeId: '1',
  code: `T${id}`,
  name: `T${id}`,
  colour: 0,
  inherit: true,
  priority: 0,
  condition,
  ruleVersion: 1,
})
const compile = (territories: Territory[]) => compileModel({ id: '1', types: [GEO], territories, members: [] }, env)
const within = (...values: string[]): Condition => ({ field: 'division', op: 'in', values })

/** Counties dealt out to provinces' worth of territories that grow from seeds over real borders; a third have one inside. */
function growTerritories(random: Random, count: number): Territory[] {
  const owner = new Map<string, number>()
  const fronts: string[][] = []
  while (fronts.length < count) {
    const seed = random.pick(codes)
    if (owner.has(seed)) continue
    owner.set(seed, fronts.length)
    fronts.push([seed])
  }
  for (let alive = true; alive; ) {
    alive = false
    for (const [k, front] of fronts.entries()) {
      const free = front.flatMap(c => borders[c]!.filter(n => !owner.has(n)))
      const next = [...new Set(free)].slice(0, 3)
      for (const code of next) owner.set(code, k)
      if (next.length > 0) alive = true
      front.push(...next)
    }
  }
  let id = 1000
  return fronts.flatMap((front, k) => {
    const own = territory(k + 1, null, within(...front))
    const part = front.slice(0, Math.ceil(front.length / 3))
    return random.next() < 0.33 && front.length > 3 ? [own, territory(id++, k + 1, within(...part))] : [own]
  })
}

test('random partitions of the real map: no two neighbours alike, and nobody is recoloured without need', () => {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9))
  console.log(`seed ${seed}`)
  const random = seededRandom(seed)
  for (const count of [3, 12, 30, 120, 700]) {
    const territories = growTerritories(random, count)
    const compiled = compile(territories)
    const around = neighbourhood(compiled, unitsHeld(compiled, units), borders)
    const ids = territories.map(t => t.id)
    const near = (id: string) => around.get(id) ?? []
    const colours = colourTerritories(ids, near, new Map())
    let pairs = 0
    for (const id of ids)
      for (const other of near(id)) {
        pairs += 1
        assert.notEqual(colours.get(id), colours.get(other), `${id} and ${other} of ${count}`)
      }
    assert.ok(pairs / 2 >= count - 2 || count > 500, `${pairs / 2} borders among ${count}`)
    assert.deepEqual(colourTerritories(ids, near, colours), colours, 'what fits keeps its colour')
    const shuffled = new Map(ids.map(id => [id, random.int(8)]))
    const mended = colourTerritories(ids, near, shuffled)
    for (const id of ids) for (const other of near(id)) assert.notEqual(mended.get(id), mended.get(other), 'a bad start is mended')
  }
})

test('a shape is what the rule says: exclusions, lists, inheritance; a rule that is not about places has none', () => {
  const compiled = compile([
    territory(1, null, within('320000')),
    territory(2, 1, { field: 'division', op: 'notIn', values: ['320500'] }),
    territory(3, 1, within('320505', '330100')),
    territory(4, null, { field: 'division', op: 'inList', list: '7' }),
    territory(5, null, { field: 'tier', op: 'in', values: ['KA'] }),
    territory(6, null, { all: [within('440000'), { none: [within('440300'), { field: 'tier', op: 'in', values: ['KA'] }] }] }),
    territory(7, null, { any: [within('110000'), { field: 'tier', op: 'empty' }] }),
  ])
  const shapes = shapesOf(compiled, units)
  assert.deepEqual(shapes.get('1'), ['320000'])
  assert.ok(!shapes.get('2')!.some(c => c.startsWith('3205')) && shapes.get('2')!.includes('320100'))
  assert.deepEqual(shapes.get('3'), ['320505'], 'the parent has no 330100')
  assert.deepEqual([...shapes.get('4')!].sort(), ['310000', '320500'])
  assert.equal(shapes.get('5'), undefined)
  assert.ok(shapes.get('6')!.includes('440100') && !shapes.get('6')!.some(c => c.startsWith('4403')))
  assert.equal(shapes.get('7'), undefined, 'it may hold anywhere')
})
