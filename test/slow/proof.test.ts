/** The proof of coverage against trying everything, on 10,000 random models. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { checkWorlds } from '../territory/check-proof.ts'

test('10,000 random models: no false answer either way', { timeout: 600_000 }, () => {
  const seed = Number(process.env.SEED ?? (Math.random() * 2 ** 31) | 0)
  console.log(`# seed ${seed}`)
  const told = checkWorlds(seed, 10_000)
  for (const [answer, times] of Object.entries(told)) assert.ok(times > 300, `${answer}: ${times}`)
})
