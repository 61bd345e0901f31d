/** Addresses and the fields that rules read say the same, whichever of the two somebody changed; a change places the account again. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { type Company, makeCompany } from '../../../test/support/company.ts'

let company: Company
before(async () => {
  company = await makeCompany()
})
after(() => company.close())

const made = async (values: Record<string, unknown>): Promise<string> => {
  const reply = await company.send('ops', 'POST', '/api/accounts', { values })
  assert.equal(reply.status, 200, reply.text)
  return reply.body.id
}
const read = async (id: string) => (await company.send('ops', 'GET', `/api/accounts/${id}`)).body
const add = (id: string, body: object) => company.send('ops', 'POST', `/api/accounts/${id}/addresses`, body)

test('the text of the main place gives the division, and the account moves there in the same answer', async () => {
  const id = await made({ name: '地址甲有限公司', division: '110105' })
  const reply = await add(id, { kind: 'business', text: '江苏省苏州市吴江区松陵镇中山路1号', verified: true })
  assert.equal(reply.status, 200, reply.text)
  assert.equal(reply.body.territory.name, '苏州')
  const account = await read(id)
  assert.equal(account.values.division, '320509')
  assert.equal(account.values.address, '江苏省苏州市吴江区松陵镇中山路1号')
  assert.equal(account.addresses[0].division, '320509')
  assert.ok(account.addresses[0].verifiedAt)
  const versions = await company.rows<{ facts: Record<string, unknown> }>(
    'select facts from account_version where account_id = $1 order by row_version',
    [id],
  )
  assert.equal(versions.at(-1)!.facts.division, '320509')
})

test('coordinates of a Chinese map are kept in WGS-84', async () => {
  const id = await made({ name: '地址乙有限公司' })
  await add(id, { kind: 'business', text: '北京市东城区', point: { lng: 116.397508, lat: 39.908727, crs: 'GCJ02' } })
  const account = await read(id)
  assert.ok(Math.abs(account.addresses[0].lng - 116.391265) < 0.0003)
  assert.equal(account.addresses[0].crs, 'GCJ02')
  const [lng] = account.values.point.split(',').map(Number)
  assert.equal(lng, account.addresses[0].lng)
})

test('the registered seat is a field of its own that rules, filters and versions know; the main place stays', async () => {
  const id = await made({ name: '地址丙有限公司', division: '320509' })
  const reply = await add(id, { kind: 'registered', text: '昆山市玉山镇' })
  assert.equal(reply.status, 200, reply.text)
  const account = await read(id)
  assert.equal(account.values.registeredDivision, '320583')
  assert.equal(account.values.division, '320509')
  const found = await company.send('ops', 'POST', '/api/accounts/query', { filter: { field: 'registeredDivision', op: 'in', values: ['320583'] } })
  assert.deepEqual(
    found.body.rows.map((r: { id: string }) => r.id),
    [id],
  )
  const version = await company.one('select facts from account_version where account_id = $1 order by row_version desc limit 1', [id])
  assert.equal(version.facts.registeredDivision, '320583')
  const model = await company.one(`select model_id::text as id from activation order by seq desc limit 1`)
  const draft = await company.send('ops', 'POST', '/api/models', { name: '注册地' })
  assert.equal(draft.status, 200, draft.text)
  const types = await company.send('ops', 'GET', `/api/models/${model.id}/types`)
  const geography = types.body.rows.find((t: { key: string }) => t.key === 'geography')
  const preview = await company.send('ops', 'POST', `/api/models/${draft.body.id}/preview`, {
    territoryId: null,
    typeId: geography.id,
    parentId: null,
    inherit: false,
    condition: { field: 'registeredDivision', op: 'in', values: ['320500'] },
  })
  assert.equal(preview.status, 200, preview.text)
  assert.equal(preview.body.matched, 1)
})

test('one main place and one seat, any number of sites', async () => {
  const id = await made({ name: '地址丁有限公司' })
  assert.equal((await add(id, { kind: 'business', text: '苏州市虎丘区' })).status, 200)
  assert.equal((await add(id, { kind: 'business', text: '苏州市姑苏区' })).status, 409)
  for (const name of ['一厂', '二厂']) assert.equal((await add(id, { kind: 'site', name, text: '杭州市萧山区' })).status, 200)
  const account = await read(id)
  assert.deepEqual(
    account.addresses.map((a: { kind: string }) => a.kind),
    ['business', 'site', 'site'],
  )
  assert.equal(account.values.division, '320505', 'sites do not decide where a customer is')
  assert.equal((await add(id, { kind: 'site' })).status, 400)
  assert.equal((await add(id, { kind: 'site', division: '999999' })).status, 400)
})

test('a change takes the check away, a check alone changes nothing else, a stale change is refused', async () => {
  const id = await made({ name: '地址戊有限公司' })
  const { id: addressId } = (await add(id, { kind: 'business', text: '苏州市虎丘区泰山路', verified: true })).body
  const patch = (body: object, version: number) =>
    company.send('ops', 'PATCH', `/api/accounts/${id}/addresses/${addressId}`, body, { 'if-match': String(version) })
  const before = await read(id)
  assert.equal((await patch({ text: '苏州市虎丘区长江路' }, 1)).body.rowVersion, 2)
  assert.equal((await read(id)).addresses[0].verifiedAt, null)
  assert.equal((await patch({ verified: true }, 1)).status, 409)
  assert.equal((await patch({ verified: true }, 2)).status, 200)
  const after = await read(id)
  assert.ok(after.addresses[0].verifiedAt)
  assert.equal(after.rowVersion, before.rowVersion, 'the division did not change, so the account did not')
  const kinds = await company.rows<{ kind: string }>(`select kind from audit where account_id = $1 and record_kind = 'address' order by id`, [id])
  assert.deepEqual(
    kinds.map(k => k.kind),
    ['address.create', 'address.update', 'address.verify'],
  )
})

test('fields changed from a form, in bulk and back again carry the addresses with them', async () => {
  const id = await made({ name: '地址己有限公司', address: '苏州市虎丘区泰山路' })
  let account = await read(id)
  assert.equal(account.values.division, '320505')
  await company.send('ops', 'PATCH', `/api/accounts/${id}`, { values: { division: '320508' } }, { 'if-match': String(account.rowVersion) })
  account = await read(id)
  assert.equal(account.addresses[0].division, '320508')
  const bulk = await company.send('ops', 'POST', '/api/accounts/bulk', { ids: [id], values: { division: '330106' } })
  assert.equal(bulk.status, 200, bulk.text)
  assert.equal((await read(id)).addresses[0].division, '330106')
  await company.send('ops', 'POST', `/api/accounts/bulk/${bulk.body.id}/undo`)
  assert.equal((await read(id)).addresses[0].division, '320508')
})

test('removed, the account keeps where it stands; a role that may not change addresses may not', async () => {
  const id = await made({ name: '地址庚有限公司' })
  const { id: addressId } = (await add(id, { kind: 'business', text: '苏州市虎丘区' })).body
  await company.setFieldAccess('operations', { address: 'read' })
  assert.equal((await add(id, { kind: 'site', text: '苏州市' })).status, 403)
  await company.setFieldAccess('operations', { address: 'hidden' })
  assert.deepEqual((await read(id)).addresses, [])
  await company.setFieldAccess('operations', {})
  assert.equal((await company.send('ops', 'DELETE', `/api/accounts/${id}/addresses/${addressId}`, undefined, { 'if-match': '1' })).status, 200)
  const account = await read(id)
  assert.deepEqual(account.addresses, [])
  assert.equal(account.values.division, '320505')
})

test('an address being typed is located, and says why when it is not', async () => {
  const reply = await company.send('rep', 'POST', '/api/divisions/locate', { text: '苏州市吴江区' })
  assert.equal(reply.body.code, '320509')
  assert.equal((await company.send('rep', 'POST', '/api/divisions/locate', { text: '解放路一号' })).body.why, 'unknown')
})
