/** A draft moves onto the model that came into use meanwhile, or onto a scheduled one; changes follow one another; an undo tells what it strands. */
import assert from 'node:assert/strict'
import test, { after } from 'node:test'
import { openChangeSets } from '../support/change-sets.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of many endpoints
type Json = any
const opened = await openChangeSets(7)
after(() => opened.company.close())

const draft = async (title: string): Promise<{ id: string; modelId: string }> => {
  const { ok, company } = opened
  const made = await ok('ops', 'POST', '/api/models', { name: title })
  const set = await company.one<{ id: string }>('select id::text from change_set where model_id = $1', [made.id])
  return { id: set.id, modelId: made.id }
}
const listOf = async (modelId: string): Promise<Json[]> => (await opened.ok('ops', 'GET', `/api/models/${modelId}/territories?limit=5000`)).rows
const change = async (modelId: string, id: string, fields: object): Promise<void> => {
  const row = (await listOf(modelId)).find(t => t.id === id)
  await opened.ok('ops', 'PATCH', `/api/models/${modelId}/territories/${id}`, fields, { 'if-match': String(row.rowVersion) })
}
const own = async (modelId: string, id: string) => (await opened.ok('ops', 'GET', `/api/models/${modelId}/territories/${id}`)).own
const leadsOf = async (modelId: string, id: string): Promise<string[]> =>
  (await opened.ok('ops', 'GET', `/api/models/${modelId}/territories/${id}`)).members
    .filter((m: Json) => m.inheritedFrom === null && m.role === 'owner')
    .map((m: Json) => m.userId)
    .sort()
const replaceLead = async (modelId: string, id: string, userId: string): Promise<void> => {
  const { members } = await opened.ok('ops', 'GET', `/api/models/${modelId}/territories/${id}`)
  for (const m of members.filter((x: Json) => x.inheritedFrom === null && x.role === 'owner'))
    await opened.ok('ops', 'DELETE', `/api/members/${m.id}?modelId=${modelId}`, undefined, { 'if-match': String(m.rowVersion) })
  await opened.ok('ops', 'POST', `/api/models/${modelId}/territories/${id}/members`, { userId, role: 'owner', access: 'edit' })
}
const approved = async (id: string): Promise<void> => {
  await opened.ok('ops', 'POST', `/api/change-sets/${id}/submit`, { why: 'x' })
  await opened.work()
}
const withTier = (rule: Json, ...tiers: string[]) => ({ all: [...(rule.all ?? [rule]), { field: 'tier', op: 'in', values: tiers }] })

test('both sides are kept, what both changed is asked, and nothing is written before every answer', { timeout: 120_000 }, async () => {
  const { ok, company, work, setOf } = opened
  const [a, b] = [await draft('甲'), await draft('乙')]
  const ruled = (await listOf(a.modelId)).filter(t => t.hasRule ?? t.ruleVersion !== null)
  const [one, two, three, four, five] = ruled.slice(0, 5).map(t => t.id) as [string, string, string, string, string]
  const people = (await company.rows<{ id: string }>(`select id::text from app_user where state = 'active' order by id desc limit 2`)).map(u => u.id)
  await change(a.modelId, one, { name: '甲的名字' })
  await change(a.modelId, two, { condition: withTier(await own(a.modelId, two), 'KA') })
  await replaceLead(a.modelId, three, people[0]!)
  await change(b.modelId, one, { priority: 3 })
  await change(b.modelId, two, { condition: withTier(await own(b.modelId, two), 'KA', 'A') })
  await change(b.modelId, two, { name: '乙的名字' })
  await replaceLead(b.modelId, three, people[1]!)
  await change(b.modelId, four, { condition: withTier(await own(b.modelId, four), 'KA', 'A', 'B') })
  await change(a.modelId, two, { name: '甲也改名' })
  await change(a.modelId, five, { name: '甲定的名字' })
  await change(b.modelId, five, { name: '乙定的名字' })
  await approved(a.id)
  await ok('ops', 'POST', `/api/change-sets/${a.id}/schedule`, { now: true })

  assert.equal((await setOf('ops', b.id)).outdated, true)
  const early = await company.send('ops', 'POST', `/api/change-sets/${b.id}/submit`, { why: 'x' })
  assert.match(early.body.type, /model\.outdated/)
  const asked = await ok('ops', 'POST', `/api/change-sets/${b.id}/merge/preview`, {})
  assert.equal(asked.onto.id, a.modelId)
  // The lists of levels are merged value by value: nobody needs to be asked.
  assert.deepEqual(asked.conflicts.map((c: Json) => c.key).sort(), [`${three}/people`, `${two}/name`, `${five}/name`].sort())
  const name = asked.conflicts.find((c: Json) => c.key === `${two}/name`)
  assert.deepEqual([name.mine, name.theirs], ['乙的名字', '甲也改名'])
  const stored = () => company.rows('select * from territory where model_id = $1 order by id', [b.modelId])
  const before = await stored()
  const open = await company.send('ops', 'POST', `/api/change-sets/${b.id}/merge`, { ontoModelId: a.modelId, choices: { [`${two}/name`]: 'mine' } })
  assert.equal(open.status, 409)
  assert.match(open.body.type, /merge\.open/)
  assert.deepEqual(await stored(), before)
  assert.match((await company.send('ops', 'POST', `/api/change-sets/${b.id}/merge`, { ontoModelId: b.modelId })).body.type, /merge\.target/)
  const shownFive = (await listOf(b.modelId)).find(t => t.id === five).rowVersion
  const stale = (await listOf(b.modelId)).find(t => t.id === two).rowVersion
  await ok('ops', 'POST', `/api/change-sets/${b.id}/merge`, {
    ontoModelId: a.modelId,
    choices: { [`${two}/name`]: 'mine', [`${three}/people`]: 'mine', [`${five}/name`]: 'theirs' },
  })

  const rows = new Map((await listOf(b.modelId)).map(t => [t.id, t]))
  assert.equal(rows.get(one).name, '甲的名字')
  assert.equal((await company.rows('select priority from territory where model_id = $1 and id = $2', [b.modelId, one]))[0]!.priority, 3)
  assert.equal(rows.get(two).name, '乙的名字')
  assert.deepEqual((await own(b.modelId, two)).all.at(-1), { field: 'tier', op: 'in', values: ['KA', 'A'] })
  assert.deepEqual(await leadsOf(b.modelId, three), [people[1]])
  // What the draft gave up has the other's version by chance: a page that still shows its own is refused all the same.
  assert.equal(rows.get(five).name, '甲定的名字')
  const gaveUp = await company.send('ops', 'PATCH', `/api/models/${b.modelId}/territories/${five}`, { name: 'x' }, { 'if-match': String(shownFive) })
  assert.equal(gaveUp.status, 409)
  const late = await company.send('ops', 'PATCH', `/api/models/${b.modelId}/territories/${two}`, { name: 'x' }, { 'if-match': String(stale) })
  assert.equal(late.status, 409, 'a page from before the merge does not overwrite it')

  const set = await setOf('ops', b.id)
  assert.deepEqual([set.outdated, set.baseModelId], [false, a.modelId])
  await approved(b.id)
  const foreseen = await company.rows(
    'select account_id::text as id, to_owner::text as owner from change_set_move where change_set_id = $1 order by account_id',
    [b.id],
  )
  assert.ok(foreseen.length > 0)
  await ok('ops', 'POST', `/api/change-sets/${b.id}/schedule`, { now: true })
  assert.deepEqual(
    await company.rows(
      `select b.account_id::text as id, n.owner_id::text as owner from account_placement b join account_placement n on n.account_id = b.account_id and n.model_id = $2 join account a on a.id = b.account_id and a.deleted_at is null
        where b.model_id = $1 and (b.owner_id, b.territory_id) is distinct from (n.owner_id, n.territory_id) order by b.account_id`,
      [a.modelId, b.modelId],
    ),
    foreseen,
  )
  await work()
})

test('one change after another: on a scheduled model, in order, and what stands on it holds it', { timeout: 120_000 }, async () => {
  const { ok, company, work, setOf } = opened
  const [c, d] = [await draft('丙'), await draft('丁')]
  const base = (await setOf('ops', c.id)).baseModelId
  const ruled = (await listOf(c.modelId)).filter(t => t.hasRule ?? t.ruleVersion !== null)
  await change(c.modelId, ruled[0].id, { name: '丙改' })
  await change(d.modelId, ruled[1].id, { name: '丁改' })
  await approved(c.id)
  const day = 86_400_000
  const at = (days: number) => new Date(Date.now() + days * day).toISOString()
  await ok('ops', 'POST', `/api/change-sets/${c.id}/schedule`, { effectiveAt: at(2) })
  await approved(d.id)
  for (const days of [1, 3]) {
    const refused = await company.send('ops', 'POST', `/api/change-sets/${d.id}/schedule`, { effectiveAt: at(days) })
    assert.match(refused.body.type, /changeSet\.otherScheduled/, `on day ${days}`)
  }
  await ok('ops', 'POST', `/api/change-sets/${d.id}/withdraw`, {})
  await work()
  const back = await setOf('ops', d.id)
  assert.deepEqual(
    [back.state, back.drifted, back.figures !== null],
    ['draft', false, true],
    'the figures say of the draft what they said of its rows',
  )
  const asked = await ok('ops', 'POST', `/api/change-sets/${d.id}/merge/preview`, { ontoModelId: c.modelId })
  assert.deepEqual(
    asked.targets.map((t: Json) => t.id),
    [base, c.modelId],
  )
  assert.deepEqual(asked.conflicts, [])
  await ok('ops', 'POST', `/api/change-sets/${d.id}/merge`, { ontoModelId: c.modelId })
  assert.equal((await setOf('ops', d.id)).after, '丙')
  for (const [method, path] of [
    ['DELETE', 'schedule'],
    ['POST', 'withdraw'],
  ] as const) {
    const refused = await company.send('ops', method, `/api/change-sets/${c.id}/${path}`, method === 'POST' ? {} : undefined)
    assert.match(refused.body.type, /changeSet\.isBase/, path)
  }
  const byAdmin = await company.send('admin', 'DELETE', `/api/change-sets/${c.id}/schedule`)
  assert.match(byAdmin.body.type, /changeSet\.isBaseOfDraft/)
  assert.ok(!byAdmin.text.includes('丁'), 'the draft of another is not named')
  await approved(d.id)
  assert.equal((await setOf('ops', d.id)).state, 'approved')
  assert.match((await company.send('ops', 'POST', `/api/change-sets/${d.id}/schedule`, { effectiveAt: at(1) })).body.type, /changeSet\.tooEarly/)
  await ok('ops', 'POST', `/api/change-sets/${d.id}/schedule`, { effectiveAt: at(3) })
  assert.deepEqual((await listOf(d.modelId)).filter(t => t.name === '丙改' || t.name === '丁改').length, 2, 'the second has both changes')

  // What is in use is taken back: the two were made on it.
  const active = await company.one<{ id: string }>('select s.id::text from change_set s where s.model_id = $1', [base])
  assert.deepEqual((await setOf('ops', active.id)).strands, ['丙', '丁'])
  await ok('ops', 'POST', '/api/activations/undo', {})
  await work()
  for (const set of [c, d]) {
    const now = await setOf('ops', set.id)
    assert.deepEqual([now.state, now.outdated], ['approved', true], set.id)
  }
  const told = await company.rows(`select 1 from audit where kind = 'changeSet.cancel' and record_id = any($1::bigint[])`, [[c.id, d.id]])
  assert.equal(told.length, 2)
})

test('opened again as a copy: the same differences in a new draft, to be moved onto what is in use', { timeout: 120_000 }, async () => {
  const { ok, company, setOf } = opened
  const source = await company.one<{ id: string; model: string; base: string }>(
    `select s.id::text, s.model_id::text as model, m.base_model_id::text as base from change_set s join territory_model m on m.id = s.model_id where s.title = '乙'`,
  )
  const made = await ok('ops', 'POST', `/api/change-sets/${source.id}/copy`, { title: '乙,再来' })
  const copy = await setOf('ops', made.id)
  assert.deepEqual([copy.state, copy.baseModelId, copy.title], ['draft', source.base, '乙,再来'])
  const shown = (rows: Json[]) => rows.map(t => [t.id, t.name, t.ruleVersion, t.parentId].join('|')).sort()
  assert.deepEqual(shown(await listOf(copy.modelId)), shown(await listOf(source.model)))
  const rules = async (id: string) =>
    (await ok('ops', 'GET', `/api/change-sets/${id}/rules`)).rows.map((r: Json) => [r.territoryId, r.change, r.members.length, r.toVersion])
  assert.deepEqual(await rules(made.id), await rules(source.id))
  assert.equal((await company.send('rep', 'POST', `/api/change-sets/${source.id}/copy`, { title: 'x' })).status, 403)
})
