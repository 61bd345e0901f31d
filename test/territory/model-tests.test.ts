/** Tests of a model as one edits them: added, changed and taken out one by one, nobody's overwritten, and what cannot be meant refused with its place. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import type { TestResult } from '../../src/contract/territory/model-file.ts'
import { makeCompany } from '../support/company.ts'

let company: Awaited<ReturnType<typeof makeCompany>>
let draft = ''
let url = ''
let account: { id: string; name: string; code: string }
before(async () => {
  company = await makeCompany({ accounts: 200, people: 60, seed: 9 })
  draft = (await company.send('ops', 'POST', '/api/models', { name: '有测试的' })).body.id
  url = `/api/models/${draft}/tests`
  account = await company.one(
    `select a.id::text as id, a.name, t.code from account_placement p join account a on a.id = p.account_id join territory t on t.model_id = p.model_id and t.id = p.territory_id
      where p.model_id = (select model_id from activation order by seq desc limit 1) and p.source like 'rule:%' order by a.id limit 1`,
  )
})
after(() => company.close())

const put = (body: object, login = 'ops') => company.send(login, 'PUT', url, body)
const saved = async (body: object): Promise<TestResult[]> => {
  const answer = await put(body)
  assert.equal(answer.status, 200, answer.text)
  return answer.body.rows
}
const refused = async (body: object, code: string, at: string | null, status = 400) => {
  const answer = await put(body)
  assert.equal(answer.status, status, answer.text)
  assert.equal(answer.body.type, `urn:jiangyu:${code}`)
  if (at !== null) assert.equal(answer.body.errors[0].pointer, at)
}

test('one is added, another changed, one goes; the others stay as they are', async () => {
  const first = await saved({ tests: [{ name: 'here', account: account.id, territory: account.code }], keep: [], seen: [] })
  assert.deepEqual(
    first.map(r => [r.name, r.ok, r.account]),
    [['here', true, { id: account.id, name: account.name }]],
  )
  const ids = first.map(r => r.id)
  const two = await saved({ tests: [{ name: 'nowhere', values: { division: '999999', size: 3 }, territory: null }], keep: ids, seen: ids })
  assert.deepEqual(
    two.map(r => r.name),
    ['here', 'nowhere'],
  )
  assert.equal(two[0]!.id, ids[0])
  assert.deepEqual([two[1]!.values, two[1]!.account, two[1]!.hidden], [{ division: '999999', size: 3 }, null, false])
  const changed = await saved({ tests: [{ name: 'here', account: account.id, territory: null }], keep: [two[1]!.id], seen: two.map(r => r.id) })
  assert.deepEqual(
    changed.map(r => [r.name, r.ok]),
    [
      ['nowhere', true],
      ['here', false],
    ],
  )
  assert.match(changed[1]!.words, /no territory/)
  // Whoever decided on the tests of before overwrites nobody's.
  await refused({ tests: [], keep: [], seen: two.map(r => r.id) }, 'test.stale', null, 409)
  await refused({ tests: [], keep: [ids[0]] }, 'test.stale', null, 409)
  assert.equal((await company.send('ops', 'GET', url)).body.rows.length, 2)
})

test('what cannot be meant is refused with its place; nothing is kept', async () => {
  const one = (change: object) => ({ tests: [{ name: 'x', account: account.id, territory: account.code, ...change }], keep: [] as string[] })
  await refused(one({ territory: 'NOWHERE' }), 'test.territory', '/tests/0/territory')
  await refused(one({ account: '999999999' }), 'test.account', '/tests/0/account')
  await refused(one({ owner: 'ghost' }), 'file.person', '/tests/0/owner')
  await refused(one({ values: {} }), 'file.test', '/tests/0')
  await refused(one({ account: undefined, values: { tier: 'KA' }, owner: 'rep' }), 'file.testOwner', '/tests/0/owner')
  await refused(one({ account: undefined, values: { divison: '320500' } }), 'test.field', '/tests/0/values')
  await refused(one({ account: undefined, values: { size: 'many' } }), 'test.value', '/tests/0/values')
  const rows = (await company.send('ops', 'GET', url)).body.rows as TestResult[]
  await refused({ ...one({ name: rows[0]!.name }), keep: [rows[0]!.id] }, 'test.twice', '/tests/0/name')
  assert.equal((await put(one({ name: '' }))).status, 400)
  assert.equal((await put(one({}), 'rep')).status, 403)
  assert.deepEqual(
    (await company.send('ops', 'GET', url)).body.rows.map((r: TestResult) => r.id),
    rows.map(r => r.id),
  )
  const active = (await company.send('ops', 'GET', '/api/models')).body.rows.find((m: { active: boolean }) => m.active).id
  assert.equal((await company.send('ops', 'PUT', `/api/models/${active}/tests`, one({}))).status, 409)
})

test('values of a field that the role hides are not shown, and stay when others are changed; a customer out of sight has no name', async () => {
  const [first] = await saved({ tests: [{ name: 'potential', values: { potential: 5, tier: 'KA' }, territory: null }] })
  await company.setFieldAccess('operations', { potential: 'hidden' })
  const shown = (await company.send('ops', 'GET', url)).body.rows[0] as TestResult
  assert.deepEqual([shown.values, shown.hidden], [{ tier: 'KA' }, true])
  await refused(
    { tests: [{ name: 'p', values: { potential: 1 }, territory: null }], keep: [first!.id] },
    'territory.fieldHidden',
    '/tests/0/values',
    403,
  )
  await saved({ tests: [{ name: 'other', values: { tier: 'A' }, territory: null }], keep: [first!.id] })
  await company.setFieldAccess('operations', {})
  const rows = (await company.send('ops', 'GET', url)).body.rows as TestResult[]
  assert.deepEqual(rows[0]!.values, { potential: 5, tier: 'KA' })

  await company.db.owner.query(`update role set permissions = array_append(permissions, 'territory.plan') where key = 'rep'`)
  await company.db.owner.query('update change_set set shared = true')
  const hidden = await company.one<{ id: string }>(
    `select a.id::text as id from account a join account_placement p on p.account_id = a.id where p.owner_id <> $1 order by a.id desc limit 1`,
    [await company.idOf('rep')],
  )
  await saved({ tests: [{ name: 'far', account: hidden.id, territory: null }], keep: [] })
  const far = (await company.send('rep', 'GET', url)).body.rows[0] as TestResult
  assert.equal((await company.send('rep', 'GET', `/api/accounts/${hidden.id}`)).status, 404)
  assert.deepEqual([far.account, far.actual, far.ok], [{ id: hidden.id, name: null }, null, false])
})
