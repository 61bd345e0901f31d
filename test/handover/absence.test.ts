/** An absence: lent by share or by ownership from its day, back again on its day or before, clocks neither begun anew nor run out. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { absentAt } from '../../src/server/assignment/handover/absence.ts'
import { inTenant } from '../../src/server/kernel/transaction.ts'
import { POLICY, withPool } from '../pool/world.ts'
import { type HandoverCompany, makeHandoverCompany } from './world.ts'

let w: HandoverCompany
let pool: ReturnType<typeof withPool>
before(async () => {
  w = await makeHandoverCompany({ accounts: 300, people: 60, seed: 5 })
  pool = withPool(w)
  await w.db.owner.query('delete from pool_policy')
  await pool.savePolicies([{ ...POLICY, terms: { ...POLICY.terms, guards: [], triggers: [{ kind: 'held', days: 30 }] } }])
})
after(() => w.close())

const inDays = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10)
const clocks = async (): Promise<Map<string, { owner: string; due: number; since: number }>> =>
  new Map(
    (
      await w.rows<{ id: string; owner: string; due: number; since: number }>(
        'select account_id::text as id, owner_id::text as owner, extract(epoch from due_at)::float8 / 86400 as due, extract(epoch from owner_since)::float8 / 86400 as since from pool_clock',
      )
    ).map(({ id, ...clock }) => [id, clock]),
  )

test('owned by the substitute: what changed meanwhile stays, the rest comes back, and its clock goes on where it was', async () => {
  const { rep, manager, ops } = w.ids
  // He had them for 25 of 30 days: a substitute could lose them in five.
  await w.db.owner.query(`update pool_clock set owner_since = now() - interval '25 days' where owner_id = $1`, [rep])
  await w.db.owner.query('update pool_setting set stamp = stamp + 1')
  await w.must(
    'ops',
    'PUT',
    '/api/pool-policies',
    {
      policies: (await w.must('ops', 'GET', '/api/pool-settings')).policies.map(
        ({ rowVersion: _, graceUntil: __, ...p }: Record<string, unknown>) => p,
      ),
    },
    { 'if-match': String((await w.one<{ v: number }>('select row_version as v from pool_setting')).v) },
  )
  await w.settle()
  const before = await clocks()
  const mine = await w.accountsOf('rep')
  const { id } = await w.draft('ops', 'absence', rep, { rule: w.lentRule(manager), endsOn: inDays(39) })
  await w.run('ops', id)
  assert.deepEqual(await w.accountsOf('rep'), [])
  const during = await clocks()
  for (const a of mine) {
    assert.equal(during.get(a)!.owner, manager)
    assert.ok(during.get(a)!.due > Date.now() / 86_400_000 + 39, 'it cannot run out before the absence ends')
  }
  const [changed, ...rest] = mine
  await w.must('ops', 'POST', `/api/accounts/${changed}/assign`, { ownerId: ops, reason: '急' })
  // Ten days later.
  await w.db.owner.query(`update handover_item set moved_at = moved_at - interval '10 days' where handover_id = $1`, [id])
  await w.back('ops', id)
  assert.deepEqual(await w.accountsOf('rep'), rest)
  assert.equal(await w.owner(changed!), ops)
  const told = (await w.items('ops', id)).find(i => i.id === changed)!
  assert.deepEqual([told.returnedAt, told.refused.code], [null, 'handover.changed'])
  const after = await clocks()
  for (const a of rest) {
    assert.ok(Math.abs(after.get(a)!.since - before.get(a)!.since) < 0.01, 'not begun anew')
    assert.ok(Math.abs(after.get(a)!.due - before.get(a)!.due - 10) < 0.01, `moved by its length: ${after.get(a)!.due - before.get(a)!.due}`)
  }
  assert.equal((await inTenant(w.db.app, '1', tx => absentAt(tx, '1', new Date().toISOString()))).has(rep), false)
})

test('lent by a share: he stays the owner, the substitute edits, the clock waits; back before its day it moves by the days it took', async () => {
  const { rep } = w.ids
  const [substitute] = await w.others()
  const before = await clocks()
  const mine = await w.accountsOf('rep')
  const other = mine.at(-1)!
  const { id } = await w.draft('manager', 'absence', rep, { rule: w.lentRule(substitute!.id), mode: 'share', endsOn: inDays(6) })
  await w.run('manager', id)
  assert.deepEqual(await w.accountsOf('rep'), mine)
  assert.equal((await w.send(substitute!.login, 'POST', `/api/accounts/${other}/notes`, { text: '代他跟进一次' })).status, 200)
  const during = await clocks()
  for (const a of mine) assert.ok(during.get(a)!.due - before.get(a)!.due > 5.9, 'held for the length')
  assert.ok((await inTenant(w.db.app, '1', tx => absentAt(tx, '1', new Date().toISOString()))).has(rep))
  await w.back('manager', id)
  assert.equal((await w.rows('select 1 from account_share where user_id = $1 and until is not null', [substitute!.id])).length, 0)
  const after = await clocks()
  for (const a of mine) assert.ok(after.get(a)!.due - before.get(a)!.due < 0.1, 'back at once: nothing gained')
  assert.equal((await w.detail('manager', id)).state, 'returned')
})

test('on its day: nothing moves before, it goes and comes back by itself, and one that was dropped never begins', async () => {
  const { rep, manager } = w.ids
  const mine = await w.accountsOf('rep')
  const { id } = await w.draft('ops', 'absence', rep, { rule: w.lentRule(manager), startsOn: inDays(3), endsOn: inDays(10) })
  const dropped = await w.draft('ops', 'transfer', rep, { rule: w.rule(manager), startsOn: inDays(3) })
  for (const h of [id, dropped.id]) await w.run('ops', h)
  assert.deepEqual(await w.accountsOf('rep'), mine)
  assert.equal((await w.detail('ops', id)).state, 'scheduled')
  const there = (days: number) => inTenant(w.db.app, '1', tx => absentAt(tx, '1', new Date(Date.now() + days * 86_400_000).toISOString()))
  assert.deepEqual([(await there(0)).has(rep), (await there(5)).has(rep), (await there(12)).has(rep)], [false, true, false])
  await w.must('ops', 'POST', `/api/handovers/${dropped.id}/cancel`)
  // Its job was lost: it says so, and somebody takes it up.
  const job = `from job_run where state = 'waiting' and note->>'handoverId' = '${id}'`
  const { at } = await w.one<{ at: string }>(`select not_before::text as at ${job}`)
  assert.equal((await w.send('ops', 'POST', `/api/handovers/${id}/start`)).body.type, 'urn:jiangyu:handover.state')
  await w.db.owner.query(`delete ${job}`)
  assert.equal((await w.detail('ops', id)).stopped, true)
  await w.must('admin', 'POST', `/api/handovers/${id}/start`)
  assert.equal((await w.detail('ops', id)).stopped, false)
  assert.deepEqual(await w.one(`select not_before::text as at ${job}`), { at }, 'still on its day')
  await w.db.owner.query(`update job_run set not_before = now() where state = 'waiting'`)
  await w.settle()
  assert.deepEqual(await w.accountsOf('rep'), [])
  assert.equal((await w.detail('ops', dropped.id)).state, 'cancelled')
  assert.equal((await w.detail('ops', id)).state, 'done')
  await w.db.owner.query(`update job_run set not_before = now() where state = 'waiting'`)
  await w.settle()
  assert.deepEqual(await w.accountsOf('rep'), mine)
  assert.equal((await w.detail('ops', id)).state, 'returned')
})
