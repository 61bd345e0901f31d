/**
 * jiangyu backup: one consistent copy of every table by COPY inside one snapshot, gzipped, with a digest at its end. The embedded binaries
 * carry no pg_dump. Framing: JSON lines for the header and each table, then length-prefixed pieces, 0 ends a table, "end" and SHA-256 close.
 */
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import pg from 'pg'
import copyStreams from 'pg-copy-streams'

export const FORMAT = 'jiangyu-backup-1'
export type BackupResult = { readonly tables: number; readonly rows: number }

async function tablesOf(client: pg.ClientBase): Promise<readonly { name: string; columns: readonly string[] }[]> {
  const found = await client.query<{ name: string; columns: string[] }>(
    `select c.relname::text as name, array_agg(a.attname::text order by a.attnum) as columns from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      where c.relkind = 'r' and c.relname <> 'migration' group by c.relname order by c.relname`,
  )
  return found.rows
}

/** What was applied in this database, which may be older than the program that reads it. */
async function migrationsOf(client: pg.ClientBase): Promise<readonly { name: string; sha256: string }[]> {
  const known = await client.query<{ made: boolean }>(`select to_regclass('public.migration') is not null as made`)
  if (!known.rows[0]!.made) throw new Error('There is nothing to back up: this database was never migrated.')
  return (await client.query<{ name: string; sha256: string }>('select name, sha256 from migration order by name')).rows
}

/** The last number each sequence gave away: a number of something deleted must never come back, audit rows still speak of it. */
async function sequencesOf(client: pg.ClientBase): Promise<Readonly<Record<string, string>>> {
  const found = await client.query<{ name: string; last: string }>(
    `select sequencename::text as name, last_value::text as last from pg_sequences where schemaname = 'public' and last_value is not null order by 1`,
  )
  return Object.fromEntries(found.rows.map(s => [s.name, s.last]))
}

/** COPY may answer a large row in one piece; smaller ones keep the reader's memory small. */
const PIECE = 1024 * 1024

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
export const columnList = (columns: readonly string[]): string => columns.map(quoted).join(', ')

export async function backup(ownerUrl: string, out: string): Promise<BackupResult> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  const hash = createHash('sha256')
  const result = { tables: 0, rows: 0 }
  const partial = `${out}.partial`
  const emit = (piece: Buffer): Buffer => {
    hash.update(piece)
    return piece
  }
  const line = (value: unknown): Buffer => emit(Buffer.from(`${JSON.stringify(value)}\n`))
  async function* pieces(): AsyncGenerator<Buffer> {
    yield line({ format: FORMAT, migrations: await migrationsOf(client) })
    for (const table of await tablesOf(client)) {
      yield line({ table: table.name, columns: table.columns })
      const copy = client.query(copyStreams.to(`copy ${quoted(table.name)} (${columnList(table.columns)}) to stdout`))
      for await (const bytes of copy as AsyncIterable<Buffer>)
        for (let at = 0; at < bytes.length; at += PIECE) {
          const piece = bytes.subarray(at, at + PIECE)
          const length = Buffer.alloc(4)
          length.writeUInt32BE(piece.length)
          yield emit(length)
          yield emit(piece)
        }
      yield emit(Buffer.alloc(4))
      result.tables += 1
      result.rows += copy.rowCount
    }
    yield line({ end: true, ...result, sequences: await sequencesOf(client) })
    yield Buffer.from(`${hash.digest('hex')}\n`)
  }
  try {
    await client.query('begin isolation level repeatable read read only')
    await client.query('set local timezone = UTC')
    await client.query('set local datestyle = ISO')
    await pipeline(Readable.from(pieces()), createGzip(), createWriteStream(partial, { mode: 0o600, flush: true }))
    await client.query('commit')
    await rename(partial, out)
    return result
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  } finally {
    await client.end()
  }
}
