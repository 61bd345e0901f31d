/** A public form: takes leads in without a login, tells nothing, is limited, and drops machines. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { type IntakeCompany, makeIntakeCompany } from './world.ts'

let w: IntakeCompany
before(async () => {
  w = await makeIntakeCompany({ accounts: 200, people: 40 })
})
after(() => w.close())

const visit = (token: string, payload: object, ip = '10.0.0.1') =>
  w.app.inject({ method: 'POST', url: `/api/forms/${token}`, headers: { 'x-jiangyu': '1' }, remoteAddress: ip, payload })

test('new, known customer, and machine are answered alike; a closed form is gone; too many wait', { timeout: 120_000 }, async () => {
  assert.equal((await w.send('rep', 'POST', '/api/lead-forms', { name: '不许' })).status, 403)
  const { id } = (await w.must(w.send('ops', 'POST', '/api/lead-forms', { name: '试用申请' }))) as { id: string }
  const settings = (await w.send('ops', 'GET', '/api/intake-settings')).body
  const token = settings.forms[0].path.slice('/form/'.length) as string
  const shown = await w.app.inject({ method: 'GET', url: `/api/forms/${token}` })
  assert.equal(shown.json().name, '试用申请')
  const customer = await w.one<{ name: string }>('select name from account order by id limit 1')
  const answers = [
    await visit(token, { company: '网上来的公司', contact: '小张', phone: '13811112222', place: '江苏省苏州市吴中区' }),
    await visit(token, { company: customer.name, contact: '小李', phone: '13811113333', place: '一个谁也不知道的地方' }),
    await visit(token, { company: '网上来的公司', contact: '小张', phone: '13811112222', need: '再问一次' }),
    await visit(token, { company: '机器', contact: 'x', homepage: 'http://spam' }),
  ]
  for (const a of answers) assert.deepEqual([a.statusCode, a.json()], [200, { received: true }])
  const leads = await w.rows<{ company: string; source: string; campaign: string; division: string | null }>(
    `select company, source, campaign, division from lead where source = 'form' order by id`,
  )
  assert.deepEqual(
    leads.map(l => [l.company, l.campaign]),
    [
      ['网上来的公司', '试用申请'],
      [customer.name, '试用申请'],
    ],
  )
  assert.match(leads[0]!.division!, /^3205/)
  assert.equal((await visit(token, { company: '', contact: 'x' })).statusCode, 400)
  const many = await Promise.all(Array.from({ length: 14 }, (_, i) => visit(token, { company: `多${i}`, contact: 'x' }, '10.0.0.2')))
  assert.equal(many.filter(a => a.statusCode === 200).length, 10)
  assert.equal(many.filter(a => a.statusCode === 429).length, 4)
  await w.must(w.send('ops', 'PATCH', `/api/lead-forms/${id}`, { closed: true }, { 'if-match': '1' }))
  assert.equal((await visit(token, { company: '晚了', contact: 'x' }, '10.0.0.3')).statusCode, 404)
  assert.equal((await visit(`1.${'x'.repeat(24)}`, { company: '猜的', contact: 'x' }, '10.0.0.3')).statusCode, 404)
  assert.equal((await visit(`999.${'x'.repeat(24)}`, { company: '猜的', contact: 'x' }, '10.0.0.3')).statusCode, 404)
})
