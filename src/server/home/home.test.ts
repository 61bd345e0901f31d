/** The first page says what the list says: its figures are counted a second time from the list itself, for every kind of reader. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { type Company, makeCompany } from '../../../test/support/company.ts'

let company: Company
before(async () => {
  company = await makeCompany({ accounts: 600, people: 120 })
})
after(() => company.close())

type Row = {
  id: string
  values: Record<string, unknown>
  owner: { id: string } | null
  territory: { id: string; code: string } | null
  contested: boolean
  undecidable: boolean
}
async function list(login: string): Promise<Row[]> {
  const rows: Row[] = []
  let cursor: string | undefined
  do {
    const page = (await company.send(login, 'POST', '/api/accounts/query', { limit: 200, ...(cursor ? { cursor } : {}) })).body
    rows.push(...page.rows)
    cursor = page.next ?? undefined
  } while (cursor)
  return rows
}
const get = async (login: string, url: string) => {
  const reply = await company.send(login, 'GET', url)
  assert.equal(reply.status, 200, reply.text)
  return reply.body
}
const spoken = async (): Promise<Set<string>> =>
  new Set(
    (await company.rows<{ id: string }>(`select distinct account_id::text as id from note where created_at > now() - interval '90 days'`)).map(
      r => r.id,
    ),
  )

test('figures agree with the list, whoever looks', async () => {
  const heard = await spoken()
  for (const [login, view] of [
    ['rep', 'rep'],
    ['manager', 'manager'],
    ['hq', 'all'],
  ] as const) {
    const me = await company.idOf(login)
    const rows = await list(login)
    const f = await get(login, '/api/home/figures')
    const about = view === 'rep' ? rows.filter(r => r.owner?.id === me) : rows
    const count = (test: (r: Row) => boolean) => rows.filter(test).length
    assert.deepEqual(
      {
        view: f.view,
        accounts: f.accounts,
        mine: f.mine,
        unowned: f.unowned,
        unassigned: f.unassigned,
        contested: f.contested,
        undecidable: f.undecidable,
        about: f.about,
        reached: f.reached,
        potential: f.potential,
      },
      {
        view,
        accounts: rows.length,
        mine: count(r => r.owner?.id === me),
        unowned: count(r => r.owner === null),
        unassigned: count(r => r.territory === null),
        contested: count(r => r.contested),
        undecidable: count(r => r.undecidable),
        about: about.length,
        reached: about.filter(r => heard.has(r.id)).length,
        potential: String(about.reduce((s, r) => s + Number(r.values.potential ?? 0), 0)),
      },
      login,
    )
  }
})

test('the rows of a manager add up to the customers in the territories; regions hold what lies below', async () => {
  const rows = (await list('manager')).filter(r => r.territory)
  const table = await get('manager', '/api/home/territories')
  assert.equal(table.regions, false)
  type Line = { territory: { id: string; code: string }; accounts: number; unowned: number; flags: string[] }
  const lines = table.rows as Line[]
  assert.equal(
    lines.reduce((s, l) => s + l.accounts, 0),
    rows.filter(r => lines.some(l => l.territory.id === r.territory!.id)).length,
  )
  for (const l of lines) assert.equal(l.accounts, rows.filter(r => r.territory!.id === l.territory.id).length, l.territory.code)
  const flagged = lines.map(l => l.flags.length > 0)
  assert.equal(flagged.lastIndexOf(true) + 1, flagged.filter(Boolean).length, 'those that want attention stand first')
  const all = (await get('hq', '/api/home/territories')) as { regions: boolean; rows: Line[] }
  assert.equal(all.regions, true)
  const east = all.rows.find(l => l.territory.code === 'E')
  assert.equal(east?.accounts, (await list('hq')).filter(r => r.territory?.code.startsWith('E-')).length)
})

test('what waits: tasks due, requests, customers without owner; it goes when it is done', async () => {
  const before = await get('rep', '/api/home/decisions')
  assert.deepEqual(before.unowned, [], 'whose they are is not for a rep to decide')
  const [mine] = await company.accountsOf('rep')
  const made = await company.send('rep', 'POST', `/api/accounts/${mine}/tasks`, { text: '今天办', dueOn: '2020-01-01' })
  const due = await get('rep', '/api/home/decisions')
  assert.equal(due.tasks[0].id, made.body.id, 'the latest first')
  await company.send('rep', 'PATCH', `/api/tasks/${made.body.id}`, { done: true }, { 'if-match': '1' })
  assert.ok(!(await get('rep', '/api/home/decisions')).tasks.some((k: { id: string }) => k.id === made.body.id))
  const manager = await get('manager', '/api/home/decisions')
  const unowned = manager.unowned.find((u: { territory: { name: string } | null }) => u.territory?.name === '烟台')
  assert.equal(unowned.accounts, (await list('manager')).filter(r => r.owner === null && r.territory?.id === unowned.territory.id).length)
})

const tomorrow = (days: number) =>
  company.one<{ day: string }>(`select to_char((now() at time zone 'Asia/Shanghai')::date + $1::int, 'YYYY-MM-DD') as day`, [days])
const put = async (login: string, subject: string, days: number, reason = '等对方回复') =>
  company.send(login, 'PUT', '/api/home/snoozes', { subject, until: (await tomorrow(days)).day, reason })
type Decisions = {
  tasks: { id: string }[]
  unowned: { subject: string }[]
  undecidable: number
  snoozed: { subject: string; reason: string; until: string }[]
}

test('a row is put off with a reason until a day, for oneself alone; it can be seen, brought back, and returns by itself', async () => {
  const [mine] = await company.accountsOf('rep')
  const task = await company.send('rep', 'POST', `/api/accounts/${mine}/tasks`, { text: '催一催', dueOn: '2020-01-01' })
  const subject = `task:${task.body.id}`
  const shown = async (show = 'waiting') => (await get('rep', `/api/home/decisions?show=${show}`)) as Decisions
  assert.equal((await put('rep', subject, 2)).status, 200)
  const there = (d: Decisions) => d.tasks.some(k => k.id === task.body.id)
  assert.deepEqual([there(await shown()), there(await shown('snoozed'))], [false, true])
  assert.deepEqual((await shown()).snoozed, [{ subject, reason: '等对方回复', until: (await tomorrow(2)).day }])
  assert.deepEqual(
    (await company.rows<{ why: string }>(`select why from audit where kind = 'home.snooze' order by id desc limit 1`)).map(r => r.why),
    ['等对方回复'],
  )
  // Putting off again moves the day; the morning of that day in the company's zone brings it back.
  assert.equal((await put('rep', subject, 5, '还要等')).status, 200)
  const [kept] = await company.rows<{ ok: boolean }>(
    `select until = ((now() at time zone 'Asia/Shanghai')::date + 5)::timestamp at time zone 'Asia/Shanghai' as ok from home_snooze`,
  )
  assert.deepEqual(kept, { ok: true })
  await company.rows(`update home_snooze set until = now() - interval '1 second'`)
  assert.deepEqual([there(await shown()), (await shown()).snoozed], [true, []])
  // Brought back before its day.
  assert.equal((await put('rep', subject, 1)).status, 200)
  assert.equal((await company.send('rep', 'POST', '/api/home/snoozes/wake', { subject })).status, 200)
  assert.equal((await company.send('rep', 'POST', '/api/home/snoozes/wake', { subject })).status, 404)
  assert.equal(there(await shown()), true)
  // What is done is not among those put off any more.
  await put('rep', subject, 1)
  await company.send('rep', 'PATCH', `/api/tasks/${task.body.id}`, { done: true }, { 'if-match': '1' })
  assert.deepEqual((await shown()).snoozed, [])
})

test('only what stands in one’s own list is put off, and only to a day that makes sense', async () => {
  const before = (await get('manager', '/api/home/decisions')) as Decisions
  const [row] = before.unowned
  assert.ok(row)
  assert.equal((await put('rep', row.subject, 1)).status, 404, 'not a rep’s to decide')
  for (const days of [0, -3, 91]) {
    const refused = await put('manager', row.subject, days)
    assert.deepEqual([refused.status, refused.body.title], [400, 'snooze.until'])
  }
  assert.equal((await put('manager', 'task:1;drop', 1)).status, 400)
  assert.equal((await put('manager', row.subject, 1, '  ')).status, 400)
  assert.equal((await put('manager', row.subject, 90)).status, 200)
  const after = (await get('manager', '/api/home/decisions')) as Decisions
  assert.deepEqual([after.unowned.some(u => u.subject === row.subject), after.snoozed.map(s => s.subject)], [false, [row.subject]])
  assert.deepEqual(((await get('ops', '/api/home/decisions')) as Decisions).snoozed, [], 'others are not touched')
  await company.send('manager', 'POST', '/api/home/snoozes/wake', { subject: row.subject })
})

test('follow-up: exactly those nobody spoke to for so long, most promising first', async () => {
  const rep = await company.idOf('rep')
  for (const days of [30, 60, 90]) {
    const reply = await get('rep', `/api/home/follow-up?days=${days}`)
    const wanted = await company.rows<{ id: string; potential: string | null }>(
      `select a.id::text, a.potential from account a join account_placement p on p.account_id = a.id and p.model_id = (select model_id from activation order by seq desc limit 1)
        where p.owner_id = $1 and a.deleted_at is null and coalesce((select max(created_at) from note n where n.account_id = a.id), a.created_at) < now() - make_interval(days => $2)`,
      [rep, days],
    )
    assert.equal(reply.counts[`d${days}`], wanted.length)
    assert.equal(reply.rows.length, Math.min(20, wanted.length))
    const ids = new Set(wanted.map(w => w.id))
    assert.ok(reply.rows.every((r: { id: string }) => ids.has(r.id)))
    const sums = reply.rows.map((r: { potential: number | null }) => r.potential ?? -1)
    assert.deepEqual(
      sums,
      [...sums].sort((a: number, b: number) => b - a),
    )
  }
})

test('a hidden potential is told nowhere on the page', async () => {
  await company.setFieldAccess('manager', { potential: 'hidden', revenue: 'hidden' })
  assert.equal((await get('manager', '/api/home/figures')).potential, null)
  const rows = (await get('manager', '/api/home/territories')).rows as { potential: string | null; revenue: string | null }[]
  assert.ok(rows.every(r => r.potential === null && r.revenue === null))
  assert.ok((await get('manager', '/api/home/follow-up?mine=false')).rows.every((r: { potential: number | null }) => r.potential === null))
  await company.setFieldAccess('manager', {})
})

test('a company that has yet to begin gets its first steps', async () => {
  const birth = await company.one<{ id: string }>('select model_id::text as id from activation order by seq limit 1')
  await company.rows('insert into activation (tenant_id, model_id, effective_at, created_at) values (1, $1, now(), now())', [birth.id])
  assert.equal((await get('admin', '/api/home/figures')).view, 'new')
})
