/** What the map page is told: nobody learns of a territory he may not see, the order of types does what its preview said, gaps name what is missing. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { type Company, type Json, openCompany } from './company.ts'

let company: Company
before(async () => {
  company = await openCompany({ accounts: 900 })
})
after(() => company.close())

test('a manager and a rep know their own territories, the way up to them, and nothing else', async () => {
  const { ask, ok } = company
  const active = await company.activeModel()
  const all = await company.territories(active)
  const byId = new Map(all.map(t => [t.id, t]))
  const path = (id: string): string[] => (byId.get(id)?.parentId ? [byId.get(id)!.parentId, ...path(byId.get(id)!.parentId)] : [])
  const region = all.find(t => t.code === 'E')!
  const seen = await company.territories(active, 'manager')
  const under = all.filter(t => t.id === region.id || path(t.id).includes(region.id)).map(t => t.id)
  for (const id of under) assert.equal(seen.find(t => t.id === id)?.seen, 'whole', `${byId.get(id)!.code} is below the manager's region`)
  const south = all.find(t => t.code === 'S-01')!
  assert.ok(!seen.some(t => t.id === south.id), 'another region is not named')
  const country = seen.find(t => t.code === 'CN')!
  assert.equal(country.seen, 'path')
  assert.deepEqual([country.divisions, country.owners], [[], []], 'of the way up neither shape nor people are told')
  assert.equal((await ask('GET', `/api/models/${active}/territories/${south.id}`, { as: 'manager' })).status, 404)

  const figures = (await ok('GET', `/api/models/${active}/map`, { as: 'manager' })).figures as { id: string; accounts: number }[]
  assert.ok(figures.every(f => seen.some(t => t.id === f.id)))
  const listed = (await ok('GET', '/api/accounts/count', { as: 'manager' }).catch(() => null)) as { count?: number } | null
  if (listed?.count) assert.ok(figures.find(f => f.id === region.id)!.accounts <= listed.count)

  const reps = await company.territories(active, 'rep')
  assert.ok(reps.length > 0 && reps.length < seen.length)
  const suzhou = reps.find(t => t.name === '苏州')!
  assert.equal(suzhou.seen, 'whole')
  assert.deepEqual(
    reps
      .filter(t => t.seen === 'path')
      .map(t => t.id)
      .sort(),
    [...new Set(reps.filter(t => t.seen === 'whole').flatMap(t => path(t.id)))]
      .filter(id => !reps.some(t => t.id === id && t.seen === 'whole'))
      .sort(),
  )
})

test('a draft is no business of those it is planned for, and of other planners once it is shared', async () => {
  const { ask, ok } = company
  const model = await company.draft('未公布')
  for (const as of ['rep', 'manager']) {
    assert.ok(!(await ok('GET', '/api/models', { as })).rows.some((m: { id: string }) => m.id === model))
    for (const path of ['territories', 'map', 'witnesses?kind=unassigned', 'coverage', 'types'])
      assert.equal((await ask('GET', `/api/models/${model}/${path}`, { as })).status, 404, `${as} ${path}`)
  }
  assert.equal((await ask('GET', `/api/models/${model}/territories`, { as: 'hq' })).status, 404)
  await company.share(model)
  assert.equal((await ask('GET', `/api/models/${model}/territories`, { as: 'hq' })).status, 200)
  assert.equal((await ask('GET', `/api/models/${model}/territories`, { as: 'manager' })).status, 404)
})

test('the order of types does what its preview said, and stale or foolish lists are refused', async () => {
  const { ask, ok } = company
  const model = await company.draft('先后')
  const types = (await ok('GET', `/api/models/${model}/types`)).rows as {
    id: string
    key: string
    layer: string
    precedence: number
    labels: object
  }[]
  const list = types.map(t => ({ ...t, precedence: t.key === 'geography' ? 1 : t.layer === 'exclusive' ? t.precedence + 100 : t.precedence }))
  const said = await ok('POST', `/api/models/${model}/types/preview`, { body: { types: list } })
  assert.ok(said.moved > 0, 'geography before key accounts moves somebody')
  const before = await company.one<{ n: number }>(
    'select count(*)::int as n from account_placement where cardinality(contested) > 0 and model_id = $1',
    [await company.activeModel()],
  )
  assert.equal(said.before, before.n)
  const head = (await ok('GET', '/api/models')).rows.find((m: { id: string }) => m.id === model)
  const again = await ok('PUT', `/api/models/${model}/types`, { ifMatch: head.rowVersion, body: { types: list } })
  assert.equal(again.rowVersion, head.rowVersion + 1)
  const stale = await ask('PUT', `/api/models/${model}/types`, { ifMatch: head.rowVersion, body: { types: list } })
  assert.match(stale.body.type, /record\.stale/)
  const refused = async (body: object, type: RegExp) =>
    assert.match((await ask('PUT', `/api/models/${model}/types`, { ifMatch: again.rowVersion, body: { types: body } })).body.type, type)
  await refused(
    list.filter(t => t.key !== 'geography'),
    /territory\.typeInUse/,
  )
  await refused([...list, { ...list[0]!, id: undefined }], /territory\.typeTwice/)
  await refused(
    list.map(t => ({ ...t, layer: 'overlay' })),
    /territory\.noExclusive/,
  )
  await company.run(model)
  const moved = await company.one<{ n: number; contested: number }>(
    `select count(*) filter (where a.territory_id is distinct from b.territory_id)::int as n, count(*) filter (where cardinality(b.contested) > 0)::int as contested
       from account_placement a join account_placement b on b.account_id = a.account_id and b.model_id = $2 where a.model_id = $1`,
    [await company.activeModel(), model],
  )
  assert.deepEqual(moved, { n: said.moved, contested: said.after })
})

test('undecidable accounts name the field that is missing, and filling it in decides them', async () => {
  const { ok } = company
  const active = await company.activeModel()
  const found = await ok('GET', `/api/models/${active}/witnesses?kind=undecidable`)
  assert.ok(found.rows.length > 0)
  const list = await ok('GET', `/api/models/${active}/territories`)
  assert.equal(found.total, list.undecidable)
  assert.ok(found.rows.every((r: { missing: string[] }) => r.missing.length > 0))
  const one = found.rows.find((r: { missing: string[] }) => r.missing[0] === '区划' || /区/.test(r.missing[0]!))
  assert.ok(one, `somebody lacks a division: ${JSON.stringify(found.rows[0])}`)
  const account = await company.one<{ row_version: number }>('select row_version from account where id = $1', [one.id])
  await ok('PATCH', `/api/accounts/${one.id}`, { ifMatch: account.row_version, body: { values: { division: '320505' } } })
  const after = await company.one<{ territory_id: string | null; undecidable: boolean }>(
    'select territory_id::text, undecidable from account_placement where account_id = $1 and model_id = $2',
    [one.id, active],
  )
  assert.ok(after.territory_id !== null && !after.undecidable)
  const gaps = (await ok('GET', `/api/models/${active}/map`)).gaps as { accounts: number }[]
  const located = await company.one<{ n: number }>(
    `select count(*)::int as n from account_placement p join account a on a.id = p.account_id and a.deleted_at is null and a.division is not null
      where p.model_id = $1 and p.territory_id is null`,
    [active],
  )
  assert.equal(
    gaps.reduce((n, g) => n + g.accounts, 0),
    located.n,
  )
})

test('figures of the map add up to the list, in the model in use and in a draft of it', async () => {
  const { ok } = company
  const active = await company.activeModel()
  const model = await company.draft('同样')
  const sum = (f: { id: string; accounts: number; potential: string }[]) => f.map(x => [x.id, x.accounts, x.potential]).sort()
  const here = await ok('GET', `/api/models/${active}/map`)
  const there = await ok('GET', `/api/models/${model}/map`)
  assert.deepEqual(sum(there.figures), sum(here.figures))
  assert.deepEqual([there.gaps, there.overlaps], [here.gaps, here.overlaps])
  assert.ok(here.figures.every((f: { unowned: unknown }) => typeof f.unowned === 'number'))
  assert.ok(there.figures.every((f: { unowned: unknown }) => f.unowned === null))
  const counts = new Map((await company.territories(active)).map(t => [t.id, t.accounts]))
  for (const f of here.figures) assert.equal(f.accounts, counts.get(f.id), f.id)
  const types = (await ok('GET', `/api/models/${active}/types`)).rows as { id: string; key: string }[]
  for (const key of ['key-account', 'industry', 'overlay']) {
    const typeId = types.find(t => t.key === key)!.id
    const [a, b] = [await ok('GET', `/api/models/${active}/types/${typeId}/grid`), await ok('GET', `/api/models/${model}/types/${typeId}/grid`)]
    const cells = (g: Json) => g.cells.map((c: object) => JSON.stringify(c)).sort()
    assert.deepEqual(cells(a), cells(b), key)
    assert.ok(a.accounts > 0, key)
  }
})
