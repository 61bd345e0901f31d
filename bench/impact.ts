/**
 * What a draft would do, before anybody approves it: all accounts decided in memory beside how they stand, counted by territory, owner and
 * sight, moves and rule lines kept. Correctness first: the moves foreseen are those that a materialised model then has, row by row.
 */
import pg from 'pg'
import { seededRandom } from '../src/core/kernel/random.ts'
import { computeChangeSet } from '../src/server/assignment/change-set/compute.ts'
import { materialise } from '../src/server/assignment/run-model.ts'
import { registerHooks } from '../src/server/compose.ts'
import { openDatabase } from '../src/server/kernel/databases.ts'
import { seedReference } from '../src/server/reference/seed-reference.ts'
import { MODEL, prepareWorld, writeRule } from './end-to-end.ts'
import { freshDatabase } from './fresh-database.ts'
import { backendOf, cost, median, type Point } from './measure.ts'

const DRAFT = '11'
const CHANGED = 20
/** CPU seconds of this process and PostgreSQL together, at a million accounts and a thousand territories. */
const LIMIT = 3

export async function benchImpact(serverUrl: string, accounts: number, territories: number, small: boolean): Promise<readonly Point[]> {
  const url = await freshDatabase(serverUrl, 'bench_impact')
  const db = openDatabase(url.href)
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  try {
    await seedReference(db.owner)
    registerHooks()
    const world = await prepareWorld(client, accounts, territories)
    await client.query(
      `insert into app_user (tenant_id, id, login, name, state) overriding system value select 1, 900000 + n, 'u' || n, 'u' || n, 'active' from generate_series(1, 500) n`,
    )
    await client.query(
      `insert into territory_member (tenant_id, territory_id, user_id, member_role, starts_at) select 1, t.id, 900001 + (row_number() over (order by t.id))::int % 500, 'owner', '2020-01-01' from territory t where t.tenant_id = 1 and t.model_id = ${MODEL}`,
    )
    await materialise(db.bulk, '1', MODEL, async () => undefined)
    await client.query(
      `insert into territory_model (tenant_id, id, name, state, flat, base_model_id, lineage, created_at) overriding system value values (1, ${DRAFT}, 'draft', 'draft', false, ${MODEL}, '{${MODEL},${DRAFT}}', now())`,
    )
    await client.query(
      `insert into change_set (tenant_id, id, model_id, title, created_by, created_at) overriding system value values (1, 1, ${DRAFT}, 'd', 900001, now())`,
    )
    const random = seededRandom(5)
    const chosen = new Set<string>()
    while (chosen.size < Math.min(CHANGED, world.model.territories.length)) chosen.add(random.pick(world.model.territories).id)
    for (const t of world.model.territories.filter(x => chosen.has(x.id))) {
      await writeRule(client, t.id, { all: [t.condition!, { field: 'tier', op: 'in', values: ['KA', 'A'] }] }, 2)
      await client.query(
        `insert into territory (tenant_id, model_id, id, parent_id, type_id, code, name, priority, rule_version) select tenant_id, ${DRAFT}, id, parent_id, type_id, code, name, priority, 2 from territory where tenant_id = 1 and model_id = ${MODEL} and id = $1`,
        [t.id],
      )
    }
    await client.query('vacuum analyze')
    const bulk = await db.bulk.connect()
    const backend = await backendOf(bulk)
    bulk.release()
    const runs: number[] = []
    for (let round = 0; round < (small ? 1 : 5); round += 1) runs.push(await cost(() => computeChangeSet(db.bulk, '1', '1'), backend))
    const foreseen = await client.query<{ n: number; h: string }>(
      MOVES('change_set_move m where m.tenant_id = 1', 'm.account_id, m.to_owner, m.to_territory'),
    )
    await materialise(db.bulk, '1', DRAFT, async () => undefined)
    const happened = await client.query<{ n: number; h: string }>(
      MOVES(
        `account_placement b join account_placement n on n.tenant_id = 1 and n.model_id = ${DRAFT} and n.account_id = b.account_id where b.tenant_id = 1 and b.model_id = ${MODEL} and (b.owner_id, b.territory_id) is distinct from (n.owner_id, n.territory_id)`,
        'b.account_id, n.owner_id, n.territory_id',
      ),
    )
    if (foreseen.rows[0]!.n === 0 || JSON.stringify(foreseen.rows) !== JSON.stringify(happened.rows))
      throw new Error(`foreseen ${JSON.stringify(foreseen.rows)}, happened ${JSON.stringify(happened.rows)}`)
    if (small) return []
    const ours = median(runs)
    return [
      {
        name: 'impact of a draft, CPU end to end against its limit',
        ours,
        peer: LIMIT,
        unit: 's CPU',
        ratio: LIMIT / ours,
        goal: `≤ ${LIMIT} s`,
        met: ours <= LIMIT,
        note: `${accounts.toLocaleString('en')} accounts × ${territories.toLocaleString('en')} territories, ${CHANGED} rules changed, ${foreseen.rows[0]!.n.toLocaleString('en')} accounts move, 500 people; median of ${runs.length}, first ${runs[0]!.toFixed(1)} s`,
      },
    ]
  } finally {
    await client.end()
    await db.close()
  }
}

const MOVES = (from: string, columns: string): string =>
  `select count(*)::int as n, coalesce(sum(hashtextextended(concat_ws('|', ${columns}), 0)), 0)::text as h from ${from}`
