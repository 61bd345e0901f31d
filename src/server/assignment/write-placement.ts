/**
 * The only writer of placements.
 * A row that really changed leaves its closed interval in placement_history; a row that only changed its tokens does not.
 */
import type { Placement } from '../../core/assignment/place.ts'
import { prepared, type Tx } from '../kernel/transaction.ts'
import type { Written } from './placing-parts.ts'

export type Standing = {
  readonly accountId: string
  readonly ownerId: string | null
  readonly priorOwnerId: string | null
  readonly territoryId: string | null
  readonly source: string
  readonly poolId: string | null
  readonly standing: number
}
export type Placed = { readonly accountId: string; readonly priorOwnerId: string | null; readonly placement: Placement }

export const arrayText = (ids: readonly string[] | null): string | null => (ids === null ? null : `{${ids.join(',')}}`)

/**
 * Everything of a placement that, when equal, needs no write, overlays included, as a number below 2^49: FNV-1a over its text, from both
 * ends. It is stored beside the row (`standing`), so that a run compares one number for each account. 0 is "never compared": such a row
 * is written anew.
 */
export function standingOf(p: Placement): number {
  const text = [
    p.ownerId,
    p.territoryId,
    p.poolId,
    p.tokens.join(),
    p.privateTokens.join(),
    p.editTokens?.join(),
    p.source,
    p.contested.join(),
    p.undecidable,
    p.ruleVersion,
    p.nextChangeAt,
    p.overlays.join(),
  ].join('|')
  let [high, low] = [0x811c9dc5, 0x050c5d1f]
  for (let k = 0; k < text.length; k += 1) {
    high = Math.imul(high ^ text.charCodeAt(k), 0x01000193)
    low = Math.imul(low ^ text.charCodeAt(text.length - 1 - k), 0x01000193)
  }
  return (high >>> 15) * 2 ** 32 + (low >>> 0) || 1
}

export async function readStandings(
  tx: Tx,
  tenantId: string,
  modelId: string,
  ids: readonly string[] | null,
): Promise<ReadonlyMap<string, Standing>> {
  const text = `select account_id::text as "accountId", owner_id::text as "ownerId", prior_owner_id::text as "priorOwnerId", territory_id::text as "territoryId", source, pool_id::text as "poolId", standing::float8
       from account_placement where tenant_id = $1 and model_id = $2 ${ids === null ? '' : 'and account_id = any($3::bigint[])'} order by account_id ${ids === null ? '' : 'for update'}`
  const found = await tx.query<Standing>(
    ids === null ? { text, values: [tenantId, modelId] } : prepared('standings-to-write', text, [tenantId, modelId, ids]),
  )
  return new Map(found.rows.map(r => [r.accountId, r]))
}

/** Writes the differences and answers the rows that changed owner or territory. Runs inside whilePlacing. */
export async function writePlacements(
  tx: Tx,
  tenantId: string,
  modelId: string,
  at: string,
  before: ReadonlyMap<string, Standing>,
  placed: readonly Placed[],
): Promise<readonly Placed[]> {
  // Accounts in the same situation share one placement: it is sent and read once.
  const prints = new Map<Placement, number>()
  const printOf = ({ placement }: Placed): number => {
    let print = prints.get(placement)
    if (print === undefined) {
      print = standingOf(placement)
      prints.set(placement, print)
    }
    return print
  }
  const changed = placed.filter(p => before.get(p.accountId)?.standing !== printOf(p))
  const moved = changed.filter(p => {
    const old = before.get(p.accountId)
    return (
      old !== undefined && (old.ownerId !== p.placement.ownerId || old.territoryId !== p.placement.territoryId || old.source !== p.placement.source)
    )
  })
  if (moved.length > 0) {
    await tx.query(
      prepared(
        'placement-history',
        `insert into placement_history (tenant_id, model_id, account_id, owner_id, territory_id, source, rule_id, rule_version, valid_from, valid_to, known_from)
       select tenant_id, model_id, account_id, owner_id, territory_id, source, rule_id, rule_version, valid_from, greatest($4::timestamptz, valid_from + interval '1 microsecond'), known_from
         from account_placement where tenant_id = $1 and model_id = $2 and account_id = any($3::bigint[])`,
        [tenantId, modelId, moved.map(p => p.accountId), at],
      ),
    )
  }
  const movedIds = new Set(moved.map(p => p.accountId))
  const updates = changed.filter(p => before.has(p.accountId))
  const inserts = changed.filter(p => !before.has(p.accountId))
  const kinds = new Map<number, { readonly n: number; readonly placement: Placement }>()
  for (const p of changed) if (!kinds.has(printOf(p))) kinds.set(printOf(p), { n: kinds.size + 1, placement: p.placement })
  const situations = columnsOf([...kinds.values()].map(k => k.placement))
  const accounts = (rows: readonly Placed[]) => [rows.map(r => r.accountId), rows.map(r => r.priorOwnerId), rows.map(r => kinds.get(printOf(r))!.n)]
  if (updates.length > 0) {
    await tx.query(
      prepared(
        'placement-update',
        `update account_placement p set owner_id = s.owner, prior_owner_id = v.prior, territory_id = s.territory, pool_id = s.pool, tokens = s.tokens::bigint[], private_tokens = s.private::bigint[],
              edit_tokens = s.edit::bigint[], source = s.source, contested = s.contested::bigint[], undecidable = s.undecidable, rule_id = s.rule, rule_version = s.version,
              next_change_at = s.next, standing = s.standing, valid_from = case when v.moved then greatest($3::timestamptz, p.valid_from + interval '1 microsecond') else p.valid_from end,
              known_from = case when v.moved then greatest($3::timestamptz, p.valid_from + interval '1 microsecond') else p.known_from end
         from unnest($4::bigint[], $5::bigint[], $6::int[], $7::bool[]) as v(id, prior, kind, moved) join ${SITUATIONS(8)} on s.n = v.kind
        where p.tenant_id = $1 and p.model_id = $2 and p.account_id = v.id`,
        [tenantId, modelId, at, ...accounts(updates), updates.map(p => movedIds.has(p.accountId)), ...situations],
      ),
    )
  }
  if (inserts.length > 0) {
    await tx.query(
      prepared(
        'placement-insert',
        `insert into account_placement (tenant_id, model_id, account_id, owner_id, prior_owner_id, territory_id, pool_id, tokens, private_tokens, edit_tokens, source, contested, undecidable, rule_id, rule_version, next_change_at, standing, valid_from, known_from)
       select $1, $2, v.id, s.owner, v.prior, s.territory, s.pool, s.tokens::bigint[], s.private::bigint[], s.edit::bigint[], s.source, s.contested::bigint[], s.undecidable, s.rule, s.version, s.next, s.standing, $3::timestamptz, $3::timestamptz
         from unnest($4::bigint[], $5::bigint[], $6::int[]) as v(id, prior, kind) join ${SITUATIONS(7)} on s.n = v.kind`,
        [tenantId, modelId, at, ...accounts(inserts), ...situations],
      ),
    )
  }
  await writeOverlays(tx, tenantId, modelId, at, changed)
  return [...moved, ...inserts]
}

const TYPES = ['bigint', 'bigint', 'bigint', 'text', 'text', 'text', 'text', 'text', 'bool', 'bigint', 'int', 'timestamptz', 'bigint']
const SITUATIONS = (first: number): string =>
  `unnest(${TYPES.map((type, i) => `$${first + i}::${type}[]`).join(', ')}) with ordinality as s(owner, territory, pool, tokens, private, edit, source, contested, undecidable, rule, version, next, standing, n)`

const columnsOf = (rows: readonly Placement[]): readonly unknown[][] => [
  rows.map(p => p.ownerId),
  rows.map(p => p.territoryId),
  rows.map(p => p.poolId),
  rows.map(p => arrayText(p.tokens)),
  rows.map(p => arrayText(p.privateTokens)),
  rows.map(p => arrayText(p.editTokens)),
  rows.map(p => p.source),
  rows.map(p => arrayText(p.contested.length ? p.contested : null)),
  rows.map(p => p.undecidable),
  rows.map(p => (p.ruleVersion === null ? null : p.territoryId)),
  rows.map(p => p.ruleVersion),
  rows.map(p => p.nextChangeAt),
  rows.map(standingOf),
]

async function writeOverlays(tx: Tx, tenantId: string, modelId: string, at: string, placed: readonly Placed[]): Promise<void> {
  if (placed.length === 0) return
  const ids = placed.map(p => p.accountId)
  const wanted = placed.flatMap(p => p.placement.overlays.map(territoryId => ({ id: p.accountId, territoryId })))
  await tx.query(
    prepared(
      'overlays-gone',
      `with gone as (delete from account_overlay o where o.tenant_id = $1 and o.model_id = $2 and o.account_id = any($3::bigint[])
       and not exists (select 1 from unnest($4::bigint[], $5::bigint[]) as w(id, territory) where w.id = o.account_id and w.territory = o.territory_id) returning o.account_id, o.territory_id, o.valid_from, o.known_from)
     insert into overlay_history (tenant_id, model_id, account_id, territory_id, valid_from, valid_to, known_from)
     select $1, $2, account_id, territory_id, valid_from, greatest($6::timestamptz, valid_from + interval '1 microsecond'), known_from from gone`,
      [tenantId, modelId, ids, wanted.map(w => w.id), wanted.map(w => w.territoryId), at],
    ),
  )
  if (wanted.length === 0) return
  await tx.query(
    `insert into account_overlay (tenant_id, model_id, account_id, territory_id, valid_from, known_from)
     select $1, $2, id, territory, $5, $5 from unnest($3::bigint[], $4::bigint[]) as w(id, territory) on conflict do nothing`,
    [tenantId, modelId, wanted.map(w => w.id), wanted.map(w => w.territoryId), at],
  )
}

/** For what must follow: where each stood before and stands now. */
export const writtenOf = (before: ReadonlyMap<string, Standing>, placed: readonly Placed[], fresh: (id: string) => boolean): readonly Written[] =>
  placed.map(({ accountId: id, placement }) => {
    const old = before.get(id)
    return {
      id,
      wasIn: old?.poolId ?? null,
      isIn: placement.poolId,
      moved: old === undefined || old.standing !== standingOf(placement),
      fresh: fresh(id),
    }
  })
