/** Lists that hold customers already there: held back, made updates, or written; told no further than the importer may know. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { makeImportWorld } from '../../../test/support/import.ts'

let w: Awaited<ReturnType<typeof makeImportWorld>>
before(async () => {
  w = await makeImportWorld()
  const job = await w.whole(`客户编号,客户名称,信用代码,行业,城市,电话,联系人,地址,负责人
A1,苏州恒立纺织机电有限公司,91440300192185379H,C35,苏州市,051265432109,沈立,江苏省苏州市吴江区盛泽镇市场路 88 号,rep
A2,常州明德包装材料有限公司,,C29,常州市,13811112222,李明,江苏省常州市新北区太湖东路 9 号,rep
A3,嘉兴云帆软件技术有限公司,,I65,嘉兴市,13833334444,王帆,浙江省嘉兴市南湖区中环路 3 号,twin1
`)
  assert.equal(job.stats.written, 3, JSON.stringify(job.stats))
})
after(() => w.db.drop())

const LIST = `客户编号,客户名称,信用代码,行业,城市,等级,电话,联系人,地址
B1,苏州恒立纺织机电(集团)有限公司,91440300192185379H,C35,苏州市,A,0512-65432109,沈立,苏州吴江盛泽市场路88号
B2,南通大明渔具有限公司,,C24,南通市,B,13855556666,赵大明,江苏省南通市崇川区工农路 20 号
B3,南通市大明渔具有限责任公司,,C24,南通市,B,13855556666,赵大明,南通市崇川区工农路20号
B4,无锡全新精密模具有限公司,,C35,无锡市,C,13877778888,孙全,江苏省无锡市滨湖区蠡湖大道 1 号
`
const problems = async (id: string) => (await w.rejects(id)).map(r => [r.row, r.problems[0]!.words] as const)

test('held back: the one that is there, with its name and how sure it is; the second of two in the file', async () => {
  const id = await w.bring(LIST)
  const checked = await w.check(id, { duplicates: 'hold' })
  assert.deepEqual([checked.stats.compared, checked.stats.good, checked.stats.bad], [4, 2, 2], JSON.stringify(checked.stats))
  const told = await problems(id)
  assert.deepEqual(
    told.map(([row]) => row),
    [1, 3],
  )
  assert.match(told[0]![1], /“苏州恒立纺织机电有限公司”\(把握 (9\d|100)%\)/)
  assert.match(told[1]![1], /与第 2 行是同一家公司/)
  const names = await w.rows('select name from account')
  const written = await w.run(id)
  assert.equal(written.stats.written, 2)
  assert.equal((await w.rows('select name from account')).length, names.length + 2)
})

test('made updates: the customer there is changed and no second one appears; taken back it is as it was', async () => {
  const before = await w.rows<{ tier: string | null }>(`select tier from account where name = '苏州恒立纺织机电有限公司'`)
  const id = await w.bring(LIST)
  const checked = await w.check(id, { duplicates: 'update', fields: { 客户编号: null }, match: 'none' })
  assert.equal(checked.stats.updates, 3, 'the one of before, and the two that the first test wrote')
  assert.deepEqual(
    (await problems(id)).map(([row]) => row),
    [3],
  )
  assert.equal((await w.run(id)).stats.written, 3)
  assert.deepEqual(await w.rows(`select tier from account where name = '苏州恒立纺织机电(集团)有限公司'`), [{ tier: 'A' }])
  await w.undo(id)
  assert.deepEqual(await w.rows(`select tier from account where name = '苏州恒立纺织机电有限公司'`), before)
})

test('written all the same, when that is asked for', async () => {
  const checked = await w.check(await w.bring(LIST), { duplicates: 'write', mode: 'create', fields: { 客户编号: null }, match: 'none' })
  assert.deepEqual([checked.stats.good, checked.stats.bad, checked.stats.compared], [4, 0, 0])
})

test('somebody else’s customer is told as the policy lets it, by name alone; numbers out of sight are no evidence', async () => {
  const list = `客户名称,电话,城市
嘉兴云帆软件技术有限公司,13833334444,嘉兴市
完全别的名字股份有限公司,13833334444,绍兴市
`
  await w.db.owner.query(`update role set permissions = array_append(permissions, 'account.import') where key = 'rep'`)
  const told = async () => {
    const id = await w.bring(list, 'account', 'rep')
    await w.check(id, { duplicates: 'hold', match: 'none' }, 'rep')
    return (await w.rejects(id, 'rep')).map(r => [r.row, r.problems[0]!.words] as const)
  }
  const first = await told()
  assert.deepEqual(
    first.map(([row]) => row),
    [1],
  )
  assert.match(first[0]![1], /同名客户,由 .+ 负责/)
  await w.db.owner.query(
    `insert into duplicate_policy (tenant_id, hints) values (1, 'exists') on conflict (tenant_id) do update set hints = 'exists'`,
  )
  assert.match((await told())[0]![1], /同名客户,不在你的可见范围内/)
  await w.db.owner.query(`update duplicate_policy set hints = 'none'`)
  assert.deepEqual(await told(), [])
})

test('a number that the importer may not read in a customer he sees is no evidence', async () => {
  const list = `客户名称,信用代码
苏州恒立,91440300192185379H
`
  const held = async () => (await w.check(await w.bring(list, 'account', 'rep'), { duplicates: 'hold', match: 'none' }, 'rep')).stats
  const placed = `update account_placement set private_tokens = $1 where account_id = (select account_id from account_private where credit_code = '91440300192185379H' order by account_id limit 1)`
  assert.equal((await held()).bad, 1, 'open to him it is sure')
  await w.db.owner.query(placed, ['{0}'])
  assert.equal((await held()).bad, 0)
})
