/** A backup is worth what its restore gives back: every value of every table, exactly; and a file that is not whole changes nothing. */
import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import test, { after, before } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import pg from 'pg'
import { backup } from '../src/cli/backup.ts'
import { restore } from '../src/cli/restore.ts'
import { seededRandom } from '../src/core/kernel/random.ts'
import { createTestDatabase, withName } from './support/database.ts'

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000)
const dice = seededRandom(seed)
const random = (): number => dice.next()
console.log(`seed ${seed}`)
const pick = <T>(list: readonly T[]): T => dice.pick(list)
const chance = (p: number): boolean => random() < p

let db: Awaited<ReturnType<typeof createTestDatabase>>
let folder: string
let file: string
const empty: string[] = []

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'jiangyu-backup-'))
  file = path.join(folder, 'all.jiangyu')
  db = await createTestDatabase()
})
after(async () => {
  await db.drop()
  await rm(folder, { recursive: true, force: true })
  const admin = new pg.Client({ connectionString: process.env.JIANGYU_TEST_SERVER! })
  await admin.connect()
  for (const name of empty) await admin.query(`drop database if exists ${name} with (force)`)
  await admin.end()
})

async function emptyDatabase(): Promise<string> {
  const server = process.env.JIANGYU_TEST_SERVER!
  const name = `jiangyu_restore_${process.pid}_${empty.length + 1}`
  const admin = new pg.Client({ connectionString: server })
  await admin.connect()
  await admin.query(`create database ${name} template template0`)
  await admin.end()
  empty.push(name)
  return withName(server, name)
}

async function using<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, options: '-c timezone=UTC' })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** What COPY itself must escape, and what text, jsonb, arrays and Unicode make of it. */
const TEXTS = [
  '',
  ' ',
  '\\N',
  '\\.',
  'a\tb\nc\r\nd',
  '引号"与\\反斜杠',
  '𠮷野家 \u{1F469}\u200D\u{1F52C}',
  "O'Neil; drop table x",
  '{"a":1}',
  'NULL',
  '\u0001\u007f\u2028',
  '王'.repeat(5000),
]
const INSTANTS = [
  '2024-02-29T23:59:59.999999Z',
  '0001-01-01T00:00:00Z',
  '9999-12-31T00:00:00.000001Z',
  'infinity',
  '-infinity',
  '1883-11-18T12:00:00+08:05:43',
]
const json = (depth = 0): unknown =>
  depth > 3 || chance(0.3)
    ? pick<unknown>([null, true, 1e21, -0.1, 0.30000000000000004, 'a\\u0041\n"\\', '𠮷', ''])
    : chance(0.5)
      ? Array.from({ length: Math.floor(random() * 4) }, () => json(depth + 1))
      : { [pick(['键', 'a"b', ' ', '\\'])]: json(depth + 1), z: json(depth + 1) }
const bytes = (): Buffer => Buffer.from(Array.from({ length: Math.floor(random() * 400) }, () => Math.floor(random() * 256)))

async function fill(rows: number): Promise<void> {
  await using(db.ownerUrl, async client => {
    await client.query(`insert into tenant (id, name) values (1, $1)`, [pick(TEXTS)])
    await client.query(`insert into department (tenant_id, id, name) select 1, g, 'd' || g from generate_series(1, 50) g`)
    // A parent with a greater id than its child, and a pair that point at each other through the same table.
    await client.query(`update department set parent_id = 51 - id where tenant_id = 1 and id <> 51 - id`)
    for (let id = 1; id <= rows; id += 1) {
      await client.query(
        `insert into account (tenant_id, id, name, short_name, lng, lat, revenue, custom, created_at, updated_at) values (1, $1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          id,
          pick(TEXTS),
          chance(0.3) ? null : pick(TEXTS),
          pick([0.1 + 0.2, 1e-300, -180, null, Number.NaN, 5e-324]),
          pick([Number.POSITIVE_INFINITY, random() * 90]),
          pick(['9223372036854775807', '-1', null]),
          JSON.stringify(json()),
          pick(INSTANTS),
          pick(INSTANTS),
        ],
      )
      await client.query(`insert into account_search (tenant_id, account_id, grams) values (1, $1, $2)`, [
        id,
        chance(0.2) ? [] : [pick(TEXTS), pick(TEXTS), '{,}', 'null'],
      ])
      await client.query(`insert into account_field (tenant_id, field_id, account_id, t, d) values (1, 7, $1, $2, $3)`, [
        id,
        pick(TEXTS),
        pick(['2024-02-29', 'infinity', null]),
      ])
      await client.query(`insert into note (tenant_id, account_id, author_id, text, created_at) values (1, $1, 1, $2, $3)`, [
        id,
        pick(TEXTS),
        pick(INSTANTS),
      ])
    }
    const job = await client.query<{ id: string }>(
      `insert into import_job (tenant_id, object, file_name, created_by, created_at) values (1, 'account', 'x', 1, now()) returning id`,
    )
    for (let position = 0; position < 20; position += 1)
      await client.query(`insert into import_chunk (tenant_id, job_id, position, bytes) values (1, $1, $2, $3)`, [job.rows[0]!.id, position, bytes()])
    // One large value, beyond the size of a piece.
    await client.query(`insert into import_chunk (tenant_id, job_id, position, bytes) values (1, $1, 20, $2)`, [
      job.rows[0]!.id,
      Buffer.alloc(3_000_000, 7),
    ])
    await client.query(`insert into territory_model (tenant_id, id, name, lineage, created_at) values (1, 3, 'm', '{1,2,3}', now())`)
  })
}

/** Every table as the server itself writes it: row by row, as text. */
const contentOf = (url: string): Promise<Record<string, readonly string[]>> =>
  using(url, async client => {
    const tables = await client.query<{ name: string }>(
      `select c.relname::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public' where c.relkind = 'r' and c.relname <> 'migration' order by 1`,
    )
    const content: Record<string, readonly string[]> = {}
    for (const { name } of tables.rows)
      content[name] = (await client.query<{ row: string }>(`select md5(t::text) as row from ${name} t order by 1`)).rows.map(r => r.row)
    return content
  })

test('what is restored is what was there, table by table, row by row', async () => {
  await fill(80)
  const before = await contentOf(db.ownerUrl)
  const made = await backup(db.ownerUrl, file)
  assert.equal(
    made.rows,
    Object.values(before).reduce((n, rows) => n + rows.length, 0),
  )
  assert.equal(made.tables, Object.keys(before).length)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  const url = await emptyDatabase()
  assert.deepEqual(await restore(url, file), made)
  assert.deepEqual(await contentOf(url), before)
})

test('after a restore keys hold, new ids are new, the fence stands', async () => {
  // Drawn and deleted before the backup: the audit trail may still speak of number 5,000.
  await using(db.ownerUrl, c => c.query(`select setval('note_id_seq', 5000)`))
  await backup(db.ownerUrl, file)
  const url = await emptyDatabase()
  await restore(url, file)
  await using(url, async client => {
    const note = await client.query<{ id: string }>(
      `insert into note (tenant_id, account_id, author_id, text, created_at) values (1, 1, 1, 'new', now()) returning id`,
    )
    assert.equal(note.rows[0]!.id, '5001')
    const account = await client.query<{ id: string }>(
      `insert into account (tenant_id, name, created_at, updated_at) values (1, 'new', now(), now()) returning id`,
    )
    assert.equal(account.rows[0]!.id, '81')
    await assert.rejects(
      client.query(`insert into note (tenant_id, account_id, author_id, text, created_at) values (1, 99999, 1, 'x', now())`),
      /note_account/,
    )
    const keys = (on: pg.Client | pg.Pool) =>
      on.query(`select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint where contype = 'f' order by 1, 2`)
    assert.deepEqual((await keys(client)).rows, (await keys(db.owner)).rows)
    const policies = await client.query<{ n: number }>(`select count(*)::int as n from pg_policies where schemaname = 'public'`)
    assert.ok(policies.rows[0]!.n > 100)
  })
})

test('one snapshot: what is written meanwhile is there wholly or not at all', async () => {
  let writing = true
  let written = 0
  await using(db.ownerUrl, c => c.query(`select setval('account_id_seq', (select max(id) from account))`))
  const writer = using(db.ownerUrl, async client => {
    while (writing) {
      await client.query('begin')
      // Tables are copied in the order of their names: account before note, so a later snapshot would bring notes without accounts.
      const made = await client.query<{ id: string }>(
        `insert into account (tenant_id, name, created_at, updated_at) values (1, 'meanwhile', now(), now()) returning id`,
      )
      await client.query(`insert into note (tenant_id, account_id, author_id, text, created_at) values (1, $1, 1, 'meanwhile', now())`, [
        made.rows[0]!.id,
      ])
      await client.query('commit')
      written += 1
    }
  })
  for (const deadline = Date.now() + 10_000; written < 20 && Date.now() < deadline; ) await new Promise(resolve => setTimeout(resolve, 5))
  const from = written
  await backup(db.ownerUrl, file)
  const to = written
  writing = false
  await writer
  assert.ok(to > from, 'nothing was written during the backup')
  const url = await emptyDatabase()
  await restore(url, file)
  const counts = await using(url, client =>
    client.query<{ accounts: number; notes: number }>(
      `select (select count(*)::int from account where name = 'meanwhile') as accounts, (select count(*)::int from note where text = 'meanwhile') as notes`,
    ),
  )
  assert.equal(counts.rows[0]!.accounts, counts.rows[0]!.notes)
  assert.ok(counts.rows[0]!.accounts >= from)
})

test('a cut, altered, lengthened or foreign file is refused, and the database stays empty', async () => {
  const whole = readFileSync(file)
  const plain = gunzipSync(whole)
  const altered = Buffer.from(plain)
  const at = plain.indexOf('meanwhile', plain.length >> 1)
  altered.write('MEANWHILE', at)
  const files: Record<string, Buffer> = {
    'cut at a tenth': whole.subarray(0, whole.length / 10),
    'cut by one byte': whole.subarray(0, whole.length - 9),
    'cut inside and packed again': gzipSync(plain.subarray(0, Math.floor(random() * plain.length))),
    'without its digest': gzipSync(plain.subarray(0, plain.length - 65)),
    'one word altered and packed again': gzipSync(altered),
    'one byte turned': Buffer.from(whole.map((b, i) => (i === whole.length >> 1 ? b ^ 1 : b))),
    'something appended': gzipSync(Buffer.concat([plain, Buffer.from('more')])),
    'not a backup': Buffer.from('hello'),
    empty: Buffer.alloc(0),
  }
  const url = await emptyDatabase()
  for (const [name, content] of Object.entries(files)) {
    const bad = path.join(folder, 'bad.jiangyu')
    writeFileSync(bad, content)
    await assert.rejects(restore(url, bad), /not a whole backup/, name)
    const tables = await using(url, c => c.query(`select 1 from pg_tables where schemaname = 'public'`))
    assert.equal(tables.rowCount, 0, name)
  }
  await assert.rejects(restore(url, path.join(folder, 'nowhere')), /ENOENT/)
})

test('a backup of another version is refused by name', async () => {
  const plain = gunzipSync(readFileSync(file)).toString('latin1').replace('0001-kernel.sql', '0001-kernal.sql')
  const { createHash } = await import('node:crypto')
  const body = Buffer.from(plain.slice(0, -65), 'latin1')
  const other = path.join(folder, 'other.jiangyu')
  writeFileSync(other, gzipSync(Buffer.concat([body, Buffer.from(`${createHash('sha256').update(body).digest('hex')}\n`)])))
  await assert.rejects(restore(await emptyDatabase(), other), /made by another version/)
})

test('a database that holds anything is refused and keeps it', async () => {
  const url = await emptyDatabase()
  await using(url, c => c.query('create table precious (id int); insert into precious values (1)'))
  await assert.rejects(restore(url, file), /not empty/)
  await assert.rejects(restore(db.ownerUrl, file), /not empty/)
  await using(url, async c => assert.equal((await c.query('select * from precious')).rowCount, 1))
})

test('a restore that fails half way leaves the database as empty as it was, so that one can try again', async () => {
  const plain = gunzipSync(readFileSync(file)).toString('latin1')
  // A whole file by its digest whose rows break a foreign key: a note's account is not there.
  const body = Buffer.from(plain.slice(0, -65).replace('"table":"account_search"', '"table":"account_saerch"'), 'latin1')
  const { createHash } = await import('node:crypto')
  const bad = path.join(folder, 'half.jiangyu')
  writeFileSync(bad, gzipSync(Buffer.concat([body, Buffer.from(`${createHash('sha256').update(body).digest('hex')}\n`)])))
  const url = await emptyDatabase()
  await assert.rejects(restore(url, bad), /account_saerch/)
  await restore(url, file)
})
