/**
 * The schema rules that let the same tables be distributed by tenant one day, and that keep the fence whole. Read from the catalogue of a
 * freshly migrated database and from the SQL text, because a rule that only reviewers know is broken by the next migration.
 */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import test, { after, before } from 'node:test'
import { bootCheck } from '../src/server/kernel/boot-check.ts'
import { createTestDatabase } from './support/database.ts'

const ROOT = path.join(import.meta.dirname, '..')

/** Rows that belong to no tenant: who may knock, the reference everybody reads, what was migrated. */
const GLOBAL = ['tenant', 'login', 'division', 'industry', 'boundary', 'migration']

/** Every function of the schema, by name: one more needs a line here, and a reason why SQL must decide it. */
const FUNCTIONS = {
  app_set: 'writes the settings the policies read; the only one that sets anything',
  app_guard: 'writes the policies of one table, so that all are alike; used by migrations',
}

let db: Awaited<ReturnType<typeof createTestDatabase>>
before(async () => {
  db = await createTestDatabase()
})
after(() => db.drop())

/** First column of each row of a query; the rule holds when there is none. */
const found = async (sql: string, values: unknown[] = []): Promise<string[]> =>
  (await db.owner.query<{ what: string }>(sql, values)).rows.map(r => r.what)
const none = (wrong: readonly string[], rule: string): void => assert.deepEqual(wrong, [], `${rule}\n  ${wrong.join('\n  ')}\n`)

const TABLES = `select c.oid, c.relname::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public' where c.relkind in ('r', 'p')`

test('only these tables are global, every other has tenant_id bigint not null', async () => {
  const all = await found(`select name as what from (${TABLES}) t`)
  assert.ok(all.length > 40, `only ${all.length} tables`)
  const wrong = await found(
    `select name as what from (${TABLES}) t where name <> all ($1::text[]) and not exists (
       select 1 from pg_attribute a where a.attrelid = t.oid and a.attname = 'tenant_id' and a.atttypid = 'bigint'::regtype and a.attnotnull)`,
    [GLOBAL],
  )
  none(wrong, 'Without its tenant a row cannot be fenced or moved:')
})

test('tenant_id is the first column of every primary, unique and foreign key, on both sides', async () => {
  const wrong = await found(
    `select format('%s.%s', t.name, k.conname) as what from (${TABLES}) t join pg_constraint k on k.conrelid = t.oid and k.contype in ('p', 'u', 'f')
      where t.name <> all ($1::text[]) and (
        (select attname from pg_attribute where attrelid = k.conrelid and attnum = k.conkey[1]) <> 'tenant_id'
        or (k.contype = 'f' and (select attname from pg_attribute where attrelid = k.confrelid and attnum = k.confkey[1]) <> 'tenant_id'))
      order by 1`,
    [GLOBAL],
  )
  none(wrong, 'Keys without the tenant in front:')
  const indexes = await found(
    `select format('%s.%s', t.name, i.indexrelid::regclass) as what from (${TABLES}) t join pg_index i on i.indrelid = t.oid and i.indisunique
      where t.name <> all ($1::text[]) and (select attname from pg_attribute where attrelid = t.oid and attnum = i.indkey[0]) is distinct from 'tenant_id'`,
    [GLOBAL],
  )
  none(indexes, 'Unique indexes without the tenant in front:')
  const missing = await found(
    `select name as what from (${TABLES}) t where not exists (select 1 from pg_constraint k where k.conrelid = t.oid and k.contype = 'p')`,
  )
  none(missing, 'Tables without a primary key:')
})

test('nothing global points at a table of the tenants', async () => {
  const wrong = await found(
    `select format('%s.%s', t.name, k.conname) as what from (${TABLES}) t join pg_constraint k on k.conrelid = t.oid and k.contype = 'f'
      where t.name = any ($1::text[]) and k.confrelid::regclass::text <> all ($1::text[])`,
    [GLOBAL],
  )
  none(wrong, 'A global table would have to be on every shard:')
})

test('no on delete set null or default, no trigger, no exclusion constraint, no rule', async () => {
  none(
    await found(`select format('%s.%s', conrelid::regclass, conname) as what from pg_constraint where contype = 'f' and confdeltype in ('n', 'd')`),
    'It would clear tenant_id too:',
  )
  none(
    await found(`select format('%s.%s', tgrelid::regclass, tgname) as what from pg_trigger where not tgisinternal`),
    'Audit and outbox are written by the same TypeScript transaction:',
  )
  none(
    await found(`select format('%s.%s', conrelid::regclass, conname) as what from pg_constraint where contype = 'x'`),
    'COPY becomes six times slower:',
  )
  none(
    await found(`select format('%s.%s', tablename, rulename) as what from pg_rules where schemaname = 'public'`),
    'Rules rewrite what the store says:',
  )
})

test('ids are bigint, and drawn by identity', async () => {
  const wrong = await found(
    `select format('%s.%s %s', t.name, a.attname, format_type(a.atttypid, a.atttypmod)) as what from (${TABLES}) t
       join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
      where (a.attname = 'id' or a.attname like '%\\_id') and a.atttypid <> 'bigint'::regtype and format('%s.%s', t.name, a.attname) <> 'audit.request_id'
      order by 1`,
  )
  none(wrong, 'Ids:')
  const drawn = await found(
    `select name as what from (${TABLES}) t join pg_attribute a on a.attrelid = t.oid and a.attname = 'id' and a.attidentity = ''`,
  )
  none(drawn, 'Ids come from create table, not from the program:')
})

test('names of constraints are given, not invented: refusals are read from them', async () => {
  const wrong = await found(
    `select format('%s.%s', conrelid::regclass, conname) as what from pg_constraint k join pg_namespace n on n.oid = k.connamespace and n.nspname = 'public'
      where contype in ('u', 'f', 'c') and conname ~ '_(key|fkey|check)\\d*$' and conname <> all ($1::text[])`,
    [['role_key', 'option_row_key', 'field_key']],
  )
  none(wrong, 'Name the constraint:')
})

test('the fence stands: every tenant table is guarded, the app role has no way around', async () => {
  assert.deepEqual((await bootCheck(db.owner)).problems, [])
  const forced = await found(`select name as what from (${TABLES}) t join pg_class c on c.oid = t.oid where c.relforcerowsecurity`)
  none(forced, 'FORCE breaks online shard moves:')
  const reach = await found(
    `select format('%s may %s %s', r.name, p.privilege, t.name) as what from (${TABLES}) t
       cross join (values ('jiangyu_app'), ('jiangyu_bulk')) r (name) cross join (values ('truncate'), ('trigger'), ('references')) p (privilege)
      where has_table_privilege(r.name, t.oid, p.privilege)`,
  )
  none(reach, 'Rights that no request needs:')
  none(
    await found(`select nspname as what from pg_namespace where nspname = 'public' and has_schema_privilege('jiangyu_app', oid, 'create')`),
    'The app may not create:',
  )
})

test('the app can neither change the reference nor rewrite the audit trail', async () => {
  const wrong = await found(
    `select format('%s %s', p.privilege, t.name) as what from (values ('division'), ('industry'), ('migration')) t (name) cross join (values ('insert'), ('update'), ('delete')) p (privilege)
      where has_table_privilege('jiangyu_app', t.name, p.privilege)
     union all select format('%s audit', p.privilege) from (values ('update'), ('delete')) p (privilege) where has_table_privilege('jiangyu_app', 'audit', p.privilege)`,
  )
  none(wrong, 'jiangyu_app may:')
})

test('functions: only those named here, none with its owner’s rights, only app_set sets', async () => {
  const rows = await db.owner.query<{ name: string; definer: boolean; body: string }>(
    `select p.proname::text as name, p.prosecdef as definer, p.prosrc as body from pg_proc p join pg_namespace n on n.oid = p.pronamespace and n.nspname = 'public' order by 1`,
  )
  assert.deepEqual(rows.rows.map(r => r.name).sort(), Object.keys(FUNCTIONS).sort())
  none(
    rows.rows.filter(r => r.definer).map(r => r.name),
    'security definer walks around the fence:',
  )
  none(
    rows.rows.filter(r => r.name !== 'app_set' && /\bset\s+(?:local|session)\b|set_config/i.test(r.body)).map(r => r.name),
    'Only app_set sets:',
  )
})

test('policies read settings only inside a sub-select, the cast inside it too', async () => {
  const policies = await db.owner.query<{ what: string; text: string }>(
    `select format('%s on %s', policyname, tablename) as what, coalesce(qual, '') || ' ' || coalesce(with_check, '') as text from pg_policies where schemaname = 'public'`,
  )
  assert.ok(policies.rows.length > 100)
  // Outside a scalar sub-select the setting is read for every row; a cast outside is not leakproof and leaves the index condition.
  const bare = policies.rows.filter(p => {
    const settings = p.text.match(/current_setting\(/g)?.length ?? 0
    const inside = p.text.match(/\(\s*SELECT \(?(?:NULLIF|COALESCE)\(current_setting\(/g)?.length ?? 0
    return settings !== inside || /\sAS [\w"]+\)+::/.test(p.text)
  })
  none(
    bare.map(p => p.what),
    'Slow policies:',
  )
})

/** The SQL as it stands in the repository: migrations and the text of the stores, without comments. */
const texts = [...globSync('src/**/*.{ts,tsx,sql}', { cwd: ROOT })]
  .filter(file => !file.endsWith('.test.ts'))
  .map(file => file.split(path.sep).join('/'))
  .map(file => {
    const comment = file.endsWith('.sql') ? /--.*$/gm : /\/\*[\s\S]*?\*\/|(?:^|\s)\/\/.*$/gm
    return { file, text: readFileSync(path.join(ROOT, file), 'utf8').replace(comment, '') }
  })
const speaking = (pattern: RegExp, where: RegExp = /./): string[] => texts.filter(t => where.test(t.file) && pattern.test(t.text)).map(t => t.file)

test('no MERGE, no set_config, no disabled trigger, no row security off in any SQL text', () => {
  assert.ok(texts.length > 100)
  none(speaking(/\bmerge\s+into\b/i), 'MERGE is refused on a distributed table:')
  none(speaking(/\bset_config\s*\(/i), 'Settings go through app_set:')
  none(
    speaking(/\bset\s+(?:local|session)\s+(?:row_security|role|session_replication_role)\b|disable\s+row\s+level|no\s+force\s+row/i),
    'Nothing lowers the fence:',
  )
})

test('app.placing is switched on in exactly one place', () => {
  const places = speaking(/app\.placing/, /\.tsx?$/)
  assert.deepEqual(places, ['src/server/access/while-placing.ts'])
})

test('only the paths of pools, of cases and of the match of leads look beyond a person’s own sight', () => {
  const places = speaking(/beyondSight/, /\.tsx?$/)
  assert.deepEqual(places.sort(), [
    'src/server/access/beyond-sight.ts',
    ...['handover', 'open', 'read-case', 'registrations', 'rule', 'speak', 'undo'].map(f => `src/server/engagement/${f}.ts`),
    'src/server/intake/match-accounts.ts',
    ...['acts', 'caps', 'claim', 'events', 'placing', 'read-entries'].map(f => `src/server/pool/${f}.ts`),
  ])
  assert.deepEqual(
    speaking(/app_set\('app\.tokens'/, /\.tsx?$/).sort(),
    ['src/server/access/beyond-sight.ts', 'src/server/kernel/transaction.ts', 'src/server/pool/who.ts'],
    'tokens are set where somebody signs in, and for the pool’s own entries',
  )
})

test('migrations add one column per ALTER, grant through app_guard, and give no TRUNCATE', () => {
  none(speaking(/alter\s+table[^;]*add\s+column[^;]*,\s*add\s+/i, /\.sql$/), 'One column per ALTER:')
  none(speaking(/grant\s[^;]*\b(?:truncate|all)\b[^;]*\bon\s+(?:table|all\s+tables|\w+)\s[^;]*to/i, /\.sql$/), 'Grant what is needed:')
  none(
    // Where app_guard itself is written: first, and with kinds more for what a pool opens step by step, for leads and for cases.
    speaking(/create\s+policy/i, /\.sql$/).filter(
      f => !['0001-kernel', '0027-pool', '0030-leads'].some(name => f === `src/server/migrations/${name}.sql`),
    ),
    'Policies are written by app_guard:',
  )
})
