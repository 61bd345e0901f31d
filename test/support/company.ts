/** A small demo company behind the real HTTP server, for tests that speak to it as a person would: sign in, send, look at the answer. */
import { seedDemo } from '../../src/cli/demo/seed-demo.ts'
import { buildApp } from '../../src/server/app.ts'
import { registerJobs } from '../../src/server/compose.ts'
import { DEMO_PASSWORD } from '../../src/server/identity/demo-logins.ts'
import { openSession } from '../../src/server/identity/session.ts'
import { inTenant } from '../../src/server/kernel/transaction.ts'
import { seedReference } from '../../src/server/reference/seed-reference.ts'
import { createTestDatabase } from './database.ts'

export type Login = 'ops' | 'manager' | 'rep' | 'hq' | 'admin' | (string & {})
// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever came back and compares it
type Anything = any
export type Answer = {
  readonly status: number
  readonly body: Anything
  readonly text: string
  readonly headers: Record<string, unknown>
  readonly bytes: Buffer
}

export async function makeCompany(size: { accounts?: number; people?: number; seed?: number } = {}) {
  const db = await createTestDatabase()
  await seedReference(db.owner)
  registerJobs(db.bulk)
  await seedDemo(db, { accounts: size.accounts ?? 400, people: size.people ?? 90, seed: size.seed ?? 1, say: () => undefined })
  const { app } = await buildApp(db, { webRoot: null, geoRoot: null, https: false, trustProxy: false, requestsPerMinute: 1_000_000, log: false })
  const cookies = new Map<string, Promise<string>>()
  const signIn = async (login: string): Promise<string> => {
    const reply = await app.inject({
      method: 'POST',
      url: '/api/session',
      headers: { 'x-jiangyu': '1' },
      payload: { login, password: DEMO_PASSWORD },
    })
    return String(reply.headers['set-cookie']).split(';')[0]!
  }
  async function send(
    login: Login,
    method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
    url: string,
    payload?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const known = cookies.get(login) ?? signIn(login)
    cookies.set(login, known)
    const reply = await app.inject({
      method,
      url,
      headers: { cookie: await known, 'x-jiangyu': '1', 'accept-language': 'en', ...headers },
      ...(payload === undefined ? {} : { payload: payload as object }),
    })
    const json = String(reply.headers['content-type'] ?? '').includes('json')
    return { status: reply.statusCode, body: json ? reply.json() : null, text: reply.body, headers: reply.headers, bytes: reply.rawPayload }
  }
  const rows = async <T extends object = Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<T[]> =>
    (await db.owner.query(sql, values)).rows as T[]
  const one = async <T extends object = Record<string, Anything>>(sql: string, values: unknown[] = []): Promise<T> => (await rows<T>(sql, values))[0]!
  return {
    db,
    app,
    send,
    /** Another session of a person, who then is sent as under this name: signing in by password is held back after some times. */
    openAs: async (name: string, userId: string): Promise<void> => {
      const secret = await inTenant(db.app, '1', tx => openSession(tx, '1', userId, null))
      cookies.set(name, Promise.resolve(`jiangyu=${secret}`))
    },
    rows,
    one,
    idOf: async (login: string): Promise<string> => (await one<{ id: string }>('select id::text from app_user where login = $1', [login])).id,
    /** Changes what a role hides or allows; signed-in people feel it at their next request. */
    setFieldAccess: (role: string, access: Record<string, 'hidden' | 'read' | 'edit'>) =>
      db.owner.query('update role set field_access = $2 where key = $1', [role, JSON.stringify(access)]),
    /** Everybody's accounts of one owner, oldest first. */
    accountsOf: async (login: string): Promise<string[]> =>
      (
        await rows<{ id: string }>(
          `select p.account_id::text as id from account_placement p join app_user u on u.id = p.owner_id where u.login = $1 and p.model_id = (select model_id from activation order by seq desc limit 1) order by p.account_id`,
          [login],
        )
      ).map(r => r.id),
    close: async () => {
      await app.close()
      await db.drop()
    },
  }
}
export type Company = Awaited<ReturnType<typeof makeCompany>>
