/** The four refusals of a decision, each with its reason; everything else may be decided. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { mayDecide, type RequestFacts } from './decide.ts'

const request: RequestFacts = { state: 'asked', askedBy: '1', approverId: '2', basis: { ownerId: '3' }, now: { ownerId: '3' } }
const codeOf = (r: RequestFacts, userId: string, mayStandIn = false, approves = true) => {
  const result = mayDecide(r, { userId, mayStandIn }, approves)
  return result.ok ? 'ok' : result.refusal.code
}

test('the approver decides, and who sees all may stand in', () => {
  assert.equal(codeOf(request, '2'), 'ok')
  assert.equal(codeOf(request, '9', true), 'ok')
  assert.equal(codeOf(request, '9'), 'approval.notYours')
})
test('nobody decides his own, however much he may do', () => assert.equal(codeOf(request, '1', true), 'approval.own'))
test('nothing is decided twice', () => {
  for (const state of ['approved', 'refused', 'withdrawn'] as const) assert.equal(codeOf({ ...request, state }, '2'), 'approval.decided')
})
test('when the ground moved it can be refused but not approved', () => {
  const moved = { ...request, now: { ownerId: null } }
  assert.equal(codeOf(moved, '2'), 'approval.stale')
  assert.equal(codeOf(moved, '2', false, false), 'ok')
})
