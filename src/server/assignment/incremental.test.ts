/** Incremental equals full: after any mix of writes, placing every account anew under every live model changes nothing. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { POLICY, POOL } from '../../../test/pool/world.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { seedDemo } from '../../cli/demo/seed-demo.ts'
import type { PolicyBody, PoolBody } from '../../contract/pool/settings.ts'
import type { Placement } from '../../core/assignment/place.ts'
import { seededRandom } from '../../core/kernel/random.ts'
import { DEFAULT_MASKS } from '../../core/pool/pool.ts'
import { share } from '../account/attached.ts'
import { runBulkEdit } from '../account/bulk.ts'
import { restore } from '../account/recycle.ts'
import { createAccount, recycleAccount, updateAccount } from '../account/save-account.ts'
import { undoBulkEdit } from '../account/write-rows.ts'
import { registerJobs } from '../compose.ts'
import { actorOfUser } from '../identity/load-actor.ts'
import type { Actor } from '../kernel/actor.ts'
import { runNextJob } from '../kernel/jobs.ts'
import { RefusalError } from '../kernel/refusal-error.ts'
import { actAs, inBulk, inTenant, type Tx } from '../kernel/transaction.ts'
import { giveBack } from '../pool/acts.ts'
import { claim } from '../pool/claim.ts'
import { addPool, changePool, writePolicies } from '../pool/settings.ts'
import { whoAsks } from '../pool/who.ts'
import { seedReference } from '../reference/seed-reference.ts'
import { loadModel } from '../territory/load-model.ts'
import { addMember } from '../territory/members.ts'
import { makeDraft } from '../territory/models.ts'
import { changeTerritory } from '../territory/territories.ts'
import { activate, startRun, undo } from './activate.ts'
import { assign, pin } from './assign.ts'
import { findDiffering } from './find-differing.ts'
import { replace } from './run-model.ts'
import { standingOf } from './write-placement.ts'

const STANDINGS = `select account_id::text as id, standing::float8, owner_id::text as "ownerId", territory_id::text as "territoryId", pool_id::text as "poolId", tokens::text[], private_tokens::text[] as "privateTokens",
  edit_tokens::text[] as "editTokens", source, coalesce(contested, '{}')::text[] as contested, undecidable, rule_version as "ruleVersion", to_char(next_change_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "nextChangeAt",
  array(select o.territory_id::text from account_overlay o where o.account_id = p.account_id and o.model_id = p.model_id order by o.territory_id) as overlays from account_placement p where standing <> 0`
const ROWS = `select model_id, account_id, owner_id, prior_owner_id, territory_id, pool_id, tokens::text, private_tokens::text, edit_tokens::text, source, contested::text, undecidable, rule_id, rule_version, next_change_at
  from account_placement order by model_id, account_id`

const ENTRIES = `select model_id, account_id, pool_id, tokens::text, territory_id, token1, opens1, token2, opens2, token3, opens3, name, contact, phone, tier, division, industry, potential, entered_at, reason_kind, reason,
  detail, prior_owner_id, leavers::text from pool_entry where model_id in (select id from territory_model where state = 'ready') order by model_id, account_id`

test('incremental equals full, under every live model', { timeout: 120_000 }, async t => {
  const seed = Number(process.env.SEED ?? (Math.random() * 2 ** 31) | 0)
  console.log(`# seed ${seed}`)
  const random = seededRandom(seed)
  const db = await createTestDatabase()
  t.after(() => db.drop())
  await seedReference(db.owner)
  registerJobs(db.bulk)
  await seedDemo(db, { accounts: 240, people: 40, seed: 1, say: () => undefined })
  const asOps = <T>(work: (tx: Tx, actor: Actor, now: string) => Promise<T>): Promise<T | null> =>
    inTenant(db.app, '1', async tx => {
      const actor = (await actorOfUser(tx, '1', '1'))!
      await actAs(tx, actor)
      return work(tx, actor, new Date().toISOString())
    }).catch((error: unknown) => {
      if (error instanceof RefusalError) return null
      throw error
    })
  const ids = async (sql: string) => (await db.owner.query<{ id: string }>(sql)).rows.map(r => r.id)
  const people = await ids(`select id::text from app_user where state = 'active'`)
  const divisions = ['320506', '440305', '110105', '540102', '370602', null]
  const account = async () => random.pick(await ids('select id::text from account where deleted_at is null'))
  const territory = async () => random.pick(await ids('select distinct id::text from territory where rule_version is not null'))

  // Pools take what nobody owns: one by a condition and a territory, one all the rest, masked.
  const suzhou = (await ids(`select id::text from territory where code = 'E' order by model_id desc limit 1`))[0]!
  const pools: string[] = []
  for (const [position, rest] of [
    [1, { condition: { field: 'tier', op: 'in', values: ['KA', 'A', 'B'] }, territoryId: suzhou }],
    [2, {}],
  ] as const)
    pools.push((await asOps((tx, actor, now) => addPool(tx, actor, now, { ...POOL, position, ...rest } as unknown as PoolBody)))!)
  await asOps(async (tx, actor, now) => writePolicies(tx, actor, now, 0, [POLICY as PolicyBody]))
  while (await runNextJob(db.bulk));

  // A second live model: a draft with another rule, computed and ready.
  const draft = (await asOps((tx, actor, now) => makeDraft(tx, actor, now, 'other')))!
  await asOps(async (tx, actor, now) => {
    const loaded = await loadModel(tx, '1', draft)
    const suzhou = loaded.territories.find(x => x.name === '苏州')!
    await changeTerritory(tx, actor, now, draft, suzhou.id, suzhou.rowVersion, {
      condition: {
        all: [
          { field: 'division', op: 'in', values: ['320500'] },
          { field: 'tier', op: 'notIn', values: ['SMB'] },
        ],
      },
    })
  })
  await asOps((tx, actor, now) => startRun(tx, actor, now, draft))
  while (await runNextJob(db.bulk));

  const acts: readonly (() => Promise<unknown>)[] = [
    () =>
      asOps((tx, actor) =>
        createAccount(tx, actor, {
          name: `新 ${random.int(1e9)}`,
          division: random.pick(divisions),
          tier: random.pick(['KA', 'A', 'SMB', null]),
          industry: random.pick(['C36', 'C27', 'C38', null]),
          size: random.pick([null, 20, 400]),
        }),
      ),
    async () => {
      const id = await account()
      const version = (await db.owner.query<{ v: number }>('select row_version as v from account where id = $1', [id])).rows[0]!.v
      return asOps((tx, actor) =>
        updateAccount(tx, actor, id, version, {
          division: random.pick(divisions),
          tier: random.pick(['KA', 'B', null]),
          size: random.pick([null, 90, 900]),
        }),
      )
    },
    async () => {
      const id = await account()
      return asOps((tx, actor) => assign(tx, actor, id, random.pick([...people, null]), 'because'))
    },
    async () => {
      const [id, territoryId] = [await account(), await territory()]
      return asOps((tx, actor) => pin(tx, actor, id, { territoryId, until: random.pick([null, '2099-01-01T00:00:00Z']), reason: 'because' }))
    },
    async () => {
      const id = await account()
      return asOps((tx, actor) => share(tx, actor, id, { userId: random.pick(people), access: random.pick(['read', 'private', 'edit']) }))
    },
    async () => {
      const id = await account()
      const version = (await db.owner.query<{ v: number }>('select row_version as v from account where id = $1', [id])).rows[0]!.v
      return asOps((tx, actor) => recycleAccount(tx, actor, id, version))
    },
    async () => {
      const gone = await ids('select id::text from account where deleted_at is not null')
      return gone.length ? asOps((tx, actor) => restore(tx, actor, random.pick(gone))) : null
    },
    async () => {
      const edit = await asOps((tx, actor) =>
        runBulkEdit(tx, actor, {
          scope: 'all',
          filter: { field: 'division', op: 'in', values: [random.pick(['320000', '440000', '110000'])] },
          values: { tier: random.pick(['KA', 'SMB']) },
        }),
      )
      return edit && random.next() < 0.5 ? asOps((tx, actor) => undoBulkEdit(tx, actor, edit.id)) : null
    },
    async () => {
      const active = (await ids('select model_id::text as id from activation order by seq desc limit 1'))[0]!
      const territoryId = await territory()
      await asOps((tx, actor, now) =>
        addMember(tx, actor, now, active, territoryId, {
          userId: random.pick(people),
          role: random.pick(['owner', 'collaborator', 'manager']),
          access: random.pick(['read', 'edit']),
          creditBp: 0,
        }),
      )
      while (await runNextJob(db.bulk));
    },
    async () => {
      const [id] = await ids(
        `select account_id::text as id from account_placement where owner_id is not null and territory_id is not null order by random() limit 1`,
      )
      return asOps((tx, actor) => giveBack(tx, actor, id!, { reason: 'other', remark: null, poolId: random.pick([...pools, null]) }))
    },
    async () => {
      const pooled = await ids('select account_id::text as id from pool_entry order by account_id')
      if (pooled.length === 0) return null
      return asOps(async (tx, actor) => claim(tx, actor, await whoAsks(tx, actor), [random.pick(pooled), random.pick(pooled)]))
    },
    async () => {
      const poolId = pools[1]!
      const version = (await db.owner.query<{ v: number }>('select row_version as v from pool where id = $1', [poolId])).rows[0]!.v
      await asOps((tx, actor, now) =>
        changePool(tx, actor, now, poolId, version, {
          open: random.next() < 0.7,
          masks: { ...DEFAULT_MASKS, name: random.pick(['show', 'partial']), contact: 'show', phone: random.pick(['show', 'hide']) },
        }),
      )
      while (await runNextJob(db.bulk));
    },
    () => asOps((tx, actor, now) => activate(tx, actor, now, draft, {})),
    () => asOps((tx, actor, now) => undo(tx, actor, now, null)),
  ]
  /** The number beside each row is that of what the row says. */
  const assertStandings = async () => {
    const rows = await db.owner.query<Placement & { id: string; standing: number }>(STANDINGS)
    assert.ok(rows.rows.length > 0)
    for (const row of rows.rows) assert.equal(row.standing, standingOf(row), `account ${row.id}`)
  }
  for (let i = 0; i < 120; i += 1) await random.pick(acts)()
  // Whatever chance closed: in the end the second pool is open, and somebody stands in it.
  const { v } = (await db.owner.query<{ v: number }>('select row_version as v from pool where id = $1', [pools[1]])).rows[0]!
  await asOps((tx, actor, now) => changePool(tx, actor, now, pools[1]!, v, { open: true }))
  const [last] = await ids(
    `select p.account_id::text as id from account_placement p join activation a on a.model_id = p.model_id and a.cancelled_at is null where p.owner_id is not null order by a.effective_at desc, a.seq desc limit 1`,
  )
  await asOps((tx, actor) => giveBack(tx, actor, last!, { reason: 'other', remark: null, poolId: null }))
  while (await runNextJob(db.bulk));

  const failed = await db.owner.query(`select kind, state, note from job_run where state <> 'done'`)
  assert.deepEqual(failed.rows, [])
  const live = await ids(`select id::text from territory_model where state = 'ready'`)
  assert.ok(live.length >= 2)
  const before = (await db.owner.query(ROWS)).rows
  assert.ok(
    before.some(r => r.pool_id !== null),
    'somebody stands in a pool',
  )
  const entries = (await db.owner.query(ENTRIES)).rows
  assert.deepEqual(
    (
      await db.owner.query(
        'select model_id, account_id from pool_entry except select model_id, account_id from account_placement where pool_id is not null',
      )
    ).rows,
    [],
  )
  assert.equal(
    entries.length,
    before.filter(r => r.pool_id !== null && live.includes(String(r.model_id))).length,
    'each has its entry, and nobody else',
  )
  await assertStandings()
  // Every row derived and written anew says the same.
  await db.owner.query('update account_placement set standing = 0')
  await replace(db.bulk, '1', live, 'true', async () => undefined)
  assert.deepEqual((await db.owner.query(ROWS)).rows, before)
  assert.deepEqual((await db.owner.query(ENTRIES)).rows, entries)
  await assertStandings()
  // A run over many accounts compares first and writes differences only: nothing here, and exactly what somebody spoilt.
  const touched = 'select count(*)::int as n from placement_history'
  const closed = (await db.owner.query(touched)).rows
  await replace(db.bulk, '1', live, 'true', async () => undefined, 0)
  assert.deepEqual((await db.owner.query(touched)).rows, closed)
  const [first, second] = live as [string, string]
  const living = await ids(
    `select a.id::text from account a join account_placement p on p.account_id = a.id and p.model_id = ${BigInt(first)} where a.deleted_at is null and p.prior_owner_id is null`,
  )
  const spoilt = new Set([random.pick(living), random.pick(living), random.pick(living)])
  await db.owner.query(
    'update account_placement set owner_id = 1, tokens = tokens || 99::bigint, standing = 0 where model_id = $1 and account_id = any($2::bigint[])',
    [first, [...spoilt]],
  )
  for (const row of (
    await db.owner.query<{ id: string }>('delete from account_overlay where model_id = $1 and account_id % 7 = 0 returning account_id::text as id', [
      first,
    ])
  ).rows)
    spoilt.add(row.id)
  await db.owner.query('update account_placement set standing = 0 where model_id = $1 and account_id = any($2::bigint[])', [first, [...spoilt]])
  const gone = random.pick(living)
  await db.owner.query('delete from account_placement where model_id = $1 and account_id = $2', [first, gone])
  spoilt.add(gone)
  const differing = async (modelId: string) => [...(await inBulk(db.bulk, tx => findDiffering(tx, '1', modelId, 'true'))).rows.keys()]
  assert.deepEqual((await differing(first)).sort(), [...spoilt].sort())
  assert.deepEqual(await differing(second), [])
  await replace(db.bulk, '1', live, 'true', async () => undefined, 0)
  assert.deepEqual((await db.owner.query(ROWS)).rows, before)
  // One open placement per account and live model, no gap and no overlap in what is closed.
  const missing = await db.owner.query(
    `select 1 from account a cross join territory_model m where m.state = 'ready' and not exists (select 1 from account_placement p where p.account_id = a.id and p.model_id = m.id)`,
  )
  assert.equal(missing.rowCount, 0)
  const overlapping = await db.owner.query(
    `select x.account_id, x.model_id, x.valid_from as from1, x.valid_to as to1, x.source as source1, y.valid_from as from2, y.valid_to as to2, y.source as source2 from placement_history x join placement_history y on y.account_id = x.account_id and y.model_id = x.model_id and y.id > x.id and x.valid_from < y.valid_to and y.valid_from < x.valid_to`,
  )
  assert.deepEqual(overlapping.rows, [])
})
