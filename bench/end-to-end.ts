/**
 * A full run with PostgreSQL: some rules of a live model changed, every account is matched anew, and only what differs is written. Ours reads
 * by COPY, decides in Node and writes the differences; the peer does all of it in the best set-based SQL we know, on a copy of the tables
 * with the same indexes. Both sides must leave identical rows.
 */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import copyStreams from 'pg-copy-streams'
import { token } from '../src/core/access/tokens.ts'
import { compileModel } from '../src/core/assignment/compile.ts'
import type { Condition } from '../src/core/condition/condition.ts'
import { seededRandom } from '../src/core/kernel/random.ts'
import type { Territory } from '../src/core/territory/model.ts'
import { materialise, replace } from '../src/server/assignment/run-model.ts'
import { registerHooks } from '../src/server/compose.ts'
import { bearTenant } from '../src/server/identity/tenant.ts'
import { openDatabase } from '../src/server/kernel/databases.ts'
import type { Tx } from '../src/server/kernel/transaction.ts'
import { seedReference } from '../src/server/reference/seed-reference.ts'
import { freshDatabase } from './fresh-database.ts'
import { loadAccounts, prepareSql } from './match.ts'
import { backendOf, cost, type Point, pointOf } from './measure.ts'
import { ENV, makeWorld, type World } from './world.ts'

export const MODEL = '10'
/** As in field-notes/performance.md §1.5: 20 rules of 1,000 changed, here three weeks in a row. */
const CHANGED = 20
const WEEKS = 3

export async function benchEndToEnd(serverUrl: string, accounts: number, territories: number, small: boolean): Promise<readonly Point[]> {
  const url = await freshDatabase(serverUrl, 'bench_end_to_end')
  const db = openDatabase(url.href)
  const peer = new pg.Client({ connectionString: url.href })
  await peer.connect()
  try {
    await seedReference(db.owner)
    registerHooks()
    let leaves = await prepareWorld(peer, accounts, territories)
    await materialise(db.bulk, '1', MODEL, async () => undefined)
    await copyTables(peer)

    let [ours, theirs, moved, written] = [0, 0, 0, 0]
    for (let week = 1; week <= (small ? 1 : WEEKS); week += 1) {
      leaves = await changeRules(peer, leaves, week)
      const sql = await preparePeer(peer, leaves, accounts)
      await peer.query('vacuum analyze')
      const bulk = await db.bulk.connect()
      const backend = await backendOf(bulk)
      bulk.release()
      ours += await cost(async () => {
        moved += await replace(db.bulk, '1', [MODEL], 'true', async () => undefined, 0)
      }, backend)
      const peerBackend = await backendOf(peer)
      await peer.query('drop table if exists b_pair, b_stand')
      theirs += await cost(async () => {
        for (const statement of sql) written = (await peer.query(statement)).rowCount ?? 0
      }, peerBackend)
      console.log(`  week ${week}: ours ${ours.toFixed(1)}, peer ${theirs.toFixed(1)} s CPU so far, ${written.toLocaleString('en')} rows written`)
    }
    const same = await peer.query<{ n: number }>(
      `select count(*)::int as n from (${ROWS('account_placement')} except ${ROWS('b_placement')} union all (${ROWS('b_placement')} except ${ROWS('account_placement')})) d`,
    )
    const closed = await peer.query<{ a: number; b: number }>(
      'select (select count(*)::int from placement_history) as a, (select count(*)::int from b_history) as b',
    )
    if (same.rows[0]!.n !== 0 || closed.rows[0]!.a !== closed.rows[0]!.b || moved === 0)
      throw new Error(`rows differ: ${JSON.stringify([same.rows, closed.rows, moved])}`)
    if (small) return []
    const note = `${accounts.toLocaleString('en')} accounts × ${territories.toLocaleString('en')} territories, ${CHANGED} rules changed, ${WEEKS} times; ${moved.toLocaleString('en')} accounts moved`
    return [pointOf('end to end with PostgreSQL: read, match, write the differences', ours, theirs, 4, 's CPU', note)]
  } finally {
    await peer.end()
    await db.close()
  }
}

const ROWS = (table: string) =>
  `(select account_id, owner_id, territory_id, tokens, private_tokens, edit_tokens, source, contested, undecidable, rule_id, rule_version from ${table} where tenant_id = 1 and model_id = ${MODEL})`

/** Writes the world into the tables of both sides and keeps its model alone: a server's garbage collector has no such records to walk through. */
export async function prepareWorld(client: pg.Client, accounts: number, territories: number): Promise<World> {
  const world = makeWorld(accounts, territories, 1, false)
  await writeWorld(client, world)
  await loadAccounts(client, world, accounts)
  return { ...flat(world), records: [], columns: makeWorld(0, 200).columns }
}

async function writeWorld(client: pg.Client, world: World): Promise<void> {
  await client.query('begin')
  await bearTenant(client as unknown as Tx, { name: 'bench', currency: 'CNY', zone: 'UTC', fiscalStartMonth: 1, locale: 'en', demo: false })
  await client.query('commit')
  const cell = (v: unknown) => (v === null || v === undefined ? '\\N' : String(v))
  const lines = function* () {
    for (const [i, r] of world.records.entries())
      yield `1\t${i + 1}\tA${i + 1}\t${[r.division, r.industry, r.tier, r.source, r.size, r.revenue].map(cell).join('\t')}\t2026-01-01\t2026-01-01\tt\n`
  }
  const into = 'copy account (tenant_id, id, name, division, industry, tier, source, size, revenue, created_at, updated_at, placed) from stdin'
  await pipeline(Readable.from(lines()), client.query(copyStreams.from(into)))
  await client.query(
    `insert into territory_model (tenant_id, id, name, state, flat, lineage, created_at) overriding system value values (1, ${MODEL}, 'bench', 'draft', true, '{${MODEL}}', now())`,
  )
  await client.query(
    `insert into territory_type (tenant_id, model_id, id, key, labels, layer, precedence) overriding system value values (1, ${MODEL}, 30, 'geography', '{}', 'exclusive', 3)`,
  )
  for (const t of flat(world).model.territories) {
    await writeRule(client, t.id, t.condition!, 1)
    await client.query(
      `insert into territory (tenant_id, model_id, id, parent_id, type_id, code, name, priority, rule_version) overriding system value values (1, ${MODEL}, $1, null, 30, $2, $2, $3, 1)`,
      [t.id, t.code, t.priority],
    )
  }
}

export const writeRule = (client: pg.Client, territoryId: string, condition: Condition, version: number): Promise<unknown> =>
  client.query('insert into territory_rule (tenant_id, territory_id, version, condition, created_at) values (1, $1, $2, $3, now())', [
    territoryId,
    version,
    JSON.stringify(condition),
  ])

/** The tree as one level of leaves, each with the whole of its rule; the deeper still goes first: what both sides match. */
export function flat(world: World): World {
  const leaves = compileModel(world.model, ENV).takers.map(
    ({ node }): Territory => ({ ...node.territory, parentId: null, typeId: '30', priority: node.depth, condition: node.effective }),
  )
  const types = [{ id: '30', key: 'geography', layer: 'exclusive', precedence: 3 } as const]
  return { ...world, model: { id: MODEL, types, territories: leaves, members: [] } }
}

/** Some leaves lose their small customers: a change of rules as it happens in an ordinary week. */
export async function changeRules(client: pg.Client, world: World, week: number): Promise<World> {
  const random = seededRandom(week)
  const chosen = new Set<string>()
  while (chosen.size < CHANGED) chosen.add(random.pick(world.model.territories).id)
  const territories = world.model.territories.map(t =>
    chosen.has(t.id)
      ? { ...t, condition: { all: [t.condition!, { field: 'tier', op: 'in' as const, values: ['KA', 'A'] }] }, ruleVersion: t.ruleVersion! + 1 }
      : t,
  )
  for (const t of territories.filter(x => chosen.has(x.id))) {
    await writeRule(client, t.id, t.condition!, t.ruleVersion!)
    await client.query(`update territory set rule_version = $2 where tenant_id = 1 and model_id = ${MODEL} and id = $1`, [t.id, t.ruleVersion])
  }
  await client.query(`update territory_model set stamp = stamp + 1 where tenant_id = 1 and id = ${MODEL}`)
  return { ...world, model: { ...world.model, territories } }
}

async function copyTables(client: pg.Client): Promise<void> {
  await client.query(`create table b_placement (like account_placement including all) with (fillfactor = 90); insert into b_placement select * from account_placement where tenant_id = 1 and model_id = ${MODEL};
    create table b_history (like placement_history including all)`)
}

/** The peer's statements: pairs by join, the winner of each account, and the differences written. */
async function preparePeer(client: pg.Client, world: World, accounts: number): Promise<readonly string[]> {
  const compiled = compileModel(world.model, ENV)
  const pairs = await prepareSql(client, compiled, accounts)
  await client.query(
    'drop table if exists b_taker; create table b_taker (taker int, territory_id bigint, tokens bigint[], rule_version int, rank int)',
  )
  for (const [i, t] of compiled.takers.entries())
    await client.query('insert into b_taker values ($1, $2, $3, $4, $5)', [
      i,
      t.territoryId,
      ['0', token('territory', t.territoryId)],
      t.node.territory.ruleVersion,
      t.rank,
    ])
  await client.query('analyze b_taker')
  const stand = `select a.id, w.winner as territory_id, t.rule_version, coalesce(t.tokens, '{0}') as tokens, w.contested,
      case when w.winner is null then 'none:none' else 'rule:none' end as source
    from b_account a left join (
      select id, min(territory_id) as winner, nullif((array_agg(territory_id order by territory_id))[2:], '{}') as contested from (
        select p.id, t.territory_id, t.rank, min(t.rank) over (partition by p.id) as best from b_pair p join b_taker t on t.taker = p.taker) r
       where rank = best group by id) w on w.id = a.id
    left join b_taker t on t.territory_id = w.winner`
  const differs = `p.territory_id is distinct from s.territory_id or p.source is distinct from s.source`
  const any = `${differs} or p.rule_version is distinct from s.rule_version or p.contested is distinct from s.contested or p.tokens is distinct from s.tokens`
  return [
    pairs,
    'analyze b_pair',
    `create unlogged table b_stand as ${stand}`,
    'analyze b_stand',
    `insert into b_history (tenant_id, model_id, account_id, owner_id, territory_id, source, rule_id, rule_version, valid_from, valid_to, known_from)
       select p.tenant_id, p.model_id, p.account_id, p.owner_id, p.territory_id, p.source, p.rule_id, p.rule_version, p.valid_from, clock_timestamp(), p.known_from
         from b_placement p join b_stand s on s.id = p.account_id where ${differs}`,
    `update b_placement p set territory_id = s.territory_id, rule_id = s.territory_id, rule_version = s.rule_version, tokens = s.tokens, private_tokens = s.tokens,
       source = s.source, contested = s.contested from b_stand s where s.id = p.account_id and (${any})`,
  ]
}
