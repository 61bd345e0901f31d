/** The race for a pool, small: no double claim, no limit passed, the owner is that of the last act; and the look afterwards notices a faulty claim. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { faultsAfter, others, prepareRace, productClaim, race, readThenWrite } from './race.ts'
import { makePoolCompany } from './world.ts'

const SEED = Number(process.env.SEED ?? (Math.random() * 2 ** 31) | 0)

test('40 clients at 1,000 records: nobody twice, nobody over, everything told as it is', { timeout: 280_000 }, async t => {
  console.log(`# seed ${SEED}`)
  const size = { clients: 40, records: 1_000, attempts: 2_000, cap: 20, seed: SEED }
  const w = await makePoolCompany({ accounts: 1_050, people: 60 })
  t.after(() => w.close())
  const { people, records, modelId } = await prepareRace(w, size)
  assert.equal(records.length, 1_000)
  const result = await race(size, people, records, await productClaim(w, people), others(w, people, records))
  console.log(`# ${result.won.length} claims, ${result.rate}/s, p50 ${result.p50} p95 ${result.p95} p99 ${result.p99} ms`)
  assert.ok(result.won.length >= people.length * 10, 'there was a race at all')
  assert.deepEqual(await faultsAfter(w, modelId, size.cap), [])
})

test('the same look notices a claim that reads and then writes', { timeout: 280_000 }, async t => {
  const size = { clients: 40, records: 120, attempts: 2_000, cap: 3, seed: SEED }
  const w = await makePoolCompany({ accounts: 260, people: 60 })
  t.after(() => w.close())
  const { people, records, modelId } = await prepareRace(w, size)
  assert.equal(modelId, '2')
  await race(size, people, records, readThenWrite(w, size.cap))
  const faults = await faultsAfter(w, modelId, size.cap)
  assert.ok(
    faults.some(f => f.startsWith('double claim')),
    'double claims are seen',
  )
  assert.ok(
    faults.some(f => f.includes('holds')),
    'passed limits are seen',
  )
})
