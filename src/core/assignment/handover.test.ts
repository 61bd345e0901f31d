import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { divide, MEASURES, type Receiver, type Waiting } from './handover.ts'

const PEOPLE = ['11', '12', '13', '14', '15']
const person = fc.constantFrom(...PEOPLE)
const receiver: fc.Arbitrary<Receiver> = fc.oneof(
  fc.record({ to: fc.constant('person' as const), userId: person }),
  fc.record({ to: fc.constant('lead' as const) }),
  fc.record({ to: fc.constant('spread' as const), userIds: fc.array(person, { minLength: 1, maxLength: 5 }), by: fc.constantFrom(...MEASURES) }),
)
const customers = fc
  .uniqueArray(fc.nat(100_000), { maxLength: 120 })
  .chain(ids =>
    fc.tuple(
      ...ids.map(id =>
        fc.record({
          id: fc.constant(String(id + 1)),
          leadId: fc.option(person),
          potential: fc.option(fc.nat(1_000)),
          revenue: fc.option(fc.nat(1_000)),
          hand: fc.option(fc.oneof(fc.record({ toId: person }), fc.constant({ stays: true as const })), { freq: 5 }),
        }),
      ),
    ),
  ) as fc.Arbitrary<Waiting[]>
const NONE = { all: [] }
const case_ = fc.record({
  list: customers,
  when: fc.array(receiver, { maxLength: 3 }),
  rest: receiver,
  barred: fc.subarray(PEOPLE),
  seed: fc.nat(1_000).map(String),
})
const holds = (n: number) => (c: Waiting) => (Number(c.id) % (n + 1)) - 1
const run = (x: { list: Waiting[]; when: Receiver[]; rest: Receiver; barred: string[]; seed: string }, list = x.list) =>
  divide(
    list,
    { when: x.when.map(r => ({ condition: NONE, receiver: r })), rest: x.rest },
    holds(x.when.length),
    id => (x.barred.includes(id) ? 'handover.inactive' : null),
    x.seed,
  )

test('every record gets exactly one receiver who may receive, or a reason', () => {
  fc.assert(
    fc.property(case_, x => {
      const out = run(x)
      assert.deepEqual(out.map(o => o.id), x.list.map(c => c.id)) // biome-ignore format: one line
      for (const [i, o] of out.entries()) {
        if (o.toId === null) assert.match(o.refused, /^handover\./)
        else assert.ok(!x.barred.includes(o.toId))
        const { hand } = x.list[i]!
        if (hand && 'toId' in hand && !x.barred.includes(hand.toId)) assert.equal(o.toId, hand.toId)
        if (hand && 'stays' in hand) assert.equal(o.toId, null)
      }
    }),
  )
})

test('the order in which records come does not matter', () => {
  fc.assert(
    fc.property(case_, x => {
      const sorted = (list: readonly { id: string }[]) => [...list].sort((a, b) => Number(a.id) - Number(b.id))
      assert.deepEqual(sorted(run(x)), sorted(run(x, [...x.list].reverse())))
    }),
  )
})

test('spread by count: the numbers differ by one at most; by a measure: by the largest one at most', () => {
  fc.assert(
    fc.property(customers, fc.constantFrom(...MEASURES), fc.nat(99), (list, by, seed) => {
      const free = list.map(c => ({ ...c, hand: null }))
      const out = divide(
        free,
        { when: [], rest: { to: 'spread', userIds: PEOPLE, by } },
        () => -1,
        () => null,
        String(seed),
      )
      const weight = (c: Waiting) => (by === 'count' ? 1 : (c[by] ?? 0))
      const loads = PEOPLE.map(p => free.filter((_, i) => out[i]!.toId === p).reduce((sum, c) => sum + weight(c), 0))
      assert.ok(Math.max(...loads) - Math.min(...loads) <= Math.max(1, ...free.map(weight)))
    }),
  )
})
