/** A conflict case in a real browser: the manager weighs, splits, rules and takes it back; a party speaks; a customer is brought to a ruling. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { writeCases } from '../../src/cli/demo/write-cases.ts'
import { seededRandom } from '../../src/core/kernel/random.ts'
import { skip, startJourney } from '../support/journey.ts'

test('a manager rules a case', { skip, timeout: 280_000 }, async t => {
  const { base, db, open, faults, shot } = await startJourney(t, { accounts: 2_500, people: 90, seed: 1 })
  const one = async <T extends object>(sql: string, values: unknown[] = []): Promise<T> => (await db.owner.query(sql, values)).rows[0] as T
  const modelId = (await one<{ id: string }>('select model_id::text as id from activation order by seq desc limit 1')).id
  const opsId = (await one<{ id: string }>(`select id::text from app_user where login = 'ops'`)).id
  const began = performance.now()
  const made = await writeCases(db, { tenantId: '1', modelId, opsId, random: seededRandom(1) })
  t.diagnostic(`${made.closed} + ${made.open} cases in ${Math.round(performance.now() - began)} ms`)
  assert.equal(made.open, 6)
  const page = await open('manager')

  await t.test('the list by its end, and the case that ends first', async () => {
    await page.goto(`${base}/cases`)
    await page.getByText('待我裁', { exact: false }).first().waitFor()
    await page.locator('table.jy-table tbody tr').first().waitFor()
    await shot(page, 'cases-1-list')
    await page.locator('table.jy-table tbody tr').first().click()
    await page.getByRole('heading', { level: 1, name: /归谁/ }).waitFor()
    await page.getByRole('region', { name: '裁决书' }).getByText('会变什么').waitFor()
    assert.match(await page.getByRole('timer').innerText(), /^[45]:\d\d:\d\d$/)
    await shot(page, 'cases-2-case')
  })

  await t.test('why, split by key, effect, reason, issued by key; undone', async () => {
    await page.locator('[data-why]').first().click()
    await page.getByText('按公司定的先后逐条比对', { exact: false }).waitFor()
    await shot(page, 'cases-3-why')
    await page.keyboard.press('Escape')
    await page
      .locator('.ant-drawer-open')
      .waitFor({ state: 'detached' })
      .catch(() => undefined)
    const form = page.getByRole('region', { name: '裁决书' })
    await page.locator('h1').click()
    await page.keyboard.press('2')
    for (let i = 0; i < 5; i += 1) await page.keyboard.press('ArrowLeft')
    await form.getByText(/75% · .* 25%/).waitFor()
    for (let i = 0; i < 4; i += 1) await page.keyboard.press('ArrowLeft')
    await form.getByText(/70% · .* 30%/).waitFor()
    await form.getByText(/得 1 家/).waitFor()
    await page.locator('#ruling-reason').fill('收货与服务都在那边;认可首触贡献。')
    await shot(page, 'cases-4-ruling')
    await page.keyboard.press('Control+Enter')
    await page.getByText('裁决已下达').first().waitFor()
    await page.getByRole('button', { name: '撤销裁决' }).waitFor()
    await shot(page, 'cases-5-ruled')
    const split = await one<{ n: number }>('select count(*)::int as n from credit_split where ended_at is null and bps = 3000')
    assert.equal(split.n, 1)
    await page.getByRole('button', { name: '撤销裁决' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '撤销裁决' }).click()
    await page.getByText('已撤销,一切如前').first().waitFor()
    await form.waitFor()
  })

  await t.test('a party speaks and signs evidence; the form is not his', async () => {
    const party = await one<{ login: string; id: string }>(
      `select u.login, c.id::text from conflict_case c join case_party p on p.case_id = c.id and p.stated_at is null join app_user u on u.id = p.user_id where c.state = 'statements' order by c.id limit 1`,
    )
    const theirs = await open(party.login)
    await theirs.goto(`${base}/cases/${party.id}`)
    await theirs.getByLabel('我的陈述').fill('合同一直是我在谈。')
    await theirs.getByRole('button', { name: '提交陈述' }).click()
    await theirs.getByText('“合同一直是我在谈。”').waitFor()
    assert.equal(await theirs.getByRole('region', { name: '裁决书' }).count(), 0)
    await theirs.getByRole('button', { name: '补交证据' }).click()
    await theirs.getByRole('dialog').getByLabel('证据内容').fill('送货单在盛泽签收')
    await theirs.getByRole('dialog').getByRole('button', { name: '签名提交' }).click()
    await theirs.getByText('签名补交', { exact: false }).waitFor()
    await shot(theirs, 'cases-6-party')
    await theirs.setViewportSize({ width: 390, height: 844 })
    await theirs.locator('h1').scrollIntoViewIfNeeded()
    await shot(theirs, 'cases-7-phone')
  })

  await t.test('on the first page; brought to a ruling from the customer', async () => {
    await page.goto(`${base}/`)
    await page.getByText('裁决:', { exact: false }).first().waitFor()
    await shot(page, 'cases-11-home')
    const free = await one<{ id: string }>(
      `select p.account_id::text as id from account_placement p join app_user u on u.id = p.owner_id where u.login = 'rep' and p.model_id = $1 and not exists (select 1 from conflict_case c where c.account_id = p.account_id) limit 1`,
      [modelId],
    )
    await page.goto(`${base}/accounts/${free.id}`)
    await page.locator('main').getByRole('button', { name: '裁决' }).click()
    await page.getByRole('menuitem', { name: '提请裁决' }).click()
    const dialog = page.getByRole('dialog').filter({ hasText: '提请裁决' })
    await dialog.getByLabel('谁来争').click()
    const mate = await one<{ name: string }>(
      `select name from app_user where login like 'rep0%' and department_id = (select department_id from app_user where login = 'rep') order by id limit 1`,
    )
    await page.keyboard.type(mate.name)
    await page.getByRole('option', { name: mate.name }).first().waitFor({ state: 'attached' })
    await page.locator('.ant-select-item-option', { hasText: mate.name }).first().click()
    await dialog
      .getByRole('button', { name: /提\s*请/ })
      .last()
      .click()
    await page.getByRole('heading', { level: 1, name: /归谁/ }).waitFor()
  })

  await t.test('clauses put in another order, tried on the past year, adopted', async () => {
    const ops = await open('ops')
    await ops.goto(`${base}/settings/engagement`)
    await ops.getByRole('button', { name: '下移' }).first().click()
    await ops.getByRole('button', { name: '用过去一年试算' }).click()
    await ops.getByRole('heading', { name: '试算结果' }).waitFor()
    await shot(ops, 'cases-9-settings')
    await ops.getByRole('button', { name: '启用新版' }).click()
    await ops.getByText('第 1 版已启用').first().waitFor()
    await ops.getByRole('tab', { name: '伙伴报备' }).click()
    await ops.getByRole('button', { name: '新报备' }).click()
    const dialog = ops.getByRole('dialog')
    await dialog.locator('input').nth(0).fill('苏州试点机电有限公司')
    await dialog.locator('input').nth(1).fill('华东代理')
    await dialog.getByRole('button', { name: /保\s*存/ }).click()
    await ops.getByText('苏州试点机电有限公司').waitFor()
    await shot(ops, 'cases-10-registrations')
  })

  await t.test('dark, in English', async () => {
    await db.owner.query(`update app_user set locale = 'en', theme = 'dark' where login = 'manager'`)
    const dark = await open('manager')
    await dark.evaluate(() => localStorage.setItem('jy-locale', 'en'))
    const id = (await one<{ id: string }>(`select id::text from conflict_case where state = 'ruling' order by due_at limit 1`)).id
    await dark.goto(`${base}/cases/${id}`)
    await dark.getByText('Precedents').first().waitFor()
    await shot(dark, 'cases-8-dark-en')
  })
  assert.deepEqual(faults, [])
})
