/** Names of people known by id only (a team's members): the list of people is read on until all are found. */
import { listUsers } from '../../contract/identity/people.ts'
import { call } from '../app/api.ts'
import type { Person } from './person-select.tsx'

const PAGES = 25

/** In the order of `ids`; one that no list names keeps its number. */
export async function peopleByIds(ids: readonly string[], signal: AbortSignal): Promise<readonly Person[]> {
  const names = new Map<string, string>()
  let cursor: string | undefined
  for (let read = 0; read < PAGES && ids.some(i => !names.has(i)); read++) {
    const page = await call(listUsers, { query: { cursor, limit: 200 }, signal })
    for (const u of page.rows) names.set(u.id, u.name)
    if (page.next === null) break
    cursor = page.next
  }
  return ids.map(id => ({ id, name: names.get(id) ?? `#${id}` }))
}
