/** A process that dies in the middle of an import costs nothing: the next one goes on, and every row is there once, with the id it would have had. */
import test from 'node:test'
import { crashTest } from './support/import-crash.ts'

test('killed twice at random moments, an import leaves what an undisturbed one leaves', { timeout: 120_000 }, () =>
  crashTest(3_000, 150, 2, Number(process.env.SEED ?? (Math.random() * 2 ** 31) | 0)),
)
