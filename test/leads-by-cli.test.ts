/** Leads by commands: a list in, what waits, routed again, the turns played again; within the sight of the named person. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import test from 'node:test'
import { makeCompany } from './support/company.ts'

const ROOT = path.join(import.meta.dirname, '..')
// biome-ignore lint/suspicious/noExplicitAny: what the command answers as JSON; each step checks what it reads
type Json = any

test('leads: import, list, route, replay', { timeout: 200_000 }, async t => {
  const company = await makeCompany({ accounts: 200, people: 60, seed: 2 })
  const folder = mkdtempSync(path.join(tmpdir(), 'jiangyu-leads-'))
  t.after(async () => {
    rmSync(folder, { recursive: true, force: true })
    await company.close()
  })
  const server = new URL(process.env.JIANGYU_TEST_SERVER!)
  server.pathname = `/${(await company.one<{ name: string }>('select current_database() as name')).name}`
  const jiangyu = (...args: string[]): Promise<{ code: number; said: Json; text: string }> =>
    new Promise(resolve => {
      const all = ['--disable-warning=ExperimentalWarning', path.join(ROOT, 'src/cli/main.ts'), 'leads', ...args, '--json', '--lang', 'en']
      execFile(process.execPath, all, { env: { ...process.env, DATABASE_URL: server.href }, maxBuffer: 1 << 26 }, (error, out, err) => {
        const text = `${out}${err}`
        let said: Json = null
        try {
          said = JSON.parse(out)
        } catch {}
        resolve({ code: error ? Number(error.code ?? 1) : 0, said, text })
      })
    })
  const file = path.join(folder, 'leads.csv')
  writeFileSync(
    file,
    '编号,公司名称,联系人,手机,所在地,留言\n1,甲方科技有限公司,张三,13911112222,江苏省苏州市吴中区,想要报价\n2,乙方机械有限公司,李四,13911113333,,\n3,,王五,13911114444,,\n4,丙方电子有限公司,赵六,13911115555,亚特兰蒂斯,\n',
  )
  const first = await jiangyu('import', file, '--source', 'expo2026', '--as', 'ops')
  assert.equal(first.code, 1, first.text)
  assert.deepEqual(
    [first.said.created, first.said.refused.map((r: Json) => [r.row, r.field])],
    [
      2,
      [
        [4, 'company'],
        [5, 'division'],
      ],
    ],
  )
  const again = await jiangyu('import', file, '--source', 'expo2026', '--as', 'ops')
  assert.deepEqual([again.said.created, again.said.known], [0, 2])
  assert.equal((await jiangyu('import', file, '--as', 'hq')).code, 1, 'reading is not working')
  const list = await jiangyu('list', '--as', 'ops')
  assert.ok(list.said.rows.some((r: Json) => r.company === '乙方机械有限公司' && r.reason === 'noCriterion'))
  await company.db.owner.query(
    `update lead set division = '320506', industry = (select industry from account where division is not null and industry is not null limit 1) where company = '乙方机械有限公司'`,
  )
  const routed = await jiangyu('route', '--as', 'ops')
  assert.equal(routed.code, 0, routed.text)
  assert.ok(routed.said.asked >= 1)
  const replay = await jiangyu('replay', '--as', 'ops')
  assert.deepEqual([replay.code, replay.said.differing], [0, []])
})
