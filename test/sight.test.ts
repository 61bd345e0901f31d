/** Sight: random requests of random people over every way to an account agree with an oracle; planted defects are caught. */
import test from 'node:test'
import { huntLeaks } from './sight/hunt.ts'

test('every answer is what the oracle says, and a hole in the fence is found', { timeout: 280_000 }, t =>
  huntLeaks(t, 2_000, defects =>
    defects.filter(d => /fence of (account|contact) asks|ancestor|stranger|may see may change|company meets/.test(d.name)),
  ),
)
