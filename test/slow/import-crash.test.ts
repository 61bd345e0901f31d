/** The same as test/import-crash.test.ts with 100,000 rows and twenty deaths. */
import test from 'node:test'
import { crashTest } from '../support/import-crash.ts'

test('killed twenty times at random moments, an import of 100,000 rows leaves what an undisturbed one leaves', { timeout: 25 * 60_000 }, () =>
  crashTest(100_000, 1_000, 20, Number(process.env.SEED ?? (Math.random() * 2 ** 31) | 0)),
)
