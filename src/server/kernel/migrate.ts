/** Numbered SQL files, applied in order, each in its own transaction, once; a file that changed after it was applied is refused. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { ensureRoles } from './databases.ts'

const FOLDER = path.join(import.meta.dirname, '..', 'migrations')

export type Migration = { readonly name: string; readonly sql: string; readonly sha256: string }

export const readMigrations = (): readonly Migration[] =>
  readdirSync(FOLDER)
    .filter(name => /^\d{4}-[a-z0-9-]+\.sql$/.test(name))
    .sort()
    .map(name => {
      const sql = readFileSync(path.join(FOLDER, name), 'utf8')
      return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') }
    })

/** Brings the database of `ownerUrl` up to date and answers the names applied now. */
export async function migrate(ownerUrl: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await ensureRoles(client, ownerUrl)
    await client.query('select pg_advisory_lock(724002)')
    await client.query(
      'create table if not exists migration (name text primary key, sha256 text not null, applied_at timestamptz not null default now())',
    )
    const known = new Map(
      (await client.query<{ name: string; sha256: string }>('select name, sha256 from migration')).rows.map(r => [r.name, r.sha256]),
    )
    const applied: string[] = []
    for (const migration of readMigrations()) {
      const before = known.get(migration.name)
      if (before === migration.sha256) continue
      if (before !== undefined) throw new Error(`Migration ${migration.name} was changed after it had been applied. Add a new file instead.`)
      await client.query('begin')
      try {
        await client.query(migration.sql)
        await client.query('insert into migration (name, sha256) values ($1, $2)', [migration.name, migration.sha256])
        await client.query('commit')
      } catch (error) {
        await client.query('rollback')
        throw new Error(`Migration ${migration.name} failed: ${(error as Error).message}`, { cause: error })
      }
      applied.push(migration.name)
    }
    return applied
  } finally {
    await client.end()
  }
}
