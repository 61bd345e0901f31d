/** Territory health: sums by territory, branch and owner against plain SQL, what nobody covers, masks, sight, measures of the company's own. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { makeCompany } from '../../../test/support/company.ts'

let company: Awaited<ReturnType<typeof makeCompany>>
let model = ''
before(async () => {
  company = await makeCompany({ accounts: 500, people: 90, seed: 7 })
  model = (await company.one<{ id: string }>('select model_id::text as id from activation order by seq desc limit 1')).id
})
after(() => company.close())

const read = async (login: string, query = '') => {
  const answer = await company.send(login, 'GET', `/api/models/${model}/health?${query}`)
  assert.equal(answer.status, 200, answer.text)
  return answer.body
}
const near = (a: number, b: number) => assert.ok(Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(b)), `${a} is not ${b}`)

test('sums are those of the placements, for territories, branches and owners', async () => {
  const expected = await company.rows<{ id: string; n: number; potential: number; hours: number }>(
    `select p.territory_id::text as id, count(*)::int as n, coalesce(sum(a.potential), 0)::float8 as potential,
        sum(case a.tier when 'KA' then 36 when 'A' then 12 when 'B' then 4.5 when 'C' then 1 else 0.5 end)::float8 as hours
       from account_placement p join account a on a.id = p.account_id and a.deleted_at is null where p.model_id = $1 and p.territory_id is not null group by 1`,
    [model],
  )
  const health = await read('ops', 'by=territory')
  const at = (key: string) => health.measures.findIndex((m: { key: string }) => m.key === key)
  assert.ok(health.rows.length > expected.length / 2)
  for (const e of expected) {
    const row = health.rows.find((r: { id: string }) => r.id === e.id)
    if (!row) continue
    assert.equal(row.values[at('accounts')], e.n)
    near(row.values[at('potential')], e.potential)
    near(row.values[at('workload')], e.hours)
  }
  const all = expected.reduce((s, e) => s + e.n, 0)
  for (const by of ['branch', 'owner'] as const) {
    const other = await read('ops', `by=${by}`)
    const unowned =
      by === 'owner'
        ? (
            await company.one<{ n: number }>(
              'select count(*)::int as n from account_placement p join account a on a.id = p.account_id and a.deleted_at is null where p.model_id = $1 and p.territory_id is not null and p.owner_id is null',
              [model],
            )
          ).n
        : 0
    const listed = other.rows.reduce((s: number, r: { accounts: number }) => s + r.accounts, 0)
    if (by === 'owner') assert.equal(listed, all - unowned)
    else assert.ok(listed <= all && listed > all / 2)
    near(other.measures[at('accounts')].spread.sum, listed)
  }
  const uncovered = await company.one<{ n: number }>(
    `select count(*)::int as n from account_placement p join account a on a.id = p.account_id and a.deleted_at is null where p.model_id = $1 and p.territory_id is null and a.division is not null and a.industry is not null`,
    [model],
  )
  assert.equal(health.white.accounts, uncovered.n)
})

test('a manager reads his own; a masked field is in no figure', async () => {
  const mine = await read('manager', 'by=owner')
  const whole = await read('ops', 'by=owner')
  assert.ok(mine.total < whole.total)
  await company.setFieldAccess('manager', { potential: 'hidden' })
  const masked = await read('manager')
  assert.ok(!masked.measures.some((m: { key: string }) => m.key === 'potential'))
  assert.equal(masked.white.potential, null)
  assert.ok(masked.grid.every((c: { potential: number | null }) => c.potential === null))
  await company.setFieldAccess('manager', {})
})

test('measures of the company’s own; what cannot be summed is refused with its place', async () => {
  const label = (s: string) => ({ 'zh-CN': s, 'zh-TW': s, en: s })
  const put = (rows: object[], login = 'ops') => company.send(login, 'PUT', '/api/health-measures', { rows })
  const points = { key: 'points', labels: label('分'), unit: 'points', spec: { kind: 'weighted', terms: [{ field: 'size', weight: 2 }] } }
  assert.equal((await put([{ ...points, spec: { kind: 'sum', field: 'name' } }])).status, 400)
  assert.equal((await put([points, points])).status, 400)
  assert.equal((await put([points], 'rep')).status, 403)
  assert.equal((await put([points])).status, 200)
  const health = await read('ops', 'by=owner')
  assert.deepEqual(
    health.measures.map((m: { key: string }) => m.key),
    ['points'],
  )
  const sum = await company.one<{ n: number }>(
    'select 2 * coalesce(sum(a.size), 0)::float8 as n from account_placement p join account a on a.id = p.account_id and a.deleted_at is null where p.model_id = $1 and p.territory_id is not null and p.owner_id is not null',
    [model],
  )
  near(health.measures[0].spread.sum, sum.n)
  const file = await company.send('ops', 'GET', `/api/models/${model}/health/export`)
  assert.equal(file.status, 200)
  assert.equal(file.bytes.subarray(0, 2).toString(), 'PK')
})

test('what a measure cannot be is refused with its place; nothing changes; an empty list brings back the built-in ones', async () => {
  const label = (s: string) => ({ 'zh-CN': s, en: s })
  const put = (rows: object[], version?: string) => company.send('ops', 'PUT', '/api/health-measures', { rows, ...(version ? { version } : {}) })
  const list = async (login = 'ops') => (await company.send(login, 'GET', '/api/health-measures')).body
  const before = await list()
  assert.equal(before.builtIn, false)
  const one = (change: object) => ({
    key: 'one',
    labels: label('指标'),
    unit: 'points',
    spec: { kind: 'weighted', terms: [{ field: 'size', weight: 1 }] },
    ...change,
  })
  const visits = (tier: string, visits: number) => ({
    kind: 'workload',
    tiers: { [tier]: { visits, minutes: 30 } },
    other: { visits: 0, minutes: 0 },
  })
  for (const [row, code, at] of [
    [one({ spec: { kind: 'weighted', terms: [{ field: 'name', weight: 1 }] } }), 'health.field', '/rows/0/spec'],
    [one({ spec: { kind: 'weighted', terms: [{ field: 'size', weight: 0 }] } }), 'health.zero', '/rows/0/spec'],
    [
      one({
        spec: {
          kind: 'weighted',
          terms: [
            { field: 'size', weight: 1 },
            { field: 'size', weight: 2 },
          ],
        },
      }),
      'health.fieldTwice',
      '/rows/0/spec',
    ],
    [one({ unit: 'hours' }), 'health.unit', '/rows/0/unit'],
    [one({ unit: 'hours', spec: visits('ZZ', 3) }), 'health.tier', '/rows/0/spec'],
    [one({ unit: 'hours', spec: visits('KA', 0) }), 'health.zero', '/rows/0/spec'],
  ] as const) {
    const answer = await put([row])
    assert.equal(answer.status, 400, answer.text)
    assert.deepEqual([answer.body.type, answer.body.errors[0].pointer], [`urn:jiangyu:${code}`, at])
  }
  for (const wrong of [
    one({ labels: { 'zh-CN': ' ', en: 'x' } }),
    one({ key: '1x' }),
    one({ spec: { kind: 'weighted', terms: [] } }),
    one({ spec: visits('KA', -1) }),
  ])
    assert.equal((await put([wrong])).status, 400)
  assert.equal((await put(Array.from({ length: 13 }, (_, i) => one({ key: `m${i}` })))).status, 400)
  assert.deepEqual(await list(), before)

  assert.equal((await put([one({ labels: label('对账软件') })], before.version)).status, 200)
  assert.deepEqual((await list()).rows[0].labels, { 'zh-CN': '对账软件', 'zh-TW': '對賬軟體', en: '对账软件' })
  assert.equal((await put([one({})], before.version)).status, 409)
  assert.equal((await put([])).status, 200)
  const again = await list()
  assert.deepEqual([again.builtIn, again.rows.length], [true, 4])
})

test('measures of a hidden field are not shown, cannot be made, and are not lost when others are saved', async () => {
  const label = (s: string) => ({ 'zh-CN': s, 'zh-TW': s, en: s })
  const row = (key: string, field: string) => ({ key, labels: label(key), unit: 'money', spec: { kind: 'sum', field } })
  const put = (rows: object[]) => company.send('ops', 'PUT', '/api/health-measures', { rows })
  assert.equal((await put([row('worth', 'potential'), row('rev', 'revenue')])).status, 200)
  await company.setFieldAccess('operations', { potential: 'hidden' })
  const shown = (await company.send('ops', 'GET', '/api/health-measures')).body
  assert.deepEqual([shown.rows.map((m: { key: string }) => m.key), shown.hidden], [['rev'], 1])
  assert.equal((await put([row('mine', 'potential')])).body.type, 'urn:jiangyu:health.fieldHidden')
  assert.equal((await put([row('worth', 'revenue')])).body.type, 'urn:jiangyu:health.twice')
  assert.equal((await put([row('sales', 'revenue')])).status, 200)
  assert.equal((await put([])).body.type, 'urn:jiangyu:health.reset')
  await company.setFieldAccess('operations', {})
  assert.deepEqual(
    (await company.send('ops', 'GET', '/api/health-measures')).body.rows.map((m: { key: string }) => m.key),
    ['sales', 'worth'],
  )
  await put([])
})

test('on the map: every territory that takes customers, the same figures as the table, within sight', async () => {
  const map = (await company.send('ops', 'GET', `/api/models/${model}/health/map`)).body
  const table = await read('ops', 'by=territory')
  assert.deepEqual(map.measures, table.measures)
  assert.equal(map.rows.length, table.total)
  for (const row of table.rows) assert.deepEqual(map.rows.find((r: { id: string }) => r.id === row.id).values, row.values)
  const mine = (await company.send('manager', 'GET', `/api/models/${model}/health/map`)).body
  assert.ok(mine.rows.length > 0 && mine.rows.length < map.rows.length && mine.rows.every((r: { accounts: number }) => r.accounts > 0))
  const draft = (await company.send('ops', 'POST', '/api/models', { name: 'x' })).body.id
  assert.equal((await company.send('ops', 'GET', `/api/models/${draft}/health/map`)).body.type, 'urn:jiangyu:health.notStanding')
  assert.equal((await company.send('ops', 'GET', `/api/models/${model}/health/map?tolerance=7`)).status, 400)

  // Who plans and sees no customer reads zeros, not nothing at all.
  await company.db.owner.query(`update role set permissions = array_append(permissions, 'territory.plan') where key = 'rep'`)
  await company.db.owner.query(`update account_placement set tokens = '{}' where model_id = $1`, [model])
  const empty = await company.send('rep', 'GET', `/api/models/${model}/health?by=territory`)
  assert.equal(empty.status, 200, empty.text)
  assert.ok(empty.body.rows.length > 0 && empty.body.rows.every((r: { values: number[] }) => r.values.length === 4 && r.values.every(v => v === 0)))
})
