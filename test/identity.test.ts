/** Signing in, leaving, roles, keys, view-as: what holds at the very next request, over the real server. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { DEMO_PASSWORD } from '../src/server/identity/demo-logins.ts'
import { type Company, makeCompany } from './support/company.ts'

let company: Company
before(async () => {
  company = await makeCompany({ accounts: 200, people: 40 })
})
after(() => company.close())

const raw = (method: string, url: string, payload?: object, headers: Record<string, string> = {}) =>
  company.app.inject({ method: method as 'GET', url, headers: { 'x-jiangyu': '1', ...headers }, ...(payload ? { payload } : {}) })
const cookieOf = (reply: { headers: Record<string, unknown> }): string => String(reply.headers['set-cookie']).split(';')[0]!
const signIn = (login: string, password = DEMO_PASSWORD) => raw('POST', '/api/session', { login, password })
const roleId = async (key: string) => (await company.one<{ id: string }>('select id::text from role where key = $1', [key])).id
const codeOf = (reply: { body: string }): string => String((JSON.parse(reply.body) as { title: string }).title)

/** Invites somebody and spends the ticket; answers id, cookie and the ticket. */
async function newcomer(login: string, role: string) {
  const invited = await company.send('admin', 'POST', '/api/users', { login, name: login, roleIds: [await roleId(role)] })
  assert.equal(invited.status, 200, invited.text)
  const spent = await raw('POST', '/api/tickets', { ticket: invited.body.ticket, password: 'a long enough phrase' })
  assert.equal(spent.statusCode, 200)
  return { id: String(invited.body.id), cookie: cookieOf(spent), ticket: String(invited.body.ticket) }
}

test('the cookie: only for HTTP, same site, another token at each sign-in; unknown and wrong are one answer', async () => {
  const one = await signIn('rep')
  const two = await signIn('rep')
  assert.match(String(one.headers['set-cookie']), /HttpOnly.*SameSite=Lax/)
  assert.notEqual(cookieOf(one), cookieOf(two))
  const [wrong, unknown] = [await signIn('hq', 'not this one at all'), await signIn('nobody-here', 'not this one at all')]
  assert.deepEqual([wrong.statusCode, codeOf(wrong)], [401, 'login.wrong'])
  const told = (reply: { body: string }) => ({ ...(JSON.parse(reply.body) as object), request_id: '' })
  assert.deepEqual(told(wrong), told(unknown))
})

test('after some wrong tries one waits, even with the right password; nobody else does', async () => {
  const login = `slow-${Date.now()}`
  await newcomer(login, 'rep')
  for (let i = 0; i < 6; i += 1) await signIn(login, 'wrong')
  const blocked = await signIn(login, 'a long enough phrase')
  assert.deepEqual([blocked.statusCode, codeOf(blocked)], [429, 'login.blocked'])
  assert.equal((await signIn('rep')).statusCode, 200)
})

test('a change must come from our page: header, origin and site are asked', async () => {
  const cookie = cookieOf(await signIn('admin'))
  const post = (headers: Record<string, string>) =>
    company.app.inject({ method: 'POST', url: '/api/teams', headers: { cookie, ...headers }, payload: { name: 'x', memberIds: [] } })
  const refusals = [{}, { 'x-jiangyu': '1', origin: 'https://evil.example' }, { 'x-jiangyu': '1', 'sec-fetch-site': 'cross-site' }]
  for (const headers of refusals) {
    const reply = await post(headers as Record<string, string>)
    assert.deepEqual([reply.statusCode, codeOf(reply)], [403, 'session.crossSite'])
  }
  assert.equal((await post({ 'x-jiangyu': '1' })).statusCode, 200)
})

test('a ticket works once; weak passwords are refused and the ticket stays', async () => {
  const invited = await company.send('admin', 'POST', '/api/users', { login: 'once', name: 'x', roleIds: [await roleId('rep')] })
  const spend = (password: string) => raw('POST', '/api/tickets', { ticket: invited.body.ticket, password })
  for (const weak of ['short', '1234567890', 'password123']) assert.equal(codeOf(await spend(weak)), 'password.weak', weak)
  assert.equal((await spend('a long enough phrase')).statusCode, 200)
  assert.equal(codeOf(await spend('a long enough phrase')), 'ticket.spent')
  assert.equal(codeOf(await raw('POST', '/api/tickets', { ticket: `1.${'x'.repeat(32)}`, password: 'a long enough phrase' })), 'ticket.spent')
})

test('leaving is immediate: session, key and reset links end with the commit, and what was held goes to the successor', async () => {
  const person = await newcomer('leaver', 'manager')
  const [account] = await company.accountsOf('rep')
  await company.db.owner.query('update role set permissions = permissions || $1::text[] where key = $2', [['account.assign'], 'manager'])
  assert.equal((await company.send('ops', 'POST', `/api/accounts/${account}/assign`, { ownerId: person.id, reason: 'x' })).status, 200)
  const made = await raw('POST', '/api/keys', { name: 'k', days: 5 }, { cookie: person.cookie })
  const key = { authorization: `Bearer ${(made.json() as { secret: string }).secret}` }
  const see = async (headers: Record<string, string>) => (await raw('GET', `/api/accounts/${account}`, undefined, headers)).statusCode
  assert.deepEqual([await see({ cookie: person.cookie }), await see(key)], [200, 200])
  assert.equal((await raw('POST', '/api/keys', { name: 'another', days: 5 }, key)).statusCode, 403, 'a key makes no keys')

  const without = await company.send('admin', 'POST', `/api/users/${person.id}/deactivate`, { successorId: null })
  assert.deepEqual([without.status, without.body.title], [409, 'user.needsSuccessor'])
  assert.equal(await see({ cookie: person.cookie }), 200, 'refused means unchanged')
  const successorId = await company.idOf('rep')
  assert.equal((await company.send('admin', 'POST', `/api/users/${person.id}/deactivate`, { successorId })).status, 200)
  assert.deepEqual([await see({ cookie: person.cookie }), await see(key)], [401, 401])
  assert.equal(codeOf(await signIn('leaver', 'a long enough phrase')), 'login.inactive')
  const owner = await company.one<{ owner: string }>(
    'select owner_id::text as owner from account_placement where account_id = $1 and model_id = (select model_id from activation order by seq desc limit 1)',
    [account],
  )
  assert.equal(owner.owner, successorId)
})

test('a role that changes is felt at the next request; nobody gives more than he has', async () => {
  const person = await newcomer('climber', 'rep')
  const list = () => raw('GET', '/api/audit', undefined, { cookie: person.cookie })
  assert.equal((await list()).statusCode, 403)
  await company.send('admin', 'PATCH', `/api/users/${person.id}`, { roleIds: [await roleId('operations')] }, { 'if-match': '2' })
  assert.equal((await list()).statusCode, 200)
  // Whoever may manage people but not roles cannot make an administrator.
  await company.db.owner.query(`update role set permissions = permissions || '{user.manage}' where key = 'operations'`)
  const rise = await raw('PATCH', `/api/users/${person.id}`, { roleIds: [await roleId('administrator')] }, { cookie: person.cookie, 'if-match': '3' })
  assert.deepEqual([rise.statusCode, codeOf(rise)], [403, 'permission.missing'])
})

test('the last administrator stays: by role, by leaving', async () => {
  const admin = await company.one<{ id: string; v: number }>(`select id::text, row_version as v from app_user where login = 'admin'`)
  const demoted = await company.send('admin', 'PATCH', `/api/users/${admin.id}`, { roleIds: [await roleId('rep')] }, { 'if-match': String(admin.v) })
  assert.deepEqual([demoted.status, demoted.body.title], [409, 'user.lastAdministrator'])
  const self = await company.send('admin', 'POST', `/api/users/${admin.id}/deactivate`, { successorId: null })
  assert.equal(self.status, 409)
  const role = await company.one<{ id: string; v: number }>(`select id::text, row_version as v from role where key = 'administrator'`)
  const robbed = await company.send('admin', 'PATCH', `/api/roles/${role.id}`, { permissions: [] }, { 'if-match': String(role.v) })
  assert.deepEqual([robbed.status, robbed.body.title], [409, 'role.builtIn'])
})

test('view as: sees what the other sees, changes nothing, and the trail says who looked', async () => {
  const cookie = cookieOf(await signIn('admin'))
  const rep = await company.idOf('rep')
  const count = async () => ((await raw('POST', '/api/accounts/query', { limit: 1, count: true }, { cookie })).json() as { count: number }).count
  const all = await count()
  assert.equal((await raw('PUT', '/api/session/view-as', { userId: rep }, { cookie })).statusCode, 200)
  const seen = await count()
  const own = (await company.send('rep', 'POST', '/api/accounts/query', { limit: 1, count: true })).body.count
  assert.ok(seen < all && seen === own)
  const [account] = await company.accountsOf('rep')
  const note = await raw('POST', `/api/accounts/${account}/notes`, { text: 'x' }, { cookie })
  assert.deepEqual([note.statusCode, codeOf(note)], [403, 'viewAs.readOnly'])
  assert.equal((await raw('PUT', '/api/session/view-as', { userId: null }, { cookie })).statusCode, 200)
  assert.equal(await count(), all)
  const trail = await company.rows<{ kind: string; actor: string }>(
    `select kind, actor_id::text as actor from audit where kind like 'viewAs.%' order by id desc limit 2`,
  )
  const admin = await company.idOf('admin')
  assert.deepEqual(trail, [
    { kind: 'viewAs.end', actor: admin },
    { kind: 'viewAs.start', actor: admin },
  ])
  assert.equal((await company.send('ops', 'PUT', '/api/session/view-as', { userId: rep })).status, 403)
})

test('answers of the house: policy headers on every page, problems without secrets, nothing without a session', async () => {
  const page = await raw('GET', '/api/accounts')
  assert.equal(page.statusCode, 401)
  assert.equal(page.headers['content-type'], 'application/problem+json; charset=utf-8')
  for (const header of ['content-security-policy', 'x-content-type-options', 'referrer-policy']) assert.ok(page.headers[header], header)
  assert.doesNotMatch(String(page.headers['content-security-policy']), /script-src[^;]*unsafe/)
  const odd = await raw('POST', '/api/accounts/query', undefined, { cookie: cookieOf(await signIn('rep')), 'content-type': 'application/json' })
  assert.equal(odd.statusCode, 400)
  assert.doesNotMatch(odd.body, /select |at .*\.ts|stack/i)
  assert.equal((await raw('GET', '/api/nothing-here')).statusCode, 404)
})
