/**
 * Archiving 归档. At most four models stay live: the one in use, those scheduled, the one before (undo leads back to it), then the newest.
 * One that leaves keeps its structure; of its rows only what really held while it was in force goes into the model-free history, where equal
 * neighbours become one interval, also across models: ten years in which one customer in twenty moves cost half as much again as one year.
 * Piece by piece, so that nobody waits; an answer about the past reads both places meanwhile.
 */
import type { Pool } from 'pg'
import { TURNS } from '../account/as-of.ts'
import { inBulk, type Tx } from '../kernel/transaction.ts'

const LIVE = 4
const PIECE = 20_000

/** Corrections of the past wait while a piece is moved, and the other way round. */
export const lockPast = (tx: Tx, tenantId: string): Promise<unknown> => tx.query('select pg_advisory_xact_lock(6, hashtext($1))', [tenantId])

export async function archiveOld(bulk: Pool, tenantId: string, pieceSize = PIECE): Promise<number> {
  const left = await inBulk(bulk, tx => takeOut(tx, tenantId))
  // A run that died had taken models out and not moved all their rows.
  const unfinished = await bulk.query<{ id: string }>(
    `select m.id::text from territory_model m where m.tenant_id = $1 and m.state = 'archived' and (exists (select 1 from account_placement p where p.tenant_id = $1 and p.model_id = m.id)
        or exists (select 1 from placement_history h where h.tenant_id = $1 and h.model_id = m.id) or exists (select 1 from overlay_history o where o.tenant_id = $1 and o.model_id = m.id)) order by m.id`,
    [tenantId],
  )
  for (const { id } of unfinished.rows) {
    let after = '0'
    for (;;) {
      const last: string | null = await inBulk(bulk, tx => movePiece(tx, tenantId, id, after, pieceSize))
      if (last === null) break
      after = last
    }
  }
  return left
}

/** From here on no write is made under these models. */
async function takeOut(tx: Tx, tenantId: string): Promise<number> {
  await tx.query('select pg_advisory_xact_lock(1, hashtext($1))', [tenantId])
  const gone = await tx.query(
    `with turn as (select a.model_id, a.effective_at, row_number() over (partition by a.effective_at <= clock_timestamp() order by a.effective_at desc, a.seq desc) as back, a.effective_at > clock_timestamp() as ahead
         from activation a where a.tenant_id = $1 and a.cancelled_at is null),
       model as (select m.id, bool_or(t.ahead or t.back <= 2) as needed, coalesce(max(t.effective_at), m.ready_at) as used
         from territory_model m left join turn t on t.model_id = m.id where m.tenant_id = $1 and m.state = 'ready' group by m.id, m.ready_at),
       rank as (select id, coalesce(needed, false) as needed, row_number() over (order by coalesce(needed, false) desc, used desc nulls last, id desc) as n from model)
     update territory_model m set state = 'archived', stamp = stamp + 1 from rank r where m.tenant_id = $1 and m.id = r.id and not r.needed and r.n > ${LIVE}`,
    [tenantId],
  )
  return gone.rowCount ?? 0
}

/** Moves the rows of the next accounts after `after`; answers the last account, or null when nothing is left. */
async function movePiece(tx: Tx, tenantId: string, modelId: string, after: string, size: number): Promise<string | null> {
  await lockPast(tx, tenantId)
  const found = await tx.query<{ last: string | null }>(
    `select account_id::text as last from account_placement where tenant_id = $1 and model_id = $2 and account_id > $3 order by account_id offset $4 limit 1`,
    [tenantId, modelId, after, size - 1],
  )
  const last = found.rows[0]?.last ?? null
  // The last piece takes whatever lies beyond, rows of accounts without an open one included.
  const values = [tenantId, modelId, after, last]
  const piece = (alias: string) => `${alias}.tenant_id = $1 and ${alias}.account_id > $3 and ($4::bigint is null or ${alias}.account_id <= $4)`
  await tx.query(moveStandings(piece), values)
  await tx.query(moveOverlays(piece), values)
  for (const table of ['placement_history', 'overlay_history', 'account_overlay', 'account_placement'])
    await tx.query(`delete from ${table} x where ${piece('x')} and x.model_id = $2`, values)
  return last
}

const FACTS = ['owner_id', 'territory_id', 'source', 'rule_id', 'rule_version', 'correction_id']
const facts = (alias: string): string => FACTS.map(f => `${alias}.${f}`).join(', ')
const list = FACTS.join(', ')
const firstOf = (columns: readonly string[]): string => columns.map(f => `(array_agg(${f} order by valid_from))[1] as ${f}`).join(', ')

/**
 * Neighbours become one row when they say the same and the earlier knowledge serves both: each was known as soon as it was true, or both
 * since the same moment. (Nobody asks what was believed about a time that lay ahead.)
 */
const moveStandings = (piece: (alias: string) => string): string => `
  with turn as (${TURNS}),
    fresh as (
      select null::bigint as id, h.account_id, ${facts('h')}, greatest(h.valid_from, t.starts) as valid_from, least(h.valid_to, t.ends) as valid_to, h.known_from, h.known_to
        from placement_history h join turn t on t.model_id = h.model_id and greatest(h.valid_from, t.starts) < least(h.valid_to, t.ends) where ${piece('h')} and h.model_id = $2
      union all
      select null, o.account_id, o.owner_id, o.territory_id, o.source, o.rule_id, o.rule_version, null::bigint, greatest(o.valid_from, t.starts), t.ends, o.known_from, null::timestamptz
        from account_placement o join turn t on t.model_id = o.model_id and o.valid_from < t.ends where ${piece('o')} and o.model_id = $2),
    every as (
      select h.id, h.account_id, ${facts('h')}, h.valid_from, h.valid_to, h.known_from, h.known_to from placement_history h where ${piece('h')} and h.model_id is null
      union all select * from fresh),
    marked as (
      select *, (lag(valid_to) over w = valid_from ${FACTS.map(f => `and lag(${f}) over w is not distinct from ${f}`).join(' ')}
          and (lag(known_from) over w = known_from or (known_from <= valid_from and lag(known_from) over w <= lag(valid_from) over w))) is not true as begins
        from every window w as (partition by account_id, known_to order by valid_from)),
    numbered as (select *, count(*) filter (where begins) over (partition by account_id, known_to order by valid_from) as island from marked),
    island as (
      select account_id, known_to, min(id) as keep, array_agg(id) as ids, count(*) as n, min(valid_from) as valid_from, max(valid_to) as valid_to, ${firstOf(['known_from', ...FACTS])}
        from numbered group by account_id, known_to, island),
    grown as (
      update placement_history h set valid_from = i.valid_from, valid_to = i.valid_to, known_from = i.known_from from island i where h.tenant_id = $1 and h.id = i.keep and i.n > 1 returning h.id),
    gone as (
      delete from placement_history h using island i where h.tenant_id = $1 and i.n > 1 and h.id = any(i.ids) and h.id <> i.keep returning h.id)
  insert into placement_history (tenant_id, model_id, account_id, ${list}, valid_from, valid_to, known_from, known_to)
  select $1, null, account_id, ${list}, valid_from, valid_to, known_from, known_to from island where keep is null`

const moveOverlays = (piece: (alias: string) => string): string => `
  with turn as (${TURNS}),
    every as (
      select h.id, h.account_id, h.territory_id, h.valid_from, h.valid_to, h.known_from from overlay_history h where ${piece('h')} and h.model_id is null
      union all
      select null, h.account_id, h.territory_id, greatest(h.valid_from, t.starts), least(h.valid_to, t.ends), h.known_from
        from (select model_id, account_id, territory_id, valid_from, valid_to, known_from, tenant_id from overlay_history
              union all select model_id, account_id, territory_id, valid_from, 'infinity', known_from, tenant_id from account_overlay) h
        join turn t on t.model_id = h.model_id and greatest(h.valid_from, t.starts) < least(h.valid_to, t.ends) where ${piece('h')} and h.model_id = $2),
    marked as (
      select *, (lag(valid_to) over w = valid_from) is not true as begins from every window w as (partition by account_id, territory_id order by valid_from)),
    numbered as (select *, count(*) filter (where begins) over (partition by account_id, territory_id order by valid_from) as island from marked),
    island as (
      select account_id, territory_id, min(id) as keep, array_agg(id) as ids, count(*) as n, min(valid_from) as valid_from, max(valid_to) as valid_to, ${firstOf(['known_from'])}
        from numbered group by account_id, territory_id, island),
    grown as (
      update overlay_history h set valid_from = i.valid_from, valid_to = i.valid_to, known_from = i.known_from from island i where h.tenant_id = $1 and h.id = i.keep and i.n > 1 returning h.id),
    gone as (
      delete from overlay_history h using island i where h.tenant_id = $1 and i.n > 1 and h.id = any(i.ids) and h.id <> i.keep returning h.id)
  insert into overlay_history (tenant_id, model_id, account_id, territory_id, valid_from, valid_to, known_from)
  select $1, null, account_id, territory_id, valid_from, valid_to, known_from from island where keep is null`
