import assert from 'node:assert/strict'
import test from 'node:test'
import { seededRandom } from '../kernel/random.ts'
import { type Candidate, FIRST_TURN, rotate, type Turn, type Way } from './rotate.ts'

const seed = Number(process.env.JIANGYU_SEED ?? Math.floor(Math.random() * 1e9))
const random = seededRandom(seed)
const person = (id: number, change: Partial<Candidate> = {}): Candidate => ({
  id: String(id),
  weight: 1,
  open: 0,
  capacity: null,
  share: 100,
  inactive: false,
  away: false,
  skilled: false,
  ...change,
})
const shuffled = <T>(list: readonly T[]): T[] => {
  const out = [...list]
  for (let i = out.length - 1; i > 0; i -= 1) {
    const j = random.int(i + 1)
    ;[out[i], out[j]] = [out[j]!, out[i]!]
  }
  return out
}
function play(
  way: Way,
  people: readonly Candidate[],
  n: number,
  each?: (given: ReadonlyMap<string, number>, i: number) => void,
): Map<string, number> {
  let turn: Turn = FIRST_TURN
  const given = new Map<string, number>(people.map(p => [p.id, 0]))
  for (let i = 1; i <= n; i += 1) {
    const got = rotate(way, shuffled(people), turn)
    given.set(got.chosenId!, given.get(got.chosenId!)! + 1)
    turn = got.turn
    each?.(given, i)
  }
  return given
}

test('round robin goes by id and begins again, whatever the order of the candidates', () => {
  let turn = FIRST_TURN
  const order: string[] = []
  for (let i = 0; i < 7; i += 1) {
    const got = rotate('roundRobin', shuffled([person(2), person(10), person(9)]), turn)
    order.push(got.chosenId!)
    turn = got.turn
  }
  assert.deepEqual(order, ['2', '9', '10', '2', '9', '10', '2'])
})

test('after every lead everybody has his share within one: weights, newcomers, any number of people', () => {
  for (let round = 0; round < 60; round += 1) {
    const way: Way = random.pick(['roundRobin', 'weighted'])
    const people = Array.from({ length: 1 + random.int(9) }, (_, i) =>
      person(i + 1, { weight: 1 + random.int(20), share: random.pick([100, 100, 100, 50, 25]) }),
    )
    const weight = (p: Candidate) => (way === 'weighted' ? p.weight : 1) * p.share
    const whole = people.reduce((sum, p) => sum + weight(p), 0)
    play(way, people, 150, (given, i) => {
      for (const p of people) {
        const share = (i * weight(p)) / whole
        assert.ok(Math.abs(given.get(p.id)! - share) < 1 + 1e-9, `seed ${seed} ${way} ${p.id}: ${given.get(p.id)} of ${share} after ${i}`)
      }
    })
  }
})

test('least load first; a newcomer with an empty desk is not flooded', () => {
  const open = new Map([
    ['1', 10],
    ['2', 10],
    ['3', 0],
  ])
  let turn = FIRST_TURN
  const given = new Map<string, number>()
  for (let i = 0; i < 30; i += 1) {
    const people = [...open].map(([id, n]) => person(Number(id), { open: n, share: id === '3' ? 50 : 100 }))
    const got = rotate('load', shuffled(people), turn)
    turn = got.turn
    open.set(got.chosenId!, open.get(got.chosenId!)! + 1)
    given.set(got.chosenId!, (given.get(got.chosenId!) ?? 0) + 1)
  }
  assert.ok(given.get('3')! >= 5 && given.get('3')! <= 7, `half a share of 30 among 2.5 is 6: ${JSON.stringify([...given])}`)
  assert.equal(rotate('load', [person(1, { open: 3 }), person(2, { open: 1 })], FIRST_TURN).chosenId, '2')
})

test('who is away, gone or full is skipped and told; the code says whether anybody was there', () => {
  const got = rotate(
    'roundRobin',
    [person(1, { away: true }), person(2, { inactive: true }), person(3, { open: 5, capacity: 5 }), person(4)],
    FIRST_TURN,
  )
  assert.equal(got.chosenId, '4')
  assert.deepEqual(Object.fromEntries(got.others.map(o => [o.id, o.why])), { 1: 'away', 2: 'inactive', 3: 'full' })
  assert.equal(rotate('roundRobin', [person(1, { away: true })], FIRST_TURN).code, 'nobody')
  assert.equal(rotate('load', [person(1, { open: 1, capacity: 1 }), person(2, { away: true })], FIRST_TURN).code, 'capacity')
  assert.equal(rotate('weighted', [], FIRST_TURN).code, 'nobody')
})

test('a skill goes before the turn; where nobody has it, all take turns', () => {
  const people = [person(1), person(2, { skilled: true }), person(3, { skilled: true })]
  assert.deepEqual(
    [...play('skill', people, 10)].map(([, n]) => n),
    [0, 5, 5],
  )
  assert.deepEqual(
    [...play('skill', [person(1), person(2)], 4)].map(([, n]) => n),
    [2, 2],
  )
})

test('played again from its own log, every turn gives the same person, through absences and changing weights', () => {
  let turn: Turn = FIRST_TURN
  const log: { way: Way; people: Candidate[]; turn: Turn; chosen: string | null }[] = []
  for (let i = 0; i < 400; i += 1) {
    const way: Way = random.pick(['roundRobin', 'weighted', 'load', 'skill'])
    const people = Array.from({ length: random.int(6) }, (_, k) =>
      person(k + 1, {
        weight: 1 + random.int(5),
        open: random.int(5),
        capacity: random.pick([null, 3]),
        away: random.next() < 0.2,
        skilled: random.next() < 0.4,
        share: random.pick([100, 40]),
      }),
    )
    const got = rotate(way, people, turn)
    log.push({ way, people, turn, chosen: got.chosenId })
    turn = got.turn
    for (const credit of Object.values(turn.credits)) assert.ok(Number.isSafeInteger(credit))
  }
  for (const { way, people, turn: before, chosen } of JSON.parse(JSON.stringify(log)) as typeof log)
    assert.equal(rotate(way, shuffled(people), before).chosenId, chosen, `seed ${seed}`)
})

test('back from a long absence nobody is flooded', () => {
  const people = [person(1), person(2), person(3)]
  let turn = FIRST_TURN
  for (let i = 0; i < 50; i += 1)
    turn = rotate(
      'roundRobin',
      people.map(p => (p.id === '3' ? { ...p, away: true } : p)),
      turn,
    ).turn
  const next: string[] = []
  for (let i = 0; i < 6; i += 1) {
    const got = rotate('roundRobin', people, turn)
    turn = got.turn
    next.push(got.chosenId!)
  }
  assert.ok(next.filter(id => id === '3').length <= 3, next.join())
})
