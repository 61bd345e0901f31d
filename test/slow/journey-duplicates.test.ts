/** Duplicates in a real browser: warned of while typing, found by a check of the whole base, compared, merged, and the merge undone. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { skip, startJourney } from '../support/journey.ts'

test('duplicates: warned, found, compared, merged, undone', { skip, timeout: 300_000 }, async t => {
  const { base, open, faults, shot } = await startJourney(t)
  const ops = await open('ops')
  const make = async (values: Record<string, unknown>): Promise<string> => {
    const answer = await ops.request.post(`${base}/api/accounts`, { headers: { 'x-jiangyu': '1' }, data: { values } })
    assert.ok(answer.ok(), await answer.text())
    return (await answer.json()).id
  }
  const first = await make({ name: '苏州景澜光学科技有限公司', phone: '13812340001', division: '320505', address: '苏州市虎丘区泰山路 8 号' })
  await make({ name: '景澜光学科技（苏州）有限公司', phone: '138-1234-0001', website: 'jinglan.example.cn', division: '320505', size: 120 })
  await make({ name: '苏州景澜物流有限公司', phone: '13812349999', division: '320505' })

  await t.test('while typing', async () => {
    await ops.goto(`${base}/accounts`)
    await ops.getByRole('button', { name: '新建客户' }).click()
    await ops.getByLabel('客户名称').fill('苏州市景澜光学有限公司')
    await ops.getByText('可能已经有了', { exact: false }).waitFor()
    await shot(ops, 'duplicates-1-typing')
    await ops.keyboard.press('Escape')
  })

  await t.test('a check of the whole base', async () => {
    await ops.goto(`${base}/duplicates`)
    await ops.getByText('还没查过重', { exact: true }).waitFor()
    await ops.getByRole('button', { name: '全库查重' }).click()
    await ops.getByText('景澜光学科技（苏州）有限公司').first().waitFor({ timeout: 60_000 })
    await shot(ops, 'duplicates-2-queue')
  })

  await t.test('on the customer’s page, compared and merged', async () => {
    await ops.goto(`${base}/accounts/${first}`)
    await ops.getByRole('heading', { name: '疑似重复' }).waitFor()
    await shot(ops, 'duplicates-3-account')
    await ops.getByRole('button', { name: '逐项比对' }).first().click()
    await ops.getByRole('button', { name: '合并', exact: true }).waitFor()
    await shot(ops, 'duplicates-4-compare')
    await ops.getByRole('button', { name: '合并', exact: true }).click()
    await ops.getByText('已合并', { exact: false }).first().waitFor()
  })

  await t.test('undone, in English and in the dark', async () => {
    const answer = await ops.request.patch(`${base}/api/me`, { headers: { 'x-jiangyu': '1' }, data: { locale: 'en', theme: 'dark' } })
    assert.ok(answer.ok(), await answer.text())
    await ops.goto(`${base}/duplicates?box=merges`)
    await ops.reload()
    await ops.getByRole('button', { name: 'Undo' }).waitFor()
    await shot(ops, 'duplicates-5-merges-en-dark')
    await ops.getByRole('button', { name: 'Undo' }).click()
    await ops.getByText('undone', { exact: false }).first().waitFor()
    await ops.goto(`${base}/settings/duplicates`)
    await ops.getByText('Which side a merge takes').waitFor()
    await shot(ops, 'duplicates-6-rules-en-dark')
  })
  assert.deepEqual(faults, [])
})
