/** The company's own rules: versions, a trial of an order against the past year, registrations, and what the first page lists. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import test, { after, before } from 'node:test'
import { DEFAULT_CLAUSES } from '../../src/core/engagement/clauses.ts'
import { DEFAULT_POLICY } from '../../src/core/engagement/policy.ts'
import { type Company, makeCompany } from '../support/company.ts'

let w: Company
// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever came back and compares it
type Anything = any
before(async () => {
  w = await makeCompany({ accounts: 900 })
})
after(() => w.close())
const ok = async (answer: Promise<{ status: number; text: string; body: unknown }>): Promise<Anything> => {
  const got = await answer
  assert.equal(got.status, 200, got.text)
  return got.body
}
const moved = [DEFAULT_CLAUSES[5]!, ...DEFAULT_CLAUSES.filter((_, i) => i !== 5)]

test('a version is put in force, once; cases opened before keep theirs', { timeout: 60_000 }, async () => {
  const [account] = await w.accountsOf('rep')
  const mate = await w.one<{ id: string }>(
    `select id::text from app_user where login like 'rep0%' and department_id = (select department_id from app_user where login = 'rep') order by id limit 1`,
  )
  const early = await ok(w.send('manager', 'POST', `/api/accounts/${account}/cases`, { why: 'manual', claimantId: mate.id }))
  const rules = await ok(w.send('ops', 'GET', '/api/engagement'))
  assert.deepEqual([rules.version, rules.clauses.length], [0, 7])
  const save = (version: number, clauses: unknown = moved) =>
    w.send('ops', 'PUT', '/api/engagement', { clauses, policy: { ...DEFAULT_POLICY, creditCap: 1000 }, note: '试' }, { 'if-match': String(version) })
  assert.equal((await save(0, [...moved.slice(0, 6), moved[0]])).body.title, 'engagement.order')
  const both = await Promise.all([save(0), save(0)])
  assert.deepEqual(both.map(b => b.status).sort(), [200, 409])
  assert.equal((await w.send('rep', 'GET', '/api/engagement')).status, 403)
  assert.equal(
    (await w.send('rep', 'PUT', '/api/engagement', { clauses: moved, policy: DEFAULT_POLICY, note: null }, { 'if-match': '1' })).status,
    403,
  )
  await assert.rejects(w.db.app.query('update engagement_clause set note = null'), /permission denied/)
  const kept = await ok(w.send('manager', 'GET', `/api/cases/${early.id}`))
  assert.deepEqual([kept.clauseVersion, kept.findings[0].kind], [0, 'named'])
  const [, second] = await w.accountsOf('rep')
  const late = await ok(w.send('manager', 'POST', `/api/accounts/${second}/cases`, { why: 'manual', claimantId: mate.id }))
  const seen = await ok(w.send('manager', 'GET', `/api/cases/${late.id}`))
  assert.deepEqual([seen.clauseVersion, seen.findings[0].kind, seen.policy.creditCap], [1, 'territory', 1000])
})

test('a trial adds up, writes nothing, and the territory clause alone gives each to its lead', { timeout: 60_000 }, async () => {
  const before = await w.one('select count(*)::int as n from audit')
  const only = DEFAULT_CLAUSES.map(c => ({ ...c, enabled: c.kind === 'territory' }))
  const t = await ok(w.send('ops', 'POST', '/api/engagement/simulation', { clauses: only }))
  assert.ok(t.accounts > 300)
  assert.equal(t.same + t.others + t.undecided, t.accounts)
  assert.deepEqual(
    t.byClause.map((c: Anything) => c.kind),
    ['territory'],
  )
  const lead = await w.one<{ same: number }>(
    `select count(*) filter (where p.owner_id = (select m.user_id from territory_member m where m.territory_id = p.territory_id and m.member_role = 'owner' order by m.id limit 1))::int as same
       from account_placement p join account a on a.id = p.account_id and a.deleted_at is null where p.model_id = (select model_id from activation order by seq desc limit 1) and p.owner_id is not null and coalesce(cardinality(p.contested), 0) = 0 and p.valid_from > now() - interval '1 year'`,
  )
  assert.equal(t.same, lead.same)
  assert.deepEqual(await w.one('select count(*)::int as n from audit'), before)
  const off = await ok(w.send('ops', 'POST', '/api/engagement/simulation', { clauses: DEFAULT_CLAUSES.map(c => ({ ...c, enabled: false })) }))
  assert.equal(off.undecided, off.accounts)
})

test('registrations: asked, accepted, one at a time; evidence and clause of a case; seen by whom they concern', { timeout: 60_000 }, async () => {
  const [, , account] = await w.accountsOf('rep')
  const mate = await w.one<{ id: string; login: string }>(
    `select id::text, login from app_user where login like 'rep0%' and department_id = (select department_id from app_user where login = 'rep') order by id limit 1`,
  )
  const day = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10)
  const asked = await ok(
    w.send('rep', 'POST', '/api/registrations', { accountId: account, partner: '华东代理', ownerId: mate.id, from: day(-5), until: day(90) }),
  )
  assert.equal(asked.state, 'asked')
  assert.equal(
    (await w.send('rep', 'POST', '/api/registrations', { name: 'x', partner: 'x', from: day(5), until: day(5) })).body.title,
    'registration.dates',
  )
  assert.equal((await w.send('rep', 'PATCH', `/api/registrations/${asked.id}`, { state: 'accepted' }, { 'if-match': '1' })).status, 403)
  await ok(w.send('ops', 'PATCH', `/api/registrations/${asked.id}`, { state: 'accepted' }, { 'if-match': '1' }))
  assert.equal(
    (await w.send('ops', 'PATCH', `/api/registrations/${asked.id}`, { state: 'refused' }, { 'if-match': '2' })).body.title,
    'registration.decided',
  )
  const name = (await w.one<{ name: string }>('select name from account where id = $1', [account])).name
  assert.equal(
    (await w.send('ops', 'POST', '/api/registrations', { name, partner: '别家', from: day(1), until: day(9) })).body.title,
    'registration.taken',
  )
  assert.equal((await ok(w.send(mate.login, 'GET', '/api/registrations'))).rows.length, 1)
  const other = await w.one<{ login: string }>(
    `select u.login from app_user u join department d on d.id = u.department_id and d.name = '华南大区' where u.login like 'rep0%' limit 1`,
  )
  assert.equal((await ok(w.send(other.login, 'GET', '/api/registrations'))).rows.length, 0)
  const hidden = await w.one<{ id: string }>(
    `select account_id::text as id from account_placement p join app_user u on u.id = p.owner_id and u.login = $1 limit 1`,
    [other.login],
  )
  assert.equal((await w.send('rep', 'POST', '/api/registrations', { accountId: hidden.id, partner: 'x', from: day(1), until: day(9) })).status, 404)

  const made = await ok(w.send('manager', 'POST', `/api/accounts/${account}/cases`, { why: 'registration' }))
  const v = await ok(w.send('manager', 'GET', `/api/cases/${made.id}`))
  const f = v.findings.find((x: Anything) => x.kind === 'registration')
  assert.deepEqual([f.verdict, f.side, f.evidence.length], ['applies', 1, 1])

  // A company of a group: whoever has the head stands against whoever has it.
  const [head, child] = [hidden.id, (await w.accountsOf('rep'))[4]!]
  await w.db.owner.query('update account set parent_id = $1 where id = $2', [head, child])
  const group = await ok(w.send('ops', 'POST', `/api/accounts/${child}/cases`, { why: 'group' }))
  const g = await ok(w.send('ops', 'GET', `/api/cases/${group.id}`))
  assert.equal(g.parties[1].user.id, (await w.one<{ id: string }>('select id::text from app_user where login = $1', [other.login])).id)
  assert.deepEqual([g.findings.find((x: Anything) => x.kind === 'group').verdict, g.headquarters], ['asking', true])
})

test('the first page lists what waits for the judge, by its end, and lets him put it off', { timeout: 60_000 }, async () => {
  const d = await ok(w.send('manager', 'GET', '/api/home/decisions'))
  assert.ok(d.cases.length >= 3)
  assert.deepEqual(
    d.cases.map((c: Anything) => c.dueAt),
    d.cases.map((c: Anything) => c.dueAt).sort(),
  )
  assert.equal((await ok(w.send('rep', 'GET', '/api/home/decisions'))).cases.length, 0)
  assert.ok((await ok(w.send('manager', 'GET', '/api/cases/waiting'))).n >= 3)
  const until = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10)
  await ok(w.send('manager', 'PUT', '/api/home/snoozes', { subject: `case:${d.cases[0].id}`, until, reason: '等对方回来' }))
  assert.equal(
    (await ok(w.send('manager', 'GET', '/api/home/decisions'))).cases.some((c: Anything) => c.id === d.cases[0].id),
    false,
  )
})

test('by command: list, open, export, within one’s sight', { timeout: 120_000 }, async t => {
  const folder = mkdtempSync(path.join(tmpdir(), 'jiangyu-cases-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const server = new URL(process.env.JIANGYU_TEST_SERVER!)
  server.pathname = `/${(await w.one<{ name: string }>('select current_database() as name')).name}`
  const jiangyu = (...args: string[]): Promise<{ code: number; said: Anything; text: string }> =>
    new Promise(resolve => {
      const all = [
        '--disable-warning=ExperimentalWarning',
        path.join(import.meta.dirname, '../../src/cli/main.ts'),
        'cases',
        ...args,
        '--json',
        '--lang',
        'en',
      ]
      execFile(process.execPath, all, { env: { ...process.env, DATABASE_URL: server.href } }, (error, out, err) => {
        let said: Anything = null
        try {
          said = JSON.parse(out)
        } catch {}
        resolve({ code: error ? Number(error.code ?? 1) : 0, said, text: `${out}${err}` })
      })
    })
  const [, , , account] = await w.accountsOf('rep')
  const mate = await w.one<{ login: string }>(
    `select login from app_user where login like 'rep0%' and department_id = (select department_id from app_user where login = 'rep') order by id limit 1`,
  )
  const made = await jiangyu('open', account!, mate.login, '--as', 'manager')
  assert.equal(made.code, 0, made.text)
  const list = await jiangyu('list', '--mode', 'judge', '--as', 'manager')
  assert.ok(
    list.said.rows.some((r: Anything) => r.number === made.said.number),
    list.text,
  )
  assert.equal((await jiangyu('open', account!, mate.login, '--as', 'manager')).said.refused[0].code, 'engagement.exists')
  const file = path.join(folder, 'cases.csv')
  const all = await jiangyu('export', file, '--as', 'ops')
  assert.equal(readFileSync(file, 'utf8').trim().split('\r\n').length - 1, all.said.rows)
  const other = await w.one<{ login: string }>(
    `select u.login from app_user u join department d on d.id = u.department_id and d.name = '华南大区' where u.login like 'rep0%' limit 1`,
  )
  assert.equal((await jiangyu('export', file, '--as', other.login)).said.rows, 1, 'the one he is a party of')
})
