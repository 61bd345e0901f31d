/** Approvals over HTTP: the nearest person is asked, an approval does what was asked on the one path of assigning, and nothing twice. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { type Answer, type Company, makeCompany } from '../../../test/support/company.ts'

let company: Company
let rep: string
let manager: string
before(async () => {
  company = await makeCompany()
  rep = await company.idOf('rep')
  manager = await company.idOf('manager')
})
after(() => company.close())

/** An account of somebody else in the manager's region, shared with the rep for reading. */
/** An account is asked about once: the same one twice would meet its own earlier request. */
const taken = new Set<string>()
async function foreign(): Promise<{ id: string; owner: string; ownerLogin: string }> {
  const found = await company.rows<{ id: string; owner: string; login: string }>(
    `select p.account_id::text as id, p.owner_id::text as owner, u.login from account_placement p join app_user u on u.id = p.owner_id join territory_member m on m.user_id = $1 and m.member_role = 'manager'
      where p.model_id = (select model_id from activation order by seq desc limit 1) and p.owner_id <> $2 and p.tokens @> array[m.territory_id * 8 + 4]
        and p.account_id <> all($3::bigint[]) and not exists (select 1 from approval_request r where r.account_id = p.account_id) order by p.account_id limit 1`,
    [manager, rep, [...taken]],
  )
  const row = found[0]!
  taken.add(row.id)
  const shared = await company.send('ops', 'POST', `/api/accounts/${row.id}/shares`, { userId: rep, access: 'read' })
  assert.equal(shared.status, 200, shared.text)
  return { id: row.id, owner: row.owner, ownerLogin: row.login }
}
const ask = (login: string, recordId: string, payload: object, kind = 'account.transfer') =>
  company.send(login, 'POST', '/api/approvals', { kind, recordId, payload, why: '我已跟进三个月' })
const decide = (login: string, id: string, body: object, version = 1) =>
  company.send(login, 'POST', `/api/approvals/${id}/decide`, body, { 'if-match': String(version) })
const inbox = async (login: string, query = '') => (await company.send(login, 'GET', `/api/approvals${query}`)).body.rows
const ownerOf = async (id: string) =>
  (
    await company.one(
      'select owner_id::text as id from account_placement where account_id = $1 and model_id = (select model_id from activation order by seq desc limit 1)',
      [id],
    )
  ).id
const refused = (reply: Answer, status: number, code: string) => {
  assert.equal(reply.status, status, reply.text)
  assert.equal(reply.body.title, code, reply.text)
}

test('a rep asks, the manager of the region approves, the customer changes hands with reason, trail and notice', async () => {
  const { id, owner } = await foreign()
  const who = await company.send('rep', 'POST', '/api/approvals/approver', { kind: 'account.transfer', recordId: id, payload: { ownerId: rep } })
  assert.equal(who.body.approver.id, manager, who.text)
  const asked = await ask('rep', id, { ownerId: rep })
  assert.equal(asked.status, 200, asked.text)
  assert.equal(asked.body.approver.id, manager)
  const line = (await inbox('manager')).find((r: { id: string }) => r.id === asked.body.id)
  assert.equal(line.mayDecide, true)
  assert.equal(line.stale, false)
  assert.equal(line.people[rep], '林若溪')
  assert.ok(line.recordName)
  assert.equal(await ownerOf(id), owner, 'asking changes nothing')
  refused(await decide('rep', asked.body.id, { approve: true }), 403, 'approval.own')
  refused(await decide('hq', asked.body.id, { approve: true }), 403, 'approval.notYours')
  assert.equal((await decide('manager', asked.body.id, { approve: true, answer: '同意' })).status, 200)
  assert.equal(await ownerOf(id), rep)
  const act = await company.one(
    'select kind, owner_id::text, created_by::text, reason from ownership_act where account_id = $1 order by id desc limit 1',
    [id],
  )
  assert.deepEqual(act, { kind: 'transfer', owner_id: rep, created_by: manager, reason: '我已跟进三个月' })
  const kinds = await company.rows<{ kind: string }>(
    `select kind from audit where account_id = $1 and kind like any(array['approval.%', 'account.assign']) order by id`,
    [id],
  )
  assert.deepEqual(
    kinds.map(k => k.kind),
    ['approval.ask', 'account.assign', 'approval.approve'],
  )
  const notices = (await company.send('rep', 'GET', '/api/notifications')).body.rows.map((n: { kind: string }) => n.kind)
  assert.ok(notices.includes('approval.approved') && notices.includes('account.assigned'), notices.join())
  refused(await decide('manager', asked.body.id, { approve: false, answer: 'x' }, 2), 409, 'approval.decided')
})

test('two decide at once: one decides', async () => {
  const { id } = await foreign()
  const asked = await ask('rep', id, { ownerId: rep })
  const replies = await Promise.all([
    decide('manager', asked.body.id, { approve: true }),
    decide('ops', asked.body.id, { approve: false, answer: '不' }),
    decide('manager', asked.body.id, { approve: true }),
  ])
  assert.equal(replies.filter(r => r.status === 200).length, 1, replies.map(r => r.text).join('\n'))
  assert.ok(replies.filter(r => r.status !== 200).every(r => r.status === 409))
  const acts = await company.one('select count(*)::int as n from ownership_act where account_id = $1', [id])
  assert.ok(acts.n <= 1)
})

test('what changed hands meanwhile cannot be approved, but refused, with words', async () => {
  const { id } = await foreign()
  const asked = await ask('rep', id, { ownerId: rep })
  const given = await company.send('ops', 'POST', `/api/accounts/${id}/assign`, { ownerId: manager, reason: '临时' })
  assert.equal(given.status, 200, given.text)
  assert.equal((await inbox('manager')).find((r: { id: string }) => r.id === asked.body.id).stale, true)
  refused(await decide('manager', asked.body.id, { approve: true }), 409, 'approval.stale')
  refused(await decide('manager', asked.body.id, { approve: false }), 400, 'approval.wordsMissing')
  assert.equal((await decide('manager', asked.body.id, { approve: false, answer: '已由我接手' })).status, 200)
  const mine = (await inbox('rep', '?box=asked')).find((r: { id: string }) => r.id === asked.body.id)
  assert.equal(mine.state, 'refused')
  assert.equal(mine.answer, '已由我接手')
})

test('an approval that cannot be carried out leaves the request waiting and the customer where it was', async () => {
  const { id, owner } = await foreign()
  const target = await company.one<{ id: string }>(
    `select u.id::text from app_user u join department d on d.id = u.department_id where d.leader_id = $1 and u.login like 'rep0%' and u.id <> $2 order by u.id desc limit 1`,
    [manager, owner],
  )
  const asked = await ask('rep', id, { ownerId: target.id })
  assert.equal(asked.status, 200, asked.text)
  await company.rows(`update app_user set state = 'inactive' where id = $1`, [target.id])
  assert.equal((await decide('manager', asked.body.id, { approve: true })).status, 404)
  assert.equal((await inbox('manager')).find((r: { id: string }) => r.id === asked.body.id).state, 'asked')
  assert.equal(await ownerOf(id), owner)
  await company.rows(`update app_user set state = 'active' where id = $1`, [target.id])
})

test('the same is not asked twice; it can be withdrawn by its asker and asked again', async () => {
  const { id } = await foreign()
  const asked = await ask('rep', id, { ownerId: rep })
  refused(await ask('rep', id, { ownerId: rep }), 409, 'approval.twice')
  const withdraw = (login: string) => company.send(login, 'POST', `/api/approvals/${asked.body.id}/withdraw`, undefined, { 'if-match': '1' })
  assert.equal((await withdraw('manager')).status, 404)
  assert.equal((await withdraw('rep')).status, 200)
  refused(await decide('manager', asked.body.id, { approve: true }, 2), 409, 'approval.decided')
  assert.equal((await ask('rep', id, { ownerId: rep })).status, 200)
})

test('more access is asked of the owner, and what one has already is not asked', async () => {
  const { id, ownerLogin } = await foreign()
  refused(await ask('rep', id, { access: 'read' }, 'account.share'), 409, 'approval.pointless')
  const asked = await ask('rep', id, { access: 'edit', until: '2100-01-01T00:00:00Z' }, 'account.share')
  assert.equal(asked.status, 200, asked.text)
  assert.equal(asked.body.approver.id, await company.idOf(ownerLogin))
  assert.equal((await company.send('rep', 'GET', `/api/accounts/${id}`)).body.editable, false)
  assert.equal((await decide(ownerLogin, asked.body.id, { approve: true })).status, 200)
  assert.equal((await company.send('rep', 'GET', `/api/accounts/${id}`)).body.editable, true)
})

test('a manager does not decide his own: the next above is asked', async () => {
  const { id } = await foreign()
  const asked = await ask('manager', id, { ownerId: manager })
  assert.equal(asked.status, 200, asked.text)
  assert.notEqual(asked.body.approver.id, manager)
})

test('out of sight is out of asking; requests about an account are told to those who see it', async () => {
  const hidden = await company.one<{ id: string }>(
    `select a.id::text from account a join account_placement p on p.account_id = a.id and p.model_id = (select model_id from activation order by seq desc limit 1) where a.division like '44%' and p.owner_id is not null limit 1`,
  )
  assert.equal((await ask('rep', hidden.id, { ownerId: rep })).status, 404)
  const { id } = await foreign()
  const asked = await ask('rep', id, { ownerId: rep })
  const seen = async (login: string) => (await inbox(login, `?accountId=${id}`)).map((r: { id: string }) => r.id)
  assert.deepEqual(await seen('ops'), [asked.body.id])
  assert.deepEqual(await seen('rep'), [asked.body.id])
  const stranger = await company.one<{ login: string }>(`select login from app_user where login like 'director.s'`)
  assert.deepEqual(await seen(stranger.login), [])
})
