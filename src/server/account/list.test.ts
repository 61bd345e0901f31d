/** The list: complete and stable page by page under every sort; the export holds the same rows in the same order, and no cell is a formula. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import Papa from 'papaparse'
import { type Company, makeCompany } from '../../../test/support/company.ts'
import { type Random, seededRandom } from '../../core/kernel/random.ts'

const seed = Number(process.env.JIANGYU_SEED ?? Math.floor(Math.random() * 1e9))
const random: Random = seededRandom(seed)
let company: Company
const own: Record<'number' | 'date' | 'text' | 'option', string> = { number: '', date: '', text: '', option: '' }
let total = 0

before(async () => {
  console.log(`seed ${seed}`)
  company = await makeCompany({ accounts: 120, people: 36, seed: 1 + (seed % 1000) })
  for (const type of ['number', 'date', 'text', 'option'] as const) {
    const options = type === 'option' ? ['三', '一', '二'].map(w => ({ 'zh-CN': w, 'zh-TW': w, en: w })) : undefined
    const labels = { 'zh-CN': type, 'zh-TW': type, en: type }
    own[type] = `f${(await company.send('ops', 'POST', '/api/fields', { type, labels, ...(options ? { options } : {}) })).body.id}`
  }
  const catalogue = (await company.send('ops', 'GET', '/api/catalogue')).body
  const list = catalogue.fields.find((f: { key: string }) => f.key === own.option).optionList
  const keys = catalogue.options.filter((o: { list: string }) => o.list === list).map((o: { key: string }) => o.key)
  // Many ties and many gaps: that is where a keyset loses or repeats rows.
  for (let i = 0; i < 90; i += 1) {
    const values: Record<string, unknown> = { name: random.pick(['同名', 'Same', `第${random.int(9)}`]), size: random.pick([null, 0, 1, 1, 5]) }
    if (random.next() < 0.6) values[own.number] = random.pick([-2, 0, 0, 0.1, 3])
    if (random.next() < 0.6) values[own.date] = random.pick(['2025-01-01', '2025-01-01', '2026-12-31'])
    if (random.next() < 0.6) values[own.text] = random.pick(['a', 'B', 'ä', '中'])
    if (random.next() < 0.6) values[own.option] = random.pick(keys)
    assert.equal((await company.send('ops', 'POST', '/api/accounts', { values })).status, 200)
  }
  total = (await company.one('select count(*)::int as n from account')).n
})
after(() => company.close())

type Row = { id: string; values: Record<string, unknown>; owner: { name: string } | null; territory: { code: string } | null }
async function pages(body: object, login = 'ops'): Promise<Row[]> {
  const rows: Row[] = []
  let cursor: string | undefined
  do {
    const reply = await company.send(login, 'POST', '/api/accounts/query', { ...body, limit: 1 + random.int(40), ...(cursor ? { cursor } : {}) })
    assert.equal(reply.status, 200, `seed ${seed} ${JSON.stringify(body)} ${reply.text}`)
    rows.push(...reply.body.rows)
    cursor = reply.body.next ?? undefined
  } while (cursor)
  return rows
}
const SORTS = () => [
  ...[
    'updated',
    'created',
    'name',
    'tier',
    'industry',
    'division',
    'registeredDivision',
    'size',
    'revenue',
    'potential',
    'source',
    'status',
    'owner',
    'territory',
  ],
  ...Object.values(own),
]

test('every sort, both ways: each account once, in order', async () => {
  for (const sort of SORTS())
    for (const descending of [true, false]) {
      const rows = await pages({ sort, descending })
      assert.equal(rows.length, total, `seed ${seed}: ${sort} ${descending}`)
      assert.equal(new Set(rows.map(r => r.id)).size, total, `seed ${seed}: ${sort} ${descending} twice`)
      const keys = rows.map(r =>
        sort === 'owner' ? (r.owner?.name ?? null) : sort === 'territory' ? (r.territory?.code ?? null) : (r.values[sort] ?? null),
      )
      if (['updated', 'created'].includes(sort)) continue
      // Options stand in the company's order, texts in the database's: there equal ones must at least stand together.
      const ordered = typeof keys.find(k => k !== null) === 'number'
      for (let i = 1; i < keys.length; i += 1) {
        const [a, b] = descending ? [keys[i], keys[i - 1]] : [keys[i - 1], keys[i]]
        if (ordered)
          assert.ok((a ?? Number.NEGATIVE_INFINITY) <= (b ?? Number.NEGATIVE_INFINITY), `seed ${seed}: ${sort} ${String(a)} before ${String(b)}`)
        else if (keys[i] !== keys[i - 1])
          assert.ok(!keys.slice(i + 1).includes(keys[i - 1]!), `seed ${seed}: ${sort} ${String(keys[i - 1])} stands apart`)
      }
      const empty = keys.map(k => k === null)
      assert.ok(
        empty.lastIndexOf(true) === -1 ||
          (descending ? empty.indexOf(true) + empty.filter(Boolean).length === total : empty.lastIndexOf(true) + 1 === empty.filter(Boolean).length),
        `seed ${seed}: ${sort} gaps`,
      )
    }
})

test('options sort in the order the company gave them, also after it changed', async () => {
  const catalogue = (await company.send('ops', 'GET', '/api/catalogue')).body
  const list = catalogue.fields.find((f: { key: string }) => f.key === own.option).optionList
  const rows: { id: string; key: string }[] = catalogue.options.filter((o: { list: string }) => o.list === list)
  const order = async () => [
    ...new Set((await pages({ sort: own.option, descending: false })).map(r => r.values[own.option]).filter(v => v !== undefined)),
  ]
  assert.deepEqual(
    await order(),
    rows.map(r => r.key),
  )
  const turned = [...rows].reverse()
  const reply = await company.send('ops', 'PUT', '/api/options/order', { list, ids: turned.map(r => r.id) })
  assert.equal(reply.status, 200, reply.text)
  assert.deepEqual(
    await order(),
    turned.map(r => r.key),
  )
  assert.equal((await company.send('ops', 'PUT', '/api/options/order', { list, ids: turned.slice(1).map(r => r.id) })).status, 409)
})

test('accounts made and changed while somebody pages cost him no other row', async () => {
  const first = await company.send('ops', 'POST', '/api/accounts/query', { sort: 'name', descending: false, limit: 60 })
  await company.send('ops', 'POST', '/api/accounts', { values: { name: '0 neu' } })
  const rest: string[] = []
  let cursor: string | null = first.body.next
  while (cursor) {
    const reply: { body: { rows: Row[]; next: string | null } } = await company.send('ops', 'POST', '/api/accounts/query', {
      sort: 'name',
      descending: false,
      limit: 60,
      cursor,
    })
    rest.push(...reply.body.rows.map(r => r.id))
    cursor = reply.body.next
  }
  assert.equal(first.body.rows.length + rest.length, total)
  total += 1
})

test('a cursor of another sort, or none of ours, is refused', async () => {
  const page = await company.send('ops', 'POST', '/api/accounts/query', { sort: 'name', limit: 5 })
  for (const [sort, cursor] of [
    ['size', page.body.next],
    ['name', 'rubbish'],
    [own.number, Buffer.from('["x","NaN","1"]').toString('base64url')],
    [own.date, Buffer.from(JSON.stringify(['', '2025-99-99', '1'])).toString('base64url')],
  ])
    assert.equal((await company.send('ops', 'POST', '/api/accounts/query', { sort, limit: 5, cursor })).status, 400)
  for (const sort of ['phone', 'nosuch', 'f999999', 'point', "name'; drop table account"])
    assert.equal((await company.send('ops', 'POST', '/api/accounts/query', { sort, limit: 5 })).status, 400, sort)
})

async function exported(body: object, login = 'ops'): Promise<string[][]> {
  const reply = await company.send(login, 'POST', '/api/accounts/export', { format: 'csv', ...body })
  assert.equal(reply.status, 200, reply.text)
  const rows = (Papa.parse(reply.text.replace(/^\uFEFF/, '').trimEnd(), { header: false }).data as string[][]).slice(1)
  assert.equal(Number(reply.headers['x-rows']), rows.length)
  return rows
}

test('the export is the list: the same accounts in the same order, in the columns asked', async () => {
  for (let i = 0; i < 8; i += 1) {
    const body = {
      sort: random.pick(SORTS()),
      descending: random.next() < 0.5,
      ...(random.next() < 0.5 ? { filter: { field: 'size', op: 'between', min: random.pick([0, 1, 50]) } } : {}),
      ...(random.next() < 0.3 ? { search: '同名' } : {}),
    }
    const login = random.pick(['ops', 'manager', 'rep'])
    const rows = await exported({ ...body, fields: ['owner', 'name', 'size'] }, login)
    const listed = await pages(body, login)
    assert.deepEqual(
      rows.map(r => [r[0], r[1], r[2], r[3]]),
      listed.map(r => [r.id, r.owner?.name ?? '', String(r.values.name), r.values.size === undefined ? '' : String(r.values.size)]),
      `seed ${seed} ${login} ${JSON.stringify(body)}`,
    )
  }
  assert.equal((await company.send('ops', 'POST', '/api/accounts/export', { format: 'csv', fields: ['nosuch'] })).status, 400)
})

test('a name that a spreadsheet would run is disarmed, in CSV and XLSX', async () => {
  const names = ['=1+1', '+86-1', '-2+3', '@SUM(A1)', '\t=cmd', '=HYPERLINK("http://x","y")']
  for (const name of names) assert.equal((await company.send('ops', 'POST', '/api/accounts', { values: { name } })).status, 200)
  total += names.length
  const csv = (await company.send('ops', 'POST', '/api/accounts/export', { format: 'csv', fields: ['name'] })).text
  for (const line of csv.split(/\r?\n/).slice(1)) {
    const cell = line.slice(line.indexOf(',') + 1).replace(/^"/, '')
    assert.ok(!/^[=+\-@\t\r]/.test(cell), `armed: ${line}`)
  }
  const xlsx = await company.send('ops', 'POST', '/api/accounts/export', { format: 'xlsx', fields: ['name'] })
  assert.equal(xlsx.bytes.subarray(0, 2).toString(), 'PK')
  assert.equal(Number(xlsx.headers['x-rows']), total)
})

test('two characters, pinyin and initials find a customer', async () => {
  const reply = await company.send('ops', 'POST', '/api/accounts', { values: { name: '苏州衡远精密机械有限公司', nameEn: 'Hengyuan Precision' } })
  for (const search of ['衡远', 'hengyuan', 'hy', '精密', 'Precision', 'szhy']) {
    const found = await company.send('ops', 'POST', '/api/accounts/query', { search, limit: 200 })
    assert.ok(
      found.body.rows.some((r: Row) => r.id === reply.body.id),
      search,
    )
  }
})
