/**
 * Leads in a real browser: operations looks at the queue, gives some by hand and routes others again; a rep sees why a lead is his, writes the first
 * contact and converts it; a new one is typed; the rules are changed.
 */
import assert from 'node:assert/strict'
import test from 'node:test'
import { writeDemoLeads } from '../../src/cli/demo/write-leads.ts'
import { seededRandom } from '../../src/core/kernel/random.ts'
import { skip, startJourney } from '../support/journey.ts'

test('the queue, the why, first contact, conversion, rules', { skip, timeout: 280_000 }, async t => {
  const { base, db, open, faults, shot } = await startJourney(t, { accounts: 1_500, people: 70, seed: 1 })
  const one = async (sql: string) => (await db.owner.query<{ id: string }>(sql)).rows[0]!.id
  const started = performance.now()
  await writeDemoLeads(db, {
    tenantId: '1',
    modelId: await one('select id::text from territory_model order by id desc limit 1'),
    opsId: await one(`select id::text from app_user where login = 'ops'`),
    random: seededRandom(1),
  })
  const took = performance.now() - started
  assert.ok(took < 2_000, `the demo's leads took ${Math.round(took)} ms`)
  const ops = await open('ops')

  await t.test('the list, and the reasons of one lead', async () => {
    await ops.goto(`${base}/leads`)
    await ops.locator('.jy-table tbody tr[data-row]').first().waitFor()
    await shot(ops, 'leads-1-list')
    await ops.locator('.jy-table tbody tr[data-row]', { hasText: '区域内轮转' }).first().click()
    await ops.getByRole('heading', { name: '为什么这样分' }).waitFor()
    await ops.locator('.jy-lead-candidates tr[data-chosen]').first().waitFor()
    await shot(ops, 'leads-2-why')
    await ops.keyboard.press('Escape')
  })

  await t.test('the queue: give one by hand, route another again', async () => {
    await ops.goto(`${base}/leads/queue`)
    await ops.locator('.jy-table tbody tr[data-row]').first().waitFor()
    await shot(ops, 'leads-3-queue')
    await ops.locator('.jy-table tbody tr[data-row]').first().getByRole('checkbox').check()
    await ops.getByRole('button', { name: '分配', exact: true }).click()
    await ops.getByPlaceholder('按姓名找人').fill('陈')
    await ops.locator('.jy-lead-people label').first().click()
    await ops.getByLabel('原因').fill('他熟悉这家')
    await shot(ops, 'leads-4-assign')
    await ops.getByRole('button', { name: '交给他' }).click()
    await ops.getByText('已分配').first().waitFor()
  })

  await t.test('a new lead, kept; first contact; converted', async () => {
    await ops.goto(`${base}/leads`)
    await ops.getByRole('button', { name: '新线索' }).click()
    await ops.getByLabel('公司').fill('天衡试剂有限公司')
    await ops.getByLabel('联系人').fill('林一')
    await ops.getByLabel('留给我跟进').check()
    await shot(ops, 'leads-5-new')
    await ops.getByRole('button', { name: '提交' }).click()
    await ops.getByText('已收下并分配').waitFor()
    await ops.getByLabel('写跟进').fill('电话通了,约周四。')
    await ops.getByRole('dialog').getByRole('button', { name: '保存' }).click()
    await ops.getByText('已联系').first().waitFor()
    await ops.getByRole('button', { name: '更正' }).click()
    await ops.getByLabel('联系人').fill('林一一')
    await shot(ops, 'leads-5-edit')
    await ops.getByRole('dialog').getByRole('button', { name: '保存' }).last().click()
    await ops.getByText('林一一').first().waitFor()
    await ops.getByRole('button', { name: '转为客户' }).click()
    await ops.getByRole('button', { name: '转化', exact: true }).waitFor()
    await shot(ops, 'leads-6-convert')
    await ops.getByRole('button', { name: '转化', exact: true }).click()
    await ops.waitForURL(/\/accounts\/\d+/)
    await ops.getByRole('heading', { name: '天衡试剂有限公司' }).first().waitFor()
  })

  await t.test('the rules', async () => {
    await ops.goto(`${base}/settings/intake`)
    await ops.getByText('首次联系', { exact: true }).first().waitFor()
    await shot(ops, 'leads-7-rules')
    await ops.getByLabel('期限(小时)').fill('8')
    await ops.getByRole('button', { name: '保存' }).click()
    await ops.getByText('已保存').first().waitFor()
    assert.equal(await one(`select (rules->>'slaHours') as id from intake_rule where territory_id = 0`), '8')
  })

  await t.test('a public form takes a lead in', async () => {
    await ops.getByRole('tab', { name: '网页表单' }).click()
    await ops.getByPlaceholder('表单名').fill('新品试用')
    await ops.getByRole('button', { name: '加一个表单' }).click()
    const link = ops.getByRole('link', { name: /^\/form\// })
    await link.waitFor()
    await shot(ops, 'leads-8-forms')
    const visitor = await open('rep')
    await visitor.setViewportSize({ width: 390, height: 844 })
    await visitor.goto(`${base}${await link.getAttribute('href')}`)
    await visitor.getByLabel('公司').fill('路过的公司')
    await visitor.getByLabel('联系人').fill('小周')
    await visitor.getByLabel('电话').fill('13812340000')
    await visitor.getByLabel('所在地').fill('江苏省苏州市吴中区')
    await shot(visitor, 'leads-9-form')
    await visitor.getByRole('button', { name: /提\s?交/ }).click()
    await visitor.getByText('已收到').waitFor()
    assert.equal((await one(`select division as id from lead where company = '路过的公司'`)).slice(0, 4), '3205')
    await visitor.close()
  })

  await t.test('a rep sees his own, on a phone, in the dark, in English', async () => {
    await db.owner.query(`update app_user set locale = 'en', theme = 'dark' where login = 'rep'`)
    const rep = await open('rep')
    await rep.goto(`${base}/leads`)
    await rep.getByRole('button', { name: /Queue/ }).waitFor()
    await shot(rep, 'leads-10-rep')
    const row = rep.locator('.jy-table tbody tr[data-row]').first()
    if ((await row.count()) > 0) {
      await row.click()
      await rep.getByRole('heading', { name: 'Why it went there' }).waitFor()
      await shot(rep, 'leads-11-rep-why')
      await rep.keyboard.press('Escape')
    }
    await rep.setViewportSize({ width: 390, height: 844 })
    await shot(rep, 'leads-12-phone')
  })
  assert.deepEqual(faults, [])
})
