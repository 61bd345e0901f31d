/** Contacts, owners, people, trees and members from lists: guessed by their headings, checked, written as by hand, taken back whole. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { makeImportWorld, worldOf } from '../../../test/support/import.ts'
import { RefusalError } from '../kernel/refusal-error.ts'

let w: Awaited<ReturnType<typeof makeImportWorld>>
before(async () => {
  w = await makeImportWorld()
  await w.whole(
    '客户编号,客户名称,信用代码,城市\nA1,苏州甲有限公司,91440300192185379H,苏州市\nA2,杭州乙有限公司,,杭州市\nA3,重名有限公司,,\nA4,重名有限公司,,\n',
  )
})
after(() => w.db.drop())

async function same(before: Awaited<ReturnType<typeof worldOf>>): Promise<void> {
  const now = await worldOf(w.rows)
  for (const table of Object.keys(before)) assert.deepEqual(now[table], before[table], table)
}
const words = (rejects: Awaited<ReturnType<typeof w.rejects>>) => rejects.map(r => [r.row, r.problems[0]!.words])

test('contacts by external key, credit code and name; a known one is changed; undo', async () => {
  const first = await w.whole('客户编号,姓名,职务,手机\nA1,张三,经理,13800138000\nA2,李四,,\nA9,王五,,\n,赵六,,\n', 'contact')
  assert.deepEqual([first.stats.written, first.stats.bad], [2, 2], JSON.stringify(first.stats))
  assert.deepEqual(words(await w.rejects(first.id)), [
    [3, '找不到这家客户'],
    [4, '「客户外部编号」是空的,请填写'],
  ])
  const before = await worldOf(w.rows)
  const second = await w.whole(
    '信用代码,联系人,职务,邮箱,离职日期\n91440300192185379H,张三,总监,z@example.com,2026-01-31\n91440300192185379H,钱七,采购,,\n',
    'contact',
    { match: 'creditCode' },
  )
  assert.deepEqual([second.stats.creates, second.stats.updates, second.stats.written], [1, 1, 2])
  assert.deepEqual(
    await w.rows(
      `select name, title, phone, email, left_at::text from contact where account_id = (select account_id from account_key where external_key = 'A1') order by id`,
    ),
    [
      { name: '张三', title: '总监', phone: '+8613800138000', email: 'z@example.com', left_at: '2026-01-31' },
      { name: '钱七', title: '采购', phone: null, email: null, left_at: null },
    ],
  )
  const undone = await w.undo(second.id)
  assert.deepEqual([undone.stats.back, undone.stats.kept], [2, 0])
  await same(before)
  const named = await w.whole('公司名称,联系人\n重名有限公司,某人\n杭州乙有限公司,另一人\n', 'contact', { match: 'name' })
  assert.deepEqual([named.stats.written, words(await w.rejects(named.id))], [1, [[1, '有 2 家客户符合,无法确定是哪一家']]])
})

test('owners: an act of import, placed at once; people unknown, twice there or not here are named; undo', async () => {
  const before = await worldOf(w.rows)
  const job = await w.whole('客户编号,负责人\nA1,manager\nA2,代表丙\nA3,同名人\nA4,外人\n', 'owner')
  assert.deepEqual([job.stats.written, job.stats.bad], [2, 2], JSON.stringify(job.stats))
  assert.match(String(words(await w.rejects(job.id))), /有几个人叫「同名人」.*没有可指派的人叫「外人」/)
  const owners = await w.rows(
    `select k.external_key as key, u.login, p.source from account_key k join account_placement p on p.account_id = k.account_id and p.model_id = (select model_id from activation order by seq desc limit 1) left join app_user u on u.id = p.owner_id where k.external_key in ('A1', 'A2') order by 1`,
  )
  assert.deepEqual(owners, [
    { key: 'A1', login: 'manager', source: 'rule:act' },
    { key: 'A2', login: 'rep', source: 'rule:act' },
  ])
  const undone = await w.undo(job.id)
  assert.deepEqual([undone.stats.back, undone.stats.kept], [2, 0])
  await same(before)
})

test('people: departments are made from their path, roles given, one-time links on request; nobody gives more than he has; undo', async () => {
  await assert.rejects(
    w.bring('登录名,姓名,角色\nx,某人,销售代表\n', 'user', 'ops'),
    (e: unknown) => e instanceof RefusalError && e.refusal.code === 'permission.missing',
  )
  const before = await worldOf(w.rows)
  const job = await w.whole(
    '登录名,姓名,职务,部门,角色\nNew1,新人一,代表,销售中心/华东大区,销售代表\nnew2,新人二,经理,销售中心/华东大区/苏州,区域经理;销售代表\nrep,代表丙改名,高级代表,销售中心,\nnew3,没有角色,,,\nnew 4,登录名不对,,,销售代表\nnew5,角色不对,,,国王\nadmin,管理员甲,,,销售代表\n',
    'user',
    {},
    'admin',
  )
  assert.deepEqual([job.stats.written, job.stats.creates, job.stats.updates, job.stats.bad], [3, 2, 1, 4], JSON.stringify(job.stats))
  assert.deepEqual(
    await w.rows(
      `select u.login, u.name, u.state, d.name as department from app_user u left join department d on d.id = u.department_id where u.login in ('new1', 'new2', 'rep') order by 1`,
    ),
    [
      { login: 'new1', name: '新人一', state: 'invited', department: '华东大区' },
      { login: 'new2', name: '新人二', state: 'invited', department: '苏州' },
      { login: 'rep', name: '代表丙改名', state: 'active', department: '销售中心' },
    ],
  )
  const { inviteAll } = await import('./invitations.ts')
  const people = await w.as('admin', (tx, actor, now) => inviteAll(tx, actor, now, job.id))
  assert.deepEqual(
    people.map(p => [p.login, p.ticket.length > 20]),
    [
      ['new1', true],
      ['new2', true],
    ],
  )
  const undone = await w.undo(job.id, 'admin')
  assert.deepEqual([undone.stats.back, undone.stats.kept], [3, 0])
  await w.work()
  await same(before)
})

const TREE = `编码,名称,上级,类型,省份,行业,等级,颜色,条件
W,西部,,,,,,3,
W-SC,四川,W,地理,四川省,,,,
W-CD,成都电子,W-SC,行业,成都市,C39,A、B,,
W-X,圈一,W-Y,,,,,,
W-Y,圈二,W-X,,,,,,
W-Z,没有上级,NO,,,,,,
W-Q,规则不对,W,,,,,,"{""field"":""size"",""op"":""between"",""min"":9,""max"":1}"
W-P,子随父,W-Q,,,,,,
W-J,条件,W,,,,,,"{""field"":""size"",""op"":""between"",""min"":100}"
E-SZ,苏州改名,,,,,,,
`
test('a tree into a new draft: parents, types, rules from columns or JSON; circles and orphans are refused; undo takes the draft away', async () => {
  const before = await worldOf(w.rows)
  const job = await w.whole(TREE, 'territory', { model: { name: '西部草案' } })
  assert.deepEqual([job.stats.written, job.stats.bad], [5, 5], JSON.stringify(job.stats))
  assert.deepEqual(
    (await w.rejects(job.id)).map(r => [r.row, r.problems[0]!.field]),
    [
      [4, '上级编码'],
      [5, '上级编码'],
      [6, '上级编码'],
      [7, '条件(JSON)'],
      [8, '上级编码'],
    ],
  )
  const model = job.stats.modelId!
  const made = await w.rows(
    `select t.code, t.name, p.code as parent, y.key as type, r.condition from territory t left join territory p on p.model_id = t.model_id and p.id = t.parent_id
       left join territory_type y on y.id = t.type_id left join territory_rule r on r.territory_id = t.id and r.version = t.rule_version where t.model_id = $1 order by t.code`,
    [model],
  )
  assert.deepEqual(
    made.find((m: { code?: string }) => m.code === 'W-CD'),
    {
      code: 'W-CD',
      name: '成都电子',
      parent: 'W-SC',
      type: 'industry',
      condition: {
        all: [
          { field: 'division', op: 'in', values: ['510100'] },
          { field: 'industry', op: 'in', values: ['C39'] },
          { field: 'tier', op: 'in', values: ['A', 'B'] },
        ],
      },
    },
  )
  const [renamed] = made.filter((m: { code?: string }) => m.code === 'E-SZ') as { name: string; condition: unknown }[]
  assert.deepEqual([renamed!.name, renamed!.condition], ['苏州改名', { field: 'division', op: 'in', values: ['320500'] }])
  const undone = await w.undo(job.id)
  assert.deepEqual([undone.state, undone.stats.back, undone.stats.kept], ['undone', 5, 0])
  await same(before)
})

test('a rule in a file may not ask what its bringer may not see', async () => {
  const [role] = await w.rows<{ id: string; field_access: object }>(
    `select r.id::text, r.field_access from role r join user_role ur on ur.role_id = r.id join app_user u on u.id = ur.user_id where u.login = 'ops'`,
  )
  await w.rows(`update role set field_access = '{"revenue": "hidden"}' where id = $1`, [role!.id])
  const rule = '"{""all"":[{""field"":""division"",""op"":""in"",""values"":[""320500""]},{""field"":""revenue"",""op"":""between"",""min"":5}]}"'
  const head = '区域编码,区域名称,类型,条件(JSON)\n'
  const refused = await w.whole(`${head}H-1,暗访,地理,${rule}\n`, 'territory', { model: { name: '暗访' } })
  const [reject] = await w.rejects(refused.id)
  assert.equal(reject?.problems[0]?.field, '条件(JSON)', JSON.stringify(refused.stats))
  assert.match(reject!.problems[0]!.words, /revenue|年营收/)
  await w.rows('update role set field_access = $2 where id = $1', [role!.id, JSON.stringify(role!.field_access)])
  const open = await w.whole(`${head}H-1,明访,地理,${rule}\n`, 'territory', { model: { name: '明访' } })
  assert.equal(open.stats.written, 1, JSON.stringify(open.stats))
  await w.undo(open.id)
})

test('members into the model in use and into a draft: roles, access, shares and dates; too much share is refused; undo', async () => {
  const [active] = await w.rows<{ id: string }>('select model_id::text as id from activation order by seq desc limit 1')
  const before = await worldOf(w.rows)
  const list = `区域编码,成员,角色,权限,业绩比例,开始日期,结束日期
E-HZ,manager,主责,可写,60%,2026-01-01,2099-12-31
E-HZ,rep,协同,只读,50,,
E-HZ,twin1,协同,,40,,
NO,rep,,,,,
E-SZ,rep,主责,只读,100,,
E-SH,rep,,,,2026-02-01,2026-01-01
`
  const job = await w.whole(list, 'member', { model: { id: active!.id } })
  assert.deepEqual([job.stats.creates, job.stats.updates, job.stats.written, job.stats.bad], [2, 1, 3, 3], JSON.stringify(job.stats))
  assert.deepEqual(
    (await w.rejects(job.id)).map(r => [r.row, r.problems[0]!.field]),
    [
      [2, '业绩比例 %'],
      [4, '区域编码'],
      [6, '结束日期'],
    ],
  )
  const made = await w.rows(
    `select u.login, m.member_role as role, m.access, m.credit_bp as bp, m.model_id, m.ends_at at time zone 'Asia/Shanghai' = '2100-01-01' as last from territory_member m join app_user u on u.id = m.user_id where m.territory_id = (select id from territory where code = 'E-HZ' limit 1) order by m.id`,
  )
  assert.deepEqual(made, [
    { login: 'manager', role: 'owner', access: 'edit', bp: 6000, model_id: null, last: true },
    { login: 'twin1', role: 'collaborator', access: 'edit', bp: 4000, model_id: null, last: null },
  ])
  // Accounts of 杭州 are placed again: their owner is the new lead.
  const [owner] = await w.rows<{ login: string }>(
    `select u.login from account_key k join account_placement p on p.account_id = k.account_id and p.model_id = $1 join app_user u on u.id = p.owner_id where k.external_key = 'A2'`,
    [active!.id],
  )
  assert.equal(owner!.login, 'manager')
  const undone = await w.undo(job.id)
  assert.deepEqual([undone.stats.back, undone.stats.kept], [3, 0])
  await w.work()
  await same(before)
})
