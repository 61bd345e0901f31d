/** 200,000 accounts, fifty kills around materialisation and activation. */
import test from 'node:test'
import { activationCrashTest } from '../support/activation-crash.ts'

test('activation is all or nothing, whenever a process dies', { timeout: 2_400_000 }, () =>
  activationCrashTest(200_000, 50, 1_000, Number(process.env.SEED ?? (Math.random() * 2 ** 31) | 0)),
)
