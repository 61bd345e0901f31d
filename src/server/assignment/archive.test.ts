/** Archiving: ten yearly models cost less than twice one, answer as before, survive a crash, and the model in use is never taken out. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { createTestDatabase } from '../../../test/support/database.ts'
import { seedDemo } from '../../cli/demo/seed-demo.ts'
import { seededRandom } from '../../core/kernel/random.ts'
import { standingsAt } from '../account/as-of.ts'
import { makeParams } from '../account/condition-sql.ts'
import { registerJobs } from '../compose.ts'
import { runNextJob } from '../kernel/jobs.ts'
import { seedReference } from '../reference/seed-reference.ts'
import { archiveOld } from './archive.ts'

const ACCOUNTS = 1000
const YEARS = 14

test('ten archived yearly models, one customer in twenty moved each time, take less than twice the room of one', { timeout: 120_000 }, async t => {
  const seed = Number(process.env.SEED ?? (Math.random() * 2 ** 31) | 0)
  console.log(`# seed ${seed}`)
  const random = seededRandom(seed)
  const db = await createTestDatabase()
  t.after(() => db.drop())
  await seedReference(db.owner)
  registerJobs(db.bulk)
  await seedDemo(db, { accounts: ACCOUNTS, people: 40, seed: 1, say: () => undefined })
  while (await runNextJob(db.bulk));
  const rows = async <T extends object>(sql: string, values: unknown[] = []): Promise<T[]> => (await db.owner.query(sql, values)).rows as T[]
  // A company with nothing but yearly models: the demo's own are taken away.
  for (const table of ['account_placement', 'account_overlay', 'overlay_history', 'placement_history', 'activation'])
    await db.owner.query(`delete from ${table}`)
  await db.owner.query(`update territory_model set state = 'archived'`)
  const ids = (await rows<{ id: string }>('select id::text from account order by id')).map(r => r.id)
  const people = (await rows<{ id: string }>('select id::text from app_user order by id')).map(r => r.id)
  const places = (await rows<{ id: string }>('select distinct id::text from territory')).map(r => r.id)

  const stands = new Map(ids.map(id => [id, { owner: random.pick(people), territory: random.pick(places) }]))
  const years: { readonly model: string; readonly stands: ReadonlyMap<string, { owner: string; territory: string }> }[] = []
  const size = async () => {
    // As rows newly written: what the server has not cleaned up yet, while another of its processes looks, is not what they take.
    await db.owner.query(
      'drop table if exists measured; create table measured (like placement_history including indexes); insert into measured select * from placement_history',
    )
    const [row] = await rows<{ rows: number; bytes: number; owed: number }>(
      `select count(*) filter (where model_id is null)::int as rows, pg_total_relation_size('measured')::int as bytes, count(*) filter (where model_id is not null)::int as owed from placement_history`,
    )
    return row!
  }
  const sizes = new Map<number, Awaited<ReturnType<typeof size>>>()
  for (let year = 0; year < YEARS; year += 1) {
    if (year > 0) for (const id of ids) if (random.next() < 0.05) stands.set(id, { owner: random.pick(people), territory: random.pick(places) })
    const [made] = await rows<{ id: string }>(
      `insert into territory_model (tenant_id, name, state, flat, created_at, ready_at) values (1, $1, 'ready', true, $2, $2) returning id::text`,
      [`${2010 + year}`, `${2010 + year}-11-01T00:00:00Z`],
    )
    years.push({ model: made!.id, stands: new Map(stands) })
    // Computed two months before it is switched on.
    await db.owner.query(
      `insert into account_placement (tenant_id, model_id, account_id, owner_id, territory_id, tokens, private_tokens, source, rule_id, rule_version, valid_from, known_from)
       select 1, $1, id, owner, territory, '{}', '{}', 'rule:lead', territory, 1, $2::timestamptz, $2::timestamptz from unnest($3::bigint[], $4::bigint[], $5::bigint[]) as s(id, owner, territory)`,
      [made!.id, `${2010 + year}-11-01T00:00:00Z`, ids, ids.map(id => stands.get(id)!.owner), ids.map(id => stands.get(id)!.territory)],
    )
    await db.owner.query(`insert into activation (tenant_id, model_id, effective_at, created_at) values (1, $1, $2, $3)`, [
      made!.id,
      `${2011 + year}-01-01T00:00:00Z`,
      `${2010 + year}-12-01T00:00:00Z`,
    ])
    await archiveOld(db.bulk, '1', 150)
    const archived = year + 1 - 4
    if (archived === 1 || archived === 10) sizes.set(archived, await size())
  }
  const [one, ten] = [sizes.get(1)!, sizes.get(10)!]
  console.log(
    `# one archived model: ${one.rows} rows, ${one.bytes} bytes; ten: ${ten.rows} rows, ${ten.bytes} bytes (placement_history and its indexes)`,
  )
  assert.equal(one.rows, ACCOUNTS)
  assert.equal(ten.owed, 0)
  assert.ok(ten.rows < 2 * one.rows, `${ten.rows} rows`)
  assert.ok(ten.bytes < 2 * one.bytes, `${ten.bytes} bytes`)

  // A crash after models were taken out and before their rows were moved: answers stay, the next run finishes.
  await db.owner.query(`update territory_model set state = 'archived' where id = $1`, [years[10]!.model])
  const check = async (label: string) => {
    for (const [n, y] of years.entries()) {
      const asOf = { at: `${2011 + n}-06-30T00:00:00Z`, known: '2026-01-01T00:00:00Z', when: 'past' as const, local: { at: '', known: '' } }
      const params = makeParams('1')
      const select = standingsAt({ ...asOf, model: { id: y.model, name: '', version: null, archived: false } }, params)
      const found = await rows<{ id: string; owner: string; territory: string }>(
        `select s.account_id::text as id, s.owner_id::text as owner, s.territory_id::text as territory from (${select}) s`,
        [...params.values],
      )
      assert.equal(found.length, ACCOUNTS, `${label}: ${2011 + n}`)
      for (const f of found)
        assert.deepEqual({ owner: f.owner, territory: f.territory }, y.stands.get(f.id), `${label}: account ${f.id} in ${2011 + n}`)
    }
  }
  await check('rows not moved yet')
  await archiveOld(db.bulk, '1', 333)
  assert.equal((await rows('select 1 from account_placement where model_id = $1', [years[10]!.model])).length, 0)
  await check('moved')

  // Four models computed later and never switched on do not push out the one in use, nor the one before it.
  for (let n = 0; n < 6; n += 1)
    await db.owner.query(
      `insert into territory_model (tenant_id, name, state, flat, created_at, ready_at) values (1, 'plan', 'ready', true, now(), now())`,
    )
  await archiveOld(db.bulk, '1')
  const live = await rows<{ id: string }>(`select id::text from territory_model where state = 'ready'`)
  assert.equal(live.length, 4)
  for (const n of [YEARS - 1, YEARS - 2]) assert.ok(live.some(l => l.id === years[n]!.model))
})
