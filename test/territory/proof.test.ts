/** The proof of a model over HTTP: what a planner reads, what a manager may know of it, how it follows edits, and that its accounts are real ones. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { proofOf, proveModel } from '../../src/server/assignment/prove-model.ts'
import { inBulk } from '../../src/server/kernel/transaction.ts'
import { type Company, type Json, openCompany } from './company.ts'

let company: Company
let active: string
before(async () => {
  company = await openCompany({ accounts: 3_000 })
  active = await company.activeModel()
})
after(() => company.close())

const proof = async (model: string, kind?: string, as = 'ops'): Promise<Json> => {
  const answer = await company.ok('GET', `/api/models/${model}/proof${kind ? `?kind=${kind}` : ''}`, { as })
  assert.equal(answer.running, false)
  return answer
}
const edit = async (model: string, code: string, condition: unknown): Promise<void> => {
  const row = (await company.territories(model)).find(t => t.code === code)!
  await company.ok('PATCH', `/api/models/${model}/territories/${row.id}`, { ifMatch: row.rowVersion, body: { condition } })
}

test('gaps and overlaps of the model in use, each with a combination, words, and an account that stands there', async () => {
  await company.ok('POST', '/api/accounts', { body: { values: { name: '苏州证例药业', division: '320505', tier: 'A', industry: 'C27', size: 300 } } })
  const gaps = await proof(active, 'gap')
  const { result } = gaps
  assert.ok(result.rules > 50 && result.gaps.total >= 1 && result.overlaps.total === 1 && result.dead.total === 0)
  assert.equal(gaps.rows.length, result.gaps.total)
  assert.match(gaps.rows[0].combination[0], /拉萨市城关区/)
  assert.match(gaps.rows[0].words, /行政区划是 西藏自治区/)
  const [overlap] = (await proof(active, 'overlap')).rows
  assert.deepEqual(
    overlap.territories.map((t: Json) => t.code),
    ['IND-PHAR', 'IND-BIO'],
  )
  assert.match(overlap.combination[0], /苏州市/)
  const where = async (id: string) =>
    company.one<{ territory_id: string | null; contested: string[] }>(
      'select territory_id::text, contested::text[] from account_placement where model_id = $1 and account_id = $2',
      [active, id],
    )
  assert.ok(gaps.rows.some((r: Json) => r.account))
  for (const row of gaps.rows) if (row.account) assert.equal((await where(row.account.id)).territory_id, null)
  assert.ok(overlap.account)
  const placed = await where(overlap.account.id)
  assert.deepEqual(new Set([placed.territory_id, ...placed.contested]), new Set(overlap.territories.map((t: Json) => t.id)))
  await company.ok('PATCH', '/api/me', { body: { locale: 'en' } })
  const english = await proof(active, 'overlap')
  await company.ok('PATCH', '/api/me', { body: { locale: 'zh-CN' } })
  assert.match(english.rows[0].words, /^Division is 苏州市 and Tier is/)
})

test('who sees a part of the company learns nothing of gaps, nor of territories out of his sight', async () => {
  const all = (await proof(active)).result
  for (const as of ['manager', 'rep']) {
    for (const kind of ['gap', 'overlap', 'dead', 'notProved']) {
      const answer = await proof(active, kind, as)
      assert.equal(answer.result.gaps, null)
      assert.ok(answer.result.rules < all.rules)
      if (kind === 'gap') assert.deepEqual(answer.rows, [])
      const known = new Set((await company.territories(active, as)).filter(t => t.seen === 'whole').map(t => t.id))
      for (const row of answer.rows) for (const t of [...row.territories, ...row.others]) assert.ok(known.has(t.id), `${as} reads of ${t.code}`)
    }
  }
  const draft = await company.draft('暗')
  assert.equal((await company.ask('GET', `/api/models/${draft}/proof`, { as: 'manager' })).status, 404)
})

test('a draft is proved anew after every edit, and again when a member or a list has changed', async () => {
  const model = await company.draft('求证')
  assert.equal((await proof(model)).result.overlaps.total, 1)
  // The park takes key accounts too: those go to their own team first, and nothing is left for the park.
  await edit(model, 'IND-BIO', { field: 'tier', op: 'in', values: ['KA'] })
  const after = await proof(model, 'dead')
  assert.deepEqual([after.result.overlaps.total, after.result.dead.total], [0, 1])
  assert.equal(after.rows[0].territories[0].code, 'IND-BIO')
  assert.ok(after.rows[0].others.every((t: Json) => t.code.startsWith('KA-')))
  // A text is nothing the proof knows about.
  await edit(model, 'IND-BIO', { field: 'name', op: 'contains', text: '生物' })
  const open = await proof(model, 'notProved')
  assert.deepEqual([open.rows[0].reason, open.rows[0].words], ['predicate', '客户名称含「生物」'])
  assert.deepEqual(
    open.rows[0].territories.map((t: Json) => t.code),
    ['IND-BIO'],
  )
  // Mended by hand of another list: the proof reads its newest version.
  const list = await company.ok('POST', '/api/value-lists', { body: { name: '西部', type: 'division', values: ['540000', '710000'] } })
  await edit(model, 'IND-BIO', { field: 'division', op: 'inList', list: list.id })
  const some = (await proof(model, 'gap')).rows.filter((r: Json) => !r.vague)
  assert.match(some[0].words, /香港|澳门/)
  assert.doesNotMatch(some[0].words, /西藏/)
  assert.ok((await proof(model)).result.milliseconds > 0)
})

test('the proof of an edited rule before it is saved tells what is new', async () => {
  const model = await company.draft('试')
  const row = (await company.territories(model)).find(t => t.code === 'IND-BIO')!
  const asked = await company.ok('POST', `/api/models/${model}/proof`, {
    body: { territoryId: row.id, condition: { field: 'tier', op: 'in', values: ['KA'] } },
  })
  assert.deepEqual([asked.before.overlaps.total, asked.result.overlaps.total, asked.result.dead.total], [1, 0, 1])
  assert.deepEqual(
    asked.rows.map((r: Json) => [r.kind, r.territories[0].code]),
    [['dead', 'IND-BIO']],
  )
  assert.equal((await proof(model)).result.overlaps.total, 1, 'nothing was saved')
  const faulty = await company.ok('POST', `/api/models/${model}/proof`, {
    body: { territoryId: row.id, condition: { field: 'division', op: 'in', values: ['999999'] } },
  })
  assert.equal(faulty.result, null)
  assert.equal((await company.ask('POST', `/api/models/${model}/proof`, { body: { territoryId: '999999', condition: { all: [] } } })).status, 404)
})

test('a retired option counts while an account still holds it, and no longer', async () => {
  const model = await company.draft('选项')
  const row = (await company.territories(model)).find(t => t.depth === 0)!
  // One rule for every tier but one, over everything, before all others.
  const tiers = ['KA', 'A', 'B', 'C']
  await edit(model, row.code, { field: 'tier', op: 'in', values: tiers })
  const gapsOf = async () => (await proof(model, 'gap')).rows.filter((r: Json) => !r.vague && /中小客户/.test(r.words)).length
  assert.ok((await gapsOf()) > 0)
  await company.db.owner.query(`update option_row set retired_at = now(), row_version = row_version + 1 where list = 'tier' and key = 'SMB'`)
  assert.ok((await gapsOf()) > 0, 'accounts still hold it')
  await company.db.owner.query(`update account set tier = 'C' where tier = 'SMB'`)
  await company.db.owner.query(`update option_row set row_version = row_version + 1 where list = 'tier' and key = 'SMB'`)
  assert.equal(await gapsOf(), 0)
})

test('a field hidden from the reader: its values are neither said nor given away by an account', async () => {
  await company.db.owner.query(
    `update role set field_access = '{"tier":"hidden"}' where id in (select role_id from user_role where user_id = (select id from app_user where login = 'ops'))`,
  )
  try {
    const [overlap] = (await proof(active, 'overlap')).rows
    assert.equal(overlap.account, null)
    assert.ok(overlap.combination.includes('等级 •••'), JSON.stringify(overlap.combination))
    assert.match(overlap.words, /等级 •••/)
  } finally {
    await company.db.owner.query(
      `update role set field_access = '{}' where id in (select role_id from user_role where user_id = (select id from app_user where login = 'ops'))`,
    )
  }
})

test('the same proof for checks and for the command line', async () => {
  const tenant = (await company.one<{ id: string }>('select tenant_id::text as id from territory_model limit 1')).id
  const proved = await inBulk(company.db.bulk, tx => proveModel(tx, tenant, active))
  const { result } = await proof(active)
  assert.deepEqual([proved.stamp, proved.proof.gaps.total, proved.proof.overlaps.total], [result.stamp, result.gaps.total, result.overlaps.total])
})

test('which missing values leave accounts undecided: the same for a computed model and a draft of it, and as many as the list holds', async () => {
  const used = (await company.ok('GET', `/api/models/${active}/coverage`)).missing
  assert.ok(used.length > 0)
  const draft = (await company.ok('GET', `/api/models/${await company.draft('缺')}/coverage`)).missing
  assert.deepEqual(draft, used)
  const [first] = used
  const listed = await company.ok('POST', '/api/accounts/query', {
    body: { scope: 'undecidable', filter: { field: first.field, op: 'empty' }, count: true, limit: 1 },
  })
  assert.equal(listed.count, first.accounts)
  assert.equal(first.label, '行政区划')
})

test('while a proof runs, whoever asks gets the last result with its time; edits in between end with the last one', async () => {
  const tenant = (await company.one<{ id: string }>('select tenant_id::text as id from territory_model limit 1')).id
  const model = await company.draft('长')
  const impatient = () => inBulk(company.db.bulk, tx => proofOf(tx, tenant, model, 0))
  const settled = async () => {
    for (;;) {
      const state = await impatient()
      if (!state.running) return state
      await new Promise(resolve => setTimeout(resolve, 10))
    }
  }
  const first = await impatient()
  assert.deepEqual([first.running, first.latest, first.stale], [true, null, false])
  const before = await settled()
  await edit(model, 'IND-BIO', { field: 'tier', op: 'in', values: ['KA'] })
  const during = await impatient()
  assert.deepEqual([during.running, during.stale, during.latest?.stamp], [true, true, before.latest!.stamp])
  await edit(model, 'IND-BIO', { field: 'name', op: 'contains', text: '生物' })
  const [a, b] = await Promise.all([settled(), settled()])
  assert.deepEqual([a.stale, a.latest!.proof.notProved.length], [false, 1])
  assert.equal(a.latest, b.latest, 'one proof for all who ask')
  // Nothing is proved twice.
  assert.equal((await settled()).latest, a.latest)
})

test('wrong questions are refused', async () => {
  assert.equal((await company.ask('GET', `/api/models/${active}/proof?kind=everything`)).status, 400)
  assert.equal((await company.ask('GET', '/api/models/987654/proof')).status, 404)
  assert.deepEqual((await company.ask('GET', `/api/models/${active}/proof?kind=gap&cursor=900000`)).body.rows, [])
})
