/** Leads come in: idempotent, matched, given by turn or queued with a reason; seen by whom they concern; the log can be played again. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { rotate } from '../../src/core/intake/rotate.ts'
import type { TurnLog } from '../../src/core/intake/route.ts'
import { actorOfUser } from '../../src/server/identity/load-actor.ts'
import { stepClocks } from '../../src/server/intake/first-contact.ts'
import { followModel, LEAD_HANDOVER } from '../../src/server/intake/handover.ts'
import { actAs, inBulk, inTenant } from '../../src/server/kernel/transaction.ts'
import { type IntakeCompany, makeIntakeCompany } from './world.ts'

let w: IntakeCompany
/** A county with a territory of at least two people who work there. */
let place: { division: string; territory: string; industry: string | null }
before(async () => {
  w = await makeIntakeCompany()
  const spots = await w.rows<{ division: string; industry: string; territory: string; n: number }>(
    `select a.division, a.industry, p.territory_id::text as territory, (select count(distinct m.user_id)::int from territory_member m where m.territory_id = p.territory_id and m.member_role in ('owner', 'collaborator') and m.ends_at is null) as n
       from account a join account_placement p on p.account_id = a.id and p.model_id = $1 where a.division is not null and p.territory_id is not null and not p.undecidable order by n desc, a.id`,
    [await w.model()],
  )
  for (const spot of spots) {
    const [got] = await w.take({ company: `试探${spot.division}${spot.industry}`, division: spot.division, industry: spot.industry })
    const at = await w.standing(got!.id)
    if (at.reason === 'rotation' && at.territory === spot.territory) {
      place = spot
      break
    }
  }
  assert.ok(place, 'some place of the demo gives leads by turn')
})
after(() => w.close())

test('the same key is one lead, whatever else is sent; another source may use it again', { timeout: 60_000 }, async () => {
  const lead = { source: 'website', externalKey: 'k1', company: '甲乙丙试剂有限公司', division: place.division, industry: place.industry }
  const [first] = await w.take(lead)
  assert.equal(first!.outcome, 'created')
  const again = await w.take([{ ...lead, company: '别的名字' }, lead])
  assert.deepEqual(
    again.map(o => [o.outcome, o.id]),
    [
      ['known', first!.id],
      ['known', first!.id],
    ],
  )
  const [other] = await w.take({ ...lead, source: 'expo' })
  assert.equal(other!.outcome, 'created')
  const twice = await w.take([
    { ...lead, externalKey: 'k2' },
    { ...lead, externalKey: 'k2' },
  ])
  assert.deepEqual([twice[0]!.outcome, twice[1]!.outcome, twice[0]!.id === twice[1]!.id], ['created', 'known', true])
})

test('forty at once with the same keys, from two sessions: one lead each, nobody sees an error', { timeout: 120_000 }, async () => {
  const before = (await w.one<{ n: number }>('select count(*)::int as n from lead')).n
  const sends = Array.from({ length: 80 }, (_, i) =>
    w.take(
      { source: 'race', externalKey: `r${i % 20}`, company: `抢${i % 20}公司`, division: place.division, industry: place.industry },
      i % 2 ? 'ops' : 'admin',
    ),
  )
  const got = (await Promise.all(sends)).flat()
  assert.equal(got.filter(o => o.outcome === 'created').length, 20)
  assert.equal(new Set(got.map(o => o.id)).size, 20)
  assert.equal((await w.one<{ n: number }>('select count(*)::int as n from lead')).n, before + 20)
  const loose = await w.rows(
    `select l.id from lead l where not exists (select 1 from lead_placement p where p.lead_id = l.id) or not exists (select 1 from lead_route r where r.lead_id = l.id) or not exists (select 1 from audit a where a.record_kind = 'lead' and a.record_id = l.id)`,
  )
  assert.deepEqual(loose, [], 'every lead has its placement, its decision and its audit row')
})

test('a retried request has its first answer; another body under its key is refused and nothing of it stays', { timeout: 60_000 }, async () => {
  const body = { leads: [{ company: '重试公司甲' }] }
  const one = await w.send('ops', 'POST', '/api/leads', body, { 'idempotency-key': 'retry-1' })
  const two = await w.send('ops', 'POST', '/api/leads', body, { 'idempotency-key': 'retry-1' })
  assert.deepEqual([two.body, two.headers['idempotent-replayed']], [one.body, 'true'])
  const three = await w.send('ops', 'POST', '/api/leads', { leads: [{ company: '重试公司乙' }] }, { 'idempotency-key': 'retry-1' })
  assert.equal(three.status, 422)
  assert.deepEqual(await w.rows(`select 1 from lead where company = '重试公司乙'`), [])
})

test('each row is answered for itself, with the field and the remedy', { timeout: 60_000 }, async () => {
  const got = await w.take([
    { company: '好公司' },
    {},
    { company: 'x', division: '亚特兰蒂斯' },
    { company: 'x', email: 'nope' },
    { company: 'x', channel: 'nope' },
    { company: 'bad\ud800', need: '半个字符' },
  ])
  assert.deepEqual(
    got.map(o => [o.outcome, o.field]),
    [
      ['created', null],
      ['refused', 'company'],
      ['refused', 'division'],
      ['refused', 'email'],
      ['refused', 'channel'],
      ['created', null],
    ],
  )
  assert.match(got[2]!.words!, /亚特兰蒂斯/)
  assert.equal((await w.send('ops', 'POST', '/api/leads', { leads: [] })).status, 400)
})

test('by turn: everybody who works the territory gets his share, and the log played again gives the same people', { timeout: 120_000 }, async () => {
  const people = (
    await w.rows<{ id: string }>(
      `select distinct m.user_id::text as id from territory_member m join app_user u on u.id = m.user_id and u.state <> 'inactive' where m.territory_id = $1 and m.member_role in ('owner', 'collaborator') and m.starts_at <= now() and (m.ends_at is null or m.ends_at > now())`,
      [place.territory],
    )
  ).map(r => r.id)
  const got = await w.take(
    Array.from({ length: 30 }, (_, i) => ({ company: `轮流第${i}号工坊`, division: place.division, industry: place.industry })),
  )
  const counts = new Map<string, number>()
  for (const { id } of got) {
    const { owner, reason } = await w.standing(id)
    assert.equal(reason, 'rotation')
    counts.set(owner!, (counts.get(owner!) ?? 0) + 1)
  }
  assert.equal(counts.size, people.length)
  for (const n of counts.values()) assert.ok(Math.abs(n - 30 / people.length) <= 1)
  const log = await w.rows<{ owner: string; territory: string; turn: TurnLog }>(
    `select owner_id::text as owner, territory_id::text as territory, detail->'turn' as turn from lead_route where detail ? 'turn' and owner_id is not null order by id`,
  )
  assert.ok(log.length > 30)
  const seqs = new Map<string, number>()
  for (const { owner, territory, turn } of log) {
    assert.equal(rotate(turn.way, turn.candidates, turn.turn).chosenId, owner)
    assert.equal(turn.seq, seqs.get(territory) ?? 0, 'no turn is missing')
    seqs.set(territory, turn.seq + 1)
  }
})

test('a customer’s lead goes to its owner: by name, by number, by the domain of its mail', { timeout: 60_000 }, async () => {
  const customer = await w.one<{ id: string; name: string; owner: string; division: string }>(
    `select a.id::text, a.name, p.owner_id::text as owner, a.division from account a join account_placement p on p.account_id = a.id and p.model_id = $1
      where p.owner_id is not null and (select count(*) from account b where b.name = a.name) = 1 and a.division is not null order by a.id desc limit 1`,
    [await w.model()],
  )
  await w.db.owner.query(
    `insert into account_private (tenant_id, account_id, phone, email) values (1, $1, '+8613912340987', 'info@unikum-example.cn')
    on conflict (tenant_id, account_id) do update set phone = excluded.phone, email = excluded.email`,
    [customer.id],
  )
  await w.db.owner.query('update account set updated_at = clock_timestamp() where id = $1', [customer.id])
  for (const [lead, by] of [
    [{ company: customer.name, division: customer.division }, 'name'],
    [{ company: '完全不同的名字', phone: '139 1234 0987' }, 'phone'],
    [{ company: '完全不同的名字二', email: 'other.person@unikum-example.cn' }, 'domain'],
  ] as const) {
    const [got] = await w.take(lead)
    const at = await w.standing(got!.id)
    assert.deepEqual([at.owner, at.reason, at.account], [customer.owner, 'customer', customer.id], by)
    const read = await w.send('ops', 'GET', `/api/leads/${got!.id}`)
    assert.equal(read.body.routes[0].known.by, by)
  }
})

test('who asks again is noted at the open lead, not a second one', { timeout: 60_000 }, async () => {
  const [first] = await w.take({ company: '回头客公司', phone: '13700001111', need: '第一次' })
  const [second] = await w.take({ source: 'form', externalKey: 'again-1', company: '回头客', phone: '+86 137 0000 1111', need: '第二次' })
  assert.deepEqual([second!.outcome, second!.id], ['repeats', first!.id])
  const [third] = await w.take({ source: 'form', externalKey: 'again-1', company: '回头客', phone: '13700001111', need: '第二次' })
  assert.equal(third!.outcome, 'known')
  const read = await w.send('ops', 'GET', `/api/leads/${first!.id}`)
  assert.deepEqual(
    read.body.notes.map((n: { kind: string; text: string }) => [n.kind, n.text]),
    [['repeat', '第二次 · form']],
  )
})

test('what nobody can decide waits, each under its own reason, and is worked through', { timeout: 60_000 }, async () => {
  const [lost] = await w.take({ company: '哪里都不知道的公司' })
  assert.equal((await w.standing(lost!.id)).reason, 'noCriterion')
  const read = await w.send('ops', 'GET', `/api/leads/${lost!.id}`)
  assert.ok(read.body.routes[0].missing.length > 0, 'the field to fill in is named')
  const counts = (await w.send('ops', 'GET', '/api/leads/queue-counts')).body.rows
  assert.ok(counts.find((r: { reason: string; count: number }) => r.reason === 'noCriterion').count > 0)
  const queue = await w.send('ops', 'GET', '/api/leads?queue=true&reason=noCriterion&limit=100')
  assert.ok(queue.body.rows.some((r: { id: string }) => r.id === lost!.id))

  const fixed = await w.send(
    'ops',
    'PATCH',
    `/api/leads/${lost!.id}`,
    { division: place.division, industry: place.industry },
    { 'if-match': String(read.body.rowVersion) },
  )
  assert.equal(fixed.status, 200, fixed.text)
  const routed = await w.send('ops', 'POST', '/api/leads/route', { ids: [lost!.id, '999999'] })
  assert.deepEqual([routed.body.changed, routed.body.refused.length], [1, 1])
  assert.equal((await w.standing(lost!.id)).reason, 'rotation')

  const [other] = await w.take({ company: '也不知道在哪' })
  const given = await w.send('ops', 'POST', '/api/leads/assign', { ids: [other!.id], ownerId: await w.idOf('rep'), reason: '老客户介绍' })
  assert.equal(given.body.changed, 1, given.text)
  const after = await w.send('rep', 'GET', `/api/leads/${other!.id}`)
  assert.equal(after.status, 200)
  assert.deepEqual([after.body.reason, after.body.routes[0].note], ['hand', '老客户介绍'])
  const closed = await w.send('ops', 'POST', '/api/leads/close', { ids: [other!.id], reason: 'spam' })
  assert.equal(closed.body.changed, 1, closed.text)
  assert.equal((await w.send('ops', 'POST', '/api/leads/close', { ids: [other!.id], reason: 'spam' })).body.refused.length, 1)
})

test('the first contact stops the clock', { timeout: 60_000 }, async () => {
  const [got] = await w.take({ company: '我自己的线索', mine: true }, 'rep')
  assert.equal((await w.standing(got!.id)).owner, await w.idOf('rep'))
  const before = (await w.send('rep', 'GET', `/api/leads/${got!.id}`)).body
  assert.ok(before.dueAt && before.firstContactAt === null && before.state === 'new')
  assert.equal((await w.send('rep', 'POST', `/api/leads/${got!.id}/notes`, { text: '电话通了', contact: true })).status, 200)
  const now = (await w.send('rep', 'GET', `/api/leads/${got!.id}`)).body
  assert.ok(now.firstContactAt !== null && now.state === 'working')
})

test('nobody called: the owner is warned, the managers are told, the next in turn takes over; each step once', { timeout: 120_000 }, async () => {
  const settings = (await w.send('ops', 'GET', '/api/intake-settings')).body
  const saved = await w.send(
    'ops',
    'PUT',
    '/api/intake-rules/0',
    { ...settings.company.rules, slaHours: 4, warnHours: 1, nextHours: 2 },
    { 'if-match': String(settings.company.rowVersion) },
  )
  assert.equal(saved.status, 200, saved.text)
  const stale = await w.send('ops', 'PUT', '/api/intake-rules/0', settings.company.rules, { 'if-match': '0' })
  assert.equal(stale.status, 409)
  const [got] = await w.take({ company: '没人打电话的公司', division: place.division, industry: place.industry })
  const first = await w.standing(got!.id)
  const told = (kind: string) =>
    w.rows<{ user_id: string }>(`select user_id::text from notification where kind = $1 and payload->>'leadId' = $2`, [kind, got!.id])
  await stepClocks(w.db.bulk)
  assert.equal((await told('lead.warned')).length, 0, 'not yet')
  await w.db.owner.query(
    `update lead set due_at = now() + interval '30 minutes', step_at = now() - interval '30 minutes', next_at = now() + interval '150 minutes' where id = $1`,
    [got!.id],
  )
  await stepClocks(w.db.bulk)
  await stepClocks(w.db.bulk)
  assert.deepEqual(
    (await told('lead.warned')).map(r => r.user_id),
    [first.owner],
  )
  await w.db.owner.query(`update lead set due_at = now() - interval '1 minute', step_at = now() - interval '1 minute' where id = $1`, [got!.id])
  await stepClocks(w.db.bulk)
  const managers = await told('lead.overdue')
  assert.ok(managers.length > 0)
  await w.db.owner.query(`update lead set step_at = now() - interval '1 minute', next_at = now() - interval '1 minute' where id = $1`, [got!.id])
  await stepClocks(w.db.bulk)
  const after = await w.standing(got!.id)
  const alone =
    (
      await w.one<{ n: number }>(
        `select jsonb_array_length(detail->'turn'->'candidates') as n from lead_route where lead_id = $1 and cause = 'arrival'`,
        [got!.id],
      )
    ).n === 1
  if (alone) assert.equal(after.owner, first.owner)
  else {
    assert.notEqual(after.owner, first.owner)
    assert.equal(after.reason, 'overdue')
    const { step, due } = await w.one<{ step: number; due: boolean }>('select step, due_at > now() as due from lead where id = $1', [got!.id])
    assert.deepEqual([step, due], [0, true], 'the new owner has a clock of his own')
  }
  await stepClocks(w.db.bulk)
  assert.equal((await told('lead.overdue')).length, managers.length)
})

test('converted: the customer is its owner’s by an act of rotation, with contact and notes; onto a customer that is there nothing changes hands', {
  timeout: 120_000,
}, async () => {
  const [got] = await w.take({
    company: '转化成功机械厂',
    division: place.division,
    industry: place.industry,
    contact: '王五',
    phone: '13655556666',
    need: '要两台设备',
  })
  const at = await w.standing(got!.id)
  const login = (await w.one<{ login: string }>('select login from app_user where id = $1', [at.owner])).login
  assert.equal((await w.send(login, 'POST', `/api/leads/${got!.id}/notes`, { text: '聊过了', contact: true })).status, 200)
  const made = await w.send(login, 'POST', `/api/leads/${got!.id}/convert`, { accountId: null })
  assert.equal(made.status, 200, made.text)
  assert.equal(made.body.visible, true)
  const account = made.body.accountId as string
  const stands = await w.one<{ owner: string; kind: string | null }>(
    `select p.owner_id::text as owner, (select o.kind from ownership_act o where o.account_id = p.account_id order by o.id desc limit 1) as kind from account_placement p where p.account_id = $1 and p.model_id = $2`,
    [account, await w.model()],
  )
  assert.equal(stands.owner, at.owner)
  if (stands.kind !== null) assert.equal(stands.kind, 'rotation')
  assert.match((await w.send(login, 'GET', `/api/accounts/${account}/timeline`)).text, /聊过了/)
  assert.deepEqual((await w.rows<{ name: string; phone: string }>('select name, phone from contact where account_id = $1', [account]))[0], {
    name: '王五',
    phone: '+8613655556666',
  })
  assert.equal((await w.standing(got!.id)).state, 'converted')
  assert.equal((await w.send(login, 'POST', `/api/leads/${got!.id}/convert`, { accountId: null })).status, 409)

  const [own] = await w.accountsOf('rep')
  const before = await w.one('select owner_id from account_placement where account_id = $1 and model_id = $2', [own, await w.model()])
  const [second] = await w.take({ company: '随便一家', contact: '赵六', mine: true }, 'rep')
  const joined = await w.send('rep', 'POST', `/api/leads/${second!.id}/convert`, { accountId: own })
  assert.equal(joined.status, 200, joined.text)
  assert.deepEqual(await w.one('select owner_id from account_placement where account_id = $1 and model_id = $2', [own, await w.model()]), before)
  const foreign = await w.one<{ id: string }>(
    `select p.account_id::text as id from account_placement p where p.model_id = $1 and not (p.tokens && $2::bigint[]) limit 1`,
    [await w.model(), (await w.one<{ t: string[] }>(`select array[id * 8 + 1]::text[] as t from app_user where login = 'rep'`)).t],
  )
  const [third] = await w.take({ company: '随便二家', mine: true }, 'rep')
  const refused = await w.send('rep', 'POST', `/api/leads/${third!.id}/convert`, { accountId: foreign.id })
  assert.ok(refused.status === 404 || refused.status === 403, refused.text)
  assert.equal((await w.standing(third!.id)).state, 'new')
})

test('who leaves leaves no lead behind; another model in force keeps owners and brings its own sight', { timeout: 120_000 }, async () => {
  const [got] = await w.take({ company: '要交接的公司', division: place.division, industry: place.industry })
  const { owner } = await w.standing(got!.id)
  const rep = await w.idOf('rep')
  // A run has no fence to help it: whoever may not change a lead cannot give it away.
  await inBulk(w.db.bulk, async tx => {
    const nobody = (await actorOfUser(tx, '1', rep))!
    const order = { from: owner!, to: rep, at: new Date().toISOString(), why: null, handoverId: null }
    assert.notEqual(owner, rep)
    assert.deepEqual(await LEAD_HANDOVER.move(tx, nobody, order, [got!.id]), [{ id: got!.id, refused: 'handover.notYours' }])
  })
  await inTenant(w.db.app, '1', async tx => {
    const actor = (await actorOfUser(tx, '1', await w.idOf('admin')))!
    await actAs(tx, actor)
    const held = await tx.query<{ id: string }>('select lead_id::text as id from lead_placement where owner_id = $1 and open', [owner])
    const moved = await LEAD_HANDOVER.move(
      tx,
      actor,
      { from: owner!, to: rep, at: new Date().toISOString(), why: null, handoverId: null },
      held.rows.map(r => r.id),
    )
    assert.ok(moved.length > 0 && moved.every(m => m.refused === undefined))
  })
  const now = await w.standing(got!.id)
  assert.deepEqual([now.owner, now.reason], [rep, 'handover'])
  assert.deepEqual(await w.rows('select 1 from lead_placement where owner_id = $1 and open', [owner]), [])

  await w.db.owner.query(`update lead_placement set model_id = 1, tokens = '{1}' where lead_id = $1`, [got!.id])
  if ((await w.model()) === '1') return
  assert.equal((await w.send('rep', 'GET', `/api/leads/${got!.id}`)).status, 404)
  assert.ok((await followModel(w.db.bulk)) > 0)
  assert.equal((await w.send('rep', 'GET', `/api/leads/${got!.id}`)).status, 200)
  assert.equal(await followModel(w.db.bulk), 0)
})
