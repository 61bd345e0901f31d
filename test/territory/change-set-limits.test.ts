/** Who may know a change set, who may not be passed over, and what two of them may not do to each other. */
import assert from 'node:assert/strict'
import test, { after } from 'node:test'
import { asUser } from '../../src/cli/database.ts'
import { DRAFT_HANDOVER } from '../../src/server/territory/handover.ts'
import { openChangeSets } from '../support/change-sets.ts'

const opened = await openChangeSets(4)
after(() => opened.company.close())

const limit = (rows: object[]) => opened.ok('admin', 'PUT', '/api/change-policy', { rows })

test('a draft is its author’s alone until he shares it; a successor goes on with it', { timeout: 120_000 }, async () => {
  const { company, ok, makeSet, setOf } = opened
  const set = await makeSet('一人的草稿')
  const territory = set.territoryIds[0]!
  const member = await company.one<{ id: string; v: number }>(
    'select id::text, row_version as v from territory_member where territory_id = $1 order by id limit 1',
    [territory],
  )
  const before = await company.rows('select * from territory where model_id = $1 order by id', [set.modelId])
  const asked = (login: string) =>
    Promise.all([
      company.send(login, 'GET', `/api/change-sets/${set.id}`),
      company.send(login, 'GET', `/api/models/${set.modelId}/territories`),
      company.send(login, 'GET', `/api/models/${set.modelId}/proof`),
      company.send(login, 'GET', `/api/models/${set.modelId}/file`),
      company.send(login, 'PATCH', `/api/models/${set.modelId}/territories/${territory}`, { name: 'x' }, { 'if-match': '1' }),
      company.send(login, 'DELETE', `/api/models/${set.modelId}`, undefined, { 'if-match': '1' }),
      company.send(login, 'DELETE', `/api/members/${member.id}?modelId=${set.modelId}`, undefined, { 'if-match': String(member.v) }),
    ])
  // The administrator sees all and plans; this draft is still not his.
  assert.deepEqual(
    (await asked('admin')).map(a => a.status),
    [404, 404, 404, 404, 404, 404, 404],
  )
  assert.ok(!(await ok('admin', 'GET', '/api/models')).rows.some((m: { id: string }) => m.id === set.modelId))
  assert.deepEqual(await company.rows('select * from territory where model_id = $1 order by id', [set.modelId]), before)
  await ok('ops', 'PATCH', `/api/change-sets/${set.id}`, { shared: true }, { 'if-match': String((await setOf('ops', set.id)).rowVersion) })
  assert.equal((await company.send('admin', 'GET', `/api/models/${set.modelId}/territories`)).status, 200)
  assert.equal((await setOf('admin', set.id)).mine, false)
  const ofAdmin = await ok('admin', 'POST', '/api/models', { name: '离开的人的草稿' })
  assert.equal((await company.send('ops', 'GET', `/api/models/${ofAdmin.id}/territories`)).status, 404)
  const { id: setId } = await company.one<{ id: string }>('select id::text from change_set where model_id = $1', [ofAdmin.id])
  await asUser(company.db, 'admin', async (tx, actor, at) =>
    DRAFT_HANDOVER.move(tx, actor, { from: actor.userId, to: await company.idOf('ops'), at, why: null, handoverId: null }, [setId]),
  )
  assert.equal((await company.send('ops', 'GET', `/api/models/${ofAdmin.id}/territories`)).status, 200)
})

test('inside a draft a person is replaced there alone, and both acts are in the audit trail', async () => {
  const { company, ok, makeSet } = opened
  const set = await makeSet('换人')
  const member = await company.one<{ id: string; v: number; territory: string }>(
    `select id::text, row_version as v, territory_id::text as territory from territory_member where member_role = 'owner' and model_id is null and cancels_id is null order by id limit 1`,
  )
  await ok('ops', 'PATCH', `/api/members/${member.id}?modelId=${set.modelId}`, { access: 'read' }, { 'if-match': String(member.v) })
  assert.deepEqual(await company.rows('select access, row_version as v from territory_member where id = $1', [member.id]), [
    { access: 'edit', v: member.v },
  ])
  const { members } = await ok('ops', 'GET', `/api/models/${set.modelId}/territories/${member.territory}`)
  assert.deepEqual(
    members
      .filter((m: { inheritedFrom: string | null; role: string }) => m.inheritedFrom === null && m.role === 'owner')
      .map((m: { access: string }) => m.access),
    ['read'],
  )
  const told = await company.rows<{ kind: string }>(
    `select kind from audit where record_kind = 'territory' and coalesce(after, before)->>'modelId' = $1 and kind like 'member.%' order by id`,
    [set.modelId],
  )
  assert.deepEqual(
    told.map(a => a.kind),
    ['member.remove', 'member.add'],
  )
  // All the credit goes to the successor: whom the draft gave up no longer counts there, and still does in the base.
  const { members: now } = await ok('ops', 'GET', `/api/models/${set.modelId}/territories/${member.territory}`)
  for (const m of now.filter((x: { inheritedFrom: string | null }) => x.inheritedFrom === null))
    await ok('ops', 'DELETE', `/api/members/${m.id}?modelId=${set.modelId}`, undefined, { 'if-match': String(m.rowVersion) })
  const heir = { userId: await company.idOf('rep'), role: 'owner', access: 'edit', creditBp: 10_000 }
  await ok('ops', 'POST', `/api/models/${set.modelId}/territories/${member.territory}/members`, heir)
  const base = (await ok('ops', 'GET', `/api/change-sets/${set.id}`)).baseModelId
  const refused = await company.send('ops', 'POST', `/api/models/${base}/territories/${member.territory}/members`, heir)
  assert.equal(refused.body.title, 'member.credit')
})

test('a limit that only the author could answer for is not passed by another’s yes', { timeout: 120_000 }, async () => {
  const { company, ok, work, makeSet, setOf } = opened
  await limit([
    { measure: 'owners', atLeast: 1, approver: 'user', userId: await company.idOf('ops') },
    { measure: 'owners', atLeast: 1, approver: 'user', userId: await company.idOf('hq') },
  ])
  const set = await makeSet('自己批自己')
  await ok('ops', 'POST', `/api/change-sets/${set.id}/submit`, { why: 'mine' })
  await work()
  const submitted = await setOf('ops', set.id)
  assert.deepEqual(
    submitted.approvers.map((a: { person: { id: string } }) => a.person.id),
    [await company.idOf('hq')],
  )
  assert.equal(submitted.checks.find((c: { code: string }) => c.code === 'nobody').ok, false)
  const request = submitted.approvers[0]
  await ok('hq', 'POST', `/api/approvals/${request.requestId}/decide`, { approve: true }, { 'if-match': String(request.rowVersion) })
  assert.equal((await setOf('ops', set.id)).state, 'submitted')
  assert.equal((await company.send('ops', 'POST', `/api/change-sets/${set.id}/schedule`, {})).status, 409)
  // Somebody else is named: the answer that was given to the same figures stays.
  await limit([{ measure: 'owners', atLeast: 1, approver: 'user', userId: await company.idOf('hq') }])
  await ok('ops', 'POST', `/api/change-sets/${set.id}/compute`)
  await work()
  assert.equal((await setOf('ops', set.id)).state, 'approved')
  await ok('ops', 'POST', `/api/change-sets/${set.id}/withdraw`, {})
  await work()
})

test('withdrawn before it was computed: nobody is asked and it is a draft', { timeout: 120_000 }, async () => {
  const { company, ok, work, makeSet, setOf } = opened
  const set = await makeSet('反悔')
  await ok('ops', 'POST', `/api/change-sets/${set.id}/submit`, { why: 'x' })
  await ok('ops', 'POST', `/api/change-sets/${set.id}/withdraw`, {})
  await work()
  const back = await setOf('ops', set.id)
  assert.equal(back.state, 'draft')
  assert.deepEqual(back.approvers, [])
  assert.equal((await company.one<{ state: string }>('select state from territory_model where id = $1', [set.modelId])).state, 'draft')
})

test('who is only affected reads his own part, and no sum over customers out of his sight', { timeout: 120_000 }, async () => {
  const { company, ok, work, makeSet, setOf, seen } = opened
  await limit([])
  const set = await makeSet('受影响的人', 1)
  await ok('ops', 'POST', `/api/change-sets/${set.id}/submit`, { why: 'x' })
  await work()
  await ok('ops', 'POST', `/api/change-sets/${set.id}/comments`, { body: 'between planners' })
  const affected = await company.one<{ login: string; id: string }>(
    `select u.login, u.id::text from change_set_line l join app_user u on u.id = l.key where l.change_set_id = $1 and l.kind = 'sight' and l.lost > 0
       and not exists (select 1 from user_role ur join role r on r.id = ur.role_id where ur.user_id = u.id and (r.sees_all or 'territory.plan' = any(r.permissions))) order by l.lost desc limit 1`,
    [set.id],
  )
  assert.equal((await company.send(affected.login, 'GET', `/api/change-sets/${set.id}`)).status, 404, 'before it is decided it is not his business')
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
  await ok('ops', 'POST', `/api/change-sets/${set.id}/schedule`, { effectiveAt: tomorrow })
  const his = await setOf(affected.login, set.id)
  assert.deepEqual([his.whole, his.figures, his.owners, his.approvers, his.checks, his.rules, his.comments], [false, null, null, [], [], 0, 0])
  assert.deepEqual((await ok(affected.login, 'GET', `/api/change-sets/${set.id}/comments`)).rows, [])
  assert.deepEqual((await ok(affected.login, 'GET', `/api/change-sets/${set.id}/rules`)).rows, [])
  const lines = await ok(affected.login, 'GET', `/api/change-sets/${set.id}/lines?by=sight`)
  assert.deepEqual(
    lines.rows.map((l: { id: string }) => l.id),
    [affected.id],
  )
  assert.equal((await ok(affected.login, 'GET', `/api/change-sets/${set.id}/lines?by=territory`)).total.lines, 0)
  const sight = await seen(affected.login)
  for (const m of (await ok(affected.login, 'GET', `/api/change-sets/${set.id}/moves?limit=200`)).rows) assert.ok(sight.has(m.accountId))

  // Two that are built on the same model would undo each other.
  const other = await makeSet('第二个', 4)
  await ok('ops', 'POST', `/api/change-sets/${other.id}/submit`, { why: 'x' })
  await work()
  const refused = await company.send('ops', 'POST', `/api/change-sets/${other.id}/schedule`, { now: true })
  assert.equal(refused.status, 409)
  assert.match(refused.body.type, /changeSet\.otherScheduled/)
  await ok('ops', 'DELETE', `/api/change-sets/${set.id}/schedule`)
  // An instant with another offset is compared as an instant: ten hours ago, though its text is later than now.
  const past = new Date(Date.now() + 4 * 3_600_000).toISOString().replace('Z', '+14:00')
  const late = await company.send('ops', 'POST', `/api/change-sets/${(await makeSet('过去', 2)).id}/submit`, { why: 'x', effectiveAt: past })
  assert.equal(late.status, 400)
  assert.match(late.body.type, /activation\.past/)
})
