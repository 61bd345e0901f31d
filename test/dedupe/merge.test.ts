/** Duplicates over HTTP: warned of while typing, found by a check of the whole base, called different for ever, merged with everything attached, and parted again as they were. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import test, { after, before } from 'node:test'
import { runNextJob } from '../../src/server/kernel/jobs.ts'
import { makeCompany } from '../support/company.ts'

type Company = Awaited<ReturnType<typeof makeCompany>>
// biome-ignore lint/suspicious/noExplicitAny: answers of many endpoints
type Json = any
let company: Company
before(async () => {
  company = await makeCompany({ accounts: 300 })
})
after(() => company.close())

const ok = async (login: string, method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, body?: unknown, version?: number): Promise<Json> => {
  const answer = await company.send(login, method, url, body, version === undefined ? {} : { 'if-match': String(version) })
  assert.equal(answer.status, 200, `${method} ${url}: ${answer.text}`)
  return answer.body
}
const make = async (values: Record<string, unknown>, login = 'ops'): Promise<string> => (await ok(login, 'POST', '/api/accounts', { values })).id
const runCheck = async () => {
  await ok('ops', 'POST', '/api/duplicates/run', {})
  while (await runNextJob(company.db.bulk));
}
const pairOf = async (a: string, b: string): Promise<Json> => {
  const rows = (await ok('ops', 'GET', `/api/duplicates?accountId=${a}`)).rows
  return rows.find((p: Json) => p.a.id === b || p.b.id === b)
}
/** Everything that hangs on two accounts, as it lies in the database, but for clocks and versions. */
async function everything(ids: readonly string[]): Promise<Record<string, string>> {
  const tables: Record<string, string> = {}
  for (const table of [
    'account',
    'account_private',
    'account_address',
    'account_key',
    'account_field',
    'account_search',
    'account_share',
    'contact',
    'note',
    'task',
    'file',
    'file_chunk',
    'opportunity',
    'account_placement',
    'account_overlay',
  ]) {
    const column = table === 'account' ? 'id' : 'account_id'
    const rows = await company.rows<{ row: Json }>(
      `select to_jsonb(t) - 'row_version' - 'updated_at' - 'known_from' - 'valid_from' - 'standing' - 'bytes' as row from ${table} t where tenant_id = 1 and ${column} = any($1::bigint[])`,
      [ids],
    )
    tables[table] = createHash('sha256')
      .update(JSON.stringify(rows.map(r => JSON.stringify(r.row)).sort()))
      .digest('hex')
  }
  return tables
}

test('while typing: one’s own by every key, somebody else’s by name only, and no more than the policy tells', async () => {
  const rep = await company.idOf('rep')
  const mine = await make({
    name: '苏州衡远精密机械有限公司',
    phone: '13812345678',
    email: 'zhou@hengyuan.example.cn',
    creditCode: '91320505MA1X2Y3Z4K',
    division: '320505',
  })
  await ok('ops', 'POST', `/api/accounts/${mine}/assign`, { ownerId: rep, reason: 'test' })
  const check = async (login: string, body: Json) => (await ok(login, 'POST', '/api/duplicates/check', body)).hits
  for (const body of [
    { names: ['衡远（苏州）精密机械有限责任公司'] },
    { names: ['苏州横远精密机械有限公司'] },
    { names: ['完全不同的名字'], phones: ['138 1234 5678'] },
    { names: ['完全不同的名字'], phones: ['+86 (138)1234-5678'] },
    { names: ['完全不同的名字'], emails: ['ZHOU@hengyuan.example.cn'] },
    { names: ['完全不同的名字'], creditCode: '91320505MA1X2Y3Z4K' },
  ]) {
    const hits = await check('rep', body)
    assert.equal(hits[0]?.accountId, mine, JSON.stringify(body))
    assert.equal(hits[0].where.kind, 'seen')
    assert.ok(hits[0].evidence.length > 0)
  }
  assert.deepEqual(await check('rep', { names: ['苏州衡远精密机械有限公司'], exceptId: mine }), [], 'a customer is not its own duplicate')

  // Somebody else's: his name and place, but neither number nor the name as it is spelt; and nothing by phone.
  const theirs = await make({ name: '无锡天枢自动化设备有限公司', phone: '13987654321', division: '320206' })
  const other = await company.one<{ id: string; name: string }>(
    `select id::text, name from app_user where tenant_id = 1 and login not in ('ops', 'manager', 'rep', 'hq', 'admin') and state = 'active' order by id desc limit 1`,
  )
  await ok('ops', 'POST', `/api/accounts/${theirs}/assign`, { ownerId: other.id, reason: 'test' })
  assert.equal((await company.send('rep', 'GET', `/api/accounts/${theirs}`)).status, 404, 'the test wants it out of sight')
  const [hint] = await check('rep', { names: ['无锡市天枢自动化设备有限公司'], phones: ['13987654321'] })
  assert.equal(hint.accountId, null)
  assert.equal(hint.name, null)
  assert.equal(hint.where.kind, 'owned')
  assert.equal(hint.where.ownerName, other.name)
  assert.deepEqual(hint.evidence, [])
  assert.deepEqual(await check('rep', { names: ['另一家公司'], phones: ['13987654321'] }), [], 'a phone out of sight tells nothing')
  const policy = await ok('ops', 'GET', '/api/duplicates/policy')
  let version = (await ok('ops', 'PATCH', '/api/duplicates/policy', { hints: 'exists' }, policy.rowVersion)).rowVersion
  assert.deepEqual((await check('rep', { names: ['无锡天枢自动化设备有限公司'] }))[0].where, {
    kind: 'hidden',
    ownerName: null,
    territory: null,
    protectedUntil: null,
  })
  version = (await ok('ops', 'PATCH', '/api/duplicates/policy', { hints: 'none' }, version)).rowVersion
  assert.deepEqual(await check('rep', { names: ['无锡天枢自动化设备有限公司'] }), [])
  await ok('ops', 'PATCH', '/api/duplicates/policy', { hints: 'owner' }, version)
  assert.equal((await company.send('rep', 'PATCH', '/api/duplicates/policy', { hints: 'none' }, { 'if-match': String(version + 1) })).status, 403)

  // A field hidden from the role is no evidence and no key.
  await company.setFieldAccess('rep', { phone: 'hidden' })
  assert.deepEqual(await check('rep', { names: ['完全不同的名字'], phones: ['13812345678'] }), [])
  const byName = await check('rep', { names: ['苏州衡远精密机械有限公司'], phones: ['13812345678'] })
  assert.ok(byName[0].evidence.every((e: Json) => e.feature !== 'phone'))
  await company.setFieldAccess('rep', {})
})

test('another name of a brand, kept by the company, is found', async () => {
  const id = await make({ name: '北京易动纷享科技有限责任公司', division: '110108' })
  await ok('ops', 'POST', '/api/duplicates/aliases', { names: ['易动纷享', '纷享销客'] })
  const hits = (await ok('ops', 'POST', '/api/duplicates/check', { names: ['纷享销客'] })).hits
  assert.equal(hits[0]?.accountId, id)
  const same = await company.send('ops', 'POST', '/api/duplicates/aliases', { names: ['苏州衡远有限公司', '衡远'] })
  assert.equal(same.status, 400)
})

test('a check of the whole base finds them, the queue shows them, and “not the same” is remembered', async () => {
  const one = await make({ name: '常州启明轴承有限公司', phone: '13711112222', division: '320411' })
  const two = await make({ name: '启明（常州）轴承有限责任公司', phone: '0137-1111-2222', division: '320411' })
  const sister = await make({ name: '常州启明物流有限公司', phone: '13733334444', division: '320411' })
  await runCheck()
  const pair = await pairOf(one, two)
  assert.equal(pair.decision, 'merge')
  assert.ok(pair.evidence.some((e: Json) => e.feature === 'phone' && e.level === 'same'))
  assert.equal((await pairOf(one, sister))?.decision ?? 'review', 'review', 'a sister is never merged by itself')
  const queue = await ok('ops', 'GET', '/api/duplicates')
  assert.ok(queue.counts.merge >= 1 && queue.run.state === 'done')
  assert.equal((await company.send('rep', 'GET', `/api/duplicates/${pair.id}`)).status, 404, 'who sees only one of them sees no pair')
  assert.deepEqual((await ok('rep', 'GET', `/api/duplicates?accountId=${one}`)).rows, [])

  // He sees both, but not the phone of one: that the phones are equal would tell it.
  await ok('ops', 'POST', `/api/accounts/${one}/assign`, { ownerId: await company.idOf('rep'), reason: 'test' })
  await ok('ops', 'POST', `/api/accounts/${two}/shares`, { userId: await company.idOf('rep'), access: 'read' })
  const [seen] = (await ok('rep', 'GET', `/api/duplicates?accountId=${one}`)).rows
  assert.equal(seen?.id, pair.id)
  assert.deepEqual(
    seen.evidence.filter((e: Json) => e.feature === 'phone'),
    [],
  )
  assert.ok(seen.evidence.some((e: Json) => e.feature === 'name'))

  await ok('ops', 'POST', `/api/duplicates/${pair.id}/different`, { reason: '两家工厂' })
  assert.equal((await company.send('ops', 'POST', `/api/duplicates/${pair.id}/different`, {})).status, 409)
  await runCheck()
  assert.equal(await pairOf(one, two), undefined, 'not proposed again')
  const different = (await ok('ops', 'GET', `/api/duplicates?state=different&accountId=${one}`)).rows[0]
  assert.equal(different.reason, '两家工厂')
  await ok('ops', 'POST', `/api/duplicates/${pair.id}/reopen`, {})
  assert.ok(await pairOf(one, two))
})

test('merged: fields as chosen, everything follows, the trace leads on; undone: each has again what was its own', async () => {
  const keeps = await make({ name: '南通瀚海阀门有限公司', phone: '13655556666', division: '320612', address: '南通市通州区金沙镇人民路 8 号' })
  const goes = await make({
    name: '瀚海阀门（南通）有限公司',
    phone: '13655557777',
    website: 'hanhai.example.cn',
    division: '320612',
    potential: 12_000_000,
    address: '南通市通州区平潮镇通平路 18 号',
  })
  const child = await make({ name: '瀚海阀门配件厂', parentId: goes })
  await company.db.owner.query(`insert into account_key (tenant_id, source, external_key, account_id) values (1, 'ERP', 'K-1', $1)`, [goes])
  const contact = (await ok('ops', 'POST', `/api/accounts/${goes}/contacts`, { name: '周工', phone: '13699990000' })).id
  await ok('ops', 'POST', `/api/accounts/${goes}/notes`, { text: '谈了样机' })
  await ok('ops', 'POST', `/api/accounts/${goes}/tasks`, { text: '送样', dueOn: null })
  await ok('ops', 'POST', `/api/accounts/${goes}/opportunities`, { name: '阀门改造', amount: 100, closeOn: null })
  await runCheck()
  const pair = await pairOf(keeps, goes)
  const compared = await ok('ops', 'GET', `/api/duplicates/${pair.id}`)
  const website = compared.fields.find((f: Json) => f.key === 'website')
  assert.equal(website.suggested, compared.pair.a.id === goes ? 'a' : 'b', 'what is filled beats what is empty')
  assert.ok(compared.attached.find((r: Json) => r.kind === 'contact'))

  const before = await everything([keeps, goes, child])
  const order = {
    survivorId: keeps,
    mergedId: goes,
    survivorVersion: compared.rowVersions[compared.pair.a.id === keeps ? 'a' : 'b'],
    mergedVersion: compared.rowVersions[compared.pair.a.id === goes ? 'a' : 'b'],
    take: ['website', 'potential'],
  }
  assert.equal((await company.send('manager', 'POST', '/api/duplicates/merge', order)).status, 403)
  assert.equal((await company.send('ops', 'POST', '/api/duplicates/merge', { ...order, mergedId: keeps })).status, 400)
  assert.equal((await company.send('ops', 'POST', '/api/duplicates/merge', { ...order, survivorVersion: 99 })).status, 409)
  assert.deepEqual(await everything([keeps, goes, child]), before, 'refused is unchanged')
  const merge = await ok('ops', 'POST', '/api/duplicates/merge', order)

  const now = await ok('ops', 'GET', `/api/accounts/${keeps}`)
  assert.equal(now.values.website, 'hanhai.example.cn')
  assert.equal(now.values.phone, '13655556666', 'not taken, not changed')
  assert.ok(now.contacts.some((c: Json) => c.id === contact))
  assert.equal(now.opportunities.length, 1)
  assert.deepEqual(now.keys, [{ source: 'ERP', key: 'K-1' }])
  assert.deepEqual(now.addresses.map((a: Json) => a.kind).sort(), ['business', 'site'], 'a second main place is a site')
  assert.ok(
    now.group.some((m: Json) => m.id === child),
    'companies below follow',
  )
  const trace = await ok('ops', 'GET', `/api/accounts/${goes}`)
  assert.deepEqual(trace.mergedInto, { id: keeps, name: '南通瀚海阀门有限公司' })
  assert.ok(!(await ok('ops', 'GET', '/api/recycle-bin')).rows.some((r: Json) => r.id === goes))
  assert.equal((await company.send('ops', 'POST', `/api/accounts/${goes}/restore`, {})).status, 404)
  const found = await ok('ops', 'GET', `/api/accounts?search=${encodeURIComponent('瀚海阀门')}`)
  assert.deepEqual(found.rows.map((r: Json) => r.id).sort(), [keeps, child].sort())
  const events = (await ok('ops', 'GET', `/api/accounts/${keeps}/timeline?of=changes`)).rows
  assert.ok(events.some((e: Json) => e.detail?.kind === 'account.merge'))
  const open = await company.one<{ n: number }>(
    `select count(*)::int as n from account_placement where tenant_id = 1 and account_id = $1 and (owner_id is not null or territory_id is not null)`,
    [goes],
  )
  assert.equal(open.n, 0, 'nobody owns the trace')

  const undone = await ok('ops', 'POST', `/api/duplicates/merges/${merge.id}/undo`, {})
  assert.deepEqual(undone, { accountId: goes, kept: [] })
  const back = await everything([keeps, goes, child])
  for (const [table, hash] of Object.entries(before)) assert.equal(back[table], hash, `${table} is not as it was`)
  assert.equal((await company.send('ops', 'POST', `/api/duplicates/merges/${merge.id}/undo`, {})).status, 409)

  // Merged again, a value changed and a note written since: those stay with the survivor.
  const again = await ok('ops', 'GET', `/api/duplicates/${(await pairOf(keeps, goes)).id}`)
  const versions = (id: string) => again.rowVersions[again.pair.a.id === id ? 'a' : 'b']
  const second = await ok('ops', 'POST', '/api/duplicates/merge', { ...order, survivorVersion: versions(keeps), mergedVersion: versions(goes) })
  const merged = await ok('ops', 'GET', `/api/accounts/${keeps}`)
  await ok('ops', 'PATCH', `/api/accounts/${keeps}`, { values: { website: 'new.example.cn' } }, merged.rowVersion)
  await ok('ops', 'POST', `/api/accounts/${keeps}/notes`, { text: '合并之后' })
  const parted = await ok('ops', 'POST', `/api/duplicates/merges/${second.id}/undo`, {})
  assert.deepEqual(parted.kept, ['website'])
  assert.equal((await ok('ops', 'GET', `/api/accounts/${keeps}`)).values.website, 'new.example.cn')
  const notes = await company.rows<{ account_id: string }>(`select account_id::text from note where tenant_id = 1 and text = '合并之后'`)
  assert.equal(notes[0]!.account_id, keeps)
})

test('the surest in one go: each by itself, the refused say why; above and below in a group never merge', async () => {
  const parent = await make({ name: '扬州明德照明有限公司', phone: '13577778888', division: '321003' })
  const below = await make({ name: '明德（扬州）照明有限公司', phone: '13577778888', division: '321003', parentId: parent })
  const a = await make({ name: '镇江宏图灯具有限公司', phone: '13566667777', division: '321102' })
  const b = await make({ name: '镇江市宏图灯具有限公司', phone: '13566667777', division: '321102' })
  const c = await make({ name: '宏图灯具', phone: '13566667777', division: '321102' })
  await runCheck()
  assert.equal((await pairOf(parent, below)).decision, 'merge')
  let result: Json
  for (let i = 0; i < 20; i += 1) {
    result = await ok('ops', 'POST', '/api/duplicates/merge-sure', { limit: 50 })
    if (result.merged === 0) break
  }
  assert.ok(result.skipped.some((s: Json) => s.code === 'duplicate.below' && s.text.length > 0))
  const alive = await company.rows<{ id: string }>(
    `select id::text from account where tenant_id = 1 and id = any($1::bigint[]) and deleted_at is null`,
    [[a, b, c]],
  )
  assert.equal(alive.length, 1, 'three that are one become one')
  const chain = await ok('ops', 'GET', '/api/duplicates/merges')
  assert.ok(chain.rows.length >= 2)
})
