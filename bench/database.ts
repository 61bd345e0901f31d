/** The first page of a list at every size of sight, and the instant of an activation, on a database of many accounts. */
import type pg from 'pg'
import { seedDemo } from '../src/cli/demo/seed-demo.ts'
import { findAccounts } from '../src/server/account/find-accounts.ts'
import { registerJobs } from '../src/server/compose.ts'
import { actorOfUser } from '../src/server/identity/load-actor.ts'
import type { Actor } from '../src/server/kernel/actor.ts'
import { type Database, openDatabase } from '../src/server/kernel/databases.ts'
import { actAs, inTenant } from '../src/server/kernel/transaction.ts'
import { seedReference } from '../src/server/reference/seed-reference.ts'
import { freshDatabase } from './fresh-database.ts'
import { median, type Point, percentile, pointOf } from './measure.ts'

export async function makeDatabase(serverUrl: string, name: string, accounts: number): Promise<Database> {
  const url = await freshDatabase(serverUrl, name)
  const db = openDatabase(url.href)
  await seedReference(db.owner)
  registerJobs(db.bulk)
  await seedDemo(db, { accounts, people: accounts > 100_000 ? 2000 : 200, seed: 1, life: false, say: words => console.log(`  ${words}`) })
  return db
}

const QUERY = { scope: 'all', sort: 'updated', descending: true, limit: 50 } as const

/** How a mapper would write it: the subtree by recursion, sight by EXISTS, and the total. */
const ORM = `with recursive below(id) as (select territory_id from territory_member where tenant_id = $1 and user_id = $2
    union select t.id from territory t join below b on t.parent_id = b.id where t.tenant_id = $1 and t.model_id = $3)
  select a.*, count(*) over () as total from account a where a.tenant_id = $1 and a.deleted_at is null
    and exists (select 1 from account_placement p where p.tenant_id = $1 and p.model_id = $3 and p.account_id = a.id and (p.owner_id = $2 or p.territory_id in (select id from below)))
  order by a.updated_at desc, a.id desc limit 50`

export async function benchFirstPage(serverUrl: string, accounts: number, small: boolean): Promise<readonly Point[]> {
  const db = await makeDatabase(serverUrl, 'bench_page', accounts)
  try {
    const people = await db.owner.query<{ id: string; login: string; n: number }>(
      `select u.id::text, u.login, (select count(*)::int from account_placement p where p.tenant_id = 1 and p.model_id = 2 and p.tokens && (array[u.id * 8 + 1] || (select coalesce(array_agg(m.territory_id * 8 + 4), '{}') from territory_member m where m.user_id = u.id))) as n
         from app_user u where u.login in ('manager', 'rep') or u.login like 'director%' or u.login like 'rep000%' order by n`,
    )
    const seen = people.rows.filter(p => p.n > 0)
    const sizes = [...new Set([0, 0.25, 0.5, 0.75, 0.999].map(q => seen[Math.floor(q * seen.length)]!))]
    const points: Point[] = []
    for (const person of sizes) {
      const run = <T>(work: (actor: Actor, tx: pg.PoolClient) => Promise<T>) =>
        inTenant(db.app, '1', async tx => {
          const actor = (await actorOfUser(tx, '1', person.id))!
          await actAs(tx, actor)
          return work(actor, tx)
        })
      const orm = () => db.owner.query<{ id: string }>(ORM, ['1', person.id, '2'])
      const ours = () => run((actor, tx) => findAccounts(tx, actor, QUERY))
      const mine = (await ours()).rows.map(r => r.id)
      const theirs = (await orm()).rows.map(r => String(r.id))
      // Sight also counts departments led and shares: where they add nothing the pages must be equal.
      const same = JSON.stringify(mine) === JSON.stringify(theirs)
      if (!same && person.login.startsWith('rep')) throw new Error(`pages differ for ${person.login}`)
      if (small) continue
      const times = { ours: [] as number[], orm: [] as number[] }
      for (let i = 0; i < 21; i += 1) {
        const a = performance.now()
        await ours()
        const b = performance.now()
        times.ours.push(b - a)
        if (i % 4 !== 0) continue
        await orm()
        times.orm.push(performance.now() - b)
      }
      const p95 = percentile(times.ours.slice(1), 0.95)
      points.push(
        pointOf(
          `first page, ${person.n.toLocaleString('en')} visible of ${accounts.toLocaleString('en')}`,
          median(times.ours),
          median(times.orm),
          5,
          'ms',
          `p95 ${p95.toFixed(1)} ms`,
        ),
      )
      points.push({
        name: `first page, ${person.n.toLocaleString('en')} visible: p95 under 60 ms`,
        ours: p95,
        peer: 60,
        unit: 'ms',
        ratio: 60 / p95,
        goal: '≥ 1×',
        met: p95 < 60,
      })
    }
    return points
  } finally {
    await db.close()
  }
}

/** One row, whatever the number of accounts that move with it. */
export async function benchActivation(serverUrl: string, small: boolean): Promise<readonly Point[]> {
  const sizes = small ? [500, 2_000] : [2_000, 200_000]
  const times: number[] = []
  for (const size of sizes) {
    const db = await makeDatabase(serverUrl, `bench_activation_${size}`, size)
    try {
      const runs: number[] = []
      for (let i = 0; i < 30; i += 1) {
        const start = performance.now()
        // Every account moves: from the computed model to the empty one it was born with, and back.
        await db.owner.query(
          'insert into activation (tenant_id, model_id, effective_at, created_at) values (1, $1, clock_timestamp(), clock_timestamp())',
          [i % 2 === 0 ? '1' : '2'],
        )
        const active = await db.owner.query<{ model_id: string }>(
          'select model_id::text from activation where tenant_id = 1 and cancelled_at is null and effective_at <= clock_timestamp() order by effective_at desc, seq desc limit 1',
        )
        runs.push(performance.now() - start)
        if (active.rows[0]!.model_id !== (i % 2 === 0 ? '1' : '2')) throw new Error('the switch did not take effect at once')
      }
      times.push(median(runs))
    } finally {
      await db.close()
    }
  }
  const [few, many] = times as [number, number]
  return small
    ? []
    : [
        {
          name: `activation: ${sizes[1]!.toLocaleString('en')} moves against ${sizes[0]!.toLocaleString('en')}`,
          ours: many,
          peer: few,
          unit: 'ms',
          ratio: few / many,
          goal: '≥ 0.5×',
          met: few / many >= 0.5,
        },
      ]
}
