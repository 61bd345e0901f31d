/** A fresh, migrated database for a test, copied from a template in about 100 ms. Real PostgreSQL, never a mock. */
import pg from 'pg'
import { type Database, openDatabase } from '../../src/server/kernel/databases.ts'

const SERVER = process.env.JIANGYU_TEST_SERVER
export const TEMPLATE = 'jiangyu_template'

export const withName = (url: string, name: string): string => {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}

let count = 0

export async function createTestDatabase(): Promise<Database & { drop(): Promise<void> }> {
  if (!SERVER) throw new Error('Run tests with `npm test`: it starts PostgreSQL and sets JIANGYU_TEST_SERVER.')
  count += 1
  const name = `jiangyu_test_${process.pid}_${count}`
  const admin = new pg.Client({ connectionString: SERVER })
  await admin.connect()
  try {
    // Copying a template needs it to be idle: several test files may ask at once.
    await admin.query('select pg_advisory_lock(724003)')
    await admin.query(`create database ${name} template ${TEMPLATE}`)
    await admin.query('select pg_advisory_unlock(724003)')
  } finally {
    await admin.end()
  }
  const database = openDatabase(withName(SERVER, name))
  return {
    ...database,
    drop: async () => {
      await database.close()
      const last = new pg.Client({ connectionString: SERVER })
      await last.connect()
      await last.query(`drop database if exists ${name} with (force)`)
      await last.end()
    },
  }
}
