/**
 * Sales operations cleans the list in a real browser: a check-up is run from nothing, a kind is mended in bulk after a look and taken back, one
 * row is accepted and one set aside with the keyboard, thresholds change a grade, an abolished division is remapped and its rules drafted, and
 * a form warns while one types. A manager sees his own sight; dark and English show the same.
 */
import assert from 'node:assert/strict'
import test from 'node:test'
import { skip, startJourney } from '../support/journey.ts'

test('check-up, fix list, bulk fix and undo, thresholds, divisions, a warned form', { skip, timeout: 300_000 }, async t => {
  const { base, db, open, faults, shot } = await startJourney(t, { accounts: 600, people: 60, seed: 3 })
  const q = (sql: string) => db.owner.query(sql)
  await q(`update account set name = replace(name, '有限公司', '　有限公司') where id % 10 = 2`)
  await q(`update account set division = '320502' where id % 60 = 1`)
  await q(
    `update account_address set division = '320502', text = '江苏省苏州市沧浪区人民路' || account_id || '号' where kind = 'business' and account_id % 60 = 1`,
  )
  await q(`update account set division = '130421' where id % 120 = 7`)
  await q(`insert into account_private (tenant_id, account_id) select 1, id from account on conflict do nothing`)
  await q(`update account_private set phone = '138 ' || lpad(account_id::text, 4, '0') || ' 0000' where account_id % 3 = 0`)
  await q(`update account_private set phone = '11111111111' where account_id % 40 = 9`)
  await q(
    `update territory_rule set condition = jsonb_build_object('any', jsonb_build_array(condition, '{"field":"division","op":"in","values":["320502"]}'::jsonb)) where condition::text like '%320%'`,
  )
  await q('update territory_model set stamp = stamp + 1')

  const ops = await open('ops')
  await ops.goto(`${base}/`)
  await ops.getByRole('button', { name: '数据体检' }).click()
  await ops.getByText('还没有体检过').waitFor()
  await shot(ops, 'cleansing-1-empty')
  await ops.getByRole('button', { name: '开始体检' }).click()
  await ops.getByRole('button', { name: '按来源' }).or(ops.getByText('按来源')).first().waitFor()
  await shot(ops, 'cleansing-2-fields')
  await ops.getByText('按部门').click()
  await ops.getByRole('rowheader').first().waitFor()
  await shot(ops, 'cleansing-3-departments')

  await ops.getByText('按字段').click()
  await ops
    .getByRole('row', { name: /客户名称/ })
    .getByRole('button', { name: '写法不规范' })
    .click()
  await ops.getByRole('button', { name: '采纳', exact: true }).first().waitFor()
  await shot(ops, 'cleansing-4-list')
  const rows = () => ops.locator('[data-row]').count()
  const before = await rows()
  await ops.getByRole('button', { name: '这一种全部采纳' }).click()
  await ops.getByRole('button', { name: /^修 \d+ 家$/ }).waitFor()
  await shot(ops, 'cleansing-5-preview')
  await ops.getByRole('button', { name: /^修 \d+ 家$/ }).click()
  await ops.getByText('这里没有要修的').waitFor()
  assert.equal((await q(`select 1 from account where name like '%　%'`)).rowCount, 0)
  await ops.getByRole('button', { name: '撤回' }).click()
  await ops.getByRole('button', { name: '采纳', exact: true }).first().waitFor()
  assert.equal(await rows(), before)

  // The keyboard: accept the first, leave the next.
  await ops.locator('[data-row="0"]').focus()
  await ops.keyboard.press('a')
  await ops.getByText('修好 1 家客户').waitFor()
  assert.equal((await q(`select 1 from bulk_edit where undone_at is null and count = 1`)).rowCount, 1)
  await ops.locator('[data-row="0"]').focus()
  await ops.keyboard.press('s')
  await ops.getByText('保持原样,数据变了再提醒').first().waitFor()
  assert.equal((await q('select 1 from cleansing_skip')).rowCount, 1)
  await ops.getByText('已放过').click()
  await ops.getByRole('button', { name: '重新计入' }).first().waitFor()

  await ops.goto(`${base}/accounts/check-up`)
  await ops.getByRole('button', { name: '标准', exact: true }).click()
  await ops.getByLabel('完整: 良好线').fill('50')
  await ops.getByLabel('完整: 不合格线').fill('40')
  await shot(ops, 'cleansing-6-thresholds')
  await ops.getByRole('button', { name: /保\s?存/ }).click()
  await ops.getByRole('button', { name: '区划换版' }).waitFor()
  await ops.locator('.jy-scores b[data-grade="green"]').first().waitFor()

  await ops.getByRole('button', { name: '区划换版' }).click()
  await ops.getByText('河北省 · 邯郸市 · 邯郸县', { exact: false }).waitFor()
  await ops.getByRole('button', { name: '看看客户会怎样' }).click()
  await ops.getByRole('button', { name: /^改 \d+ 家客户$/ }).waitFor()
  await shot(ops, 'cleansing-7-divisions')
  await ops.getByRole('button', { name: /^改 \d+ 家客户$/ }).click()
  await ops.getByText(/改了 \d+ 家客户/).waitFor()
  assert.equal((await q(`select 1 from account where division = '320502'`)).rowCount, 0)
  await ops.getByRole('button', { name: '把规则改进草稿' }).click()
  await ops.getByText(/草稿已建/).waitFor()
  await ops.getByRole('button', { name: '打开变更集' }).click()
  await ops.waitForURL(/\/changes\/\d+/)

  const account = (await q('select id::text from account order by account.id limit 1')).rows[0] as { id: string }
  await ops.goto(`${base}/accounts/${account.id}`)
  await ops.getByRole('tab').first().waitFor()
  await ops.keyboard.press('e')
  await ops.getByRole('dialog').locator('#phone').fill('138 1234 5679')
  await ops.getByRole('button', { name: '改为 +8613812345679' }).click()
  assert.equal(await ops.getByRole('dialog').locator('#phone').inputValue(), '+8613812345679')
  await shot(ops, 'cleansing-8-form')

  const manager = await open('manager')
  await manager.goto(`${base}/accounts/check-up`)
  await manager.getByText('这里是你看得到的客户', { exact: false }).waitFor()
  assert.equal(await manager.getByRole('button', { name: '开始体检' }).count(), 0)
  await manager.emulateMedia({ colorScheme: 'dark' })
  assert.ok((await manager.request.patch(`${base}/api/me`, { headers: { 'x-jiangyu': '1' }, data: { locale: 'en' } })).ok())
  await manager.goto(`${base}/accounts/check-up`)
  await manager.getByText('customers', { exact: false }).first().waitFor()
  await shot(manager, 'cleansing-9-dark-en')
  assert.deepEqual(faults, [])
})
