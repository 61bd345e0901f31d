/**
 * Processes that materialise and activate a change set are killed at random moments while people read and write. Whoever reads sees the old
 * model whole or the new one whole, at every moment; what was written meanwhile stands right under both, and after undo.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import path from 'node:path'
import { asUser } from '../../src/cli/database.ts'
import { seedDemo } from '../../src/cli/demo/seed-demo.ts'
import { type Random, seededRandom } from '../../src/core/kernel/random.ts'
import { createAccount, updateAccount } from '../../src/server/account/save-account.ts'
import { undo } from '../../src/server/assignment/activate.ts'
import { assign } from '../../src/server/assignment/assign.ts'
import { submit, withdraw } from '../../src/server/assignment/change-set/submit.ts'
import { replace } from '../../src/server/assignment/run-model.ts'
import { registerJobs } from '../../src/server/compose.ts'
import type { Actor } from '../../src/server/kernel/actor.ts'
import { runNextJob } from '../../src/server/kernel/jobs.ts'
import { RefusalError } from '../../src/server/kernel/refusal-error.ts'
import type { Tx } from '../../src/server/kernel/transaction.ts'
import { seedReference } from '../../src/server/reference/seed-reference.ts'
import { loadModel } from '../../src/server/territory/load-model.ts'
import { makeDraft } from '../../src/server/territory/models.ts'
import { changeTerritory } from '../../src/server/territory/territories.ts'
import { createTestDatabase } from './database.ts'

/** Accounts that are written to: left out of what readers compare. */
const WRITTEN = 'a.id % 97 = 0'
const SEEN = `select p.model_id::text as model, count(*)::int as n, coalesce(sum(p.territory_id), 0)::text as territories, coalesce(sum(p.owner_id), 0)::text as owners, coalesce(sum(p.account_id % 1009 * p.territory_id), 0)::text as mixed
  from account_placement p join account a on a.tenant_id = 1 and a.id = p.account_id where p.tenant_id = 1 and not (${WRITTEN}) and a.id <= $1
   and p.model_id = (select x.model_id from activation x where x.tenant_id = 1 and x.cancelled_at is null and x.effective_at <= clock_timestamp() order by x.effective_at desc, x.seq desc limit 1) group by p.model_id`
const ROWS = `select model_id, account_id, owner_id, prior_owner_id, territory_id, tokens::text, private_tokens::text, edit_tokens::text, source, contested::text, undecidable, rule_version from account_placement order by 1, 2`

export async function activationCrashTest(accounts: number, kills: number, writes: number, seed: number): Promise<void> {
  console.log(`# seed ${seed}`)
  const random = seededRandom(seed)
  const db = await createTestDatabase()
  try {
    await seedReference(db.owner)
    registerJobs(db.bulk)
    await seedDemo(db, { accounts, people: 80, seed, life: false, say: () => undefined })
    const asOps = <T>(work: (tx: Tx, actor: Actor, now: string) => Promise<T>) => asUser(db, 'ops', work)
    const url = (db.owner as unknown as { options: { connectionString: string } }).options.connectionString
    const drain = async () => {
      while (await runNextJob(db.bulk));
    }
    const modelId = await asOps((tx, actor, now) => makeDraft(tx, actor, now, '大变动'))
    await asOps(async (tx, actor, now) => {
      const { territories } = await loadModel(tx, actor.tenantId, modelId)
      for (const t of territories.filter(x => x.condition && !territories.some(c => c.parentId === x.id)))
        await changeTerritory(tx, actor, now, modelId, t.id, t.rowVersion, {
          condition: { all: [t.condition!, { field: 'tier', op: 'notIn', values: ['B', 'C'] }] },
        })
    })
    const set = (await db.owner.query<{ id: string }>('select id::text from change_set where model_id = $1', [modelId])).rows[0]!.id
    const highest = (await db.owner.query<{ id: string }>('select max(id)::text as id from account')).rows[0]!.id
    const look = async () => JSON.stringify((await db.owner.query(SEEN, [highest])).rows)
    const old = await look()
    let fresh: string | null = null
    const seen = { old: 0, fresh: 0 }
    const check = async () => {
      const now = await look()
      if (now === old) seen.old += 1
      else {
        fresh ??= now
        assert.equal(now, fresh, 'a reader saw neither the old nor the new model')
        seen.fresh += 1
      }
    }
    let killed = 0
    let longest = 800
    for (let round = 0; killed < kills; round += 1) {
      assert.ok(round < kills * 4, 'the processes are too fast to be killed')
      await asOps((tx, actor, now) => submit(tx, actor, now, set, { why: `round ${round}` }))
      for (let attempt = 0; ; attempt += 1) {
        const last = attempt > 2 || killed >= kills
        const began = performance.now()
        const child = spawn(process.execPath, [path.join(import.meta.dirname, 'activation-process.ts'), url, set], {
          stdio: ['ignore', 'pipe', 'inherit'],
        })
        let running = true
        const ended = new Promise<number | null>(resolve =>
          child.on('exit', code => {
            running = false
            resolve(code)
          }),
        )
        await Promise.race([ended, new Promise(resolve => child.stdout.once('data', resolve))])
        const until = performance.now() + (last ? 600_000 : random.next() * longest)
        while (running && performance.now() < until) {
          await check()
          await write(asOps, random, db)
        }
        if (running && !last) {
          child.kill('SIGKILL')
          killed += 1
        }
        const code = await ended
        await check()
        if (code === 0) {
          longest = Math.max(200, Math.min(longest * 1.2, performance.now() - began))
          break
        }
        if (last) assert.equal(code, 0)
      }
      assert.notEqual(await look(), old)
      for (let n = 0; n < Math.ceil(writes / kills); n += 1) await write(asOps, random, db)
      await asOps((tx, actor, now) => undo(tx, actor, now, null))
      assert.equal(await look(), old, 'undone')
      await assertRight(db)
      // The activations of this round are history; the set is free again only as a draft of its own making.
      await db.owner.query(
        'update activation set cancelled_at = now() where model_id = $1 or undo_of in (select seq from activation where model_id = $1)',
        [modelId],
      )
      await asOps((tx, actor, now) => withdraw(tx, actor, now, set))
      await drain()
    }
    console.log(`# killed ${killed} times; readers saw the old model ${seen.old} times, the new one ${seen.fresh} times`)
    assert.ok(seen.old > 0 && seen.fresh > 0)
  } finally {
    await db.drop()
  }
}

type AsOps = <T>(work: (tx: Tx, actor: Actor, now: string) => Promise<T>) => Promise<T>
type Db = Awaited<ReturnType<typeof createTestDatabase>>

/** An ordinary write: a new customer, an edit that may move it, a transfer. */
async function write(asOps: AsOps, random: Random, db: Db): Promise<void> {
  const kind = random.pick(['new', 'edit', 'edit', 'transfer'] as const)
  const values = { tier: random.pick(['KA', 'A', 'B', 'C']), division: random.pick(['320500', '440300', '330106', '110105']) }
  const found = await db.owner.query<{ id: string; v: number; owner: string }>(
    `select a.id::text, a.row_version as v, (select u.id::text from app_user u where u.tenant_id = 1 and u.state = 'active' order by u.id offset $1 limit 1) as owner
       from account a where a.tenant_id = 1 and a.deleted_at is null and ${WRITTEN} order by a.id offset $2 limit 1`,
    [random.int(60), random.int(20)],
  )
  const row = found.rows[0]!
  try {
    if (kind === 'new') await asOps((tx, actor) => createAccount(tx, actor, { name: `写 ${random.int(1e9)}`, ...values }))
    else if (kind === 'edit') await asOps((tx, actor) => updateAccount(tx, actor, row.id, row.v, values))
    else await asOps((tx, actor) => assign(tx, actor, row.id, row.owner, 'because'))
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error
  }
}

/** Every row of every live model is what it would be if it were derived now. */
async function assertRight(db: Db): Promise<void> {
  const live = (await db.owner.query<{ id: string }>(`select id::text from territory_model where state = 'ready'`)).rows.map(r => r.id)
  const touched = `(${WRITTEN} or a.name like '写 %')`
  const rows = () =>
    db.owner.query(ROWS.replace('order by', `where account_id in (select a.id from account a where ${touched}) order by`)).then(r => r.rows)
  const before = await rows()
  await db.owner.query(
    `update account_placement p set standing = 0 from account a where a.tenant_id = 1 and a.id = p.account_id and p.tenant_id = 1 and ${touched}`,
  )
  await replace(db.bulk, '1', live, touched, async () => undefined)
  assert.deepEqual(await rows(), before)
}
