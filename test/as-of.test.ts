/** As of and as known at: after any mix of dated events and late corrections every answer about the past is what was seen then. */
import test from 'node:test'
import { replayPast } from './as-of/replay.ts'

test('800 dated events: the past is answered as it was, and as it was believed', { timeout: 280_000 }, t =>
  replayPast(t, Number(process.env.EVENTS ?? 800), line => console.log(`# ${line}`)),
)
