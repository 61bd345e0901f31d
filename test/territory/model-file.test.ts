/** Rules as code: what goes out comes in again unchanged; a file becomes exactly the model it says; a dry run leaves nothing; a failing test stops a model. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { runNextJob } from '../../src/server/kernel/jobs.ts'
import { makeCompany } from '../support/company.ts'

let company: Awaited<ReturnType<typeof makeCompany>>
before(async () => {
  company = await makeCompany({ accounts: 300, people: 90, seed: 5 })
})
after(() => company.close())

const ok = async (method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', url: string, body?: unknown, headers?: Record<string, string>) => {
  const answer = await company.send('ops', method, url, body, headers)
  assert.ok(answer.status < 300, `${method} ${url}: ${answer.status} ${answer.text.slice(0, 600)}`)
  return answer.body
}
const active = async (): Promise<string> => (await ok('GET', '/api/models')).rows.find((m: { active: boolean }) => m.active).id
type Territory = { code: string; name: string; rule?: unknown; members?: { login: string; role: string }[]; children?: Territory[] }
const all = (list: Territory[]): Territory[] => list.flatMap(t => [t, ...all(t.children ?? [])])

test('out and in again: no difference, nothing moves, and the draft exports as the same file', async () => {
  const file = await ok('GET', `/api/models/${await active()}/file`)
  assert.ok(all(file.territories).length > 10)
  const made = await ok('POST', '/api/models/file', { file, name: '同一份' })
  assert.deepEqual(made.territories, { added: 0, changed: 0, removed: 0 })
  const again = await ok('GET', `/api/models/${made.modelId}/file`)
  assert.deepEqual({ ...again, name: file.name }, file)
  await ok('POST', `/api/change-sets/${made.changeSetId}/compute`)
  while (await runNextJob(company.db.bulk));
  const { figures } = await ok('GET', `/api/change-sets/${made.changeSetId}`)
  assert.equal(figures.owners + figures.territories, 0)
})

test('a changed file becomes that model: rule, new leaf, removed branch, replaced person; the comparison says the same', async () => {
  const base = await active()
  const file = await ok('GET', `/api/models/${base}/file`)
  const people = structuredClone(all(file.territories).map(t => [t.code, t.members ?? []]))
  const parent = all(file.territories).find(t => (t.children ?? []).length > 1)!
  const [first, second] = parent.children!
  const below = all([second!]).length
  parent.children!.splice(1, 1, {
    ...first!,
    code: 'NEW-1',
    name: '新区',
    rule: { field: 'tier', op: 'in', values: ['KA'] },
    members: [],
    children: [],
  })
  first!.name = '改名'
  first!.rule = { field: 'tier', op: 'in', values: ['A', 'B'] }
  first!.members = [{ login: 'rep', role: 'owner', access: 'edit', creditBp: 0 } as never]
  const made = await ok('POST', '/api/models/file', { file })
  assert.deepEqual(made.territories, { added: 1, changed: 1, removed: below })
  const again = await ok('GET', `/api/models/${made.modelId}/file`)
  const found = all(again.territories)
  assert.deepEqual(found.find(t => t.code === 'NEW-1')!.rule, { field: 'tier', op: 'in', values: ['KA'] })
  assert.deepEqual(
    found.find(t => t.code === first!.code)!.members!.map(m => [m.login, m.role]),
    [['rep', 'owner']],
  )
  // The base keeps its own people.
  assert.deepEqual(
    all((await ok('GET', `/api/models/${base}/file`)).territories).map(t => [t.code, t.members ?? []]),
    people,
  )
  const diff = await ok('GET', `/api/models/compare?a=${base}&b=${made.modelId}`)
  assert.deepEqual(diff.summary, made.territories)
  const row = diff.rows.find((r: { code: string }) => r.code === first!.code)
  assert.ok(row.fields.some((f: { field: string }) => f.field === 'name'))
  assert.ok(row.lines.some((l: { change: string }) => l.change === 'added'))
  assert.ok(row.members.some((m: { change: string }) => m.change === 'removed') && row.members.some((m: { change: string }) => m.change === 'added'))
})

test('a dry run answers as the page does and leaves nothing behind', async () => {
  const file = await ok('GET', `/api/models/${await active()}/file`)
  const leaf = all(file.territories).find(t => t.rule && !t.children)!
  leaf.rule = { all: [leaf.rule, { field: 'tier', op: 'in', values: ['KA'] }] }
  file.tests = [
    { name: 'nobody', values: { division: '999999' }, territory: null },
    { name: 'wrong', values: { division: '999999' }, territory: leaf.code },
  ]
  const count = () =>
    company.one(
      'select (select count(*) from territory_model) as models, (select count(*) from change_set) as sets, (select count(*) from territory_rule) as rules, (select count(*) from territory) as territories, (select count(*) from model_test) as tests',
    )
  const before = await count()
  const { jobId } = await ok('POST', '/api/models/file/check', { file })
  while (await runNextJob(company.db.bulk));
  const job = await ok('GET', `/api/jobs/${jobId}`)
  assert.equal(job.state, 'done', JSON.stringify(job.note))
  assert.equal(job.note.failed, 1)
  assert.equal(job.note.ok, false)
  assert.deepEqual(await count(), before)
  const made = await ok('POST', '/api/models/file', { file })
  await ok('POST', `/api/change-sets/${made.changeSetId}/compute`)
  while (await runNextJob(company.db.bulk));
  assert.deepEqual((await ok('GET', `/api/change-sets/${made.changeSetId}`)).figures, job.note.figures)
  // Its own tests stop it on every way to use.
  for (const [url, body] of [
    [`/api/change-sets/${made.changeSetId}/submit`, { why: 'x' }],
    [`/api/models/${made.modelId}/run`, undefined],
  ] as const) {
    const refused = await company.send('ops', 'POST', url, body)
    assert.equal(refused.status, 409)
    assert.match(refused.body.type, /model\.testsFail/)
  }
  const { failed } = await ok('PUT', `/api/models/${made.modelId}/tests`, { tests: file.tests.slice(0, 1) })
  assert.equal(failed, 0)
  await ok('POST', `/api/models/${made.modelId}/run`)
  while (await runNextJob(company.db.bulk));
})

test('a test about a customer: where it lands and whose it is, by the rules of that model', async () => {
  const account = await company.one<{ id: string; code: string; login: string }>(
    `select p.account_id::text as id, t.code, u.login from account_placement p join territory t on t.model_id = p.model_id and t.id = p.territory_id join app_user u on u.id = p.owner_id
      where p.model_id = $1 and p.source like 'rule:%' order by p.account_id limit 1`,
    [await active()],
  )
  const { id } = await ok('POST', '/api/models', { name: '试' })
  const put = (test: object) => ok('PUT', `/api/models/${id}/tests`, { tests: [{ name: 't', account: account.id, ...test }] })
  assert.equal((await put({ territory: account.code, owner: account.login })).failed, 0)
  const wrong = await put({ territory: account.code, owner: account.login === 'hq' ? 'ops' : 'hq' })
  assert.equal(wrong.failed, 1)
  assert.equal((await put({ territory: null })).failed, 1)
  // A draft begins with the tests of its base; here the base has none.
  assert.equal((await company.send('ops', 'PUT', `/api/models/${id}/tests`, { tests: [{ name: 'x', territory: null }] })).status, 400)
})

test('faults are named with their place; nothing is kept', async () => {
  const file = await ok('GET', `/api/models/${await active()}/file`)
  const models = async () => (await company.one<{ n: number }>('select count(*)::int as n from territory_model')).n
  const before = await models()
  const faulty = async (change: (f: typeof file) => void, type: RegExp, at: RegExp) => {
    const copy = structuredClone(file)
    change(copy)
    const answer = await company.send('ops', 'POST', '/api/models/file', { file: copy })
    assert.ok(answer.status >= 400 && answer.status < 500, answer.text.slice(0, 300))
    assert.match(answer.text, type)
    assert.match(answer.text, at)
    assert.equal(await models(), before)
  }
  await faulty(
    f => {
      f.territories[0].type = 'nope'
    },
    /no such type|type/i,
    /\/territories\/0\/type/,
  )
  await faulty(f => void f.territories.push({ ...f.territories[0] }), /codeTaken|taken/i, /\/territories\/\d+\/code/)
  await faulty(
    f => {
      f.territories[0].rule = { field: 'nope', op: 'in', values: ['x'] }
    },
    /nope/,
    /\/territories\/0\/rule/,
  )
  await faulty(
    f => {
      f.territories[0].members = [{ login: 'ghost', role: 'owner' }]
    },
    /ghost/,
    /\/territories\/0\/members\/0\/login/,
  )
  await faulty(
    f => {
      f.format = 'other'
    },
    /format/,
    /format/,
  )
  await faulty(
    f => {
      f.tests = [{ name: 'a', values: {}, territory: 'NOWHERE' }]
    },
    /NOWHERE/,
    /\/tests\/0\/territory/,
  )
  let deep: Territory = { code: 'Z', name: 'z', children: [] }
  for (let i = 0; i < 2_000; i += 1) deep = { code: `D${i}`, name: 'd', children: [deep] }
  const answer = await company.send('ops', 'POST', '/api/models/file', { file: { ...file, territories: [deep] } })
  assert.equal(answer.status, 400)
})
