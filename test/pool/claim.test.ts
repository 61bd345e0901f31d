/** Claiming from a pool as people do it: who sees what, who may, what is said when not, and what comes with it. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { DEFAULT_RULES } from '../../src/core/pool/pool.ts'
import { beyondSight } from '../../src/server/access/beyond-sight.ts'
import { actorOfUser } from '../../src/server/identity/load-actor.ts'
import { actAs, inTenant } from '../../src/server/kernel/transaction.ts'
import { countRooms, peopleOf } from '../../src/server/pool/caps.ts'
import { loadPools } from '../../src/server/pool/store.ts'
import { makePoolCompany, type PoolCompany } from './world.ts'

let w: PoolCompany
let poolId: string
before(async () => {
  w = await makePoolCompany()
  poolId = await w.makePool()
})
after(() => w.close())

test('a customer given back stands in the pool, masked, and is claimed by a colleague with its whole history', { timeout: 120_000 }, async () => {
  const [id] = await w.accountsOf('rep')
  await w.must(w.send('rep', 'POST', `/api/accounts/${id}/notes`, { text: '上门拜访了设备主管' }))
  await w.must(w.send('rep', 'POST', `/api/accounts/${id}/tasks`, { text: '送样', dueOn: null }))
  await w.must(w.send('rep', 'POST', `/api/accounts/${id}/opportunities`, { name: '年框', amount: null, closeOn: null }))
  const { name } = await w.one<{ name: string }>('select name from account where id = $1', [id])
  const back = await w.give('rep', id!)
  assert.equal(back.status, 200, back.text)
  assert.equal(back.body.poolId, poolId)

  assert.equal((await w.send('rep', 'GET', `/api/accounts/${id}`)).status, 404, 'who gave it back reads the entry, not the customer')
  const list = await w.send('rep', 'GET', `/api/pools/${poolId}/entries?limit=100`)
  assert.equal(list.status, 200, list.text)
  const row = list.body.rows.find((r: { id: string }) => r.id === id)
  assert.ok(row, 'he sees it in the pool')
  assert.notEqual(row.name, name)
  assert.ok(!list.text.includes(name))
  assert.deepEqual([row.eligibility.ok, row.eligibility.code, row.reason.kind, row.reason.code], [false, 'pool.cooling', 'return', 'noBudget'])

  const cooled = await w.send('rep', 'POST', '/api/pools/claims', { ids: [id] })
  assert.equal(cooled.body.outcomes[0].code, 'pool.cooling')
  assert.match(cooled.body.outcomes[0].words, /14 days/)
  const other = (await w.one<{ login: string }>(`select login from app_user where login like 'rep0%' and state = 'active' order by id limit 1`)).login
  const claimed = await w.send(other, 'POST', '/api/pools/claims', { ids: [id] })
  assert.equal(claimed.body.claimed, 1, claimed.text)
  const late = await w.send('manager', 'POST', '/api/pools/claims', { ids: [id] })
  assert.equal(late.body.outcomes[0].code, 'pool.lost')
  const winner = await w.one<{ name: string }>('select name from app_user where login = $1', [other])
  assert.match(late.body.outcomes[0].words, new RegExp(`${winner.name} took it at \\d\\d:\\d\\d:\\d\\d`))

  const page = await w.send(other, 'GET', `/api/accounts/${id}`)
  assert.equal(page.status, 200, page.text)
  assert.equal(page.body.values.name, name)
  const line = await w.send(other, 'GET', `/api/accounts/${id}/timeline`)
  assert.match(line.text, /上门拜访了设备主管/)
  const left = await w.rows(
    `select 1 from task where account_id = $1 and done_at is null and assignee_id <> (select id from app_user where login = $2)
     union all select 1 from opportunity where account_id = $1 and stage not in ('won', 'lost') and owner_id <> (select id from app_user where login = $2)`,
    [id, other],
  )
  assert.deepEqual(left, [], 'nothing of it stays with who had it')
  const why = await w.send(other, 'GET', `/api/why/account/${id}`)
  assert.match(why.body.ownerSentence, /claimed it/)
  assert.equal(
    (await w.entries(poolId)).some(e => e.id === id),
    false,
  )
})

test('limits of the day and of holding, each told with its figures; a batch answers row by row', { timeout: 120_000 }, async () => {
  await w.changePool(poolId, {
    rules: {
      perDay: 2,
      batch: 20,
      draw: 1,
      coolDays: 0,
      coolTeamDays: 0,
      embargoHours: 0,
      viewsPerDay: null,
      group: 'free',
      protectDays: 0,
      adminsExempt: false,
    },
  })
  const [a, b, c, d] = await w.accountsOf('rep')
  for (const id of [a, b, c, d]) assert.equal((await w.give('rep', id!)).status, 200)
  const mine = (await w.accountsOf('manager')).length
  const batch = await w.send('manager', 'POST', '/api/pools/claims', { ids: [a, b, c, '999999999'] })
  assert.deepEqual(
    batch.body.outcomes.map((o: { code: string | null }) => o.code),
    [null, null, 'pool.dayFull', 'pool.gone'],
  )
  assert.equal((await w.accountsOf('manager')).length, mine + 2)
  await w.changePool(poolId, {
    rules: {
      perDay: null,
      batch: 20,
      draw: 1,
      coolDays: 0,
      coolTeamDays: 0,
      embargoHours: 0,
      viewsPerDay: null,
      group: 'free',
      protectDays: 0,
      adminsExempt: false,
    },
  })
  const held = (await w.accountsOf('manager')).length
  await w.saveRules({ caps: [{ scope: 'person', ofId: null, most: held + 1, exceptWon: false, counts: null }] })
  const full = await w.send('manager', 'POST', '/api/pools/claims', { ids: [a, c, d] })
  assert.deepEqual(
    full.body.outcomes.map((o: { code: string | null }) => o.code),
    ['pool.yours', null, 'pool.heldFull'],
    'what one has already is held, also when it is asked for again',
  )
  // The same limit holds on every way of giving by choice.
  const given = await w.send('ops', 'POST', `/api/accounts/${d}/assign`, { ownerId: await w.idOf('manager'), reason: 'x' })
  assert.equal(given.status, 409, given.text)
  assert.match(given.text, /pool\.heldFull/)
  const many = await w.send('ops', 'POST', '/api/assignments', { ids: [d], toId: await w.idOf('manager'), reason: 'x' })
  assert.equal(many.status, 409, many.text)
  const quota = await w.send('manager', 'GET', `/api/pools/${poolId}/quota`)
  assert.equal(quota.body.binding.used, held + 1)
  assert.equal(quota.body.binding.most, held + 1)
  // Claimed by one's other session between the first look and the locks: it is asked for here and held already.
  const managerId = await w.idOf('manager')
  const used = await inTenant(w.db.app, '1', async tx => {
    await actAs(tx, (await actorOfUser(tx, '1', managerId))!)
    const person = (await peopleOf(tx, '1', [managerId])).get(managerId)!
    const counted = await beyondSight(tx, async () => countRooms(tx, '1', await w.model(), await loadPools(tx, '1'), [person], [a!, c!]))
    return counted.open().rooms(person, { perDay: null }, null)[1]!.used
  })
  assert.equal(used, held + 1)
  await w.saveRules({ caps: [] })
})

test('claiming is no way to ask whose any customer is', { timeout: 60_000 }, async () => {
  const foreign = await w.rows<{ id: string }>(
    `select p.account_id::text as id from account_placement p where p.model_id = $1 and p.owner_id is not null and p.owner_id <> $2 order by p.account_id desc limit 30`,
    [await w.model(), await w.idOf('rep')],
  )
  const asked = await w.send('rep', 'POST', '/api/pools/claims', { ids: foreign.slice(0, 20).map(f => f.id) })
  assert.ok(
    asked.body.outcomes.every((o: { code: string }) => o.code === 'pool.gone'),
    asked.text,
  )
})

test('a pool that is not one’s own does not exist; a closed pool says so', { timeout: 120_000 }, async () => {
  const closed = await w.makePool({ name: '关', position: 0, open: false })
  assert.equal((await w.send('rep', 'GET', `/api/pools/${closed}/entries`)).status, 404)
  const strangers = await w.makePool({
    name: '别人的',
    position: 9,
    members: { everyone: false, users: [await w.idOf('hq')], departments: [], teams: [], roles: [] },
  })
  assert.equal((await w.send('rep', 'GET', `/api/pools/${strangers}/quota`)).status, 404)
  assert.ok(!(await w.send('rep', 'GET', '/api/pools')).text.includes('别人的'))
})

test('a customer that somebody is writing holds up him who asked for it, and nobody else', { timeout: 60_000 }, async () => {
  const [a, b, c] = await w.accountsOf('manager')
  for (const id of [a, b, c]) assert.equal((await w.give('manager', id!)).status, 200)
  await w.changePool(poolId, { rules: { ...DEFAULT_RULES, perDay: null, coolDays: 0, coolTeamDays: 0, group: 'free' } })
  const people = (
    await w.rows<{ login: string }>(`select login from app_user where login like 'rep0%' and state = 'active' order by id limit 3`)
  ).map(r => r.login)
  const writer = await w.db.owner.connect()
  await writer.query('begin')
  await writer.query('select 1 from account where id = $1 for update', [a])
  const claims = [a, b, c].map((id, i) => w.send(people[i]!, 'POST', '/api/pools/claims', { ids: [id] }))
  assert.equal((await claims[1]!).body.claimed, 1)
  assert.equal((await claims[2]!).body.claimed, 1)
  await writer.query('commit')
  writer.release()
  assert.equal((await claims[0]!).body.claimed, 1, 'as soon as it is free')
})

test('sent together, each is answered for itself: first come, keys once, refusals and strangers alone', { timeout: 60_000 }, async () => {
  const [x, y] = (
    await w.rows<{ id: string }>(
      'select account_id::text as id from account_placement where model_id = $1 and owner_id is not null and territory_id is not null order by account_id desc limit 2',
      [await w.model()],
    )
  ).map(r => r.id)
  for (const id of [x, y]) assert.equal((await w.give('ops', id!)).status, 200)
  const people = await w.rows<{ login: string; name: string }>(
    `select login, name from app_user where login like 'rep0%' and state = 'active' order by id limit 3`,
  )
  const [first, second, third] = people.map(p => p.login)
  const many = Array.from({ length: DEFAULT_RULES.batch + 1 }, (_, i) => String(1 + i))
  const ask = (login: string, ids: unknown[], key?: string) =>
    w.send(login, 'POST', '/api/pools/claims', { ids }, key ? { 'idempotency-key': key } : {})
  for (const login of [first, second, third]) await w.send(login!, 'GET', '/api/me')
  const stranger = w.app.inject({
    method: 'POST',
    url: '/api/pools/claims',
    headers: { 'x-jiangyu': '1', cookie: 'jiangyu=1.nobodynobodynobodynobody' },
    payload: { ids: [x] },
  })
  const [won, again, lost, refused] = await Promise.all([ask(first!, [x], 'k1'), ask(first!, [x], 'k1'), ask(second!, [x]), ask(third!, many, 'k2')])
  assert.deepEqual([won.body.claimed, won.status], [1, 200], won.text)
  assert.deepEqual([again.body, again.headers['idempotent-replayed']], [won.body, 'true'])
  assert.deepEqual([lost.body.claimed, lost.body.outcomes[0].code], [0, 'pool.lost'], lost.text)
  assert.match(lost.body.outcomes[0].words, new RegExp(people[0]!.name))
  assert.deepEqual([refused.status, refused.body.title], [400, 'pool.batch'], refused.text)
  assert.equal((await stranger).statusCode, 401)
  // What was refused keeps no key; what was done keeps it.
  assert.equal((await ask(third!, many, 'k2')).status, 400)
  assert.equal((await ask(third!, [y], 'k2')).body.claimed, 1)
  assert.equal((await ask(first!, [y], 'k1')).status, 422)
  assert.equal(
    (await w.rows(`select 1 from ownership_act where account_id = $1 and kind = 'claim' and at > now() - interval '1 minute'`, [x])).length,
    1,
  )
})
