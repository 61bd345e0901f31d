/** A leaver's work goes to others whole: every kind, resumable, safe against others who act meanwhile, within one's sight. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { inHandover, nextPiece, runHandover } from '../../src/server/assignment/handover/run.ts'
import { runNextJob } from '../../src/server/kernel/jobs.ts'
import { withPool } from '../pool/world.ts'
import { type HandoverCompany, makeHandoverCompany } from './world.ts'

let w: HandoverCompany
before(async () => {
  w = await makeHandoverCompany()
})
after(() => w.close())

test('nothing is left behind: one of every kind goes, with stage, amount, role, dates and history', async () => {
  const { rep, manager } = w.ids
  const { first } = await w.burden(rep)
  const owned = (await w.accountsOf('rep')).length
  const member = await w.one(
    'select territory_id::text as t, member_role as role, access, credit_bp as credit from territory_member where user_id = $1 and ends_at is null',
    [rep],
  )
  const { id } = await w.draft('ops', 'leaver', rep, { rule: w.rule(manager), note: '离职交接' })
  const preview = await w.detail('ops', id)
  for (const k of preview.kinds) if (k.kind !== 'substitute') assert.ok(k.held > 0 && k.going === k.held, `${k.kind}: ${k.going} of ${k.held}`)
  assert.equal(preview.receivers[0].accounts, owned)
  assert.ok(preview.contacts > 0)
  await w.must('ops', 'PUT', `/api/handovers/${id}/items`, { items: [{ kind: 'account', id: first, note: '关键人刚换' }] })
  await w.run('ops', id)

  const done = await w.detail('ops', id)
  assert.equal(done.state, 'done')
  assert.deepEqual(done.left, [], JSON.stringify(done.kinds))
  assert.deepEqual(await w.accountsOf('rep'), [])
  assert.equal(done.receivers[0].accounts, owned)
  const deals = await w.rows(
    `select stage, amount::int as amount, owner_id::text as owner, updated_at < now() - interval '8 days' as untouched from opportunity where account_id = $1 and name in ('续约', '老单') order by stage`,
    [first],
  )
  assert.deepEqual(deals, [
    { stage: 'open', amount: 4200, owner: manager, untouched: true },
    { stage: 'won', amount: 99, owner: rep, untouched: false },
  ])
  assert.deepEqual(
    await w.rows(`select assignee_id::text as who from task where account_id = $1 and text in ('回访', '已办') order by done_at nulls first`, [
      first,
    ]),
    [{ who: manager }, { who: rep }],
  )
  assert.deepEqual(
    await w.one(
      'select member_role as role, access, credit_bp as credit from territory_member where user_id = $1 and territory_id = $2 and ends_at is null and member_role = $3',
      [manager, member.t, member.role],
    ),
    { role: member.role, access: member.access, credit: member.credit },
  )
  const act = await w.one(`select kind, detail from ownership_act where account_id = $1 order by id desc limit 1`, [first])
  assert.deepEqual([act.kind, act.detail.handover], ['transfer', id])
  assert.equal((await w.rows(`select 1 from note where account_id = $1 and text = '关键人刚换'`, [first])).length, 1)
  assert.equal(
    (await w.rows(`select 1 from audit where kind = 'handover.move' and record_kind = 'account' and after->>'handoverId' = $1`, [id])).length,
    owned,
  )
  const told = await w.rows(`select kind, user_id::text as who from notification where kind like 'handover.%' order by kind, user_id`)
  assert.ok(told.some(t => t.kind === 'handover.received' && t.who === manager) && told.some(t => t.kind === 'handover.clean' && t.who === w.ids.ops))
  // Places again by rules, as a night would: the acts hold.
  await w.settle()
  assert.equal(await w.owner(first), manager)

  // And back: undo gives the same things again.
  await w.back('ops', id)
  assert.equal((await w.accountsOf('rep')).length, owned)
  const undone = await w.detail('ops', id)
  assert.equal(undone.state, 'returned')
  for (const k of undone.kinds) assert.equal(k.returned, k.moved, k.kind)
})

test('rules in order, the territory’s owner, spreading, by hand, and what stays: each with its reason', async () => {
  const { rep, manager } = w.ids
  const people = (await w.others()).map(p => p.id)
  assert.equal(people.length, 2)
  const tier = (
    await w.one<{ tier: string }>(
      'select a.tier from account a join account_placement p on p.account_id = a.id and p.model_id = $1 where p.owner_id = $2 group by a.tier order by count(*) desc limit 1',
      [w.model, rep],
    )
  ).tier
  const { id } = await w.draft('manager', 'transfer', rep, {
    rule: w.rule(manager, {
      kinds: ['account', 'task'],
      when: [{ condition: { field: 'tier', op: 'in', values: [tier] }, receiver: { to: 'spread', userIds: people, by: 'count' } }],
      rest: { to: 'lead' },
    }),
  })
  const items = await w.items('manager', id)
  const ofTier = items.filter(i => i.tier === tier)
  const counts = people.map(p => ofTier.filter(i => i.to?.id === p).length)
  assert.equal(counts[0]! + counts[1]!, ofTier.length)
  assert.ok(Math.abs(counts[0]! - counts[1]!) <= 1)
  assert.deepEqual(ofTier[0].why, { by: 'condition', n: 0, to: 'spread' })
  for (const i of items) assert.ok(i.to !== null || i.refused, 'a receiver or a reason')
  const [a, b] = items
  await w.must('manager', 'PUT', `/api/handovers/${id}/items`, {
    items: [
      { kind: 'account', id: a.id, to: manager },
      { kind: 'account', id: b.id, to: 'stay' },
    ],
  })
  await w.must('manager', 'PUT', `/api/handovers/${id}/items`, { items: [{ kind: 'account', id: a.id, note: '请先电话' }] })
  const after = await w.items('manager', id)
  assert.deepEqual([after[0].to.id, after[0].why.by, after[0].note], [manager, 'hand', '请先电话'])
  assert.deepEqual([after[1].to, after[1].refused.code], [null, 'handover.stays'])
  assert.ok((await w.items('manager', id, 'account', `&to=${manager}`)).every(i => i.to.id === manager))
  assert.ok((await w.items('manager', id, 'account', '&to=none')).some(i => i.id === b.id))
  await w.must('manager', 'POST', `/api/handovers/${id}/cancel`)
})

test('what stays, or cannot go, stays his although his membership goes', async () => {
  const { manager } = w.ids
  const [, person] = await w.others()
  // By the rules, not by an act of an earlier test.
  const byRule = await w.rows<{ id: string }>(
    `select account_id::text as id from account_placement where model_id = $1 and owner_id = $2 and source not like '%:act' order by account_id`,
    [w.model, person!.id],
  )
  assert.ok(byRule.length > 1)
  const stays = byRule[0]!.id
  const { id } = await w.draft('ops', 'transfer', person!.id, { rule: w.rule(manager, { kinds: ['account', 'membership'], rest: { to: 'lead' } }) })
  const going = new Set((await w.items('ops', id)).filter(i => i.to !== null).map(i => i.id))
  await w.must('ops', 'PUT', `/api/handovers/${id}/items`, { items: [{ kind: 'account', id: stays, to: 'stay' }] })
  await w.run('ops', id)
  assert.equal((await w.rows('select 1 from territory_member where user_id = $1 and ends_at is null', [person!.id])).length, 0)
  for (const { id: account } of byRule) if (account === stays || !going.has(account)) assert.equal(await w.owner(account), person!.id)
  await w.back('ops', id)
})

test('a run that dies in the middle goes on where it was, and moves nothing twice', async () => {
  const { rep, manager } = w.ids
  const people = (await w.others()).map(p => p.id)
  const owned = (await w.accountsOf('rep')).length
  const { id } = await w.draft('ops', 'transfer', rep, {
    rule: w.rule(manager, { kinds: ['account', 'task', 'opportunity'], rest: { to: 'spread', userIds: people, by: 'potential' } }),
  })
  await w.must('ops', 'POST', `/api/handovers/${id}/start`)
  const job = { tenantId: '1', note: { handoverId: id } }
  await assert.rejects(
    runHandover(w.db.bulk, job, async () => {
      throw new Error('the process dies')
    }),
    /dies/,
  )
  const half = await w.detail('ops', id)
  assert.equal(half.state, 'running')
  const moved = half.kinds[0].moved
  assert.ok(moved > 0 && moved < owned, `${moved} of ${owned}`)
  await w.settle()
  const done = await w.detail('ops', id)
  assert.deepEqual([done.state, done.kinds[0].moved], ['done', owned])
  assert.deepEqual(
    await w.rows(`select account_id from ownership_act where detail->>'handover' = $1 group by account_id having count(*) > 1`, [id]),
    [],
  )
  await w.back('ops', id)
})

test('who acts meanwhile wins: a customer that changed hands is left alone and told', async () => {
  const { rep, manager, ops } = w.ids
  const [other] = await w.others()
  await withPool(w).makePool()
  const [given, returned, ...rest] = await w.accountsOf('rep')
  const { id } = await w.draft('ops', 'transfer', rep, { rule: w.rule(manager, { kinds: ['account'] }) })
  await w.must('ops', 'POST', `/api/handovers/${id}/start`)
  await w.db.owner.query(`update job_run set state = 'cancelled' where kind = 'handover.run' and state = 'waiting'`)
  // Decided, nothing moved yet; then two others act while the pieces run.
  await w.db.owner.query(
    `insert into handover_item (tenant_id, handover_id, kind, record_id, account_id, to_user, why) select 1, $1, 'account', account_id, account_id, $2, '{"by":"rest"}' from account_placement where model_id = $3 and owner_id = $4`,
    [id, manager, w.model, rep],
  )
  await w.db.owner.query('update handover set started_at = now() where id = $1', [id])
  const [assigned] = await Promise.all([
    w.send('ops', 'POST', `/api/accounts/${given}/assign`, { ownerId: ops, reason: '先给我' }),
    w
      .send('rep', 'POST', `/api/accounts/${returned}/return`, { reason: 'noBudget', remark: null, poolId: null })
      .then(() => w.send(other!.login, 'POST', '/api/pools/claims', { ids: [returned] })),
    inHandover(w.db.bulk, '1', id, nextPiece),
  ])
  assert.equal(assigned.status, 200)
  await w.must('ops', 'POST', `/api/handovers/${id}/start`)
  await w.settle()
  const last = await w.rows<{ account: string; owner: string | null; stands: string | null }>(
    `select distinct on (o.account_id) o.account_id::text as account, o.owner_id::text as owner, p.owner_id::text as stands from ownership_act o join account_placement p on p.account_id = o.account_id and p.model_id = $1
      where o.account_id = any($2::bigint[]) order by o.account_id, o.at desc, o.id desc`,
    [w.model, [given, returned, ...rest]],
  )
  for (const r of last) assert.equal(r.stands, r.owner, `customer ${r.account}`)
  const items = await w.items('ops', id)
  for (const i of items) {
    const acts = await w.rows(`select owner_id::text as owner from ownership_act where account_id = $1 and detail->>'handover' = $2`, [i.id, id])
    assert.equal(acts.length, i.movedAt ? 1 : 0)
    if (!i.movedAt) assert.equal(i.refused.code, 'handover.changed')
  }
  assert.equal(await w.owner(given!), ops)
  // Given back first, it is the claimant's; moved first, it was no longer the rep's to give back.
  assert.ok([other!.id, manager].includes((await w.owner(returned!))!))
  await w.back('ops', id)
  const undone = await w.items('ops', id)
  assert.equal(undone.find(i => i.id === given)!.returnedAt, null)
  assert.equal(await w.owner(rest[0]!), rep)
})

test('no room with the receiver: as many as fit go, the rest is told with the limit', async () => {
  const { rep } = w.ids
  const [receiver] = await w.others()
  const held = (await w.accountsOf(receiver!.login)).length
  const owned = (await w.accountsOf('rep')).length
  const v = (await w.rows<{ v: number }>('select row_version as v from pool_setting'))[0]?.v ?? 0
  const rules = (await w.must('ops', 'GET', '/api/pool-settings')).company
  await w.must(
    'ops',
    'PUT',
    '/api/pool-settings',
    { ...rules, caps: [{ scope: 'person', ofId: null, most: held + 3, exceptWon: false, counts: null }] },
    { 'if-match': String(v) },
  )
  await w.settle()
  const { id } = await w.draft('ops', 'transfer', rep, { rule: w.rule(receiver!.id, { kinds: ['account'] }) })
  await w.run('ops', id)
  assert.equal((await w.accountsOf(receiver!.login)).length, held + 3)
  const refused = (await w.items('ops', id, 'account', '&to=none')).map(i => i.refused)
  assert.equal(refused.length, owned - 3)
  assert.equal(refused[0].code, 'pool.heldFull')
  assert.match(refused[0].words, new RegExp(String(held + 3)))
  assert.equal((await w.detail('ops', id)).left.find((k: { kind: string }) => k.kind === 'account').n, owned - 3)
  await w.must('ops', 'PUT', '/api/pool-settings', { ...rules, caps: [] }, { 'if-match': String(v + 1) })
  await w.settle()
  await w.back('ops', id)
})

test('sight: a manager for people below him, a rep for nobody else; a stranger finds no handover, a receiver only what came to him', async () => {
  const { rep, manager, ops } = w.ids
  const [other, third] = await w.others()
  const outside = await w.one<{ id: string; login: string }>(
    `select u.id::text, u.login from app_user u where u.state = 'active' and u.login like 'director.%' limit 1`,
  )
  assert.equal((await w.send('manager', 'POST', '/api/handovers', { kind: 'leaver', fromId: outside.id })).status, 403)
  assert.equal((await w.send('rep', 'POST', '/api/handovers', { kind: 'leaver', fromId: rep })).status, 403)
  const { id } = await w.draft('manager', 'transfer', rep, { rule: w.rule(other!.id, { kinds: ['account'] }) })
  for (const [login, status] of [
    ['rep', 404],
    [outside.login, 404],
    ['ops', 200],
  ] as const)
    assert.equal((await w.send(login, 'GET', `/api/handovers/${id}`)).status, status, login)
  for (const [method, url] of [
    ['POST', '/start'],
    ['POST', '/cancel'],
    ['POST', '/return'],
    ['PUT', '/items'],
  ] as const)
    assert.equal(
      (
        await w.send(
          outside.login,
          method,
          `/api/handovers/${id}${url}`,
          url === '/items' ? { items: [{ kind: 'account', id: '1', to: 'stay' }] } : undefined,
        )
      ).status,
      404,
      url,
    )
  // A receiver outside the manager's responsibility takes nothing.
  const version = (await w.detail('manager', id)).rowVersion
  await w.must('manager', 'PATCH', `/api/handovers/${id}`, { rule: w.rule(outside.id, { kinds: ['account'] }) }, { 'if-match': String(version) })
  assert.ok((await w.items('manager', id)).every(i => i.refused.code === 'handover.outside'))
  assert.equal((await w.send('manager', 'PATCH', `/api/handovers/${id}`, { note: 'x' }, { 'if-match': String(version) })).status, 409)
  await w.must(
    'manager',
    'PATCH',
    `/api/handovers/${id}`,
    { rule: w.rule(other!.id, { kinds: ['account'], rest: { to: 'spread', userIds: [other!.id, third!.id], by: 'count' } }) },
    { 'if-match': String(version + 1) },
  )
  await w.run('manager', id)
  const seen = await w.items(other!.login, id)
  assert.ok(seen.length > 0 && seen.every(i => i.to.id === other!.id))
  assert.equal((await w.detail(other!.login, id)).manages, false)
  assert.deepEqual((await w.detail(other!.login, id)).left, [])
  assert.ok((await w.must(other!.login, 'GET', '/api/handovers')).rows.some((r: { id: string }) => r.id === id))
  assert.ok(!(await w.must(outside.login, 'GET', '/api/handovers')).rows.some((r: { id: string }) => r.id === id))
  await w.back('manager', id)
  // A membership outside the manager's own territories is not his to give.
  const south = await w.one<{ id: string }>(`select id::text from territory where model_id = $1 and code = 'S'`, [w.model])
  await w.db.owner.query(
    `insert into territory_member (tenant_id, territory_id, user_id, member_role, starts_at, created_by, known_from) values (1, $1, $2, 'collaborator', now(), $3, now())`,
    [south.id, rep, ops],
  )
  const far = await w.draft('manager', 'transfer', rep, { rule: w.rule(manager, { kinds: ['membership'] }) })
  await w.run('manager', far.id)
  const memberships = await w.items('manager', far.id, 'membership')
  assert.deepEqual(memberships.map(i => i.refused?.code ?? 'moved').sort(), ['handover.notYours', 'moved'])
  await w.back('manager', far.id)
  await w.db.owner.query('delete from territory_member where territory_id = $1 and user_id = $2', [south.id, rep])
})

test('bad input is refused in words: unknown kinds, people, dates, states', async () => {
  const { rep, manager } = w.ids
  const refused = async (body: object, code: string) => {
    const got = await w.send('ops', 'POST', '/api/handovers', { kind: 'leaver', fromId: rep, ...body })
    assert.equal(got.body.type, `urn:jiangyu:${code}`, got.text)
  }
  await refused({ rule: w.rule(manager, { kinds: ['nothing'] }) }, 'handover.kind')
  await refused({ rule: w.rule('999999') }, 'handover.receivers')
  await refused({ endsOn: '2030-01-01' }, 'handover.noAbsence')
  await refused({ kind: 'absence', endsOn: '2020-01-01' }, 'handover.dates')
  await refused({ mode: 'share' }, 'handover.noAbsence')
  await refused({ fromId: '999999' }, 'record.notFound')
  await refused({ rule: w.rule(manager, { when: [{ condition: { field: 'nothing', op: 'empty' }, receiver: { to: 'lead' } }] }) }, 'territory.rule')
  const { id } = await w.draft('ops', 'leaver', rep)
  assert.equal((await w.send('ops', 'POST', `/api/handovers/${id}/start`)).body.type, 'urn:jiangyu:handover.noHeir')
  await w.must('ops', 'POST', `/api/handovers/${id}/cancel`)
  assert.equal((await w.send('ops', 'POST', `/api/handovers/${id}/start`)).body.type, 'urn:jiangyu:handover.state')
})

test('deactivation goes the same way, all or nothing; what an inactive person still holds is listed', async () => {
  const { ops } = w.ids
  const [person] = await w.others()
  const { first } = await w.burden(person!.id)
  const needs = await w.send('admin', 'POST', `/api/users/${person!.id}/deactivate`, { successorId: null })
  assert.equal(needs.status, 409)
  await w.must('admin', 'POST', `/api/users/${person!.id}/deactivate`, { successorId: ops })
  await w.settle()
  assert.equal(await w.owner(first), ops)
  const left = async () => (await w.must('ops', 'GET', '/api/handovers/left-behind')).rows as { id: string; held: { kind: string; n: number }[] }[]
  assert.ok(!(await left()).some(p => p.id === person!.id), JSON.stringify(await left()))
  await w.db.owner.query(
    `insert into task (tenant_id, account_id, assignee_id, text, created_by, created_at) values (1, $1, $2, '漏掉的', $2, now())`,
    [first, person!.id],
  )
  assert.deepEqual((await left()).find(p => p.id === person!.id)?.held, [{ kind: 'task', n: 1 }])
  // Handed over after the fact, from a person who is gone.
  const { id } = await w.draft('ops', 'leaver', person!.id, { rule: w.rule(ops) })
  await w.run('ops', id)
  assert.deepEqual((await w.detail('ops', id)).left, [])
  assert.equal((await w.send('ops', 'POST', `/api/handovers/${id}/return`)).body.type, 'urn:jiangyu:handover.fromInactive')
  assert.ok(!(await runNextJob(w.db.bulk)))
})
