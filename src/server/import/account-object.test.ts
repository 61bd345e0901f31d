/** Accounts from a list: checked, written, placed, taken back; the world before is the world after, table by table. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { makeImportWorld, worldOf } from '../../../test/support/import.ts'
import { type AccountRecord, factsOf, RECORD } from '../account/facts.ts'
import { updateAccount } from '../account/save-account.ts'
import { replace } from '../assignment/run-model.ts'

let w: Awaited<ReturnType<typeof makeImportWorld>>
before(async () => {
  w = await makeImportWorld()
})
after(() => w.db.drop())

const LIST = `客户编号,客户名称,信用代码,行业,省份,城市,等级,员工数,年营收,电话,邮箱,联系人,职务,地址,负责人
K1,苏州导入一号机械有限公司,91440300192185379H,C34,江苏省,苏州市,A,120,3.2亿,13800138000,a@example.com,陈一,经理,江苏省苏州市姑苏区人民路 1 号,rep
K2,杭州导入二号软件有限公司,9144030019218537XX,软件和信息技术服务业,浙江省,杭州市,B 级,1.2万,,0571-88889999,不是邮箱,,,,
K3,没有行业的公司,,木星采矿,江苏省,苏州市,A,,,,,,,,
K4,数字不对的公司,,,江苏省,苏州市,,很多,,,,,,,
K1,又一个一号,,,,,,,,,,,,,
K5,负责人不认识,,,,,,,,,,,,,外人
`

test('good rows are written, placed and given to their owner; bad ones say what to do', async () => {
  const job = await w.whole(LIST)
  assert.equal(job.state, 'done', JSON.stringify(job.stats))
  assert.deepEqual([job.stats.rows, job.stats.written, job.stats.bad, job.stats.warned], [6, 2, 4, 1])
  const rejects = await w.rejects(job.id)
  assert.deepEqual(
    rejects.map(r => [r.row, r.problems[0]!.field]),
    [
      [3, '行业'],
      [4, '员工数'],
      [5, '外部编号'],
      [6, '负责人(登录名或姓名)'],
    ],
  )
  assert.match(rejects[2]!.problems[0]!.words, /第 1 行/)
  assert.equal(rejects[2]!.cells[1], '又一个一号')
  const made = await w.rows<Record<string, unknown>>(
    `select a.name, a.industry, a.division, a.tier, a.size::int, a.revenue::float8, a.placed, p.phone, p.email, p.credit_code, k.external_key, u.login, c.name as contact, d.text as address, l.source
       from account a join account_private p on p.account_id = a.id join account_key k on k.account_id = a.id join account_placement l on l.account_id = a.id
       left join app_user u on u.id = l.owner_id left join contact c on c.account_id = a.id left join account_address d on d.account_id = a.id where a.import_id = $1 and l.model_id = (select model_id from activation order by seq desc limit 1) order by a.id`,
    [job.id],
  )
  assert.deepEqual(made[0], {
    name: '苏州导入一号机械有限公司',
    industry: 'C34',
    division: '320500',
    tier: 'A',
    size: 120,
    revenue: 320_000_000,
    placed: true,
    phone: '+8613800138000',
    email: 'a@example.com',
    credit_code: '91440300192185379H',
    external_key: 'K1',
    login: 'rep',
    contact: '陈一',
    address: '江苏省苏州市姑苏区人民路 1 号',
    source: made[0]!.source,
  })
  assert.match(String(made[0]!.source), /:act$/)
  assert.deepEqual([made[1]!.phone, made[1]!.email, made[1]!.industry, made[1]!.size], ['+8657188889999', '不是邮箱', 'I65', 12_000])
})

test('a new account has the version a single save would have left, grams to be found by, and stands where a full run puts it', async () => {
  const job = await w.whole('客户编号,客户名称,城市,行业,等级,员工数\nV1,苏州版本机械有限公司,苏州市,C34,A,20\nV2,无地址公司,,,,\n')
  const rows = await w.rows<AccountRecord & { facts: unknown }>(
    `select ${RECORD}, v.facts from account a join account_version v on v.account_id = a.id and v.row_version = a.row_version where a.import_id = $1 order by a.id`,
    [job.id],
  )
  assert.equal(rows.length, 2)
  for (const row of rows) assert.deepEqual(row.facts, JSON.parse(JSON.stringify(factsOf(row))))
  const found = await w.rows(
    `select 1 from account_search s join account a on a.id = s.account_id where a.import_id = $1 and s.grams @> array['版本']`,
    [job.id],
  )
  assert.equal(found.length, 1)
  const [model] = await w.rows<{ id: string }>(`select model_id::text as id from activation order by seq desc limit 1`)
  assert.equal(await replace(w.db.bulk, '1', [model!.id], `a.import_id = ${BigInt(job.id)}`, async () => undefined), 0)
})

test('undo: everything the import changed is as it was; what somebody changed since is left and named', async () => {
  await w.whole(
    '客户编号,客户名称,电话,地址,城市,重点\nU1,原来的名字有限公司,13800138001,江苏省苏州市旧路 1 号,苏州市,\nU2,另一家有限公司,13800138002,,杭州市,\nU3,第三家有限公司,,,上海市,\n',
  )
  const before = await worldOf(w.rows)
  const job = await w.whole(
    '客户编号,客户名称,信用代码,电话,地址,城市,联系人,负责人\nU1,新名字有限公司,91440300192185379H,13900139000,浙江省杭州市新路 2 号,杭州市,王二,rep\nU2,,,,,苏州市,,\nU3,第三家改名,,13900139003,上海市浦东新区世纪大道 1 号,,,\nU4,全新的公司,,,,苏州市,李四,\nU5,又新的公司,,,,,,\n',
    'account',
    { fields: {} },
  )
  // U2 has no name: refused.
  assert.deepEqual([job.stats.written, job.stats.bad], [4, 1])
  assert.notDeepEqual(await worldOf(w.rows), before)
  const done = await w.undo(job.id)
  assert.deepEqual([done.state, done.stats.back, done.stats.kept ?? 0], ['undone', 4, 0])
  const now = await worldOf(w.rows)
  for (const table of Object.keys(before)) assert.deepEqual(now[table], before[table], table)

  // The same file again, and somebody works on one new and one changed account meanwhile.
  const again = await w.whole('客户编号,客户名称,城市\nU1,又改名有限公司,杭州市\nU6,新的六号,苏州市\nU7,新的七号,苏州市\n')
  const [one] = await w.rows<{ id: string }>(`select account_id::text as id from account_key where external_key = 'U1'`)
  const [six] = await w.rows<{ id: string }>(`select account_id::text as id from account_key where external_key = 'U6'`)
  const version = async (id: string) => (await w.rows<{ v: number }>('select row_version as v from account where id = $1', [id]))[0]!.v
  for (const id of [one!.id, six!.id]) await w.as('ops', async (tx, actor) => updateAccount(tx, actor, id, await version(id), { size: 77 }))
  const partly = await w.undo(again.id)
  assert.deepEqual([partly.stats.back, partly.stats.kept], [1, 2])
  assert.deepEqual((await w.kept(again.id)).map(k => k.name).sort(), ['又改名有限公司', '新的六号'])
})

test('no satellite row without its account', async () => {
  for (const table of ['account_private', 'account_address', 'account_key', 'account_search', 'account_version', 'account_field'])
    assert.deepEqual(
      await w.rows(`select s.account_id from ${table} s left join account a on a.tenant_id = s.tenant_id and a.id = s.account_id where a.id is null`),
      [],
      table,
    )
})
