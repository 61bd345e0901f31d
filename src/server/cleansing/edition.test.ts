/** A new edition of the divisions: what still uses abolished codes, customers remapped with preview and undo, rules in a draft change set. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { makeCompany } from '../../../test/support/company.ts'

let company: Awaited<ReturnType<typeof makeCompany>>
let ids: string[]
before(async () => {
  company = await makeCompany({ accounts: 200, people: 60, seed: 5 })
  ids = (await company.rows<{ id: string }>('select id::text from account order by account.id limit 6')).map(r => r.id)
  const set = (id: string, division: string, text: string | null, lng: number | null, lat: number | null) =>
    Promise.all([
      company.rows('update account set division = $2, lng = $3, lat = $4 where id = $1', [id, division, lng, lat]),
      company.rows(`delete from account_address where account_id = $1`, [id]),
    ]).then(() =>
      company.rows(
        `insert into account_address (tenant_id, account_id, kind, text, division, verified_at, verified_by) values (1, $1, 'business', $2, $3, '2026-01-05', 1), (1, $1, 'site', $2, $3, '2026-01-05', 1)`,
        [id, text, division],
      ),
    )
  await set(ids[0]!, '320502', '苏州市沧浪区人民路1号', null, null)
  await set(ids[1]!, '130421', '河北省邯郸市丛台区中华北大街5号', null, null)
  await set(ids[2]!, '130421', null, null, null)
  await set(ids[3]!, '110228', '北京市密云县鼓楼东大街3号', null, null)
  await company.rows('update account set registered_division = $2 where id = $1', [ids[4], '320503'])
})
after(() => company.close())

const edition = async (login = 'ops') => (await company.send(login, 'GET', '/api/cleansing/edition')).body
type Code = { code: string; change: string; accounts: number; registered: number; sites: number; rules: { id: string }[]; lists: { name: string }[] }
const codeOf = (body: { codes: Code[] }, code: string) => body.codes.find(c => c.code === code)
const state = () =>
  company.rows(
    `select a.id, a.division, a.registered_division, (select jsonb_agg(to_jsonb(d) - 'row_version' order by d.id) from account_address d where d.account_id = a.id) as addresses,
       (select jsonb_agg(jsonb_build_array(p.model_id, p.territory_id, p.owner_id) order by p.model_id) from account_placement p where p.account_id = a.id) as placed from account a where a.id = any($1::bigint[]) order by a.id`,
    [ids],
  )

test('the page says what changed and who still uses it', async () => {
  const body = await edition()
  assert.equal(body.edition, '2024')
  assert.deepEqual([codeOf(body, '320502')!.change, codeOf(body, '130421')!.change, codeOf(body, '110228')!.change], ['merge', 'split', 'recode'])
  assert.deepEqual([codeOf(body, '130421')!.accounts, codeOf(body, '130421')!.sites, codeOf(body, '320503')!.registered], [2, 2, 1])
  assert.equal((await company.send('rep', 'GET', '/api/cleansing/edition')).status, 403)
  await company.setFieldAccess('operations', { division: 'hidden' })
  assert.equal((await company.send('ops', 'GET', '/api/cleansing/edition')).status, 403)
  await company.setFieldAccess('operations', {})
})

test('customers are moved as the address tells; one that nothing tells is left and counted; undo is exact', async () => {
  // Placed as they are, so that the undo has something true to come back to.
  for (const id of ids) {
    const row = await company.one<{ v: number }>('select row_version as v from account where id = $1', [id])
    assert.equal(
      (await company.send('ops', 'PATCH', `/api/accounts/${id}`, { values: { source: 'web' } }, { 'if-match': String(row.v) })).status,
      200,
    )
  }
  const was = await state()
  const choices = [
    { code: '320502', to: '320508' },
    { code: '130421', to: 'evidence' },
    { code: '110228', to: 'keep' },
    { code: '320503', to: '320508' },
  ]
  const preview = await company.send('ops', 'POST', '/api/cleansing/edition/preview', { choices })
  assert.deepEqual([preview.body.matched, preview.body.editable, preview.body.undecided, preview.body.more], [4, 3, 1, false], preview.text)
  assert.equal(preview.body.examples.find((e: { id: string }) => e.id === ids[1]).by, 'address')
  assert.deepEqual(await state(), was)
  const done = await company.send('ops', 'POST', '/api/cleansing/edition/remap', { choices })
  assert.deepEqual([done.body.changed, done.body.undecided], [3, 1], done.text)
  const now = await company.rows<{ id: string; division: string; registered_division: string; sites: string[] }>(
    `select a.id::text, a.division, a.registered_division, array(select d.division from account_address d where d.account_id = a.id and d.kind = 'site') as sites from account a where a.id = any($1::bigint[]) order by a.id`,
    [ids],
  )
  assert.deepEqual(
    now.slice(0, 5).map(r => [r.division, r.sites]),
    [
      ['320508', ['320508']],
      ['130403', ['130403']],
      ['130421', ['130421']],
      ['110228', ['110228']],
      [now[4]!.division, now[4]!.sites],
    ],
  )
  assert.equal(now[4]!.registered_division, '320508')
  const undone = await company.send('ops', 'POST', `/api/cleansing/fixes/${done.body.id}/undo`)
  assert.deepEqual(undone.body, { restored: 3, kept: 0, unseen: 0 }, undone.text)
  assert.deepEqual(await state(), was)
})

test('a code that is no division of today is refused, and nothing to do says so', async () => {
  const ask = (choices: object[]) => company.send('ops', 'POST', '/api/cleansing/edition/remap', { choices })
  assert.equal((await ask([{ code: '320502', to: '320502' }])).body.type, 'urn:jiangyu:field.type')
  assert.equal((await ask([{ code: '320502', to: 'keep' }])).body.type, 'urn:jiangyu:edition.nothing')
  assert.equal((await ask([{ code: '320508', to: '320506' }])).body.type, 'urn:jiangyu:edition.nothing', 'a living code is not remapped here')
  assert.equal((await company.send('rep', 'POST', '/api/cleansing/edition/remap', { choices: [{ code: '320502', to: '320508' }] })).status, 403)
})

test('rules and groups follow in a draft; the model in use stays as it is', async () => {
  const model = await company.one<{ id: string }>('select model_id::text as id from activation order by seq desc limit 1')
  const ruled = await company.one<{ id: string; version: number; condition: object }>(
    `select t.id::text, t.rule_version as version, r.condition from territory t join territory_rule r on r.territory_id = t.id and r.version = t.rule_version where t.model_id = $1 and r.condition::text like '%division%' order by t.id limit 1`,
    [model.id],
  )
  const old = { any: [ruled.condition, { field: 'division', op: 'in', values: ['320502', '130421'] }] }
  await company.rows('update territory_rule set condition = $3 where territory_id = $1 and version = $2', [
    ruled.id,
    ruled.version,
    JSON.stringify(old),
  ])
  await company.rows('update territory_model set stamp = stamp + 1')
  const made = await company.send('ops', 'POST', '/api/value-lists', { name: '老苏州', type: 'division', values: ['320508'] })
  assert.equal(made.status, 200, made.text)
  await company.rows(`insert into value_list_item (tenant_id, list_id, version, value) values (1, $1, 1, '320502')`, [made.body.id])
  const body = await edition()
  assert.deepEqual([codeOf(body, '320502')!.rules.map(r => r.id), codeOf(body, '320502')!.lists.map(l => l.name)], [[ruled.id], ['老苏州']])
  const before = await company.rows('select id, rule_version from territory where model_id = $1 order by id', [model.id])
  const draft = await company.send('ops', 'POST', '/api/cleansing/edition/draft', {
    title: '区划换版',
    choices: [
      { code: '320502', to: '320508' },
      { code: '130421', to: 'evidence' },
    ],
  })
  assert.deepEqual([draft.status, draft.body.rules, draft.body.lists], [200, 1, 1], draft.text)
  assert.deepEqual(await company.rows('select id, rule_version from territory where model_id = $1 order by id', [model.id]), before)
  const set = (await company.send('ops', 'GET', `/api/change-sets/${draft.body.changeSetId}`)).body
  assert.equal(set.title, '区划换版')
  const rules = (await company.send('ops', 'GET', `/api/change-sets/${draft.body.changeSetId}/rules`)).body.rows
  assert.equal(rules.length, 1)
  const written = await company.one<{ condition: { any: { values: string[] }[] } }>(
    `select r.condition from territory t join territory_rule r on r.territory_id = t.id and r.version = t.rule_version join change_set s on s.model_id = t.model_id where s.id = $1 and t.id = $2`,
    [draft.body.changeSetId, ruled.id],
  )
  assert.deepEqual(written.condition.any[1]!.values, ['320508', '130402', '130403'])
  assert.deepEqual(
    (await company.rows(`select value from value_list_item where list_id = $1 and version = 2 order by value`, [made.body.id])).map(r => r.value),
    ['320508'],
  )
  const again = await company.send('ops', 'POST', '/api/cleansing/edition/draft', { title: 'x', choices: [{ code: '110228', to: '110118' }] })
  assert.equal(again.body.type, 'urn:jiangyu:edition.nothing')
})
