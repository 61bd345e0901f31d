/**
 * The planner's whole way in a real browser: a city moves to another province's team, an industry team is added, a person is replaced; the
 * impact is read, a gap appears with its witness and is mended; the manager comments and approves; it takes effect tomorrow at 00:00, the
 * rep's sight changes account by account as foretold, yesterday can still be looked at, and one step leads back.
 */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Page } from 'playwright-core'
import { skip, startJourney } from '../support/journey.ts'

type Row = { readonly id: string; readonly mark?: 'gained' | 'lost' | 'kept'; readonly accountId?: string }

test('a plan: city, team, person; gap and witness; approval, tomorrow 00:00, yesterday, undo', { skip, timeout: 400_000 }, async t => {
  const { base, db, open, faults, shot: keep } = await startJourney(t)
  const [ops, manager, rep] = [await open('ops'), await open('manager'), await open('rep')]
  const shot = (page: Page, name: string) => keep(page, `plan-${name}`)
  const idOf = async (page: Page): Promise<string> => (await (await page.request.get(`${base}/api/me`)).json()).user.id
  const [repId, managerId] = [await idOf(rep), await idOf(manager)]
  const sent = { 'x-jiangyu': '1' }
  /** Every page of a list. */
  const all = async (page: Page, path: string): Promise<Row[]> => {
    const rows: Row[] = []
    for (let cursor = ''; ; ) {
      const answer = await page.request.get(`${base}${path}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`)
      assert.ok(answer.ok(), `${path}: ${await answer.text()}`)
      const body = await answer.json()
      rows.push(...body.rows)
      if (!body.next) return rows
      cursor = body.next
    }
  }
  const seenByRep = async () => new Set((await all(rep, '/api/accounts?limit=200')).map(r => r.id))
  const policy = { rows: [{ measure: 'owners', atLeast: 1, approver: 'user', userId: managerId }] }
  const admin = await open('admin')
  assert.ok((await admin.request.put(`${base}/api/change-policy`, { headers: sent, data: policy })).ok())

  const layer = (name: string) => ops.locator('.ant-segmented-item').getByText(name, { exact: true }).click()
  const find = async (name: string) => {
    await ops.locator('[data-page-filter] input, input[data-page-filter]').first().fill(name)
    await ops.getByRole('treeitem').filter({ hasText: name }).first().click()
  }
  const writeRule = async (rule: object) => {
    await ops.getByText('JSON', { exact: true }).click()
    await ops.getByRole('textbox', { name: 'JSON' }).fill(JSON.stringify(rule))
    await ops.getByRole('button', { name: '存入草稿' }).click()
    await ops.getByText('已存入草稿').first().waitFor()
    await ops.getByRole('button', { name: '回版图' }).click()
  }
  const rewrite = async (name: string, rule: object) => {
    await find(name)
    await ops.getByRole('button', { name: '改规则' }).click()
    await writeRule(rule)
  }
  // Each step stands on the one before: after a failure the rest would only wait.
  let broken = false
  const step = (name: string, work: () => Promise<void>) =>
    t.test(name, { skip: broken && 'the step before failed' }, async () => {
      broken = true
      await work().catch(async error => {
        await shot(ops, 'failed')
        throw error
      })
      broken = false
    })
  const inside = (...values: string[]) => ({ field: 'division', op: 'in', values })
  let address = ''
  let before = new Set<string>()
  let foretold = new Set<string>()

  await step('a city leaves its province: a gap, its witness, and it is mended', async () => {
    await ops.goto(`${base}/map`)
    await ops.getByRole('button', { name: '新建草稿' }).click()
    await ops.getByPlaceholder('草稿名称', { exact: false }).fill('明年版图')
    await ops.keyboard.press('Enter')
    await ops.getByText('明年版图 · 草稿').first().waitFor()
    // Some there are from the beginning: provinces in which the demo company does not sell.
    const gaps = ops.getByRole('button', { name: /^空白 \d+ 处$/ })
    const before = Number(/\d+/.exec(await gaps.innerText())![0])
    await rewrite('江苏', { all: [inside('320000'), { none: [inside('320800')] }] })
    const gap = ops.getByRole('button', { name: `空白 ${before + 1} 处` })
    await gap.waitFor()
    await gap.click()
    const finding = ops.locator('.jy-finding[data-kind=gap]')
    await finding.filter({ hasText: '淮安' }).getByText('淮安', { exact: false }).first().waitFor()
    await shot(ops, '1-gap')
    await ops.keyboard.press('Escape')
    await rewrite('安徽', inside('340000', '320800'))
    await ops.getByRole('button', { name: `空白 ${before} 处` }).waitFor()
    await shot(ops, '2-mended')
  })

  await step('an industry team is added below its department', async () => {
    await layer('行业')
    await find('行业部')
    await ops.getByRole('button', { name: '加区域' }).click()
    await ops.getByLabel('代码').fill('IND-CHIP')
    await ops.getByLabel('名称').fill('电子行业')
    await ops.getByRole('button', { name: '建好,写规则' }).click()
    await writeRule({
      all: [
        { field: 'industry', op: 'in', values: ['C39'] },
        { field: 'tier', op: 'in', values: ['A', 'B'] },
      ],
    })
    await layer('行业')
    await find('电子行业')
    await ops.getByText(/^成员/).first().click()
    await ops.getByRole('button', { name: '加人' }).click()
    await ops.getByRole('dialog').getByRole('combobox').first().fill('赖')
    await ops.locator('.ant-select-item-option').filter({ hasText: '赖' }).first().click()
    await ops.getByRole('dialog').getByRole('button', { name: '保存' }).click()
    await ops.getByRole('dialog').waitFor({ state: 'detached' })
    await shot(ops, '3-team')
  })

  await step('a person is replaced in the draft alone', async () => {
    await layer('地理')
    await find('苏州')
    await ops.getByText(/^成员/).first().click()
    await ops.getByRole('button', { name: '结束 林若溪 的成员资格' }).click()
    await ops.locator('.ant-modal-confirm-btns button').last().click()
    await ops.getByRole('button', { name: '加人' }).click()
    await ops.getByRole('dialog').getByRole('combobox').first().fill('何')
    await ops.locator('.ant-select-item-option').filter({ hasText: '何' }).first().click()
    await ops.getByRole('dialog').getByRole('button', { name: '保存' }).click()
    await ops.getByRole('dialog').waitFor({ state: 'detached' })
    await shot(ops, '4-person')
    before = await seenByRep()
    assert.ok(before.size > 0)
  })

  await step('the impact is read, and through the eyes of the rep', async () => {
    await ops.getByRole('button', { name: '变更集' }).click()
    await ops.getByRole('button', { name: '核算影响' }).first().click()
    await ops.getByText('区域前后对照').waitFor()
    address = new URL(ops.url()).pathname
    await ops.getByText(/^\+\d+ −\d+ = 0$/).waitFor()
    await shot(ops, '5-impact')
    await ops.getByText('7 个区县换了区域', { exact: false }).scrollIntoViewIfNeeded()
    await ops.locator('.jy-change-map canvas').waitFor()
    await ops.waitForTimeout(1500)
    await shot(ops, '5-where')
    const rows = await all(ops, `/api${address.replace('changes', 'change-sets')}/people/${repId}/accounts?limit=200`)
    foretold = new Set(rows.filter(r => r.mark !== 'lost').map(r => r.accountId!))
    assert.deepEqual(new Set(rows.filter(r => r.mark !== 'gained').map(r => r.accountId!)), before, 'kept and lost are what he sees today')
    assert.ok(foretold.size < before.size)
    await ops.getByRole('button', { name: '送审' }).click()
    await ops.getByPlaceholder('批准的人', { exact: false }).fill('淮安归安徽,电子行业专人负责,苏州换人')
    await ops.getByRole('dialog').getByRole('button', { name: '送审' }).click()
    await ops.getByText('待批准 0 / 1').waitFor({ timeout: 60_000 })
  })

  await step('the manager comments and approves', async () => {
    await manager.goto(`${base}${address}`)
    await manager.locator('[data-comment]').first().click()
    await manager.getByLabel('提意见').first().fill('苏州的交接请安排一次拜访。')
    await manager.getByRole('button', { name: '发出' }).click()
    await manager.getByText('苏州的交接请安排一次拜访。').last().waitFor()
    await manager.locator('#change-panel').click({ position: { x: 4, y: 4 } })
    await manager.keyboard.press('a')
    await manager.getByText('已批准', { exact: true }).first().waitFor()
    await shot(manager, '6-approved')
  })

  await step('tomorrow at 00:00 it takes effect; the rep sees what was foretold, account by account', async () => {
    const zone = (await (await ops.request.get(`${base}/api/me`)).json()).tenant.zone as string
    const dayIn = (days: number) => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date(Date.now() + days * 86_400_000))
    await ops.goto(`${base}${address}`)
    await ops.getByRole('button', { name: '定生效时刻' }).click()
    await ops.getByText('定在某一刻').click()
    await ops.getByRole('dialog').locator('input[type=date]').fill(dayIn(1))
    await ops.getByRole('dialog').locator('input[type=time]').fill('00:00')
    await ops.getByRole('dialog').getByRole('button', { name: '定生效时刻' }).click()
    await ops.getByText('已排定', { exact: true }).first().waitFor()
    await shot(ops, '7-scheduled')
    assert.deepEqual(await seenByRep(), before, 'not before its instant')
    const planned = await db.owner.query<{ at: string }>(
      `select to_char(effective_at at time zone $1, 'YYYY-MM-DD HH24:MI') as at from activation order by seq desc limit 1`,
      [zone],
    )
    assert.equal(planned.rows[0]!.at, `${dayIn(1)} 00:00`)
    // The night passes: what lies ahead lies a moment back.
    await db.owner.query(`update activation set effective_at = now() - interval '1 second' where effective_at > now()`)
    assert.deepEqual(await seenByRep(), foretold)
    await ops.reload()
    await ops.getByText('已生效', { exact: true }).first().waitFor()
    await rep.goto(`${base}/accounts`)
    await rep.getByText(`${foretold.size} 家`, { exact: true }).waitFor()
    await shot(rep, '8-rep')
  })

  await step('yesterday is still there, on the pill and in the list', async () => {
    const lost = [...before].find(id => !foretold.has(id))!
    const zone = (await (await ops.request.get(`${base}/api/me`)).json()).tenant.zone as string
    const yesterday = new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date(Date.now() - 86_400_000))
    await ops.goto(`${base}/accounts/${lost}`)
    await ops.locator('.jy-pill').first().click()
    await ops.getByText('某日', { exact: true }).click()
    await ops.getByLabel('日子', { exact: true }).fill(yesterday)
    await ops.keyboard.press('Enter')
    await ops.getByRole('button', { name: '看这一刻' }).click()
    await ops.waitForURL(url => url.searchParams.get('at') === yesterday)
    await ops.getByText('林若溪', { exact: true }).first().waitFor()
    const then = await (await ops.request.get(`${base}/api/accounts?limit=200&at=${yesterday}&ownerId=${repId}`)).json()
    assert.ok(
      then.rows.some((r: Row) => r.id === lost),
      'the list of yesterday has it under its owner of then',
    )
    await shot(ops, '9-yesterday')
  })

  await step('one step leads back', async () => {
    await ops.goto(`${base}${address}`)
    await ops.getByRole('button', { name: '整单撤回' }).click()
    await ops.getByRole('dialog').getByRole('button', { name: '整单撤回' }).click()
    await ops.getByText('已撤回', { exact: true }).first().waitFor()
    assert.deepEqual(await seenByRep(), before)
  })
  assert.deepEqual(faults, [], 'no page failed and no request was answered with 5xx')
})
