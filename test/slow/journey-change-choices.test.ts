/**
 * A change of territories that people are asked about, in a real browser: the administrator says what is accepted by itself, operations looks
 * through a rep's eyes and chooses which deals are held, the rep objects and is heard at once, operations overrules.
 */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Page } from 'playwright-core'
import { skip, startJourney } from '../support/journey.ts'

test('a change set: eyes of a rep, holdover of chosen deals, an objection accepted by policy', { skip, timeout: 240_000 }, async t => {
  const { base, db, open, faults, shot: keep } = await startJourney(t)
  const [admin, ops, rep] = [await open('admin'), await open('ops'), await open('rep')]
  const shot = (page: Page, name: string) => keep(page, `choices-${name}`)
  /** The same page in English and dark, for the eye; then back. */
  const shotBoth = async (page: Page, name: string, ready: () => Promise<unknown>) => {
    await shot(page, `${name}-zh`)
    const me = (data: object) => page.request.patch(`${base}/api/me`, { headers: { 'x-jiangyu': '1' }, data })
    await me({ locale: 'en', theme: 'dark' })
    await page.reload()
    await ready()
    await page.waitForTimeout(500)
    await shot(page, `${name}-en-dark`)
    await me({ locale: 'zh-CN', theme: 'light' })
    await page.reload()
  }
  const one = async <T extends object>(sql: string, values: unknown[] = []): Promise<T> => (await db.owner.query<T>(sql, values)).rows[0]!
  const repId = (await (await rep.request.get(`${base}/api/me`)).json()).user.id as string
  let set = { id: '', modelId: '' }
  let account = { id: '', name: '' }

  await t.test('the administrator says what is accepted by itself', async () => {
    await admin.goto(`${base}/settings/approval`)
    await admin.getByText('没有自动采纳').waitFor()
    await admin.getByRole('button', { name: '加一条' }).last().click()
    await admin.getByText('本人在这家客户有 CNY 10万 以上的在途商机', { exact: false }).waitFor()
    await admin.getByLabel('看什么事实').click()
    await admin.getByTitle('本人最近一次跟进').click()
    await admin.getByText('本人 30 天内写过跟进或办完过待办', { exact: false }).waitFor()
    await admin.getByRole('button', { name: '保存自动采纳' }).click()
    await admin.getByText('已保存').waitFor()
    await shotBoth(admin, '1-policy', () => admin.getByText('wrote a note or finished a task', { exact: false }).waitFor())
  })

  await t.test('operations makes a draft and looks through the rep’s eyes', async () => {
    const headers = { 'x-jiangyu': '1' }
    const made = await (await ops.request.post(`${base}/api/models`, { headers, data: { name: '苏州只留大客户' } })).json()
    const model = `${base}/api/models/${made.id}/territories`
    const { rows } = (await (await ops.request.get(`${model}?limit=5000`)).json()) as { rows: { id: string; name: string; rowVersion: number }[] }
    const suzhou = rows.find(r => r.name === '苏州')!
    const { own } = await (await ops.request.get(`${model}/${suzhou.id}`)).json()
    const saved = await ops.request.patch(`${model}/${suzhou.id}`, {
      headers: { ...headers, 'if-match': String(suzhou.rowVersion) },
      data: { condition: { all: [own, { field: 'tier', op: 'in', values: ['KA', 'A'] }] } },
    })
    assert.ok(saved.ok(), await saved.text())
    const sets = await (await ops.request.get(`${base}/api/change-sets`)).json()
    set = { id: sets.rows.find((s: { modelId: string }) => s.modelId === made.id).id, modelId: made.id }
    await ops.goto(`${base}/changes/${set.id}`)
    await ops.getByRole('button', { name: '核算影响' }).first().click()
    await ops.getByText('区域前后对照').waitFor()
    const open_ = async (tab: string, label: string) => {
      await ops.getByRole('tab', { name: tab }).click()
      await ops.getByRole('button', { name: label }).click()
    }
    const name = (await one<{ name: string }>('select name from app_user where id = $1', [repId])).name
    await open_('可见性', `看 ${name} 生效后看得见什么`)
    const drawer = ops.getByRole('dialog')
    await drawer.getByText(`生效后 ${name} 看得见`, { exact: false }).waitFor()
    await drawer.getByText(/不再看得见 \d+/).click()
    await drawer.locator('tbody tr').first().waitFor()
    const lost = await drawer.locator('tbody tr').count()
    assert.ok(lost > 0)
    await ops.waitForTimeout(500)
    await shot(ops, '2-eyes-zh')
    account = await one(
      `select a.id::text, a.name from change_set_move m join account a on a.id = m.account_id where m.change_set_id = $1 and m.from_owner = $2 and m.from_territory <> m.to_territory order by a.id limit 1`,
      [set.id, repId],
    )
    await drawer.getByPlaceholder('按名称找客户').fill(account.name)
    await drawer.getByRole('link', { name: account.name }).waitFor()
    await shotBoth(ops, '3-eyes-found', async () => {
      await ops.getByRole('button', { name: `See what ${name} would see afterwards` }).click()
      await ops.getByRole('dialog').locator('tbody tr').first().waitFor()
    })
  })

  await t.test('operations chooses the deals that are held, and asks those affected', async () => {
    for (let i = 0; i < 3; i += 1)
      await db.owner.query(
        `insert into opportunity (tenant_id, account_id, name, amount, owner_id, created_at, updated_at) values (1, $1, $2, $3, $4, now(), now())`,
        [account.id, ['年度框架', '备件', '改造'][i], [180_000_00, 6_000_00, 95_000_00][i], repId],
      )
    await ops.goto(`${base}/changes/${set.id}?tab=work`)
    await ops.getByText('留守天数是 0', { exact: false }).waitFor()
    await ops.getByRole('button', { name: '修改' }).click()
    await ops.getByLabel('留守天数').fill('30')
    await ops.getByLabel('让同事一起看').click()
    await ops.getByLabel('征求受影响的人的意见').click()
    await ops.waitForTimeout(500)
    await shot(ops, '4-edit-zh')
    await ops.getByRole('dialog').getByRole('button', { name: '保存' }).click()
    await ops.getByText('由原主责留守 30 天', { exact: false }).first().waitFor()
    await ops.getByLabel('「备件」留守').click()
    await ops.getByRole('row', { name: /备件/ }).getByText('移交', { exact: false }).waitFor()
    await ops.reload()
    await ops.getByRole('row', { name: /备件/ }).getByText('移交', { exact: false }).waitFor()
    await shotBoth(ops, '5-holdover', () => ops.getByText('stay with the former owner for 30 days', { exact: false }).waitFor())
    await ops.getByText('金额不低于').click()
    await ops.getByRole('spinbutton', { name: '金额不低于' }).fill('90000')
    await ops.keyboard.press('Enter')
    await ops.getByRole('row', { name: /改造/ }).getByText('留守', { exact: false }).waitFor()
    await ops.getByRole('row', { name: /备件/ }).getByText('移交', { exact: false }).waitFor()
    await shot(ops, '6-holdover-amount-zh')
  })

  await t.test('the rep is asked, objects, and is heard at once', async () => {
    const noted = await rep.request.post(`${base}/api/accounts/${account.id}/notes`, {
      headers: { 'x-jiangyu': '1' },
      data: { text: '上门谈了年度框架' },
    })
    assert.ok(noted.ok(), await noted.text())
    await rep.goto(`${base}/`)
    await rep.getByRole('button', { name: /^通知/ }).click()
    await rep.getByRole('link', { name: /想听你对变更「苏州只留大客户」的意见/ }).click()
    await rep.waitForURL(`**/changes/${set.id}`)
    await rep.getByText('想先听你的意见', { exact: false }).waitFor()
    await shotBoth(rep, '7-asked', () => rep.getByText('asks what you think', { exact: false }).waitFor())
    await rep.getByRole('button', { name: `对 ${account.name} 提意见` }).click()
    await rep.getByLabel('提意见', { exact: true }).fill('正在谈年度框架,换人会断。')
    await rep.getByRole('combobox', { name: '理由' }).click()
    await rep.getByTitle('客户关系').click()
    await rep.getByRole('button', { name: '发出' }).click()
    await rep.getByText('符合公司政策,已当场采纳').waitFor()
    await rep.getByText('提意见的人今天跟进过这家客户', { exact: false }).first().waitFor()
    await shotBoth(rep, '8-heard', () => rep.getByText('Accepted by policy', { exact: false }).first().waitFor())
    // His part of the work says who keeps what.
    await rep.goto(`${base}/changes/${set.id}?tab=work`)
    await rep.getByText('由原主责留守 30 天', { exact: false }).first().waitFor()
    await shot(rep, '9-rep-work-zh')
  })

  await t.test('operations computes it anew: the customer stays; then overrules', async () => {
    await ops.goto(`${base}/changes/${set.id}?tab=talk`)
    await ops.getByText('草稿已把这家客户点名留在原区域', { exact: false }).first().waitFor()
    await ops.getByRole('button', { name: '重新核算' }).click()
    await ops.getByText('数据无漂移', { exact: false }).waitFor()
    const moved = () =>
      one<{ n: number }>('select count(*)::int as n from change_set_move where change_set_id = $1 and account_id = $2', [set.id, account.id])
    assert.equal((await moved()).n, 0)
    await ops.getByRole('button', { name: '回应或改判' }).click()
    await ops.getByPlaceholder('怎么处理', { exact: false }).fill('已和客户谈妥交接')
    await ops.getByRole('button', { name: '不采纳' }).click()
    await ops.getByText('后来被改判', { exact: false }).first().waitFor()
    await ops.getByRole('button', { name: '重新核算' }).click()
    await ops.getByText('数据无漂移', { exact: false }).waitFor()
    assert.equal((await moved()).n, 1)
    await shotBoth(ops, '10-overruled', () => ops.getByText('Overruled since', { exact: false }).first().waitFor())
  })

  assert.deepEqual(faults, [], 'no page failed and no request was answered with 5xx')
})
