/** Leads are seen by whom they concern and changed by who works them; everywhere else they do not exist. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { actorOfUser } from '../../src/server/identity/load-actor.ts'
import { actAs, inTenant } from '../../src/server/kernel/transaction.ts'
import { type IntakeCompany, makeIntakeCompany } from './world.ts'

let w: IntakeCompany
let ids: string[] = []
const tokensOf = async (userId: string) => (await inTenant(w.db.app, '1', tx => actorOfUser(tx, '1', userId)))!
before(async () => {
  w = await makeIntakeCompany()
  const spots = await w.rows<{ division: string; industry: string | null }>(
    `select distinct division, industry from account where division is not null order by 1, 2 limit 60`,
  )
  const got = await w.take([
    ...spots.map((s, i) => ({ company: `所见${i}厂`, phone: `138${String(10_000_000 + i)}`, ...s })),
    { company: '无处可去' },
  ])
  ids = got.map(o => o.id)
})
after(() => w.close())

test('list, counts and one lead: exactly what the tokens say, for everybody', { timeout: 120_000 }, async () => {
  let [some, none] = [0, 0]
  const people = await w.rows<{ id: string; login: string }>(`select id::text, login from app_user where state = 'active' order by id limit 40`)
  for (const { id, login } of people) {
    const actor = await tokensOf(id)
    const may = new Set(
      (await w.rows<{ id: string }>('select lead_id::text as id from lead_placement where tokens && $1::bigint[]', [actor.tokens])).map(r => r.id),
    )
    if (may.size === 0) none += 1
    else if (may.size < ids.length) some += 1
    const list = await w.send(login, 'GET', '/api/leads?limit=100')
    assert.equal(list.status, 200, list.text)
    assert.deepEqual(new Set(list.body.rows.map((r: { id: string }) => r.id)), may, login)
    for (const sample of ids.filter((_, i) => i % 13 === 0)) {
      const one = await w.send(login, 'GET', `/api/leads/${sample}`)
      assert.equal(one.status, may.has(sample) ? 200 : 404, `${login} ${sample}`)
    }
    const counts = (await w.send(login, 'GET', '/api/leads/queue-counts')).body.rows as { count: number }[]
    const waiting = await w.rows('select 1 from lead_placement where owner_id is null and open and tokens && $1::bigint[]', [actor.tokens])
    assert.equal(
      counts.reduce((sum, r) => sum + r.count, 0),
      waiting.length,
      login,
    )
    // The fence alone, without any driver.
    await inTenant(w.db.app, '1', async tx => {
      await actAs(tx, actor)
      for (const [table, column] of [
        ['lead', 'id'],
        ['lead_route', 'lead_id'],
        ['lead_note', 'lead_id'],
      ] as const)
        for (const row of (await tx.query<{ id: string }>(`select ${column}::text as id from ${table}`)).rows)
          assert.ok(may.has(row.id), `${login} ${table}`)
      const privates = new Set(
        (await w.rows<{ id: string }>('select lead_id::text as id from lead_placement where private_tokens && $1::bigint[]', [actor.tokens])).map(
          r => r.id,
        ),
      )
      for (const row of (await tx.query<{ id: string }>('select lead_id::text as id from lead_private')).rows)
        assert.ok(privates.has(row.id), `${login} lead_private`)
    })
  }
  assert.ok(some >= 3 && none >= 1, `${some} see a part, ${none} nothing`)
})

test('who may not work a lead changes nothing by any way', { timeout: 120_000 }, async () => {
  const rep = await tokensOf(await w.idOf('rep'))
  const foreign = (
    await w.rows<{ id: string }>(
      'select lead_id::text as id from lead_placement where not (tokens && $1::bigint[]) and owner_id is not null limit 3',
      [rep.tokens],
    )
  ).map(r => r.id)
  const seen = (
    await w.rows<{ id: string }>('select lead_id::text as id from lead_placement where tokens && $1::bigint[] and owner_id <> $2 limit 3', [
      rep.tokens,
      rep.userId,
    ])
  ).map(r => r.id)
  assert.ok(foreign.length > 0)
  const hash = async () =>
    (
      await w.one<{ h: string }>(
        `select concat((select sum(hashtextextended(x::text, 0)) from lead x), (select sum(hashtextextended(x::text, 0)) from lead_placement x), (select count(*) from lead_route), (select count(*) from lead_note)) as h`,
      )
    ).h
  const before = await hash()
  for (const id of [...foreign, ...seen]) {
    const hidden = foreign.includes(id)
    assert.equal((await w.send('rep', 'POST', `/api/leads/${id}/notes`, { text: 'x', contact: true })).status, hidden ? 404 : 403)
    assert.equal((await w.send('rep', 'PATCH', `/api/leads/${id}`, { company: 'x' }, { 'if-match': '1' })).status, hidden ? 404 : 403)
    if (hidden) assert.equal((await w.send('rep', 'GET', `/api/leads/${id}/owners`)).status, 404)
    for (const [act, body] of [
      ['assign', { ownerId: rep.userId, reason: 'x' }],
      ['route', {}],
      ['close', { reason: 'spam' }],
    ] as const) {
      const got = await w.send('rep', 'POST', `/api/leads/${act}`, { ids: [id], ...body })
      assert.deepEqual([got.status, got.body.changed, got.body.refused.length], [200, 0, 1], `${act} ${got.text}`)
    }
  }
  assert.equal(await hash(), before)
  assert.equal((await w.send('hq', 'POST', '/api/leads', { leads: [{ company: 'x' }] })).status, 403, 'reading is not working')
})

test('numbers are for those who may read them, and hidden fields for nobody', { timeout: 60_000 }, async () => {
  const { id } = await w.one<{ id: string }>(
    `select p.lead_id::text as id from lead_placement p join lead_private v on v.lead_id = p.lead_id where p.owner_id is not null limit 1`,
  )
  assert.match((await w.send('ops', 'GET', `/api/leads/${id}`)).text, /\+86138/)
  await w.db.owner.query(`update lead_placement set private_tokens = '{1}' where lead_id = $1`, [id])
  const masked = await w.send('ops', 'GET', `/api/leads/${id}`)
  assert.deepEqual([masked.body.phone, masked.body.masked], [null, true])
  await w.setFieldAccess('operations', { phone: 'hidden' })
  assert.ok(!(await w.send('ops', 'GET', `/api/leads/${ids[1]}`)).text.includes('+86138'))
})

test('sending a lead is no way to learn whose number it is: of a customer or a lead out of sight, nothing is told', { timeout: 60_000 }, async () => {
  const rep = await tokensOf(await w.idOf('rep'))
  const foreign = await w.one<{ id: string }>(
    `select p.account_id::text as id from account_placement p where p.model_id = $2 and not (p.private_tokens && $1::bigint[]) and p.owner_id is not null limit 1`,
    [rep.tokens, await w.model()],
  )
  await w.db.owner.query(
    `insert into account_private (tenant_id, account_id, phone) values (1, $1, '+8613398765432') on conflict (tenant_id, account_id) do update set phone = excluded.phone`,
    [foreign.id],
  )
  await w.db.owner.query('update account set updated_at = clock_timestamp() where id = $1', [foreign.id])
  const [byRep] = await w.take({ company: '试探者甲', phone: '13398765432' }, 'rep')
  assert.equal((await w.standing(byRep!.id)).reason, 'noCriterion', 'the number decided nothing')
  await w.db.owner.query('update lead set closed_at = now() where id = $1', [byRep!.id])
  const [byOps] = await w.take({ company: '试探者甲', phone: '13398765432' })
  assert.equal((await w.standing(byOps!.id)).reason, 'customer')
  const [again] = await w.take({ company: '试探者乙', phone: '13398765432' }, 'rep')
  assert.equal(again!.outcome, 'created', 'another’s open lead is not told')
})
