/**
 * The main job in a real browser: a customer list comes in, a rule changes in a draft, the draft is computed and switched on, an account
 * says why it stands where it stands, a rep sees only what is his, and one step leads back.
 */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { SHOTS, skip, startJourney } from '../support/journey.ts'

const LIST = [
  '客户编号,客户名称,行业,地区,等级,员工数',
  ...Array.from(
    { length: 30 },
    (_, i) =>
      `K${i + 1},苏州旅程${i + 1}号科技有限公司,${i % 3 === 0 ? '生物制药' : 'C39'},江苏省苏州市,${i === 7 ? '特级' : 'B'},${i === 9 ? '很多' : 100 + i}`,
  ),
].join('\n')

test('from a customer list to live territories and back', { skip, timeout: 240_000 }, async t => {
  const journey = await startJourney(t)
  const { db, base, faults } = journey
  const page = await journey.open('ops')
  const shot = (name: string) => journey.shot(page, name)

  await t.test('sign in', async () => {
    await page.getByText('顾衡').first().waitFor()
  })

  await t.test('import: check, map a word once, write the good rows, keep the bad ones with reasons', async () => {
    await page.goto(`${base}/import`)
    const file = path.join(SHOTS, 'list.csv')
    writeFileSync(file, LIST)
    await page.locator('input[type=file]').setInputFiles(file)
    await page.getByRole('button', { name: '检查', exact: true }).click()
    await page.getByText('生物制药').first().waitFor()
    await page.getByRole('combobox', { name: '生物制药' }).click()
    await page.keyboard.type('医药')
    await page.getByText('C27 医药制造业').click()
    await page.getByRole('button', { name: '再检查' }).first().click()
    await page.getByRole('button', { name: '写入 28 行' }).waitFor()
    await page.getByText('「很多」不是数字', { exact: false }).first().waitFor()
    await shot('1-import')
    await page.getByRole('button', { name: '写入 28 行' }).click()
    await page.getByText('已写入 28 家客户').waitFor()
  })

  await t.test('search by pinyin, open, read why', async () => {
    await page.goto(`${base}/accounts?search=lvcheng`)
    await page.getByText('苏州旅程1号科技有限公司').click()
    await page.getByText('为什么归', { exact: false }).first().waitFor()
    await page.getByText('行政区划是 苏州市', { exact: false }).first().waitFor()
    await shot('2-account')
  })

  await t.test('a draft: a rule changes, is counted, saved, computed, switched on', async () => {
    await page.goto(`${base}/map`)
    await page.getByRole('button', { name: '新建草稿' }).click()
    await page.getByPlaceholder('草稿名称', { exact: false }).fill('2027 版图')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: '计算归属' }).waitFor()
    await page.locator('[data-page-filter] input, input[data-page-filter]').first().fill('苏州')
    await page.getByRole('treeitem').first().click()
    await page.getByRole('button', { name: '改规则' }).click()
    await page.getByText('JSON', { exact: true }).click()
    await page.getByRole('textbox', { name: 'JSON' }).fill(
      JSON.stringify({
        all: [
          { field: 'division', op: 'in', values: ['320500'] },
          { field: 'industry', op: 'in', values: ['C'] },
          { field: 'size', op: 'between', min: 105 },
        ],
      }),
    )
    await page.getByText('员工数 ≥ 105', { exact: false }).first().waitFor()
    await shot('3-rule')
    await page.getByRole('button', { name: '存入草稿' }).click()
    await page.getByText('已存入草稿').first().waitFor()
    await page.getByRole('button', { name: '回版图' }).click()
    // Province × industry × tier: a territory below the city takes the rule of all above it and adds its own lines.
    await page.locator('[data-page-filter] input, input[data-page-filter]').first().fill('苏州')
    await page.getByRole('treeitem').first().click()
    await page.getByRole('button', { name: '加区域' }).click()
    await page.getByLabel('代码').fill('E-02-3-E')
    await page.getByLabel('名称').fill('苏州电子 B 级')
    await page.getByRole('button', { name: '建好,写规则' }).click()
    await page.getByText('JSON', { exact: true }).click()
    await page.getByRole('textbox', { name: 'JSON' }).fill(
      JSON.stringify({
        all: [
          { field: 'industry', op: 'in', values: ['C39'] },
          { field: 'tier', op: 'in', values: ['B'] },
          { field: 'size', op: 'between', max: 110 },
        ],
      }),
    )
    await page.getByText('等级是 B 级', { exact: false }).first().waitFor()
    await page.getByRole('button', { name: '存入草稿' }).click()
    await page.getByText('已存入草稿').first().waitFor()
    await shot('3-inherited-rule')
    await page.getByRole('button', { name: '回版图' }).click()
    await page.getByRole('button', { name: '计算归属' }).click()
    await page.getByRole('button', { name: '启用', exact: true }).click({ timeout: 60_000 })
    await page.locator('.ant-modal-confirm-btns, .ant-modal').getByRole('button', { name: '启用' }).last().click()
    await page.getByText('「2027 版图」已启用').waitFor()
    await shot('4-map')
  })

  await t.test('a small customer left the territory, a large one stayed; the reason says so', async () => {
    await page.goto(`${base}/accounts?search=${encodeURIComponent('苏州旅程2号')}`)
    await page.getByText('苏州旅程2号科技有限公司').click()
    await page.getByText('为什么归 E-02', { exact: true }).waitFor()
    await page.getByRole('button', { name: '完整解释' }).click()
    await page.getByText('员工数 ≥ 105', { exact: false }).first().waitFor()
    await page.goto(`${base}/accounts?search=${encodeURIComponent('苏州旅程30号')}`)
    await page.getByText('苏州旅程30号科技有限公司').click()
    await page.getByText('为什么归 E-02-3', { exact: true }).waitFor()
    await page.goto(`${base}/accounts?search=${encodeURIComponent('苏州旅程6号')}`)
    await page.getByText('苏州旅程6号科技有限公司').click()
    await page.getByText('为什么归 E-02-3-E', { exact: true }).waitFor()
    await page.getByRole('button', { name: '完整解释' }).click()
    await page.getByText('继承自 苏州', { exact: false }).first().waitFor()
    await shot('5-inherited-why')
  })

  await t.test('a rep sees exactly what is his', async () => {
    const rep = await journey.open('rep')
    const expected = await db.owner.query<{ n: number }>(
      `with recursive live as (select model_id as id from activation order by seq desc limit 1), u as (select id from app_user where login = 'rep'),
        below(id) as (select m.territory_id from territory_member m, u where m.user_id = u.id
                      union select c.id from territory c join below b on c.parent_id = b.id join live on live.id = c.model_id)
       select count(*)::int as n from account_placement p join live on live.id = p.model_id, u
        where p.owner_id = u.id or p.territory_id in (select id from below)
          or exists (select 1 from account_overlay o where o.model_id = p.model_id and o.account_id = p.account_id and o.territory_id in (select id from below))`,
    )
    const answer = (await (
      await rep.request.post(`${base}/api/accounts/query`, { headers: { 'x-jiangyu': '1' }, data: { limit: 1, count: true } })
    ).json()) as { count: number }
    assert.equal(answer.count, expected.rows[0]!.n)
    assert.ok(answer.count > 0 && answer.count < 400)
    await rep.goto(`${base}/accounts`)
    await rep.getByText(`${answer.count} 家`, { exact: true }).waitFor()
    await journey.shot(rep, '5-rep')
    await rep.context().close()
  })

  await t.test('undo brings every owner back', async () => {
    await page.goto(`${base}/map`)
    await page.getByRole('button', { name: '撤回启用' }).click()
    await page.locator('.ant-modal').getByRole('button', { name: '撤回启用' }).last().click()
    await page.getByText('已回到上一个模型').waitFor()
    await page.goto(`${base}/accounts?search=${encodeURIComponent('苏州旅程2号')}`)
    await page.getByText('苏州旅程2号科技有限公司').click()
    await page.getByText('为什么归 E-02-3', { exact: true }).waitFor()
  })

  await t.test('English and dark, chosen once, stay', async () => {
    await page.getByRole('button', { name: '顾衡 的菜单' }).click()
    await page.getByRole('menuitem', { name: 'English' }).click()
    await page.locator('.jy-rail').getByText('Map', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Menu of 顾衡' }).click()
    await page.getByRole('menuitem', { name: 'Dark' }).click()
    await page.locator('html[data-theme=dark]').waitFor({ state: 'attached' })
    // The profile keeps both, whatever this browser remembers.
    await page.evaluate(() => localStorage.clear())
    await page.goto(`${base}/map`)
    await page.getByRole('button', { name: 'New draft' }).waitFor()
    await page.locator('html[data-theme=dark][lang=en]').waitFor({ state: 'attached' })
    await page.waitForTimeout(1500)
    await shot('6-english-dark')
  })
  assert.deepEqual(faults, [], 'no page failed and no request was answered with 5xx')
})
