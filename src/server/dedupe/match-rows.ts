/**
 * Rows of a file against the customers already there and against each other 导入查重: the same evidence and the same sight as the warning while
 * typing. What the importer does not see is told as the company's policy lets a warning tell it. Runs outside the fence (imports do), so
 * every read asks for the importer's tokens itself.
 */
import type { Pool } from 'pg'
import { cluster, type ScoredPair } from '../../core/dedupe/cluster.ts'
import { countValues, type Frequencies } from '../../core/dedupe/frequencies.ts'
import { candidatePairs } from '../../core/dedupe/keys.ts'
import { type DedupeRecord, hardKeys, type RawRecord, readRecord } from '../../core/dedupe/record.ts'
import { scorePair } from '../../core/dedupe/score.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import { clearlyNamed, LEAST, loadHints, typical, withoutHidden } from './check.ts'
import { nameReader, soundOf } from './name-reader.ts'
import { findNames } from './names.ts'
import type { FoundName } from './names-worker.ts'
import { loadAliases, loadRecords } from './records.ts'
import { whereaboutsOf } from './whereabouts.ts'

export type RowAsked = { readonly row: number; readonly raw: RawRecord }
export type RowFound = { readonly row: number } & (
  | {
      readonly kind: 'known'
      readonly accountId: string
      readonly name: string
      readonly score: number
      readonly sure: boolean
      readonly editable: boolean
    }
  /** One customer surely, and another as surely. */
  | { readonly kind: 'several'; readonly count: number }
  | { readonly kind: 'elsewhere'; readonly owner: string | null }
  | { readonly kind: 'twin'; readonly of: number }
)
const WINDOW = 500
/** Gives others their turn: a list is compared in the process that also serves. */
const breathe = () => new Promise<void>(resolve => setImmediate(resolve))

/** At most one answer for a row. `tick` is told how many rows are done. */
export async function matchRows(
  tx: Tx,
  actor: Actor,
  bulk: Pool,
  asked: readonly RowAsked[],
  tick: (done: number) => Promise<void>,
): Promise<readonly RowFound[]> {
  const aliases = await loadAliases(tx, actor.tenantId)
  const records: DedupeRecord[] = []
  for (const [i, { raw }] of asked.entries()) {
    records.push(readRecord(raw, nameReader(), aliases))
    if (i % WINDOW === 0) await breathe()
  }
  const found = new Map<number, RowFound>()
  const base: Base = { total: asked.length, brands: new Map() }
  for (let from = 0; from < asked.length; from += WINDOW) {
    const part = asked.slice(from, from + WINDOW).map((a, i) => ({ ...a, record: records[from + i]! }))
    for (const f of await againstCustomers(tx, actor, bulk, part, aliases, base)) found.set(f.row, f)
    await tick(from + part.length)
  }
  for (const f of await twins(asked, records, base)) if (!found.has(f.row)) found.set(f.row, f)
  return [...found.values()].sort((a, b) => a.row - b.row)
}

/** How many customers there are, and how many bear a brand that the file names. */
type Base = { total: number; readonly brands: Map<string, number> }

/** Rows of the file that are one company: all but the first of them. A file is small: what is common is told by the company's customers. */
async function twins(asked: readonly RowAsked[], records: readonly DedupeRecord[], base: Base): Promise<readonly RowFound[]> {
  const seen = mostOf(countValues(records), typical(base.total, 1), base.brands)
  const scored: ScoredPair[] = []
  for (const [n, [i, j]] of candidatePairs(records).entries()) {
    scored.push({ i, j, pair: scorePair(records[i]!, records[j]!, seen, soundOf) })
    if (n % 5_000 === 0) await breathe()
  }
  return cluster(records, scored, seen, soundOf).groups.flatMap(group => {
    const [first, ...rest] = group.map(i => asked[i]!.row).sort((a, b) => a - b)
    return rest.map(row => ({ row, kind: 'twin' as const, of: first! }))
  })
}

const KEYS = ['business', 'phone', 'domain', 'email', 'contact', 'street', 'division', 'code'] as const
const mostOf = (file: Frequencies, company: Frequencies, brands: ReadonlyMap<string, number>): Frequencies => ({
  ...(Object.fromEntries(KEYS.map(k => [k, (value: string) => Math.max(file[k](value), company[k](value))])) as Pick<
    Frequencies,
    (typeof KEYS)[number]
  >),
  total: Math.max(file.total, company.total),
  brand: value => Math.max(file.brand(value), brands.get(value) ?? 1),
})

type Part = readonly (RowAsked & { readonly record: DedupeRecord })[]
type Access = { readonly id: string; readonly seen: boolean; readonly editable: boolean; readonly private: boolean; readonly name: string }

async function againstCustomers(
  tx: Tx,
  actor: Actor,
  bulk: Pool,
  part: Part,
  aliases: Awaited<ReturnType<typeof loadAliases>>,
  base: Base,
): Promise<readonly RowFound[]> {
  const mayRead = (field: string) => actor.fieldAccess.get(field) !== 'hidden'
  const looked = await Promise.all(
    part.map(({ raw, record }) =>
      findNames(bulk, { tenantId: actor.tenantId, names: raw.names, keys: hardKeys(record.phones, record.emails), limit: 10, least: LEAST }),
    ),
  )
  const stored = await byStored(tx, actor, part)
  const access = await accessTo(tx, actor, [
    ...new Set([...looked.flatMap(l => [...l.hits.map(h => h.accountId), ...l.keyed]), ...[...stored.values()].flat()]),
  ])
  const seen = [...access.values()].filter(a => a.seen)
  const known = new Map(
    (
      await loadRecords(
        tx,
        actor.tenantId,
        seen.map(a => a.id),
        aliases,
      )
    ).map(r => [r.id, withoutHidden(access.get(r.id)!.private ? r : { ...r, codes: [], phones: [], emails: [], domains: [] }, mayRead)]),
  )
  const clear = new Map<number, FoundName>()
  const out: RowFound[] = []
  for (const [i, { row, record }] of part.entries()) {
    const { hits, keyed, total } = looked[i]!
    base.total = Math.max(base.total, total)
    for (const h of hits) {
      const { brand } = nameReader().read(h.name)
      if (record.names.some(n => n.brand === brand)) base.brands.set(brand, h.brandCount)
    }
    const brands = new Map(hits.map(h => [h.accountId, h.brandCount]))
    const ids = new Set([...hits.map(h => h.accountId), ...keyed, ...(stored.get(row) ?? [])])
    const scored = [...ids]
      .flatMap(id => known.get(id) ?? [])
      .map(r => ({ id: r.id, pair: scorePair(record, r, typical(total, brands.get(r.id) ?? 2), soundOf) }))
      .filter(s => s.pair.decision !== 'no')
      .sort((a, b) => b.pair.score - a.pair.score)
    const sure = scored.filter(s => s.pair.decision === 'merge')
    const best = sure[0] ?? scored[0]
    if (sure.length > 1) out.push({ row, kind: 'several', count: sure.length })
    else if (best) {
      const { name, editable } = access.get(best.id)!
      out.push({ row, kind: 'known', accountId: best.id, name, score: best.pair.score, sure: sure.length === 1, editable })
    }
    const other = sure.length > 0 ? undefined : hits.find(h => access.has(h.accountId) && !access.get(h.accountId)!.seen && clearlyNamed(record, h))
    if (other) clear.set(row, other)
  }
  const elsewhere = await tellElsewhere(tx, actor, clear)
  return [...out.filter(f => !elsewhere.has(f.row)), ...elsewhere.values()]
}

/** Credit codes and contacts' phones as they are stored, beside what the thread of names knows. */
async function byStored(tx: Tx, actor: Actor, part: Part): Promise<ReadonlyMap<number, readonly string[]>> {
  const codes = part.flatMap(p => p.record.codes.map(c => ({ row: p.row, value: c.value })))
  const phones = part.flatMap(p => (p.raw.phones ?? []).map(value => ({ row: p.row, value: value.trim() })))
  const found = await tx.query<{ row: string; id: string }>(
    `select c.row::text, pr.account_id::text as id from unnest($2::bigint[], $3::text[]) as c(row, value) join account_private pr on pr.tenant_id = $1 and pr.credit_code = c.value
     union select c.row::text, k.account_id::text from unnest($4::bigint[], $5::text[]) as c(row, value) join contact k on k.tenant_id = $1 and k.phone = c.value and k.deleted_at is null`,
    [actor.tenantId, codes.map(c => c.row), codes.map(c => c.value), phones.map(c => c.row), phones.map(c => c.value)],
  )
  const byRow = new Map<number, string[]>()
  for (const f of found.rows) byRow.set(Number(f.row), [...(byRow.get(Number(f.row)) ?? []), f.id])
  return byRow
}

async function accessTo(tx: Tx, actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, Access>> {
  const tokens = `array[${actor.tokens.map(t => BigInt(t)).join(',')}]::bigint[]`
  const found = await tx.query<Access>(
    `select a.id::text, a.name, p.tokens && ${tokens} as seen, coalesce(p.edit_tokens, p.tokens) && ${tokens} as editable, p.private_tokens && ${tokens} as private
       from account a join account_placement p on p.tenant_id = $1 and p.model_id = $2 and p.account_id = a.id where a.tenant_id = $1 and a.id = any($3::bigint[]) and a.deleted_at is null and a.merged_into is null`,
    [actor.tenantId, actor.modelId, ids],
  )
  return new Map(found.rows.map(r => [r.id, r]))
}

/** Somebody else's, as far as a warning may tell; what a pool hides is not told at all. */
async function tellElsewhere(tx: Tx, actor: Actor, clear: ReadonlyMap<number, FoundName>): Promise<ReadonlyMap<number, RowFound>> {
  const hints = clear.size === 0 ? 'none' : await loadHints(tx, actor.tenantId)
  if (hints === 'none') return new Map()
  const told = await whereaboutsOf(tx, actor, [...new Set([...clear.values()].map(h => h.accountId))])
  return new Map(
    [...clear].flatMap(([row, hit]) => {
      const there = told.get(hit.accountId)
      return !there || there.hidden ? [] : [[row, { row, kind: 'elsewhere' as const, owner: hints === 'owner' ? there.owner : null }] as const]
    }),
  )
}
