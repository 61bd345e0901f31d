/** Conflict cases as people have them: opened, argued, ruled, undone, appealed; who sees them, who may rule, and what two at once do. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { CASE_HANDOVER } from '../../src/server/engagement/handover.ts'
import { beatCases } from '../../src/server/engagement/jobs.ts'
import { actorOfUser } from '../../src/server/identity/load-actor.ts'
import { actAs, inTenant } from '../../src/server/kernel/transaction.ts'
import { type Company, makeCompany } from '../support/company.ts'

let w: Company
/** Two people of one region, and one of another. */
let rep: string
let mate: { id: string; login: string; territory: string }
let stranger: { id: string; login: string }
before(async () => {
  w = await makeCompany({ accounts: 1_500 })
  owned = await w.accountsOf('rep')
  rep = await w.idOf('rep')
  mate = await w.one(
    `select u.id::text, u.login, m.territory_id::text as territory from app_user u join territory_member m on m.user_id = u.id and m.member_role = 'owner'
      where u.department_id = (select department_id from app_user where login = 'rep') and u.login like 'rep0%' order by u.id limit 1`,
  )
  stranger = await w.one(
    `select u.id::text, u.login from app_user u join department d on d.id = u.department_id and d.name = '华南大区' join territory_member m on m.user_id = u.id and m.member_role = 'owner' where u.login like 'rep0%' order by u.id limit 1`,
  )
})
after(() => w.close())

const ok = async (answer: Promise<{ status: number; text: string; body: unknown }>): Promise<never> => {
  const got = await answer
  assert.equal(got.status, 200, got.text)
  return got.body as never
}
let used = 0
let owned: string[]
const nextAccount = async (): Promise<string> => owned[used++]!
const open = async (accountId: string, body: object = {}, login = 'manager'): Promise<string> =>
  ((await ok(w.send(login, 'POST', `/api/accounts/${accountId}/cases`, { why: 'manual', claimantId: mate.id, ...body }))) as { id: string }).id
const view = (login: string, id: string) => ok(w.send(login, 'GET', `/api/cases/${id}`)) as Promise<never> as Promise<Anything>
// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever came back and compares it
type Anything = any
const placement = (id: string) =>
  w.one(
    `select owner_id::text, territory_id::text, tokens::text, private_tokens::text, edit_tokens::text, source, pool_id from account_placement where account_id = $1 and model_id = (select model_id from activation order by seq desc limit 1)`,
    [id],
  )
const rulingOf = (v: Anything, change: object = {}) => ({ winner: 1, loserBp: 2500, months: 6, basis: v.basis, ...change })
const rule = (login: string, v: Anything, change: object = {}) =>
  w.send(login, 'POST', `/api/cases/${v.id}/ruling`, { ...rulingOf(v, change), reason: '收货与服务都在那边' }, { 'if-match': String(v.rowVersion) })

test('opened: evidence on one line, chained, without phones; clauses tested; the nearest common leader judges', { timeout: 120_000 }, async () => {
  const account = await nextAccount()
  await ok(w.send('rep', 'POST', `/api/accounts/${account}/notes`, { text: '上门拜访了沈总 138-0013-8000,谈了年框' }))
  await ok(w.send('rep', 'POST', `/api/accounts/${account}/opportunities`, { name: '年框', amount: 64_000_000, closeOn: null }))
  const id = await open(account)
  const v = await view('manager', id)
  assert.equal(v.judge.id, await w.idOf('manager'))
  assert.deepEqual(
    v.parties.map((p: Anything) => p.user.id),
    [rep, mate.id],
  )
  assert.ok(v.evidence.length >= 2)
  assert.equal(v.intact, true)
  const visit = v.evidence.find((e: Anything) => e.kind === 'visit' && e.words.text.includes('沈总'))
  assert.deepEqual([visit.side, visit.weight, visit.words.text], [0, 3, '上门拜访了沈总 ***,谈了年框'])
  assert.deepEqual(
    v.evidence.map((e: Anything) => e.at),
    [...v.evidence.map((e: Anything) => e.at)].sort(),
  )
  assert.equal(v.findings.find((f: Anything) => f.kind === 'firstTouch').side, 0)
  assert.ok(v.findings.some((f: Anything) => f.leads))
  assert.equal(v.deals.amount >= 64_000_000, true)
  assert.equal(
    (await w.send('manager', 'POST', `/api/accounts/${account}/cases`, { why: 'manual', claimantId: mate.id })).body.title,
    'engagement.exists',
  )

  // Parties and those above them see it, the same line; nobody else learns that it exists.
  const of = (x: Anything) => x.evidence.map((e: Anything) => [e.n, e.words])
  const party = await view(mate.login, id)
  assert.deepEqual(of(party), of(v))
  assert.deepEqual([party.mayRule, party.maySpeak, party.side], [false, true, 1])
  assert.equal((await w.send(stranger.login, 'GET', `/api/cases/${id}`)).status, 404)
  assert.equal((await w.send(stranger.login, 'GET', '/api/cases?box=all')).body.rows.length, 0)
  for (const [method, path, body] of [
    ['PUT', 'statement', { text: 'x' }],
    ['POST', 'evidence', { text: 'x', at: '2026-01-01' }],
    ['POST', 'appeal', { reason: 'x' }],
  ] as const)
    assert.equal((await w.send(stranger.login, method, `/api/cases/${id}/${path}`, body)).status, 404, path)
  assert.equal((await w.send('rep', 'POST', `/api/cases/${id}/ruling`, { ...rulingOf(v), reason: 'x' }, { 'if-match': '1' })).status, 403)

  // Nobody rewrites evidence: not through the role of requests; who does it with the owner's rights is noticed.
  await assert.rejects(w.db.app.query(`update case_evidence set weight = 3`), /permission denied/)
  await assert.rejects(w.db.bulk.query(`delete from case_evidence`), /permission denied/)
  await w.db.owner.query(`update case_evidence set words = '{"text":"假的"}' where case_id = $1 and n = 1`, [id])
  assert.equal((await view('manager', id)).intact, false)
})

test('said, signed, asked; then ruled: owner, territory, deals and credit in one; undone: everything as before', { timeout: 120_000 }, async () => {
  const account = await nextAccount()
  await ok(w.send('rep', 'POST', `/api/accounts/${account}/opportunities`, { name: '改造', amount: 1_000_000, closeOn: null }))
  await ok(w.send('rep', 'POST', `/api/accounts/${account}/tasks`, { text: '送样', dueOn: null }))
  const before = await placement(account)
  const id = await open(account, { why: 'crossRegion' })
  await ok(w.send('manager', 'POST', `/api/cases/${id}/questions`, { text: '谁签的合同' }))
  assert.equal((await view('rep', id)).parties[0].question, '谁签的合同')
  await ok(w.send('rep', 'PUT', `/api/cases/${id}/statement`, { text: '一直是我在跑' }))
  assert.equal((await view('manager', id)).state, 'statements')
  await ok(w.send(mate.login, 'PUT', `/api/cases/${id}/statement`, { text: '厂在我这边' }))
  const signed = (await ok(w.send(mate.login, 'POST', `/api/cases/${id}/evidence`, { text: '送货单在盛泽签收', at: '2026-01-05' }))) as { n: number }
  assert.equal((await w.send(mate.login, 'POST', `/api/cases/${id}/evidence`, { text: 'x', at: '2999-01-01' })).body.title, 'engagement.future')
  const v = await view('manager', id)
  assert.deepEqual([v.state, v.intact, v.evidence.find((e: Anything) => e.n === signed.n).addedBy !== null], ['ruling', true, true])

  const seen = (await ok(w.send('manager', 'POST', `/api/cases/${id}/ruling-preview`, rulingOf(v)))) as Anything
  assert.deepEqual(await placement(account), before, 'a preview leaves nothing')
  assert.equal((await w.send('manager', 'POST', `/api/cases/${id}/ruling-preview`, rulingOf(v, { loserBp: 3500 }))).body.title, 'engagement.capped')
  assert.equal(
    (await w.send('manager', 'POST', `/api/cases/${id}/ruling`, rulingOf(v), { 'if-match': String(v.rowVersion) })).status,
    400,
    'no reason',
  )
  const done = (await ok(rule('manager', v))) as Anything
  assert.deepEqual({ ...done, until: null }, { ...seen, until: null }, 'the preview told the truth')
  assert.deepEqual([seen.sides[1].gained, seen.sides[0].lost, seen.sides[0].bp, seen.deals.n >= 1, seen.tasks >= 1], [1, 1, 2500, true, true])
  const now = await placement(account)
  assert.deepEqual([now.owner_id, now.territory_id], [mate.id, mate.territory])
  assert.equal(
    (await w.one('select kind from ownership_act where account_id = $1 and cancelled_at is null order by id desc limit 1', [account])).kind,
    'ruling',
  )
  const split = await w.rows<{ user_id: string; bps: number }>(
    'select user_id::text, bps from credit_split where account_id = $1 and ended_at is null order by bps',
    [account],
  )
  assert.deepEqual(
    split.map(s => [s.user_id, s.bps]),
    [
      [rep, 2500],
      [mate.id, 7500],
    ],
  )
  assert.equal((await w.rows(`select 1 from opportunity where account_id = $1 and stage = 'open' and owner_id = $2`, [account, rep])).length, 0)
  assert.equal((await view('rep', id)).rulings[0].effect.sides[1].bp, 7500, 'who lost it still reads the ruling')
  assert.equal((await w.rows(`select 1 from audit where kind = 'case.rule' and record_id = $1`, [id])).length, 1)

  const ruled = await view('manager', id)
  assert.equal(ruled.state, 'appeal')
  assert.equal(ruled.mayUndo, true)
  await ok(w.send('manager', 'DELETE', `/api/cases/${id}/ruling`, undefined, { 'if-match': String(ruled.rowVersion) }))
  assert.deepEqual(await placement(account), before)
  assert.equal((await w.rows('select 1 from credit_split where account_id = $1 and ended_at is null', [account])).length, 0)
  assert.ok((await w.rows(`select 1 from opportunity where account_id = $1 and stage = 'open' and owner_id = $2`, [account, rep])).length > 0)
  assert.equal((await view('manager', id)).state, 'ruling')

  // Ruled again, then given on: what stands on it keeps it.
  await ok(rule('manager', await view('manager', id)))
  await ok(w.send('ops', 'POST', `/api/accounts/${account}/assign`, { ownerId: rep, reason: 'x' }))
  const late = await w.send('manager', 'DELETE', `/api/cases/${id}/ruling`, undefined, { 'if-match': String((await view('manager', id)).rowVersion) })
  assert.equal(late.body.title, 'engagement.stoodOn')
})

test('both look after it: the owner stays, the other may edit, and undoing takes that back', { timeout: 120_000 }, async () => {
  const account = await nextAccount()
  const before = await placement(account)
  const v = await view('manager', await open(account))
  await ok(rule('manager', v, { winner: null, loserBp: 5000 }))
  assert.equal((await placement(account)).owner_id, rep)
  assert.equal((await w.send(mate.login, 'POST', `/api/accounts/${account}/notes`, { text: '一起跟' })).status, 200)
  await ok(w.send('manager', 'DELETE', `/api/cases/${v.id}/ruling`, undefined, { 'if-match': String((await view('manager', v.id)).rowVersion) }))
  assert.deepEqual(await placement(account), before)
})

test('nobody judges himself or one side only; recusal goes up; across regions and at the top headquarters', { timeout: 120_000 }, async () => {
  const manager = await w.idOf('manager')
  const own = await view('ops', await open(await nextAccount(), { claimantId: manager }))
  assert.notEqual(own.judge.id, manager)
  assert.equal(own.headquarters, true)
  const across = await view('ops', await open(await nextAccount(), { claimantId: stranger.id }))
  assert.equal(across.headquarters, true, 'no leader of both below headquarters')
  assert.equal((await w.send('manager', 'POST', `/api/cases/${across.id}/ruling-preview`, rulingOf(across))).body.title, 'engagement.notJudge')
  // Set upon him all the same: he must recuse himself.
  await w.db.owner.query('update conflict_case set judge_id = $2 where id = $1', [across.id, manager])
  assert.equal((await view('manager', across.id)).mustRecuse, 'leadsOne')
  assert.equal((await rule('manager', await view('manager', across.id))).body.title, 'engagement.mustRecuse')
  const next = (await ok(w.send('manager', 'POST', `/api/cases/${across.id}/recusal`, { reason: '一方是我的人' }))) as Anything
  assert.notEqual(next.judge.id, manager)
  assert.deepEqual((await view('ops', across.id)).judge.id, next.judge.id)
})

test('too late: to headquarters, once; appeal: another judge, once; then it is final', { timeout: 120_000 }, async () => {
  const account = await nextAccount()
  const id = await open(account)
  const manager = await w.idOf('manager')
  await w.db.owner.query(
    `update conflict_case set due_at = now() - interval '1 minute', statements_due_at = now() - interval '9 hours' where id = $1`,
    [id],
  )
  await Promise.all([beatCases(w.db.bulk), beatCases(w.db.bulk)])
  const late = await view('ops', id)
  assert.deepEqual([late.state, late.headquarters, late.judge.id !== manager, late.escalatedAt !== null], ['ruling', true, true, true])
  assert.equal((await w.rows(`select 1 from audit where kind = 'case.overdue' and record_id = $1`, [id])).length, 1)
  await w.db.owner.query(`update conflict_case set due_at = now() - interval '1 minute' where id = $1`, [id])
  await beatCases(w.db.bulk)
  assert.equal((await view('ops', id)).judge.id, late.judge.id, 'headquarters keeps it')

  const login = (await w.one<{ login: string }>('select login from app_user where id = $1', [late.judge.id])).login
  await ok(rule(login, await view(login, id)))
  assert.equal((await w.send('ops', 'POST', `/api/cases/${id}/appeal`, { reason: 'x' })).body.title, 'engagement.notParty')
  await ok(w.send('rep', 'POST', `/api/cases/${id}/appeal`, { reason: '送货单没有算' }))
  const again = await view('rep', id)
  assert.equal(again.state, 'ruling')
  assert.ok(again.judge.id !== late.judge.id && again.judge.id !== manager)
  assert.equal((await placement(account)).owner_id, mate.id, 'the ruling holds until then')
  const second = (await w.one<{ login: string }>('select login from app_user where id = $1', [again.judge.id])).login
  await ok(rule(second, await view(second, id), { winner: 0, loserBp: 1000 }))
  const final = await view('rep', id)
  assert.deepEqual([final.state, final.mayAppeal, (await placement(account)).owner_id], ['closed', false, rep])
  assert.deepEqual(
    (await w.rows<{ bps: number }>('select bps from credit_split where account_id = $1 and ended_at is null order by bps', [account])).map(
      s => s.bps,
    ),
    [1000, 9000],
  )
  assert.equal((await w.send('rep', 'POST', `/api/cases/${id}/appeal`, { reason: 'x' })).body.title, 'engagement.appealed')
  // A later case finds it again.
  const like = await view('ops', await open(await nextAccount()))
  assert.ok(like.precedents.some((p: Anything) => p.id === id && p.percent > 0 && p.shared.includes('why')))
})

test('two at once: one ruling stands; a ruling beside a transfer never loses who owns it', { timeout: 120_000 }, async () => {
  const account = await nextAccount()
  const v = await view('manager', await open(account))
  const both = await Promise.all([rule('manager', v), rule('manager', v, { winner: 0 })])
  assert.deepEqual(both.map(b => b.status).sort(), [200, 409], both.map(b => b.text).join())
  assert.equal((await w.rows(`select 1 from case_ruling where case_id = $1`, [v.id])).length, 1)

  const fresh = await nextAccount()
  const opened = await Promise.all(
    [1, 2, 3].map(() => w.send('manager', 'POST', `/api/accounts/${fresh}/cases`, { why: 'manual', claimantId: mate.id })),
  )
  assert.deepEqual(opened.map(o => o.status).sort(), [200, 409, 409], 'one case a customer')

  for (let round = 0; round < 6; round += 1) {
    const other = await nextAccount()
    const c = await view('manager', await open(other))
    const [ruled, given] = await Promise.all([
      rule('manager', c),
      w.send('ops', 'POST', `/api/accounts/${other}/assign`, { ownerId: stranger.id, reason: 'x' }),
    ])
    assert.equal(given.status, 200, given.text)
    assert.ok(ruled.status === 200 || ruled.body.title === 'engagement.moved', ruled.text)
    const last = await w.one(
      'select owner_id::text from ownership_act where account_id = $1 and cancelled_at is null order by at desc, id desc limit 1',
      [other],
    )
    assert.equal(last.owner_id, stranger.id, 'whichever came last')
    assert.ok([stranger.id, mate.id, rep].includes((await placement(other)).owner_id))
  }
})

test('a customer nobody owns, one that no two contest, oneself against oneself: refused in words', { timeout: 60_000 }, async () => {
  const account = await nextAccount()
  assert.equal((await w.send('rep', 'POST', `/api/accounts/${account}/cases`, { why: 'manual' })).body.title, 'engagement.oneOwner')
  assert.equal((await w.send('rep', 'POST', `/api/accounts/${account}/cases`, { why: 'overlap' })).body.title, 'engagement.notContested')
  assert.equal((await w.send('rep', 'POST', `/api/accounts/${account}/cases`, { why: 'duplicate' })).body.title, 'engagement.needsOther')
  const hidden = await w.one<{ id: string }>(`select account_id::text as id from account_placement p where owner_id = $1 limit 1`, [stranger.id])
  assert.equal((await w.send('rep', 'POST', `/api/accounts/${hidden.id}/cases`, { why: 'manual' })).status, 404)
  await w.db.owner.query(
    `insert into duplicate_pair (tenant_id, account_a, account_b, score, decision, evidence, found_at) values (1, least($1::bigint, $2::bigint), greatest($1::bigint, $2::bigint), 0.99, 'merge', '[]', now())`,
    [account, hidden.id],
  )
  const id = await open(account, { why: 'duplicate', otherId: hidden.id, claimantId: undefined }, 'ops')
  const v = await view('ops', id)
  assert.ok(v.evidence.some((e: Anything) => e.kind === 'duplicate' && e.side === null))
  assert.deepEqual(
    v.parties.map((p: Anything) => p.user.id),
    [rep, stranger.id],
  )
  const login = (await w.one<{ login: string }>('select login from app_user where id = $1', [v.judge.id])).login
  await ok(rule(login, v, { winner: 0, loserBp: 0 }))
  assert.deepEqual(
    [(await placement(account)).owner_id, (await placement(hidden.id)).owner_id],
    [rep, rep],
    'both records, so that they can be merged',
  )
})

test('drawn in by nobody who has no say; a leaver’s side goes to his successor; merged records are ruled as what is left', {
  timeout: 120_000,
}, async () => {
  const account = await nextAccount()
  const watcher = await w.one<{ login: string; id: string }>(
    `select u.login, u.id::text from app_user u where u.department_id = (select department_id from app_user where login = 'rep') and u.login like 'rep0%' and u.id <> $1 order by u.id desc limit 1`,
    [mate.id],
  )
  await ok(w.send('ops', 'POST', `/api/accounts/${account}/shares`, { userId: watcher.id, access: 'read', until: null }))
  const drawn = await w.send(watcher.login, 'POST', `/api/accounts/${account}/cases`, { why: 'manual', claimantId: stranger.id })
  assert.deepEqual([drawn.status, drawn.body.title], [403, 'permission.missing'])
  const id = await open(account, { claimantId: watcher.id }, 'rep')
  await ok(w.send('admin', 'POST', `/api/users/${watcher.id}/deactivate`, { successorId: mate.id }))
  const moved = await view('ops', id)
  assert.equal(moved.parties[1].user.id, mate.id)
  assert.equal((await view(mate.login, id)).side, 1)
  // Nobody becomes both sides of a case.
  const give = (from: string, to: string) =>
    inTenant(w.db.app, '1', async tx => {
      const actor = (await actorOfUser(tx, '1', await w.idOf('admin')))!
      await actAs(tx, actor)
      return CASE_HANDOVER.move(tx, actor, { from, to, at: new Date().toISOString(), why: null, handoverId: null }, [id])
    })
  assert.deepEqual(await give(rep, mate.id), [{ id, refused: 'engagement.otherSide' }])
  assert.deepEqual(
    (await view('ops', id)).parties.map((p: Anything) => p.user.id),
    [rep, mate.id],
  )

  const [a, b] = [await nextAccount(), await nextAccount()]
  await ok(w.send('ops', 'POST', `/api/accounts/${b}/assign`, { ownerId: mate.id, reason: 'x' }))
  const pair = await open(a!, { why: 'duplicate', otherId: b, claimantId: undefined }, 'ops')
  const versions = await w.rows<{ id: string; v: number }>('select id::text, row_version as v from account where id = any($1::bigint[])', [[a, b]])
  const v = (x: string) => versions.find(r => r.id === x)!.v
  await ok(w.send('ops', 'POST', '/api/duplicates/merge', { survivorId: b, mergedId: a, survivorVersion: v(b!), mergedVersion: v(a!), take: [] }))
  const left = await view('manager', pair)
  const done = (await ok(rule('manager', left, { winner: 0, loserBp: 0 }))) as Anything
  assert.deepEqual(
    done.accounts.map((x: Anything) => x.id),
    [b],
  )
  assert.equal((await placement(b!)).owner_id, rep)
  await ok(w.send('manager', 'DELETE', `/api/cases/${pair}/ruling`, undefined, { 'if-match': String((await view('manager', pair)).rowVersion) }))
  assert.equal((await placement(b!)).owner_id, mate.id)
  await w.db.owner.query('update account set deleted_at = now() where id = $1', [b])
  await beatCases(w.db.bulk)
  assert.equal((await view('ops', pair)).state, 'closed')
})

test('whoever asks sees exactly the cases he leads, judges, opened or is a party of, in every list and count', { timeout: 120_000 }, async () => {
  const people = await w.rows<{ login: string; id: string }>(`select login, id::text from app_user where state = 'active' order by id limit 40`)
  const all = await w.rows<{ id: string; number: number }>('select id::text, number from conflict_case order by id')
  assert.ok(all.length >= 12)
  for (const p of people) {
    const sees = await w.one<{ all: boolean }>(
      `select coalesce(bool_or(r.sees_all), false) as all from user_role ur join role r on r.id = ur.role_id where ur.user_id = $1`,
      [p.id],
    )
    // Told from the rows, not from tokens: side, judge, opener; leader of a side's department or above; manager of a side's territory or above.
    const due = sees.all
      ? all.map(c => c.id)
      : (
          await w.rows<{ id: string }>(
            `with recursive dep(case_id, id) as (select p.case_id, u.department_id from case_party p join app_user u on u.id = p.user_id union select dep.case_id, d.parent_id from dep join department d on d.id = dep.id where d.parent_id is not null),
               ter(case_id, id) as (select p.case_id, p.territory_id from case_party p where p.territory_id is not null union select ter.case_id, t.parent_id from ter join territory t on t.id = ter.id and t.model_id = (select model_id from activation order by seq desc limit 1) where t.parent_id is not null)
             select c.id::text from conflict_case c where c.judge_id = $1 or c.opened_by = $1 or exists (select 1 from case_party p where p.case_id = c.id and p.user_id = $1)
                or exists (select 1 from dep join department d on d.id = dep.id where dep.case_id = c.id and d.leader_id = $1)
                or exists (select 1 from ter join territory_member m on m.territory_id = ter.id and m.member_role = 'manager' where ter.case_id = c.id and m.user_id = $1) order by c.id`,
            [p.id],
          )
        ).map(c => c.id)
    const got: string[] = []
    for (let cursor = ''; ; ) {
      const page = (await ok(w.send(p.login, 'GET', `/api/cases?box=all&limit=3${cursor && `&cursor=${encodeURIComponent(cursor)}`}`))) as Anything
      got.push(...page.rows.map((r: Anything) => r.id))
      if (page.next === null) break
      cursor = page.next
    }
    assert.deepEqual([...got].sort(), [...due].sort(), p.login)
    for (const c of all) {
      const { status } = await w.send(p.login, 'GET', `/api/cases/${c.id}`)
      assert.equal(status, due.includes(c.id) ? 200 : 404, `${p.login} #${c.number}`)
    }
  }
})
