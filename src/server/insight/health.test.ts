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
