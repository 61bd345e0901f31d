/**
 * What a role may not see can neither be filtered, sorted, searched, exported, changed in bulk, kept in a view nor read in histories: each
 * path refuses or leaves it out, and what is masked on one account alone is marked, never shown as empty. Options and fields outlive renames.
 */
import assert from 'node:assert/strict'
import test, { after, before, beforeEach } from 'node:test'
import { type Answer, type Company, makeCompany } from '../../../test/support/company.ts'

let company: Company
let own: string
let id: string
before(async () => {
  company = await makeCompany({ accounts: 120, people: 60 })
  own = `f${(await company.send('ops', 'POST', '/api/fields', { type: 'number', labels: { 'zh-CN': '密', 'zh-TW': '密', en: 'Secret' } })).body.id}`
  const values = { name: '隐藏测试有限公司', nameEn: 'Zebra', potential: 4711, division: '320505', phone: '12345', [own]: 7 }
  id = (await company.send('ops', 'POST', '/api/accounts', { values })).body.id
})
after(() => company.close())
beforeEach(() => company.setFieldAccess('rep', {}))

const hide = (...keys: string[]) => company.setFieldAccess('rep', Object.fromEntries(keys.map(k => [k, 'hidden' as const])))
const query = (body: object, login = 'rep') => company.send(login, 'POST', '/api/accounts/query', body)
const refused = (reply: Answer) => {
  assert.equal(reply.status, 403, reply.text)
  assert.equal(reply.body.title, 'field.hidden')
}
const KEYS = () => ['potential', own] as const

test('filter: refused at any depth, and the other way round too', async () => {
  for (const key of KEYS()) {
    const filter = { field: key, op: 'between', min: 1 }
    assert.equal((await query({ filter })).status, 200)
    await hide(key)
    refused(await query({ filter }))
    refused(
      await query({
        filter: {
          none: [
            {
              any: [
                { field: 'tier', op: 'notEmpty' },
                { field: key, op: 'empty' },
              ],
            },
          ],
        },
      }),
    )
    refused(await company.send('rep', 'GET', `/api/accounts?filter=${encodeURIComponent(JSON.stringify(filter))}`))
    await company.setFieldAccess('rep', {})
  }
})
test('sort: refused', async () => {
  for (const key of KEYS()) {
    await hide(key)
    refused(await query({ sort: key }))
    refused(await company.send('rep', 'GET', `/api/accounts?sort=${key}`))
  }
})
test('search: a hidden name is not found by', async () => {
  assert.equal((await query({ search: 'zebra' })).body.rows.length, 1)
  await hide('nameEn')
  assert.equal((await query({ search: 'zebra' })).body.rows.length, 0)
  assert.equal((await query({ search: '隐藏测试' })).body.rows.length, 1)
})
test('list, page and timeline leave it out', async () => {
  await company.send('ops', 'PATCH', `/api/accounts/${id}`, { values: { potential: 4712, [own]: 8 } }, { 'if-match': '1' })
  await hide(...KEYS())
  const row = (await query({ search: '隐藏测试' })).body.rows[0]
  const page = (await company.send('rep', 'GET', `/api/accounts/${id}`)).body
  for (const key of KEYS()) {
    assert.ok(!(key in row.values))
    assert.ok(!(key in page.values))
  }
  const line = await company.send('rep', 'GET', `/api/accounts/${id}/timeline`)
  assert.ok(!line.text.includes('4711') && !line.text.includes('4712') && !line.text.includes(own), line.text)
  const catalogue = (await company.send('rep', 'GET', '/api/catalogue')).body.fields.map((f: { key: string }) => f.key)
  for (const key of KEYS()) assert.ok(!catalogue.includes(key))
})
test('export: refused when asked for, absent when not', async () => {
  await hide(...KEYS())
  for (const key of KEYS()) {
    refused(await company.send('rep', 'POST', '/api/accounts/export', { format: 'csv', fields: ['name', key] }))
    refused(await company.send('rep', 'POST', '/api/accounts/export', { format: 'csv', filter: { field: key, op: 'notEmpty' } }))
    refused(await company.send('rep', 'POST', '/api/accounts/export', { format: 'csv', sort: key }))
  }
  const all = await company.send('rep', 'POST', '/api/accounts/export', { format: 'csv', search: '隐藏测试' })
  assert.equal(all.status, 200, all.text)
  assert.ok(!all.text.includes('4712') && !all.text.includes('Secret'), all.text)
})
test('writing: a hidden field is unknown, a read-only one says so; in bulk as well', async () => {
  await company.setFieldAccess('manager', { potential: 'hidden', size: 'read' })
  const version = (await company.send('ops', 'GET', `/api/accounts/${id}`)).body.rowVersion
  const patch = (values: object) => company.send('manager', 'PATCH', `/api/accounts/${id}`, { values }, { 'if-match': String(version) })
  assert.equal((await patch({ potential: 1 })).body.title, 'field.unknown')
  assert.equal((await patch({ size: 1 })).body.title, 'field.readOnly')
  const bulk = (body: object) => company.send('manager', 'POST', '/api/accounts/bulk', { ids: [id], ...body })
  assert.equal((await bulk({ values: { potential: 1 } })).body.title, 'field.unknown')
  assert.equal((await bulk({ values: { size: 1 } })).body.title, 'field.readOnly')
  const filtered = { values: { source: 'web' }, filter: { field: 'potential', op: 'notEmpty' } }
  refused(await company.send('manager', 'POST', '/api/accounts/bulk', filtered))
  refused(await company.send('manager', 'POST', '/api/accounts/bulk/preview', filtered))
  refused(await company.send('manager', 'POST', '/api/assignments/preview', { filter: filtered.filter }))
  await company.setFieldAccess('manager', {})
})
test('views: one that tells a hidden field is not kept, one kept before does not open', async () => {
  const definition = { filter: { field: 'potential', op: 'between', min: 1000 }, sort: 'potential' }
  const kept = await company.send('rep', 'POST', '/api/views', { name: '大潜力', shared: false, definition })
  assert.equal(kept.status, 200, kept.text)
  await hide('potential')
  refused(await company.send('rep', 'POST', '/api/views', { name: 'x', definition: { filter: definition.filter } }))
  refused(await company.send('rep', 'POST', '/api/views', { name: 'x', definition: { sort: 'potential' } }))
  refused(await company.send('rep', 'POST', '/api/views', { name: 'x', definition: { columns: ['name', 'potential'] } }))
  refused(await company.send('rep', 'PATCH', `/api/views/${kept.body.id}`, { definition }, { 'if-match': '1' }))
  refused(await query({ filter: definition.filter, sort: 'potential' }))
})
test('a shared view shows each reader his own customers; only its maker changes it', async () => {
  const view = await company.send('ops', 'POST', '/api/views', { name: '共用', shared: true, definition: { scope: 'all' } })
  const seen = (await company.send('rep', 'GET', '/api/views')).body.rows.find((v: { id: string }) => v.id === view.body.id)
  assert.equal(seen.mine, false)
  assert.equal((await company.send('rep', 'PATCH', `/api/views/${view.body.id}`, { name: 'y' }, { 'if-match': '1' })).status, 404)
  assert.equal((await company.send('rep', 'DELETE', `/api/views/${view.body.id}`, undefined, { 'if-match': '1' })).status, 404)
})
test('what one account masks from a reader by share is marked, cannot be asked for, and the mask is written into exports', async () => {
  const far = (
    await company.send('ops', 'POST', '/api/accounts', { values: { name: '遮住有限公司', division: '440305', phone: '999', creditCode: 'ABC' } })
  ).body.id
  await company.send('ops', 'POST', `/api/accounts/${far}/shares`, { userId: await company.idOf('rep'), access: 'read' })
  const row = (await query({ search: '遮住' })).body.rows[0]
  assert.equal(row.masked, true)
  assert.ok(!('phone' in row.values))
  for (const filter of [
    { field: 'phone', op: 'empty' },
    { field: 'phone', op: 'notEmpty' },
    { field: 'phone', op: 'contains', text: '9' },
    { none: [{ field: 'phone', op: 'contains', text: '1' }] },
    { none: [{ field: 'creditCode', op: 'empty' }] },
  ])
    assert.ok(!(await query({ filter, search: '遮住' })).body.rows.some((r: { id: string }) => r.id === far), JSON.stringify(filter))
  const sheet = await company.send('rep', 'POST', '/api/accounts/export', { format: 'csv', search: '遮住', fields: ['name', 'phone'] })
  assert.ok(sheet.text.includes('•••') && !sheet.text.includes('999'), sheet.text)
  await company.send('ops', 'POST', `/api/accounts/${far}/shares`, { userId: await company.idOf('rep'), access: 'private' })
  assert.equal((await query({ filter: { field: 'phone', op: 'contains', text: '9' }, search: '遮住' })).body.rows.length, 1)
})
test('telephone and e-mail of contacts follow the role', async () => {
  await company.send('ops', 'POST', `/api/accounts/${id}/contacts`, { name: '王工', phone: '555', email: 'w@example.com' })
  await hide('phone')
  const contact = (await company.send('rep', 'GET', `/api/accounts/${id}`)).body.contacts[0]
  assert.equal(contact.phone, null)
  assert.equal(contact.email, 'w@example.com')
  refused(await company.send('rep', 'POST', `/api/accounts/${id}/contacts`, { name: 'x', phone: '1' }))
})
test('a rename of a field touches no record; a retired one leaves forms and filters, its values stay and come back', async () => {
  const stamp = () => company.rows('select id, row_version, updated_at, custom, xmin::text from account order by id')
  const before = await stamp()
  const field = own.slice(1)
  const rename = (body: object, version: number) => company.send('ops', 'PATCH', `/api/fields/${field}`, body, { 'if-match': String(version) })
  const version = (await company.one('select row_version from field where id = $1', [field])).row_version
  assert.equal((await rename({ labels: { 'zh-CN': '新名', 'zh-TW': '新名', en: 'Renamed' } }, version)).status, 200)
  assert.deepEqual(await stamp(), before)
  assert.equal((await rename({ retired: true }, version + 1)).status, 200)
  assert.equal((await query({ filter: { field: own, op: 'notEmpty' } }, 'ops')).status, 400)
  assert.equal((await company.send('ops', 'PATCH', `/api/accounts/${id}`, { values: { [own]: 1 } }, { 'if-match': '9' })).status, 400)
  assert.equal((await rename({ retired: false }, version + 2)).status, 200)
  assert.equal((await query({ filter: { field: own, op: 'between', min: 8, max: 8 } }, 'ops')).body.rows.length, 1)
})
test('a retired option cannot be chosen but still shows where it was', async () => {
  const catalogue = (await company.send('ops', 'GET', '/api/catalogue')).body
  const option = catalogue.options.find((o: { list: string; key: string }) => o.list === 'tier' && o.key === 'SMB')
  const made = await company.send('ops', 'POST', '/api/accounts', { values: { name: '停用选项', tier: 'SMB' } })
  const retire = await company.send('ops', 'PATCH', `/api/options/${option.id}`, { retired: true }, { 'if-match': String(option.rowVersion) })
  assert.equal(retire.status, 200, retire.text)
  assert.equal((await company.send('ops', 'POST', '/api/accounts', { values: { name: 'x', tier: 'SMB' } })).body.title, 'field.option')
  const account = await company.send('ops', 'GET', `/api/accounts/${made.body.id}`)
  assert.equal(account.body.values.tier, 'SMB')
  const sheet = await company.send('ops', 'POST', '/api/accounts/export', { format: 'csv', search: '停用选项', fields: ['tier'] })
  assert.ok(sheet.text.includes('中小客户'), sheet.text)
})
