/**
 * A change of territories in a real browser, from limit to undo: the administrator says who must approve, operations changes a rule and
 * submits, the manager objects to a row and approves, it takes effect, a rep sees exactly what was foretold, and one step leads back.
 */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Page } from 'playwright-core'
import { skip, startJourney } from '../support/journey.ts'

test('a change set: limits, impact, objection, approval, effect, undo', { skip, timeout: 240_000 }, async t => {
  const { base, open, faults, shot: keep } = await startJourney(t)
  const [admin, ops, manager, rep] = [await open('admin'), await open('ops'), await open('manager'), await open('rep')]
  const shot = (page: Page, name: string) => keep(page, `change-${name}`)
  const accountsOfRep = async (): Promise<number> => {
    let n = 0
    for (let cursor = ''; ; ) {
      const page = await (await rep.request.get(`${base}/api/accounts?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`)).json()
      n += page.rows.length
      if (!page.next) return n
      cursor = page.next
    }
  }
  let address = ''
  let foretold = { before: -1, after: -1 }

  await t.test('the administrator says who must approve', async () => {
    await admin.goto(`${base}/settings/approval`)
    const limits = admin.getByRole('region', { name: '审批门槛' })
    await limits.getByText('没有门槛').waitFor()
    await limits.getByRole('button', { name: '加一条' }).click()
    await admin.getByText('自己管的区域换主责达到 1 家时,这位经理各自批准。').waitFor()
    await limits.getByRole('button', { name: '保存' }).click()
    await admin.getByText('已保存').waitFor()
    await shot(admin, '1-limits')
  })

  await t.test('operations changes a rule, reads the impact, submits', async () => {
    await ops.goto(`${base}/map`)
    await ops.getByRole('button', { name: '新建草稿' }).click()
    await ops.getByPlaceholder('草稿名称', { exact: false }).fill('苏州只留大客户')
    await ops.keyboard.press('Enter')
    await ops.getByRole('button', { name: '变更集' }).click()
    await ops.getByText('还没有核算').first().waitFor()
    address = new URL(ops.url()).pathname
    const set = await (await ops.request.get(`${base}/api${address.replace('changes', 'change-sets')}`)).json()
    const model = `${base}/api/models/${set.modelId}/territories`
    const { rows } = (await (await ops.request.get(`${model}?limit=5000`)).json()) as { rows: { id: string; name: string; rowVersion: number }[] }
    const suzhou = rows.find(r => r.name === '苏州')!
    const { own } = await (await ops.request.get(`${model}/${suzhou.id}`)).json()
    const saved = await ops.request.patch(`${model}/${suzhou.id}`, {
      headers: { 'x-jiangyu': '1', 'if-match': String(suzhou.rowVersion) },
      data: { condition: { all: [own, { field: 'tier', op: 'in', values: ['KA', 'A'] }] } },
    })
    assert.ok(saved.ok(), await saved.text())
    await ops.getByRole('button', { name: '核算影响' }).first().click()
    await ops.getByText('区域前后对照').waitFor()
    await ops.getByText(/^\+\d+ −\d+ = 0$/).waitFor()
    await ops.getByRole('button', { name: '送审' }).click()
    await ops.getByPlaceholder('批准的人', { exact: false }).fill('大客户由专人负责,其余归江苏')
    await ops.getByRole('dialog').getByRole('button', { name: '送审' }).click()
    await ops.getByText('待批准 0 / 1').waitFor({ timeout: 30_000 })
    await ops.getByText('自己管的区域换主责达到 1 家', { exact: false }).waitFor()
    await shot(ops, '2-submitted')
    const id = (await (await rep.request.get(`${base}/api/me`)).json()).user.id
    const lines = await (await ops.request.get(`${base}/api${address.replace('changes', 'change-sets')}/lines?by=sight`)).json()
    foretold = lines.rows.find((l: { id: string }) => l.id === id)
    assert.ok(foretold.after < foretold.before, JSON.stringify(lines.rows))
  })

  await t.test('the manager is told, objects to a row, approves by key', async () => {
    await manager.goto(`${base}/`)
    await manager.getByRole('button', { name: /^通知/ }).click()
    await manager.getByRole('link', { name: '请你批准变更「苏州只留大客户」', exact: false }).click()
    await manager.waitForURL(`**${address}`)
    await manager.locator('[data-comment]').first().click()
    await manager.getByLabel('提意见').first().fill('两家 B 级客户正在签约。')
    await manager.getByRole('button', { name: '发出' }).click()
    await manager.getByText('两家 B 级客户正在签约。').last().waitFor()
    await manager.locator('#change-panel').click({ position: { x: 4, y: 4 } })
    await manager.keyboard.press(']')
    await manager.getByText('生效之前要对的事').waitFor()
    await manager.keyboard.press('a')
    await manager.getByText('已批准', { exact: true }).first().waitFor()
    await shot(manager, '3-approved')
  })

  await t.test('it takes effect: the rep sees what was foretold', async () => {
    assert.equal(await accountsOfRep(), foretold.before)
    await ops.goto(`${base}${address}`)
    await ops.getByRole('button', { name: '定生效时刻' }).click()
    await ops.getByRole('button', { name: '立即生效' }).click()
    await ops.getByText('已生效', { exact: true }).first().waitFor()
    await shot(ops, '4-active')
    assert.equal(await accountsOfRep(), foretold.after)
  })

  await t.test('one step leads back', async () => {
    await ops.getByRole('button', { name: '整单撤回' }).click()
    await ops.getByText('撤不回的', { exact: false }).last().waitFor()
    await ops.getByRole('dialog').getByRole('button', { name: '整单撤回' }).click()
    await ops.getByText('已撤回', { exact: true }).first().waitFor()
    assert.equal(await accountsOfRep(), foretold.before)
    await ops.goto(`${base}/changes`)
    await ops.getByText('没有进行中的变更').waitFor()
    await ops.getByText('已了结').click()
    await ops.getByText('苏州只留大客户').waitFor()
    await shot(ops, '5-undone')
  })

  await t.test('another change came into use meanwhile: the draft is merged, what both renamed is chosen', async () => {
    const post = async (path: string, data: object) => {
      const answer = await ops.request.post(`${base}/api/${path}`, { headers: { 'x-jiangyu': '1' }, data })
      assert.ok(answer.ok(), `${path}: ${await answer.text()}`)
      return answer.json()
    }
    await admin.request.put(`${base}/api/change-policy`, { headers: { 'x-jiangyu': '1' }, data: { rows: [] } })
    const made: { modelId: string; setId: string }[] = []
    for (const name of ['先生效的', '后来并入的']) {
      const { id: modelId } = await post('models', { name })
      const { rows } = await (await ops.request.get(`${base}/api/models/${modelId}/territories?limit=5000`)).json()
      const suzhou = rows.find((r: { name: string }) => r.name === '苏州')
      const saved = await ops.request.patch(`${base}/api/models/${modelId}/territories/${suzhou.id}`, {
        headers: { 'x-jiangyu': '1', 'if-match': String(suzhou.rowVersion) },
        data: { name: `苏州·${name}` },
      })
      assert.ok(saved.ok(), await saved.text())
      const sets = await (await ops.request.get(`${base}/api/change-sets`)).json()
      made.push({ modelId, setId: sets.rows.find((s: { modelId: string }) => s.modelId === modelId).id })
    }
    const [first, second] = [made[0]!, made[1]!]
    await post(`change-sets/${first.setId}/submit`, { why: 'x' })
    await ops.goto(`${base}/changes/${first.setId}`)
    await ops.getByRole('button', { name: '定生效时刻' }).click()
    await ops.getByRole('button', { name: '立即生效' }).click()
    await ops.getByText('已生效', { exact: true }).first().waitFor()
    await ops.goto(`${base}/changes/${second.setId}`)
    await ops.getByText('版图已经换过', { exact: false }).waitFor()
    await ops.getByRole('button', { name: '并入' }).click()
    await ops.getByText('1 处两边改得不一样', { exact: false }).waitFor()
    await shot(ops, '6-merge')
    await ops.getByRole('radio', { name: '苏州·后来并入的' }).click()
    await ops.getByRole('dialog').getByRole('button', { name: '并入', exact: true }).click()
    await ops.getByText('已并入', { exact: false }).first().waitFor()
    await ops.getByText('版图已经换过', { exact: false }).waitFor({ state: 'detached' })
    const { rows } = await (await ops.request.get(`${base}/api/models/${second.modelId}/territories?limit=5000`)).json()
    assert.equal(rows.filter((r: { name: string }) => r.name === '苏州·后来并入的').length, 1)
    await shot(ops, '7-merged')
  })

  assert.deepEqual(faults, [], 'no page failed and no request was answered with 5xx')
})
