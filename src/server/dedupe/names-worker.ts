/** A thread with every name of a company in memory: answers which customers a typed name may mean, and follows what changes. */
import { parentPort, workerData } from 'node:worker_threads'
import pg from 'pg'
import { makeAliases } from '../../core/dedupe/alias.ts'
import { makeNameIndex, type NameIndex } from '../../core/dedupe/name-index.ts'
import { nameReader } from './name-reader.ts'

export type NamesAsked = {
  readonly call: number
  readonly tenantId: string
  readonly names: readonly string[]
  readonly limit: number
  readonly least: number
}
export type NamesFound = { readonly call: number; readonly hits: readonly FoundName[]; readonly total: number; readonly failed?: string }
export type FoundName = { readonly accountId: string; readonly name: string; readonly score: number; readonly brandCount: number }

/** Companies kept in memory; the one asked longest ago goes first. */
const MOST_COMPANIES = 20
/** A transaction that was open while another committed may write an earlier instant: read again so far back. */
const OVERLAP_SECONDS = 30

type Held = {
  index: NameIndex
  ids: string[]
  names: string[]
  /** The row that holds an account's present name; others of it are of before. */
  rowOf: Map<string, number>
  upTo: string
  aliases: string
}
const { url } = workerData as { url: string }
const pool = new pg.Pool({
  connectionString: url,
  max: 1,
  options: '-c timezone=UTC -c datestyle=ISO',
  types: { getTypeParser: () => (text: string) => text } as never,
})
pool.on('error', () => undefined)
const companies = new Map<string, Held>()

async function load(tenantId: string, aliasText: string): Promise<Held> {
  const upTo = (
    await pool.query<{ at: string }>(`select to_char(clock_timestamp() - interval '${OVERLAP_SECONDS} seconds', 'YYYY-MM-DD HH24:MI:SS.US') as at`)
  ).rows[0]!.at
  const ids: string[] = []
  const names: string[] = []
  for (let after = '0'; ; ) {
    const page = await pool.query<{ id: string; name: string }>(
      'select id, name from account where tenant_id = $1 and id > $2 and deleted_at is null and merged_into is null order by id limit 50000',
      [tenantId, after],
    )
    for (const row of page.rows) {
      ids.push(row.id)
      names.push(row.name)
    }
    if (page.rows.length < 50_000) break
    after = page.rows.at(-1)!.id
  }
  const aliases = makeAliases(JSON.parse(aliasText) as string[][])
  return { index: makeNameIndex(names, nameReader(), aliases), ids, names, rowOf: new Map(ids.map((id, row) => [id, row])), upTo, aliases: aliasText }
}

async function follow(tenantId: string): Promise<Held> {
  const aliases = (
    await pool.query<{ all: string }>(`select coalesce(json_agg(names order by id), '[]')::text as all from duplicate_alias where tenant_id = $1`, [
      tenantId,
    ])
  ).rows[0]!.all
  let held = companies.get(tenantId)
  if (held === undefined || held.aliases !== aliases) held = await load(tenantId, aliases)
  companies.delete(tenantId)
  companies.set(tenantId, held)
  for (const oldest of companies.keys()) {
    if (companies.size <= MOST_COMPANIES) break
    companies.delete(oldest)
  }
  const changed = await pool.query<{ id: string; name: string; gone: string; at: string }>(
    `select id, name, (deleted_at is not null or merged_into is not null)::text as gone, to_char(updated_at, 'YYYY-MM-DD HH24:MI:SS.US') as at
       from account where tenant_id = $1 and updated_at > $2::timestamptz order by updated_at`,
    [tenantId, held.upTo],
  )
  for (const { id, name, gone } of changed.rows) {
    const row = held.rowOf.get(id)
    if (gone === 'true') held.rowOf.delete(id)
    else if (row === undefined || held.names[row] !== name) {
      const added = held.index.add(name)
      held.ids[added] = id
      held.names[added] = name
      held.rowOf.set(id, added)
    }
  }
  const last = changed.rows.at(-1)?.at
  if (last !== undefined) held.upTo = new Date(Date.parse(`${last.replace(' ', 'T')}Z`) - OVERLAP_SECONDS * 1000).toISOString()
  return held
}

async function find({ tenantId, names, limit, least }: NamesAsked): Promise<Pick<NamesFound, 'hits' | 'total'>> {
  const held = await follow(tenantId)
  const best = new Map<string, FoundName>()
  for (const name of names)
    for (const { row, score } of held.index.find(name, limit * 2, least)) {
      const accountId = held.ids[row]!
      if (held.rowOf.get(accountId) !== row) continue
      if ((best.get(accountId)?.score ?? 0) < score)
        best.set(accountId, { accountId, name: held.names[row]!, score, brandCount: held.index.countBrand(held.names[row]!) })
    }
  return {
    hits: [...best.values()].sort((a, b) => b.score - a.score || Number(a.accountId) - Number(b.accountId)).slice(0, limit),
    total: held.rowOf.size,
  }
}

// One after the other: a company is loaded once, however many ask at the same moment.
let line: Promise<unknown> = Promise.resolve()
parentPort!.on('message', (asked: NamesAsked) => {
  line = line.then(async () => {
    try {
      parentPort!.postMessage({ call: asked.call, ...(await find(asked)) } satisfies NamesFound)
    } catch (error) {
      parentPort!.postMessage({ call: asked.call, hits: [], total: 0, failed: String((error as Error).message) } satisfies NamesFound)
    }
  })
})
