/**
 * The nightly reclaim and what is foretold of it: in small pieces, again after a crash, one notice a person; the forecast is what then happens; steps
 * open by the clock alone; protection, extension and lock hold; the effect of a rule is computed and not done.
 */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { beatPools } from '../../src/server/pool/jobs.ts'
import { reclaimDue } from '../../src/server/pool/reclaim.ts'
import { warn } from '../../src/server/pool/warn.ts'
import { makePoolCompany, POLICY, type PoolCompany, TERMS } from './world.ts'

let w: PoolCompany
let poolId: string
before(async () => {
  w = await makePoolCompany({ accounts: 700, people: 60 })
  poolId = await w.makePool()
  await w.savePolicies([POLICY])
})
after(() => w.close())

const days = (n: number) => `make_interval(secs => ${Math.round(n * 86_400)})`
/** Some out of the pool, without any request or deal, to a person. */
const giveTo = async (login: string, n: number): Promise<string[]> => {
  const ids = (
    await w.rows<{ id: string }>(
      `select account_id::text as id from pool_entry e where model_id = $1 and not exists (select 1 from approval_request r where r.account_id = e.account_id)
          and not exists (select 1 from opportunity o where o.account_id = e.account_id and o.stage = 'open') order by account_id limit $2`,
      [await w.model(), n],
    )
  ).map(r => r.id)
  await w.must(w.send('ops', 'POST', '/api/assignments', { ids, toId: await w.idOf(login), reason: 'x' }))
  return ids
}
/** Days pass for everybody. */
const passDays = async (n: number) => {
  for (const [table, columns] of [
    ['note', ['created_at']],
    ['task', ['done_at']],
    ['opportunity', ['created_at', 'updated_at']],
    ['approval_request', ['created_at', 'decided_at']],
    ['pool_clock', ['owner_since', 'due_at', 'base_at', 'last_at']],
    ['pool_protection', ['starts_at', 'until', 'ended_at']],
    ['pool_policy', ['grace_until']],
  ] as const)
    await w.db.owner.query(`update ${table} set ${columns.map(c => `${c} = ${c} - ${days(n)}`).join(', ')}`)
  await w.db.owner.query('update pool_setting set stamp = stamp + 1')
}

test('the forecast of thirty days is what then happens, and in pieces with a crash in the middle each is taken once', {
  timeout: 200_000,
}, async () => {
  const foretold = await w.send('ops', 'GET', `/api/pools/${poolId}/forecast`)
  assert.equal(foretold.status, 200, foretold.text)
  assert.ok(foretold.body.total > 50, `${foretold.body.total} foretold`)
  assert.ok(foretold.body.exempt > 0)
  assert.equal(
    foretold.body.days.reduce((n: number, d: { reclaimed: number }) => n + d.reclaimed, 0),
    foretold.body.total,
  )
  const held = (
    await w.rows<{ n: number }>('select count(*)::int as n from account_placement where owner_id is not null and model_id = $1', [await w.model()])
  )[0]!.n
  await passDays(30)
  let pieces = 0
  const crash = reclaimDue(
    w.db.bulk,
    '1',
    'night1',
    '1',
    async () => {
      pieces += 1
      if (pieces === 2) throw new Error('the server dies here')
    },
    20,
  )
  await assert.rejects(crash, /dies here/)
  const half = (await w.rows(`select 1 from ownership_act where kind = 'reclaim'`)).length
  assert.ok(half > 0 && half <= 40)
  // Somebody follows up meanwhile: it is decided again under the lock.
  const due = await w.one<{ id: string; login: string }>(
    `select k.account_id::text as id, u.login from pool_clock k join app_user u on u.id = k.owner_id where k.state = 'running' and k.due_at < now() order by k.account_id desc limit 1`,
  )
  await w.must(w.send(due.login, 'POST', `/api/accounts/${due.id}/notes`, { text: '刚刚通过电话,约好下周见' }))
  await reclaimDue(w.db.bulk, '1', 'night1', '1', async () => undefined, 20)
  const acts = await w.rows<{ id: string; n: number; prior: string }>(
    `select account_id::text as id, count(*)::int as n, min(prior_owner_id)::text as prior from ownership_act where kind = 'reclaim' group by account_id`,
  )
  assert.ok(acts.every(a => a.n === 1))
  assert.ok(!acts.some(a => a.id === due.id), 'the follow-up of a minute ago counts')
  assert.equal(acts.length, foretold.body.total - 1)
  const now = (
    await w.rows<{ n: number }>('select count(*)::int as n from account_placement where owner_id is not null and model_id = $1', [await w.model()])
  )[0]!.n
  assert.equal(held - now, acts.length)
  const notices = await w.rows<{ user: string; n: number }>(
    `select user_id::text as user, sum((payload->>'n')::int)::int as n from notification where kind = 'pool.reclaimed' group by user_id having count(*) = 1`,
  )
  assert.equal(
    notices.reduce((n, r) => n + r.n, 0),
    acts.length,
    'each owner is told once, for all of it',
  )
  assert.equal((await w.rows(`select 1 from audit where kind = 'account.reclaim'`)).length, acts.length)
})

test('a night begins by itself, once a day; a new model in force has its clocks computed', { timeout: 100_000 }, async () => {
  await w.saveRules({ reclaimHour: 0 })
  await beatPools(w.db.bulk)
  await beatPools(w.db.bulk)
  assert.equal((await w.rows(`select 1 from job_run where kind = 'pool.night'`)).length, 1)
  await w.settle()
})

test('warnings come once for each day named, and the leader is told when it becomes serious', { timeout: 100_000 }, async () => {
  await w.savePolicies([{ ...POLICY, terms: { ...TERMS, warnDays: [7, 3], escalateDays: 3 } }])
  const { id, login } = await w.one<{ id: string; login: string }>(
    `select k.account_id::text as id, u.login from pool_clock k join app_user u on u.id = k.owner_id join department d on d.id = u.department_id and d.leader_id <> u.id where k.state = 'running' and k.due_at > now() + interval '8 days' limit 1`,
  )
  const told = async (kind: string) => (await w.rows(`select 1 from notification where kind = $1 and account_id = $2`, [kind, id])).length
  const owner = await w.idOf(login)
  await w.db.owner.query(`update pool_clock set due_at = now() + interval '20 days' where owner_id = $1 and account_id <> $2`, [owner, id])
  const set = (n: number) =>
    w.db.owner.query(`update pool_clock set due_at = date_trunc('day', now()) + make_interval(days => $2, hours => 23) where account_id = $1`, [
      id,
      n,
    ])
  await set(5)
  await warn(w.db.bulk, '1')
  await warn(w.db.bulk, '1')
  assert.equal(await told('pool.warned'), 1)
  await set(2)
  await warn(w.db.bulk, '1')
  assert.equal(await told('pool.warned'), 2)
  assert.ok((await w.rows(`select 1 from notification where kind = 'pool.warnedTeam'`)).length > 0)
})

test('protection is limited in number and length; a lock holds; extension is asked for, approved, and runs on from the end', {
  timeout: 100_000,
}, async () => {
  await w.savePolicies([POLICY])
  await w.saveRules({ protectMost: 1, protectDays: 60, extensionTimes: 1, extensionDays: 20 })
  const login = 'rep'
  const ids = await giveTo(login, 2)
  const [a, b] = ids as [string, string]
  const until = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString()
  const protect = (id: string, n: number) =>
    w.send(login, 'POST', `/api/accounts/${id}/protections`, { kind: 'protect', until: until(n), reason: '谈判中' })
  assert.match((await protect(a, 61)).text, /pool\.protectLong/)
  assert.equal((await protect(a, 50)).status, 200)
  assert.match((await protect(b, 10)).text, /pool\.protectFull/)
  const clock = async (id: string) => (await w.send(login, 'GET', `/api/accounts/${id}/clock`)).body
  assert.equal((await clock(a)).clock.guard, 'protected')
  const before = Date.parse((await clock(b)).clock.dueAt)
  assert.equal(
    (await w.send(login, 'POST', `/api/accounts/${b}/protections`, { kind: 'lock', until: null, reason: 'x' })).status,
    409,
    'a lock is not the owner’s',
  )
  const asked = await w.send(login, 'POST', '/api/approvals', { kind: 'account.extension', recordId: b, payload: { days: 20 }, why: '等预算' })
  assert.equal(asked.status, 200, asked.text)
  assert.equal((await clock(b)).clock.state, 'paused', 'what waits for an answer is not taken')
  const approver = await w.one<{ login: string }>('select login from app_user where id = $1', [asked.body.approver.id])
  await w.must(w.send(approver.login, 'POST', `/api/approvals/${asked.body.id}/decide`, { approve: true }, { 'if-match': '1' }))
  const later = await clock(b)
  assert.equal(later.clock.guard, 'extended')
  assert.ok(Math.abs(Date.parse(later.clock.dueAt) - before - 20 * 86_400_000) < 60_000)
  const again = await w.send(login, 'POST', '/api/approvals', { kind: 'account.extension', recordId: b, payload: { days: 5 }, why: '再等等' })
  assert.match(again.text, /pool\.extendTimes/)
  const stranger = await w.send('manager', 'POST', '/api/approvals', { kind: 'account.extension', recordId: a, payload: { days: 5 }, why: 'x' })
  assert.match(stranger.text, /pool\.notOwner/)
})

test('an entry opens step by step by the clock alone: no job runs', { timeout: 100_000 }, async () => {
  await w.changePool(poolId, {
    steps: [
      { up: 0, afterHours: 0 },
      { up: 1, afterHours: 24 },
      { up: null, afterHours: 96 },
    ],
  })
  const model = await w.model()
  const row = await w.one<{ id: string; own: string; near: string | null; far: string }>(
    `with recursive up(id, above, n) as (select t.id, t.id, 0 from territory t where t.model_id = $1 union all select up.id, t.parent_id, n + 1 from up join territory t on t.id = up.above and t.model_id = $1 where t.parent_id is not null),
            works as (select m.territory_id, m.member_role as role, u.id, u.login from territory_member m join app_user u on u.id = m.user_id and u.state = 'active' where m.ends_at is null and m.starts_at <= now()),
            -- Plain people: neither do they see everything, nor this customer by itself.
            plain as (select u.id, u.login from app_user u where u.state = 'active' and u.login like 'rep0%' and not exists (select 1 from user_role ur join role r on r.id = ur.role_id and r.sees_all where ur.user_id = u.id)),
            entry as (select e.account_id as id, e.territory_id as t, (select t.parent_id from territory t where t.model_id = $1 and t.id = e.territory_id) as parent,
              (select p.tokens from account_placement p where p.model_id = $1 and p.account_id = e.account_id) as tokens from pool_entry e where e.model_id = $1 and e.pool_id = $2 and e.territory_id is not null),
            -- How near each is: in the territory or below it, in that above it, elsewhere; nobody who leads one of those above.
            near as (select e.id, p.login, p.id as person, bool_or(up.above = e.t) as own, bool_or(up.above = e.parent) as region from entry e cross join plain p join works w on w.id = p.id join up on up.id = w.territory_id
              where e.parent is not null and not exists (select 1 from works x join up c on c.id = e.t and c.above = x.territory_id where x.id = p.id and x.territory_id <> e.t)
                and not p.id * 8 + 1 = any(e.tokens) and not exists (select 1 from team_member m where m.user_id = p.id and m.team_id * 8 + 2 = any(e.tokens)) group by 1, 2, 3)
     select id::text, min(login) filter (where own) as own, min(login) filter (where region and not own) as near, min(login) filter (where not region and not own) as far from near
      group by id having bool_or(own) and bool_or(region and not own) and bool_or(not region and not own) order by near.id limit 1`,
    [model, poolId],
  )
  const enter = (hours: number) =>
    w.db.owner.query(
      `update pool_entry set opens1 = opens1 - (entered_at - (now() - make_interval(hours => $2))), opens2 = opens2 - (entered_at - (now() - make_interval(hours => $2))), entered_at = now() - make_interval(hours => $2) where account_id = $1`,
      [row.id, hours],
    )
  const sees = async (login: string) => (await w.send(login, 'GET', `/api/pools/${poolId}/entries/${row.id}`)).status === 200
  await enter(23)
  assert.deepEqual([await sees(row.own), await sees(row.near!), await sees(row.far)], [true, false, false])
  const early = await w.send(row.near!, 'POST', '/api/pools/claims', { ids: [row.id] })
  assert.equal(early.body.outcomes[0].code, 'pool.notOpen')
  assert.ok(Math.abs(Date.parse(early.body.outcomes[0].until) - Date.now() - 3_600_000) < 60_000, 'and it says when')
  await enter(25)
  assert.deepEqual([await sees(row.own), await sees(row.near!), await sees(row.far)], [true, true, false])
  await enter(97)
  assert.deepEqual([await sees(row.own), await sees(row.near!), await sees(row.far)], [true, true, true])
  assert.equal((await w.send(row.far, 'POST', '/api/pools/claims', { ids: [row.id] })).body.claimed, 1)
})

test('the effect of a rule is told before it is saved, and nothing is done', { timeout: 100_000 }, async () => {
  await giveTo('rep', 30)
  await passDays(6)
  const state = `select md5(string_agg(p::text, '|' order by p.account_id)) as h from pool_clock p`
  const [before] = await w.rows(state)
  const effect = await w.send('ops', 'POST', '/api/pool-policies/preview', {
    policies: [{ ...POLICY, terms: { ...TERMS, triggers: [{ kind: 'followUp', days: 5 }] } }],
  })
  assert.equal(effect.status, 200, effect.text)
  const e = effect.body
  assert.ok(e.atOnce > 0 && e.after.within30 >= e.atOnce)
  assert.equal(
    e.byPolicy.reduce((n: number, r: { n: number }) => n + r.n, 0),
    e.after.within30,
  )
  assert.ok(e.exempt.length > 0 && e.samples.length > 0)
  assert.deepEqual((await w.rows(state))[0], before)
})

test('the dead end takes only what nothing hangs on, and only its admins see it', { timeout: 100_000 }, async () => {
  const dead = await w.makePool({ name: '死海', position: 50, deadEnd: true })
  const [entry] = await w.rows<{ id: string }>(
    `select account_id::text as id from pool_entry e where pool_id = $1 and model_id = $2 and not exists (select 1 from opportunity o where o.account_id = e.account_id and stage = 'open')
     and not exists (select 1 from task t where t.account_id = e.account_id and done_at is null) and not exists (select 1 from account c where c.parent_id = e.account_id) limit 1`,
    [poolId, await w.model()],
  )
  await w.db.owner.query(`insert into opportunity (tenant_id, account_id, name, created_at, updated_at) values (1, $1, 'o', now(), now())`, [
    entry!.id,
  ])
  const move = () => w.send('ops', 'POST', `/api/pools/${poolId}/entries/${entry!.id}/move`, { poolId: dead, reason: '公司已注销' })
  assert.match((await move()).text, /pool\.referenced/)
  await w.db.owner.query(`update opportunity set stage = 'lost' where account_id = $1`, [entry!.id])
  assert.equal((await move()).status, 200)
  for (const login of ['rep', 'manager']) {
    assert.ok(!(await w.send(login, 'GET', '/api/pools')).text.includes('死海'))
    assert.equal((await w.send(login, 'GET', `/api/accounts/${entry!.id}`)).status, 404)
  }
  assert.equal((await w.send('ops', 'GET', `/api/pools/${dead}/entries/${entry!.id}`)).status, 200)
})
