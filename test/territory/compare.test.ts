/** Two models side by side: the tree of both, people, numbers that add up to the placements of each, sight, bad questions, the workbook. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { readXlsx } from 'hucre/xlsx'
import type { ComparedTerritory, CompareNumbers } from '../../src/contract/territory/compare.ts'
import { archiveOld } from '../../src/server/assignment/archive.ts'
import { runNextJob } from '../../src/server/kernel/jobs.ts'
import { makeCompany } from '../support/company.ts'

type Row = {
  id: string
  code: string
  name: string
  parentId: string | null
  typeId: string
  children: number
  accounts: number
  rowVersion: number
  hasRule: boolean
}
let company: Awaited<ReturnType<typeof makeCompany>>
let base = ''
let draft = ''
let setId = ''
let changed: Row
let gone: Row
before(async () => {
  company = await makeCompany({ accounts: 400, people: 90, seed: 3 })
  base = (await ok('GET', '/api/models')).rows.find((m: { active: boolean }) => m.active).id
})
after(() => company.close())

const ok = async (method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', url: string, body?: unknown, headers?: Record<string, string>) => {
  const answer = await company.send('ops', method, url, body, headers)
  assert.ok(answer.status < 300, `${method} ${url}: ${answer.status} ${answer.text.slice(0, 600)}`)
  return answer.body
}
const jobs = async () => {
  while (await runNextJob(company.db.bulk));
}
const pages = async <T>(url: string): Promise<T[]> => {
  const all: T[] = []
  for (let cursor = ''; ; ) {
    const page = await ok('GET', `${url}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)
    all.push(...page.rows)
    if (page.next === null) return all
    cursor = page.next
  }
}
const numbers = (a: string, b: string): Promise<CompareNumbers> => ok('GET', `/api/models/compare/numbers?a=${a}&b=${b}`)
type Line = CompareNumbers['rows'][number]
const lines = (a: string, b: string) => pages<Line>(`/api/models/compare/numbers?a=${a}&b=${b}`)
/** What PostgreSQL says of one model, beside the product. */
const placed = (model: string) =>
  company.rows<{ id: string | null; accounts: number; owners: number; potential: string; revenue: string }>(
    `select p.territory_id::text as id, count(*)::int as accounts, count(distinct p.owner_id)::int as owners, coalesce(sum(a.potential), 0)::text as potential, coalesce(sum(a.revenue), 0)::text as revenue
       from account_placement p join account a on a.id = p.account_id and a.deleted_at is null where p.model_id = $1 group by 1`,
    [model],
  )
const sameAs = (found: readonly Line[], side: 'a' | 'b', expected: Awaited<ReturnType<typeof placed>>) =>
  assert.deepEqual(
    found
      .filter(l => l[side]!.accounts > 0)
      .map(l => ({ id: l.id, ...l[side]! }))
      .sort((x, y) => Number(x.id) - Number(y.id)),
    [...expected].sort((x, y) => Number(x.id) - Number(y.id)),
  )

test('structure in the order of the tree, each with its way from the root; rules and people apart', async () => {
  const made = await ok('POST', '/api/models', { name: '对照草稿' })
  draft = made.id
  setId = (await ok('GET', '/api/models')).rows.find((m: { id: string }) => m.id === draft).changeSetId
  const rows: Row[] = (await ok('GET', `/api/models/${draft}/territories?limit=5000`)).rows
  const leaves = rows.filter(r => r.hasRule && r.children === 0 && r.accounts > 2 && r.parentId !== null)
  ;[changed, gone] = [leaves[0]!, leaves.at(-1)!]
  assert.notEqual(changed.id, gone.id)
  const { own } = await ok('GET', `/api/models/${draft}/territories/${changed.id}`)
  await ok(
    'PATCH',
    `/api/models/${draft}/territories/${changed.id}`,
    { name: '改过的', condition: { all: [own, { field: 'tier', op: 'in', values: ['KA', 'A'] }] } },
    { 'if-match': String(changed.rowVersion) },
  )
  await ok('DELETE', `/api/models/${draft}/territories/${gone.id}`, undefined, { 'if-match': String(gone.rowVersion) })
  const added = await ok('POST', `/api/models/${draft}/territories`, { parentId: changed.id, typeId: changed.typeId, code: 'CMP-1', name: '新下级' })
  const rep = await company.idOf('rep')
  await ok('POST', `/api/models/${draft}/territories/${added.id}/members`, { userId: rep, role: 'owner', access: 'edit' })

  const all = await pages<ComparedTerritory>(`/api/models/compare?a=${base}&b=${draft}`)
  assert.deepEqual(all.map(r => `${r.change} ${r.code}`).sort(), ['added CMP-1', `changed ${changed.code}`, `removed ${gone.code}`].sort())
  const child = all.find(r => r.code === 'CMP-1')!
  assert.equal(child.path.at(-1)!.id, changed.id)
  assert.equal(all[all.indexOf(child) - 1]!.territoryId, changed.id)
  assert.ok(all.find(r => r.code === gone.code)!.path.length > 0)
  const head = await ok('GET', `/api/models/compare?a=${base}&b=${draft}&about=rules`)
  assert.deepEqual([head.a.active, head.b.state, head.b.name], [true, 'draft', '对照草稿'])
  assert.ok(head.rows.every((r: ComparedTerritory) => r.lines.some(l => l.change !== 'same')))
  assert.equal(head.parts.rules, head.rows.length)
  assert.equal((await pages(`/api/models/compare?a=${base}&b=${draft}&about=structure`)).length, 3)
  // The other way round says the opposite; a model beside itself has no difference.
  const back = await pages<ComparedTerritory>(`/api/models/compare?a=${draft}&b=${base}`)
  assert.deepEqual(back.map(r => r.change).sort(), ['added', 'changed', 'removed'])
  assert.equal(back.find(r => r.code === gone.code)!.change, 'added')
  assert.deepEqual((await ok('GET', `/api/models/compare?a=${base}&b=${base}`)).rows, [])

  const people = await ok('GET', `/api/models/compare/members?a=${base}&b=${draft}`)
  const own1 = people.rows.find((m: { territoryId: string }) => m.territoryId === added.id)
  assert.deepEqual([own1.change, own1.person.id, own1.before, own1.after[0].role], ['added', rep, [], 'owner'])
  const held = await company.rows<{ id: string }>(
    'select distinct user_id::text as id from territory_member where territory_id = $1 and cancels_id is null and model_id is null and (ends_at is null or ends_at > now())',
    [gone.id],
  )
  assert.deepEqual(
    people.rows
      .filter((m: { territoryId: string }) => m.territoryId === gone.id)
      .map((m: { person: { id: string }; change: string }) => `${m.change} ${m.person.id}`)
      .sort(),
    held.map(h => `removed ${h.id}`).sort(),
  )
  assert.equal(people.total, people.rows.length)
  assert.equal(head.parts.members, new Set(people.rows.map((m: { territoryId: string }) => m.territoryId)).size)
})

test('types that come, go or change', async () => {
  const types = (await ok('GET', `/api/models/${draft}/types`)).rows
  const version = (await ok('GET', '/api/models')).rows.find((m: { id: string }) => m.id === draft).rowVersion
  const next = [
    ...types.map((t: object) => ({ ...t })),
    { key: 'cmp-new', labels: { 'zh-CN': '新类', 'zh-TW': '新類', en: 'New kind' }, layer: 'overlay', precedence: 90 },
  ]
  next[0].labels = { ...next[0].labels, en: 'Renamed' }
  await ok('PUT', `/api/models/${draft}/types`, { types: next }, { 'if-match': String(version) })
  const diff = await ok('GET', `/api/models/compare?a=${base}&b=${draft}`)
  assert.deepEqual(
    diff.types.map((t: { key: string; change: string }) => `${t.change} ${t.key}`).sort(),
    ['added cmp-new', `changed ${types[0].key}`].sort(),
  )
})

test('numbers: a draft says that it is not computed; computed, they are what its placements become', async () => {
  const none = await numbers(base, draft)
  assert.deepEqual([none.basis.a.kind, none.basis.b.kind, none.basis.b.why, none.basis.b.changeSetId], ['placed', 'none', 'notComputed', setId])
  assert.equal(none.moved, null)
  assert.ok(none.rows.every(r => r.b === null && r.gained === null) && none.total.b === null)
  await ok('POST', `/api/change-sets/${setId}/compute`)
  assert.equal((await numbers(base, draft)).basis.b.why, 'computing')
  await jobs()

  const computed = await lines(base, draft)
  const first = await numbers(base, draft)
  assert.deepEqual([first.basis.b.kind, first.basis.b.drifted, first.whole], ['computed', false, true])
  sameAs(computed, 'a', await placed(base))
  const sum = (of: (l: Line) => number) => computed.reduce((s, l) => s + of(l), 0)
  assert.equal(
    sum(l => l.gained!),
    sum(l => l.lost!),
  )
  assert.equal(
    sum(l => l.lost!),
    first.moved!.territories,
  )
  assert.ok(first.moved!.territories > 0 && first.moved!.both === sum(l => l.a!.accounts))
  for (const l of computed) assert.equal(l.b!.accounts, l.a!.accounts + l.gained! - l.lost!)
  assert.equal(
    first.total.b!.accounts,
    sum(l => l.b!.accounts),
  )
  const line = computed.find(l => l.id === gone.id)!
  assert.deepEqual([line.b!.accounts, line.name], [0, gone.name])

  // Put to use, it stands as it was computed.
  await ok('POST', `/api/models/${draft}/run`)
  await jobs()
  const standing = await lines(base, draft)
  assert.equal((await numbers(base, draft)).basis.b.kind, 'placed')
  assert.deepEqual(standing, computed)
  sameAs(standing, 'b', await placed(draft))
})

test('an archived model answers as it stood when it was last in force', async () => {
  const before = await placed(base)
  await ok('POST', `/api/models/${draft}/activate`, {})
  await company.db.owner.query(`update territory_model set state = 'archived' where id = $1`, [base])
  await archiveOld(company.db.bulk, '1')
  assert.equal((await placed(base)).length, 0)
  const found = await numbers(base, draft)
  assert.equal(found.basis.a.kind, 'archive')
  assert.ok(found.basis.a.at! < new Date().toISOString())
  sameAs(await lines(base, draft), 'a', before)
  // Never in use and archived: nothing was kept, and that is said.
  await company.db.owner.query(
    `insert into territory_model (tenant_id, name, state, flat, lineage, created_at) values (1, 'x', 'archived', true, '{}', now())`,
  )
  const { id } = await company.one<{ id: string }>('select max(id)::text as id from territory_model')
  assert.equal((await numbers(id, draft)).basis.a.why, 'neverUsed')
})

test('numbers are of the customers one sees; what a role hides is in none; strangers and bad questions are refused', async () => {
  const plans = `update role set permissions = array_append(permissions, 'territory.plan') where key = 'manager'`
  assert.equal((await company.send('manager', 'GET', `/api/models/compare?a=${base}&b=${draft}`)).status, 403)
  await company.db.owner.query(plans)
  const url = `/api/models/compare/numbers?a=${base}&b=${draft}`
  const mine = (await company.send('manager', 'GET', url)).body
  const seen: string[] = []
  for (let cursor = ''; ; ) {
    const page = (await company.send('manager', 'GET', `/api/accounts?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)).body
    seen.push(...page.rows.map((r: { id: string }) => r.id))
    if (!page.next) break
    cursor = page.next
  }
  assert.equal(mine.whole, false)
  assert.equal(mine.total.b.accounts, seen.length)
  assert.ok(seen.length > 0 && mine.total.b.accounts < (await numbers(base, draft)).total.b!.accounts)
  await company.setFieldAccess('manager', { potential: 'hidden' })
  const masked = (await company.send('manager', 'GET', url)).body
  assert.ok(masked.total.b.potential === null && masked.total.b.revenue !== null && masked.rows.every((r: Line) => r.a!.potential === null))
  await company.setFieldAccess('manager', {})

  for (const login of ['rep', 'hq']) assert.equal((await company.send(login, 'GET', url)).status, 403)
  const status = async (query: string) => (await company.send('ops', 'GET', `/api/models/compare/numbers?${query}`)).status
  assert.equal(await status(`a=${base}`), 400)
  assert.equal(await status(`a=${base}&b=x`), 400)
  assert.equal(await status(`a=${base}&b=999999`), 404)
  assert.equal(await status(`a=9999999999999999999&b=${base}`), 404)
  for (const cursor of ['x', '-1', '9|9', `${'9'.repeat(10)}|1|1`])
    for (const path of ['', '/members', '/numbers'])
      assert.equal(
        (await company.send('ops', 'GET', `/api/models/compare${path}?a=${base}&b=${draft}&cursor=${cursor}`)).status,
        200,
        `${path} ${cursor}`,
      )
})

test('the workbook says the same, a sheet each', async () => {
  const file = await company.send('ops', 'GET', `/api/models/compare/export?a=${base}&b=${draft}`)
  assert.equal(file.status, 200, file.text.slice(0, 300))
  const { sheets } = await readXlsx(file.bytes)
  assert.deepEqual(
    sheets.map(s => s.name),
    ['About', 'Structure', 'Rules', 'People', 'Numbers'],
  )
  const numbersSheet = sheets[4]!.rows.slice(1)
  const every = await lines(base, draft)
  assert.equal(numbersSheet.length, every.length + 1)
  assert.equal(
    numbersSheet[0]![5],
    every.reduce((s, l) => s + l.b!.accounts, 0),
  )
  assert.ok(sheets[1]!.rows.some(r => r[0] === 'CMP-1' && r[2] === 'Added'))
  const audited = await company.one<{ n: number }>(`select count(*)::int as n from audit where kind = 'model.compare.export'`)
  assert.equal(audited.n, 1)
  await company.db.owner.query(`update role set permissions = array_remove(permissions, 'territory.plan') where key = 'manager'`)
  assert.equal((await company.send('manager', 'GET', `/api/models/compare/export?a=${base}&b=${draft}`)).status, 403)
})
