/**
 * A POST that is sent again takes effect once: a hundred intentions, forty calls each at the same time, the database's connections cut at
 * random while they run, whoever failed tries again: exactly a hundred effects, and every call of one intention got the same answer.
 */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { type Company, makeCompany } from '../../../test/support/company.ts'
import { seededRandom } from '../../core/kernel/random.ts'

const seed = Number(process.env.JIANGYU_SEED ?? Math.floor(Math.random() * 1e9))
const random = seededRandom(seed)
let company: Company
let id: string
before(async () => {
  console.log(`seed ${seed}`)
  company = await makeCompany({ accounts: 40, people: 36 })
  id = (await company.send('ops', 'POST', '/api/accounts', { values: { name: '一次' } })).body.id
})
after(() => company.close())

const note = (key: string, text: string) => company.send('ops', 'POST', `/api/accounts/${id}/notes`, { text }, { 'idempotency-key': key })

test('a hundred keys, forty parallel calls each, connections cut meanwhile: a hundred notes', async () => {
  let cut = 0
  let running = true
  const cutter = (async () => {
    while (running) {
      await new Promise(resolve => setTimeout(resolve, 40 + random.int(120)))
      const gone = await company.db.owner.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = 'jiangyu_app' and pid <> pg_backend_pid() and (pid % 4) = $1`,
        [random.int(4)],
      )
      cut += gone.rowCount ?? 0
    }
  })()
  let failures = 0
  try {
    for (let key = 0; key < 100; key += 1) {
      const answers = await Promise.all(
        Array.from({ length: 40 }, async () => {
          for (let tries = 0; tries < 50; tries += 1) {
            const reply = await note(`k${key}`, `第 ${key} 条`)
            if (reply.status === 200) return reply.body.id as string
            failures += 1
            assert.ok(reply.status === 503 || reply.status === 401, `seed ${seed}: ${reply.status} ${reply.text}`)
          }
          return assert.fail('never through')
        }),
      )
      assert.equal(new Set(answers).size, 1, `seed ${seed}: one intention, one answer`)
    }
  } finally {
    running = false
    await cutter
  }
  const notes = await company.rows<{ text: string; n: number }>('select text, count(*)::int as n from note where account_id = $1 group by text', [id])
  assert.equal(notes.length, 100, `seed ${seed}`)
  assert.ok(
    notes.every(n => n.n === 1),
    `seed ${seed}: ${JSON.stringify(notes.filter(n => n.n !== 1))}`,
  )
  const trail = await company.one(`select count(*)::int as n from audit where account_id = $1 and kind = 'note.create'`, [id])
  assert.equal(trail.n, 100)
  console.log(`${cut} connections cut, ${failures} calls tried again`)
  assert.ok(cut > 0, 'no connection was cut: the test proved nothing')
})

test('the same key for another body, or another address, is refused', async () => {
  assert.equal((await note('other', 'a')).status, 200)
  const other = await note('other', 'b')
  assert.equal(other.status, 422)
  assert.equal(other.body.title, 'idempotency.otherBody')
  const elsewhere = await company.send('ops', 'POST', `/api/accounts/${id}/tasks`, { text: 'a', dueOn: null }, { 'idempotency-key': 'other' })
  assert.equal(elsewhere.status, 422)
  assert.equal((await note('other', 'a')).headers['idempotent-replayed'], 'true')
})

test('a refused call keeps no key: corrected, it may be sent under the same one', async () => {
  const bad = await company.send('ops', 'POST', '/api/accounts', { values: { name: '' } }, { 'idempotency-key': 'fix' })
  assert.equal(bad.status, 400)
  const good = await company.send('ops', 'POST', '/api/accounts', { values: { name: '改好了' } }, { 'idempotency-key': 'fix' })
  assert.equal(good.status, 200, good.text)
})
