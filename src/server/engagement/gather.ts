/**
 * Gathering evidence 自动取证: everything that hangs on the customers and says who did what, in one statement; then a line of it in order of time,
 * each with its weight. The same whoever opened the case, so it is read beyond his sight: what leaves are texts without numbers and addresses
 * of people, names of deals, amounts, instants.
 */
import { createHash } from 'node:crypto'
import { matchOne } from '../../core/assignment/compile.ts'
import type { Facts } from '../../core/condition/condition.ts'
import type { ClauseFacts, Touch } from '../../core/engagement/clauses.ts'
import { type EvidenceKind, noteKind, redact, touchOf, weightOf } from '../../core/engagement/evidence.ts'
import { loadCompiled } from '../assignment/compiled.ts'
import { readFacts } from '../assignment/place-accounts.ts'
import type { Tx } from '../kernel/transaction.ts'
import type { Party } from './lines.ts'

type Words = Readonly<Record<string, string | number | null>>
export type Piece = {
  readonly at: string
  readonly kind: EvidenceKind
  readonly by: string | null
  readonly side: number | null
  readonly source: string
  readonly sourceId: string
  readonly words: Words
}
const UTC = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
const MOST = 40

const TRACES = `select ${UTC('x.at')} as at, x.kind, x.by::text as by, x.source, x.id::text as "sourceId", x.words from (
  select a.created_at as at, 'created' as kind, a.created_by as by, 'account' as source, a.id, jsonb_build_object('from', a.source) as words from account a where a.tenant_id = $1 and a.id = any($2::bigint[])
  union all select n.created_at, 'note', n.author_id, 'note', n.id, jsonb_build_object('text', left(n.text, 200)) from note n where n.tenant_id = $1 and n.account_id = any($2::bigint[]) and n.deleted_at is null
  union all select k.done_at, 'taskDone', k.assignee_id, 'task', k.id, jsonb_build_object('text', left(k.text, 200)) from task k where k.tenant_id = $1 and k.account_id = any($2::bigint[]) and k.deleted_at is null and k.done_at is not null
  union all select o.created_at, 'opportunity', o.owner_id, 'opportunity', o.id, jsonb_build_object('text', o.name, 'amount', o.amount, 'currency', o.currency, 'stage', o.stage) from opportunity o where o.tenant_id = $1 and o.account_id = any($2::bigint[]) and o.deleted_at is null
  union all select o.updated_at, 'won', o.owner_id, 'opportunity', o.id, jsonb_build_object('text', o.name, 'amount', o.amount, 'currency', o.currency) from opportunity o where o.tenant_id = $1 and o.account_id = any($2::bigint[]) and o.deleted_at is null and o.stage = 'won'
  union all select d.found_at, 'duplicate', null, 'duplicate_pair', d.id, jsonb_build_object('score', d.score) from duplicate_pair d where d.tenant_id = $1 and d.account_a = any($2::bigint[]) and d.account_b = any($2::bigint[])
  union all select c.at, 'owned', c.owner_id, 'ownership_act', c.id, jsonb_build_object('how', c.kind) from ownership_act c where c.tenant_id = $1 and c.account_id = any($2::bigint[]) and c.cancelled_at is null and c.owner_id is not null
  union all select r.starts_at, 'registration', r.owner_id, 'registration', r.id, jsonb_build_object('text', r.partner, 'until', ${UTC('r.ends_at')}) from registration r where r.tenant_id = $1 and r.state in ('accepted', 'ended')
    and (r.account_id = any($2::bigint[]) or (r.account_id is null and lower(r.name) in (select lower(q.name) from account q where q.tenant_id = $1 and q.id = any($2::bigint[]))))
  union all select d.updated_at, 'address', null, 'account_address', d.id, jsonb_build_object('kind', d.kind, 'division', d.division, 'account', d.account_id::text, 'verified', case when d.verified_at is null then 0 else 1 end)
    from account_address d where d.tenant_id = $1 and d.account_id = any($2::bigint[]) and d.kind in ('business', 'registered') and d.division is not null
 ) x where x.at > now() - make_interval(months => $3) order by x.at, x.source, x.id`

export type Gathered = { readonly pieces: readonly Piece[]; readonly facts: ClauseFacts }

/** Under token 0. `accountIds`: the customer, and of a duplicate the other record. */
export async function gather(
  tx: Tx,
  { tenantId, modelId }: { tenantId: string; modelId: string },
  accountIds: readonly string[],
  parties: readonly Party[],
  months: number,
): Promise<Gathered> {
  const traces = await tx.query<{ at: string; kind: EvidenceKind; by: string | null; source: string; sourceId: string; words: Words }>(TRACES, [
    tenantId,
    accountIds,
    months,
  ])
  const places = await placesOf(tx, tenantId, modelId, accountIds)
  const sideOf = (by: string | null) => {
    const side = parties.findIndex(p => p.userId === by)
    return side < 0 ? null : side
  }
  const all = traces.rows.map((t): Piece => {
    const kind = t.kind === 'note' ? noteKind(String(t.words.text)) : t.kind
    const lies = t.kind === 'address' ? places(String(t.words.account), String(t.words.division), String(t.words.kind)) : null
    const where = lies === null ? -1 : parties.findIndex(p => p.territoryId === lies)
    const { account: _, ...words } = t.words
    return {
      ...t,
      kind,
      side: t.kind === 'address' ? (where < 0 ? null : where) : sideOf(t.by),
      words: typeof words.text === 'string' ? { ...words, text: redact(words.text) } : words,
    }
  })
  const pieces = chosen(all.filter(p => p.side !== null || p.kind === 'duplicate' || p.kind === 'address' || p.kind === 'created'))
  const numberOf = new Map(pieces.map((p, i) => [p, i + 1]))
  const at = await standing(tx, tenantId, modelId, accountIds[0]!)
  const touches = all.flatMap((p): Touch[] => {
    const kind = touchOf(p.kind)
    const n = numberOf.get(p)
    return kind === null || p.by === null ? [] : [{ at: Date.parse(p.at), kind, by: p.by, ...(n ? { evidence: n } : {}) }]
  })
  return {
    pieces,
    facts: {
      ...at,
      touches,
      addresses: all
        .filter(p => p.kind === 'address')
        .map(p => ({
          kind: String(p.words.kind),
          division: String(p.words.division),
          territoryId: places(accountIds[0]!, String(p.words.division), String(p.words.kind)),
          evidence: numberOf.get(p)!,
        })),
      registrations: all
        .filter(p => p.kind === 'registration')
        .map(p => ({ ownerId: p.by!, from: Date.parse(p.at), until: Date.parse(String(p.words.until)), evidence: numberOf.get(p)! })),
    },
  }
}

/** The weightiest, but each side's first of everything; then by time. */
function chosen(pieces: readonly Piece[]): readonly Piece[] {
  const firsts = new Set<string>()
  const rank = new Map(
    pieces.map(p => {
      const key = `${p.side} ${p.kind}`
      const first = !firsts.has(key)
      firsts.add(key)
      return [p, (first ? 10 : 0) + weightOf(p.kind)]
    }),
  )
  const kept = new Set([...pieces].sort((a, b) => rank.get(b)! - rank.get(a)!).slice(0, MOST))
  return pieces.filter(p => kept.has(p))
}

/** Into which territory the rules would put a customer that lay in that division. */
async function placesOf(tx: Tx, tenantId: string, modelId: string, ids: readonly string[]) {
  const { compiled } = await loadCompiled(tx, tenantId, modelId)
  const facts = await readFacts(tx, tenantId, ids)
  return (accountId: string, division: string, kind: string): string | null => {
    const own = facts.get(accountId)
    if (!own) return null
    // A rule that asks for the point knows only the main place of business.
    const there: Facts = kind === 'business' ? { ...own, division } : { ...own, division, point: null }
    return matchOne(compiled, there).territoryId
  }
}

type Standing = Pick<ClauseFacts, 'createdAt' | 'pins' | 'group' | 'territoryId' | 'contested' | 'ownerId' | 'poolId'>
async function standing(tx: Tx, tenantId: string, modelId: string, accountId: string): Promise<Standing> {
  const found = await tx.query<{
    created: number
    territory: string | null
    contested: string[]
    owner: string | null
    pool: string | null
    pins: { territoryId: string; from: number; until: number | null }[]
    head: { rootId: string; ownerId: string | null; territoryId: string | null; createdAt: number } | null
  }>(
    `select extract(epoch from a.created_at)::float8 * 1000 as created, p.territory_id::text as territory, coalesce(p.contested, '{}')::text[] as contested, p.owner_id::text as owner, p.pool_id::text as pool,
       (select coalesce(json_agg(json_build_object('territoryId', n.territory_id::text, 'from', extract(epoch from n.starts_at)::float8 * 1000, 'until', extract(epoch from coalesce(n.cancelled_at, n.ends_at))::float8 * 1000) order by n.created_at, n.id), '[]')
          from territory_pin n where n.tenant_id = $1 and n.account_id = a.id and n.cancelled_at is null) as pins,
       (with recursive up(id, parent, depth) as (select h.id, h.parent_id, 0 from account h where h.tenant_id = $1 and h.id = a.parent_id
            union all select h.id, h.parent_id, up.depth + 1 from account h join up on h.id = up.parent where h.tenant_id = $1 and up.depth < 30)
        select json_build_object('rootId', up.id::text, 'ownerId', q.owner_id::text, 'territoryId', q.territory_id::text, 'createdAt', (select extract(epoch from r.created_at)::float8 * 1000 from account r where r.tenant_id = $1 and r.id = up.id))
          from up left join account_placement q on q.tenant_id = $1 and q.model_id = $2 and q.account_id = up.id order by up.depth desc limit 1) as head
       from account a join account_placement p on p.tenant_id = $1 and p.model_id = $2 and p.account_id = a.id where a.tenant_id = $1 and a.id = $3`,
    [tenantId, modelId, accountId],
  )
  const row = found.rows[0]!
  return {
    createdAt: row.created,
    pins: row.pins,
    group: row.head,
    territoryId: row.territory,
    contested: row.contested,
    ownerId: row.owner,
    poolId: row.pool,
  }
}

/** The same text for the same row, in whatever order the database hands keys out. */
const canonical = (words: Words): string => JSON.stringify(Object.entries(words).sort(([a], [b]) => (a < b ? -1 : 1)))
export type Hashed = Pick<Piece, 'at' | 'kind' | 'side' | 'source' | 'sourceId' | 'words'> & { readonly n: number }
export const hashOf = (before: string, p: Hashed): string =>
  createHash('sha256')
    .update([before, p.n, p.at, p.kind, p.side ?? '', p.source, p.sourceId, canonical(p.words)].join('\n'))
    .digest('hex')

/** Adds rows at the end of the chain. */
export async function writeEvidence(
  tx: Tx,
  tenantId: string,
  caseId: string,
  last: { readonly n: number; readonly hash: string },
  pieces: readonly (Omit<Hashed, 'n'> & { readonly kind: EvidenceKind })[],
  addedBy: string | null,
  at: string,
): Promise<void> {
  let hash = last.hash
  const rows = pieces.map((p, i) => {
    const n = last.n + i + 1
    hash = hashOf(hash, { ...p, n })
    return { ...p, n, hash }
  })
  await tx.query(
    `insert into case_evidence (tenant_id, case_id, n, at, kind, side, weight, source_kind, source_key, words, hash, added_by, added_at)
     select $1, $2, n, at, kind, side, weight, source, key, words::jsonb, hash, $3, $4 from unnest($5::int[], $6::timestamptz[], $7::text[], $8::int[], $9::int[], $10::text[], $11::bigint[], $12::text[], $13::text[]) as e(n, at, kind, side, weight, source, key, words, hash)`,
    [
      tenantId,
      caseId,
      addedBy,
      at,
      rows.map(r => r.n),
      rows.map(r => r.at),
      rows.map(r => r.kind),
      rows.map(r => r.side),
      rows.map(r => weightOf(r.kind)),
      rows.map(r => r.source),
      rows.map(r => r.sourceId),
      rows.map(r => JSON.stringify(r.words)),
      rows.map(r => r.hash),
    ],
  )
}
