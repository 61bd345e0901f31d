/**
 * jiangyu restore: only into an empty database, only a whole and unaltered file of the same migrations. The digest is checked before
 * anything is changed; then everything happens in one transaction, tables in the order of their foreign keys.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access } from 'node:fs/promises'
import { pipeline as connect, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import pg from 'pg'
import copyStreams from 'pg-copy-streams'
import { migrate, readMigrations } from '../server/kernel/migrate.ts'
import { type BackupResult, columnList, FORMAT, quoted } from './backup.ts'

type Part = { readonly kind: 'line'; readonly value: Record<string, unknown> } | { readonly kind: 'piece'; readonly bytes: Buffer }

const broken = (why: string): never => {
  throw new Error(`This is not a whole backup (${why}). Nothing was changed.`)
}

/** Reads the framing and checks the digest at the end. */
async function* readParts(file: string): AsyncGenerator<Part> {
  const source = connect(createReadStream(file), createGunzip(), () => undefined)
  try {
    yield* parse(source[Symbol.asyncIterator]())
  } finally {
    source.destroy()
  }
}

async function* parse(iterator: AsyncIterator<Buffer>): AsyncGenerator<Part> {
  const hash = createHash('sha256')
  let buffer: Buffer = Buffer.alloc(0)
  const more = async (): Promise<boolean> => {
    const next = await iterator.next().catch(() => broken('it is cut or altered'))
    if (next.done) return false
    buffer = buffer.length === 0 ? next.value : Buffer.concat([buffer, next.value])
    return true
  }
  const take = async (n: number): Promise<Buffer> => {
    while (buffer.length < n) if (!(await more())) broken('it is cut')
    const bytes = buffer.subarray(0, n)
    buffer = buffer.subarray(n)
    return bytes
  }
  const takeLine = async (): Promise<Buffer> => {
    for (let from = 0; ; ) {
      const at = buffer.indexOf(10, from)
      if (at >= 0) return take(at + 1)
      from = buffer.length
      if (from > 10_000_000 || !(await more())) broken('it is cut')
    }
  }
  const read = (line: Buffer): Record<string, unknown> => {
    try {
      return JSON.parse(line.toString()) as Record<string, unknown>
    } catch {
      return broken('it is altered')
    }
  }
  for (;;) {
    const line = await takeLine()
    hash.update(line)
    const value = read(line)
    yield { kind: 'line', value }
    if (value.end === true) break
    if (!('table' in value)) continue
    for (;;) {
      const length = await take(4)
      hash.update(length)
      const n = length.readUInt32BE()
      if (n === 0) break
      if (n > 16 * 1024 * 1024) broken('it is altered')
      const bytes = Buffer.from(await take(n))
      hash.update(bytes)
      yield { kind: 'piece', bytes }
    }
  }
  const digest = (await takeLine()).toString().trim()
  if (digest !== hash.digest('hex')) broken('its digest does not fit')
  if (buffer.length > 0 || (await more())) broken('something follows its end')
}

async function check(file: string): Promise<void> {
  let first = true
  let ended = false
  for await (const part of readParts(file)) {
    if (part.kind !== 'line') continue
    if (first) {
      if (part.value.format !== FORMAT) broken('another format')
      const mine = readMigrations()
      const theirs = part.value.migrations as { name: string; sha256: string }[]
      const same = theirs.length === mine.length && theirs.every((m, i) => m.name === mine[i]!.name && m.sha256 === mine[i]!.sha256)
      if (!same)
        throw new Error(
          `The backup was made by another version (${theirs.at(-1)?.name ?? 'none'}; this one has ${mine.at(-1)!.name}). Restore it with that version, then upgrade.`,
        )
    }
    first = false
    ended = part.value.end === true
  }
  if (!ended) broken('it has no end')
}

/** The whole of a backup into an empty database, or nothing: a restore that fails leaves the database as empty as it was. */
export async function restore(ownerUrl: string, file: string): Promise<BackupResult> {
  await access(file)
  await check(file)
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    const before = await contentOf(client)
    if (before.tables.length > 0) throw new Error('The database is not empty. Restore into a new one (another --data folder or DATABASE_URL).')
    try {
      await migrate(ownerUrl)
      return await fill(client, file)
    } catch (error) {
      await client.query('rollback').catch(() => undefined)
      await removeSince(client, before.functions).catch(() => undefined)
      throw error
    }
  } finally {
    await client.end()
  }
}

type Content = { readonly tables: readonly string[]; readonly functions: readonly string[] }

async function contentOf(client: pg.Client): Promise<Content> {
  const found = await client.query<{ tables: string[]; functions: string[] }>(
    `select array(select c.relname::text from pg_class c where c.relnamespace = n.oid and c.relkind in ('r', 'p') order by 1) as tables,
            array(select p.oid::regprocedure::text from pg_proc p where p.pronamespace = n.oid order by 1) as functions
       from pg_namespace n where n.nspname = 'public'`,
  )
  return found.rows[0] ?? { tables: [], functions: [] }
}

/** Takes away what the migrations made in a database that had no table before. */
async function removeSince(client: pg.Client, functionsBefore: readonly string[]): Promise<void> {
  const now = await contentOf(client)
  await client.query('begin')
  if (now.tables.length > 0) await client.query(`drop table ${now.tables.map(quoted).join(', ')} cascade`)
  for (const made of now.functions.filter(f => !functionsBefore.includes(f))) await client.query(`drop function ${made}`)
  await client.query('commit')
}

async function fill(client: pg.Client, file: string): Promise<BackupResult> {
  await client.query('begin')
  const constraints = await client.query<{ drop: string; add: string }>(
    `select format('alter table %s drop constraint %I', c.conrelid::regclass, c.conname) as drop,
            format('alter table %s add constraint %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) as add
       from pg_constraint c join pg_namespace n on n.oid = c.connamespace and n.nspname = 'public' where c.contype = 'f' order by c.oid`,
  )
  // Foreign keys are taken away and put back in the same transaction: putting back checks every row, whatever the order of loading.
  for (const c of constraints.rows) await client.query(c.drop)
  const { result, end } = await load(client, file)
  if (end.rows !== result.rows || end.tables !== result.tables)
    throw new Error(`${result.rows} of ${end.rows} rows and ${result.tables} of ${end.tables} tables arrived.`)
  for (const c of constraints.rows) await client.query(c.add)
  await setSequences(client, end.sequences ?? {})
  await client.query('commit')
  await client.query('analyze')
  return result
}

type End = BackupResult & { readonly sequences?: Readonly<Record<string, string>> }

async function load(client: pg.Client, file: string): Promise<{ result: BackupResult; end: End }> {
  const result = { tables: 0, rows: 0 }
  let end: End = { tables: -1, rows: -1 }
  const parts = readParts(file)[Symbol.asyncIterator]()
  let next = await parts.next()
  while (!next.done) {
    const part = next.value
    next = await parts.next()
    if (part.kind !== 'line') continue
    if (part.value.end === true) end = part.value as unknown as End
    if (typeof part.value.table !== 'string') continue
    const copy = client.query(copyStreams.from(`copy ${quoted(part.value.table)} (${columnList(part.value.columns as string[])}) from stdin`))
    async function* pieces(): AsyncGenerator<Buffer> {
      while (!next.done && next.value.kind === 'piece') {
        yield next.value.bytes
        next = await parts.next()
      }
    }
    await pipeline(Readable.from(pieces()), copy)
    result.tables += 1
    result.rows += copy.rowCount
  }
  return { result, end }
}

/** New ids begin after those restored and after those given away before the backup. */
async function setSequences(client: pg.Client, given: Readonly<Record<string, string>>): Promise<void> {
  const found = await client.query<{ table: string; column: string; sequence: string; name: string }>(
    `select c.relname::text as table, a.attname::text as column, s.sequence, (select relname::text from pg_class where oid = s.sequence::regclass) as name
       from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
       join pg_attribute a on a.attrelid = c.oid and a.attidentity <> ''
       cross join lateral (select pg_get_serial_sequence(format('%I', c.relname), a.attname) as sequence) s where c.relkind = 'r'`,
  )
  for (const s of found.rows)
    await client.query(
      `select setval($1::regclass, greatest((select coalesce(max(${quoted(s.column)}), 0) from ${quoted(s.table)}), $2::bigint) + 1, false)`,
      [s.sequence, given[s.name] ?? '0'],
    )
}
