/** A company's own words for an industry: read wherever one is named, understood wherever one is typed, codes and other companies untouched. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { type Company, makeCompany } from '../../../test/support/company.ts'
import { readerOf } from '../import/read-cell.ts'
import { inTenant } from '../kernel/transaction.ts'
import { loadIndustryWords } from './industries.ts'

let company: Company
before(async () => {
  company = await makeCompany()
})
after(() => company.close())

const OWN = { 'zh-CN': '药企', 'zh-TW': '藥企', en: 'Pharma' }
type Row = { code: string; labels: Record<string, string>; standard: Record<string, string>; own: boolean; rowVersion: number }
const industry = async (code: string, login = 'rep'): Promise<Row> =>
  ((await company.send(login, 'GET', '/api/industries')).body.rows as Row[]).find(r => r.code === code)!
const rename = (code: string, version: number, labels: object | null, login = 'admin') =>
  company.send(login, 'PATCH', `/api/industries/${code}`, { labels }, { 'if-match': String(version) })

test('renamed, renamed by two at once, and called by the classification’s words again', async () => {
  const before = await industry('C27')
  assert.deepEqual([before.own, before.rowVersion, before.labels], [false, 0, before.standard])
  assert.equal((await rename('C27', 0, OWN, 'rep')).status, 403)
  assert.equal((await rename('Z99', 0, OWN)).status, 404)
  assert.equal((await rename('C27', 0, { ...OWN, en: ' ' })).status, 400)
  assert.deepEqual((await rename('C27', 0, OWN)).body, { rowVersion: 1 })
  const late = await rename('C27', 0, { ...OWN, en: 'Drugs' })
  assert.deepEqual([late.status, late.body.title], [409, 'record.stale'])
  const now = await industry('C27')
  assert.deepEqual([now.own, now.rowVersion, now.labels, now.standard], [true, 1, OWN, before.standard])
  assert.deepEqual(await industry('C26'), { ...(await industry('C26')), own: false })
  const [trail] = await company.rows<{ before: object; after: object }>(`select before, after from audit where kind = 'industry.rename'`)
  assert.deepEqual(trail, { before: { code: 'C27', labels: null }, after: { code: 'C27', labels: OWN } })
  assert.deepEqual((await rename('C27', 1, null)).body, { rowVersion: 2 })
  assert.deepEqual(await industry('C27'), { ...before, rowVersion: 2 })
})

test('rules, pasted lists and files speak the company’s words; its codes and places stay', async () => {
  const { rowVersion } = await industry('C27')
  const ofTerritory = async () => {
    const [taker] = await company.rows<{ id: string; model: string }>(
      `select t.id::text, t.model_id::text as model from territory t join territory_rule r on r.territory_id = t.id where r.condition::text like '%C27%' and t.model_id = (select model_id from activation order by seq desc limit 1) limit 1`,
    )
    return (await company.send('ops', 'GET', `/api/models/${taker!.model}/territories/${taker!.id}`)).text
  }
  assert.match(await ofTerritory(), /C27 医药制造业/)
  const placed = 'select account_id, territory_id from account_placement order by model_id, account_id'
  const places = await company.rows(placed)
  await rename('C27', rowVersion, OWN)
  const text = await ofTerritory()
  assert.match(text, /C27 药企/)
  assert.doesNotMatch(text, /医药制造业/)
  const lines = ['药企', 'pharma', '医药制造业', '藥企', 'C27', '不知道']
  const resolved = (await company.send('ops', 'POST', '/api/value-lists/resolve', { field: 'industry', lines })).body
  assert.deepEqual([resolved.values, resolved.rejected.length], [[{ value: 'C27', label: 'C27 药企' }], 1])
  const read = await inTenant(company.db.app, '1', async tx =>
    readerOf(
      { key: 'industry', type: 'industry', max: 400 },
      { options: new Map(), people: new Map(), industries: await loadIndustryWords(tx, '1') },
    ),
  )
  assert.deepEqual(
    ['药企', 'ＰＨＡＲＭＡ', 'c27', '医药制造业', '不知道'].map(t => read(t).value),
    ['C27', 'C27', 'C27', 'C27', null],
  )
  assert.deepEqual(await company.rows(placed), places)
})

test('another company’s words are its own', async () => {
  await company.rows(`insert into industry_label (tenant_id, code, labels) values (2, 'C26', '{"zh-CN":"别家的","zh-TW":"別家的","en":"Theirs"}')`)
  assert.equal((await industry('C26')).own, false)
  const { status } = await rename('C26', 0, OWN)
  assert.equal(status, 200)
  assert.deepEqual(await company.rows(`select labels->>'en' as en from industry_label where tenant_id = 2`), [{ en: 'Theirs' }])
})
