/** Handing over by a command: a look that writes nothing, rules from a file with people by login, a day ahead, and what is left behind as exit code. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import test from 'node:test'
import { makeHandoverCompany } from './world.ts'

const ROOT = path.join(import.meta.dirname, '..', '..')
// biome-ignore lint/suspicious/noExplicitAny: what the command answers as JSON; each step checks what it reads
type Json = any

test('handover: dry run, rules, on a day, now', { timeout: 200_000 }, async t => {
  const w = await makeHandoverCompany({ accounts: 300, people: 60, seed: 2 })
  const folder = mkdtempSync(path.join(tmpdir(), 'jiangyu-handover-'))
  t.after(async () => {
    rmSync(folder, { recursive: true, force: true })
    await w.close()
  })
  const server = new URL(process.env.JIANGYU_TEST_SERVER!)
  server.pathname = `/${(await w.one<{ name: string }>('select current_database() as name')).name}`
  const handover = (...args: string[]): Promise<{ code: number; said: Json }> =>
    new Promise(resolve => {
      const all = ['--disable-warning=ExperimentalWarning', path.join(ROOT, 'src/cli/main.ts'), 'handover', ...args, '--json', '--lang', 'en']
      execFile(process.execPath, all, { env: { ...process.env, DATABASE_URL: server.href } }, (error, out) =>
        resolve({ code: error ? Number(error.code ?? 1) : 0, said: JSON.parse(out) }),
      )
    })
  const owned = await w.accountsOf('rep')
  const tier = (await w.one<{ tier: string }>('select tier from account where id = $1', [owned[0]])).tier
  const file = path.join(folder, 'rules.json')
  writeFileSync(
    file,
    JSON.stringify({
      kinds: ['account'],
      when: [{ condition: { field: 'tier', op: 'in', values: [tier] }, receiver: { to: 'person', login: 'ops' } }],
    }),
  )
  const people = ['--from', 'rep', '--to', 'manager']
  const look = await handover(...people, '--rules', file, '--dry-run', '--as', 'ops')
  assert.equal(look.code, 0)
  assert.equal(
    look.said.reduce((sum: number, c: Json) => sum + c.n, 0),
    owned.length,
  )
  assert.equal(look.said.length, 2)
  assert.equal((await w.rows('select 1 from handover')).length, 0)

  assert.equal((await handover(...people, '--as', 'rep')).said.refused[0].code, 'permission.missing')
  assert.equal((await handover('--from', 'nobody', '--to', 'manager', '--as', 'ops')).said.refused[0].code, 'record.notFound')

  const later = await handover(...people, '--date', '2099-01-01', '--as', 'ops')
  assert.deepEqual([later.code, later.said.state], [0, 'scheduled'])
  assert.deepEqual(await w.accountsOf('rep'), owned)

  // Only customers by this rule: the rest of a leaver's work is left behind, and a pipeline hears of it.
  const some = await handover(...people, '--rules', file, '--as', 'ops')
  assert.equal(some.code, 1)
  assert.ok(some.said.left.length > 0 && !some.said.left.some((k: Json) => k.kind === 'account'))
  const rest = await handover(...people, '--as', 'ops')
  assert.deepEqual([rest.code, rest.said.left], [0, []])
  assert.deepEqual(await w.accountsOf('rep'), [])
})
