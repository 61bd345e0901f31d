/** The small demo company behind the real server, asked over HTTP without a socket: what every test of territories stands on. */
import assert from 'node:assert/strict'
import { placeDue } from '../../src/server/assignment/run-model.ts'
import { runNextJob } from '../../src/server/kernel/jobs.ts'
import { makeCompany } from '../support/company.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of many endpoints; each test checks what it reads
export type Json = any
export type Answer = { readonly status: number; readonly body: Json }
export type Company = Awaited<ReturnType<typeof openCompany>>

export async function openCompany(settings: { accounts?: number; people?: number; seed?: number } = {}) {
  const { db, app, send, one, close } = await makeCompany({ people: 44, ...settings })
  type Sent = { readonly body?: unknown; readonly ifMatch?: number; readonly as?: string; readonly locale?: string }
  const ask = async (method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', url: string, sent: Sent = {}): Promise<Answer> => {
    const version: Record<string, string> = sent.ifMatch === undefined ? {} : { 'if-match': String(sent.ifMatch) }
    const reply = await send(sent.as ?? 'ops', method, url, sent.body, { 'accept-language': sent.locale ?? 'zh-CN', ...version })
    return { status: reply.status, body: reply.body ?? {} }
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
    /** Lets other planners into a draft of operations. */
    share: async (modelId: string): Promise<void> => {
      const { changeSetId } = (await ok('GET', '/api/models')).rows.find((m: { id: string }) => m.id === modelId)
      const { rowVersion } = await ok('GET', `/api/change-sets/${changeSetId}`)
      await ok('PATCH', `/api/change-sets/${changeSetId}`, { ifMatch: rowVersion, body: { shared: true } })
    },
    territories: async (modelId: string, as = 'ops'): Promise<Json[]> =>
      (await ok('GET', `/api/models/${modelId}/territories?limit=5000`, { as })).rows,
    run: async (modelId: string): Promise<void> => {
      await ok('POST', `/api/models/${modelId}/run`)
      await jobs()
    },
    one,
    close,
  }
}
