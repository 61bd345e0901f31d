/**
 * A manager hands over a leaver in a real browser: from the list of people to a draft, a condition with two receivers, one customer by hand with a
 * note, looked at by receiver, started, followed to "nothing left behind", undone; the receiver is told; the list of what inactive people still
 * hold leads to the same page. An absence is scheduled. Dark and English, and a phone, show the same.
 */
import assert from 'node:assert/strict'
import test from 'node:test'
import { skip, startJourney } from '../support/journey.ts'

test('a leaver is handed over whole, by rule and by hand, and brought back', { skip, timeout: 300_000 }, async t => {
  const { base, db, open, faults, shot } = await startJourney(t, { accounts: 600, people: 60, seed: 3 })
  const q = async (sql: string, values: unknown[] = []) => (await db.owner.query(sql, values)).rows
  const model = (await q('select model_id::text as id from activation where cancelled_at is null order by seq desc limit 1'))[0].id
  const rep = (await q(`select id::text, name from app_user where login = 'rep'`))[0] as { id: string; name: string }
  const owned = async () =>
    (await q('select count(*)::int as n from account_placement where model_id = $1 and owner_id = $2', [model, rep.id]))[0].n as number
  const before = await owned()
  const peers = (await q(
    `select distinct u.id, u.name, u.login from app_user u join territory_member m on m.user_id = u.id and m.ends_at is null and m.member_role = 'owner' join territory t on t.id = m.territory_id and t.model_id = $1
      where u.state = 'active' and u.id <> $2 and t.parent_id in (select x.parent_id from territory x join territory_member y on y.territory_id = x.id where y.user_id = $2 and x.model_id = $1) order by u.id limit 2`,
    [model, rep.id],
  )) as { name: string; login: string }[]
  const [first, second] = peers as [{ name: string; login: string }, { name: string; login: string }]

  const manager = await open('manager')
  const pick = async (label: string, name: string) => {
    const box = manager.getByRole('combobox', { name: label, exact: true }).last()
    await box.fill(name)
    await manager.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)').getByText(name, { exact: true }).first().click()
    await manager.waitForTimeout(300)
  }
  await manager.goto(`${base}/settings/people`)
  await manager.getByLabel('找姓名或账号').fill('rep')
  await manager.getByRole('button', { name: `${rep.name} 的操作` }).click()
  await manager.getByRole('menuitem', { name: '交接…' }).click()
  await manager.getByRole('button', { name: '下一步' }).click()
  await manager.waitForURL(/\/handovers\/\d+/)
  await manager.getByText('还没有接手人').first().waitFor()
  await shot(manager, 'handover-1-draft')

  await pick('其余客户的接手人', first.name)
  await manager.getByText(`客户 `, { exact: false }).first().waitFor()
  await manager.getByRole('button', { name: '加一个条件' }).click()
  await manager.getByRole('combobox', { name: '条件 1 的接手人:怎么分' }).click()
  await manager.getByTitle('按家数平分').click()
  for (const p of [first, second]) await pick('条件 1 的接手人', p.name)
  await manager.keyboard.press('Escape')
  await manager.getByText('符合条件 1', { exact: false }).first().waitFor()
  await shot(manager, 'handover-2-spread')

  // One by hand, with a note, by the keyboard.
  await manager.locator('[data-row="0"]').focus()
  await manager.keyboard.press('x')
  await pick('改交给…', second.name)
  await manager.getByText('手工指定').first().waitFor()
  await manager.locator('[data-row="0"]').getByRole('button', { name: /留言/ }).click()
  await manager.getByRole('dialog').getByRole('textbox').fill('采购部换人了,先约新经理')
  await manager
    .getByRole('dialog')
    .getByRole('button', { name: /保\s?存/ })
    .click()
  await manager.getByRole('dialog').waitFor({ state: 'hidden' })
  await shot(manager, 'handover-3-by-hand')

  await manager.getByRole('button', { name: '开始交接' }).click()
  await manager.getByRole('dialog').getByRole('button', { name: '开始交接' }).click()
  await manager.getByText('名下没有遗留', { exact: false }).waitFor()
  assert.equal(await owned(), 0)
  assert.equal((await q(`select 1 from note where text like '采购部换人了%'`)).length, 1)
  await shot(manager, 'handover-4-done')

  const receiver = await open(second.login)
  await receiver
    .getByRole('button', { name: /通知|消息/ })
    .first()
    .click()
  await receiver.getByText(`${rep.name}的`, { exact: false }).first().click()
  await receiver.waitForURL(/\/handovers\/\d+/)
  await receiver.getByText('已交', { exact: false }).first().waitFor()
  await shot(receiver, 'handover-5-receiver')

  await manager.getByRole('button', { name: '撤销交接' }).click()
  await manager.getByRole('dialog').getByRole('button', { name: '撤销交接' }).click()
  await manager.getByText('项', { exact: false }).and(manager.locator('.ant-alert *')).first().waitFor()
  await manager.getByText('已交回', { exact: false }).first().waitFor()
  for (let i = 0; i < 50 && (await owned()) < before; i += 1) await manager.waitForTimeout(200)
  assert.equal(await owned(), before)

  // Somebody inactive still holds a task.
  await q(`update app_user set state = 'inactive', deactivated_at = now() where login = $1`, [first.login])
  const ops = await open('ops')
  await ops.goto(`${base}/handovers`)
  await ops.getByText(rep.name).first().waitFor()
  await shot(ops, 'handover-6-list')
  await ops.getByText('离职遗留').click()
  await ops.getByText(first.name).first().waitFor()
  await shot(ops, 'handover-7-left-behind')
  await ops
    .getByRole('row', { name: new RegExp(first.name) })
    .getByRole('button', { name: '去交接' })
    .or(ops.getByRole('button', { name: '去交接' }))
    .first()
    .click()
  await ops.waitForURL(/\/handovers\/\d+/)

  // An absence, on its days.
  await ops.goto(`${base}/handovers/new?from=${rep.id}&name=${encodeURIComponent(rep.name)}`)
  await ops.getByText('休假', { exact: true }).click()
  await ops.getByRole('button', { name: '下一步' }).click()
  await ops.waitForURL(/\/handovers\/\d+/)
  await ops.getByText('只给编辑权').click()
  await ops.getByText('主责不变,代管人期间可以编辑。').waitFor()
  await ops.getByLabel('到哪天(含)').waitFor()
  await shot(ops, 'handover-8-absence')
  await ops.emulateMedia({ colorScheme: 'dark' })
  assert.ok((await ops.request.patch(`${base}/api/me`, { headers: { 'x-jiangyu': '1' }, data: { locale: 'en' } })).ok())
  await ops.reload()
  await ops.getByText('The owner stays; the substitute may edit for this time.').waitFor()
  await shot(ops, 'handover-9-dark-en')
  await ops.setViewportSize({ width: 390, height: 844 })
  await shot(ops, 'handover-10-phone')
  assert.equal(await ops.evaluate('document.documentElement.scrollWidth > window.innerWidth + 1'), false)
  assert.deepEqual(faults, [])
})
