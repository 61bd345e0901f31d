/** A draft is its base plus its differences: whatever is done to it, it reads as if every change had been made to a copy, and the base stays as it was. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { seededRandom } from '../../src/core/kernel/random.ts'
import { type Company, type Json, openCompany } from './company.ts'

let company: Company
before(async () => {
  company = await openCompany()
})
after(() => company.close())

type Row = { id: string; parentId: string | null; code: string; name: string; inherit: boolean; hasRule: boolean; rowVersion: number; typeId: string }
const told = (rows: readonly Json[]) =>
  rows
    .map(r => ({ id: r.id, parentId: r.parentId, code: r.code, name: r.name, inherit: r.inherit, hasRule: r.hasRule, rowVersion: r.rowVersion }))
    .sort((a, b) => Number(a.id) - Number(b.id))

test('random edits: the draft equals a copy with the same edits, before and after it is computed; the base does not change', async () => {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9))
  console.log(`seed ${seed}`)
  const random = seededRandom(seed)
  const { ok, ask } = company
  const base = await company.activeModel()
  const before = told(await company.territories(base))
  const model = await company.draft('随机')
  const copy = new Map<string, Row>((await company.territories(model)).map(r => [r.id, r as unknown as Row]))
  const below = (id: string): string[] => [...copy.values()].filter(t => t.parentId === id).flatMap(t => [t.id, ...below(t.id)])
  let refused = 0
  for (let step = 0; step < 60; step += 1) {
    const all = [...copy.values()]
    const t = random.pick(all)
    const path = `/api/models/${model}/territories/${t.id}`
    const kind = random.pick(['add', 'rename', 'move', 'rule', 'inherit', 'drop', 'stale'] as const)
    if (kind === 'add') {
      const code = `N${step}`
      const made = await ok('POST', `/api/models/${model}/territories`, {
        body: { parentId: t.id, typeId: t.typeId, code, name: code, inherit: true },
      })
      copy.set(made.id, { id: made.id, parentId: t.id, code, name: code, inherit: true, hasRule: false, rowVersion: 1, typeId: t.typeId })
    } else if (kind === 'drop') {
      if (copy.size < 40) continue
      const gone = [t.id, ...below(t.id)]
      if (gone.length > 15) continue
      const { removed } = await ok('DELETE', path, { ifMatch: t.rowVersion })
      assert.equal(removed, gone.length)
      for (const id of gone) copy.delete(id)
    } else if (kind === 'stale') {
      const answer = await ask('PATCH', path, { ifMatch: t.rowVersion + 7, body: { name: 'x' } })
      assert.equal(answer.status, 409)
      assert.match(answer.body.type, /record\.stale/)
    } else {
      const target = random.pick([null, ...all])
      const change =
        kind === 'rename'
          ? { name: `改名 ${step}` }
          : kind === 'inherit'
            ? { inherit: !t.inherit }
            : kind === 'rule'
              ? { condition: { field: 'division', op: 'in', values: [random.pick(['110000', '320500', '440100'])] } }
              : { parentId: target?.id ?? null }
      const answer = await ask('PATCH', path, { ifMatch: t.rowVersion, body: change })
      if (kind === 'move' && target && (target.id === t.id || below(t.id).includes(target.id))) {
        assert.equal(answer.status, 409, 'a move below itself is refused')
        assert.match(answer.body.type, /territory\.cycle/)
        refused += 1
        continue
      }
      assert.equal(answer.status, 200, JSON.stringify(answer.body))
      copy.set(t.id, { ...t, ...('condition' in change ? { hasRule: true } : change), rowVersion: answer.body.rowVersion })
    }
  }
  console.log(`${copy.size} territories at the end, ${refused} circles refused`)
  assert.deepEqual(told(await company.territories(model)), told([...copy.values()]))
  assert.deepEqual(told(await company.territories(base)), before, 'the base is as it was')
  await company.run(model)
  assert.deepEqual(told(await company.territories(model)), told([...copy.values()]), 'computed, it stands on its own and reads the same')
  const flat = await company.one<{ flat: boolean; n: number }>(
    'select flat, (select count(*)::int from territory where model_id = $1 and not removed) as n from territory_model where id = $1',
    [model],
  )
  assert.deepEqual(flat, { flat: true, n: copy.size })
})

test('two planners on one draft: the second sees what the first did and is told, not overwritten', async () => {
  const { ask, ok } = company
  const model = await company.draft('两人')
  await company.share(model)
  const t = (await company.territories(model)).find(r => r.code === 'E')!
  const path = `/api/models/${model}/territories/${t.id}`
  await ok('PATCH', path, { ifMatch: t.rowVersion, body: { name: '华东一' }, as: 'ops' })
  const second = await ask('PATCH', path, { ifMatch: t.rowVersion, body: { name: '华东二' }, as: 'admin' })
  assert.equal(second.status, 409)
  assert.match(second.body.detail, new RegExp(String(t.rowVersion + 1)))
  assert.equal((await company.territories(model)).find(r => r.id === t.id)!.name, '华东一')
  const missing = await ask('PATCH', path, { body: { name: '华东三' } })
  assert.equal(missing.status, 428)
})

test('only a draft changes; a code stands once; a discarded draft leaves nothing', async () => {
  const { ask, ok } = company
  const active = await company.activeModel()
  const rows = await company.territories(active)
  const frozen = await ask('PATCH', `/api/models/${active}/territories/${rows[0]!.id}`, { ifMatch: rows[0]!.rowVersion, body: { name: 'x' } })
  assert.equal(frozen.status, 409)
  assert.match(frozen.body.type, /model\.notDraft/)
  const model = await company.draft('弃')
  const twice = await ask('POST', `/api/models/${model}/territories`, {
    body: { parentId: null, typeId: rows[0]!.typeId, code: rows[1]!.code, name: 'x' },
  })
  assert.equal(twice.status, 409)
  assert.match(twice.body.detail, new RegExp(rows[1]!.code))
  await ok('POST', `/api/models/${model}/territories`, { body: { parentId: null, typeId: rows[0]!.typeId, code: 'GONE', name: 'x' } })
  const head = (await ok('GET', '/api/models')).rows.find((m: { id: string }) => m.id === model)
  await ok('DELETE', `/api/models/${model}`, { ifMatch: head.rowVersion })
  assert.deepEqual(await company.one("select count(*)::int as n from territory where code = 'GONE'"), { n: 0 })
})

test('saving a rule that says the same makes no new version, in whatever order its keys come', async () => {
  const { ok } = company
  const model = await company.draft('同一句')
  const t = (await company.territories(model)).find(r => r.code === 'E-01')!
  const path = `/api/models/${model}/territories/${t.id}`
  const same = await ok('PATCH', path, { ifMatch: t.rowVersion, body: { condition: { values: ['310000'], op: 'in', field: 'division' } } })
  assert.equal(same.ruleVersion, t.ruleVersion)
  // Versions are counted over all drafts: the random edits above may have made some of this rule.
  const before: { version: number; why: string | null; lines: string[] }[] = (await ok('GET', path)).versions
  const next = before[0]!.version + 1
  const other = await ok('PATCH', path, {
    ifMatch: same.rowVersion,
    body: { condition: { field: 'division', op: 'in', values: ['310101'] }, why: '只管黄浦' },
  })
  assert.equal(other.ruleVersion, next)
  const detail = await ok('GET', path)
  assert.deepEqual(
    detail.versions.map((v: { version: number; why: string | null; lines: string[] }) => [v.version, v.why, v.lines.length]),
    [[next, '只管黄浦', 1], ...before.map(v => [v.version, v.why, v.lines.length])],
  )
})
