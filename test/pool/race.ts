/**
 * A race for the customers of a pool 抢单: many clients, two sessions for each person, at records and at limits at once, against reclaim and
 * reassignment; and a look at the tables afterwards that finds whatever went wrong. The same look is given a claim that reads and then writes,
 * to show that it notices.
 */
import { seededRandom } from '../../src/core/kernel/random.ts'
import { assign } from '../../src/server/assignment/assign.ts'
import { actorOfUser } from '../../src/server/identity/load-actor.ts'
import { RefusalError } from '../../src/server/kernel/refusal-error.ts'
import { actAs, inTenant } from '../../src/server/kernel/transaction.ts'
import { giveBack } from '../../src/server/pool/acts.ts'
import { reclaimDue } from '../../src/server/pool/reclaim.ts'
import type { PoolCompany } from './world.ts'

export type RaceSize = { readonly clients: number; readonly records: number; readonly attempts: number; readonly cap: number; readonly seed: number }
export type Attempt = (userId: string, accountId: string, session: number) => Promise<boolean>

/** The product's own claim, as a browser sends it. */
export async function productClaim(w: PoolCompany, people: readonly string[]): Promise<Attempt> {
  for (const id of people) for (const session of [0, 1]) await w.openAs(`${id}#${session}`, id)
  return async (userId, accountId, session) => {
    const got = await w.send(`${userId}#${session}`, 'POST', '/api/pools/claims', { ids: [accountId] })
    if (got.status !== 200) throw new Error(got.text)
    return got.body.outcomes[0].ok
  }
}

/** As a system in the field does it: read whether it is free and how much one has, then write. */
export const readThenWrite =
  (w: PoolCompany, cap: number): Attempt =>
  async (userId, accountId) => {
    const { db } = w
    const free = await db.owner.query('select 1 from account_placement where account_id = $1 and owner_id is null and model_id = 2', [accountId])
    const held = await db.owner.query<{ n: number }>('select count(*)::int as n from account_placement where owner_id = $1 and model_id = 2', [
      userId,
    ])
    if (free.rowCount === 0 || held.rows[0]!.n >= cap) return false
    // As long as a page needs for its next statement.
    await new Promise(resolve => setTimeout(resolve, 3))
    await db.owner.query('update account_placement set owner_id = $1 where account_id = $2 and model_id = 2', [userId, accountId])
    await db.owner.query(
      `insert into ownership_act (tenant_id, account_id, kind, owner_id, model_id, created_by, at) values (1, $2, 'claim', $1, 2, $1, clock_timestamp())`,
      [userId, accountId],
    )
    return true
  }

export async function race(
  size: RaceSize,
  people: readonly string[],
  records: readonly string[],
  attempt: Attempt,
  disturb: readonly ((random: ReturnType<typeof seededRandom>) => Promise<unknown>)[] = [],
) {
  const random = seededRandom(size.seed)
  const times: number[] = []
  const won: { userId: string; accountId: string }[] = []
  let left = size.attempts
  const client = async (n: number): Promise<void> => {
    // Two sessions of one person: his limit is raced from both.
    const userId = people[Math.floor(n / 2) % people.length]!
    while (left > 0) {
      left -= 1
      const accountId = random.pick(records)
      const begun = performance.now()
      if (await attempt(userId, accountId, n % 2)) won.push({ userId, accountId })
      times.push(performance.now() - begun)
    }
  }
  let over = false
  const disturbing = disturb.map(async act => {
    while (!over) {
      await act(random).catch((error: unknown) => {
        if (!(error instanceof RefusalError)) throw error
      })
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  })
  const begun = performance.now()
  await Promise.all(Array.from({ length: size.clients }, (_, n) => client(n)))
  const seconds = (performance.now() - begun) / 1000
  over = true
  await Promise.all(disturbing)
  times.sort((a, b) => a - b)
  const at = (share: number) => Math.round(times[Math.floor(times.length * share)]!)
  return { won, seconds, p50: at(0.5), p95: at(0.95), p99: at(0.99), rate: Math.round(times.length / seconds) }
}

/** Others at work meanwhile: reassigning, giving back, and the nightly reclaim. */
export const others = (w: PoolCompany, people: readonly string[], records: readonly string[]) => {
  const asOps = <T>(work: (tx: Parameters<typeof assign>[0], actor: Parameters<typeof assign>[1]) => Promise<T>) =>
    inTenant(w.db.app, '1', async tx => {
      const actor = (await actorOfUser(tx, '1', '1'))!
      await actAs(tx, actor)
      return work(tx, actor)
    })
  let run = 0
  return [
    (random: ReturnType<typeof seededRandom>) => asOps((tx, actor) => assign(tx, actor, random.pick(records), random.pick(people), 'race')),
    (random: ReturnType<typeof seededRandom>) =>
      asOps((tx, actor) => giveBack(tx, actor, random.pick(records), { reason: 'other', remark: null, poolId: null })),
    async (random: ReturnType<typeof seededRandom>) => {
      const id = random.pick(records)
      await w.db.owner.query(`update pool_clock set due_at = now() where account_id = $1 and state = 'running'`, [id])
      run += 1
      return reclaimDue(w.db.bulk, '1', `race${run}`, '1', async () => undefined)
    },
  ]
}

/** What must never be, read from the tables alone. */
export async function faultsAfter(
  w: PoolCompany,
  modelId: string,
  cap: number,
  exempt: ReadonlyMap<string, number> = new Map(),
): Promise<readonly string[]> {
  const faults: string[] = []
  // Between two claims of one customer it must have been nobody's: an act that took it from the first one stands between them.
  const twice = await w.rows<{ id: string }>(
    `select account_id::text as id from (select account_id, kind, owner_id, lag(kind) over line as before, lag(owner_id) over line as had from ownership_act where cancelled_at is null
       window line as (partition by account_id order by at, id)) x where kind = 'claim' and had is not null`,
  )
  for (const r of twice) faults.push(`double claim of ${r.id}`)
  const over = await w.rows<{ id: string; n: number }>(
    `select owner_id::text as id, count(*)::int as n from account_placement where model_id = $1 and owner_id is not null group by owner_id having count(*) > $2`,
    [modelId, cap],
  )
  for (const r of over) if (r.n > (exempt.get(r.id) ?? cap)) faults.push(`${r.id} holds ${r.n} of ${cap}`)
  const wrong = await w.rows<{ id: string }>(
    `select a.account_id::text as id from (select distinct on (account_id) account_id, owner_id from ownership_act where cancelled_at is null order by account_id, at desc, id desc) a
       join account_placement p on p.account_id = a.account_id and p.model_id = $1 where p.owner_id is distinct from a.owner_id`,
    [modelId],
  )
  for (const r of wrong) faults.push(`owner of ${r.id} is not that of its last act`)
  const stray = await w.rows<{ id: string }>(
    `select p.account_id::text as id from account_placement p left join pool_entry e on e.account_id = p.account_id and e.model_id = p.model_id where p.model_id = $1 and (p.pool_id is distinct from e.pool_id)`,
    [modelId],
  )
  for (const r of stray) faults.push(`entry of ${r.id} does not say where it stands`)
  return faults
}

/** Records nobody owns, in one pool that all may claim from; people who own nothing yet. */
export async function prepareRace(w: PoolCompany, size: RaceSize): Promise<{ people: string[]; records: string[]; modelId: string }> {
  const modelId = await w.model()
  await w.db.owner.query(
    `update territory_member set ends_at = now() where member_role in ('owner', 'collaborator') and starts_at < now() and ends_at is null`,
  )
  await w.db.owner.query('update territory_model set stamp = stamp + 1')
  await w.db.owner.query(
    `insert into ownership_act (tenant_id, account_id, kind, owner_id, model_id, territory_id, created_by, at) select 1, p.account_id, 'return', null, $1, p.territory_id, 1, clock_timestamp() from account_placement p where p.model_id = $1`,
    [modelId],
  )
  await w.makePool({
    rules: {
      perDay: null,
      batch: 50,
      draw: 1,
      coolDays: 0,
      coolTeamDays: 0,
      embargoHours: 0,
      viewsPerDay: null,
      group: 'free',
      protectDays: 0,
      adminsExempt: false,
    },
  })
  const { replace } = await import('../../src/server/assignment/run-model.ts')
  await replace(w.db.bulk, '1', [modelId], 'true', async () => undefined)
  await w.savePolicies([
    {
      id: null,
      name: 'p',
      enabled: true,
      condition: { all: [] },
      terms: { triggers: [{ kind: 'held', days: 1 }], all: false, workingDays: false, guards: [], warnDays: [], escalateDays: null },
      toPoolId: null,
    },
  ])
  await w.saveRules({ caps: [{ scope: 'person', ofId: null, most: size.cap, exceptWon: false, counts: null }] })
  const records = (
    await w.rows<{ id: string }>('select account_id::text as id from pool_entry where model_id = $1 order by account_id limit $2', [
      modelId,
      size.records,
    ])
  ).map(r => r.id)
  const people = (
    await w.rows<{ id: string }>(`select id::text from app_user where login like 'rep%' and state = 'active' order by id limit $1`, [
      Math.ceil(size.clients / 2),
    ])
  ).map(r => r.id)
  return { people, records, modelId }
}
