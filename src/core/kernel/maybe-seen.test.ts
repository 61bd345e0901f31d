import assert from 'node:assert/strict'
import test from 'node:test'
import { MaybeSeen } from './maybe-seen.ts'

test('what was met is always known, and of 200,000 different texts none is taken for another', () => {
  const seen = new MaybeSeen()
  let wrong = 0
  for (let i = 0; i < 200_000; i += 1) if (seen.meet(`K${i}`)) wrong += 1
  // Some ten thousand lists of a million go by before one is.
  assert.equal(wrong, 0)
  for (let i = 0; i < 200_000; i += 97) assert.equal(seen.meet(`K${i}`), true)
  assert.equal(seen.meet(''), false)
  assert.equal(seen.meet(''), true)
})
