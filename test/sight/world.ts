/** A small company with every kind of sight in it: leaders, members of all roles and dates, shares to people and teams, recycled accounts. */
import { seedDemo } from '../../src/cli/demo/seed-demo.ts'
import type { Random } from '../../src/core/kernel/random.ts'
import { buildApp } from '../../src/server/app.ts'
import { replace } from '../../src/server/assignment/run-model.ts'
import { registerJobs } from '../../src/server/compose.ts'
import { DEMO_PASSWORD } from '../../src/server/identity/demo-logins.ts'
import { actorOfUser } from '../../src/server/identity/load-actor.ts'
import { actAs, inBulk, inTenant } from '../../src/server/kernel/transaction.ts'
import { seedReference } from '../../src/server/reference/seed-reference.ts'
import { createTestDatabase } from '../support/database.ts'
import { readOracle } from './oracle.ts'

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
    await tx.query(`insert into account_private (tenant_id, account_id, phone) select 1, id, '1' from account where tenant_id = 1`)
    await tx.query(
      `insert into task (tenant_id, account_id, assignee_id, text, created_by, created_at) select 1, id, 1, 't', 1, now() from account where tenant_id = 1`,
    )
    await tx.query(
      `insert into file (tenant_id, account_id, name, type, size, sha256, created_by, created_at) select 1, id, 'f', 'x', 1, '', 1, now() from account where tenant_id = 1`,
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
  })
  await replace(db.bulk, '1', [model], 'true', async () => undefined)
  const { app } = await buildApp(db, { webRoot: null, geoRoot: null, https: false, trustProxy: false, requestsPerMinute: 1_000_000, log: false })
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
  return {
    app,
    owner: db.owner,
    /** Puts tokens and policies back as they were. */
    mend: async (policySql: readonly string[]) => {
      await db.owner.query(
        'update account_placement p set tokens = k.tokens, private_tokens = k.private_tokens from kept_tokens k where k.account_id = p.account_id and k.model_id = p.model_id',
      )
      for (const sql of policySql) await db.owner.query(sql)
    },
    policyOf: async (table: string): Promise<string> => {
      const found = await db.owner.query<{ polname: string; qual: string }>(
        `select polname::text, pg_get_expr(polqual, polrelid) as qual from pg_policy where polrelid = $1::regclass and polcmd = 'r'`,
        [table],
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
