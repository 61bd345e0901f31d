/** Over HTTP as a script would: what may be imported, a template that maps itself, a file in, rejects and links out; and whose import it is. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { makeImportWorld } from '../../../test/support/import.ts'
import { buildApp } from '../app.ts'
import { openSession } from '../identity/session.ts'
import { inTenant } from '../kernel/transaction.ts'

let w: Awaited<ReturnType<typeof makeImportWorld>>
let app: Awaited<ReturnType<typeof buildApp>>['app']
before(async () => {
  w = await makeImportWorld()
  ;({ app } = await buildApp(w.db, { webRoot: null, geoRoot: null, https: false, trustProxy: false, requestsPerMinute: 1_000_000, log: false }))
})
after(async () => {
  await app.close()
  await w.db.drop()
})

const sessions = new Map<string, string>()
async function send(login: string, method: 'GET' | 'POST' | 'PUT', url: string, payload?: unknown, headers: Record<string, string> = {}) {
  if (!sessions.has(login)) {
    const [user] = await w.rows<{ id: string }>('select id::text from app_user where tenant_id = 1 and login = $1', [login])
    sessions.set(login, await inTenant(w.db.app, '1', tx => openSession(tx, '1', user!.id, null)))
  }
  const reply = await app.inject({
    method,
    url,
    headers: { cookie: `jiangyu=${sessions.get(login)}`, 'x-jiangyu': '1', 'accept-language': 'en', ...headers },
    ...(payload === undefined ? {} : { payload: payload as object }),
  })
  return reply
}
const form = (content: Buffer | string, name = 'list.csv') => {
  const edge = 'edge7'
  const body = Buffer.concat([
    Buffer.from(`--${edge}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`),
    Buffer.from(content),
    Buffer.from(`\r\n--${edge}--\r\n`),
  ])
  return [body, { 'content-type': `multipart/form-data; boundary=${edge}` }] as const
}
async function upload(
  login: string,
  object: string,
  content: Buffer | string,
  name?: string,
): Promise<{ status: number; body: { id: string; title?: string } }> {
  const [body, headers] = form(content, name)
  const reply = await send(login, 'POST', `/api/imports?object=${object}`, body, headers)
  return { status: reply.statusCode, body: reply.json() }
}

test('each kind offers a template whose headings are recognised by themselves, in CSV and XLSX', async () => {
  const objects = (await send('admin', 'GET', '/api/import-objects')).json() as {
    rows: { key: string; targets: { key: string; required: boolean }[] }[]
  }
  assert.deepEqual(
    objects.rows.map(r => r.key),
    ['account', 'contact', 'user', 'territory', 'member', 'owner'],
  )
  for (const { key, targets } of objects.rows)
    for (const format of ['csv', 'xlsx']) {
      const file = await send('admin', 'GET', `/api/import-objects/${key}/template?format=${format}`)
      assert.equal(file.statusCode, 200)
      const made = await upload('admin', key, file.rawPayload, `t.${format}`)
      assert.equal(made.status, 200, JSON.stringify(made.body))
      const job = (await send('admin', 'GET', `/api/imports/${made.body.id}`)).json() as {
        guess: { field: string | null; confidence: number }[]
        format: string
      }
      assert.equal(job.format, format)
      assert.deepEqual(
        job.guess.map(g => g.field),
        targets.map(t => t.key),
      )
    }
})

test('what a role may not import it neither sees nor brings; an import is its maker’s', async () => {
  const rep = (await send('rep', 'GET', '/api/import-objects')).json() as { rows: unknown[]; models: unknown[] }
  assert.deepEqual([rep.rows, rep.models], [[], []])
  assert.equal((await upload('rep', 'account', '客户名称,x\n甲,1\n')).status, 403)
  assert.equal((await upload('ops', 'user', '登录名,姓名\na,甲\n')).status, 403)
  assert.equal((await send('ops', 'GET', '/api/import-objects/user/template')).statusCode, 403)
  const people = await upload('admin', 'user', '登录名,姓名,角色\nhttp1,网上来的,销售代表\n')
  assert.equal((await send('ops', 'GET', `/api/imports/${people.body.id}`)).statusCode, 404)
  assert.ok(!((await send('ops', 'GET', '/api/imports')).json() as { rows: { object: string }[] }).rows.some(r => r.object === 'user'))
  await w.rows(`update role set permissions = permissions || '{account.import}' where tenant_id = 1 and key = 'manager'`)
  const mine = await upload('ops', 'account', '客户名称,x\n甲,1\n')
  for (const [method, path, body] of [
    ['GET', '', undefined],
    ['GET', '/rejects', undefined],
    ['GET', '/rejects.csv', undefined],
    ['GET', '/kept', undefined],
    ['PUT', '/encoding', { encoding: 'big5' }],
    ['PUT', '/mapping', { columns: [{ column: 0, field: 'name' }], match: 'none' }],
    ['POST', '/run', undefined],
    ['POST', '/undo', undefined],
  ] as const)
    assert.equal((await send('manager', method, `/api/imports/${mine.body.id}${path}`, body)).statusCode, 404, path)
})

test('from file to links: mapped, checked, written, rejects as a file, invitations once', async () => {
  const made = await upload('admin', 'user', '登录名,姓名,角色\nhttp2,网上来的二,销售代表\nhttp3,没有角色,\n')
  const columns = ['login', 'name', 'roles'].map((field, column) => ({ column, field }))
  const bad = await send('admin', 'PUT', `/api/imports/${made.body.id}/mapping`, { columns: columns.slice(1), match: 'login' })
  assert.deepEqual([bad.statusCode, (bad.json() as { title: string }).title], [400, 'import.noField'])
  assert.equal((await send('admin', 'PUT', `/api/imports/${made.body.id}/mapping`, { columns, match: 'login' })).statusCode, 200)
  assert.equal((await send('admin', 'POST', `/api/imports/${made.body.id}/run`)).statusCode, 409)
  await w.work()
  assert.equal((await send('admin', 'POST', `/api/imports/${made.body.id}/run`)).statusCode, 200)
  await w.work()
  const rejects = await send('admin', 'GET', `/api/imports/${made.body.id}/rejects.csv`)
  assert.match(
    rejects.body,
    /^\uFEFF登录名,姓名,角色,行,问题与改法\r\nhttp3,没有角色,,2,角色: 「角色」是空的,请填写\r\n$|"角色: 「角色」是空的,请填写"/,
  )
  const links = await send('admin', 'POST', `/api/imports/${made.body.id}/invitations.csv`)
  assert.match(links.body, /网上来的二,http2,\/ticket\?ticket=1\./)
  assert.equal((await send('ops', 'POST', `/api/imports/${made.body.id}/invitations.csv`)).statusCode, 403)
})

test('a file that nobody went on with for a week is given up', async () => {
  const old = await upload('ops', 'account', '客户名称,x\n旧,1\n')
  await w.rows(`update import_job set created_at = now() - interval '8 days' where id = $1`, [old.body.id])
  await upload('ops', 'account', '客户名称,x\n新,1\n')
  assert.deepEqual(
    await w.rows(`select state, (select count(*)::int from import_chunk c where c.job_id = j.id) as chunks from import_job j where id = $1`, [
      old.body.id,
    ]),
    [{ state: 'cancelled', chunks: 0 }],
  )
})
