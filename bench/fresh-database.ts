/** A database of a bench's own on a server, empty and migrated: what an earlier run left on a server that lives on is dropped first. */
import pg from 'pg'
import { migrate } from '../src/server/kernel/migrate.ts'

export async function freshDatabase(serverUrl: string, name: string): Promise<URL> {
  const admin = new pg.Client({ connectionString: serverUrl })
  await admin.connect()
  try {
    await admin.query(`drop database if exists ${name} with (force)`)
    await admin.query(`create database ${name}`)
  } finally {
    await admin.end()
  }
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  await migrate(url.href)
  return url
}
