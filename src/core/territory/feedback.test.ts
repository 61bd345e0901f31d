/** Objections are accepted by the first line that is true of them, and by none that is not. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { acceptedBy, type FeedbackFacts, type FeedbackLine } from './feedback.ts'

const policy: readonly FeedbackLine[] = [
  { reason: 'relationship', measure: 'deal', atLeast: 100_000, most: 2 },
  { reason: 'relationship', measure: 'touch', atLeast: 30, most: 1 },
  { reason: 'distance', measure: 'distance', atLeast: 200, most: 5 },
]
const facts: FeedbackFacts = { keepable: true, kept: false, accepted: {}, deal: null, touch: null, distance: null }

test('a line holds when its measure is reached', () => {
  assert.deepEqual(acceptedBy('relationship', { ...facts, deal: 100_000 }, policy), {
    reason: 'relationship',
    measure: 'deal',
    atLeast: 100_000,
    seen: 100_000,
  })
  assert.equal(acceptedBy('relationship', { ...facts, deal: 99_999 }, policy), null)
  assert.equal(acceptedBy('relationship', { ...facts, touch: 30 }, policy)?.measure, 'touch')
  assert.equal(acceptedBy('relationship', { ...facts, touch: 31 }, policy), null)
  assert.deepEqual(acceptedBy('distance', { ...facts, distance: { km: 200, accounts: 3 } }, policy), {
    reason: 'distance',
    measure: 'distance',
    atLeast: 200,
    seen: 200,
    accounts: 3,
  })
  assert.equal(acceptedBy('distance', { ...facts, distance: { km: 199, accounts: 9 } }, policy), null)
})

test('another reason, no reason, nothing to keep, or enough kept already: people decide', () => {
  const met = { ...facts, deal: 500_000, touch: 1 }
  for (const reason of ['industry', 'workload', 'other', null] as const) assert.equal(acceptedBy(reason, met, policy), null)
  assert.equal(acceptedBy('relationship', { ...met, keepable: false }, policy), null)
  assert.equal(acceptedBy('relationship', { ...met, kept: true }, policy), null)
  // One line is used up, the other is not.
  assert.equal(acceptedBy('relationship', { ...met, accepted: { 'relationship/deal': 2 } }, policy)?.measure, 'touch')
  assert.equal(acceptedBy('relationship', { ...met, accepted: { 'relationship/deal': 2, 'relationship/touch': 1 } }, policy), null)
  // Two customers are no centre.
  assert.equal(acceptedBy('distance', { ...facts, distance: { km: 900, accounts: 2 } }, policy), null)
})
