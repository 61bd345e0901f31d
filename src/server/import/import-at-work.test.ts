/** Imports among other things that happen: large ones, two at once, people who leave or lose a right, another encoding by hand. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { makeImportWorld } from '../../../test/support/import.ts'
import { replace } from '../assignment/run-model.ts'
import { runNextJob } from '../kernel/jobs.ts'
import { RefusalError } from '../kernel/refusal-error.ts'
import { startWriting } from './jobs-of-import.ts'
import { SIZES } from './write-job.ts'

const sizes = { ...SIZES }
let w: Awaited<ReturnType<typeof makeImportWorld>>
before(async () => {
  w = await makeImportWorld()
})
after(async () => {
  Object.assign(SIZES, sizes)
  await w.db.drop()
})

const listOf = (mark: string, rows: number) =>
  [
    '客户编号,客户名称,城市,行业,等级,员工数,负责人',
    ...Array.from(
      { length: rows },
      (_, i) =>
        `${mark}${i},${mark}第${i}号有限公司,${['苏州市', '杭州市', '上海市', ''][i % 4]},${i % 3 ? 'C34' : ''},${i % 5 ? 'B' : 'A'},${i},${i % 7 ? '' : 'rep'}`,
    ),
  ].join('\n')
const refused = (code: string) => (e: unknown) => e instanceof RefusalError && e.refusal.code === code

test('a large import: unseen until it is placed, then exactly where a full run puts it; a second one updates it, pending meanwhile', async () => {
  Object.assign(SIZES, { atOnce: 50, written: 120, placed: 90 })
  try {
    const id = await w.bring(listOf('L', 600))
    await w.check(id)
    await w.as('ops', (tx, actor, now) => startWriting(tx, actor, now, id))
    // Stop after the writing: the placing is asked for by another transaction each time.
    let seen = -1
    const pool = w.db.bulk as { connect: (...given: unknown[]) => Promise<unknown> }
    const connect = pool.connect
    const look = async () => {
      const [row] = await w.rows<{ written: number; placed: number; state: string }>(
        `select (select count(*)::int from account where import_id = $1) as written, (select count(distinct p.account_id)::int from account_placement p join account a on a.id = p.account_id where a.import_id = $1) as placed, state from import_job where id = $1`,
        [id],
      )
      return row!
    }
    pool.connect = async (...given) => {
      if (seen >= 0) return connect.apply(pool, given)
      const row = await look()
      if (row.written === 600 && row.placed === 0)
        seen = (await w.as('ops', async tx => (await tx.query(`select 1 from account where import_id = $1`, [id])).rowCount)) ?? 0
      return connect.apply(pool, given)
    }
    try {
      await w.work()
    } finally {
      pool.connect = connect
    }
    assert.equal(seen, 0, 'nobody sees an account that is written and not yet placed')
    const job = await w.read(id)
    assert.deepEqual([job.state, job.stats.written], ['done', 600])
    const [model] = await w.rows<{ id: string }>('select model_id::text as id from activation order by seq desc limit 1')
    const placed = () =>
      w.rows(
        'select account_id, owner_id, territory_id, tokens::text, private_tokens::text, edit_tokens::text, source, undecidable, rule_version from account_placement where model_id = $1 order by account_id',
        [model!.id],
      )
    const before = await placed()
    assert.equal(await replace(w.db.bulk, '1', [model!.id], 'true', async () => undefined), 0)
    assert.deepEqual(await placed(), before)
    assert.equal((await w.rows(`select 1 from ownership_act where import_id = $1`, [id])).length, Math.ceil(600 / 7))

    // The same customers, other values: places change, and nothing says "pending" in the end.
    const again = await w.whole(listOf('L', 600).replaceAll('苏州市', '上海市'))
    assert.deepEqual([again.stats.updates, again.stats.written], [600, 600])
    assert.deepEqual(await w.rows('select 1 from account where not placed and tenant_id = 1'), [])
    assert.equal(await replace(w.db.bulk, '1', [model!.id], 'true', async () => undefined), 0)
    const back = await w.undo(again.id)
    assert.deepEqual([back.stats.back, back.stats.kept], [600, 0])
    assert.deepEqual(await placed(), before)
  } finally {
    Object.assign(SIZES, sizes)
  }
})

test('two imports at once: each has its rows, and a key both bring is given once', async () => {
  const lists = [listOf('P', 300), `${listOf('Q', 300)}\nP5,抢先的五号,,,,,`]
  const ids = await Promise.all(lists.map(l => w.bring(l)))
  for (const id of ids) await w.check(id)
  for (const id of ids) await w.as('ops', (tx, actor, now) => startWriting(tx, actor, now, id))
  await Promise.all([runNextJob(w.db.bulk), runNextJob(w.db.bulk)])
  await w.work()
  const [a, b] = [await w.read(ids[0]!), await w.read(ids[1]!)]
  assert.deepEqual(
    [a.state, b.state, (a.stats.written ?? 0) + (b.stats.written ?? 0), (a.stats.bad ?? 0) + (b.stats.bad ?? 0)],
    ['done', 'done', 600, 1],
  )
  const words = [...(await w.rejects(ids[0]!)), ...(await w.rejects(ids[1]!))].map(r => r.problems[0]!.words)
  assert.deepEqual(words, ['检查之后有人改动了它,请重新导入这一行'])
  assert.equal((await w.rows(`select 1 from account_key where external_key like 'P%' or external_key like 'Q%'`)).length, 600)
})

test('a person who is deactivated stops, and so does one who lost the permission or a field', async () => {
  const stopped = async (harm: string, mend: string) => {
    const id = await w.bring('客户编号,客户名称,电话\nD1,停下的公司,13800138000\n')
    await w.check(id)
    await w.as('ops', (tx, actor, now) => startWriting(tx, actor, now, id))
    await w.rows(harm)
    await w.work()
    await w.rows(mend)
    const job = await w.read(id)
    assert.deepEqual([job.state, job.stats.written], ['failed', 0])
    assert.equal((await w.rows(`select 1 from account where import_id = $1`, [id])).length, 0)
    return job.stats.problem
  }
  assert.match(
    (await stopped(`update app_user set state = 'inactive' where login = 'ops'`, `update app_user set state = 'active' where login = 'ops'`))!,
    /已停用/,
  )
  assert.match(
    (await stopped(
      `update role set permissions = array_remove(permissions, 'account.import') where key = 'operations'`,
      `update role set permissions = permissions || '{account.import}' where key = 'operations'`,
    ))!,
    /account.import/,
  )
  await stopped(
    `update role set field_access = '{"phone":"read"}' where key = 'operations'`,
    `update role set field_access = '{}' where key = 'operations'`,
  )
})

test('a field the importer may not edit is refused at the mapping, and not offered', async () => {
  await w.rows(`update role set field_access = '{"phone":"read","email":"hidden"}' where tenant_id = 1 and key = 'operations'`)
  try {
    const id = await w.bring('客户名称,电话,邮箱\n甲,13800138000,a@example.com\n')
    const job = await w.read(id)
    assert.ok(!job.targets.some(t => t.key === 'phone' || t.key === 'email'))
    await assert.rejects(w.map(id, { match: 'none', fields: { 电话: 'phone' } }), refused('field.readOnly'))
    await assert.rejects(w.map(id, { match: 'none', fields: { 邮箱: 'email' } }), refused('field.unknown'))
    const contact = await w.bring('客户编号,姓名,电话\nA1,某人,13800138000\n', 'contact')
    await assert.rejects(w.map(contact), refused('field.readOnly'))
  } finally {
    await w.rows(`update role set field_access = '{}' where tenant_id = 1 and key = 'operations'`)
  }
})

test('another encoding by hand: the columns are read anew', async () => {
  const { setEncoding } = await import('./jobs-of-import.ts')
  // 臺灣 in Big5 looks like GB18030.
  const id = await w.bring(
    Buffer.concat([
      Buffer.from([0xab, 0xc8, 0xa4, 0xe1, 0xa6, 0x57, 0xba, 0xd9]),
      Buffer.from(',x\n'),
      Buffer.from([0xbb, 0x4f, 0xc6, 0x57]),
      Buffer.from(',1\n'),
    ]),
  )
  assert.equal((await w.read(id)).encoding, 'gb18030')
  await w.as('ops', (tx, actor, now) => setEncoding(tx, actor, now, id, 'big5'))
  const job = await w.read(id)
  assert.deepEqual([job.encoding, job.headers[0], job.sample[0]![0], job.guess[0]!.field], ['big5', '客戶名稱', '臺灣', 'name'])
})

test('a mapping that cannot work is refused with its reason', async () => {
  const id = await w.bring('编号,名称\n1,甲\n')
  await assert.rejects(w.map(id, { fields: { 名称: null } }), refused('import.noField'))
  await assert.rejects(w.map(id, { match: 'creditCode' }), refused('import.noField'))
  await assert.rejects(w.map(id, { fields: { 编号: 'name' }, match: 'none' }), refused('import.twice'))
  await assert.rejects(w.map(id, { match: 'none', mode: 'update' }), refused('import.updateNeedsKey'))
  await assert.rejects(w.map(id, { match: 'login' }), refused('import.match'))
  const tree = await w.bring('编码,名称\n1,甲\n', 'territory')
  await assert.rejects(w.map(tree), refused('import.noModel'))
})
