/**
 * Working with models in a real browser: two of them side by side, tests of a draft that hold it back until they hold, measures of the
 * company's own, and how they are spread, on the map.
 */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Page } from 'playwright-core'
import { skip, startJourney } from '../support/journey.ts'

test('models: compared, tested, measured, and seen on the map', { skip, timeout: 300_000 }, async t => {
  const { base, open, faults, shot: keep } = await startJourney(t)
  const ops = await open('ops')
  const shot = (page: Page, name: string) => keep(page, `models-${name}`)
  const ask = async (method: 'post' | 'patch' | 'get' | 'delete', path: string, data?: object, version?: number) => {
    const headers = { 'x-jiangyu': '1', ...(version === undefined ? {} : { 'if-match': String(version) }) }
    const answer = await ops.request[method](`${base}/api/${path}`, { headers, ...(data ? { data } : {}) })
    assert.ok(answer.ok(), `${path}: ${await answer.text()}`)
    return answer.json()
  }
  type Row = {
    id: string
    name: string
    code: string
    rowVersion: number
    divisions: string[]
    parentId: string | null
    children: number
    accounts: number
  }
  const look = (locale: string, theme: string) => ask('patch', 'me', { locale, theme })
  const active = (await ask('get', 'models')).rows.find((m: { active: boolean }) => m.active).id as string
  const painted = (page: Page, maps: number) => page.waitForFunction(n => performance.getEntriesByName('map:painted').length >= n, maps)
  let draft = ''

  await t.test('two models side by side', async () => {
    draft = (await ask('post', 'models', { name: '苏州并入无锡' })).id
    const rows: Row[] = (await ask('get', `models/${draft}/territories?limit=5000`)).rows
    const [suzhou, wuxi] = ['苏州', '无锡'].map(name => rows.find(r => r.name === name))
    const target = wuxi ?? rows.find(r => r.parentId === suzhou!.parentId && r.id !== suzhou!.id && r.divisions.length > 0)!
    const path = `models/${draft}/territories`
    const { own } = await ask('get', `${path}/${target.id}`)
    const gone = await ask('get', `${path}/${suzhou!.id}`)
    await ask('patch', `${path}/${target.id}`, { name: `${target.name}与苏州`, condition: { any: [own, gone.own] } }, target.rowVersion)
    await ask('delete', `${path}/${suzhou!.id}`, undefined, suzhou!.rowVersion)

    await ops.goto(`${base}/map?model=${draft}`)
    await painted(ops, 1)
    await ops.getByRole('button', { name: '更多' }).click()
    await ops.getByRole('menuitem', { name: '对照…' }).click()
    await ops.waitForURL(url => url.pathname === '/territory/compare')
    await ops.getByText(`${target.name}与苏州`).first().waitFor()
    await shot(ops, '1-structure')
    await ops.keyboard.press(']')
    await ops.locator('li[data-change="added"]').first().waitFor()
    await shot(ops, '2-rules')
    await ops.keyboard.press(']')
    await ops.getByText('退出').first().waitFor()
    await shot(ops, '3-people')
    await ops.keyboard.press(']')
    await ops.getByText('草稿还没有核算', { exact: false }).waitFor()
    await ops.getByRole('button', { name: '现在核算' }).click()
    await ops.getByText('两边都有', { exact: false }).waitFor()
    await shot(ops, '4-numbers')
    await ops.getByRole('tab', { name: '地图' }).click()
    await ops.getByText('从哪里到哪里').waitFor()
    await painted(ops, 2)
    await shot(ops, '5-map')
    const [file] = await Promise.all([ops.waitForEvent('download'), ops.getByRole('button', { name: '导出差异' }).click()])
    assert.match(file.suggestedFilename(), /^compare-\d+-\d+\.xlsx$/)
  })

  await t.test('a test that fails holds the draft back, says why, and lets it go once it holds', async () => {
    const rows: Row[] = (await ask('get', `models/${draft}/territories?limit=5000`)).rows
    const target = rows.find(r => r.name.endsWith('与苏州'))!
    const account = (await ask('get', `accounts?limit=1&territoryId=${target.id}`)).rows[0]
    const name = String(account.values.name)
    await ops.goto(`${base}/map?model=${draft}`)
    await painted(ops, 1)
    await ops.getByRole('button', { name: '更多' }).click()
    await ops.getByRole('menuitem', { name: '归属测试…' }).click()
    await ops.getByText('还没有归属测试').waitFor()
    await ops.getByRole('button', { name: '加一条测试' }).click()
    await ops.getByLabel('客户', { exact: true }).fill(name)
    await ops.locator('.ant-select-item-option', { hasText: name }).click()
    await ops.getByLabel('应落在').fill('没有')
    await ops.locator('.ant-select-item-option', { hasText: '没有区域' }).click()
    await ops.getByRole('button', { name: '保存' }).click()
    await ops.getByText('1 条里 1 条没通过').waitFor()
    await ops.getByRole('button', { name: '加一条测试' }).click()
    await ops.getByText('一组属性').click()
    await ops.getByRole('textbox', { name: '属性,一行一个' }).fill('行政区划: 昆山市\n等级: 从没有过\n颜色: 红')
    await ops.getByText('第 2 行:没有「从没有过」。').waitFor()
    await ops.getByText('第 3 行:没有字段「颜色」,或规则不读它。').waitFor()
    await shot(ops, '8-test-form')
    await ops.getByRole('textbox', { name: '属性,一行一个' }).fill('行政区划: 昆山市\n等级: C')
    await ops.getByLabel('应落在').fill(target.code)
    await ops.locator('.ant-select-item-option', { hasText: target.name }).click()
    await ops.getByRole('dialog').getByRole('button', { name: '保存' }).click()
    await ops.getByText('2 条里 1 条没通过').waitFor()
    await shot(ops, '9-tests')
    await ops.getByRole('button', { name: `「${name}」为什么落在那里` }).click()
    await ops.getByText(`${name}`, { exact: false }).last().waitFor()
    await shot(ops, '10-why')
    await ops.keyboard.press('Escape')
    await ops.keyboard.press('Escape')
    await ops.getByRole('button', { name: '计算归属' }).click()
    await ops.getByText('这份草稿不能送审、计算或启用', { exact: false }).waitFor()
    await ops.getByRole('button', { name: /^改「.*没有区域」$/ }).click()
    await ops.getByLabel('应落在').fill(target.code)
    await ops.locator('.ant-select-item-option', { hasText: target.name }).click()
    await ops.getByLabel('名称(可不填)').fill('留在无锡')
    await ops.getByRole('button', { name: '保存' }).click()
    await ops.getByText('2 条都通过').waitFor()
  })

  await t.test('the company defines a measure of its own', async () => {
    await ops.goto(`${base}/health`)
    await ops.getByRole('button', { name: '指标' }).click()
    await ops.getByText('每家客户算 1').waitFor()
    await shot(ops, '11-measures')
    await ops.getByRole('button', { name: '加一项指标' }).click()
    await ops.getByLabel('名称(简体)').fill('开发分')
    await ops.getByLabel('名称(英文)').fill('Growth score')
    await ops.getByRole('combobox', { name: '字段' }).click()
    await ops.locator('.ant-select-item-option', { hasText: '员工数' }).click()
    await ops.getByRole('spinbutton', { name: '权重' }).fill('0')
    await shot(ops, '12-measure')
    await ops.getByRole('button', { name: '确定' }).click()
    await ops.getByRole('button', { name: '保存' }).click()
    await ops.getByText('指标「开发分」的数都是 0', { exact: false }).first().waitFor()
    await ops.getByRole('button', { name: '改指标' }).last().click()
    await ops.getByRole('spinbutton', { name: '权重' }).fill('2.5')
    await ops.getByRole('button', { name: '确定' }).click()
    await ops.getByText('员工数 × 2.5').waitFor()
    await ops.getByRole('button', { name: '改指标' }).first().click()
    await ops
      .getByRole('spinbutton', { name: /一年几次/ })
      .first()
      .waitFor()
    await shot(ops, '13-visits')
    await ops.getByRole('button', { name: '确定' }).click()
    await ops.getByRole('button', { name: '保存' }).click()
    await ops.locator('.jy-health-cards').getByText('开发分').waitFor()
  })

  await t.test('how it is spread, on the map', async () => {
    await ops.getByRole('link', { name: '在地图上看' }).first().click()
    await ops.waitForURL(url => url.pathname === '/map' && url.searchParams.get('layer') === 'health.workload')
    await ops.getByText(/^工作量 · 离 \d+ 个区域的均值/).waitFor()
    await painted(ops, 1)
    await shot(ops, '14-health-map')
    await ops.getByRole('combobox', { name: '看哪项指标' }).click()
    await ops.locator('.ant-select-item-option', { hasText: '潜力' }).click()
    await ops.getByText(/^潜力 · 离/).waitFor()
    const place = (await ask('get', `models/${active}/territories?limit=5000`)).rows.find((r: Row) => r.name === '上海')
    await ops.goto(`${base}/map?t=${place.id}&layer=health.potential`)
    await ops.getByRole('tab', { name: '数字' }).click()
    await ops.getByText('个收客户的区域比', { exact: false }).waitFor()
    await painted(ops, 1)
    await shot(ops, '15-health-panel')
    await ops.getByText('营收', { exact: true }).first().click()
    await ops.waitForURL(url => url.searchParams.get('layer') === null)
  })

  await t.test('in English, dark, and as wide as a phone', async () => {
    await look('en', 'dark')
    await ops.goto(`${base}/map?layer=health.workload&model=${draft}`)
    await ops.getByRole('button', { name: 'More' }).click()
    await ops.getByRole('menuitem', { name: 'Tests…' }).click()
    await ops.getByText('all 2 hold').waitFor()
    await shot(ops, '16-tests-dark')
    await ops.goto(`${base}/territory/compare?a=${active}&b=${draft}&tab=numbers`)
    await ops.getByRole('tabpanel').getByText('E-02', { exact: false }).first().waitFor()
    await shot(ops, '17-numbers-dark')
    await ops.setViewportSize({ width: 390, height: 844 })
    await ops.goto(`${base}/territory/compare?a=${active}&b=${draft}&tab=people`)
    await ops.getByText('leaves').first().waitFor()
    await shot(ops, '18-people-phone')
    await ops.goto(`${base}/health`)
    await ops.getByRole('button', { name: 'Measures' }).click()
    await ops.getByText('Growth score').last().waitFor()
    await shot(ops, '19-measures-phone')
    await ops.getByRole('button', { name: 'Change the measure' }).first().click()
    await ops
      .getByRole('spinbutton', { name: /visits a year/ })
      .first()
      .waitFor()
    await shot(ops, '20-measure-phone')
  })
  assert.deepEqual(faults, [], 'no page failed and no request was answered with 5xx')
})
