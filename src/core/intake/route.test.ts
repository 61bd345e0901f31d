import assert from 'node:assert/strict'
import test from 'node:test'
import { FIRST_TURN } from './rotate.ts'
import { decideRoute, dueAt, type Known, type RouteFacts } from './route.ts'

const person = (id: string) => ({ id, weight: 1, open: 0, capacity: null, share: 100, inactive: false, away: false, skilled: false })
const facts = (change: Partial<RouteFacts> = {}): RouteFacts => ({
  match: { territoryId: '7', contested: [], overlays: [], undecidable: false },
  known: [],
  way: 'roundRobin',
  candidates: [person('1'), person('2')],
  turn: FIRST_TURN,
  seq: 0,
  ...change,
})
const known = (accountId: string, change: Partial<Known> = {}): Known => ({
  accountId,
  by: 'name',
  ownerId: '9',
  ownerHere: true,
  inPool: false,
  ...change,
})

test('a customer’s lead goes to its owner; two customers of two owners wait; a pooled one goes by turn and says so', () => {
  const one = decideRoute(facts({ known: [known('5')] }))
  assert.deepEqual([one.ownerId, one.accountId, one.reason, one.turn], ['9', '5', 'customer', null])
  assert.equal(decideRoute(facts({ known: [known('5'), known('6', { ownerId: '8' })] })).reason, 'severalEligible')
  const same = decideRoute(facts({ known: [known('5'), known('6')] }))
  assert.deepEqual([same.ownerId, same.accountId], ['9', null])
  const pooled = decideRoute(facts({ known: [known('5', { ownerId: null, inPool: true })] }))
  assert.deepEqual([pooled.ownerId, pooled.hint, pooled.accountId], ['1', 'accountInPool', '5'])
  const away = decideRoute(facts({ known: [known('5', { ownerHere: false })] }))
  assert.deepEqual([away.ownerId, away.hint], ['1', 'ownerAway'])
})

test('every way of not being given has its own code', () => {
  const none = { territoryId: null, contested: [], overlays: [] }
  assert.equal(decideRoute(facts({ match: { ...none, undecidable: true } })).reason, 'noCriterion')
  assert.equal(decideRoute(facts({ match: { ...none, undecidable: false } })).reason, 'noTerritory')
  assert.equal(decideRoute(facts({ match: { territoryId: '7', contested: ['8'], overlays: [], undecidable: false } })).reason, 'contested')
  assert.equal(decideRoute(facts({ candidates: [] })).reason, 'nobody')
  assert.equal(decideRoute(facts({ candidates: [{ ...person('1'), open: 3, capacity: 3 }] })).reason, 'capacity')
})

test('due: calendar hours, or hours of working days in the company’s zone', () => {
  const CN = 8 * 3_600_000
  const at = (text: string) => Date.parse(text)
  assert.equal(dueAt(at('2026-11-27T10:00:00+08:00'), 24, false, CN), at('2026-11-28T10:00:00+08:00'))
  // Friday 10:00 and 24 hours of working days: Monday 10:00.
  assert.equal(dueAt(at('2026-11-27T10:00:00+08:00'), 24, true, CN), at('2026-11-30T10:00:00+08:00'))
  assert.equal(dueAt(at('2026-11-28T03:00:00+08:00'), 2, true, CN), at('2026-11-30T02:00:00+08:00'))
  assert.equal(dueAt(at('2026-11-25T10:00:00+08:00'), 4, true, CN), at('2026-11-25T14:00:00+08:00'))
})
