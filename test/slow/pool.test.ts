/** The pool at full size: 200 clients at 10,000 records, ten thousand questions about what is masked, a hundred thousand reclaimed in one night. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { reclaimDue } from '../../src/server/pool/reclaim.ts'
import { answers, hide, questions, SECRETS } from '../pool/attack.ts'
import { faultsAfter, others, prepareRace, productClaim, race } from '../pool/race.ts'
import { makePoolCompany, POLICY } from '../pool/world.ts'

const SEED = Number(process.env.SEED ?? (Math.random() * 2 ** 31) | 0)

test('200 clients, 10,000 records, 40,000 attempts, two sessions a person', { timeout: 1_700_000 }, async t => {
  console.log(`# seed ${SEED}`)
  const size = { clients: 200, records: 10_000, attempts: 40_000, cap: 40, seed: SEED }
  const w = await makePoolCompany({ accounts: 10_600, people: 200 })
  t.after(() => w.close())
  const { people, records, modelId } = await prepareRace(w, size)
  assert.equal(people.length, 100)
  const result = await race(size, people, records, await productClaim(w, people), others(w, people, records))
  console.log(`# ${result.won.length} claims, ${result.rate} attempts/s, p50 ${result.p50} p95 ${result.p95} p99 ${result.p99} ms`)
  assert.deepEqual(await faultsAfter(w, modelId, size.cap), [])
  assert.ok(result.won.length >= 3_900)
  if (process.env.JIANGYU_QUIET === '1') assert.ok(result.p99 <= 500, `p99 ${result.p99} ms`)
})

test('ten thousand questions learn nothing of a masked value', { timeout: 1_700_000 }, async t => {
  const w = await makePoolCompany({ accounts: 300, people: 50 })
  t.after(() => w.close())
  const poolId = await w.makePool()
  const [id] = await w.accountsOf('rep')
  await w.must(w.give('rep', id!))
  const asked = questions(id!, poolId, 10_000, SEED)
  await hide(w, id!, SECRETS[0])
  const first = await answers(w, 'rep', asked)
  await hide(w, id!, SECRETS[1])
  const second = await answers(w, 'rep', asked)
  const differing = asked.filter((_, i) => first[i] !== second[i])
  assert.deepEqual(differing, [])
})

test('a hundred thousand reclaimed in pieces while somebody writes', { timeout: 1_700_000 }, async t => {
  const w = await makePoolCompany({ accounts: 104_000, people: 200 })
  t.after(() => w.close())
  await w.makePool()
  await w.savePolicies([{ ...POLICY, terms: { ...POLICY.terms, guards: [] } }])
  await w.db.owner.query(`update note set created_at = created_at - interval '400 days'`)
  await w.db.owner.query(`update task set done_at = done_at - interval '400 days'`)
  await w.db.owner.query(`update opportunity set created_at = created_at - interval '400 days', updated_at = updated_at - interval '400 days'`)
  await w.db.owner.query(`update pool_clock set owner_since = owner_since - interval '400 days', due_at = due_at - interval '400 days'`)
  const due = await w.one<{ n: number }>(`select count(*)::int as n from pool_clock where state = 'running' and due_at < now()`)
  assert.ok(due.n >= 95_000, `${due.n} due`)
  const times: number[] = []
  let over = false
  const [mine] = await w.rows<{ id: string }>(
    `select account_id::text as id from account_placement where owner_id is null and model_id = $1 limit 1`,
    [await w.model()],
  )
  const writer = (async () => {
    while (!over) {
      const begun = performance.now()
      await w.send('ops', 'POST', `/api/accounts/${mine!.id}/notes`, { text: '夜里也有人在写跟进' })
      times.push(performance.now() - begun)
    }
  })()
  const begun = performance.now()
  const n = await reclaimDue(w.db.bulk, '1', 'slow', '1', async () => undefined)
  over = true
  await writer
  times.sort((a, b) => a - b)
  console.log(
    `# ${n} reclaimed in ${Math.round((performance.now() - begun) / 1000)} s; a writer meanwhile: p50 ${Math.round(times[times.length >> 1]!)} worst ${Math.round(times.at(-1)!)} ms`,
  )
  assert.equal(n, due.n)
  assert.ok(times.at(-1)! < 3_000, 'nobody waits for the night')
})
