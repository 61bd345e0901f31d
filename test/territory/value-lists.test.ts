/** Lists and groups of divisions: a new version reaches drafts at once and no account of a computed model, until a draft is computed and switched on. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { type Company, openCompany } from './company.ts'

let company: Company
before(async () => {
  company = await openCompany({ accounts: 600 })
})
after(() => company.close())

const placed = async (model: string, territory: string): Promise<number> =>
  (await company.one<{ n: number }>('select count(*)::int as n from account_placement where model_id = $1 and territory_id = $2', [model, territory]))
    .n

test('a group of divisions by version: the model in use keeps its own, drafts read the newest, a run makes it count', async () => {
  const { ok, ask } = company
  const made = await ok('POST', '/api/value-lists', { body: { name: '苏南', type: 'division', values: ['320500 ', '无锡', '没有这个地方', '3204'] } })
  assert.equal(made.accepted, 3)
  assert.deepEqual(
    made.rejected.map((r: { line: number; value: string }) => [r.line, r.value]),
    [[3, '没有这个地方']],
  )
  const twice = await ask('POST', '/api/value-lists', { body: { name: '苏南', type: 'division', values: [] } })
  assert.equal(twice.status, 409)

  const model = await company.draft('苏南')
  const jiangsu = (await company.territories(model)).find(t => t.code === 'E-02')!
  const t = await ok('POST', `/api/models/${model}/territories`, {
    body: {
      parentId: jiangsu.id,
      typeId: jiangsu.typeId,
      code: 'SN',
      name: '苏南',
      priority: 9,
      condition: { field: 'division', op: 'inList', list: made.id },
    },
  })
  const row = (await company.territories(model)).find(x => x.id === t.id)!
  assert.deepEqual([...row.divisions].sort(), ['320200', '320400', '320500'], 'its shape is the list')
  await company.run(model)
  await ok('POST', `/api/models/${model}/activate`, { body: {} })
  const before = await placed(model, t.id)
  assert.ok(before > 0)

  const list = (await ok('GET', `/api/value-lists/${made.id}`)).list
  const changed = await ok('POST', `/api/value-lists/${made.id}/versions`, {
    ifMatch: list.rowVersion,
    body: { add: ['南京', '火星'], remove: ['320400'], why: '常州划出' },
  })
  assert.deepEqual([changed.version, changed.accepted, changed.removed, changed.rejected.length], [2, 1, 1, 1])
  const stale = await ask('POST', `/api/value-lists/${made.id}/versions`, { ifMatch: list.rowVersion, body: { add: ['扬州'] } })
  assert.match(stale.body.type, /record\.stale/)

  // Nobody moves: neither by itself, nor when an account is saved, nor when everything is placed again.
  const account = await company.one<{ id: string; row_version: number }>(
    `select a.id::text, a.row_version from account a join account_placement p on p.account_id = a.id and p.model_id = $1 where a.division like '3201%' limit 1`,
    [model],
  )
  await ok('PATCH', `/api/accounts/${account.id}`, { ifMatch: account.row_version, body: { values: { name: '南京改名有限公司' } } })
  assert.equal(await placed(model, t.id), before)
  const reader = (await company.territories(model)).find(x => x.id === t.id)!
  assert.deepEqual([...reader.divisions].sort(), ['320200', '320400', '320500'], 'the model in use keeps version 1')

  const next = await company.draft('新苏南')
  const shape = (await company.territories(next)).find(x => x.id === t.id)!
  assert.deepEqual([...shape.divisions].sort(), ['320100', '320200', '320500'], 'a draft reads version 2')
  const uses = (await ok('GET', `/api/value-lists/${made.id}`)).uses as { modelId: string; version: number; active: boolean }[]
  assert.deepEqual(
    uses.filter(u => u.active).map(u => u.version),
    [1],
  )
  await company.run(next)
  await ok('POST', `/api/models/${next}/activate`, { body: {} })
  const inNanjing = await company.one<{ n: number }>(
    `select count(*)::int as n from account_placement p join account a on a.id = p.account_id where p.model_id = $1 and p.territory_id = $2 and a.division like '3201%'`,
    [next, t.id],
  )
  assert.ok(inNanjing.n > 0)
  await ok('POST', '/api/activations/undo', { body: {} })
  assert.equal(await placed(model, t.id), before, 'undone, the old version holds again')
})

test('a retired list takes no new rule and keeps the old ones; a list must fit its field', async () => {
  const { ok, ask } = company
  const made = await ok('POST', '/api/value-lists', { body: { name: '点名', type: 'text', values: ['a', 'b', 'b'] } })
  assert.equal(made.accepted, 2)
  const model = await company.draft('停用')
  const t = (await company.territories(model)).find(x => x.code === 'E-01')!
  const path = `/api/models/${model}/territories/${t.id}`
  const rule = { field: 'name', op: 'notInList', list: made.id }
  const wrong = await ask('PATCH', path, { ifMatch: t.rowVersion, body: { condition: { field: 'division', op: 'inList', list: made.id } } })
  assert.match(wrong.body.type, /list\.wrongType/)
  const saved = await ok('PATCH', path, { ifMatch: t.rowVersion, body: { condition: rule } })
  const list = (await ok('GET', `/api/value-lists/${made.id}`)).list
  await ok('PATCH', `/api/value-lists/${made.id}`, { ifMatch: list.rowVersion, body: { retired: true, name: '旧点名' } })
  const kept = await ask('PATCH', path, { ifMatch: saved.rowVersion, body: { condition: { all: [rule, { field: 'tier', op: 'notEmpty' }] } } })
  assert.equal(kept.status, 200)
  const other = (await company.territories(model)).find(x => x.code === 'E-03')!
  const fresh = await ask('PATCH', `/api/models/${model}/territories/${other.id}`, { ifMatch: other.rowVersion, body: { condition: rule } })
  assert.match(fresh.body.type, /list\.retired/)
  assert.match(fresh.body.detail, /旧点名/)
})

test('ten thousand pasted lines: every line is a value or is named', async () => {
  const { ok } = company
  const lines = Array.from({ length: 10_000 }, (_, i) => (i % 10 === 3 ? `外星 ${i}` : i % 2 ? '苏州' : '320102'))
  const found = await ok('POST', '/api/value-lists/resolve', { body: { field: 'division', lines } })
  assert.deepEqual(found.values.map((v: { value: string }) => v.value).sort(), ['320102', '320500'])
  assert.equal(found.rejected.length, 1000)
  assert.equal(found.rejected[0].line, 4)
  const rep = await company.ask('POST', '/api/value-lists', { as: 'rep', body: { name: 'x', type: 'text', values: [] } })
  assert.equal(rep.status, 403)
})
