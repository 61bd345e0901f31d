/**
 * The faults and traps seen in pools of this class, one test each (peers: claims, null times, stale countdowns, several pools, silent ways of getting
 * a customer, details of others' customers, customers that arrive empty, crude reclaim rules, pieces left behind). Each would fail on the fault.
 */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { reclaimDue } from '../../src/server/pool/reclaim.ts'
import { makePoolCompany, POLICY, type PoolCompany, TERMS } from './world.ts'

let w: PoolCompany
let poolId: string
let repId: string
before(async () => {
  w = await makePoolCompany({ accounts: 500, people: 60 })
  poolId = await w.makePool()
  repId = await w.idOf('rep')
  // Sixty customers of the rep about which nothing is known.
  const taken = (
    await w.rows<{ id: string }>(
      `select account_id::text as id from account_placement where model_id = $1 and owner_id is not null order by account_id limit 60`,
      [await w.model()],
    )
  ).map(r => r.id)
  for (const table of ['note', 'task', 'opportunity', 'approval_request'])
    await w.db.owner.query(`delete from ${table} where account_id = any($1::bigint[])`, [taken])
  await w.must(w.send('ops', 'POST', '/api/assignments', { ids: taken, toId: repId, reason: 'x' }))
  await w.savePolicies([POLICY])
})
after(() => w.close())

type Clock = { state: string; due: number; since: number; guard: string | null; owner: string }
const clockOf = async (id: string): Promise<Clock | undefined> =>
  (
    await w.rows<Clock>(
      `select state, extract(epoch from due_at - now())::float8 / 86400 as due, extract(epoch from now() - owner_since)::float8 / 86400 as since, guard, owner_id::text as owner from pool_clock where account_id = $1`,
      [id],
    )
  )[0]
/** Lets so many days pass for a customer: everything about it becomes older. */
const age = async (id: string, days: number) => {
  const by = `make_interval(days => ${days})`
  await w.db.owner.query(`update note set created_at = created_at - ${by} where account_id = $1`, [id])
  await w.db.owner.query(`update task set done_at = done_at - ${by} where account_id = $1`, [id])
  await w.db.owner.query(`update opportunity set created_at = created_at - ${by}, updated_at = updated_at - ${by} where account_id = $1`, [id])
  await w.db.owner.query(`update pool_clock set owner_since = owner_since - ${by}, due_at = due_at - ${by} where account_id = $1`, [id])
}
const night = async (run: string) => reclaimDue(w.db.bulk, '1', run, '1', async () => undefined)
const ownerOf = async (id: string) =>
  (
    await w.one<{ o: string | null }>('select owner_id::text as o from account_placement where account_id = $1 and model_id = $2', [
      id,
      await w.model(),
    ])
  ).o
const untouched = async (n: number): Promise<string[]> =>
  (
    await w.rows<{ id: string }>(
      `select p.account_id::text as id from account_placement p where p.owner_id = $1 and p.model_id = $2 and not exists (select 1 from note n where n.account_id = p.account_id)
          and not exists (select 1 from opportunity o where o.account_id = p.account_id) and not exists (select 1 from approval_request r where r.account_id = p.account_id) order by p.account_id limit $3`,
      [repId, await w.model(), n],
    )
  ).map(r => r.id)

test('peers 4.1: of two who claim at once one has it, and the other is told whom it went to', async () => {
  const [id] = await untouched(1)
  assert.equal((await w.give('rep', id!)).status, 200)
  const claims = await Promise.all(['manager', 'ops', 'admin', 'director.s'].map(login => w.send(login, 'POST', '/api/pools/claims', { ids: [id] })))
  const outcomes = claims.filter(c => c.status === 200).map(c => c.body.outcomes[0])
  assert.equal(outcomes.filter(o => o.ok).length, 1)
  assert.ok(outcomes.filter(o => !o.ok).every(o => o.code === 'pool.lost' && /took it at/.test(o.words)))
  assert.equal((await w.rows(`select 1 from ownership_act where account_id = $1 and kind = 'claim'`, [id])).length, 1)
})

test('peers 4.2: without any follow-up the time counts from getting it; an open deal or a waiting request is not reclaimed', async () => {
  const [fresh, deal, quiet] = await untouched(3)
  for (const id of [fresh!, deal!, quiet!])
    await w.must(w.send('ops', 'POST', `/api/accounts/${id}/assign`, { ownerId: await w.idOf('manager'), reason: 'x' }))
  assert.ok(Math.abs((await clockOf(fresh!))!.due - 30) < 0.1, 'nobody ever spoke to it, and it has thirty days')
  await w.must(w.send('manager', 'POST', `/api/accounts/${deal}/opportunities`, { name: '在谈', amount: null, closeOn: null }))
  await age(deal!, 200)
  await age(quiet!, 31)
  // A rule that takes an unknown time for long ago, and knows no guard, would take all three.
  const crude = await w.rows<{ id: string }>(
    `select a.id::text from account a left join lateral (select max(created_at) as at from note n where n.account_id = a.id) l on true where a.id = any($1::bigint[]) and (l.at is null or l.at < now() - interval '30 days')`,
    [[fresh, deal, quiet]],
  )
  assert.equal(crude.length, 3)
  await night('trap2')
  assert.equal(await ownerOf(fresh!), await w.idOf('manager'))
  assert.equal(await ownerOf(deal!), await w.idOf('manager'))
  assert.equal(await ownerOf(quiet!), null, 'what is due is taken')
  assert.equal((await clockOf(deal!))!.guard, 'openDeal')
  const act = await w.one<{ detail: { trigger: string; days: number } }>(
    `select detail from ownership_act where account_id = $1 and kind = 'reclaim'`,
    [quiet],
  )
  assert.deepEqual([act.detail.trigger, act.detail.days], ['followUp', 30])
})

test('peers 4.3: the countdown is right again in the request that wrote the follow-up; empty and copied ones do not move it', async () => {
  const ids = await untouched(8)
  const [id, ...others] = ids as [string, ...string[]]
  await age(id, 20)
  await w.must(w.send('rep', 'POST', `/api/accounts/${id}/notes`, { text: '...' }))
  assert.ok((await clockOf(id))!.due < 11, 'dots are no follow-up')
  const told = await w.send('rep', 'GET', `/api/accounts/${id}/clock`)
  assert.equal(told.body.clock.ignored.why, 'empty')
  await w.must(w.send('rep', 'POST', `/api/accounts/${id}/notes`, { text: '和厂长谈了换型计划' }))
  assert.ok(Math.abs((await clockOf(id))!.due - 30) < 0.1)
  for (const other of others) await age(other, 20)
  const same = '已联系客户,暂无需求变化'
  for (const other of others.slice(0, 4)) await w.must(w.send('rep', 'POST', `/api/accounts/${other}/notes`, { text: same }))
  assert.ok((await clockOf(others[0]!))!.due > 29, 'so far it counts')
  await w.must(w.send('rep', 'POST', `/api/accounts/${others[4]}/notes`, { text: same }))
  for (const other of others.slice(0, 5)) assert.ok((await clockOf(other))!.due < 11, 'the fifth alike takes all of them with it')
})

test('peers 4.4: a customer stands in one pool only, and a changed rule holds the same day', async () => {
  const [id] = await untouched(1)
  assert.equal((await w.give('rep', id!)).status, 200)
  const near = await w.makePool({ name: '近', position: 0 })
  const where = async () =>
    (await w.rows<{ p: string }>('select pool_id::text as p from pool_entry where account_id = $1 and model_id = $2', [id, await w.model()])).map(
      r => r.p,
    )
  assert.deepEqual(await where(), [near], 'the first in order has it, and it alone')
  await w.changePool(near, { condition: { field: 'tier', op: 'in', values: ['KA'] } })
  const { tier } = await w.one<{ tier: string | null }>('select tier from account where id = $1', [id])
  assert.deepEqual(await where(), [tier === 'KA' ? near : poolId])
  await w.changePool(near, { open: false })
  assert.deepEqual(await where(), [poolId])
})

test('peers 4.5: every way of getting a customer starts the clock; no pool named still has an end; off and on again reclaims nobody', async () => {
  const ids = await untouched(6)
  const [one, many, rule, moved] = ids as [string, string, string, string]
  const to = await w.idOf('manager')
  for (const id of ids) await age(id, 25)
  await w.must(w.send('ops', 'POST', `/api/accounts/${one}/assign`, { ownerId: to, reason: 'x' }))
  await w.must(w.send('ops', 'POST', '/api/assignments', { ids: [many], toId: to, reason: 'x' }))
  for (const id of [one, many]) {
    const clock = (await clockOf(id))!
    assert.deepEqual([clock.owner, clock.state, Math.round(clock.due)], [to, 'running', 30])
  }
  // A rule assigns: it lands in another territory, whose lead gets it.
  const row = await w.send('ops', 'GET', `/api/accounts/${rule}`)
  await w.must(w.send('ops', 'PATCH', `/api/accounts/${rule}`, { values: { division: '440305' } }, { 'if-match': String(row.body.rowVersion) }))
  assert.notEqual(await ownerOf(rule), repId)
  const ruled = (await clockOf(rule))!
  assert.deepEqual([ruled.owner, Math.round(ruled.due)], [await ownerOf(rule), 30])
  // A change that keeps the owner keeps the time.
  assert.ok((await clockOf(moved))!.due < 6)
  const kept = await w.send('ops', 'GET', `/api/accounts/${moved}`)
  await w.must(
    w.send('ops', 'PATCH', `/api/accounts/${moved}`, { values: { website: 'https://x.example' } }, { 'if-match': String(kept.body.rowVersion) }),
  )
  assert.ok((await clockOf(moved))!.due < 6)

  const settings = (await w.send('ops', 'GET', '/api/pool-settings')).body
  const policy = settings.policies[0]
  const { rowVersion: _, graceUntil: __, ...body } = policy
  await age(moved, 40)
  const overdue = (await clockOf(moved))!.due
  assert.ok(overdue < 0)
  const save = async (enabled: boolean) => {
    const { rowVersion } = (await w.send('ops', 'GET', '/api/pool-settings')).body
    await w.must(w.send('ops', 'PUT', '/api/pool-policies', { policies: [{ ...body, enabled }] }, { 'if-match': String(rowVersion) }))
    await w.settle()
  }
  await save(false)
  assert.equal((await clockOf(moved))!.state, 'none')
  await night('off')
  await save(true)
  const again = (await clockOf(moved))!
  assert.equal(again.guard, 'grace')
  assert.ok(again.due > 6.9 && again.due < 7.1, 'switched on again it leaves the grace, and it is said')
  assert.ok(again.since > 60, 'and what it counts from was not lost')
  await night('on')
  assert.equal(await ownerOf(moved), repId, 'nobody is reclaimed by what was switched on a minute ago')
  const saved = (await w.send('ops', 'GET', '/api/pool-settings')).body
  await w.must(w.send('ops', 'PUT', '/api/pool-policies', { policies: [{ ...body, name: '换个名字' }] }, { 'if-match': String(saved.rowVersion) }))
  await w.settle()
  const renamed = (await w.send('ops', 'GET', '/api/pool-settings')).body.policies[0]
  assert.equal(renamed.graceUntil, saved.policies[0].graceUntil, 'another name is no other rule')
  await w.savePolicies([{ ...body }])
})

test('peers 4.6: the detail of an entry tells a stranger nothing, and a member no more than the list', async () => {
  const [id] = await untouched(1)
  await w.db.owner.query(
    `insert into contact (tenant_id, account_id, name, phone, created_at, updated_at) values (1, $1, '沈若兰', '+8613812342217', now(), now())`,
    [id],
  )
  await w.db.owner.query('delete from contact where account_id = $1 and phone <> $2', [id, '+8613812342217'])
  assert.equal((await w.give('rep', id!)).status, 200)
  const entry = await w.send('rep', 'GET', `/api/pools/${poolId}/entries/${id}`)
  assert.equal(entry.status, 200, entry.text)
  assert.deepEqual([entry.body.contact, entry.body.phone], ['沈**', '138****2217'])
  for (const url of [
    `/api/accounts/${id}`,
    `/api/accounts/${id}/timeline`,
    `/api/accounts/${id}/clock`,
    `/api/why/account/${id}`,
    `/api/accounts/${id}/ownership`,
  ])
    assert.equal((await w.send('rep', 'GET', url)).status, 404, url)
  await w.changePool(poolId, { members: { everyone: false, users: [await w.idOf('hq')], departments: [], teams: [], roles: [] } })
  assert.equal((await w.send('rep', 'GET', `/api/pools/${poolId}/entries/${id}`)).status, 404)
  assert.equal((await w.send('rep', 'POST', '/api/pools/claims', { ids: [id] })).body.outcomes[0].code, 'pool.gone')
  await w.changePool(poolId, { members: { everyone: true, users: [], departments: [], teams: [], roles: [] } })
})

test('peers 6.12: rules by tier and field, and where to: by the rule’s own word, by hand, or the first that fits', async () => {
  const [ka, other, hand] = await untouched(3)
  await w.db.owner.query(`update account set tier = case when id = $1 then 'KA' else 'SMB' end where id = any($2::bigint[])`, [ka, [ka, other, hand]])
  const special = await w.makePool({ name: '大客户池', position: 7 })
  const terms = (days: number) => ({ ...TERMS, triggers: [{ kind: 'followUp', days }] })
  await w.savePolicies([
    { ...POLICY, name: 'KA', condition: { field: 'tier', op: 'in', values: ['KA'] }, terms: terms(10), toPoolId: special },
    { ...POLICY, name: '其他', terms: terms(60) },
  ])
  for (const id of [ka!, other!]) await age(id, 20)
  await night('tier')
  assert.equal(await ownerOf(ka!), null)
  assert.equal(await ownerOf(other!), repId)
  assert.equal(
    (await w.one<{ p: string }>('select pool_id::text as p from pool_entry where account_id = $1 and model_id = $2', [ka, await w.model()])).p,
    special,
  )
  const back = await w.send('rep', 'POST', `/api/accounts/${hand}/return`, { reason: 'other', remark: null, poolId: special })
  assert.equal(back.body.poolId, special)
  const refused = await w.send('rep', 'POST', `/api/accounts/${other}/return`, { reason: 'because', remark: null, poolId: null })
  assert.equal(refused.status, 400, 'a reason from the list is asked for')
  await w.savePolicies([POLICY])
})

test('peers 6.14: who leaves hands over, and the successor’s clocks begin anew; nothing stays behind', async () => {
  const { login: person, id: who } = await w.one<{ login: string; id: string }>(
    `select u.login, u.id::text from app_user u join account_placement p on p.owner_id = u.id and p.model_id = $1 where u.login like 'rep0%' group by u.login, u.id having count(*) >= 3 order by count(*) limit 1`,
    [await w.model()],
  )
  const had = await w.accountsOf(person)
  for (const id of had.slice(0, 3)) await age(id, 29)
  const user = await w.one<{ v: number }>('select row_version as v from app_user where id = $1', [who])
  await w.must(w.send('admin', 'POST', `/api/users/${who}/deactivate`, { successorId: await w.idOf('manager') }, { 'if-match': String(user.v) }))
  await w.settle()
  const left = await w.rows('select 1 from pool_clock where owner_id = $1', [who])
  assert.deepEqual(left, [])
  for (const id of had.slice(0, 3)) {
    const clock = await clockOf(id)
    if (clock?.state === 'running') assert.ok(clock.due > 29.9, 'the new owner has the whole time')
  }
})
