/** As of and as known at, at length. */
import test from 'node:test'
import { replayPast } from '../as-of/replay.ts'

test('10,000 dated events: the past is answered as it was, and as it was believed', { timeout: 28 * 60_000 }, t =>
  replayPast(t, 10_000, line => console.log(`# ${line}`)),
)
