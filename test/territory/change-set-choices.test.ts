/** What an author looks at and chooses: one person's eyes after the change, deals that are held, objections that the policy accepts by itself. */
import assert from 'node:assert/strict'
import test, { after } from 'node:test'
import { openChangeSets } from '../support/change-sets.ts'

const { company, ok, work, makeSet, setOf, seen } = await openChangeSets(5)
after(() => company.close())

const DAY = 86_400_000
const refused = async (status: number, code: string, login: string, method: 'GET' | 'POST' | 'PUT' | 'PATCH', url: string, body?: object) => {
  const answer = await company.send(login, method, url, body)
  assert.equal(answer.status, status, answer.text)
  assert.match(String(answer.body.type), new RegExp(`${code.replace('.', '\\.')}$`))
  return answer.body
}
const compute = async (id: string) => {
  await ok('ops', 'POST', `/api/change-sets/${id}/compute`)
  await work()
}
type Row = { accountId: string; name: string; mark: 'gained' | 'lost' | 'kept' }
const throughHisEyes = async (login: string, setId: string, userId: string, query = '') => {
  const rows: Row[] = []
  let counts: Record<Row['mark'], number> | null = null
  for (let cursor = ''; ; ) {
    const page = await ok(
      login,
      'GET',
      `/api/change-sets/${setId}/people/${userId}/accounts?limit=37${query}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
    )
    if (page.counts) counts = page.counts
    rows.push(...page.rows)
    if (!page.next) return { rows, counts: counts!, ids: (mark: Row['mark']) => rows.filter(r => r.mark === mark).map(r => r.accountId) }
    cursor = page.next
  }
}

test('what a person would see is foretold account by account, as a draft, submitted, and as it then is', { timeout: 120_000 }, async () => {
  await ok('admin', 'PUT', '/api/change-policy', { rows: [] })
  const set = await makeSet('以他的眼睛看')
  const anybody = await company.idOf('rep')
  await refused(409, 'changeSet.uncomputed', 'ops', 'GET', `/api/change-sets/${set.id}/people/${anybody}/accounts`)
  // A branch that moves under another parent: accounts that change neither owner nor territory are seen by others all the same.
  const tree = (await ok('ops', 'GET', `/api/models/${set.modelId}/territories?limit=5000`)).rows as {
    id: string
    parentId: string | null
    rowVersion: number
    children: number
    typeId: string
    accounts: number
  }[]
  const tops = tree.filter(t => t.parentId !== null && t.children > 0)
  const [branch, target] = [tops[0]!, tops.find(t => t.id !== tops[0]!.id && t.parentId === tops[0]!.parentId)!]
  const child = tree.find(t => t.parentId === branch.id && t.accounts > 0) ?? tree.find(t => t.parentId === branch.id)!
  await ok('ops', 'PATCH', `/api/models/${set.modelId}/territories/${child.id}`, { parentId: target.id }, { 'if-match': String(child.rowVersion) })
  // Somebody leaves his territory and another joins it: what stays with its owner and territory is seen by others too.
  const leaves = await company.one<{ id: string; v: number; territory: string; user: string }>(
    `select w.id::text, w.row_version as v, w.territory_id::text as territory, w.user_id::text as user from territory_member w
      where w.member_role = 'owner' and w.model_id is null and w.cancels_id is null and w.territory_id <> all($1::bigint[])
        and not exists (select 1 from user_role ur join role r on r.id = ur.role_id where ur.user_id = w.user_id and r.sees_all)
        and (select count(*) from account_placement p where p.territory_id = w.territory_id) > 5 order by w.id limit 1`,
    [[...set.territoryIds, child.id]],
  )
  const joins = await company.one<{ id: string }>(
    `select u.id::text from app_user u where u.login is not null and u.id <> $1 and u.state = 'active'
       and not exists (select 1 from user_role ur join role r on r.id = ur.role_id where ur.user_id = u.id and r.sees_all) order by u.id desc limit 1`,
    [leaves.user],
  )
  await ok('ops', 'DELETE', `/api/members/${leaves.id}?modelId=${set.modelId}`, undefined, { 'if-match': String(leaves.v) })
  await ok('ops', 'POST', `/api/models/${set.modelId}/territories/${leaves.territory}/members`, { userId: joins.id, role: 'viewer', access: 'read' })
  await compute(set.id)

  const lines = await company.rows<{ key: string; login: string; before: number; after: number; gained: number; lost: number }>(
    `select l.key::text, u.login, l.before, l.after, l.gained, l.lost from change_set_line l join app_user u on u.id = l.key where l.change_set_id = $1 and l.kind = 'sight' order by l.gained + l.lost desc`,
    [set.id],
  )
  const chosen = new Set([leaves.user, joins.id])
  const people = [...lines.filter(l => chosen.has(l.key)), ...lines.slice(0, 4), ...lines.filter(l => l.gained > 0).slice(0, 3)]
  assert.ok(people[0]!.key !== people[1]!.key && chosen.has(people[1]!.key), 'both are among those whose sight changes')
  assert.ok(people.length > 3 && people.some(p => p.gained > 0) && people.some(p => p.lost > 0), JSON.stringify(lines))
  const foretold = new Map<string, Awaited<ReturnType<typeof throughHisEyes>>>()
  for (const p of people) {
    const his = await throughHisEyes('admin', set.id, p.key)
    assert.deepEqual(his.counts, { gained: p.gained, lost: p.lost, kept: p.before - p.lost }, p.login)
    assert.equal(new Set(his.rows.map(r => r.accountId)).size, his.rows.length)
    const was = await seen(p.login)
    assert.deepEqual([...his.ids('lost'), ...his.ids('kept')].sort(), [...was].sort(), 'lost and kept are what he sees now')
    foretold.set(p.key, his)
  }
  // Some of what is gained or lost does not move at all.
  const moving = new Set(
    (await company.rows<{ id: string }>('select account_id::text as id from change_set_move where change_set_id = $1', [set.id])).map(m => m.id),
  )
  assert.ok([...foretold.values()].some(his => [...his.ids('gained'), ...his.ids('lost')].some(id => !moving.has(id))))

  const first = people[0]!
  const one = foretold.get(first.key)!.rows[0]!
  const found = await throughHisEyes('admin', set.id, first.key, `&search=${encodeURIComponent(one.name)}`)
  assert.ok(found.rows.some(r => r.accountId === one.accountId) && found.rows.length < foretold.get(first.key)!.rows.length)
  const lost = await throughHisEyes('admin', set.id, first.key, '&mark=lost')
  assert.deepEqual(
    lost.rows.map(r => r.accountId),
    foretold.get(first.key)!.ids('lost'),
  )
  // One look is one row of the trail, whatever was paged and searched.
  const looks = await company.rows(
    `select after->>'userId' as who from audit a join app_user u on u.id = a.actor_id where a.kind = 'changeSet.viewAs' and a.record_id = $1 and u.login = 'admin'`,
    [set.id],
  )
  assert.deepEqual(looks.map(l => l.who).sort(), [...foretold.keys()].sort())

  // Who plans but does not see all is told of what he sees himself, counts included.
  const everybody = await throughHisEyes('ops', set.id, first.key)
  await company.db.owner.query(`update role set sees_all = false where id in (select role_id from user_role where user_id = $1)`, [
    await company.idOf('ops'),
  ])
  const mine = await seen('ops')
  const fenced = await throughHisEyes('ops', set.id, first.key)
  assert.ok(fenced.rows.length < everybody.rows.length, `${fenced.rows.length} of ${everybody.rows.length}`)
  assert.ok(fenced.rows.every(r => mine.has(r.accountId)))
  assert.equal(fenced.counts.gained + fenced.counts.lost + fenced.counts.kept, fenced.rows.length)
  await company.db.owner.query(`update role set sees_all = true where id in (select role_id from user_role where user_id = $1)`, [
    await company.idOf('ops'),
  ])

  const url = `/api/change-sets/${set.id}/people`
  assert.equal((await company.send('ops', 'GET', `${url}/987654/accounts`)).status, 404)
  assert.equal((await company.send('ops', 'GET', `${url}/x/accounts`)).status, 400)
  assert.equal((await company.send('rep', 'GET', `${url}/${first.key}/accounts`)).status, 403)
  assert.equal((await company.send('ops', 'GET', `${url}/${first.key}/accounts?cursor=%27;--&search=%25%27`)).status, 200)

  await ok('ops', 'POST', `/api/change-sets/${set.id}/submit`, { why: 'x' })
  await work()
  for (const p of people)
    assert.deepEqual((await throughHisEyes('admin', set.id, p.key)).rows, foretold.get(p.key)!.rows, 'the rows say what was kept')
  // Sent back, it is read from what was kept again.
  await ok('ops', 'POST', `/api/change-sets/${set.id}/withdraw`, {})
  await work()
  assert.deepEqual((await throughHisEyes('admin', set.id, first.key)).rows, foretold.get(first.key)!.rows)
  await ok('ops', 'POST', `/api/change-sets/${set.id}/submit`, { why: 'x' })
  await work()
  await ok('ops', 'POST', `/api/change-sets/${set.id}/schedule`, { now: true })
  for (const p of people) {
    const his = foretold.get(p.key)!
    assert.deepEqual([...(await seen(p.login))].sort(), [...his.ids('gained'), ...his.ids('kept')].sort(), p.login)
  }
  await refused(409, 'changeSet.notAhead', 'ops', 'GET', `${url}/${first.key}/accounts`)
  await ok('ops', 'POST', '/api/activations/undo', { why: 'x' })
})

test('holdover of chosen deals: kept through recomputation and reopening; what is over at the instant is skipped', { timeout: 120_000 }, async () => {
  const set = await makeSet('留守几笔', 1)
  const url = `/api/change-sets/${set.id}`
  await compute(set.id)
  const moves = await company.rows<{ id: string; owner: string; login: string; to: string | null }>(
    `select m.account_id::text as id, m.from_owner::text as owner, u.login, m.to_owner::text as to from change_set_move m join app_user u on u.id = m.from_owner
      where m.change_set_id = $1 and m.from_owner is distinct from m.to_owner and not exists (select 1 from opportunity o where o.account_id = m.account_id) order by m.account_id limit 4`,
    [set.id],
  )
  assert.equal(moves.length, 4)
  const deals: string[] = []
  for (const [i, m] of moves.entries())
    deals.push(
      (
        await company.one<{ id: string }>(
          `insert into opportunity (tenant_id, account_id, name, amount, owner_id, created_at, updated_at) values (1, $1, $2, $3, $4, now(), now()) returning id::text`,
          [m.id, `留守 ${i}`, (i + 1) * 1000_00, m.owner],
        )
      ).id,
    )
  const state = async () => {
    const rows: { id: string; held: boolean | null }[] = []
    let holdover: { of: string; deals: number; held: number } | null = null
    for (let cursor = ''; ; ) {
      const page = await ok('ops', 'GET', `${url}/work?of=deals${cursor ? `&cursor=${cursor}` : ''}`)
      holdover ??= page.holdover
      rows.push(...page.rows)
      if (!page.next) break
      cursor = page.next
    }
    const of = new Map(rows.map(r => [r.id, r.held]))
    const holdable = rows.filter(r => r.held !== null)
    assert.deepEqual([holdover!.deals, holdover!.held], [holdable.length, holdable.filter(r => r.held).length])
    return { of: holdover!.of, held: deals.map(d => of.get(d)) }
  }
  assert.deepEqual(await state(), { of: 'all', held: [true, true, true, true] }, 'all of them unless somebody says otherwise')
  await ok('ops', 'PUT', `${url}/holdover`, { of: 'amount', atLeast: 3000_00 })
  assert.deepEqual(await state(), { of: 'amount', held: [false, false, true, true] })
  await ok('ops', 'PUT', `${url}/holdover/deals`, { deals: [{ id: deals[0], held: true }] })
  assert.deepEqual((await state()).held, [true, false, true, true])
  await ok('ops', 'PUT', `${url}/holdover`, { of: 'none' })
  assert.deepEqual((await state()).held, [false, false, false, false], 'a choice for all takes the single ones back')
  await ok('ops', 'PUT', `${url}/holdover`, { of: 'all' })
  await ok('ops', 'PUT', `${url}/holdover/deals`, { deals: [{ id: deals[3], held: false }] })

  // Refused with the line that is wrong, and nothing is kept of the rest.
  const elsewhere = await company.one<{ id: string }>(
    `insert into opportunity (tenant_id, account_id, name, created_at, updated_at)
     select 1, a.id, 'elsewhere', now(), now() from account a where not exists (select 1 from change_set_move m where m.change_set_id = $1 and m.account_id = a.id) limit 1 returning id::text`,
    [set.id],
  )
  const choose = [
    { id: deals[0], held: false },
    { id: elsewhere.id, held: true },
  ]
  const said = await refused(400, 'holdover.notTouched', 'ops', 'PUT', `${url}/holdover/deals`, { deals: choose })
  assert.match(JSON.stringify(said), /\/deals\/1\/id/)
  await refused(404, 'record.notFound', 'ops', 'PUT', `${url}/holdover/deals`, { deals: [{ id: '987654321', held: true }] })
  for (const body of [{}, { of: 'amount' }, { of: 'amount', atLeast: -1 }, { of: 'stage' }])
    assert.equal((await company.send('ops', 'PUT', `${url}/holdover`, body)).status, 400)
  for (const body of [{}, { deals: [] }, { deals: [{ id: 'x', held: true }] }])
    assert.equal((await company.send('ops', 'PUT', `${url}/holdover/deals`, body)).status, 400)
  assert.equal((await company.send('rep', 'PUT', `${url}/holdover`, { of: 'all' })).status, 403)
  assert.deepEqual((await state()).held, [true, true, true, false])

  await compute(set.id)
  assert.deepEqual((await state()).held, [true, true, true, false], 'computed anew')
  await ok('ops', 'PATCH', url, { holdoverDays: 30 }, { 'if-match': String((await setOf('ops', set.id)).rowVersion) })
  await ok('ops', 'POST', `${url}/submit`, { why: 'x' })
  await work()
  await refused(409, 'changeSet.notDraft', 'ops', 'PUT', `${url}/holdover`, { of: 'none' })
  await refused(409, 'changeSet.notDraft', 'ops', 'PUT', `${url}/holdover/deals`, { deals: [{ id: deals[0], held: false }] })
  await ok('ops', 'POST', `${url}/withdraw`, {})
  await work()
  assert.deepEqual((await state()).held, [true, true, true, false], 'a draft again')
  await ok('ops', 'POST', `${url}/submit`, { why: 'x' })
  await work()

  const soon = new Date(Date.now() + 2_500).toISOString()
  await ok('ops', 'POST', `${url}/schedule`, { effectiveAt: soon })
  await work()
  const shares = async () =>
    (
      await company.rows<{ id: string }>(
        'select account_id::text as id from account_share where change_set_id = $1 and account_id = any($2::bigint[]) order by 1',
        [set.id, moves.map(m => m.id)],
      )
    ).map(s => s.id)
  assert.deepEqual(await shares(), [moves[0]!.id, moves[1]!.id, moves[2]!.id].sort(), 'three are held, the fourth is not')
  // Both sides are told in figures.
  const told = await company.rows<{ user: string; kind: string; n: number; days: number }>(
    `select user_id::text as user, kind, (payload->>'n')::int as n, (payload->>'days')::int as days from notification where kind like 'changeSet.held%' and payload->>'changeSetId' = $1`,
    [set.id],
  )
  assert.ok(told.every(n => n.days === 30))
  const expected = moves.slice(0, 3).filter(m => m.owner === moves[0]!.owner).length
  assert.ok(told.find(n => n.kind === 'changeSet.heldOut' && n.user === moves[0]!.owner)!.n >= expected)
  assert.ok(moves[0]!.to === null || told.some(n => n.kind === 'changeSet.heldIn' && n.user === moves[0]!.to))
  // Who is affected reads it of his own customers.
  const his = await ok(moves[0]!.login, 'GET', `${url}/work?of=deals`)
  assert.equal(his.rows.find((r: { id: string }) => r.id === deals[0]).held, true)

  await company.db.owner.query(`update opportunity set stage = 'lost' where id = $1`, [deals[1]])
  await new Promise(resolve => setTimeout(resolve, Math.max(0, Date.parse(soon) - Date.now() + 300)))
  await work()
  assert.equal((await setOf('ops', set.id)).state, 'active')
  assert.deepEqual(await shares(), [moves[0]!.id, moves[2]!.id].sort(), 'a deal that was over at the instant holds nothing')
  const after = await company.rows(`select 1 from notification where kind like 'changeSet.held%' and payload->>'changeSetId' = $1`, [set.id])
  assert.equal(after.length, told.length, 'told once')
  assert.ok((await seen(moves[0]!.login)).has(moves[0]!.id))
  const until = await company.one<{ until: string }>('select until from account_share where change_set_id = $1 and account_id = $2', [
    set.id,
    moves[0]!.id,
  ])
  assert.ok(Math.abs(Date.parse(until.until) - Date.parse(soon) - 30 * DAY) < 3_600_000 * 2)
  await ok('ops', 'POST', '/api/activations/undo', { why: 'x' })
})
