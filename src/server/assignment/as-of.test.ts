/** The past over HTTP: one customer, lists, exports, map and members as of an instant; corrections; what one may not see stays unseen. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { type Company, makeCompany } from '../../../test/support/company.ts'
import { runNextJob } from '../kernel/jobs.ts'

let c: Company
before(async () => {
  c = await makeCompany({ accounts: 300 })
})
after(() => c.close())

const clock = async () =>
  (await c.one<{ now: string }>(`select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as now`)).now
const daysAgo = (n: number) => new Date(Date.now() - n * 86_400_000).toISOString()
/** An account of the rep whose owner is the same for a hundred days. */
const steady = async () => {
  const row = await c.one<{ id: string; territory: string }>(
    `select p.account_id::text as id, p.territory_id::text as territory from account_placement p join app_user u on u.id = p.owner_id where u.login = 'rep' and p.valid_from < now() - interval '100 days' and p.territory_id is not null
       and not exists (select 1 from placement_correction x where x.account_id = p.account_id) and p.model_id = (select model_id from activation order by seq desc limit 1) order by p.account_id limit 1`,
  )
  return { ...row, colleague: await c.one<{ id: string; name: string }>(`select id::text, name from app_user where login = 'manager'`) }
}

test('who owned it then, and why, in three languages; a day is its end in the company’s zone', async () => {
  const { id } = await steady()
  const before = await clock()
  const given = await c.send('ops', 'POST', `/api/accounts/${id}/assign`, { ownerId: await c.idOf('manager'), reason: '区域调整' })
  assert.equal(given.status, 200, given.text)
  const then = await c.send('ops', 'GET', `/api/accounts/${id}/standing?at=${before}`)
  const now = await c.send('ops', 'GET', `/api/accounts/${id}/standing`)
  assert.equal(then.body.standing.owner.id, await c.idOf('rep'))
  assert.equal(now.body.standing.owner.id, await c.idOf('manager'))
  assert.equal(then.body.asOf.when, 'past')
  assert.equal(then.body.asOf.fields, 'today')
  assert.match(now.body.standing.ownerSentence, /transferred it on .*: 区域调整/)
  assert.doesNotMatch(then.body.standing.ownerSentence, /区域调整/)
  for (const [language, word] of [
    ['zh-CN', /归「.*」/],
    ['zh-TW', /歸「.*」/],
    ['en', /Belongs to "/],
  ] as const)
    assert.match(
      (await c.send('ops', 'GET', `/api/accounts/${id}/standing?at=${before}`, undefined, { 'accept-language': language })).body.standing.sentence,
      word,
    )
  // Yesterday ended before the transfer, today has not ended: this moment counts.
  const zone = (n: number) => new Intl.DateTimeFormat('sv', { timeZone: 'Asia/Shanghai' }).format(new Date(Date.now() - n * 86_400_000))
  assert.equal((await c.send('ops', 'GET', `/api/accounts/${id}/standing?at=${zone(1)}`)).body.standing.owner.id, await c.idOf('rep'))
  const today = await c.send('ops', 'GET', `/api/accounts/${id}/standing?at=${zone(0)}`)
  assert.equal(today.body.standing.owner.id, await c.idOf('manager'))
  assert.equal(today.body.asOf.when, 'past')
  // The rep who gave it away sees it by the territory still; the why of then is asked at the same instant.
  const why = await c.send('ops', 'GET', `/api/why/account/${id}?at=${before}`)
  assert.equal(why.body.outcome.owner.id, await c.idOf('rep'))
  assert.ok(why.body.criteria.length > 0)
})

test('a late correction: what was believed stays, what is true is answered from now on; nonsense is refused in words', async () => {
  const { id, territory, colleague } = await steady()
  const [from, to, middle] = [daysAgo(60), daysAgo(40), daysAgo(50)]
  const believedThen = await clock()
  const ask = (query: string) => c.send('ops', 'GET', `/api/accounts/${id}/standing?${query}`)
  const rep = await c.idOf('rep')
  assert.equal((await ask(`at=${middle}`)).body.standing.owner.id, rep)
  const correction = { from, to, ownerId: colleague.id, territoryId: territory, reason: '合同写的是他' }
  const made = await c.send('ops', 'POST', `/api/accounts/${id}/corrections`, correction)
  assert.equal(made.status, 200, made.text)
  const truth = await ask(`at=${middle}`)
  assert.equal(truth.body.standing.owner.id, colleague.id)
  assert.equal(truth.body.standing.corrected, true)
  assert.match(truth.body.standing.sentence, /corrected .*合同写的是他/)
  const belief = await ask(`at=${middle}&known=${believedThen}`)
  assert.equal(belief.body.standing.owner.id, rep)
  assert.equal(belief.body.knownNow.owner.id, colleague.id)
  assert.equal(belief.body.differs, true)
  for (const outside of [daysAgo(61), daysAgo(39)]) assert.equal((await ask(`at=${outside}`)).body.standing.owner.id, rep)
  // The edges: half-open.
  assert.equal((await ask(`at=${from}`)).body.standing.owner.id, colleague.id)
  assert.equal((await ask(`at=${to}`)).body.standing.owner.id, rep)

  const history = await c.send('ops', 'GET', `/api/accounts/${id}/ownership`)
  assert.equal(history.body.corrections.length, 1)
  assert.equal(history.body.corrections[0].believed.length, 1)
  assert.equal(history.body.corrections[0].ownerName, colleague.name)
  assert.equal(history.body.intervals.filter((i: { corrected: boolean }) => i.corrected).length, 1)
  // Interval by interval without a gap.
  for (const [i, later] of history.body.intervals.entries())
    if (i > 0) assert.equal(history.body.intervals[i].to, history.body.intervals[i - 1].from, JSON.stringify(later))
  const audited = await c.one(`select why, before, after from audit where kind = 'account.correct' and record_id = $1`, [id])
  assert.equal(audited.why, '合同写的是他')
  assert.equal(audited.before.believed[0].ownerId, rep)
  const line = await c.send('ops', 'GET', `/api/accounts/${id}/timeline?of=ownership`)
  assert.ok(line.body.rows.some((r: { kind: string; text: string | null }) => r.kind === 'ownership' && r.text === '合同写的是他'))

  const refuses = async (change: object, code: string, field?: string) => {
    const answer = await c.send('ops', 'POST', `/api/accounts/${id}/corrections`, { ...correction, ...change })
    assert.equal(answer.body.type, `urn:jiangyu:${code}`, answer.text)
    if (field) assert.equal(answer.body.errors[0].pointer, field)
  }
  await refuses({}, 'correction.same')
  await refuses({ from: to, to: from }, 'correction.dates', '/to')
  await refuses({ from, to: from }, 'correction.dates')
  await refuses({ to: new Date(Date.now() + 86_400_000).toISOString() }, 'correction.future', '/to')
  await refuses({ from: '2999-01-01', to: '2999-01-02' }, 'correction.future', '/to')
  await refuses({ from: '0001-01-01T00:00:00Z' }, 'asOf.range', '/from')
  await refuses({ ownerId: '999999' }, 'correction.person', '/ownerId')
  await refuses({ territoryId: '999999' }, 'correction.territory', '/territoryId')
  await refuses({ reason: ' ' }, 'input.invalid')
  await refuses({ from: '2026-02-31' }, 'input.invalid')
  assert.equal((await c.send('manager', 'POST', `/api/accounts/${id}/corrections`, correction)).status, 403)
  assert.equal((await c.send('ops', 'POST', '/api/accounts/999999/corrections', correction)).status, 404)
})

test('a correction until today reaches the row of now, and later changes go on from there', async () => {
  const { id, territory, colleague } = await steady()
  const rep = await c.idOf('rep')
  const day = new Intl.DateTimeFormat('sv', { timeZone: 'Asia/Shanghai' })
  const made = await c.send('ops', 'POST', `/api/accounts/${id}/corrections`, {
    from: day.format(new Date(Date.now() - 5 * 86_400_000)),
    to: day.format(new Date()),
    ownerId: colleague.id,
    territoryId: territory,
    reason: '交接晚了',
  })
  assert.equal(made.status, 200, made.text)
  const ask = async (at: string) => (await c.send('ops', 'GET', `/api/accounts/${id}/standing?at=${at}`)).body.standing.owner.id
  assert.equal(await ask(daysAgo(1)), colleague.id)
  assert.equal(await ask(await clock()), rep)
  assert.equal((await c.send('ops', 'GET', `/api/accounts/${id}`)).body.owner.id, rep)
  await c.send('ops', 'POST', `/api/accounts/${id}/assign`, { ownerId: await c.idOf('hq'), reason: 'x' })
  assert.equal(await ask(await clock()), await c.idOf('hq'))
  assert.equal(await ask(daysAgo(1)), colleague.id)
})

test('who gives an account away just after its pin ended gives it from where it stands now, one and many, and it stays given', async () => {
  const accounts = await c.rows<{ id: string; territory: string }>(
    `select p.account_id::text as id, p.territory_id::text as territory from account_placement p where p.owner_id is not null and p.territory_id is not null and p.source like 'rule:%'
       and p.model_id = (select model_id from activation order by seq desc limit 1) order by p.account_id desc limit 2`,
  )
  const elsewhere = await c.one<{ id: string }>(
    `select t.id::text from territory t where t.rule_version is not null and t.model_id = (select model_id from activation order by seq desc limit 1) and t.id <> all($1::bigint[])
       and not exists (select 1 from territory_member m where m.territory_id = t.id and m.user_id = $2) order by t.id limit 1`,
    [accounts.map(a => a.territory), await c.idOf('hq')],
  )
  for (const { id } of accounts) {
    const until = new Date(Date.now() + 300).toISOString()
    const pinned = await c.send('ops', 'POST', `/api/accounts/${id}/pins`, { territoryId: elsewhere.id, until, reason: '试点' })
    assert.equal(pinned.status, 200, pinned.text)
  }
  await new Promise(resolve => setTimeout(resolve, 350))
  // No job of dated facts has come by: the rows still say "pinned".
  const stale = await c.rows<{ source: string }>(
    `select source from account_placement where account_id = any($1::bigint[]) and model_id = (select model_id from activation order by seq desc limit 1)`,
    [accounts.map(a => a.id)],
  )
  assert.ok(stale.every(r => r.source.startsWith('pin:')))
  const [one, other] = accounts as [{ id: string; territory: string }, { id: string; territory: string }]
  const given = await c.send('ops', 'POST', `/api/accounts/${one.id}/assign`, { ownerId: await c.idOf('hq'), reason: '交接' })
  assert.equal(given.status, 200, given.text)
  const many = await c.send('ops', 'POST', '/api/assignments', { ids: [other.id], toId: await c.idOf('hq'), reason: '交接' })
  assert.equal(many.status, 200, many.text)
  for (const { id, territory } of accounts) {
    const now = await c.send('ops', 'GET', `/api/accounts/${id}/standing`)
    assert.equal(now.body.standing.territory.id, territory)
    assert.equal(now.body.standing.owner.id, await c.idOf('hq'))
  }
})

test('a pin that would end in the very millisecond of its beginning is refused in words, never by the database', async () => {
  const { id, territory } = await steady()
  for (let i = 0; i < 20; i += 1) {
    const until = `${(await clock()).slice(0, 23)}Z`
    const answer = await c.send('ops', 'POST', `/api/accounts/${id}/pins`, { territoryId: territory, until, reason: 'x' })
    assert.equal(answer.body.type, 'urn:jiangyu:member.dates', answer.text)
  }
})

test('lists and exports of another instant: filters by the owner of then, sight of today, and it says so', async () => {
  const { id } = await steady()
  const rep = await c.idOf('rep')
  const at = await clock()
  const hq = await c.idOf('hq')
  await c.send('ops', 'POST', `/api/accounts/${id}/assign`, { ownerId: hq, reason: 'x' })
  const idsOf = (answer: { body: { rows: { id: string }[] } }) => answer.body.rows.map(r => r.id)
  const now = await c.send('ops', 'GET', `/api/accounts?ownerId=${rep}&limit=200`)
  const then = await c.send('ops', 'GET', `/api/accounts?ownerId=${rep}&limit=200&at=${at}`)
  assert.ok(!idsOf(now).includes(id) && idsOf(then).includes(id))
  assert.equal(then.body.asOf.fields, 'today')
  assert.equal(now.body.asOf, null)
  const row = then.body.rows.find((r: { id: string }) => r.id === id)
  assert.equal(row.owner.id, rep)
  const counted = await c.send('ops', 'POST', '/api/accounts/query', { ownerId: rep, at, count: true, limit: 1 })
  assert.equal(counted.body.count, then.body.rows.length)
  // Page by page the same rows, in order; a cursor of another instant is refused.
  const paged: string[] = []
  let cursor: string | null = null
  do {
    const page = await c.send('ops', 'GET', `/api/accounts?ownerId=${rep}&limit=7&sort=owner&at=${at}${cursor ? `&cursor=${cursor}` : ''}`)
    paged.push(...idsOf(page))
    cursor = page.body.next
  } while (cursor)
  assert.deepEqual(paged.sort(), idsOf(then).sort())
  const first = await c.send('ops', 'GET', `/api/accounts?limit=7&at=${at}`)
  assert.equal((await c.send('ops', 'GET', `/api/accounts?limit=7&cursor=${first.body.next}`)).status, 400)
  // Before the first record there is nothing; the past of what one does not see today is not seen either.
  assert.deepEqual((await c.send('ops', 'GET', '/api/accounts?at=1990-01-01')).body.rows, [])
  const seen = new Set(idsOf(await c.send('rep', 'GET', '/api/accounts?limit=200')))
  const past = await c.send('rep', 'GET', `/api/accounts?limit=200&at=${at}`)
  assert.ok(past.body.rows.length > 0)
  for (const x of idsOf(past)) assert.ok(seen.has(x))
  const stranger = await c.one<{ id: string }>(
    `select p.account_id::text as id from account_placement p where not (p.tokens && array[$1::bigint * 8 + 1]) and p.owner_id is distinct from $1 and p.model_id = (select model_id from activation order by seq desc limit 1) and p.account_id <> all($2::bigint[]) limit 1`,
    [rep, [...seen]],
  )
  assert.equal((await c.send('rep', 'GET', `/api/accounts/${stranger.id}/standing?at=${at}`)).status, 404)

  const file = await c.send('ops', 'POST', '/api/accounts/export', { format: 'csv', ownerId: rep, at, fields: ['owner', 'name'] })
  assert.match(file.text.split('\n')[0]!, /负责人 \(\d{4}-\d\d-\d\d \d\d:\d\d\)/)
  assert.equal(file.text.trim().split('\n').length - 1, then.body.rows.length)
  for (const [query, code] of [
    ['at=2999-12-31T00:00:00Z&known=2999-01-01', 'asOf.knownAhead'],
    ['at=0099-01-01', 'asOf.range'],
    ['at=2020-01-01T00:00:00%2B23:00', null],
    [`at=${at}&scope=contested`, 'asOf.scope'],
    ['at=yesterday', 'input.invalid'],
    ['at=2026-02-30', 'input.invalid'],
  ] as const) {
    const answer = await c.send('ops', 'GET', `/api/accounts?${query}`)
    assert.equal(code === null ? answer.status : answer.body.type, code === null ? 200 : `urn:jiangyu:${code}`, answer.text)
  }
})

test('models and members of then: another model before, its map and counts, its members as known then', async () => {
  const active = (await c.send('ops', 'GET', '/api/models/active')).body.asOf.model
  const before = (await c.send('ops', 'GET', `/api/models/active?at=${daysAgo(350)}`)).body.asOf.model
  assert.notEqual(active.id, before.id)
  assert.equal((await c.send('ops', 'GET', '/api/models/active?at=1990-01-01')).body.asOf.model, null)
  const turns = (await c.send('ops', 'GET', '/api/activations')).body.rows
  assert.equal(turns[0].modelId, active.id)
  assert.equal(turns[0].until, null)
  assert.equal(turns[1].until, turns[0].from)

  const at = await clock()
  const whole = await c.send('ops', 'GET', `/api/models/${active.id}/territories?limit=5000`)
  const then = await c.send('ops', 'GET', `/api/models/${active.id}/territories?limit=5000&at=${at}`)
  assert.equal(then.status, 200, then.text)
  const figures = (answer: { body: { rows: { id: string; accounts: number; owners: unknown }[] } }) =>
    answer.body.rows.map(r => [r.id, r.accounts, r.owners])
  assert.deepEqual(figures(then), figures(whole))
  const sums = (answer: { body: { figures: { id: string }[] } }) => [...answer.body.figures].sort((a, b) => Number(a.id) - Number(b.id))
  assert.deepEqual(
    sums(await c.send('ops', 'GET', `/api/models/${active.id}/map?at=${at}`)),
    sums(await c.send('ops', 'GET', `/api/models/${active.id}/map`)),
  )
  const other = await c.send('ops', 'GET', `/api/models/${before.id}/map?at=${at}`)
  assert.equal(other.body.type, 'urn:jiangyu:asOf.otherModel')
  assert.ok(other.body.detail.includes(active.name))

  const led = whole.body.rows.find((r: { owners: unknown[] }) => r.owners.length > 0)
  const people = await c.send('ops', 'GET', `/api/models/${active.id}/members?territoryId=${led.id}`)
  const lead = people.body.rows.find((m: { role: string }) => m.role === 'owner')
  const version = (await c.one<{ v: number }>('select row_version as v from territory_member where id = $1', [lead.id])).v
  assert.equal((await c.send('ops', 'DELETE', `/api/members/${lead.id}`, undefined, { 'if-match': String(version) })).status, 200)
  const roles = async (query: string) =>
    (await c.send('ops', 'GET', `/api/models/${active.id}/members?territoryId=${led.id}&${query}`)).body.rows.map((m: { id: string }) => m.id)
  assert.ok(!(await roles('')).includes(lead.id))
  assert.ok((await roles(`at=${at}`)).includes(lead.id))
  // Entered today for last month: it was so, and nobody knew.
  const person = await c.idOf('hq')
  const added = await c.send('ops', 'POST', `/api/models/${active.id}/territories/${led.id}/members`, {
    userId: person,
    role: 'collaborator',
    startsAt: daysAgo(30),
  })
  assert.equal(added.status, 200, added.text)
  assert.ok((await roles(`at=${daysAgo(10)}`)).includes(added.body.id))
  assert.ok(!(await roles(`at=${daysAgo(10)}&known=${daysAgo(9)}`)).includes(added.body.id))
  assert.ok(!(await roles(`at=${daysAgo(40)}`)).includes(added.body.id))
  // An end written with another offset is compared as an instant: 07:00 in Shanghai comes before midnight in Greenwich.
  const backwards = await c.send('ops', 'POST', `/api/models/${active.id}/territories/${led.id}/members`, {
    userId: person,
    role: 'manager',
    startsAt: '2030-01-01T00:00:00Z',
    endsAt: '2030-01-01T07:00:00+08:00',
  })
  assert.equal(backwards.body.type, 'urn:jiangyu:member.dates', backwards.text)
  const panel = await c.send('ops', 'GET', `/api/models/${active.id}/territories/${led.id}?at=${at}`)
  assert.ok(panel.body.members.some((m: { id: string }) => m.id === lead.id))
  assert.equal(panel.body.figures.accounts, led.accounts)
  while (await runNextJob(c.db.bulk));
})
