/** One account over HTTP: made, changed by one at a time, recycled and brought back with everything on it; what hangs on it follows its sight. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { type Company, makeCompany } from '../../../test/support/company.ts'

let company: Company
before(async () => {
  company = await makeCompany()
})
after(() => company.close())

const make = async (values: Record<string, unknown>, login = 'ops'): Promise<string> => {
  const reply = await company.send(login, 'POST', '/api/accounts', { values })
  assert.equal(reply.status, 200, reply.text)
  return reply.body.id
}
const read = async (id: string, login = 'ops') => (await company.send(login, 'GET', `/api/accounts/${id}`)).body
const patch = (id: string, values: object, version?: number | string, login = 'ops') =>
  company.send(login, 'PATCH', `/api/accounts/${id}`, { values }, version === undefined ? {} : { 'if-match': String(version) })

test('a wrong value names its field and what is wanted, and nothing is written', async () => {
  const count = async () => (await company.one('select count(*)::int as n from account')).n
  const before = await count()
  for (const [values, field] of [
    [{ name: '' }, 'name'],
    [{ name: 'x', size: -1 }, 'size'],
    [{ name: 'x', size: 1.5 }, 'size'],
    [{ name: 'x', revenue: 'viel' }, 'revenue'],
    [{ name: 'x', division: '999999' }, 'division'],
    [{ name: 'x', industry: 'ZZ' }, 'industry'],
    [{ name: 'x', tier: 'gold' }, 'tier'],
    [{ name: 'x', point: '200,10' }, 'point'],
    [{ name: 'x'.repeat(201) }, 'name'],
    [{ name: 'a\u0000b' }, 'name'],
    [{ name: 'x', nosuch: 1 }, 'nosuch'],
  ] as const) {
    const reply = await company.send('ops', 'POST', '/api/accounts', { values })
    assert.equal(reply.status, 400, `${JSON.stringify(values).slice(0, 60)}: ${reply.text}`)
    assert.ok(JSON.stringify(reply.body.errors).includes(field), reply.text)
  }
  assert.equal(await count(), before)
})

test('without the version seen 428, with an old one 409 with both values, and the record stays', async () => {
  const id = await make({ name: '版本一', size: 10 })
  assert.equal((await patch(id, { size: 20 })).status, 428)
  assert.equal((await patch(id, { size: 20 }, 'x')).status, 428)
  assert.equal((await patch(id, { size: 20 }, 1)).status, 200)
  const stale = await patch(id, { size: 30, name: '版本一' }, 1)
  assert.equal(stale.status, 409)
  assert.equal(stale.body.values.current, 2)
  assert.deepEqual(stale.body.errors[0].values, { field: 'size', now: '20', yours: '30' }, 'only what differs is named')
  assert.equal(stale.body.errors.length, 1)
  assert.equal((await read(id)).values.size, 20)
})

test('thirty people change one account at once: one wins a version, and every version is kept', async () => {
  const id = await make({ name: '抢着改', size: 0 })
  const first = await Promise.all(Array.from({ length: 30 }, (_, i) => patch(id, { size: i + 1 }, 1)))
  assert.equal(first.filter(r => r.status === 200).length, 1)
  assert.ok(first.every(r => r.status === 200 || r.status === 409))
  // Each of twelve tries again until its own change is in.
  await Promise.all(
    Array.from({ length: 12 }, async (_, i) => {
      for (;;) {
        const reply = await patch(id, { potential: i + 1 }, (await read(id)).rowVersion)
        if (reply.status === 200) return
        assert.equal(reply.status, 409, reply.text)
      }
    }),
  )
  assert.equal((await read(id)).rowVersion, 14)
  const versions = await company.rows<{ row_version: number }>('select row_version from account_version where account_id = $1 order by row_version', [
    id,
  ])
  assert.deepEqual(
    versions.map(v => v.row_version),
    Array.from({ length: 14 }, (_, i) => i + 1),
  )
  const trail = await company.one(`select count(*)::int as n from audit where account_id = $1 and kind = 'account.update'`, [id])
  assert.equal(trail.n, 13)
})

test('a group is a tree: nobody becomes his own ancestor, whoever asks at the same time', async () => {
  const [a, b, c] = [await make({ name: '甲' }), await make({ name: '乙' }), await make({ name: '丙' })]
  assert.equal((await patch(b, { parentId: a }, 1)).status, 200)
  assert.equal((await patch(c, { parentId: b }, 1)).status, 200)
  const cycle = await patch(a, { parentId: c }, 1)
  assert.equal(cycle.status, 409, cycle.text)
  assert.equal(cycle.body.title, 'account.parentCycle')
  for (let i = 0; i < 6; i += 1) {
    const [x, y] = [await make({ name: `对一${i}` }), await make({ name: `对二${i}` })]
    const both = await Promise.all([patch(x, { parentId: y }, 1), patch(y, { parentId: x }, 1)])
    assert.deepEqual(both.map(r => r.status).sort(), [200, 409], both.map(r => r.text).join())
  }
  const group = (await read(c)).group as { name: string; depth: number }[]
  assert.deepEqual(
    group.map(g => [g.name, g.depth]),
    [
      ['甲', 0],
      ['乙', 1],
      ['丙', 2],
    ],
  )
})

test('recycled it is gone for everybody; restored, everything is back and the rules have placed it again', async () => {
  const id = await make({ name: '回收再来', division: '320505', tier: 'B', size: 88 })
  const reply = await company.send('ops', 'POST', `/api/accounts/${id}/contacts`, { name: '王工', phone: '1' })
  assert.equal(reply.status, 200, reply.text)
  await company.send('ops', 'POST', `/api/accounts/${id}/notes`, { text: '记一笔', next: { text: '下一步', dueOn: '2030-01-01' } })
  await company.send('ops', 'POST', `/api/accounts/${id}/opportunities`, { name: '一单', amount: 100, closeOn: null })
  await company.send('ops', 'POST', `/api/accounts/${id}/addresses`, { kind: 'site', text: '杭州市萧山区' })
  await company.send('ops', 'POST', `/api/accounts/${id}/shares`, { userId: await company.idOf('hq'), access: 'read' })
  const before = await read(id)
  const rep = await company.send('rep', 'GET', `/api/accounts/${id}`)
  assert.equal(rep.status, 200, 'the owner of 苏州 sees it')
  assert.equal((await company.send('ops', 'DELETE', `/api/accounts/${id}`, undefined, { 'if-match': String(before.rowVersion) })).status, 200)
  assert.equal((await company.send('rep', 'GET', `/api/accounts/${id}`)).status, 404)
  const listed = await company.send('ops', 'POST', '/api/accounts/query', { search: '回收再来' })
  assert.equal(listed.body.rows.length, 0)
  const bin = await company.send('ops', 'GET', '/api/recycle-bin')
  assert.ok(bin.body.rows.some((r: { id: string }) => r.id === id))
  assert.equal((await patch(id, { size: 1 }, before.rowVersion + 1)).status, 404, 'in the bin nothing is changed')
  assert.equal((await company.send('ops', 'POST', `/api/accounts/${id}/restore`)).status, 200)
  const after = await read(id)
  const bare = ({ rowVersion: _, updatedAt: __, ...rest }: Record<string, unknown>) => rest
  assert.deepEqual(bare(after), bare(before))
  assert.equal((await company.send('rep', 'GET', `/api/accounts/${id}`)).status, 200)
  const open = await company.send('ops', 'GET', `/api/tasks?accountId=${id}`)
  assert.equal(open.body.rows.length, 1)
  assert.equal((await company.send('ops', 'POST', `/api/accounts/${id}/restore`)).status, 404, 'twice is once too often')
})

test('what hangs on an account is seen through it: nothing for strangers, no writing for readers, no telephone where it is masked', async () => {
  const id = await make({ name: '别人的客户', division: '440305' })
  const contact = await company.send('ops', 'POST', `/api/accounts/${id}/contacts`, { name: '李总', phone: '+8610000' })
  const note = await company.send('ops', 'POST', `/api/accounts/${id}/notes`, { text: '机密' })
  const task = await company.send('ops', 'POST', `/api/accounts/${id}/tasks`, { text: '办', dueOn: null })
  assert.equal(note.status, 200)
  const writes: readonly (readonly ['POST' | 'PATCH' | 'DELETE', string, object | undefined])[] = [
    ['POST', `/api/accounts/${id}/notes`, { text: 'x' }],
    ['POST', `/api/accounts/${id}/tasks`, { text: 'x', dueOn: null }],
    ['POST', `/api/accounts/${id}/contacts`, { name: 'x' }],
    ['POST', `/api/accounts/${id}/opportunities`, { name: 'x', amount: null, closeOn: null }],
    ['POST', `/api/accounts/${id}/addresses`, { kind: 'site', text: '苏州市' }],
    ['POST', `/api/accounts/${id}/shares`, { userId: '1', access: 'edit' }],
    ['PATCH', `/api/tasks/${task.body.id}`, { done: true }],
    ['PATCH', `/api/accounts/${id}/contacts/${contact.body.id}`, { name: 'y' }],
    ['DELETE', `/api/accounts/${id}/contacts/${contact.body.id}`, undefined],
  ]
  for (const [method, url, body] of writes)
    assert.equal((await company.send('rep', method, url, body, { 'if-match': '1' })).status, 404, `${method} ${url}`)
  for (const url of [`/api/accounts/${id}/timeline`, `/api/accounts/${id}`]) assert.equal((await company.send('rep', 'GET', url)).status, 404, url)
  assert.ok([404].includes((await company.send('rep', 'GET', `/api/accounts/${id}/files`)).status))
  assert.deepEqual((await company.send('rep', 'GET', `/api/tasks?accountId=${id}`)).body.rows ?? [], [])
  await company.send('ops', 'POST', `/api/accounts/${id}/shares`, { userId: await company.idOf('rep'), access: 'read' })
  const seen = await read(id, 'rep')
  assert.equal(seen.editable, false)
  assert.equal(seen.masked, true)
  assert.deepEqual(seen.contacts, [], 'a reader by share does not see the people behind the mask')
  for (const [method, url, body] of writes)
    assert.equal((await company.send('rep', method, url, body, { 'if-match': '1' })).status, 403, `${method} ${url}`)
  const line = (await company.send('rep', 'GET', `/api/accounts/${id}/timeline`)).body.rows as { kind: string; text: string | null }[]
  assert.ok(line.some(e => e.kind === 'note' && e.text === '机密'))
})

test('a task is finished once, moved, and told to whom it is given', async () => {
  const id = await make({ name: '派活' })
  const manager = await company.idOf('manager')
  const made = await company.send('ops', 'POST', `/api/accounts/${id}/tasks`, { text: '回电', dueOn: '2030-02-03', assigneeId: manager })
  const notices = (await company.send('manager', 'GET', '/api/notifications')).body.rows as { kind: string; accountId: string }[]
  assert.ok(notices.some(n => n.kind === 'task.assigned' && n.accountId === id))
  const move = (body: object, version: number) => company.send('ops', 'PATCH', `/api/tasks/${made.body.id}`, body, { 'if-match': String(version) })
  assert.equal((await move({ dueOn: '2030-03-04' }, 1)).body.rowVersion, 2)
  assert.equal((await move({ done: true }, 1)).status, 409)
  assert.equal((await move({ done: true }, 2)).body.rowVersion, 3)
  const line = (await company.send('ops', 'GET', `/api/accounts/${id}/timeline?of=notes`)).body.rows as { kind: string }[]
  assert.deepEqual(line.map(e => e.kind).sort(), ['task', 'taskDone'])
})

test('the line of events is complete page by page under every filter, and tells changes of hands with their reason', async () => {
  const id = await make({ name: '时间线', division: '320505' })
  for (let i = 0; i < 45; i += 1) await company.send('ops', 'POST', `/api/accounts/${id}/notes`, { text: `第 ${i} 条` })
  await company.send('ops', 'POST', `/api/accounts/${id}/assign`, { ownerId: await company.idOf('manager'), reason: '换人试试' })
  await patch(id, { tier: 'A' }, 1)
  type Event = { id: string; kind: string; text: string | null; detail: Record<string, unknown> | null; by: string | null }
  const all = async (of: string): Promise<Event[]> => {
    const events: Event[] = []
    let cursor: string | null = null
    do {
      const reply: { body: { rows: Event[]; next: string | null } } = await company.send(
        'ops',
        'GET',
        `/api/accounts/${id}/timeline?of=${of}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
      )
      events.push(...reply.body.rows)
      cursor = reply.body.next
    } while (cursor)
    return events
  }
  const whole = await all('all')
  assert.equal(new Set(whole.map(e => e.id)).size, whole.length, 'no event comes twice')
  assert.equal((await all('notes')).length, 45)
  const parts = (await Promise.all(['notes', 'deals', 'ownership', 'changes'].map(all))).flat()
  assert.deepEqual(parts.map(e => e.id).sort(), whole.map(e => e.id).sort())
  const moved = (await all('ownership')).find(e => e.kind === 'ownership' && !e.detail?.first)
  assert.equal(moved?.text, '换人试试')
  assert.equal(moved?.detail?.owner, '周以宁')
  assert.equal(moved?.detail?.fromOwner, '林若溪')
})
