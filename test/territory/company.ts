/** The small demo company behind the real server, asked over HTTP without a socket: what every test of territories stands on. */
import assert from 'node:assert/strict'
import { seedDemo } from '../../src/cli/demo/seed-demo.ts'
import { buildApp } from '../../src/server/app.ts'
import { placeDue } from '../../src/server/assignment/run-model.ts'
import { registerJobs } from '../../src/server/compose.ts'
import { DEMO_PASSWORD } from '../../src/server/identity/demo-logins.ts'
import { runNextJob } from '../../src/server/kernel/jobs.ts'
import { seedReference } from '../../src/server/reference/seed-reference.ts'
import { createTestDatabase } from '../support/database.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of many endpoints; each test checks what it reads
export type Json = any
export type Answer = { readonly status: number; readonly body: Json }
export type Company = Awaited<ReturnType<typeof openCompany>>

export async function openCompany(settings: { accounts?: number; people?: number; seed?: number } = {}) {
  const db = await createTestDatabase()
  await seedReference(db.owner)
  registerJobs(db.bulk)
  await seedDemo(db, { accounts: settings.accounts ?? 400, people: settings.people ?? 44, seed: settings.seed ?? 1, say: () => undefined })
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
  const cookieOf = (login: string): Promise<string> => {
    const known = cookies.get(login) ?? signIn(login)
    cookies.set(login, known)
    return known
  }
  type Sent = { readonly body?: unknown; readonly ifMatch?: number; readonly as?: string; readonly locale?: string }
  const ask = async (method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', url: string, sent: Sent = {}): Promise<Answer> => {
    const reply = await app.inject({
      method,
      url,
      headers: {
        cookie: await cookieOf(sent.as ?? 'ops'),
        'x-jiangyu': '1',
        'accept-language': sent.locale ?? 'zh-CN',
        ...(sent.ifMatch === undefined ? {} : { 'if-match': String(sent.ifMatch) }),
      },
      ...(sent.body === undefined ? {} : { payload: sent.body as object }),
    })
    return { status: reply.statusCode, body: reply.body ? reply.json() : {} }
  }
  /** Asks and expects success. */
  const ok = async (...args: Parameters<typeof ask>): Promise<Json> => {
    const answer = await ask(...args)
    assert.equal(answer.status, 200, `${args[0]} ${args[1]}: ${JSON.stringify(answer.body).slice(0, 400)}`)
    return answer.body
  }
  const jobs = async (): Promise<void> => {
    while (await runNextJob(db.bulk));
  }
  const activeModel = async (): Promise<string> => (await ok('GET', '/api/models')).rows.find((m: { active: boolean }) => m.active).id
  return {
    db,
    app,
    ask,
    ok,
    jobs,
    activeModel,
    placeDue: () => placeDue(db.bulk),
    draft: async (name = '草稿'): Promise<string> => (await ok('POST', '/api/models', { body: { name } })).id,
    territories: async (modelId: string, as = 'ops'): Promise<Json[]> =>
      (await ok('GET', `/api/models/${modelId}/territories?limit=5000`, { as })).rows,
    run: async (modelId: string): Promise<void> => {
      await ok('POST', `/api/models/${modelId}/run`)
      await jobs()
    },
    one: async <T extends object>(sql: string, values: unknown[] = []): Promise<T> => (await db.owner.query<T>(sql, values)).rows[0]!,
    close: async () => {
      await app.close()
      await db.drop()
    },
  }
}
