/** A small company with every kind of sight in it: leaders, members of all roles and dates, shares to people and teams, recycled accounts. */
import { seedDemo } from '../../src/cli/demo/seed-demo.ts'
import type { Random } from '../../src/core/kernel/random.ts'
import { buildApp } from '../../src/server/app.ts'
import { replace } from '../../src/server/assignment/run-model.ts'
import { runCheckUp } from '../../src/server/cleansing/check-base.ts'
import { registerJobs } from '../../src/server/compose.ts'
import { DEMO_PASSWORD } from '../../src/server/identity/demo-logins.ts'
import { actorOfUser } from '../../src/server/identity/load-actor.ts'
import { actAs, inBulk, inTenant, type Tx } from '../../src/server/kernel/transaction.ts'
import { seedReference } from '../../src/server/reference/seed-reference.ts'
import { createTestDatabase } from '../support/database.ts'
import type { RouteWorld } from './ask-route.ts'
import { readOracle } from './oracle.ts'
import { PART_TABLES, type Parts } from './rows.ts'

/** What a refusal may not change: everything but sessions, jobs, idempotency keys and the audit trail (an export leaves a line there). */
const HASHED = [
  ...Object.values(PART_TABLES),
  ...[
    'account',
    'account_private',
    'account_placement',
    'note',
    'ownership_act',
    'pool',
    'pool_policy',
    'pool_entry',
    'pool_clock',
    'pool_protection',
    'approval_request',
    'notification',
    'app_user',
    'role',
    'user_role',
    'department',
  ],
  ...[
    'team',
    'team_member',
    'field',
    'option_row',
    'territory_model',
    'territory',
    'territory_type',
    'territory_member',
    'activation',
    'value_list',
    'tenant',
    'cleansing_settings',
    'cleansing_skip',
    'cleansing_finding',
    'cleansing_private_finding',
  ],
]

/** A phone that one account alone has: its id stands in it. */
const PHONE = (column: string): string => `'+86139' || lpad(${column}::text, 8, '0')`

/** Another company in the same database, whose customers nobody of ours may ever meet. */
async function makeOtherCompany(tx: Tx): Promise<void> {
  await tx.query(`insert into tenant (id, name) overriding system value values (2, '别家')`)
  await tx.query(`insert into app_user (tenant_id, login, name) values (2, 'stranger', '外人')`)
  const model = await tx.query<{ id: string }>(
    `insert into territory_model (tenant_id, name, state, flat, created_at) values (2, 'm', 'ready', true, now()) returning id::text`,
  )
  await tx.query(`insert into activation (tenant_id, model_id, effective_at, created_at) values (2, $1, now(), now())`, [model.rows[0]!.id])
  await tx.query(
    `insert into account (tenant_id, name, created_at, updated_at, placed) select 2, '别家客户·' || n || '·', now(), now(), true from generate_series(1, 20) n`,
  )
  await tx.query(
    `insert into account_placement (tenant_id, model_id, account_id, tokens, private_tokens, source, valid_from, known_from)
     select 2, $1, id, '{0,9,17,25,33}', '{0,9,17,25,33}', 'none:none', now(), now() from account where tenant_id = 2`,
    [model.rows[0]!.id],
  )
  await tx.query(
    `insert into note (tenant_id, account_id, text, author_id, created_at) select 2, id, name, 1, now() from account where tenant_id = 2`,
  )
}

export async function makeWorld(random: Random) {
  const db = await createTestDatabase()
  await seedReference(db.owner)
  registerJobs(db.bulk)
  await seedDemo(db, { accounts: 260, people: 36, seed: 1 + random.int(1_000_000), say: () => undefined })
  const ids = async (sql: string): Promise<string[]> => (await db.owner.query<{ id: string }>(sql)).rows.map(r => r.id)
  const people = await ids(`select id::text from app_user where state = 'active'`)
  const accounts = await ids('select id::text from account')
  const territories = await ids('select distinct id::text from territory')
  const model = (await ids('select model_id::text as id from activation order by seq desc limit 1'))[0]!
  await inBulk(db.bulk, async tx => {
    const team = await tx.query<{ id: string }>(`insert into team (tenant_id, name) values (1, 'T') returning id::text`)
    const members = [...new Set([random.pick(people), random.pick(people), random.pick(people)])]
    for (const id of members) await tx.query('insert into team_member (tenant_id, team_id, user_id) values (1, $1, $2)', [team.rows[0]!.id, id])
    for (let i = 0; i < 40; i += 1) {
      const toTeam = random.next() < 0.3
      const until = random.pick([null, '2000-01-01', '2100-01-01'])
      await tx.query(
        `insert into account_share (tenant_id, account_id, user_id, team_id, access, until, created_by, created_at) values (1, $1, $2, $3, $4, $5, 1, now())`,
        [
          random.pick(accounts),
          toTeam ? null : random.pick(people),
          toTeam ? team.rows[0]!.id : null,
          random.pick(['read', 'private', 'edit']),
          until,
        ],
      )
    }
    for (let i = 0; i < 25; i += 1) {
      const [from, to] = random.pick([
        ['2020-01-01', null],
        ['2020-01-01', '2021-01-01'],
        ['2100-01-01', null],
      ] as const)
      await tx.query(
        `insert into territory_member (tenant_id, territory_id, user_id, member_role, access, starts_at, ends_at, created_by) values (1, $1, $2, $3, $4, $5, $6, 1)`,
        [
          random.pick(territories),
          random.pick(people),
          random.pick(['owner', 'collaborator', 'manager', 'viewer']),
          random.pick(['read', 'private', 'edit']),
          from,
          to,
        ],
      )
    }
    await tx.query('update territory_model set stamp = stamp + 1 where tenant_id = 1')
    await tx.query(
      `insert into account_private (tenant_id, account_id, phone) select 1, id, ${PHONE('id')} from account where tenant_id = 1 on conflict (tenant_id, account_id) do update set phone = excluded.phone`,
    )
    // Written with a blank, so that the fix list has something to say about every one.
    await tx.query(`update account_private set phone = ' ' || phone where tenant_id = 1`)
    await tx.query(
      `insert into contact (tenant_id, account_id, name, phone, created_at, updated_at) select 1, id, 'c', '', now(), now() from account where tenant_id = 1`,
    )
    await tx.query(`update contact set phone = ${PHONE('account_id')} where tenant_id = 1`)
    await tx.query(
      `insert into duplicate_pair (tenant_id, account_a, account_b, score, decision, evidence, state, found_at)
       select 1, a.id, b.id, 0.9, 'review', '[{"feature":"phone","level":"same","bits":9}]', case when a.id % 4 = 0 then 'different' else 'open' end, now()
         from account a join account b on b.tenant_id = 1 and b.id = a.id + 7 where a.tenant_id = 1 order by a.id limit 60`,
    )
    await tx.query(`insert into account_address (tenant_id, account_id, kind, text) select 1, id, 'site', 'x' from account where tenant_id = 1`)
    await tx.query(
      `insert into opportunity (tenant_id, account_id, name, created_at, updated_at) select 1, id, 'o', now(), now() from account where tenant_id = 1`,
    )
    // A name that is part of no other, so that a leak of it is seen in any answer.
    await tx.query(`update account set name = name || '·' || id || '·' where tenant_id = 1`)
    await makeOtherCompany(tx)
    await tx.query(
      `insert into task (tenant_id, account_id, assignee_id, text, created_by, created_at) select 1, id, 1, 't', 1, now() from account where tenant_id = 1`,
    )
    await tx.query(
      `insert into file (tenant_id, account_id, name, type, size, sha256, created_by, created_at) select 1, id, 'f', 'x', 1, '', 1, now() from account where tenant_id = 1`,
    )
    await tx.query(
      `insert into change_set (tenant_id, id, model_id, title, state, created_by, created_at, submitted_by, submitted_at) overriding system value values (1, 77, $1, 's', 'approved', 1, now(), 1, now())
         on conflict (tenant_id, model_id) do update set id = 77, state = 'approved'`,
      [model],
    )
    await tx.query(
      `insert into change_set_move (tenant_id, change_set_id, account_id, to_owner, to_territory) select 1, 77, p.account_id, p.owner_id, p.territory_id from account_placement p where p.tenant_id = 1 and p.model_id = $1`,
      [model],
    )
    await tx.query(
      `insert into change_set_line (tenant_id, change_set_id, kind, key, before, after, gained, lost) select 1, 77, 'sight', id, 1, 1, 0, 0 from app_user where tenant_id = 1`,
    )
    await tx.query(
      `insert into change_set_comment (tenant_id, change_set_id, anchor_kind, anchor_id, body, author_id, created_at) select 1, 77, 'account', id, 'x', 1, now() from account where tenant_id = 1 and id % 3 = 0`,
    )
    // A draft under which everybody would see everything: whoever looks through another's eyes is still told of his own customers alone.
    await tx.query(
      `with draft as (insert into territory_model (tenant_id, name, base_model_id, lineage, state, created_by, created_at) values (1, 'd', $1, array[$1::bigint], 'draft', 1, now()) returning id)
       insert into change_set (tenant_id, id, model_id, title, shared, created_by, created_at, figures_of) overriding system value select 1, 78, id, 'd', true, 1, now(), 'x' from draft`,
      [model],
    )
    await tx.query(
      'insert into change_set_stand (tenant_id, change_set_id, stand, tokens) select 1, 78, 0, array_agg(u.id * 8 + 1) from app_user u where u.tenant_id = 1',
    )
    await tx.query('insert into change_set_sight (tenant_id, change_set_id, account_id, stand) select 1, 78, id, 0 from account where tenant_id = 1')
    // A handover in which everything goes to everybody in turn, and the draft of one.
    await tx.query(
      `insert into handover (tenant_id, id, kind, from_user, state, rule, created_by, created_at, started_by, started_at, done_at) overriding system value
       select 1, n, 'transfer', u.id, case n when 1 then 'done' else 'draft' end, jsonb_build_object('kinds', array['account', 'task'], 'when', '[]'::jsonb, 'rest', null, 'heirId', null), 1, now(), 1, now(), now()
         from generate_series(1, 2) n, (select min(id) as id from app_user where tenant_id = 1 and state = 'active') u`,
    )
    await tx.query(
      `insert into handover_item (tenant_id, handover_id, kind, record_id, account_id, to_user, why, moved_at)
       select 1, 1, k.kind, k.id, k.account_id, u.id, '{"by":"rest"}', now() from (select 'account' as kind, id, id as account_id from account where tenant_id = 1 union all select 'task', id, account_id from task where tenant_id = 1) k
         join (select id, row_number() over (order by id) - 1 as n, count(*) over () as all from app_user where tenant_id = 1 and state = 'active') u on u.n = k.id % u.all`,
    )
    for (let i = 0; i < 12; i += 1)
      await tx.query('update account set deleted_at = now(), deleted_by = $2 where tenant_id = 1 and id = $1', [
        random.pick(accounts),
        random.pick(people),
      ])
    for (let i = 0; i < 20; i += 1)
      await tx.query(
        `insert into ownership_act (tenant_id, account_id, kind, owner_id, model_id, territory_id, created_by, at) select 1, p.account_id, 'assign', $2, p.model_id, p.territory_id, 1, now() from account_placement p where p.tenant_id = 1 and p.model_id = $3 and p.account_id = $1`,
        [random.pick(accounts), random.pick(people), model],
      )
    // A masked pool: who works in the territory of what lies there reads the pool's masked entry, not the customer.
    await tx.query(
      `insert into pool (tenant_id, name, position, admins, created_at, steps) values (1, 'P', 1, array[$1::bigint], now(), '[{"up":0,"afterHours":0},{"up":1,"afterHours":24}]')`,
      [random.pick(people)],
    )
    await tx.query(
      `insert into pool_policy (tenant_id, name, position, terms) values (1, 'p', 1, '{"triggers":[{"kind":"followUp","days":30}],"all":false,"workingDays":false,"guards":[],"warnDays":[],"escalateDays":null}')`,
    )
    await tx.query('insert into pool_setting (tenant_id) values (1)')
    for (let i = 0; i < 50; i += 1)
      await tx.query(
        `insert into ownership_act (tenant_id, account_id, kind, owner_id, model_id, territory_id, created_by, at, prior_owner_id) select 1, p.account_id, 'return', null, p.model_id, p.territory_id, 1, clock_timestamp(), p.owner_id from account_placement p where p.tenant_id = 1 and p.model_id = $2 and p.account_id = $1`,
        [random.pick(accounts), model],
      )
  })
  await replace(db.bulk, '1', [model], 'true', async () => undefined)
  const run = await ids(`insert into cleansing_run (tenant_id, started_at) values (1, now()) returning id::text`)
  await runCheckUp(db.bulk, { id: '0', tenantId: '1', kind: '', note: { runId: run[0] }, startedBy: null }, async () => undefined)
  const { app, api } = await buildApp(db, { webRoot: null, geoRoot: null, https: false, trustProxy: false, requestsPerMinute: 1_000_000, log: false })
  const cookies = new Map<string, Promise<string>>()
  const signIn = async (login: string): Promise<string> => {
    const reply = await app.inject({
      method: 'POST',
      url: '/api/session',
      headers: { 'x-jiangyu': '1' },
      payload: { login, password: DEMO_PASSWORD },
    })
    return String(reply.headers['set-cookie']).split(';')[0]!
  }
  await db.owner.query('create table kept_tokens as select account_id, model_id, tokens, private_tokens from account_placement')
  const parts = Object.fromEntries(
    await Promise.all(
      Object.entries(PART_TABLES).map(async ([kind, table]) => [
        kind,
        (
          await db.owner.query<{ id: string; accountId: string }>(
            `select id::text, account_id::text as "accountId" from ${table} where tenant_id = 1`,
          )
        ).rows,
      ]),
    ),
  ) as Parts
  const may = await db.owner.query<{ login: string; permissions: string[] }>(
    'select u.login, array_agg(distinct x) as permissions from app_user u join user_role ur on ur.tenant_id = 1 and ur.user_id = u.id join role r on r.tenant_id = 1 and r.id = ur.role_id, unnest(r.permissions) x where u.tenant_id = 1 group by u.login',
  )
  const permissions = new Map(may.rows.map(r => [r.login, new Set(r.permissions)]))
  const one = async (sql: string): Promise<string> => (await ids(sql))[0] ?? '987654321'
  const routes: RouteWorld = {
    endpoints: api.endpoints,
    permissionsOf: login => permissions.get(login) ?? new Set(),
    parts,
    draw: {
      modelId: model,
      typeId: await one(`select id::text from territory_type where tenant_id = 1 and model_id = ${BigInt(model)} limit 1`),
      importId: '1',
      changeSetId: '77',
    },
    territories,
    people,
    foreign: await ids('select name as id from account where tenant_id = 2'),
    phoneOf: id => `+86139${id.padStart(8, '0')}`,
    refused: async words => {
      pending.push(words)
      return pending.length < 40 ? null : unchanged()
    },
  }
  const hash = async (): Promise<string> => {
    const sums = HASHED.map(t => `(select coalesce(sum(hashtextextended(x::text, 0)), 0) from ${t} x)`)
    return (await db.owner.query<{ h: string }>(`select concat(${sums.join(", '|', ")}) as h`)).rows[0]!.h
  }
  let baseline = ''
  const pending: string[] = []
  /** Null when the tables are as they were; else the refusals since the last look, one of which changed something. */
  const unchanged = async (): Promise<string | null> => {
    const words = pending.splice(0)
    return baseline === (await hash()) ? null : `one of these refusals changed something: ${words.join('; ')}`
  }
  return {
    app,
    routes,
    /** From here on the tables should stay as they are. */
    settle: async () => {
      pending.length = 0
      baseline = await hash()
    },
    unchanged,
    owner: db.owner,
    /** Puts tokens and policies back as they were. */
    mend: async (policySql: readonly string[]) => {
      await db.owner.query(
        'update account_placement p set tokens = k.tokens, private_tokens = k.private_tokens from kept_tokens k where k.account_id = p.account_id and k.model_id = p.model_id',
      )
      for (const sql of policySql) await db.owner.query(sql)
    },
    policyOf: async (table: string, command: 'r' | 'w' = 'r'): Promise<string> => {
      const found = await db.owner.query<{ polname: string; qual: string }>(
        `select polname::text, pg_get_expr(polqual, polrelid) as qual from pg_policy where polrelid = $1::regclass and polcmd = $2`,
        [table, command],
      )
      return `alter policy ${found.rows[0]!.polname} on ${table} using (${found.rows[0]!.qual})`
    },
    fenced: (userId: string, table: string, column: string): Promise<readonly string[]> =>
      inTenant(db.app, '1', async tx => {
        const actor = await actorOfUser(tx, '1', userId)
        await actAs(tx, actor!)
        const model = table === 'account_placement' ? `where model_id = ${BigInt(actor!.modelId)}` : ''
        const found = await tx.query<{ id: string }>(`select distinct ${column}::text as id from ${table} ${model}`)
        return found.rows.map(r => r.id)
      }),
    cookieOf: (login: string): Promise<string> => {
      const known = cookies.get(login) ?? signIn(login)
      cookies.set(login, known)
      return known
    },
    oracle: () => readOracle(db.owner),
    close: async () => {
      await app.close()
      await db.drop()
    },
  }
}
