/**
 * One transaction for one actor: the settings that the fence reads are switched on for exactly its length. Settings are written by
 * app_set alone (`set local`), which also reaches the workers of a distributed database.
 */
import type { Pool, PoolClient, QueryConfig } from 'pg'
import type { Actor } from './actor.ts'

export type Tx = PoolClient

/**
 * A statement of the hot paths: parsed and planned once for each connection, not at every call (behind the fence planning costs more than the
 * work of a statement by key). Only for texts that never vary and rows found by key: the plan then is the same for whatever values. A name
 * belongs to one text.
 */
export const prepared = (name: string, text: string, values: readonly unknown[]): QueryConfig => ({ name, text, values: [...values] })

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
  run(pool, `begin; select app_set('app.tenant', '${BigInt(tenantId)}')`, work)

/** Sets who asks: from here on the fence shows what this person may see. Answers the database's instant, so that several servers agree. */
export async function actAs(tx: Tx, actor: Pick<Actor, 'tenantId' | 'userId' | 'modelId' | 'tokens'>): Promise<string> {
  const result = await tx.query<{ now: string }>(
    prepared(
      'act-as',
      `select app_set('app.tenant', $1), app_set('app.user', $2), app_set('app.model', $3), app_set('app.tokens', $4),
         to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as now`,
      [actor.tenantId, actor.userId, actor.modelId, `{${actor.tokens.join(',')}}`],
    ),
  )
  return result.rows[0]!.now
}

/** Global rows only (tenant, login). */
export const outsideTenants = <T>(pool: Pool, work: (tx: Tx) => Promise<T>): Promise<T> => run(pool, 'begin', work)

/** The bulk role: imports, full runs, seeding. Bypasses the fence, so every statement names the tenant; never used by a request's reading. */
export const inBulk = <T>(bulk: Pool, work: (tx: Tx) => Promise<T>): Promise<T> => run(bulk, 'begin', work)
