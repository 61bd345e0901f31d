/** Real lists, mapped as they are guessed: nobody should have to help with an ordinary file. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import test, { after, before } from 'node:test'
import { makeImportWorld } from '../../../test/support/import.ts'

const SHARES = '../shared/data/companies/a-share-2021-dev.csv'
const RECORDS = '../shared/data/dedupe/cn-crm-synthetic-dev/records.csv'
const missing = (file: string) => (existsSync(file) ? false : `${file} is not there`)

let w: Awaited<ReturnType<typeof makeImportWorld>>
before(async () => {
  w = await makeImportWorld()
})
after(() => w.db.drop())

const guessed = async (id: string) => {
  const job = await w.read(id)
  return Object.fromEntries(job.guess.filter(g => g.confidence >= 0.5).map(g => [job.headers[g.column], g.field]))
}

/** 申万 industries onto GB/T 4754, as a person would once. */
const SHENWAN: Readonly<Record<string, string>> = {
  银行: 'J66',
  环保: 'N77',
  商贸零售: 'F52',
  机械设备: 'C35',
  电子: 'C39',
  纺织服饰: 'C18',
  计算机: 'I65',
  医药生物: 'C27',
  基础化工: 'C26',
  电力设备: 'C38',
  汽车: 'C36',
}

test('listed companies: guessed right; foreign industries are mapped once and remembered', { skip: missing(SHARES) }, async () => {
  const id = await w.bring({ file: SHARES })
  assert.deepEqual(await guessed(id), {
    stock_code: 'externalKey',
    short_name: 'shortName',
    full_name: 'name',
    sw_industry1: 'industry',
    name_region_hint_code: 'division',
  })
  const first = await w.check(id)
  const unknown = first.stats.unknown!.industry!
  assert.ok(unknown.length > 15, String(unknown.length))
  assert.equal(first.stats.bad, unknown.reduce((n, u) => n + u.count, 0) + (first.stats.reasons!.find(r => r.code === 'row.sameKey')?.count ?? 0))
  const values = { industry: Object.fromEntries(unknown.map(u => [u.value, SHENWAN[u.value] ?? ''])) }
  const second = await w.check(id, { values })
  assert.deepEqual(
    second.stats.reasons!.map(r => r.code),
    ['row.sameKey'],
  )
  const done = await w.run(id)
  assert.equal(done.stats.written, done.stats.rows! - second.stats.bad!)
  // The same list again knows the words, and finds every company it made.
  const again = await w.check(await w.bring({ file: SHARES }))
  assert.deepEqual([again.stats.creates, again.stats.updates, again.stats.bad], [0, done.stats.written, second.stats.bad])
})

test('a CRM export: every column is guessed right', { skip: missing(RECORDS) }, async () => {
  const id = await w.bring({ file: RECORDS })
  assert.deepEqual(await guessed(id), {
    id: 'externalKey',
    name: 'name',
    uscc: 'creditCode',
    phone: 'phone',
    contact: 'contactName',
    email: 'email',
    website: 'website',
    address: 'address',
    division: 'division',
    industry: 'industry',
    source: 'source',
  })
  const checked = await w.check(id)
  assert.equal(checked.state, 'staged')
  const sources = checked.stats.unknown!.source!
  const second = await w.check(id, { values: { source: Object.fromEntries(sources.map(s => [s.value, '+'])) } })
  assert.ok(second.stats.good! > second.stats.rows! * 0.95, JSON.stringify(second.stats.reasons))
  const done = await w.run(id)
  assert.equal(done.stats.written, second.stats.good)
  const undone = await w.undo(id)
  assert.deepEqual([undone.state, undone.stats.back, undone.stats.kept], ['undone', done.stats.written, 0])
})
