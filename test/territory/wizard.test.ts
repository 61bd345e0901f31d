/** The small company's start: provinces among people, live in a few requests; a dimension above it later, without a rebuild; who and what is left over. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { type Company, type Json, openCompany } from './company.ts'

let company: Company
before(async () => {
  company = await openCompany({ accounts: 900 })
})
after(() => company.close())

test('a proposal that is balanced, a draft, a run, live; then key accounts above geography in a draft; and back', async () => {
  const { ok, ask } = company
  const people = (
    await company.db.owner.query<{ id: string; name: string }>(
      `select id::text, name from app_user where login like 'rep%' and state = 'active' order by id limit 4`,
    )
  ).rows
  const proposed = await ok('POST', '/api/wizard/suggest', { body: { userIds: people.map(p => p.id), level: 'province' } })
  const counts: number[] = proposed.shares.map((s: Json) => s.accounts)
  const total = counts.reduce((a, b) => a + b, 0)
  assert.equal(proposed.shares.length, 4)
  for (const n of counts) assert.ok(n > total / 4 / 2.2 && n < (total / 4) * 2.2, `${counts}`)
  const divisions = proposed.shares.flatMap((s: Json) => s.divisions.map((d: Json) => d.code))
  assert.equal(new Set(divisions).size, divisions.length, 'every province goes to exactly one person')
  assert.equal(divisions.length, 34)

  const shares = proposed.shares.map((s: Json) => ({ userId: s.userId, divisions: s.divisions.map((d: Json) => d.code) }))
  const twice = await ask('POST', '/api/wizard/geography', {
    body: { name: 'x', shares: [...shares, { userId: people[0]!.id, divisions: ['110000'] }] },
  })
  assert.match(twice.body.type, /wizard\.shared/)
  assert.equal(
    (await ask('POST', '/api/wizard/geography', { body: { name: 'x', shares: [{ userId: people[0]!.id, divisions: ['999999'] }] } })).status,
    404,
  )
  const made = await ok('POST', '/api/wizard/geography', { body: { name: '首版', shares } })
  assert.equal(made.territories, 4)
  const rows = await company.territories(made.modelId)
  assert.equal(rows.length, 4, 'what was there before is not in this draft')
  await company.run(made.modelId)
  await ok('POST', `/api/models/${made.modelId}/activate`, { body: {} })
  const placed = async () =>
    (
      await company.db.owner.query<{ owner: string | null; n: number }>(
        'select owner_id::text as owner, count(*)::int as n from account_placement where model_id = $1 and territory_id is not null group by 1',
        [made.modelId],
      )
    ).rows
  const before = await placed()
  for (const p of people) assert.ok((before.find(r => r.owner === p.id)?.n ?? 0) > 0, `${p.name} owns accounts`)

  const model = await company.draft('加大客户')
  const types = (await ok('GET', `/api/models/${model}/types`)).rows as Json[]
  const ka = types.find(t => t.key === 'key-account')!
  assert.ok(ka.precedence < types.find(t => t.key === 'geography')!.precedence)
  const territory = await ok('POST', `/api/models/${model}/territories`, {
    body: { parentId: null, typeId: ka.id, code: 'KA', name: '大客户', condition: { field: 'tier', op: 'in', values: ['KA'] } },
  })
  const lead = people[3]!.id
  await ok('POST', `/api/models/${model}/territories/${territory.id}/members`, { body: { userId: lead, role: 'owner' } })
  await company.run(model)
  await ok('POST', `/api/models/${model}/activate`, { body: {} })
  const after = await company.one<{ ka: number; same: number; moved: number }>(
    `select count(*) filter (where b.territory_id = $3)::int as ka, count(*) filter (where a.territory_id is not distinct from b.territory_id)::int as same,
            count(*) filter (where a.territory_id is distinct from b.territory_id and b.territory_id <> $3)::int as moved
       from account_placement a join account_placement b on b.account_id = a.account_id and b.model_id = $2 where a.model_id = $1`,
    [made.modelId, model, territory.id],
  )
  const keys = await company.one<{ n: number }>(`select count(*)::int as n from account where tier = 'KA' and deleted_at is null`)
  assert.equal(after.ka, keys.n)
  assert.equal(after.moved, 0, 'everybody else stays where he was')
  await ok('POST', '/api/activations/undo', { body: {} })
  assert.equal(await company.activeModel(), made.modelId)
  assert.deepEqual(await placed(), before)
})

test('people without territory and territories without people are named to planners, nothing of it to a rep', async () => {
  const { ok } = company
  const active = await company.activeModel()
  const left = await ok('GET', `/api/models/${active}/coverage`)
  assert.ok(left.peopleWithout.length > 0)
  const rep = await ok('GET', `/api/models/${active}/coverage`, { as: 'rep' })
  assert.deepEqual(rep.peopleWithout, [])
  const model = await company.draft('空区')
  const type = (await ok('GET', `/api/models/${model}/types`)).rows.find((t: Json) => t.key === 'geography')
  await ok('POST', `/api/models/${model}/territories`, {
    body: { parentId: null, typeId: type.id, code: 'LEER', name: '没人', condition: { field: 'division', op: 'in', values: ['110101'] } },
  })
  const there = await ok('GET', `/api/models/${model}/coverage`)
  assert.deepEqual(
    there.territoriesWithout.map((t: Json) => t.code),
    ['LEER'],
  )
})
