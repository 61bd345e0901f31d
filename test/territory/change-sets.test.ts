/** A change set from draft to undo: what it says it does is what then happens, account by account and person by person; who must approve does. */
import assert from 'node:assert/strict'
import test, { after } from 'node:test'
import { openChangeSets } from '../support/change-sets.ts'

const { company, ok, work, makeSet, setOf, seen } = await openChangeSets(3)
after(() => company.close())

const movesBetween = (base: string, model: string) =>
  company.rows(
    `select b.account_id::text as id, b.owner_id::text as fo, n.owner_id::text as "to", b.territory_id::text as ft, n.territory_id::text as tt from account_placement b join account_placement n on n.account_id = b.account_id and n.model_id = $2
       join account a on a.id = b.account_id and a.deleted_at is null where b.model_id = $1 and (b.owner_id is distinct from n.owner_id or b.territory_id is distinct from n.territory_id) order by b.account_id`,
    [base, model],
  )
const movesKept = (id: string) =>
  company.rows(
    'select account_id::text as id, from_owner::text as fo, to_owner::text as "to", from_territory::text as ft, to_territory::text as tt from change_set_move where change_set_id = $1 order by account_id',
    [id],
  )
test('from draft to undo', { timeout: 120_000 }, async () => {
  const hq = await company.idOf('hq')
  await ok('admin', 'PUT', '/api/change-policy', {
    rows: [
      { measure: 'owners', atLeast: 1, approver: 'managers' },
      { measure: 'territories', atLeast: 5, approver: 'user', userId: hq },
      { measure: 'owners', atLeast: 1_000_000, approver: 'user', userId: await company.idOf('admin') },
    ],
  })
  const set = await makeSet('大客户归大区')
  const base = (await setOf('ops', set.id)).baseModelId
  // Private while one edits alone: another planner and the manager do not know it.
  assert.equal((await company.send('manager', 'GET', `/api/change-sets/${set.id}`)).status, 404)

  await ok('ops', 'POST', `/api/change-sets/${set.id}/compute`)
  await work()
  const draft = await setOf('ops', set.id)
  assert.ok(draft.figures.owners > 0 && draft.figures.territories >= 5, JSON.stringify(draft.figures))
  const foreseen = await movesKept(set.id)
  const lines = await company.rows(
    'select kind, key::text, before, after, gained, lost from change_set_line where change_set_id = $1 order by kind, key',
    [set.id],
  )
  // Every sum is the sum of the same customers.
  for (const by of ['territory', 'owner'] as const) {
    const { total } = await ok('ops', 'GET', `/api/change-sets/${set.id}/lines?by=${by}`)
    assert.equal(total.gained, total.lost, by)
    assert.equal(total.before, total.after, by)
  }
  const rules = (await ok('ops', 'GET', `/api/change-sets/${set.id}/rules`)).rows
  assert.deepEqual(rules.map((r: { territoryId: string }) => r.territoryId).sort(), [...set.territoryIds].sort())
  for (const r of rules) {
    const line = r.lines.find((l: { change: string }) => l.change === 'added')
    assert.ok(line.words.length > 0)
    // The line keeps customers out: it accounts for all that left.
    const left = foreseen.filter(m => (m as { ft: string }).ft === r.territoryId && (m as { tt: string }).tt !== r.territoryId)
    assert.equal(line.accounts, -left.length)
  }

  await ok('ops', 'POST', `/api/change-sets/${set.id}/submit`, { why: 'large customers first' })
  assert.equal((await company.send('ops', 'POST', `/api/change-sets/${set.id}/submit`, { why: 'twice' })).status, 409)
  await work()
  assert.deepEqual(await movesKept(set.id), foreseen, 'what the draft foresaw is what the rows say')
  assert.deepEqual(await movesBetween(base, set.modelId), foreseen)
  assert.deepEqual(
    await company.rows('select kind, key::text, before, after, gained, lost from change_set_line where change_set_id = $1 order by kind, key', [
      set.id,
    ]),
    lines,
  )

  const submitted = await setOf('ops', set.id)
  assert.equal(submitted.state, 'submitted')
  assert.ok(submitted.approvers.some((a: { person: { id: string } }) => a.person.id === hq))
  assert.ok(!submitted.approvers.some((a: { person: { name: string } }) => a.person.name === 'admin'))
  // Nobody switches on what is not approved, by neither way.
  assert.equal((await company.send('ops', 'POST', `/api/change-sets/${set.id}/schedule`, {})).status, 409)
  assert.equal((await company.send('ops', 'POST', `/api/models/${set.modelId}/activate`, {})).status, 409)
  const logins = new Map(
    (await company.rows<{ id: string; login: string }>('select id::text, login from app_user where login is not null')).map(u => [u.id, u.login]),
  )
  for (const a of submitted.approvers) {
    const login = logins.get(a.person.id)!
    assert.equal((await setOf(login, set.id)).may.approve, true)
    await ok(login, 'POST', `/api/change-sets/${set.id}/comments`, {
      body: 'seen',
      anchor: { kind: 'territory', id: set.territoryIds[0]! },
      reason: 'workload',
    })
    await ok(login, 'POST', `/api/approvals/${a.requestId}/decide`, { approve: true }, { 'if-match': String(a.rowVersion) })
  }
  assert.equal((await setOf('ops', set.id)).state, 'approved')
  assert.equal((await setOf('ops', set.id)).comments, submitted.approvers.length)

  const later = new Date(Date.now() + 86_400_000).toISOString()
  await ok('ops', 'POST', `/api/change-sets/${set.id}/schedule`, { effectiveAt: later })
  assert.equal((await setOf('ops', set.id)).state, 'scheduled')
  const told = await company.rows(`select count(*)::int as n from notification where kind = 'changeSet.scheduled'`)
  assert.ok((told[0] as { n: number }).n > 0)
  await ok('ops', 'DELETE', `/api/change-sets/${set.id}/schedule`)
  assert.equal((await setOf('ops', set.id)).state, 'approved')

  // A rep's sight changes as predicted, account by account.
  const changed = await company.rows<{ key: string; before: number; after: number; gained: number; lost: number }>(
    `select key::text, before, after, gained, lost from change_set_line where change_set_id = $1 and kind = 'sight' order by gained + lost desc`,
    [set.id],
  )
  const people = changed.filter(l => logins.has(l.key)).slice(0, 6)
  assert.ok(people.length > 0)
  const before = new Map<string, Set<string>>()
  for (const p of people) before.set(p.key, await seen(logins.get(p.key)!))
  await ok('ops', 'POST', `/api/change-sets/${set.id}/schedule`, {})
  assert.equal((await setOf('ops', set.id)).state, 'active')
  for (const p of people) {
    const [was, is] = [before.get(p.key)!, await seen(logins.get(p.key)!)]
    assert.deepEqual(
      { before: was.size, after: is.size, gained: [...is].filter(x => !was.has(x)).length, lost: [...was].filter(x => !is.has(x)).length },
      { before: p.before, after: p.after, gained: p.gained, lost: p.lost },
      logins.get(p.key),
    )
  }
  const file = await company.send('ops', 'GET', `/api/change-sets/${set.id}/export`)
  assert.equal(file.status, 200)
  assert.equal(file.headers['x-rows'], String(foreseen.length))
  await ok('ops', 'POST', '/api/activations/undo', { why: 'too early' })
  assert.equal((await setOf('ops', set.id)).state, 'undone')
  for (const p of people) assert.deepEqual(await seen(logins.get(p.key)!), before.get(p.key))
})

test('sent back it is the draft that it was; drift asks for new figures; refused is refused', { timeout: 120_000 }, async () => {
  const set = await makeSet('退回', 2)
  const tree = () =>
    company.rows(
      'select id::text, parent_id::text, code, name, colour, inherit, priority, position, rule_version, removed from territory where model_id = $1 order by id',
      [set.modelId],
    )
  const types = () => company.rows('select * from territory_type where model_id = $1 order by id', [set.modelId])
  // Colours may be chosen anew at submission; the rest is what it was.
  const before = [(await tree()).map(({ colour: _, ...t }) => t), await types()]
  await ok('ops', 'POST', `/api/change-sets/${set.id}/submit`, { why: 'try' })
  await work()
  const submitted = await setOf('ops', set.id)
  const hq = submitted.approvers.find((a: { person: { name: string } }) => a.person.name)
  assert.ok(hq)
  const login = (await company.one<{ login: string }>('select login from app_user where id = $1', [hq.person.id])).login
  assert.equal((await company.send('rep', 'POST', `/api/change-sets/${set.id}/send-back`, { refuse: false, answer: 'no' })).status, 404)
  await ok(login, 'POST', `/api/change-sets/${set.id}/send-back`, { refuse: false, answer: 'leave the second one' })
  await work()
  const back = await setOf('ops', set.id)
  assert.equal(back.state, 'draft')
  // Who sent it back may still read what it has become.
  assert.equal((await setOf(login, set.id)).state, 'draft')
  assert.equal(back.approvers.filter((a: { state: string }) => a.state === 'asked').length, 0)
  assert.deepEqual([(await tree()).map(({ colour: _, ...t }) => t), await types()], before)
  assert.equal((await company.one<{ n: number }>('select count(*)::int as n from account_placement where model_id = $1', [set.modelId])).n, 0)

  // A change of the draft after its figures is drift.
  await ok('ops', 'POST', `/api/change-sets/${set.id}/compute`)
  await work()
  assert.equal((await setOf('ops', set.id)).drifted, false)
  const rows = (await ok('ops', 'GET', `/api/models/${set.modelId}/territories?limit=5000`)).rows as { id: string; rowVersion: number }[]
  const t = rows.find(r => r.id === set.territoryIds[0])!
  await ok('ops', 'PATCH', `/api/models/${set.modelId}/territories/${t.id}`, { priority: 9 }, { 'if-match': String(t.rowVersion) })
  assert.equal((await setOf('ops', set.id)).drifted, true)

  await ok('ops', 'POST', `/api/change-sets/${set.id}/submit`, { why: 'again' })
  await work()
  await ok(login, 'POST', `/api/change-sets/${set.id}/send-back`, { refuse: true, answer: 'not this year' })
  await work()
  assert.equal((await setOf('ops', set.id)).state, 'refused')
  const told = await company.rows(
    `select kind from notification n join app_user u on u.id = n.user_id where u.login = 'ops' and kind like 'changeSet.%' order by n.id`,
  )
  assert.ok(told.some(n => n.kind === 'changeSet.sentBack') && told.some(n => n.kind === 'changeSet.refused'))
})

test('one no in the inbox is the end of it; nobody who was asked is left out', { timeout: 120_000 }, async () => {
  await ok('admin', 'PUT', '/api/change-policy', {
    rows: [
      { measure: 'owners', atLeast: 1, approver: 'user', userId: await company.idOf('hq') },
      { measure: 'owners', atLeast: 1, approver: 'user', userId: await company.idOf('manager') },
    ],
  })
  const set = await makeSet('一人不批', 3)
  await ok('ops', 'POST', `/api/change-sets/${set.id}/submit`, { why: 'two must say yes' })
  await work()
  const inboxOf = async (login: string) =>
    (await ok(login, 'GET', '/api/approvals')).rows.find(
      (r: { kind: string; recordId: string }) => r.kind === 'changeSet.approve' && r.recordId === set.id,
    )
  const [hq, manager] = [await inboxOf('hq'), await inboxOf('manager')]
  const asked = (await ok('ops', 'GET', '/api/approvals?box=asked')).rows.find((r: { id: string }) => r.id === hq.id)
  assert.equal(asked.mayWithdraw, false)
  const alone = await company.send('ops', 'POST', `/api/approvals/${hq.id}/withdraw`, undefined, { 'if-match': String(hq.rowVersion) })
  assert.equal(alone.status, 409, alone.text)
  await ok('hq', 'POST', `/api/approvals/${hq.id}/decide`, { approve: false, answer: 'too much at once' }, { 'if-match': String(hq.rowVersion) })
  await work()
  const late = await company.send(
    'manager',
    'POST',
    `/api/approvals/${manager.id}/decide`,
    { approve: true, answer: null },
    { 'if-match': String(manager.rowVersion) },
  )
  assert.equal(late.status, 409, late.text)
  const refused = await setOf('ops', set.id)
  assert.equal(refused.state, 'refused')
  assert.deepEqual(
    refused.approvers.map((a: { state: string; answer: string }) => [a.state, a.answer]),
    [['refused', 'too much at once']],
  )
})

test('holdover: who had a customer with an open deal keeps seeing it until the day', { timeout: 120_000 }, async () => {
  await ok('admin', 'PUT', '/api/change-policy', { rows: [] })
  const set = await makeSet('留守', 1)
  const later = new Date(Date.now() + 86_400_000).toISOString()
  await ok(
    'ops',
    'PATCH',
    `/api/change-sets/${set.id}`,
    { holdoverDays: 60, effectiveAt: later },
    { 'if-match': String((await setOf('ops', set.id)).rowVersion) },
  )
  await ok('ops', 'POST', `/api/change-sets/${set.id}/submit`, { why: 'hold' })
  await work()
  // Without a policy nothing asks for approval.
  assert.equal((await setOf('ops', set.id)).state, 'approved')
  const move = await company.one<{ id: string; owner: string; login: string }>(
    `select m.account_id::text as id, m.from_owner::text as owner, u.login from change_set_move m join app_user u on u.id = m.from_owner where m.change_set_id = $1 and m.from_owner is distinct from m.to_owner limit 1`,
    [set.id],
  )
  await company.db.owner.query(
    `insert into opportunity (tenant_id, account_id, name, owner_id, created_at, updated_at) values (1, $1, 'deal', $2, now(), now())`,
    [move.id, move.owner],
  )
  // Now is now, whatever was planned.
  await ok('ops', 'POST', `/api/change-sets/${set.id}/schedule`, { now: true })
  assert.equal((await setOf('ops', set.id)).state, 'active')
  await work()
  assert.ok((await seen(move.login)).has(move.id))
  const shares = await company.rows<{ until: string }>(
    'select until from account_share where change_set_id = $1 and account_id = $2 and user_id = $3',
    [set.id, move.id, move.owner],
  )
  assert.equal(shares.length, 1)
  assert.ok(Math.abs(Date.parse(shares[0]!.until) - Date.now() - 60 * 86_400_000) < 3_600_000 * 2)
})
