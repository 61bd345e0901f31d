/** Members are dated facts: a start in the future takes effect by itself, an end too; shares never exceed a hundred; planners decide, managers do not. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { type Company, openCompany } from './company.ts'

let company: Company
let active: string
let suzhou: string
before(async () => {
  company = await openCompany({ accounts: 500 })
  active = await company.activeModel()
  suzhou = (await company.territories(active)).find(t => t.name === '苏州')!.id
})
after(() => company.close())

const userOf = async (login: string): Promise<string> =>
  (await company.one<{ id: string }>('select id::text from app_user where login = $1', [login])).id
const used = new Set<string>()
/** Somebody new each time, of no membership in Suzhou and Wuxi. */
const spare = async (): Promise<string> => {
  const found = await company.one<{ id: string }>(
    `select id::text from app_user u where state = 'active' and login like 'rep%' and login <> 'rep' and id <> all($1::bigint[]) and not exists (
       select 1 from territory_member m join territory t on t.id = m.territory_id and t.name in ('苏州', '无锡') where m.user_id = u.id) order by id limit 1`,
    [[...used]],
  )
  used.add(found.id)
  return found.id
}
const owners = async (): Promise<Record<string, number>> => {
  const found = await company.db.owner.query<{ owner: string | null; n: number }>(
    'select owner_id::text as owner, count(*)::int as n from account_placement where model_id = $1 and territory_id = $2 group by 1',
    [active, suzhou],
  )
  return Object.fromEntries(found.rows.map(r => [r.owner ?? 'nobody', r.n]))
}

test('a member added for later owns and sees nothing before, and takes over by itself when the time comes', async () => {
  const { ok } = company
  const rep = await userOf('rep')
  const later = await spare()
  const before = await owners()
  assert.ok(before[rep]! > 0)
  const soon = new Date(Date.now() + 1800).toISOString()
  const made = await ok('POST', `/api/models/${active}/territories/${suzhou}/members`, {
    body: { userId: later, role: 'owner', access: 'edit', startsAt: soon },
  })
  const members = (await ok('GET', `/api/models/${active}/territories/${suzhou}`)).members
  const lead = members.find((m: { userId: string; inheritedFrom: unknown }) => m.userId === rep && m.inheritedFrom === null)
  // The present lead leaves at the same instant.
  await ok('PATCH', `/api/members/${lead.id}`, { ifMatch: lead.rowVersion, body: { endsAt: soon } })
  await company.jobs()
  assert.deepEqual(await owners(), before, 'nothing happens yet')
  await new Promise(resolve => setTimeout(resolve, 2000))
  assert.ok((await company.placeDue()) > 0, 'accounts whose members begin or end are due')
  while ((await company.placeDue()) > 0);
  const after = await owners()
  assert.equal(after[rep] ?? 0, (await acts(rep)) ?? 0, 'the former lead keeps only what was given to him by hand')
  assert.ok((after[later] ?? 0) > 0)
  const changed = await ok('GET', `/api/models/${active}/territories/${suzhou}`)
  assert.ok(changed.members.some((m: { id: string }) => m.id === made.id))
  async function acts(userId: string): Promise<number> {
    return (
      await company.one<{ n: number }>(
        `select count(*)::int as n from account_placement where model_id = $1 and territory_id = $2 and owner_id = $3 and source like '%:act'`,
        [active, suzhou, userId],
      )
    ).n
  }
})

test('shares: the sum of those who stand at the same time never exceeds 100 %', async () => {
  const { ok, ask } = company
  const wuxi = (await company.territories(active)).find(t => t.name === '无锡')!.id
  const path = `/api/models/${active}/territories/${wuxi}/members`
  const sum = (await ok('GET', `/api/models/${active}/territories/${wuxi}`)).members
    .filter((m: { inheritedFrom: unknown }) => m.inheritedFrom === null)
    .reduce((n: number, m: { creditBp: number }) => n + m.creditBp, 0)
  const over = await ask('POST', path, { body: { userId: await spare(), role: 'collaborator', access: 'read', creditBp: 10_000 - sum + 1 } })
  assert.equal(over.status, 400)
  assert.match(over.body.type, /member\.credit/)
  const fits = await ok('POST', path, { body: { userId: await spare(), role: 'collaborator', access: 'read', creditBp: 10_000 - sum } })
  const twice = await ask('POST', path, { body: { userId: await userOf('hq'), role: 'viewer', access: 'read', creditBp: 1 } })
  assert.match(twice.body.type, /member\.credit/)
  const member = (await ok('GET', `/api/models/${active}/territories/${wuxi}`)).members.find((m: { id: string }) => m.id === fits.id)
  const role = await ok('PATCH', `/api/members/${member.id}`, { ifMatch: member.rowVersion, body: { role: 'manager' } })
  const kept = (await ok('GET', `/api/models/${active}/territories/${wuxi}`)).members.find((m: { id: string }) => m.id === fits.id)
  assert.deepEqual([kept.role, kept.access, kept.creditBp], ['manager', 'read', 10_000 - sum], 'a changed role leaves access and share alone')
  const stale = await ask('PATCH', `/api/members/${member.id}`, { ifMatch: member.rowVersion, body: { role: 'viewer' } })
  assert.match(stale.body.type, /record\.stale/)
  await ok('DELETE', `/api/members/${member.id}`, { ifMatch: role.rowVersion })
})

test('a member of a draft is of that draft: the map in use does not change, and a discarded draft takes him along', async () => {
  const { ok } = company
  const before = await owners()
  const model = await company.draft('换人')
  const who = await spare()
  await ok('POST', `/api/models/${model}/territories/${suzhou}/members`, { body: { userId: who, role: 'owner', access: 'edit' } })
  await company.jobs()
  assert.deepEqual(await owners(), before)
  const there = (await company.territories(model)).find(t => t.id === suzhou)!
  assert.ok(there.owners.some((o: { id: string }) => o.id === who))
  const here = (await company.territories(active)).find(t => t.id === suzhou)!
  assert.ok(!here.owners.some((o: { id: string }) => o.id === who))
  const head = (await ok('GET', '/api/models')).rows.find((m: { id: string }) => m.id === model)
  await ok('DELETE', `/api/models/${model}`, { ifMatch: head.rowVersion })
  assert.deepEqual(await company.one('select count(*)::int as n from territory_member where model_id = $1', [model]), { n: 0 })
})

test('a manager reads and gives away accounts, but plans nothing; a rep neither', async () => {
  const { ask } = company
  for (const as of ['manager', 'rep']) {
    const tries = [
      await ask('POST', '/api/models', { as, body: { name: 'x' } }),
      await ask('POST', `/api/models/${active}/territories/${suzhou}/members`, { as, body: { userId: await userOf('rep'), role: 'viewer' } }),
      await ask('POST', `/api/models/${active}/run`, { as }),
      await ask('POST', `/api/models/${active}/activate`, { as, body: {} }),
      await ask('POST', '/api/activations/undo', { as, body: {} }),
      await ask('POST', '/api/wizard/geography', { as, body: { name: 'x', shares: [{ userId: await userOf('rep'), divisions: ['110000'] }] } }),
    ]
    assert.deepEqual(
      tries.map(a => a.status),
      tries.map(() => 403),
      as,
    )
  }
})

test('a pin holds a customer against every rule, is listed with its reason, ends by itself, and is taken out', async () => {
  const { ok } = company
  const nantong = (await company.territories(active)).find(t => t.name === '南通')!.id
  const account = (
    await company.one<{ id: string }>('select account_id::text as id from account_placement where model_id = $1 and territory_id = $2 limit 1', [
      active,
      suzhou,
    ])
  ).id
  const at = async () =>
    (
      await company.one<{ t: string }>('select territory_id::text as t from account_placement where model_id = $1 and account_id = $2', [
        active,
        account,
      ])
    ).t
  const until = new Date(Date.now() + 1500).toISOString()
  await ok('POST', `/api/accounts/${account}/pins`, { body: { territoryId: nantong, until, reason: '集团总部在南通' } })
  assert.equal(await at(), nantong)
  const listed = (await ok('GET', `/api/territories/${nantong}/pins`)).rows
  assert.equal(listed.length, 1)
  assert.deepEqual([listed[0].account.id, listed[0].reason], [account, '集团总部在南通'])
  assert.equal(
    (await ok('GET', `/api/territories/${nantong}/pins`, { as: 'rep' })).rows.length,
    0,
    'who may not see the account does not see its pin',
  )
  await new Promise(resolve => setTimeout(resolve, 1700))
  while ((await company.placeDue()) > 0);
  assert.equal(await at(), suzhou, 'it ended by itself')
  const again = await ok('POST', `/api/accounts/${account}/pins`, { body: { territoryId: nantong, until: null, reason: '再来' } })
  await ok('DELETE', `/api/pins/${again.id}`)
  assert.equal(await at(), suzhou)
})
