/**
 * The only writer of placements. app.placing is switched on here and nowhere else: a transfer may lead out of the writer's own sight.
 * A row that really changed leaves its closed interval in placement_history; a row that only changed its tokens does not.
 */
import type { Placement } from '../../core/assignment/place.ts'
import type { Tx } from '../kernel/transaction.ts'

export type Standing = {
  readonly accountId: string
  readonly ownerId: string | null
  readonly priorOwnerId: string | null
  readonly territoryId: string | null
  readonly source: string
  readonly fingerprint: string
  readonly validFrom: string
}
export type Placed = { readonly accountId: string; readonly priorOwnerId: string | null; readonly placement: Placement }

export async function whilePlacing<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await tx.query("select app_set('app.placing', 'on')")
  try {
    return await work()
  } finally {
    // After an error the transaction is lost and the setting with it.
    await tx.query("select app_set('app.placing', '')").catch(() => undefined)
  }
}

const UTC = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
export const arrayText = (ids: readonly string[] | null): string | null => (ids === null ? null : `{${ids.join(',')}}`)

/** Everything of a placement that, when equal, needs no write. */
export const standingOf = (p: Placement): readonly (string | number | boolean | null)[] => [
  p.ownerId,
  p.territoryId,
  p.poolId,
  arrayText(p.tokens),
  arrayText(p.privateTokens),
  arrayText(p.editTokens),
  p.source,
  arrayText(p.contested.length ? p.contested : null),
  p.undecidable,
  p.ruleVersion,
  p.nextChangeAt,
]
export const fingerprintOf = (p: Placement): string =>
  standingOf(p)
    .map(v => (v === null ? '' : String(v)))
    .join('|')

export async function readStandings(
  tx: Tx,
  tenantId: string,
  modelId: string,
  ids: readonly string[] | null,
): Promise<ReadonlyMap<string, Standing>> {
  const found = await tx.query<Standing>(
    `select account_id::text as "accountId", owner_id::text as "ownerId", prior_owner_id::text as "priorOwnerId", territory_id::text as "territoryId", source, ${UTC('valid_from')} as "validFrom",
            concat_ws('|', coalesce(owner_id::text, ''), coalesce(territory_id::text, ''), coalesce(pool_id::text, ''), tokens::text, private_tokens::text, coalesce(edit_tokens::text, ''), source,
              coalesce(contested::text, ''), undecidable::text, coalesce(rule_version::text, ''), coalesce(${UTC('next_change_at')}, '')) as fingerprint
       from account_placement where tenant_id = $1 and model_id = $2 ${ids === null ? '' : 'and account_id = any($3::bigint[])'} order by account_id ${ids === null ? '' : 'for update'}`,
    ids === null ? [tenantId, modelId] : [tenantId, modelId, ids],
  )
  return new Map(found.rows.map(r => [r.accountId, r]))
}

/** Writes the differences and answers how many rows changed owner or territory. Runs inside whilePlacing. */
export async function writePlacements(
  tx: Tx,
  tenantId: string,
  modelId: string,
  at: string,
  before: ReadonlyMap<string, Standing>,
  placed: readonly Placed[],
): Promise<readonly Placed[]> {
  const changed = placed.filter(p => before.get(p.accountId)?.fingerprint !== fingerprintOf(p.placement))
  const moved = changed.filter(p => {
    const old = before.get(p.accountId)
    return (
      old !== undefined && (old.ownerId !== p.placement.ownerId || old.territoryId !== p.placement.territoryId || old.source !== p.placement.source)
    )
  })
  if (moved.length > 0) {
    await tx.query(
      `insert into placement_history (tenant_id, model_id, account_id, owner_id, territory_id, source, rule_id, rule_version, valid_from, valid_to, known_from)
       select tenant_id, model_id, account_id, owner_id, territory_id, source, rule_id, rule_version, valid_from, greatest($4::timestamptz, valid_from + interval '1 microsecond'), known_from
         from account_placement where tenant_id = $1 and model_id = $2 and account_id = any($3::bigint[])`,
      [tenantId, modelId, moved.map(p => p.accountId), at],
    )
  }
  const movedIds = new Set(moved.map(p => p.accountId))
  const updates = changed.filter(p => before.has(p.accountId))
  const inserts = changed.filter(p => !before.has(p.accountId))
  if (updates.length > 0) {
    await tx.query(
      `update account_placement p set owner_id = v.owner, prior_owner_id = v.prior, territory_id = v.territory, pool_id = v.pool, tokens = v.tokens::bigint[], private_tokens = v.private::bigint[],
              edit_tokens = v.edit::bigint[], source = v.source, contested = v.contested::bigint[], undecidable = v.undecidable, rule_id = v.rule, rule_version = v.version,
              next_change_at = v.next, valid_from = case when v.moved then greatest($3::timestamptz, p.valid_from + interval '1 microsecond') else p.valid_from end,
              known_from = case when v.moved then greatest($3::timestamptz, p.valid_from + interval '1 microsecond') else p.known_from end
         from unnest(${COLUMNS_FROM(4)}, $18::bool[]) as v(id, owner, prior, territory, pool, tokens, private, edit, source, contested, undecidable, rule, version, next, moved)
        where p.tenant_id = $1 and p.model_id = $2 and p.account_id = v.id`,
      [tenantId, modelId, at, ...columnsOf(updates), updates.map(p => movedIds.has(p.accountId))],
    )
  }
  if (inserts.length > 0) {
    await tx.query(
      `insert into account_placement (tenant_id, model_id, account_id, owner_id, prior_owner_id, territory_id, pool_id, tokens, private_tokens, edit_tokens, source, contested, undecidable, rule_id, rule_version, next_change_at, valid_from, known_from)
       select $1, $2, v.id, v.owner, v.prior, v.territory, v.pool, v.tokens::bigint[], v.private::bigint[], v.edit::bigint[], v.source, v.contested::bigint[], v.undecidable, v.rule, v.version, v.next, $3::timestamptz, $3::timestamptz
         from unnest(${COLUMNS_FROM(4)}) as v(id, owner, prior, territory, pool, tokens, private, edit, source, contested, undecidable, rule, version, next)`,
      [tenantId, modelId, at, ...columnsOf(inserts)],
    )
  }
  await writeOverlays(tx, tenantId, modelId, at, placed)
  return moved.length + inserts.length === 0 ? [] : [...moved, ...inserts]
}

const TYPES = ['bigint', 'bigint', 'bigint', 'bigint', 'bigint', 'text', 'text', 'text', 'text', 'text', 'bool', 'bigint', 'int', 'timestamptz']
const COLUMNS_FROM = (first: number): string => TYPES.map((type, i) => `$${first + i}::${type}[]`).join(', ')

function columnsOf(rows: readonly Placed[]): readonly unknown[][] {
  return [
    rows.map(r => r.accountId),
    rows.map(r => r.placement.ownerId),
    rows.map(r => r.priorOwnerId),
    rows.map(r => r.placement.territoryId),
    rows.map(r => r.placement.poolId),
    rows.map(r => arrayText(r.placement.tokens)),
    rows.map(r => arrayText(r.placement.privateTokens)),
    rows.map(r => arrayText(r.placement.editTokens)),
    rows.map(r => r.placement.source),
    rows.map(r => arrayText(r.placement.contested.length ? r.placement.contested : null)),
    rows.map(r => r.placement.undecidable),
    rows.map(r => (r.placement.ruleVersion === null ? null : r.placement.territoryId)),
    rows.map(r => r.placement.ruleVersion),
    rows.map(r => r.placement.nextChangeAt),
  ]
}

async function writeOverlays(tx: Tx, tenantId: string, modelId: string, at: string, placed: readonly Placed[]): Promise<void> {
  const ids = placed.map(p => p.accountId)
  const wanted = placed.flatMap(p => p.placement.overlays.map(territoryId => ({ id: p.accountId, territoryId })))
  await tx.query(
    `delete from account_overlay o where o.tenant_id = $1 and o.model_id = $2 and o.account_id = any($3::bigint[])
       and not exists (select 1 from unnest($4::bigint[], $5::bigint[]) as w(id, territory) where w.id = o.account_id and w.territory = o.territory_id)`,
    [tenantId, modelId, ids, wanted.map(w => w.id), wanted.map(w => w.territoryId)],
  )
  if (wanted.length === 0) return
  await tx.query(
    `insert into account_overlay (tenant_id, model_id, account_id, territory_id, valid_from, known_from)
     select $1, $2, id, territory, $5, $5 from unnest($3::bigint[], $4::bigint[]) as w(id, territory) on conflict do nothing`,
    [tenantId, modelId, wanted.map(w => w.id), wanted.map(w => w.territoryId), at],
  )
}
