/** Each weakness is planted in a real database and must be named; without one the report is empty. Roles are the cluster's: put back at once. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import type pg from 'pg'
import { createTestDatabase } from '../../../test/support/database.ts'
import { bootCheck } from './boot-check.ts'

let db: Awaited<ReturnType<typeof createTestDatabase>>
before(async () => {
  db = await createTestDatabase()
})
after(() => db.drop())

/** Plants inside a transaction that is rolled back, so that no weakness outlives its test, roles of other tests included. */
async function withWeakness(plant: string, look: (client: pg.PoolClient) => Promise<void>): Promise<void> {
  const client = await db.owner.connect()
  try {
    for (;;) {
      await client.query('begin')
      try {
        await client.query(plant)
        break
      } catch (error) {
        // Another test file may be migrating, which writes the same row of the cluster's roles.
        if (!/tuple concurrently updated/.test(String(error))) throw error
        await client.query('rollback')
      }
    }
    await look(client)
  } finally {
    await client.query('rollback')
    client.release()
  }
}

test('a freshly migrated database has nothing to report', async () => {
  assert.deepEqual(await bootCheck(db.owner), { problems: [], warnings: [] })
})

const OPEN = 'using (tenant_id = 1)'
const ASKS = `using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::bigint))`
const WEAKNESSES: readonly (readonly [name: string, plant: string, expected: RegExp])[] = [
  ['a superuser', 'alter role jiangyu_app superuser', /jiangyu_app is a superuser/],
  ['BYPASSRLS', 'alter role jiangyu_app bypassrls', /jiangyu_app has BYPASSRLS/],
  ['a member of another role', 'grant jiangyu_bulk to jiangyu_app', /jiangyu_app is a member of jiangyu_bulk/],
  ['the owner of a table', 'alter table note owner to jiangyu_app', /jiangyu_app owns note/],
  ['TRUNCATE on a tenant table', 'grant truncate on contact to jiangyu_app', /may TRUNCATE contact/],
  ['TRUNCATE through PUBLIC', 'grant truncate on task to public', /may TRUNCATE task/],
  ['TRUNCATE on a global table', 'grant truncate on division to jiangyu_app', /may TRUNCATE division/],
  ['RLS switched off', 'alter table account disable row level security', /account has no row-level security/],
  ['a new table without a fence', 'create table visit (tenant_id bigint not null, id bigint)', /visit has no row-level security/],
  ['no policy for a command', 'drop policy note_delete on note', /note has 0 policies for delete/],
  ['a second permissive policy', `create policy more on note for select ${ASKS}`, /note has 2 policies for select/],
  ['a policy for all commands', `create policy more on note for all ${ASKS}`, /note has 2 policies for update/],
  ['a restrictive policy', `create policy less on note as restrictive for select ${ASKS}`, /note has a restrictive policy less/],
  [
    'a policy that forgets the tenant',
    `drop policy note_select on note; create policy note_select on note for select ${OPEN}`,
    /does not ask for the tenant/,
  ],
  ['a view with its owner’s eyes', 'create view all_notes as select * from note', /all_notes is a view without security_invoker/],
  [
    'a granted materialised view',
    'create materialized view every_note as select * from note; grant select on every_note to jiangyu_app',
    /every_note is a materialised view/,
  ],
  [
    'a granted partition',
    `create table visit (tenant_id bigint not null) partition by list (tenant_id); select app_guard('visit', 'tenant');
     create table visit_1 partition of visit for values in (1); select app_guard('visit_1', 'tenant')`,
    /visit_1 is a partition/,
  ],
]

for (const [name, plant, expected] of WEAKNESSES)
  test(`refused: ${name}`, () =>
    withWeakness(plant, async client => {
      const { problems } = await bootCheck(client)
      assert.ok(
        problems.some(p => expected.test(p)),
        `expected ${expected} among ${JSON.stringify(problems)}`,
      )
    }))

test('allowed: a view with the reader’s eyes, a materialised view nobody else may read, a guarded new table', () =>
  withWeakness(
    `create view my_notes with (security_invoker = true) as select * from note;
     create materialized view hidden_notes as select * from note;
     create table visit (tenant_id bigint not null, id bigint); select app_guard('visit', 'tenant')`,
    async client => assert.deepEqual((await bootCheck(client)).problems, []),
  ))

test('an operator that is not leakproof is a warning, not a refusal', () =>
  withWeakness('alter function arrayoverlap(anyarray, anyarray) not leakproof', async client => {
    const report = await bootCheck(client)
    assert.deepEqual(report.problems, [])
    assert.match(report.warnings.join('\n'), /arrayoverlap is not marked leakproof/)
  }))
