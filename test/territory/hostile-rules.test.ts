/** Rules that people or machines write wrongly: each is refused with the field, the path and a remedy, nothing is written, and nothing falls over. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { type Company, openCompany } from './company.ts'

let company: Company
let model: string
let territory: { id: string; rowVersion: number }
before(async () => {
  company = await openCompany()
  model = await company.draft('难题')
  territory = (await company.territories(model)).find(t => t.code === 'E-02-3')!
})
after(() => company.close())

const put = async (condition: unknown) =>
  company.ask('PATCH', `/api/models/${model}/territories/${territory.id}`, { ifMatch: territory.rowVersion, body: { condition } })
const preview = (condition: unknown, as = 'ops') =>
  company.ask('POST', `/api/models/${model}/preview`, { as, body: { territoryId: territory.id, condition } })

async function refused(condition: unknown, words: RegExp): Promise<void> {
  const answer = await put(condition)
  assert.ok(answer.status === 400 || answer.status === 413, `${answer.status} ${JSON.stringify(answer.body).slice(0, 300)}`)
  assert.match(JSON.stringify(answer.body), words)
  const kept = await company.one<{ rule_version: number }>('select rule_version from territory where id = $1 order by model_id limit 1', [
    territory.id,
  ])
  assert.equal(kept.rule_version, 1, 'nothing was written')
}

test('unknown fields, operators that do not fit, values that do not exist, ranges upside down', async () => {
  await refused({ field: 'f999', op: 'in', values: ['x'] }, /f999/)
  await refused({ field: 'division', op: 'between', min: 1 }, /行政区划/)
  await refused({ field: 'size', op: 'in', values: ['1'] }, /员工数/)
  await refused(
    {
      all: [
        { field: 'tier', op: 'in', values: ['KA'] },
        { field: 'division', op: 'in', values: ['999999'] },
      ],
    },
    /999999/,
  )
  await refused({ field: 'division', op: 'in', values: [] }, /选值/)
  await refused({ field: 'size', op: 'between', min: 9, max: 3 }, /下限/)
  await refused({ field: 'size', op: 'between' }, /下限或上限/)
  await refused({ field: 'size', op: 'between', min: 'many' }, /many/)
  await refused({ field: 'division', op: 'inList', list: '424242' }, /名单/)
  await refused(
    {
      field: 'point',
      op: 'inside',
      rings: [
        [
          [110, 30],
          [111, 30],
          [111, 31],
          [110, 31],
        ],
      ],
    },
    /闭合/,
  )
  await refused({ field: 'point', op: 'within', lng: 30, lat: 120, km: 5 }, /lat/)
  await refused({ field: 'point', op: 'within', lng: 120, lat: 30, km: 0 }, /km/)
})

test('what is not a rule at all: no group, foreign keys, numbers where words belong', async () => {
  for (const wrong of [
    null,
    7,
    'division',
    [],
    {},
    { all: {} },
    { all: [], any: [] },
    { field: 'division', op: 'in', values: [1] },
    { constructor: {} },
  ])
    assert.equal((await put(wrong)).status, 400, JSON.stringify(wrong))
  const path = await put({
    all: [
      { field: 'tier', op: 'in', values: ['KA'] },
      { field: 'tier', op: 'like', values: ['x'] },
    ],
  })
  assert.equal(path.status, 400)
  assert.match(JSON.stringify(path.body), /condition/)
})

test('depth 1,000 and 100,000, 10,000 criteria, a million codes: refused at once, and the server goes on answering', async () => {
  const deep = (n: number): unknown => {
    let c: unknown = { field: 'tier', op: 'in', values: ['KA'] }
    for (let i = 0; i < n; i += 1) c = { all: [c] }
    return c
  }
  for (const n of [13, 41, 1000]) assert.equal((await put(deep(n))).status, 400, `depth ${n}`)
  assert.equal((await preview(deep(12))).status, 200, 'a dozen levels are allowed')
  const text = `{"condition":${'{"all":['.repeat(100_000)}${']}'.repeat(100_000)}}`
  const raw = await company.app.inject({
    method: 'PATCH',
    url: `/api/models/${model}/territories/${territory.id}`,
    headers: {
      'x-jiangyu': '1',
      'content-type': 'application/json',
      'if-match': '1',
      cookie: (
        await company.app.inject({
          method: 'POST',
          url: '/api/session',
          headers: { 'x-jiangyu': '1' },
          payload: { login: 'ops', password: 'jiangyu-demo-2026' },
        })
      ).headers['set-cookie']!.toString().split(';')[0]!,
    },
    payload: text,
  })
  assert.equal(raw.statusCode, 400)
  const many = { any: Array.from({ length: 4 }, () => ({ any: Array.from({ length: 2000 }, () => ({ field: 'size', op: 'between', min: 1 })) })) }
  const answer = await put(many)
  assert.equal(answer.status, 400)
  assert.match(answer.body.detail, /5,000/)
  const million = await put({ field: 'division', op: 'in', values: Array.from({ length: 400_000 }, (_, i) => String(100000 + i)) })
  assert.ok([400, 413].includes(million.status), String(million.status))
  const ten = await preview({ field: 'name', op: 'in', values: Array.from({ length: 10_000 }, (_, i) => `公司 ${i}`) })
  assert.equal(ten.status, 200, 'ten thousand values are ordinary')
  assert.equal((await company.ask('GET', '/api/models')).status, 200)
})

test('text is text: what looks like a pattern finds itself and takes no time', async () => {
  await company.one(`update account set name = '^(a+)+$ 有限公司' where id = (select min(id) from account) returning id`)
  for (const text of ['^(a+)+$', '(.*a){20}', '\\s+$', '(?<=x)y', "%'; drop table account; --"]) {
    const answer = await preview({ field: 'name', op: 'contains', text })
    assert.equal(answer.status, 200)
    assert.deepEqual(answer.body.problems, [])
    assert.equal(answer.body.matched, text === '^(a+)+$' && (await isInside()) ? 1 : 0, text)
  }
  async function isInside() {
    const found = await company.one<{ ok: boolean }>(`select division like '3205%' or division = '320500' as ok from account order by id limit 1`)
    return found.ok
  }
})

test('an empty rule takes everybody its parent takes, an empty choice nobody; both are said in words', async () => {
  const all = await preview({ all: [] })
  assert.equal(all.status, 200)
  assert.equal(all.body.matched, all.body.inherited)
  assert.match(all.body.sentence, /所有客户/)
  const none = await preview({ any: [] })
  assert.equal(none.body.matched, 0)
  assert.match(none.body.sentence, /没有客户/)
})

test('two rules of equal rank: contested, decided for the elder one, the same every time', async () => {
  const { ok } = company
  const twin = await ok('POST', `/api/models/${model}/territories`, {
    body: {
      parentId: (await company.territories(model)).find(t => t.code === 'E-02')!.id,
      typeId: (await company.territories(model)).find(t => t.code === 'E-02')!.typeId,
      code: 'TWIN',
      name: '双生',
      condition: { field: 'division', op: 'in', values: ['320500'] },
    },
  })
  const first = await preview({ field: 'division', op: 'in', values: ['320500'] })
  assert.ok(first.body.contested > 0)
  assert.equal(first.body.contested, first.body.matched - first.body.witnesses.removed.length || first.body.contested)
  const again = await preview({ field: 'division', op: 'in', values: ['320500'] })
  assert.deepEqual({ ...again.body, milliseconds: 0 }, { ...first.body, milliseconds: 0 })
  const t = (await company.territories(model)).find(x => x.id === twin.id)!
  await ok('DELETE', `/api/models/${model}/territories/${twin.id}`, { ifMatch: t.rowVersion })
})

test('a field that is retired after the rule was written: the draft says which territory, the run is refused, accounts become undecidable', async () => {
  const { ok, ask } = company
  const made = await company.one<{ id: string }>(
    `insert into field (tenant_id, object, key, type, labels, in_rules) values (1, 'account', 'later', 'text', '{"zh-CN":"渠道","zh-TW":"通路","en":"Channel"}', true) returning id::text`,
  )
  const key = `f${made.id}`
  await company.one('update field set key = $2 where id = $1 returning id', [made.id, key])
  const own = await company.draft('旧字段')
  const row = (await company.territories(own)).find(t => t.code === 'E-01')!
  await ok('PATCH', `/api/models/${own}/territories/${row.id}`, {
    ifMatch: row.rowVersion,
    body: {
      condition: {
        all: [
          { field: 'division', op: 'in', values: ['310000'] },
          { field: key, op: 'notEmpty' },
        ],
      },
    },
  })
  await company.one('update field set retired_at = now(), row_version = row_version + 1 where id = $1 returning id', [made.id])
  const { problems } = await ok('POST', `/api/models/${own}/check`)
  assert.equal(problems.length, 1)
  assert.equal(problems[0].territoryId, row.id)
  assert.match(problems[0].words, /上海.*停用/)
  const run = await ask('POST', `/api/models/${own}/run`)
  assert.equal(run.status, 409)
  assert.match(run.body.detail, /上海/)
  const list = await ok('GET', `/api/models/${own}/territories`)
  assert.ok(list.undecidable > 0, 'nobody is taken by a rule that cannot be read, and nobody is lost silently')
})

test('a field that the author may not see cannot be tried, neither in a preview nor in a rule', async () => {
  const { ask, ok } = company
  await company.one(
    `update role set field_access = jsonb_build_object('revenue', 'hidden') where id in (select role_id from user_role ur join app_user u on u.id = ur.user_id where u.login = 'ops') returning id`,
  )
  const rule = { field: 'revenue', op: 'between', min: 1 }
  for (const answer of [await preview(rule), await put(rule)]) {
    assert.equal(answer.status, 403, JSON.stringify(answer.body))
    assert.match(answer.body.type, /fieldHidden/)
  }
  // What the administrator wrote is shown without its values, stays, and may be kept while another line is changed.
  const own = await company.draft('他人写的')
  await company.share(own)
  const t = (await company.territories(own)).find(x => x.code === 'E-01')!
  const place = { field: 'division', op: 'in', values: ['310000'] }
  const secret = { field: 'revenue', op: 'between', min: 51_234_567 }
  const url = `/api/models/${own}/territories/${t.id}`
  const saved = await ok('PATCH', url, { as: 'admin', ifMatch: t.rowVersion, body: { condition: { all: [place, secret] } } })
  const stored = async () =>
    (
      await company.one<{ condition: object }>(
        `select r.condition from territory_rule r where r.territory_id = ${BigInt(t.id)} order by r.version desc limit 1`,
      )
    ).condition
  const read = await ask('GET', url)
  const text = JSON.stringify(read.body)
  assert.doesNotMatch(text, /51,?234,?567|between/)
  const { own: shown, lines, hiddenFields, versions } = read.body
  assert.deepEqual(Object.keys(hiddenFields), ['revenue'])
  assert.deepEqual(
    lines.map((l: { remaining: number | null }) => l.remaining === null),
    [...new Array(lines.length - 1).fill(false), true],
    'nothing is counted from the hidden line on',
  )
  assert.match(lines.at(-1).words, /年营收 •••$/)
  assert.match(versions[0].lines.at(-1), /•••/)
  const admins = (await ask('GET', url, { as: 'admin' })).body
  assert.deepEqual([admins.own, admins.hiddenFields], [{ all: [place, secret] }, {}])
  assert.ok(admins.lines.every((l: { remaining: number | null }) => l.remaining !== null))

  const tried = await ask('POST', `/api/models/${own}/preview`, { body: { territoryId: t.id, condition: shown } })
  assert.equal(tried.status, 200, JSON.stringify(tried.body))
  assert.doesNotMatch(JSON.stringify(tried.body), /51,?234,?567/)
  const parts = tried.body.lines as { path: string; remaining: number | null; own: number | null; missing: number | null }[]
  assert.deepEqual(
    parts.map(l => [l.remaining === null, l.own === null, l.missing === null]),
    [
      [false, false, false],
      [true, true, true],
    ],
  )
  const kept = await ask('PATCH', url, { ifMatch: saved.rowVersion, body: { condition: { all: [...shown.all, { field: 'tier', op: 'notEmpty' }] } } })
  assert.equal(kept.status, 200, JSON.stringify(kept.body))
  assert.deepEqual(await stored(), { all: [place, secret, { field: 'tier', op: 'notEmpty' }] }, 'word for word')
  // Neither a sharper bound, nor the very words, which a guess that is accepted would confirm, nor a mask that stands for nothing.
  for (const guess of [{ ...secret, min: 2 }, secret, { field: 'revenue', op: 'in', values: ['•••7'] }])
    for (const answer of [
      await ask('PATCH', url, { ifMatch: kept.body.rowVersion, body: { condition: { all: [place, guess] } } }),
      await ask('POST', `/api/models/${own}/preview`, { body: { territoryId: t.id, condition: { all: [place, guess] } } }),
    ])
      assert.equal(answer.status, 403, JSON.stringify(guess))
  // Why a customer stands where it stands says the line, not its value.
  const account = await company.one<{ id: string }>(`select id::text from account where division like '31%' and revenue is not null limit 1`)
  const why = await ask('GET', `/api/why/account/${account.id}?modelId=${own}&territoryId=${t.id}`)
  assert.equal(why.status, 200)
  assert.match(JSON.stringify(why.body), /年营收 •••/)
  assert.doesNotMatch(JSON.stringify(why.body), /51,?234,?567/)
  // The catalogue says that something is missing, not what.
  assert.equal((await ask('GET', '/api/catalogue')).body.hiddenInRules, 1)
  await company.one(`update role set field_access = '{}' where true returning id`)
})

test('dates that are no time: ends before beginnings, infinity, a pin that ended yesterday', async () => {
  const { ask } = company
  const active = await company.activeModel()
  const user = (await company.one<{ id: string }>(`select id::text from app_user where login = 'rep'`)).id
  const add = (dates: object) =>
    ask('POST', `/api/models/${active}/territories/${territory.id}/members`, { body: { userId: user, role: 'viewer', access: 'read', ...dates } })
  for (const dates of [
    { startsAt: '2027-01-01T00:00:00Z', endsAt: '2027-01-01T00:00:00Z' },
    { startsAt: '2027-01-02T00:00:00Z', endsAt: '2027-01-01T00:00:00Z' },
    { startsAt: 'infinity' },
    { startsAt: '2027-02-30T00:00:00Z' },
  ])
    assert.equal((await add(dates)).status, 400, JSON.stringify(dates))
  const account = (await company.one<{ id: string }>('select id::text from account order by id limit 1')).id
  const pin = await ask('POST', `/api/accounts/${account}/pins`, { body: { territoryId: territory.id, until: '2020-01-01T00:00:00Z', reason: 'x' } })
  assert.equal(pin.status, 400)
})
