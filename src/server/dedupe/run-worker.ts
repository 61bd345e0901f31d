/**
 * A check of the whole base in a thread of its own: pass one reads every customer and keeps hashes of its keys, pass two reads those that share
 * one, so that a million customers need no more memory than the few that look alike. Pairs called different stay so; open pairs that are
 * no longer alike go.
 */
import { parentPort, workerData } from 'node:worker_threads'
import pg from 'pg'
import { cluster, pairKey, type ScoredPair } from '../../core/dedupe/cluster.ts'
import { startCounting } from '../../core/dedupe/frequencies.ts'
import { gatherPairs, keysOf } from '../../core/dedupe/keys.ts'
import type { DedupeRecord } from '../../core/dedupe/record.ts'
import { scorePair } from '../../core/dedupe/score.ts'
import { soundOf } from './name-reader.ts'
import { loadAliases, loadRecords, RECORDS, recordOf } from './records.ts'

export type RunMessage =
  | { readonly done: number; readonly total: number }
  | { readonly pairs: number; readonly merge: number }
  | { readonly failed: string }
const { url, tenantId } = workerData as { url: string; tenantId: string }
const PAGE = 10_000
/** Pairs told beyond this are not written: who has so many has imported one list twice, and begins with the surest. */
const MOST_PAIRS = 500_000
const tell = (message: RunMessage) => parentPort!.postMessage(message)

async function run(client: pg.Client): Promise<void> {
  const aliases = await loadAliases(client as never, tenantId)
  const total = Number(
    (
      await client.query<{ n: string }>('select count(*) as n from account where tenant_id = $1 and deleted_at is null and merged_into is null', [
        tenantId,
      ])
    ).rows[0]!.n,
  )
  const gathering = gatherPairs(keysOf)
  const counting = startCounting()
  const ids: string[] = []
  for (let after = '0'; ; ) {
    const page = await client.query(`${RECORDS('a.id > $2')} order by a.id limit ${PAGE}`, [tenantId, after])
    for (const row of page.rows) {
      const record = recordOf(row, aliases)
      gathering.add(record)
      counting.add(record)
      ids.push(record.id)
    }
    tell({ done: ids.length, total: total * 2 })
    if (page.rows.length < PAGE) break
    after = page.rows.at(-1)!.id
  }
  const seen = counting.done()
  const pairs = [...gathering.pairs()]
  const wanted = [...new Set(pairs.flat())]
  const records = new Map<number, DedupeRecord>()
  const placeOf = new Map(ids.map((id, i) => [id, i]))
  for (let i = 0; i < wanted.length; i += PAGE) {
    const page = wanted.slice(i, i + PAGE).map(place => ids[place]!)
    for (const record of await loadRecords(client as never, tenantId, page, aliases)) records.set(placeOf.get(record.id)!, record)
    tell({ done: total + Math.round((total * i) / Math.max(1, wanted.length)), total: total * 2 })
  }
  // Places among those that share a key at all.
  const kept = [...records.keys()].sort((a, b) => a - b)
  const short = new Map(kept.map((place, i) => [place, i]))
  const list = kept.map(place => records.get(place)!)
  const different = new Set(
    (
      await client.query<{ a: string; b: string }>(
        `select account_a as a, account_b as b from duplicate_pair where tenant_id = $1 and state = 'different'`,
        [tenantId],
      )
    ).rows.map(r => pairKey(r.a, r.b)),
  )
  const scored: ScoredPair[] = pairs.flatMap(([x, y]) => {
    const [i, j] = [short.get(x), short.get(y)]
    if (i === undefined || j === undefined) return []
    const pair = scorePair(list[i]!, list[j]!, seen, soundOf)
    return pair.decision === 'no' || different.has(pairKey(list[i]!.id, list[j]!.id)) ? [] : [{ i, j, pair }]
  })
  const { groups } = cluster(list, scored, seen, soundOf, different)
  const groupOf = new Map(groups.flatMap((group, g) => group.map(i => [i, g] as const)))
  const found = scored
    .map(({ i, j, pair }) => {
      const together = groupOf.has(i) && groupOf.get(i) === groupOf.get(j)
      const [a, b] = BigInt(list[i]!.id) < BigInt(list[j]!.id) ? [list[i]!.id, list[j]!.id] : [list[j]!.id, list[i]!.id]
      return { a, b, score: pair.score, decision: together ? 'merge' : 'review', evidence: JSON.stringify(pair.evidence) }
    })
    .sort((x, y) => y.score - x.score)
    .slice(0, MOST_PAIRS)
  await write(client, found)
  tell({ pairs: found.length, merge: found.filter(f => f.decision === 'merge').length })
}

async function write(
  client: pg.Client,
  found: readonly { a: string; b: string; score: number; decision: string; evidence: string }[],
): Promise<void> {
  await client.query('begin')
  const { at } = (await client.query<{ at: string }>('select clock_timestamp()::text as at')).rows[0]!
  for (let i = 0; i < found.length; i += PAGE) {
    const part = found.slice(i, i + PAGE)
    await client.query(
      `insert into duplicate_pair (tenant_id, account_a, account_b, score, decision, evidence, found_at)
       select $1, f.a, f.b, f.score, f.decision, f.evidence, $7 from unnest($2::bigint[], $3::bigint[], $4::float8[], $5::text[], $6::jsonb[]) as f(a, b, score, decision, evidence)
         join account x on x.tenant_id = $1 and x.id = f.a join account y on y.tenant_id = $1 and y.id = f.b
       on conflict (tenant_id, account_a, account_b) do update set score = excluded.score, decision = excluded.decision, evidence = excluded.evidence, found_at = excluded.found_at
         where duplicate_pair.state = 'open'`,
      [tenantId, part.map(f => f.a), part.map(f => f.b), part.map(f => f.score), part.map(f => f.decision), part.map(f => f.evidence), at],
    )
  }
  await client.query(`delete from duplicate_pair where tenant_id = $1 and state = 'open' and found_at < $2`, [tenantId, at])
  await client.query('commit')
}

const client = new pg.Client({
  connectionString: url,
  options: '-c timezone=UTC -c datestyle=ISO',
  types: {
    getTypeParser: (oid: number, format?: string) => (oid === 20 ? (t: string) => t : pg.types.getTypeParser(oid, format as 'text')),
  } as never,
})
client
  .connect()
  .then(() => run(client))
  .catch((error: Error) => tell({ failed: error.message }))
  .finally(() => client.end().catch(() => undefined))
