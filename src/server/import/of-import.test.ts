/** Looking at what an import did: exactly the accounts it made or changed, for its maker and who sees everything; and those not placed yet say so. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { makeImportWorld } from '../../../test/support/import.ts'
import { buildApp } from '../app.ts'
import { openSession } from '../identity/session.ts'
import { inTenant } from '../kernel/transaction.ts'

let w: Awaited<ReturnType<typeof makeImportWorld>>
let app: Awaited<ReturnType<typeof buildApp>>['app']
let first: string
let second: string
before(async () => {
  w = await makeImportWorld()
  ;({ app } = await buildApp(w.db, { webRoot: null, geoRoot: null, https: false, trustProxy: false, requestsPerMinute: 1_000_000, log: false }))
  const rows = (from: number, to: number, city: string) =>
    Array.from({ length: to - from }, (_, i) => `K${from + i},第${from + i}号有限公司,${city}`).join('\n')
  const head = '客户编号,客户名称,城市\n'
  first = (await w.whole(head + rows(0, 30, '苏州市'))).id
  second = (await w.whole(head + rows(20, 50, '杭州市'))).id
})
after(async () => {
  await app.close()
  await w.db.drop()
})

async function send(login: string, method: 'GET' | 'POST', url: string, payload?: object) {
  const [user] = await w.rows<{ id: string }>('select id::text from app_user where tenant_id = 1 and login = $1', [login])
  const session = await inTenant(w.db.app, '1', tx => openSession(tx, '1', user!.id, null))
  const headers = { cookie: `jiangyu=${session}`, 'x-jiangyu': '1', 'accept-language': 'en' }
  return app.inject({ method, url, headers, ...(payload ? { payload } : {}) })
}
type Row = { id: string; values: { name: string }; pending: boolean; territory: { code: string } | null }
async function namesOf(login: string, importId: string, rest: object = {}): Promise<number[]> {
  const reply = await send(login, 'POST', '/api/accounts/query', { importId, limit: 200, count: true, ...rest })
  assert.equal(reply.statusCode, 200, reply.body)
  const { rows, count } = reply.json() as { rows: Row[]; count: number }
  assert.equal(count, rows.length)
  return rows.map(r => Number(/\d+/.exec(r.values.name)![0])).sort((a, b) => a - b)
}
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

test('the list holds what the import made and what it changed, however many there are', async () => {
  assert.deepEqual(await namesOf('ops', first), range(0, 30))
  assert.deepEqual(await namesOf('ops', second), range(20, 50))
  // The way a large import is looked at gives the same.
  await w.rows(`update import_job set stats = stats || '{"updates": 1000000}' where id = $1`, [second])
  assert.deepEqual(await namesOf('ops', second), range(20, 50))
  assert.deepEqual(await namesOf('ops', second, { search: '第21号' }), [21])
  const file = await send('ops', 'POST', '/api/accounts/export', { importId: second, format: 'csv', fields: ['name'] })
  assert.equal(file.body.trim().split('\n').length, 31)
  const assigned = await send('ops', 'POST', '/api/assignments/preview', { importId: first })
  assert.equal((assigned.json() as { matched: number }).matched, 30)
  const bulk = await send('ops', 'POST', '/api/accounts/bulk/preview', { importId: first, values: { tier: 'B' } })
  assert.equal((bulk.json() as { matched: number }).matched, 30)
})

test('contacts and owners lead to the accounts they were given to', async () => {
  const contacts = await w.whole('客户编号,姓名\nK1,王一\nK2,李二\n', 'contact')
  assert.deepEqual(await namesOf('ops', contacts.id), [1, 2])
  const changed = await w.whole('客户编号,姓名,职务\nK1,王一,总监\nK3,赵三,经理\n', 'contact')
  assert.deepEqual(await namesOf('ops', changed.id), [1, 3])
  const owners = await w.whole('客户编号,负责人\nK4,rep\n', 'owner')
  assert.deepEqual(await namesOf('ops', owners.id), [4])
  const people = await w.whole('登录名,姓名,角色\nneu,新来的,销售代表\n', 'user', {}, 'admin')
  assert.equal((await send('admin', 'POST', '/api/accounts/query', { importId: people.id })).statusCode, 404)
})

test('an import is its maker’s: others learn nothing by asking, and sight holds for who may ask', async () => {
  for (const login of ['rep', 'manager']) {
    const asked = await send(login, 'POST', '/api/accounts/query', { importId: first })
    const unknown = await send(login, 'POST', '/api/accounts/query', { importId: '999999' })
    assert.equal(asked.statusCode, 404)
    const said = (body: string) => body.replace(/"request_id":"[^"]+"/, '')
    assert.equal(said(asked.body), said(unknown.body))
    assert.equal((await send(login, 'GET', `/api/accounts?importId=${first}`)).statusCode, 404)
  }
  // A manager who made an import sees of it what lies in the region; what left it since is not shown.
  await w.rows(`update role set permissions = permissions || '{account.import}' where tenant_id = 1 and key = 'manager'`)
  await w.rows(`update import_job set created_by = (select id from app_user where tenant_id = 1 and login = 'manager') where id = $1`, [first])
  assert.deepEqual(await namesOf('manager', first), range(0, 30))
  await w.rows(
    `update account_placement set tokens = '{0}', private_tokens = '{0}', edit_tokens = '{0}' where account_id = (select id from account where name = '第7号有限公司')`,
  )
  assert.deepEqual(
    await namesOf('manager', first),
    range(0, 30).filter(n => n !== 7),
  )
})

test('an account that waits to be placed says so in the list and on its page, and no longer when the import is taken back', async () => {
  const [one] = await w.rows<{ id: string }>(`select id::text from account where name = '第40号有限公司'`)
  const pending = async () => {
    const list = (await send('ops', 'POST', '/api/accounts/query', { search: '第40号' })).json() as { rows: Row[] }
    const page = (await send('ops', 'GET', `/api/accounts/${one!.id}`)).json() as Row
    return [list.rows[0]!.pending, page.pending]
  }
  assert.deepEqual(await pending(), [false, false])
  const third = await w.whole('客户编号,客户名称,城市\nK40,第40号有限公司,上海市\n')
  // As it stands between writing and placing, or where the placing failed.
  await w.rows('update account set placed = false where id = $1', [one!.id])
  assert.deepEqual(await pending(), [true, true])
  await w.undo(third.id)
  assert.deepEqual(await pending(), [false, false])
})
