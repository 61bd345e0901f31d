/** A company in which change sets are made and walked through by API, for tests of their life and of their limits. */
import assert from 'node:assert/strict'
import { runNextJob } from '../../src/server/kernel/jobs.ts'
import { makeCompany } from './company.ts'

export async function openChangeSets(seed: number) {
  const company = await makeCompany({ accounts: 600, people: 90, seed })
  const ok = async (
    login: string,
    method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => {
    const answer = await company.send(login, method, url, body, headers)
    assert.ok(answer.status < 300, `${method} ${url}: ${answer.status} ${answer.text.slice(0, 400)}`)
    return answer.body
  }
  const work = async () => {
    while (await runNextJob(company.db.bulk));
    const failed = await company.rows(`select kind, note from job_run where state = 'failed'`)
    assert.deepEqual(failed, [])
  }

  /** A draft in which the territories with most customers keep their large ones only. */
  async function makeSet(title: string, skip = 0): Promise<{ id: string; modelId: string; territoryIds: string[] }> {
    const { id: modelId } = await ok('ops', 'POST', '/api/models', { name: title })
    const rows = (await ok('ops', 'GET', `/api/models/${modelId}/territories?limit=5000`)).rows as {
      id: string
      accounts: number
      hasRule: boolean
      rowVersion: number
      children: number
    }[]
    const chosen = rows
      .filter(t => t.hasRule && t.children === 0)
      .sort((a, b) => b.accounts - a.accounts)
      .slice(skip, skip + 3)
    for (const t of chosen) {
      const { own } = await ok('ops', 'GET', `/api/models/${modelId}/territories/${t.id}`)
      const condition = { all: [own, { field: 'tier', op: 'in', values: ['KA', 'A'] }] }
      await ok('ops', 'PATCH', `/api/models/${modelId}/territories/${t.id}`, { condition }, { 'if-match': String(t.rowVersion) })
    }
    const found = (await ok('ops', 'GET', '/api/change-sets')).rows.find((s: { modelId: string }) => s.modelId === modelId)
    assert.equal(found.state, 'draft')
    return { id: found.id, modelId, territoryIds: chosen.map(t => t.id) }
  }

  const setOf = (login: string, id: string) => ok(login, 'GET', `/api/change-sets/${id}`)
  const seen = async (login: string): Promise<Set<string>> => {
    const ids = new Set<string>()
    for (let cursor = ''; ; ) {
      const page = await ok(login, 'GET', `/api/accounts?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`)
      for (const r of page.rows) ids.add(r.id)
      if (!page.next) return ids
      cursor = page.next
    }
  }
  return { company, ok, work, makeSet, setOf, seen }
}
