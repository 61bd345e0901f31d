/**
 * The two roles behind the server: jiangyu_app (requests; fenced) and jiangyu_bulk (imports, runs; outside the fence, tenant in every
 * statement). Their passwords are derived from the owner's, so nothing is stored; JIANGYU_APP_URL and JIANGYU_BULK_URL override.
 */
import { createHmac } from 'node:crypto'
import pg from 'pg'

export type Database = { readonly app: pg.Pool; readonly bulk: pg.Pool; readonly owner: pg.Pool; readonly ownerUrl: string; close(): Promise<void> }

const ROLES = ['jiangyu_app', 'jiangyu_bulk'] as const
type RoleName = (typeof ROLES)[number]

const passwordOf = (ownerUrl: string, role: RoleName): string =>
  createHmac('sha256', decodeURIComponent(new URL(ownerUrl).password))
    .update(role)
    .digest('hex')

export function roleUrl(ownerUrl: string, role: RoleName): string {
  const given = role === 'jiangyu_app' ? process.env.JIANGYU_APP_URL : process.env.JIANGYU_BULK_URL
  if (given) return given
  const url = new URL(ownerUrl)
  url.username = role
  url.password = passwordOf(ownerUrl, role)
  return url.href
}

/** Makes the roles where they are missing and sets their rights and passwords; several servers may do so at once. */
export async function ensureRoles(owner: pg.ClientBase, ownerUrl: string): Promise<void> {
  await owner.query('select pg_advisory_lock(724001)')
  try {
    for (const role of ROLES) {
      const bypass = role === 'jiangyu_bulk' ? 'bypassrls' : 'nobypassrls'
      const rights = `login nosuperuser nocreatedb nocreaterole noinherit ${bypass} password '${passwordOf(ownerUrl, role)}'`
      const known = await owner.query('select 1 from pg_roles where rolname = $1', [role])
      await owner.query(`${known.rowCount ? 'alter' : 'create'} role ${role} ${rights}`)
    }
  } finally {
    await owner.query('select pg_advisory_unlock(724001)')
  }
}

/** Dates and instants stay text: a Date shifts with the process's time zone. bigint is text anyway. */
const asText = (value: string) => value
const TEXT_TYPES = new Set([1082, 1114, 1184])
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => (TEXT_TYPES.has(oid) ? asText : pg.types.getTypeParser(oid, format as 'text')),
} as pg.CustomTypesConfig

export function openDatabase(ownerUrl: string, connections = 10): Database {
  const pool = (connectionString: string, max: number) => {
    const made = new pg.Pool({ connectionString, max, types, options: '-c timezone=UTC -c datestyle=ISO' })
    // A server that goes away breaks idle connections; the pool replaces them at the next query.
    made.on('error', () => undefined)
    // A connection that is cut in the instant it is handed out belongs to nobody yet: unheard, its event would end the process.
    made.on('connect', client => void client.on('error', () => undefined))
    return made
  }
  const app = pool(roleUrl(ownerUrl, 'jiangyu_app'), connections)
  const bulk = pool(roleUrl(ownerUrl, 'jiangyu_bulk'), 4)
  const owner = pool(ownerUrl, 2)
  return {
    app,
    bulk,
    owner,
    ownerUrl,
    close: async () => {
      await Promise.all([app.end(), bulk.end(), owner.end()])
    },
  }
}
