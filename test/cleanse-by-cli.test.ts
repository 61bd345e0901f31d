/** The data check-up by commands: run, report as a file within one's sight, a dry run that writes nothing, a fix and its way back. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import test from 'node:test'
import { makeCompany } from './support/company.ts'

const ROOT = path.join(import.meta.dirname, '..')
// biome-ignore lint/suspicious/noExplicitAny: what the command answers as JSON; each step checks what it reads
type Json = any

test('cleanse: run, report, dry run, fix, undo', { timeout: 200_000 }, async t => {
  const company = await makeCompany({ accounts: 300, people: 60, seed: 2 })
  const folder = mkdtempSync(path.join(tmpdir(), 'jiangyu-cleanse-'))
  t.after(async () => {
    rmSync(folder, { recursive: true, force: true })
    await company.close()
  })
  await company.rows(`update account set name = '＝' || replace(name, '有限公司', '　有限公司') where id % 10 = 2`)
  const server = new URL(process.env.JIANGYU_TEST_SERVER!)
  server.pathname = `/${(await company.one<{ name: string }>('select current_database() as name')).name}`
  const jiangyu = (...args: string[]): Promise<{ code: number; said: Json; text: string }> =>
    new Promise(resolve => {
      const all = ['--disable-warning=ExperimentalWarning', path.join(ROOT, 'src/cli/main.ts'), 'cleanse', ...args, '--json', '--lang', 'en']
      execFile(process.execPath, all, { env: { ...process.env, DATABASE_URL: server.href }, maxBuffer: 1 << 26 }, (error, out, err) => {
        const text = `${out}${err}`
        let said: Json = null
        try {
          said = JSON.parse(out)
        } catch {}
        resolve({ code: error ? Number(error.code ?? 1) : 0, said, text })
      })
    })
  const ok = async (...args: string[]): Promise<Json> => {
    const { code, said, text } = await jiangyu(...args)
    assert.equal(code, 0, `${args.join(' ')}: ${text.slice(0, 600)}`)
    return said
  }
  const dirty = () => company.one<{ n: number }>(`select count(*)::int as n from account where name like '%　%'`).then(r => r.n)
  const n = await dirty()

  assert.equal((await jiangyu('--run', '--as', 'manager')).said.refused[0].code, 'cleansing.wide')
  const file = path.join(folder, 'problems.csv')
  const report = await ok('--run', '--report', file, '--as', 'ops')
  assert.equal(report.kinds.find((k: Json) => k.field === 'name' && k.kind === 'name.form').count, n)
  const lines = readFileSync(file, 'utf8').trim().split('\r\n')
  assert.equal(lines.length - 1, report.rows)
  assert.equal(lines.filter(l => l.includes('Full width letters or digits')).length, n)
  assert.ok(
    lines.every(l => !/,[=＝]/.test(l)),
    'no cell runs as a formula',
  )

  const mine = path.join(folder, 'mine.csv')
  const own = await ok('--report', mine, '--as', 'rep')
  assert.ok(own.scope === 'sight' && own.accounts < report.accounts && own.rows < report.rows)
  const seen = new Set(await company.accountsOf('rep'))
  const ids = readFileSync(mine, 'utf8')
    .trim()
    .split('\r\n')
    .slice(1)
    .map(l => l.split(',')[0]!)
  assert.ok(ids.length > 0 && ids.filter(id => seen.has(id)).length > 0)

  const dry = await ok('--fix', 'name.form', '--dry-run', '--as', 'ops')
  assert.deepEqual([dry[0].field, dry[0].matched, dry[0].editable], ['name', n, n])
  assert.equal(await dirty(), n)
  const fixed = await ok('--fix', 'name.form', '--as', 'ops')
  assert.equal(fixed[0].changed, n)
  assert.equal(await dirty(), 0)
  assert.equal((await ok(fixed[0].id, '--undo', '--as', 'ops')).restored, n)
  assert.equal(await dirty(), n)
  assert.equal((await jiangyu('--fix', 'nothing', '--as', 'ops')).said.refused[0].code, 'cleansing.kind')
  assert.equal((await jiangyu('--fix', 'name.form', '--as', 'rep')).said.refused[0].code, 'permission.missing')
})
