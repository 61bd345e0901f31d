/** Clauses, likeness, credit and judges as laws: over random facts, with the seed in the message. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { type Random, seededRandom } from '../kernel/random.ts'
import { CLAUSE_KINDS, type Clause, type ClauseFacts, DEFAULT_CLAUSES, leaning, sideOf, TOUCH_KINDS, testClauses } from './clauses.ts'
import { creditOf, split, WHOLE } from './credit.ts'
import { noteKind, redact } from './evidence.ts'
import { chooseJudge, conflictOf } from './judge.ts'
import { bandOf, type Features, featuresOf, similarity } from './similar.ts'

const SEED = Number(process.env.JIANGYU_SEED ?? 1 + Math.floor(Math.random() * 1e6))
const DAY = 86_400_000
const NOW = Date.parse('2026-11-23T06:00:00Z')
const FACTS: ClauseFacts = {
  createdAt: NOW - 400 * DAY,
  pins: [],
  group: null,
  touches: [],
  addresses: [],
  registrations: [],
  territoryId: null,
  contested: [],
  ownerId: null,
  poolId: null,
}
const one = (clause: Clause, facts: Partial<ClauseFacts>) => testClauses([clause], { ...FACTS, ...facts }, NOW)[0]!

test('first touch: who came first is protected to the day; what does not count protects nobody; renewing begins it anew', () => {
  const clause: Clause = { kind: 'firstTouch', enabled: true, days: 90, touches: ['visit'], renews: false }
  const touches = [
    { at: NOW - 95 * DAY, kind: 'call' as const, by: '2', evidence: 1 },
    { at: NOW - 89 * DAY, kind: 'visit' as const, by: '1', evidence: 2 },
    { at: NOW - 10 * DAY, kind: 'visit' as const, by: '2', evidence: 3 },
  ]
  const held = one(clause, { touches })
  assert.deepEqual([held.verdict, held.userId, held.until, held.evidence], ['applies', '1', NOW + DAY, [2]])
  assert.equal(one({ ...clause, days: 89 }, { touches }).verdict, 'expired', 'the end is not within')
  assert.equal(one({ ...clause, touches: ['call'] }, { touches }).userId, '2')
  assert.equal(one({ ...clause, touches: ['task'] }, { touches }).verdict, 'no')
  const again = [...touches, { at: NOW - 30 * DAY, kind: 'visit' as const, by: '1', evidence: 4 }]
  assert.equal(one({ ...clause, days: 60 }, { touches: again }).verdict, 'expired')
  assert.deepEqual(one({ ...clause, days: 60, renews: true }, { touches: again }).evidence, [2, 4])
  assert.equal(one({ ...clause, days: 20, renews: true }, { touches: again }).verdict, 'expired', 'a gap longer than the days ends it')
})

test('group, address, registration, named, territory, pool, case by case', () => {
  const head = { rootId: '9', ownerId: '1', territoryId: '7', createdAt: NOW - 100 * DAY }
  assert.equal(one({ kind: 'group', enabled: true, scope: 'all' }, { group: head }).verdict, 'applies')
  assert.equal(one({ kind: 'group', enabled: true, scope: 'new' }, { group: head }).verdict, 'no', 'the company was there before its head')
  assert.equal(one({ kind: 'group', enabled: true, scope: 'new' }, { group: head, createdAt: NOW }).verdict, 'applies')
  assert.equal(one({ kind: 'group', enabled: true, scope: 'ask' }, { group: head }).verdict, 'asking')
  const addresses = [{ kind: 'business', division: '320509', territoryId: '5', evidence: 4 }]
  assert.deepEqual(one({ kind: 'headquarters', enabled: true, address: 'business' }, { addresses }).evidence, [4])
  assert.equal(one({ kind: 'headquarters', enabled: true, address: 'registered' }, { addresses }).verdict, 'no')
  const registrations = [{ ownerId: '3', from: NOW - 9 * DAY, until: NOW + DAY }]
  assert.deepEqual(one({ kind: 'registration', enabled: true }, { registrations }).userId, '3')
  assert.equal(one({ kind: 'registration', enabled: true }, { registrations: [{ ...registrations[0]!, until: NOW }] }).verdict, 'expired')
  assert.equal(one({ kind: 'named', enabled: true }, { pins: [{ territoryId: '5', from: NOW - DAY, until: NOW - 1 }] }).verdict, 'expired')
  assert.equal(one({ kind: 'territory', enabled: true }, { territoryId: '5', contested: ['6'] }).verdict, 'asking')
  assert.equal(one({ kind: 'pool', enabled: true }, { poolId: '1' }).verdict, 'applies')
  assert.equal(one({ kind: 'pool', enabled: true }, { poolId: '1', ownerId: '2' }).verdict, 'no')
  const tested = testClauses(DEFAULT_CLAUSES, { ...FACTS, territoryId: '5' }, NOW)
  assert.equal(
    sideOf(leaning(tested)!, [
      { userId: '1', territoryId: '4' },
      { userId: '2', territoryId: '5' },
    ]),
    1,
  )
})

const randomFacts = (r: Random): ClauseFacts => {
  const id = () => String(1 + r.int(4))
  const at = () => NOW + (r.int(800) - 600) * DAY
  const some = <T>(make: () => T, most: number) => Array.from({ length: r.int(most) }, make)
  return {
    createdAt: at(),
    pins: some(() => ({ territoryId: id(), from: at(), until: r.next() < 0.5 ? null : at() }), 3),
    group: r.next() < 0.5 ? null : { rootId: '9', ownerId: r.next() < 0.3 ? null : id(), territoryId: id(), createdAt: at() },
    touches: some(() => ({ at: at(), kind: r.pick(TOUCH_KINDS), by: id(), evidence: 1 + r.int(99) }), 8),
    addresses: some(() => ({ kind: r.pick(['registered', 'business', 'site']), division: '320509', territoryId: r.next() < 0.2 ? null : id() }), 3),
    registrations: some(() => ({ ownerId: id(), from: at(), until: at() }), 3),
    territoryId: r.next() < 0.2 ? null : id(),
    contested: some(id, 2),
    ownerId: r.next() < 0.3 ? null : id(),
    poolId: r.next() < 0.5 ? null : '1',
  }
}
const randomOrder = (r: Random): Clause[] => {
  const made: Clause[] = CLAUSE_KINDS.map(kind => ({ ...DEFAULT_CLAUSES.find(c => c.kind === kind)!, enabled: r.next() < 0.8 }))
  for (let i = made.length - 1; i > 0; i -= 1) {
    const j = r.int(i + 1)
    ;[made[i], made[j]] = [made[j]!, made[i]!]
  }
  return made
}

test('laws of the clauses: the order changes the leaning and no verdict; nothing from the future counts; the leaning is the first that applies', () => {
  const r = seededRandom(SEED)
  for (let i = 0; i < 3_000; i += 1) {
    const facts = randomFacts(r)
    const [order, other] = [randomOrder(r), randomOrder(r)]
    const say = `seed ${SEED}, round ${i}`
    const tested = testClauses(order, facts, NOW)
    const verdicts = (list: typeof tested) => new Map(list.map(t => [t.clause.kind, t.verdict]))
    const [a, b] = [verdicts(tested), verdicts(testClauses(other, facts, NOW))]
    for (const [kind, verdict] of a) if (b.has(kind)) assert.equal(b.get(kind), verdict, say)
    const lean = leaning(tested)
    const before = lean ? tested.slice(0, tested.indexOf(lean)) : tested
    assert.ok(
      before.every(t => t.verdict !== 'applies'),
      say,
    )
    const past = {
      ...facts,
      touches: facts.touches.filter(t => t.at <= NOW),
      registrations: facts.registrations.filter(t => t.from <= NOW),
      pins: facts.pins.filter(p => p.from <= NOW),
    }
    assert.deepEqual(testClauses(order, past, NOW), tested, say)
    for (const t of tested) if (t.verdict === 'applies' && t.until !== null) assert.ok(t.until > NOW, say)
    for (const t of tested) if (t.verdict === 'applies' && t.clause.kind !== 'pool') assert.ok(t.userId !== null || t.territoryId !== null, say)
  }
})

test('shares always make a whole, nobody is a basis point richer than his remainder', () => {
  const r = seededRandom(SEED)
  for (let i = 0; i < 3_000; i += 1) {
    const weights = Array.from({ length: 1 + r.int(7) }, () => (r.next() < 0.2 ? 0 : r.int(1000)))
    const shares = split(weights)
    const say = `seed ${SEED}, ${weights}`
    assert.equal(
      shares.reduce((a, b) => a + b, 0),
      WHOLE,
      say,
    )
    const sum = weights.reduce((a, b) => a + b, 0)
    if (sum > 0) for (const [k, s] of shares.entries()) assert.ok(Math.abs(s - (weights[k]! / sum) * WHOLE) < 1, say)
    const parties = 2 + r.int(4)
    const losers = r.int(WHOLE + 1)
    const winner = r.int(parties)
    const credit = creditOf(parties, winner, losers)
    assert.equal(
      credit.reduce((a, b) => a + b, 0),
      WHOLE,
      `${say} ${parties} ${losers}`,
    )
    assert.equal(credit[winner], WHOLE - losers)
  }
})

test('likeness is symmetric, whole for the same, and says in what', () => {
  const r = seededRandom(SEED)
  const random = (): Features => ({
    why: r.pick(['overlap', 'duplicate']),
    applied: CLAUSE_KINDS.filter(() => r.next() < 0.3),
    expired: CLAUSE_KINDS.filter(() => r.next() < 0.2),
    regions: r.next() < 0.2 ? null : r.pick(['1/2', '1/3']),
    tier: r.next() < 0.2 ? null : r.pick(['A', 'B']),
    industry: r.pick(['C34', 'C35', 'A01']),
    band: r.next() < 0.2 ? null : r.int(5),
  })
  for (let i = 0; i < 1_000; i += 1) {
    const [a, b] = [random(), random()]
    const one = similarity(a, b)
    assert.deepEqual(one, similarity(b, a), `seed ${SEED}`)
    assert.ok(one.percent >= 0 && one.percent <= 100)
    assert.equal(similarity(a, a).percent, 100)
    if (one.percent === 100) assert.ok(one.shared.includes('why'), `seed ${SEED}`)
  }
  assert.deepEqual(similarity({ ...random(), why: 'group' }, { ...random(), why: 'manual' }).shared.includes('why'), false)
  assert.deepEqual([bandOf(0), bandOf(5_000_000), bandOf(64_000_000), bandOf(300_000_000)], [0, 1, 2, 3])
  assert.equal(featuresOf('manual', [], ['3', null], { tier: null, industry: null, band: 0 }).regions, null)
})

test('the nearest common leader judges; not a party, not who leads or answers to one side only; at the top headquarters', () => {
  const parties = [
    { userId: '1', superiors: ['10', '20', '30'] },
    { userId: '2', superiors: ['11', '20', '30'] },
  ]
  const c = (id: string, headquarters = false, superiors: string[] = []) => ({ id, superiors, headquarters })
  const all = [c('10', false, ['20']), c('20'), c('30'), c('90', true)]
  assert.deepEqual(chooseJudge(parties, all, new Set()), { id: '20', headquarters: false })
  assert.equal(chooseJudge(parties, all, new Set(['20']))!.id, '30', 'recused: one up')
  assert.deepEqual(chooseJudge(parties, all, new Set(['20', '30'])), { id: '90', headquarters: true })
  assert.equal(chooseJudge(parties, [c('10')], new Set()), null)
  assert.equal(chooseJudge(parties, all, new Set(), true)!.id, '90')
  assert.equal(conflictOf('10', [], parties), 'leadsOne')
  assert.equal(conflictOf('1', [], parties), 'party')
  assert.equal(conflictOf('50', ['1'], parties), 'answersToOne')
  assert.equal(conflictOf('20', [], parties), null)
})

test('notes are read by their words; numbers and addresses of people stay hidden', () => {
  assert.deepEqual([noteKind('上门拜访了设备主管'), noteKind('和采购通了电话'), noteKind('报价发了')], ['visit', 'call', 'note'])
  assert.equal(redact('沈总 138-0013 8000,sz@abc.com,合同 64 万,2026-11-23'), '沈总 ***,***@***,合同 64 万,2026-11-23')
})
