/** Check-up, fix list, fixes and undo through the server: figures against plain SQL, masks and sight, exact undo, fixed is fixed. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { makeCompany } from '../../../test/support/company.ts'
import { seededRandom } from '../../core/kernel/random.ts'
import { liveReady } from '../assignment/jobs.ts'
import { replace } from '../assignment/run-model.ts'
import { runNextJob } from '../kernel/jobs.ts'

let company: Awaited<ReturnType<typeof makeCompany>>
before(async () => {
  company = await makeCompany({ accounts: 500, people: 90, seed: 11 })
  // Dirt of every kind, by id, so that the test can count it again by itself.
  const q = (sql: string) => company.rows(sql)
  await q(
    `update account_address set division = '320508', text = '江苏省苏州市姑苏区人民路' || account_id || '号' where kind = 'business' and account_id % 25 = 1`,
  )
  await q(`update account set division = '320502' where id % 25 = 1`)
  await q(`update account_address set division = '320502' where kind = 'business' and account_id % 25 = 1`)
  await q(`update account set name = replace(name, '有限公司', '　有限公司') where id % 10 = 2`)
  await q(`update account set industry = 'Q83' where id % 50 = 3`)
  await q(`update account set lng = 31.3, lat = 120.55 where id % 100 = 4`)
  await q(`update account set size = -3 where id % 100 = 5`)
  await q(`insert into account_private (tenant_id, account_id) select 1, id from account on conflict do nothing`)
  await q(`update account_private set phone = '138 ' || lpad(account_id::text, 4, '0') || ' 0000' where account_id % 5 = 0`)
  await q(`update account_private set phone = '+862165123456' where account_id % 40 = 7`)
  await q(`update account_private set phone = '11111111111' where account_id % 40 = 9`)
  await q(`update account set parent_id = id + 1 where id in (select min(id) from account)`)
  await q(`update account set parent_id = (select min(id) from account) where id = (select min(id) + 1 from account)`)
  await q(`update contact set left_at = '2020-01-01' where account_id % 30 = 11`)
  await replace(company.db.bulk, '1', await liveReady(company.db.bulk, '1'), 'true', async () => undefined)
})
after(() => company.close())

const run = async (): Promise<void> => {
  const started = await company.send('ops', 'POST', '/api/cleansing/check-ups')
  assert.equal(started.status, 200, started.text)
  assert.equal((await company.send('ops', 'POST', '/api/cleansing/check-ups')).body.type, 'urn:jiangyu:cleansing.running')
  while (await runNextJob(company.db.bulk));
  const job = await company.one('select state, note from job_run where id = $1', [started.body.jobId])
  assert.equal(job.state, 'done', JSON.stringify(job))
}
const report = async (login = 'ops') => {
  const answer = await company.send(login, 'GET', '/api/cleansing')
  assert.equal(answer.status, 200, answer.text)
  return answer.body
}
type Kind = { field: string; kind: string; count: number }
const kindOf = (body: { kinds: Kind[] }, field: string, kind: string): number =>
  body.kinds.find(k => k.field === field && k.kind === kind)?.count ?? 0
const list = async (query: string, login = 'ops') => {
  const rows: Record<string, string | boolean | number | null>[] = []
  let cursor = ''
  do {
    const page = await company.send(login, 'GET', `/api/cleansing/problems?${query}&limit=30${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`)
    assert.equal(page.status, 200, page.text)
    rows.push(...page.body.rows)
    cursor = page.body.next ?? ''
  } while (cursor)
  return rows
}
const count = async (sql: string): Promise<number> => (await company.one<{ n: number }>(`select count(*)::int as n ${sql}`)).n

test('the figures are those of plain SQL, by field and by dimension', async () => {
  assert.equal((await report()).run, null)
  await run()
  const body = await report()
  assert.equal(body.scope, 'company')
  assert.equal(body.accounts, await count('from account where deleted_at is null'))
  assert.equal(kindOf(body, 'division', 'division.retired'), await count('from account where id % 25 = 1'))
  assert.equal(kindOf(body, 'name', 'name.form'), await count(`from account where name like '%　%'`))
  assert.equal(kindOf(body, 'industry', 'industry.earlier'), await count(`from account where industry = 'Q83'`))
  assert.equal(kindOf(body, 'point', 'point.swapped'), await count('from account where lng = 31.3'))
  assert.equal(kindOf(body, 'size', 'number.negative'), await count('from account where size < 0'))
  assert.equal(kindOf(body, 'phone', 'phone.form'), await count(`from account_private where phone like '138 %'`))
  assert.equal(kindOf(body, 'phone', 'phone.shared'), await count(`from account_private where phone = '+862165123456'`))
  assert.equal(kindOf(body, 'phone', 'phone.placeholder'), await count(`from account_private where phone = '11111111111'`))
  assert.equal(
    kindOf(body, 'contacts', 'contact.left'),
    await count(`from (select account_id from contact group by 1 having bool_and(left_at is not null)) x`),
  )
  const field = (key: string) => body.fields.find((f: { key: string }) => f.key === key).counts
  assert.equal(field('industry').missing, await count('from account where industry is null'))
  assert.equal(
    field('phone').missing,
    await count('from account a where not exists (select 1 from account_private p where p.account_id = a.id and p.phone is not null)'),
  )
  assert.equal(
    field('address').missing,
    await count(
      `from account a where not exists (select 1 from account_address d where d.account_id = a.id and d.kind = 'business' and d.text is not null)`,
    ),
  )
  assert.equal(
    field('contacts').missing,
    await count('from account a where not exists (select 1 from contact c where c.account_id = a.id and c.deleted_at is null)'),
  )
  assert.equal(field('phone').wrong, await count(`from account_private where phone = '11111111111'`))
  for (const dimension of ['source', 'department', 'owner']) {
    const rows: { value: string; accounts: number; fields: Record<string, { missing: number; wrong: number; inconsistent: number }> }[] = []
    let cursor = ''
    do {
      const page = await company.send(
        'ops',
        'GET',
        `/api/cleansing/matrix?dimension=${dimension}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
      )
      assert.equal(page.status, 200, page.text)
      rows.push(...page.body.rows)
      cursor = page.body.next ?? ''
    } while (cursor)
    const sum = (pick: (r: (typeof rows)[number]) => number) => rows.reduce((s, r) => s + pick(r), 0)
    assert.equal(
      sum(r => r.accounts),
      body.accounts,
      dimension,
    )
    for (const f of body.fields)
      for (const key of ['missing', 'wrong', 'inconsistent'] as const)
        assert.equal(
          sum(r => r.fields[f.key]![key]),
          f.counts[key],
          `${dimension} ${f.key} ${key}`,
        )
  }
  const bySource = await company.send('ops', 'GET', '/api/cleansing/matrix?dimension=source')
  for (const row of bySource.body.rows)
    assert.equal(row.fields.division.wrong, await count(`from account where id % 25 = 1 and coalesce(source, '') = '${row.value}'`), row.value)
})

test('one in a sight reads figures of that sight alone, counted anew; the trend is not his', async () => {
  const body = await report('manager')
  assert.equal(body.scope, 'sight')
  const mine = await company.send('manager', 'POST', '/api/accounts/query', { limit: 200, count: true })
  assert.equal(body.accounts, mine.body.count)
  assert.ok(body.accounts < (await report()).accounts)
  const rows = await list('field=name&kind=name.form', 'manager')
  assert.equal(rows.length, kindOf(body, 'name', 'name.form'))
  const own = new Set(
    (
      await company.rows<{ id: string }>(
        `select p.account_id::text as id from account_placement p where model_id = (select model_id from activation order by seq desc limit 1)`,
      )
    ).map(r => r.id),
  )
  assert.ok(rows.every(r => own.has(String(r.accountId))))
  assert.equal((await company.send('manager', 'GET', '/api/cleansing/check-ups')).body.type, 'urn:jiangyu:cleansing.wide')
  assert.equal((await company.send('manager', 'POST', '/api/cleansing/check-ups')).body.type, 'urn:jiangyu:cleansing.wide')
  const past = await company.send('ops', 'GET', '/api/cleansing/check-ups')
  assert.equal(past.body.rows.length, 1)
  assert.ok(past.body.rows[0].completeness > 0 && past.body.rows[0].completeness < 1)
})

test('whose role hides the phone sees neither its problems nor how many there are; whoever hides the address is told no place of it', async () => {
  await company.setFieldAccess('operations', { phone: 'hidden', address: 'hidden' })
  try {
    const body = await report()
    assert.equal(body.hidden, 2)
    assert.ok(!body.fields.some((f: { key: string }) => f.key === 'phone') && !body.kinds.some((k: Kind) => k.field === 'phone'))
    assert.equal((await company.send('ops', 'GET', '/api/cleansing/problems?field=phone')).status, 403)
    assert.equal((await company.send('ops', 'POST', '/api/cleansing/fixes/preview', { all: { field: 'phone', kind: 'phone.form' } })).status, 403)
    assert.equal((await company.send('ops', 'POST', '/api/cleansing/problems/export', { field: 'phone' })).status, 403)
    const file = await company.send('ops', 'POST', '/api/cleansing/problems/export', {})
    assert.equal(file.status, 200)
    assert.ok(!file.text.includes('138 ') && !file.text.includes('11111111111'))
    assert.equal((await list('field=division&kind=division.contradicts')).length, 0)
  } finally {
    await company.setFieldAccess('operations', {})
  }
  // A pool that masks: the placement's private tokens say so, account by account.
  const [id] = await company.accountsOf('rep')
  await company.rows(`update account_private set phone = '138 0001 0002' where account_id = $1`, [id])
  await run()
  const has = async (login: string) => (await list('field=phone', login)).some(r => r.accountId === id)
  assert.equal(await has('rep'), true)
  const tokens = await company.one<{ t: string }>(
    'select private_tokens::text as t from account_placement where account_id = $1 and model_id = (select model_id from activation order by seq desc limit 1)',
    [id],
  )
  await company.rows(`update account_placement set private_tokens = '{}' where account_id = $1`, [id])
  const before = kindOf(await report('rep'), 'phone', 'phone.form')
  assert.equal(await has('rep'), false)
  await company.rows('update account_placement set private_tokens = $2::bigint[] where account_id = $1', [id, tokens.t])
  assert.equal(kindOf(await report('rep'), 'phone', 'phone.form'), before + 1)
})

/** Everything of these customers that an undo must bring back, versions and instants aside. */
const stateOf = async (ids: readonly string[]): Promise<readonly object[]> =>
  company.rows(
    `select a.id, a.name, a.short_name, a.parent_id, a.industry, a.division, a.registered_division, a.lng, a.lat, a.size, a.revenue, a.potential, a.custom, pr.credit_code, pr.phone, pr.email,
         (select jsonb_agg(to_jsonb(d) - 'row_version' order by d.id) from account_address d where d.account_id = a.id) as addresses,
         (select jsonb_agg(jsonb_build_array(p.model_id, p.owner_id, p.territory_id, p.tokens, p.private_tokens, p.edit_tokens) order by p.model_id) from account_placement p where p.account_id = a.id) as placed,
         (select s.grams from account_search s where s.account_id = a.id) as grams, (select jsonb_agg(jsonb_build_array(f.field_id, f.t, f.n, f.d) order by f.field_id) from account_field f where f.account_id = a.id) as fields
        from account a left join account_private pr on pr.account_id = a.id where a.id = any($1::bigint[]) order by a.id`,
    [ids],
  )
/** The first thing that differs, or null: whole customers are too long to read. */
const differs = (a: readonly object[], b: readonly object[]): string | null => {
  for (const [i, row] of a.entries())
    for (const [key, value] of Object.entries(row)) {
      const other = (b[i] as Record<string, unknown>)[key]
      if (JSON.stringify(value) !== JSON.stringify(other))
        return `${(row as { id: string }).id} ${key}: ${JSON.stringify(value)} | ${JSON.stringify(other)}`.slice(0, 600)
    }
  return null
}

test('a kind fixed in bulk is gone when checked again; undo brings back every value, address, gram and placement', async () => {
  const seed = Number(process.env.SEED ?? (Math.random() * 2 ** 31) | 0)
  console.log(`# seed ${seed}`)
  const random = seededRandom(seed)
  const kinds: [string, string][] = [
    ['division', 'division.retired'],
    ['name', 'name.form'],
    ['industry', 'industry.earlier'],
    ['point', 'point.swapped'],
    ['phone', 'phone.form'],
    ['phone', 'phone.placeholder'],
  ]
  while (kinds.length > 0) {
    const [field, kind] = kinds.splice(random.int(kinds.length), 1)[0]!
    const rows = await list(`field=${field}&kind=${kind}`)
    assert.ok(rows.length > 0, kind)
    const ids = rows.map(r => String(r.accountId))
    const was = await stateOf(ids)
    const all = { field, kind }
    const preview = await company.send('ops', 'POST', '/api/cleansing/fixes/preview', { all })
    assert.deepEqual([preview.body.matched, preview.body.editable], [rows.length, rows.length], preview.text)
    assert.equal(differs(await stateOf(ids), was), null, 'a preview writes nothing')
    const moved = preview.body.moving as number
    const done = await company.send('ops', 'POST', '/api/cleansing/fixes', { all })
    assert.equal(done.status, 200, done.text)
    assert.equal(done.body.changed, rows.length)
    assert.notEqual(differs(await stateOf(ids), was), null)
    const trail = await company.one<{ n: number }>(
      `select count(*)::int as n from audit where kind = 'account.bulk' and account_id = any($1::bigint[]) and at > now() - interval '1 minute'`,
      [ids],
    )
    assert.ok(trail.n >= rows.length)
    if (field === 'phone')
      assert.ok(
        !(await company.one<{ t: string }>(`select string_agg(after::text, '') as t from audit where kind like 'account.bulk%'`)).t.includes('138'),
      )
    assert.equal((await list(`field=${field}&kind=${kind}`)).length, 0, 'at once')
    const again = await company.send('ops', 'POST', '/api/cleansing/fixes', { all })
    assert.equal(again.body.type, 'urn:jiangyu:bulk.nothing')
    await run()
    assert.equal(kindOf(await report(), field, kind), 0, `${kind} after another check-up`)
    const undone = await company.send('ops', 'POST', `/api/cleansing/fixes/${done.body.id}/undo`)
    assert.deepEqual(undone.body, { restored: rows.length, kept: 0, unseen: 0 }, undone.text)
    assert.equal(differs(await stateOf(ids), was), null, `${kind} undone, ${moved} had moved`)
    assert.equal((await list(`field=${field}&kind=${kind}`)).length, rows.length, 'and stands in the list again')
  }
})

test('one by one: accept, type another value, a stale row is left, no proposal is no guess', async () => {
  const [first, second] = await list('field=name&kind=name.form')
  const one = (r: typeof first, more = {}) => ({ accountId: r!.accountId, rowVersion: r!.rowVersion, field: 'name', kind: 'name.form', ...more })
  const done = await company.send('ops', 'POST', '/api/cleansing/fixes', { rows: [one(first), one(second, { value: '改名有限公司' })] })
  assert.equal(done.body.changed, 2, done.text)
  const names = await company.rows<{ id: string; name: string }>(
    'select id::text, name from account where id = any($1::bigint[]) order by account.id',
    [[first!.accountId, second!.accountId]],
  )
  assert.deepEqual(
    names.map(n => n.name),
    [first!.proposal, '改名有限公司'],
  )
  const stale = await company.send('ops', 'POST', '/api/cleansing/fixes', { rows: [one(first, { value: '别的有限公司' })] })
  assert.equal(stale.body.type, 'urn:jiangyu:bulk.stale', stale.text)
  const [negative] = await list('field=size&kind=number.negative')
  assert.equal(negative!.proposal, null)
  const size = { accountId: negative!.accountId, rowVersion: negative!.rowVersion, field: 'size', kind: 'number.negative' }
  assert.equal((await company.send('ops', 'POST', '/api/cleansing/fixes', { rows: [size] })).body.type, 'urn:jiangyu:cleansing.noProposal')
  assert.equal((await company.send('ops', 'POST', '/api/cleansing/fixes', { rows: [{ ...size, value: '-9' }] })).status, 400)
  assert.equal((await company.send('ops', 'POST', '/api/cleansing/fixes', { rows: [{ ...size, value: '30' }] })).status, 200)
  assert.ok(!(await list('field=size&kind=number.negative')).some(r => r.accountId === negative!.accountId))
})

test('set aside: out of list and scores until the customer changes, and back when somebody says so', async () => {
  await run()
  const before = kindOf(await report(), 'name', 'name.form')
  const [row] = await list('field=name&kind=name.form')
  const skip = { rows: [{ accountId: row!.accountId, rowVersion: row!.rowVersion, field: 'name', kind: 'name.form' }] }
  assert.equal((await company.send('ops', 'POST', '/api/cleansing/skips', skip)).status, 200)
  const has = (rows: readonly { accountId?: unknown }[]) => rows.some(r => r.accountId === row!.accountId)
  assert.equal(has(await list('field=name&kind=name.form')), false)
  assert.equal(has(await list('field=name&kind=name.form&skipped=true')), true)
  await run()
  assert.equal(kindOf(await report(), 'name', 'name.form'), before - 1)
  await company.send('ops', 'POST', '/api/cleansing/skips/undo', skip)
  assert.equal(has(await list('field=name&kind=name.form')), true)
  assert.equal((await company.send('ops', 'POST', '/api/cleansing/skips', { rows: [{ ...skip.rows[0], rowVersion: 99 }] })).status, 409)
  const foreign = await company.one<{ id: string }>(`select id::text from account where division like '44%' limit 1`)
  assert.equal((await company.send('rep', 'POST', '/api/cleansing/skips', { rows: [{ ...skip.rows[0], accountId: foreign.id }] })).status, 404)
})

test('bulk needs its permission, thresholds theirs; a fault of the settings is named', async () => {
  assert.equal(
    (await company.send('rep', 'POST', '/api/cleansing/fixes', { all: { field: 'name', kind: 'name.form' } })).body.type,
    'urn:jiangyu:permission.missing',
  )
  const { spec, rowVersion } = await report()
  assert.equal((await company.send('manager', 'PUT', '/api/cleansing/settings', { spec, rowVersion })).status, 403)
  assert.equal(
    (await company.send('ops', 'PUT', '/api/cleansing/settings', { spec: { ...spec, fields: ['nothing'] }, rowVersion })).body.type,
    'urn:jiangyu:field.unknown',
  )
  assert.equal(
    (await company.send('ops', 'PUT', '/api/cleansing/settings', { spec: { ...spec, accuracy: { green: 0.5, ochre: 0.9 } }, rowVersion })).status,
    400,
  )
  const saved = await company.send('ops', 'PUT', '/api/cleansing/settings', {
    spec: { ...spec, fields: ['name', 'phone'], sharedPhone: 2 },
    rowVersion,
  })
  assert.equal(saved.body.rowVersion, 1, saved.text)
  assert.equal((await company.send('ops', 'PUT', '/api/cleansing/settings', { spec, rowVersion })).status, 409)
  await run()
  assert.deepEqual(
    (await report()).fields.map((f: { key: string }) => f.key),
    ['name', 'phone'],
  )
  assert.equal(
    (await company.send('ops', 'GET', '/api/cleansing/check-ups')).body.rows.length,
    await count(`from cleansing_run where state = 'done'`),
  )
  assert.equal(await count('from (select distinct run_id from cleansing_finding) x'), 1, 'only the last run’s findings are kept')
})

test('a form is warned, in three languages, and never refused', async () => {
  const ask = (locale: string) =>
    company.send(
      'rep',
      'POST',
      '/api/cleansing/check',
      { values: { phone: '138 0013 8001', creditCode: '9144O3OO192185379H', name: '测试', division: null, address: '江苏省苏州市吴江区盛泽镇1号' } },
      { 'accept-language': locale },
    )
  const warnings = (await ask('en')).body.warnings as { field: string; kind: string; proposal: string | null; words: string }[]
  assert.deepEqual(warnings.map(w => `${w.kind}=${w.proposal}`).sort(), [
    'code.misread=91440300192185379H',
    'division.fromAddress=320509',
    'name.placeholder=null',
    'phone.form=+8613800138001',
  ])
  assert.deepEqual(
    (await ask('en')).body.warnings.map((w: { words: string }) => w.words).filter((w: string) => /[一-龥]/.test(w) && !w.includes('address says')),
    [],
  )
})

test('the timeline says why a value was changed, in the reader’s language', async () => {
  await run()
  const [row] = await list('field=name&kind=name.form')
  const done = await company.send('ops', 'POST', '/api/cleansing/fixes', {
    rows: [{ accountId: row!.accountId, rowVersion: row!.rowVersion, field: 'name', kind: 'name.form' }],
  })
  assert.equal(done.status, 200, done.text)
  const events = (await company.send('ops', 'GET', `/api/accounts/${row!.accountId}/timeline?of=changes`)).body.rows
  const change = events.find((e: { detail: { kind: string } }) => e.detail?.kind === 'account.bulk')
  assert.deepEqual([change.detail.before, change.detail.after], [{ name: row!.value }, { name: row!.proposal }])
  assert.match(change.text, /体检|check-up/)
})
