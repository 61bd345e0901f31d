/**
 * A thread with every name of a company in memory, and its phones and mails as hashes: answers which customers a typed name or number may mean,
 * and follows what changes. It only proposes: whether a number is really theirs is read again behind the asker's fence.
 */
import { parentPort, workerData } from 'node:worker_threads'
import pg from 'pg'
import { makeAliases } from '../../core/dedupe/alias.ts'
import { hash53 } from '../../core/dedupe/key-lists.ts'
import { makeNameIndex, type NameIndex } from '../../core/dedupe/name-index.ts'
import { domainKeys, hardKeys } from '../../core/dedupe/record.ts'
import { nameReader } from './name-reader.ts'

export type NamesAsked = {
  readonly call: number
  readonly tenantId: string
  readonly names: readonly string[]
  /** Phones, mails (hardKeys) and domains (domainKeys). */
  readonly keys: readonly string[]
  /** In place of names and keys: many asked at once, each answered for itself in `several`. */
  readonly many?: readonly Pick<NamesAsked, 'names' | 'keys'>[]
  readonly limit: number
  readonly least: number
}
export type NamesFound = {
  readonly call: number
  readonly hits: readonly FoundName[]
  /** Accounts that had one of the keys. */
  readonly keyed: readonly string[]
  readonly several?: readonly Pick<NamesFound, 'hits' | 'keyed'>[]
  readonly total: number
  readonly failed?: string
}
export type FoundName = { readonly accountId: string; readonly name: string; readonly score: number; readonly brandCount: number }

/** Companies kept in memory; the one asked longest ago goes first. */
const MOST_COMPANIES = 20
/** A transaction that was open while another committed may write an earlier instant: read again so far back. */
const OVERLAP_SECONDS = 30
const PAGE = 50_000
/** A number that so many share is an agent's. */
const MOST_SHARING = 20

type Held = {
  index: NameIndex
  ids: string[]
  names: string[]
  /** The row that holds an account's present name; others of it are of before. */
  rowOf: Map<string, number>
  /** Account ids by the hash of a key; what changed since stays, for the reader asks again. */
  keyed: Map<number, number | number[]>
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

type Read = { id: string; name: string; website: string | null; phone: string | null; email: string | null }
const READ = 'a.id, a.name, a.website, pr.phone, pr.email'
const PRIVATE = 'left join account_private pr on pr.tenant_id = $1 and pr.account_id = a.id'

/** From when on changes must be read the next time. */
const horizon = async (): Promise<string> =>
  (await pool.query<{ at: string }>(`select (clock_timestamp() - interval '${OVERLAP_SECONDS} seconds')::text as at`)).rows[0]!.at

async function load(tenantId: string, aliases: string): Promise<Held> {
  const upTo = await horizon()
  const ids: string[] = []
  const names: string[] = []
  const keyed: Held['keyed'] = new Map()
  for (let after = '0'; ; ) {
    const page = await pool.query<Read>(
      `select ${READ} from account a ${PRIVATE} where a.tenant_id = $1 and a.id > $2 and a.deleted_at is null and a.merged_into is null order by a.id limit ${PAGE}`,
      [tenantId, after],
    )
    for (const row of page.rows) {
      ids.push(row.id)
      names.push(row.name)
      keep(keyed, row)
    }
    if (page.rows.length < PAGE) break
    after = page.rows.at(-1)!.id
  }
  const index = makeNameIndex(names, nameReader(), makeAliases(JSON.parse(aliases) as string[][]))
  return { index, ids, names, rowOf: new Map(ids.map((id, row) => [id, row])), keyed, upTo, aliases }
}

function keep(keyed: Held['keyed'], { id, phone, email, website }: Read): void {
  for (const key of [...hardKeys([phone], [email]), ...domainKeys([email], website)]) {
    const hash = hash53(key)
    const known = keyed.get(hash)
    const account = Number(id)
    if (known === undefined) keyed.set(hash, account)
    else if (typeof known === 'number') {
      if (known !== account) keyed.set(hash, [known, account])
    } else if (known.length < MOST_SHARING && !known.includes(account)) known.push(account)
  }
}

async function follow(tenantId: string): Promise<Held> {
  const aliases = (
    await pool.query<{ all: string }>(`select coalesce(json_agg(names order by id), '[]')::text as all from duplicate_alias where tenant_id = $1`, [
      tenantId,
    ])
  ).rows[0]!.all
  let held = companies.get(tenantId)
  if (held === undefined || held.aliases !== aliases || !(await catchUp(tenantId, held))) held = await load(tenantId, aliases)
  companies.delete(tenantId)
  companies.set(tenantId, held)
  for (const oldest of companies.keys()) {
    if (companies.size <= MOST_COMPANIES) break
    companies.delete(oldest)
  }
  return held
}

/** Takes in what changed since; false when so much did that reading all anew is shorter. */
async function catchUp(tenantId: string, held: Held): Promise<boolean> {
  const next = await horizon()
  const changed = await pool.query<Read & { gone: string }>(
    `select ${READ}, (a.deleted_at is not null or a.merged_into is not null)::text as gone from account a ${PRIVATE}
      where a.tenant_id = $1 and a.updated_at > $2::timestamptz order by a.updated_at limit ${PAGE}`,
    [tenantId, held.upTo],
  )
  if (changed.rows.length === PAGE) return false
  for (const row of changed.rows) {
    const at = held.rowOf.get(row.id)
    if (row.gone === 'true') held.rowOf.delete(row.id)
    else if (at === undefined || held.names[at] !== row.name) {
      const added = held.index.add(row.name)
      held.ids[added] = row.id
      held.names[added] = row.name
      held.rowOf.set(row.id, added)
    }
    keep(held.keyed, row)
  }
  held.upTo = next
  return true
}

async function find(asked: NamesAsked): Promise<Omit<NamesFound, 'call'>> {
  const held = await follow(asked.tenantId)
  const one = findOne(held, asked, asked.limit, asked.least)
  return { ...one, total: held.rowOf.size, ...(asked.many ? { several: asked.many.map(m => findOne(held, m, asked.limit, asked.least)) } : {}) }
}

function findOne(held: Held, { names, keys }: Pick<NamesAsked, 'names' | 'keys'>, limit: number, least: number): Pick<NamesFound, 'hits' | 'keyed'> {
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
    keyed: [...new Set(keys.flatMap(key => held.keyed.get(hash53(key)) ?? []))].slice(0, limit * 2).map(String),
  }
}

// One after the other: a company is loaded once, however many ask at the same moment.
let line: Promise<unknown> = Promise.resolve()
parentPort!.on('message', (asked: NamesAsked) => {
  line = line.then(async () => {
    try {
      parentPort!.postMessage({ call: asked.call, ...(await find(asked)) } satisfies NamesFound)
    } catch (error) {
      parentPort!.postMessage({ call: asked.call, hits: [], keyed: [], total: 0, failed: String((error as Error).message) } satisfies NamesFound)
    }
  })
})
