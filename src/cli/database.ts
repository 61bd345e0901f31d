/** The database a command works on: DATABASE_URL, else the embedded one, started for the command when no server runs it. */
import path from 'node:path'
import process from 'node:process'
import { registerJobs } from '../server/compose.ts'
import { actorOfUser } from '../server/identity/load-actor.ts'
import { normaliseLogin } from '../server/identity/session.ts'
import type { Actor } from '../server/kernel/actor.ts'
import { type Database, openDatabase } from '../server/kernel/databases.ts'
import { startEmbedded } from '../server/kernel/embedded.ts'
import { runNextJob } from '../server/kernel/jobs.ts'
import { migrate } from '../server/kernel/migrate.ts'
import { actAs, inTenant, type Tx } from '../server/kernel/transaction.ts'
import { seedReference } from '../server/reference/seed-reference.ts'
import type { Options } from './options.ts'

export const dataFolder = (options: Pick<Options, 'data'>): string =>
  path.resolve(options.data ?? process.env.JIANGYU_DATA ?? path.join(import.meta.dirname, '..', '..', '.jiangyu'))

export type Opened = {
  readonly db: Database
  readonly applied: readonly string[]
  readonly embedded: boolean /** Another Jiangyu runs on the same folder and owns the database. */
  readonly shared: boolean
  close(): Promise<void>
}

/** The owner's URL without migrating: for backup and restore. */
export async function ownerUrl(options: Pick<Options, 'data'>): Promise<{ url: string; shared: boolean; stop(): Promise<void> }> {
  const given = process.env.DATABASE_URL
  if (given) return { url: given, shared: false, stop: async () => undefined }
  const server = await startEmbedded({ dataDir: path.join(dataFolder(options), 'db') })
  return { url: server.ownerUrl, shared: server.reused, stop: async () => (server.reused ? undefined : server.stop()) }
}

export async function open(options: Pick<Options, 'data'>): Promise<Opened> {
  const { url, shared, stop } = await ownerUrl(options)
  const applied = await migrate(url)
  const db = openDatabase(url)
  await seedReference(db.owner)
  registerJobs(db.bulk)
  return {
    db,
    applied,
    embedded: !process.env.DATABASE_URL,
    shared,
    close: async () => {
      await db.close()
      await stop()
    },
  }
}

/** Runs `work` as a named person, through the same functions and the same fence as a request. */
export async function asUser<T>(db: Database, login: string | undefined, work: (tx: Tx, actor: Actor, now: string) => Promise<T>): Promise<T> {
  if (!login) throw new Error('Say who you are: --as LOGIN')
  const found = await db.app.query<{ tenant_id: string; user_id: string }>('select tenant_id::text, user_id::text from login where name = $1', [
    normaliseLogin(login),
  ])
  const row = found.rows[0]
  if (!row) throw new Error(`There is no person with the login "${login}".`)
  return inTenant(db.app, row.tenant_id, async tx => {
    const actor = await actorOfUser(tx, row.tenant_id, row.user_id)
    if (!actor) throw new Error(`"${login}" is not active.`)
    await actAs(tx, actor)
    const instant = await tx.query<{ now: string }>(
      'select to_char(clock_timestamp() at time zone \'UTC\', \'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\') as now',
    )
    return work(tx, actor, instant.rows[0]!.now)
  })
}

/** Waits for a job; runs it here when no server does. */
export async function finishJobs(db: Database, tick: (kind: string, done: number, total: number | null) => void): Promise<void> {
  for (;;) {
    if (await runNextJob(db.bulk)) continue
    const left = await db.bulk.query<{ kind: string; done: number; total: number | null }>(
      `select kind, done::float8 as done, total::float8 as total from job_run where state = 'running' or (state = 'waiting' and (not_before is null or not_before <= now())) order by id limit 1`,
    )
    const row = left.rows[0]
    if (!row) return
    tick(row.kind, row.done, row.total)
    await new Promise(resolve => setTimeout(resolve, 300))
  }
}
