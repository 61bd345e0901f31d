/** Company settings and the order of the catalogue over HTTP: changed by one at a time, refused in words, by those who may. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { type Company, makeCompany } from '../../../test/support/company.ts'

let company: Company
before(async () => {
  company = await makeCompany({ accounts: 40, people: 36 })
})
after(() => company.close())
const patch = (body: object, version: number, login = 'admin') => company.send(login, 'PATCH', '/api/company', body, { 'if-match': String(version) })

test('the company is renamed, its map numbered; an older view of it is refused, and so is who may not', async () => {
  const before = (await company.send('admin', 'GET', '/api/company')).body
  assert.equal(before.currencyFixed, true)
  const done = await patch({ name: '新名字', mapReviewNumber: 'GS(2026)1号', fiscalStartMonth: 4 }, before.rowVersion)
  assert.equal(done.status, 200, done.text)
  const me = (await company.send('rep', 'GET', '/api/me')).body
  assert.equal(me.tenant.name, '新名字')
  assert.equal(me.tenant.mapReviewNumber, 'GS(2026)1号')
  assert.equal((await patch({ name: 'x' }, before.rowVersion)).status, 409)
  assert.equal((await patch({ name: 'x' }, before.rowVersion + 1, 'ops')).status, 403)
  const trail = await company.one(`select before, after from audit where kind = 'tenant.update' order by id desc limit 1`)
  assert.equal(trail.after.fiscalStartMonth, 4)
  assert.equal(trail.before.fiscalStartMonth, 1)
})

test('the currency stays once money is recorded; a time zone must exist', async () => {
  const { rowVersion } = (await company.send('admin', 'GET', '/api/company')).body
  const currency = await patch({ currency: 'USD' }, rowVersion)
  assert.equal(currency.status, 409)
  assert.equal(currency.body.title, 'company.currencyFixed')
  assert.equal((await patch({ zone: 'Mars/Olympus' }, rowVersion)).body.title, 'company.zone')
  await company.rows('update account set revenue = null, potential = null')
  await company.rows('update opportunity set amount = null')
  assert.equal((await patch({ currency: 'USD' }, rowVersion)).status, 200)
})

test('fields stand in the order given; one that is missing refuses the whole order, one that is hidden follows', async () => {
  const keys = async (login = 'admin') => (await company.send(login, 'GET', '/api/catalogue')).body.fields as { id: string; key: string }[]
  const fields = await keys()
  const turned = [...fields].reverse()
  const order = (ids: readonly string[], login = 'admin') => company.send(login, 'PUT', '/api/fields/order', { ids })
  assert.equal((await order(turned.map(f => f.id))).status, 200)
  assert.deepEqual(
    (await keys()).map(f => f.key),
    turned.map(f => f.key),
  )
  assert.equal((await order(turned.slice(1).map(f => f.id))).status, 409)
  assert.equal((await order([...turned.map(f => f.id).slice(1), turned[1]!.id])).status, 409)
  assert.equal(
    (
      await order(
        turned.map(f => f.id),
        'rep',
      )
    ).status,
    403,
  )
  await company.setFieldAccess('operations', { potential: 'hidden' })
  const seen = await keys('ops')
  assert.equal(
    (
      await order(
        seen.map(f => f.id),
        'ops',
      )
    ).status,
    200,
  )
  assert.equal((await keys()).at(-1)?.key, 'potential')
})
