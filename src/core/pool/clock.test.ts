/** The clock, case by case: what starts it, what stops it, what moves its end; and that missing facts never mean long ago. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { type ClockFacts, clockOf, makeCalendar, type Policy } from './clock.ts'
import { whyNotCounted } from './follow-up.ts'
import { maskName, maskPerson, maskPhone } from './mask.ts'
import { openFor, openingsOf, poolToken } from './opening.ts'

const DAY = 86_400_000
const T = Date.parse('2026-11-02T09:00:00Z') // a Monday
const ADD = makeCalendar(['2026-11-05'], ['2026-11-07'], 0)
const FACTS: ClockFacts = {
  ownerSince: T,
  createdAt: T - 900 * DAY,
  followedUp: null,
  opportunity: null,
  won: null,
  contractEnd: null,
  openDeals: 0,
  pendingApprovals: 0,
  dealClosed: null,
  requestDecided: null,
  protectedUntil: null,
  locked: false,
  extendedUntil: null,
}
const policy = (terms: Partial<Policy['terms']>, rest: Partial<Policy> = {}): Policy => ({
  id: '1',
  name: 'p',
  enabled: true,
  condition: { all: [] },
  toPoolId: null,
  graceUntil: null,
  ...rest,
  terms: {
    triggers: [{ kind: 'followUp', days: 30 }],
    all: false,
    workingDays: false,
    guards: ['openDeal', 'pendingApproval', 'contract', 'lock'],
    warnDays: [],
    escalateDays: null,
    ...terms,
  },
})
const due = (facts: Partial<ClockFacts>, p = policy({})) => {
  const clock = clockOf({ ...FACTS, ...facts }, [p], ADD)
  return clock.state === 'none' ? 'none' : [clock.state, (clock.dueAt - T) / DAY, clock.trigger, clock.guard]
}

test('a missing time counts from when the present owner got it, never as long ago', () => {
  for (const kind of ['followUp', 'opportunity', 'won'] as const)
    assert.deepEqual(due({}, policy({ triggers: [{ kind, days: 30 }] })), ['running', 30, kind, null])
  // What a former owner did is not this owner's time.
  assert.deepEqual(due({ followedUp: T - 200 * DAY }), ['running', 30, 'followUp', null])
  assert.equal(due({}, policy({ triggers: [{ kind: 'contract', days: 30 }] })), 'none', 'without a contract there is no end to count from')
})
test('a follow-up begins the time anew; the first of several triggers decides, or the last where all must pass', () => {
  assert.deepEqual(due({ followedUp: T + 10 * DAY }), ['running', 40, 'followUp', null])
  const both = [
    { kind: 'followUp', days: 30 },
    { kind: 'opportunity', days: 90 },
  ] as const
  assert.deepEqual(due({}, policy({ triggers: both })), ['running', 30, 'followUp', null])
  assert.deepEqual(due({}, policy({ triggers: both, all: true })), ['running', 90, 'opportunity', null])
})
test('guards stop the clock; a closed deal begins it anew; a decided request leaves two days and no more', () => {
  assert.deepEqual(due({ openDeals: 1 }), ['paused', 30, 'followUp', 'openDeal'])
  assert.deepEqual(due({ locked: true }), ['paused', 30, 'followUp', 'lock'])
  assert.deepEqual(due({ pendingApprovals: 1 }), ['paused', 30, 'followUp', 'pendingApproval'])
  assert.deepEqual(due({ dealClosed: T + 50 * DAY }), ['running', 80, 'followUp', null])
  assert.deepEqual(due({ requestDecided: T + 50 * DAY }), ['running', 52, 'followUp', 'pendingApproval'])
  assert.deepEqual(due({ contractEnd: T + 300 * DAY }), ['running', 300, 'followUp', 'contract'])
  assert.deepEqual(due({ openDeals: 1 }, policy({ guards: [] })), ['running', 30, 'followUp', null])
})
test('protection, extension and grace move the end, never nearer', () => {
  assert.deepEqual(due({ protectedUntil: T + 60 * DAY }), ['running', 60, 'followUp', 'protected'])
  assert.deepEqual(due({ protectedUntil: T + 6 * DAY }), ['running', 30, 'followUp', null])
  assert.deepEqual(due({ extendedUntil: T + 44 * DAY }), ['running', 44, 'followUp', 'extended'])
  assert.deepEqual(due({ ownerSince: T - 90 * DAY }, policy({}, { graceUntil: T + 7 * DAY })), ['running', 7, 'followUp', 'grace'])
})
test('counted from before the owner had it, it still leaves him a week', () => {
  assert.deepEqual(due({}, policy({ triggers: [{ kind: 'created', days: 365 }] })), ['running', 7, 'created', null])
})
test('working days: free days do not count, worked weekends do', () => {
  // Tue 3, Wed 4, (Thu 5 free), Fri 6, Sat 7 worked
  assert.equal((ADD(T, 4, true) - T) / DAY, 5)
  assert.equal((ADD(T, 4, false) - T) / DAY, 4)
})
test('the first policy that holds decides; none at all: no clock', () => {
  assert.deepEqual(clockOf(FACTS, [], ADD), { state: 'none' })
  assert.deepEqual(clockOf(FACTS, [policy({}, { enabled: false })], ADD), { state: 'none' })
})

test('what is no follow-up is said', () => {
  const rule = { kinds: ['note', 'taskDone'], minLetters: 4, ownerOnly: true, copies: 5 } as const
  const note = (text: string, rest = {}) => whyNotCounted({ kind: 'note', at: T, byId: '7', text, copies: 1, ...rest }, '7', rule)
  for (const text of ['...', '1', '。。。', '111111', 'aaaaaaa', '好好好好好', '   -- ']) assert.equal(note(text), 'empty', text)
  assert.equal(note('已电'), 'short')
  assert.equal(note('电话沟通,下周送样'), null)
  assert.equal(note('电话沟通,下周送样', { byId: '8' }), 'notOwner')
  assert.equal(note('电话沟通,下周送样', { copies: 5 }), 'copied')
  assert.equal(note('', { kind: 'taskDone' }), null)
  assert.equal(note('', { kind: 'opportunity' }), 'kind')
})

test('masks keep neither what they hide nor how long it was', () => {
  assert.equal(maskName('苏州禾沐包装科技有限公司', 'partial'), '苏州禾**装科技有限公司')
  assert.equal(maskName('华为', 'partial'), '华**')
  assert.equal(maskName('苏州禾沐包装科技有限公司', 'hide'), '**')
  assert.equal(maskPerson('沈若兰', 'partial'), '沈**')
  assert.equal(maskPerson('沈兰', 'partial'), '沈**')
  assert.equal(maskPhone('+8613812342217', 'partial'), '138****2217')
  assert.equal(maskPhone('0512-6789 1234', 'partial'), '051****1234')
  assert.equal(maskPhone('12345', 'partial'), '****')
  assert.equal(maskPhone('+8613812342217', 'hide'), null)
})

test('opening in steps: own territory, then above, then everybody; the clock decides', () => {
  const steps = [
    { up: 0, afterHours: 0 },
    { up: 1, afterHours: 24 },
    { up: null, afterHours: 96 },
  ]
  const opened = openingsOf('3', steps, ['30', '20', '10'], T)
  assert.deepEqual(
    opened.map(o => [o.territoryId, (o.at - T) / 3_600_000]),
    [
      ['30', 0],
      ['20', 24],
      [null, 96],
    ],
  )
  const sibling = new Set([poolToken('3', '31'), poolToken('3', '20'), poolToken('3', null)])
  assert.deepEqual(openFor(opened, sibling, T + 23 * 3_600_000), { at: T + DAY, open: false })
  assert.deepEqual(openFor(opened, sibling, T + DAY), { at: T + DAY, open: true })
  assert.equal(openFor(opened, new Set(), T), null)
  // Without a territory nobody is nearer than others; a tree that ends early has fewer steps.
  assert.deepEqual(openingsOf('3', steps, [], T).length, 1)
  assert.deepEqual(
    openingsOf('3', steps, ['30'], T).map(o => o.territoryId),
    ['30', null],
  )
  // No two of pool and territory share a token, and it fits a bigint.
  assert.notEqual(poolToken('1', '5'), poolToken('5', '1'))
  assert.ok(BigInt(poolToken(String(2 ** 29 - 1), String(2 ** 31 - 1))) < 2n ** 63n)
})
