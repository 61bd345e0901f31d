/**
 * One transaction for one actor: the settings that the fence reads are switched on for exactly its length. Settings are written by
 * app_set alone (`set local`), which also reaches the workers of a distributed database.
 */
import type { Pool, PoolClient } from 'pg'
import type { Actor } from './actor.ts'

export type Tx = PoolClient

async function run<T>(pool: Pool, begin: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  const tx = await pool.connect()
  let broken: Error | undefined
  // A connection that is cut between two statements says so by an event; unheard, it would end the whole process.
  const onCut = (error: Error) => {
    broken = error
  }
  tx.on('error', onCut)
  try {
    await tx.query(begin)
    const value = await work(tx)
    await tx.query('commit')
    return value
  } catch (error) {
    try {
      await tx.query('rollback')
    } catch (rollbackError) {
      broken = rollbackError as Error
    }
    throw error
  } finally {
    tx.off('error', onCut)
    tx.release(broken)
  }
}

/** A transaction inside one tenant before the person is known (signing in): only tenant-guarded rows are visible. */
export const inTenant = <T>(pool: Pool, tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T> =>
  run(pool, 'begin', async tx => {
    await tx.query("select app_set('app.tenant', $1)", [tenantId])
    return work(tx)
  })

/** Sets who asks: from here on the fence shows what this person may see. */
export async function actAs(tx: Tx, actor: Pick<Actor, 'tenantId' | 'userId' | 'modelId' | 'tokens'>): Promise<void> {
  await tx.query("select app_set('app.tenant', $1), app_set('app.user', $2), app_set('app.model', $3), app_set('app.tokens', $4)", [
    actor.tenantId,
    actor.userId,
    actor.modelId,
    `{${actor.tokens.join(',')}}`,
  ])
}

/** Global rows only (tenant, login). */
export const outsideTenants = <T>(pool: Pool, work: (tx: Tx) => Promise<T>): Promise<T> => run(pool, 'begin', work)

/** The bulk role: imports, full runs, seeding. Bypasses the fence, so every statement names the tenant; never used by a request's reading. */
export const inBulk = <T>(bulk: Pool, work: (tx: Tx) => Promise<T>): Promise<T> => run(bulk, 'begin', work)
