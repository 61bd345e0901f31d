/** Every benchmark at a small size, for its check of correctness alone: both sides of each must give the same. No time is judged here. */
import assert from 'node:assert/strict'
import test from 'node:test'
import pg from 'pg'
import { benchActivation, benchFirstPage } from '../bench/database.ts'
import { benchEndToEnd } from '../bench/end-to-end.ts'
import { benchImpact } from '../bench/impact.ts'
import { benchImport } from '../bench/import.ts'
import { benchIntake } from '../bench/intake.ts'
import { benchMatch } from '../bench/match.ts'
import { benchProof } from '../bench/proof.ts'
import { createTestDatabase } from './support/database.ts'

const server = process.env.JIANGYU_TEST_SERVER ?? ''

test('matching: index, generated code and SQL write the same pairs', async t => {
  const db = await createTestDatabase()
  t.after(() => db.drop())
  const client = new pg.Client({ connectionString: db.ownerUrl })
  await client.connect()
  for (const territories of [200, 2_000]) assert.deepEqual(await benchMatch(client, 20_000, territories, null), [])
  await client.end()
})
test('end to end: both sides leave the same rows', async () => assert.deepEqual(await benchEndToEnd(server, 3_000, 200, true), []))
test('first page: ours and the mapper’s hold the same accounts', async () => assert.deepEqual(await benchFirstPage(server, 3_000, true), []))
test('activation takes effect at once, forth and back', async () => assert.deepEqual(await benchActivation(server, true), []))
test('import: rows, keys and divisions as in the file', async () => assert.deepEqual(await benchImport(server, 2_000, true), []))
test('impact: what a draft foresees is what its rows then say', async () => assert.deepEqual(await benchImpact(server, 3_000, 200, true), []))
test('proof: what the engine says of random records, and the same after an edit with and without memory', async () =>
  assert.deepEqual(await benchProof(300, 1, true), []))
test('intake: every acknowledged lead is there once and whole, by every way', async () =>
  assert.deepEqual(await benchIntake(server, 2_000, 0.5, 1, true), []))
