/** Bulk edit equals one edit after another, undo touches only what nobody changed since, and bulk assignment equals one assignment each. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { type Company, makeCompany } from '../../../test/support/company.ts'
import { seededRandom } from '../../core/kernel/random.ts'

const seed = Number(process.env.JIANGYU_SEED ?? Math.floor(Math.random() * 1e9))
const random = seededRandom(seed)
let company: Company
let own: Record<'number' | 'text', string>
before(async () => {
  console.log(`seed ${seed}`)
  company = await makeCompany({ accounts: 120 })
  const field = async (type: string) =>
    `f${(await company.send('ops', 'POST', '/api/fields', { type, labels: { 'zh-CN': type, 'zh-TW': type, en: type } })).body.id}`
  own = { number: await field('number'), text: await field('text') }
})
after(() => company.close())

const make = async (values: Record<string, unknown>): Promise<string> => {
  const reply = await company.send('ops', 'POST', '/api/accounts', { values })
  assert.equal(reply.status, 200, reply.text)
  return reply.body.id
}
/** Everything of an account that an edit may reach, without its name and versions. */
const stateOf = async (ids: readonly string[]) =>
  company.rows(
    `select a.tier, a.industry, a.division, a.registered_division, a.size, a.revenue, a.potential, a.source, a.status, a.custom, p.owner_id, p.territory_id, p.source as placed, p.tokens::text, p.contested::text,
       (select jsonb_agg(jsonb_build_array(f.field_id, f.t, f.n, f.d) order by f.field_id) from account_field f where f.account_id = a.id) as fields,
       (select facts - 'id' - 'name' from account_version v where v.account_id = a.id and v.row_version = a.row_version) as facts,
       (select jsonb_agg(jsonb_build_array(d.kind, d.text, d.division) order by d.id) from account_address d where d.account_id = a.id) as addresses
       from account a join account_placement p on p.account_id = a.id and p.model_id = (select model_id from activation order by seq desc limit 1) where a.id = any($1::bigint[]) order by a.id`,
    [ids],
  )

test('for random accounts and values: all at once as one by one', async () => {
  for (let round = 0; round < 6; round += 1) {
    const [left, right]: [string[], string[]] = [[], []]
    for (let i = 0; i < 12; i += 1) {
      const values: Record<string, unknown> = {
        tier: random.pick([null, 'A', 'KA', 'SMB']),
        division: random.pick([null, '320505', '440305', '540102']),
        industry: random.pick([null, 'C36', 'C27', 'C38']),
        size: random.pick([null, 10, 500]),
        address: random.pick([null, '苏州市虎丘区泰山路']),
        [own.number]: random.pick([null, 1, 2.5]),
        [own.text]: random.pick([null, 'x']),
      }
      left.push(await make({ ...values, name: `左${round}${i}` }))
      right.push(await make({ ...values, name: `右${round}${i}` }))
    }
    const change: Record<string, unknown> = {}
    for (const [key, choices] of [
      ['tier', [null, 'A', 'B', 'KA']],
      ['division', [null, '320509', '110105', '540102']],
      ['registeredDivision', [null, '310115']],
      ['industry', ['C36', 'C27', null]],
      ['size', [null, 300, 1]],
      [own.number, [null, -7, 0]],
      [own.text, [null, 'y']],
    ] as const)
      if (random.next() < 0.5) change[key] = random.pick<unknown>(choices)
    if (Object.keys(change).length === 0) change.tier = 'B'
    const bulk = await company.send('ops', 'POST', '/api/accounts/bulk', { ids: left, values: change })
    assert.equal(bulk.status, 200, `seed ${seed}: ${bulk.text}`)
    assert.equal(bulk.body.changed, 12)
    for (const id of right)
      assert.equal((await company.send('ops', 'PATCH', `/api/accounts/${id}`, { values: change }, { 'if-match': '1' })).status, 200)
    assert.deepEqual(await stateOf(left), await stateOf(right), `seed ${seed} ${JSON.stringify(change)}`)
  }
})

test('undo puts back what it changed, and leaves what somebody changed since', async () => {
  const ids: string[] = []
  for (let i = 0; i < 10; i += 1) ids.push(await make({ name: `撤${i}`, tier: random.pick(['A', 'B', null]), division: '320505', [own.number]: i }))
  const before = await stateOf(ids)
  const bulk = await company.send('ops', 'POST', '/api/accounts/bulk', { ids, values: { tier: 'KA', division: '440305', [own.number]: 99 } })
  const touched = ids.filter((_, i) => i % 3 === 0)
  for (const id of touched)
    assert.equal((await company.send('ops', 'PATCH', `/api/accounts/${id}`, { values: { source: 'web' } }, { 'if-match': '2' })).status, 200)
  const undo = await company.send('ops', 'POST', `/api/accounts/bulk/${bulk.body.id}/undo`)
  assert.deepEqual(undo.body, { restored: ids.length - touched.length, kept: touched.length, unseen: 0 })
  const after = await stateOf(ids)
  for (const [i, id] of ids.entries())
    if (touched.includes(id)) assert.equal(after[i]!.tier, 'KA')
    else assert.deepEqual(after[i], before[i], `seed ${seed}`)
  const again = await company.send('ops', 'POST', `/api/accounts/bulk/${bulk.body.id}/undo`)
  assert.equal(again.status, 409)
  assert.equal(
    (await company.send('manager', 'POST', `/api/accounts/bulk/${bulk.body.id}/undo`)).status,
    404,
    'an edit of somebody else is not mine to undo',
  )
})

test('undo: by a key as by its person, with an option retired since, and never lost when records left the maker’s sight', async () => {
  const made = await company.send('manager', 'POST', '/api/keys', { name: 'script', days: 3 })
  assert.equal(made.status, 200, made.text)
  const viaKey = (url: string, payload?: object) =>
    company.app.inject({ method: 'POST', url, headers: { authorization: `Bearer ${made.body.secret}` }, ...(payload ? { payload } : {}) })
  const option = await company.send('ops', 'POST', '/api/options', {
    list: 'tier',
    key: 'OLD',
    labels: { 'zh-CN': '旧级', 'zh-TW': '舊級', en: 'Old' },
  })
  const ids = [await make({ name: '撤一', division: '370602', tier: 'OLD' }), await make({ name: '撤二', division: '370602', tier: 'OLD' })]
  const before = await stateOf(ids)
  const edit = (await viaKey('/api/accounts/bulk', { ids, values: { tier: 'A' } })).json() as { id: string; changed: number }
  assert.equal(edit.changed, 2)
  assert.equal((await company.send('ops', 'PATCH', `/api/options/${option.body.id}`, { retired: true }, { 'if-match': '1' })).status, 200)
  const back = await viaKey(`/api/accounts/bulk/${edit.id}/undo`)
  assert.deepEqual([back.statusCode, back.json()], [200, { restored: 2, kept: 0, unseen: 0 }])
  assert.deepEqual(await stateOf(ids), before)

  // Sent to another region, where the manager sees nothing: the manager’s undo does not use up the edit.
  const far = await company.send('manager', 'POST', '/api/accounts/bulk', { ids, values: { division: '440305' } })
  assert.equal(far.body.changed, 2, far.text)
  const mine = await company.send('manager', 'POST', `/api/accounts/bulk/${far.body.id}/undo`)
  assert.deepEqual(mine.body, { restored: 0, kept: 0, unseen: 2 }, mine.text)
  const theirs = await company.send('ops', 'POST', `/api/accounts/bulk/${far.body.id}/undo`)
  assert.deepEqual(theirs.body, { restored: 2, kept: 0, unseen: 0 }, theirs.text)
  assert.deepEqual(await stateOf(ids), before)
  assert.equal((await company.send('ops', 'POST', `/api/accounts/bulk/${far.body.id}/undo`)).status, 409)
})

test('the preview tells what happens, and writes nothing', async () => {
  const ids = [await make({ name: '预一', division: '320505' }), await make({ name: '预二', division: '440305' })]
  const before = await stateOf(ids)
  const preview = await company.send('ops', 'POST', '/api/accounts/bulk/preview', { ids, values: { division: '440305' } })
  assert.deepEqual([preview.body.matched, preview.body.editable, preview.body.moving], [2, 2, 1], preview.text)
  assert.deepEqual(await stateOf(ids), before)
})

test('only what one may edit changes; a list narrowed to one owner changes that owner’s alone', async () => {
  const ids = await company.rows<{ id: string }>(`select id::text from account where division like '44%' limit 5`)
  const reply = await company.send('manager', 'POST', '/api/accounts/bulk', { ids: ids.map(r => r.id), values: { tier: 'C' } })
  assert.equal(reply.status, 400, 'nothing of it is in sight')
  const rep = await company.idOf('rep')
  const mine = await company.accountsOf('rep')
  const others = await company.one(`select count(*)::int as n from account where source = 'partner' and id <> all($1::bigint[])`, [mine])
  const bulk = await company.send('manager', 'POST', '/api/accounts/bulk', { ownerId: rep, values: { source: 'partner' } })
  assert.equal(bulk.body.changed, mine.length, bulk.text)
  assert.deepEqual(await company.one(`select count(*)::int as n from account where source = 'partner' and id <> all($1::bigint[])`, [mine]), others)
})

test('many customers go to one person as if each were given, with one reason and one notice', async () => {
  const rep = await company.idOf('rep')
  const [left, right]: [string[], string[]] = [[], []]
  for (let i = 0; i < 8; i += 1) {
    left.push(await make({ name: `给${i}`, division: '370602' }))
    right.push(await make({ name: `与${i}`, division: '370602' }))
  }
  const body = { ids: left, toId: rep, reason: '烟台没有人' }
  const preview = await company.send('manager', 'POST', '/api/assignments/preview', { ids: left })
  assert.deepEqual([preview.body.matched, preview.body.editable], [8, 8], preview.text)
  assert.equal(preview.body.owners[0].id, null)
  const done = await company.send('manager', 'POST', '/api/assignments', body)
  assert.deepEqual(done.body, { assigned: 8, left: 0 }, done.text)
  for (const id of right)
    assert.equal((await company.send('manager', 'POST', `/api/accounts/${id}/assign`, { ownerId: rep, reason: body.reason })).status, 200)
  assert.deepEqual(await stateOf(left), await stateOf(right))
  const notices = (await company.send('rep', 'GET', '/api/notifications')).body.rows as { kind: string; payload: { n?: number } }[]
  assert.equal(notices.filter(n => n.kind === 'account.assignedMany').length, 1)
  assert.equal(notices.find(n => n.kind === 'account.assignedMany')?.payload.n, 8)
  const trail = await company.rows(`select why from audit where account_id = any($1::bigint[]) and kind = 'account.assign'`, [left])
  assert.equal(trail.length, 8)
  assert.equal((await company.send('manager', 'POST', '/api/assignments', body)).status, 400, 'they are his already')
  const south = await company.one<{ id: string }>(`select id::text from app_user where login = 'director.s'`)
  const far = await company.send('manager', 'POST', '/api/assignments', { ...body, toId: south.id })
  assert.equal(far.status, 403, far.text)
  assert.equal((await company.send('rep', 'POST', '/api/assignments', body)).status, 403)
})
