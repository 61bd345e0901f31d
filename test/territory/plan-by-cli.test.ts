/**
 * The planner's way with the command line alone: the active model as a file, a city moved, an industry team added, a person replaced; the gap
 * that a first edit leaves is proved with its witness and mended; comment, approval, tomorrow 00:00, yesterday, undo.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import test from 'node:test'
import { makeCompany } from '../support/company.ts'

const ROOT = path.join(import.meta.dirname, '..', '..')
// biome-ignore lint/suspicious/noExplicitAny: what the command answers as JSON; each step checks what it reads
type Json = any

test('from a model file to undo, by commands', { timeout: 240_000 }, async t => {
  const company = await makeCompany({ accounts: 600, people: 60, seed: 1 })
  const folder = mkdtempSync(path.join(tmpdir(), 'jiangyu-plan-'))
  t.after(async () => {
    rmSync(folder, { recursive: true, force: true })
    await company.close()
  })
  const server = new URL(process.env.JIANGYU_TEST_SERVER!)
  server.pathname = `/${(await company.one<{ name: string }>('select current_database() as name')).name}`
  /** Runs a command with --json; answers its exit code and what it said. */
  const jiangyu = (...args: string[]): Promise<{ code: number; said: Json; text: string }> =>
    new Promise(resolve => {
      const all = ['--disable-warning=ExperimentalWarning', path.join(ROOT, 'src/cli/main.ts'), ...args, '--json']
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
  const [repId, managerId] = [await company.idOf('rep'), await company.idOf('manager')]
  const policy = { rows: [{ measure: 'owners', atLeast: 1, approver: 'user', userId: managerId }] }
  assert.equal((await company.send('admin', 'PUT', '/api/change-policy', policy)).status, 200)
  const seen = async (): Promise<string[]> => {
    const ids: string[] = []
    for (let cursor = ''; ; ) {
      const page = (await company.send('rep', 'GET', `/api/accounts?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`)).body
      ids.push(...page.rows.map((r: { id: string }) => r.id))
      if (!page.next) return ids.sort()
      cursor = page.next
    }
  }
  const before = await seen()

  const file = path.join(folder, 'model.json')
  await ok('model', 'export', 'active', file, '--as', 'ops')
  const model = JSON.parse(readFileSync(file, 'utf8'))
  const all: Json[] = []
  const walk = (list: Json[]) => {
    for (const x of list) {
      all.push(x)
      walk(x.children ?? [])
    }
  }
  walk(model.territories)
  const named = (name: string): Json => all.find(x => x.name === name)
  const inside = (...values: string[]) => ({ field: 'division', op: 'in', values })
  const heir = (
    await company.one<{ login: string }>(
      "select login from app_user where tenant_id = 1 and login like '%' and state = 'active' and login not in ('rep', 'ops', 'hq', 'admin', 'manager') order by id limit 1",
    )
  ).login
  model.name = '明年版图'
  named('江苏').rule = { all: [inside('320000'), { none: [inside('320800')] }] }
  named('行业部').children.push({
    code: 'IND-CHIP',
    name: '电子行业',
    type: 'industry',
    rule: {
      all: [
        { field: 'industry', op: 'in', values: ['C39'] },
        { field: 'tier', op: 'in', values: ['A', 'B'] },
      ],
    },
    members: [{ login: heir, role: 'owner', access: 'edit', creditBp: 10000 }],
  })
  named('苏州').members = [{ login: heir, role: 'owner', access: 'edit', creditBp: 10000 }]
  model.tests = [{ name: '淮安归安徽', values: { division: '320803', tier: 'C', industry: 'F51', size: 20 }, territory: named('安徽').code }]
  writeFileSync(file, JSON.stringify(model))

  // Dry run: the test fails, the exit code says so, nothing was written.
  const { gaps } = (await jiangyu('prove', 'active', '--as', 'ops')).said
  const dry = await jiangyu('check', file, '--as', 'ops')
  assert.equal(dry.code, 1, dry.text)
  assert.equal(dry.said?.failed, 1, dry.text.slice(0, 600))
  const gone = await ok('model', 'import', file, '--as', 'ops')
  const gap = await jiangyu('prove', gone.modelId, '--as', 'ops', '--lang', 'zh-CN')
  assert.equal(gap.code, 1, gap.text.slice(0, 400))
  const precise = (g: Json) => g.total - g.vague
  assert.equal(precise(gap.said.gaps), precise(gaps) + 1)
  assert.ok(gap.said.findings.some((f: Json) => f.kind === 'gap' && /淮安/.test(f.combination.join())))

  named('安徽').rule = inside('340000', '320800')
  writeFileSync(file, JSON.stringify(model))
  assert.equal((await ok('check', file, '--as', 'ops')).failed, 0)
  const made = await ok('model', 'import', file, '--as', 'ops')
  assert.deepEqual((await jiangyu('prove', made.modelId, '--as', 'ops')).said.gaps, gaps)
  const set = String(made.changeSetId)
  const computed = await ok('change', 'compute', set, '--as', 'ops')
  assert.ok(computed.figures.owners > 0)
  const eyes = (await company.send('ops', 'GET', `/api/change-sets/${set}/people/${repId}/accounts?limit=200`)).body
  const foretold = eyes.rows
    .filter((r: Json) => r.mark !== 'lost')
    .map((r: Json) => r.accountId)
    .sort()
  assert.ok(foretold.length < before.length)

  const submitted = await ok('change', 'submit', set, '--why', '淮安归安徽,苏州换人', '--as', 'ops')
  assert.deepEqual(submitted.figures, computed.figures, 'what the draft foresaw is what its rows say')
  await ok('change', 'comment', set, '--why', '苏州的交接请安排一次拜访', '--as', 'manager')
  assert.equal((await ok('change', 'approve', set, '--as', 'manager')).state, 'approved')
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
  assert.equal((await ok('change', 'schedule', set, '--at', tomorrow, '--as', 'ops')).state, 'scheduled')
  assert.deepEqual(await seen(), before, 'not before its instant')
  // The night passes: what lies ahead lies a moment back.
  await company.db.owner.query("update activation set effective_at = now() - interval '1 second' where effective_at > now()")
  assert.deepEqual(await seen(), foretold)

  const lost = before.find(id => !foretold.includes(id))!
  const [now, then] = [
    await ok('explain', lost, '--as', 'ops'),
    await ok('explain', lost, '--as', 'ops', '--at', new Date(Date.now() - 60_000).toISOString()),
  ]
  assert.equal(then.outcome.owner.id, repId)
  assert.notEqual(now.outcome.owner?.id, repId)
  await ok('change', 'undo', '--why', '过早', '--as', 'ops')
  assert.deepEqual(await seen(), before)
})
