/** A process that materialises and activates is killed: readers see the old model or the new one, whole. The long run is in test/slow. */
import test from 'node:test'
import { activationCrashTest } from './support/activation-crash.ts'

test('activation is all or nothing, whenever a process dies', { timeout: 240_000 }, () =>
  activationCrashTest(3_000, 4, 40, Number(process.env.SEED ?? (Math.random() * 2 ** 31) | 0)),
)
