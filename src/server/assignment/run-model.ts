/**
 * Full runs 全量计算. A draft is materialised beside the live models: marked under the tenant's exclusive lock, computed from one snapshot,
 * written by COPY, its queue of accounts written meanwhile drained, then flat and ready. A live model is placed again in small pieces on
 * the writer's own path. Nobody waits for either.
 */

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Pool } from 'pg'
import copyStreams from 'pg-copy-streams'
import type { Match } from '../../core/assignment/compile.ts'
import type { Placement } from '../../core/assignment/place.ts'
import { idAt } from '../../core/condition/columns.ts'
import { whilePlacing } from '../access/while-placing.ts'
import { enterWriters, writeInstant } from '../account/facts.ts'
import { stop } from '../kernel/refusal-error.ts'
import { inBulk, type Tx } from '../kernel/transaction.ts'
import type { ModelHead } from '../territory/load-model.ts'
import { loadCompiled } from './compiled.ts'
import { decidePlacements } from './decide-placements.ts'
import { type Differing, findDiffering } from './find-differing.ts'
import { derive, matchesOf, poolsOf, readFacts, recycled } from './place-accounts.ts'
import { afterWriting, loadPooling } from './placing-parts.ts'
import { arrayText, readStandings, type Standing, standingOf, writePlacements, writtenOf } from './write-placement.ts'

export type RunResult = { readonly accounts: number; readonly unassigned: number; readonly unowned: number; readonly milliseconds: number }
type Progress = (done: number, total: number | null) => Promise<void>

const exclusively = (tx: Tx, tenantId: string): Promise<unknown> => tx.query('select pg_advisory_xact_lock(1, hashtext($1))', [tenantId])

export async function materialise(bulk: Pool, tenantId: string, modelId: string, progress: Progress): Promise<RunResult> {
  const started = performance.now()
  await inBulk(bulk, async tx => {
    await exclusively(tx, tenantId)
    const marked = await tx.query(
      `update territory_model set state = 'materialising' where tenant_id = $1 and id = $2 and state in ('draft', 'materialising')`,
      [tenantId, modelId],
    )
    if (marked.rowCount === 0) stop('model.notDraft')
    // A run that died left rows behind: begin anew.
    await tx.query('delete from account_placement where tenant_id = $1 and model_id = $2', [tenantId, modelId])
    await tx.query('delete from account_overlay where tenant_id = $1 and model_id = $2', [tenantId, modelId])
  })
  try {
    const result = await inBulk(bulk, tx => writeSnapshot(tx, tenantId, modelId, progress))
    await finish(bulk, tenantId, modelId)
    return { ...result, milliseconds: Math.round(performance.now() - started) }
  } catch (error) {
    await inBulk(bulk, tx =>
      tx.query(`update territory_model set state = 'draft' where tenant_id = $1 and id = $2 and state = 'materialising'`, [tenantId, modelId]),
    )
    throw error
  }
}

async function writeSnapshot(tx: Tx, tenantId: string, modelId: string, progress: Progress): Promise<Omit<RunResult, 'milliseconds'>> {
  await tx.query('set transaction isolation level repeatable read')
  const { loaded } = await loadCompiled(tx, tenantId, modelId)
  const at = await writeInstant(tx)
  // Who owns an account under the model this one is based on may keep it after a move.
  const { columns, decide: decideOne } = await decidePlacements(tx, tenantId, modelId, at, (p, priorOwnerId) => lineOf(p, priorOwnerId, at), {
    prior: { modelId: loaded.head.baseModelId, column: 'owner_id' },
  })
  await progress(0, columns.count)

  let unassigned = 0
  let unowned = 0
  const overlays: string[] = []
  const decide = (i: number): string => {
    const id = idAt(columns, i)
    const { placement, kept } = decideOne(i)
    if (placement.territoryId === null) unassigned += 1
    if (placement.ownerId === null) unowned += 1
    for (const overlay of placement.overlays) overlays.push(`${tenantId}\t${modelId}\t${id}\t${overlay}\t${at}\t${at}\n`)
    return `${tenantId}\t${modelId}\t${id}\t${kept}`
  }
  await copyIn(
    tx,
    `copy account_placement (tenant_id, model_id, account_id, ${PLACEMENT_COLUMNS}) from stdin`,
    produce(columns.count, decide, progress),
  )
  const bin = await tx.query<{ id: string; deleted_by: string | null }>(
    'select id::text, deleted_by::text from account where tenant_id = $1 and deleted_at is not null',
    [tenantId],
  )
  await copyIn(tx, `copy account_placement (tenant_id, model_id, account_id, ${PLACEMENT_COLUMNS}) from stdin`, [
    bin.rows.map(r => `${tenantId}\t${modelId}\t${r.id}\t${lineOf(recycled(r.deleted_by), null, at)}`).join(''),
  ])
  await copyIn(tx, 'copy account_overlay (tenant_id, model_id, account_id, territory_id, valid_from, known_from) from stdin', overlays)
  await afterWriting(tx, tenantId, modelId, at, null)
  return { accounts: columns.count, unassigned, unowned }
}

export const PLACEMENT_COLUMNS =
  'owner_id, prior_owner_id, territory_id, pool_id, tokens, private_tokens, edit_tokens, source, contested, undecidable, rule_id, rule_version, next_change_at, standing, valid_from, known_from'
const cell = (value: string | number | boolean | null): string => (value === null ? '\\N' : String(value))
export const lineOf = (p: Placement, priorOwnerId: string | null, at: string): string =>
  `${[p.ownerId, priorOwnerId, p.territoryId, p.poolId, arrayText(p.tokens), arrayText(p.privateTokens), arrayText(p.editTokens), p.source, arrayText(p.contested.length ? p.contested : null), p.undecidable, p.ruleVersion === null ? null : p.territoryId, p.ruleVersion, p.nextChangeAt, standingOf(p), at, at].map(cell).join('\t')}\n`

async function* produce(count: number, decide: (i: number) => string, progress: Progress): AsyncGenerator<string> {
  for (let from = 0; from < count; from += 4096) {
    let text = ''
    for (let i = from; i < Math.min(count, from + 4096); i += 1) text += decide(i)
    yield text
    if (from % 131_072 === 0) await progress(from, count)
  }
}

type Piece = string | Uint8Array
export async function copyIn(tx: Tx, sql: string, pieces: Iterable<Piece> | AsyncIterable<Piece>): Promise<void> {
  await pipeline(Readable.from(pieces), tx.query(copyStreams.from(sql)))
}

const PIECE = 4_000

/** Drains what was written meanwhile; the last piece, the flattening and the mark "ready" under the exclusive lock. */
async function finish(bulk: Pool, tenantId: string, modelId: string): Promise<void> {
  for (;;) {
    const left = await inBulk(bulk, async tx => {
      await enterWriters(tx, tenantId)
      return drain(tx, tenantId, modelId, PIECE)
    })
    if (left < PIECE) break
  }
  await inBulk(bulk, async tx => {
    await exclusively(tx, tenantId)
    while ((await drain(tx, tenantId, modelId, PIECE)) > 0);
    await flatten(tx, tenantId, modelId)
    await tx.query(
      `update territory_model set state = 'ready', flat = true, stamp = stamp + 1, ready_at = clock_timestamp(),
         version = (select coalesce(max(version), 0) + 1 from territory_model where tenant_id = $1) where tenant_id = $1 and id = $2`,
      [tenantId, modelId],
    )
  })
}

async function drain(tx: Tx, tenantId: string, modelId: string, limit: number): Promise<number> {
  const queued = await tx.query<{ id: string; account_id: string }>(
    'delete from placement_queue where tenant_id = $1 and model_id = $2 and id in (select id from placement_queue where tenant_id = $1 and model_id = $2 order by id limit $3) returning id::text, account_id::text',
    [tenantId, modelId, limit],
  )
  const ids = [...new Set(queued.rows.map(r => r.account_id))]
  if (ids.length > 0) await placePiece(tx, tenantId, modelId, ids)
  return queued.rows.length
}

/**
 * Places a piece of accounts under one model on the writer's path; the tenant's lock is held. `foreseen`: what a snapshot of theirs said;
 * it still holds for a row that nobody has written since, under the same rules.
 */
export async function placePiece(
  tx: Tx,
  tenantId: string,
  modelId: string,
  ids: readonly string[],
  foreseen: Differing = NOTHING_FORESEEN,
): Promise<number> {
  const locked = await tx.query<{ id: string; row_version: number; deleted: boolean; deleted_by: string | null }>(
    'select a.id::text, a.row_version, a.deleted_at is not null as deleted, a.deleted_by::text from account a where a.tenant_id = $1 and a.id = any($2::bigint[]) order by a.id for update',
    [tenantId, ids],
  )
  const at = await writeInstant(tx)
  const model = await loadCompiled(tx, tenantId, modelId)
  const known = model === foreseen.model ? foreseen.rows : new Map<string, never>()
  const live = locked.rows.filter(r => !r.deleted)
  const matches = new Map<string, Match>()
  for (const r of live) {
    const row = known.get(r.id)
    if (row?.rowVersion === r.row_version) matches.set(r.id, row.match)
  }
  const pooling = await loadPooling(tx, tenantId, model)
  const unknown = live.filter(r => !matches.has(r.id) || pooling.steps.length > 0).map(r => r.id)
  const facts = await readFacts(tx, tenantId, unknown)
  for (const [id, match] of matchesOf(model, facts)) matches.set(id, match)
  return whilePlacing(tx, async () => {
    const before = await readStandings(
      tx,
      tenantId,
      modelId,
      locked.rows.map(r => r.id),
    )
    const priors = await priorsOf(tx, tenantId, model.loaded.head, ids, before)
    const derived = await derive(tx, tenantId, model, at, matches, before, priors, pooling, poolsOf(pooling, facts))
    const bin = locked.rows
      .filter(r => r.deleted)
      .map(r => ({ accountId: r.id, priorOwnerId: before.get(r.id)?.priorOwnerId ?? null, placement: recycled(r.deleted_by) }))
    const placed = [...derived, ...bin]
    const moved = (await writePlacements(tx, tenantId, modelId, at, before, placed)).length
    await afterWriting(
      tx,
      tenantId,
      modelId,
      at,
      writtenOf(before, placed, () => true),
    )
    return moved
  })
}
const NOTHING_FORESEEN: Differing = { model: null, rows: new Map() }

/** For an account new to a model being materialised, the owner under its base is the one who may keep it. */
async function priorsOf(
  tx: Tx,
  tenantId: string,
  head: ModelHead,
  ids: readonly string[],
  before: ReadonlyMap<string, Standing>,
): Promise<ReadonlyMap<string, string | null>> {
  const fresh = ids.filter(id => !before.has(id))
  if (fresh.length === 0 || head.state !== 'materialising' || head.baseModelId === null) return new Map()
  const owners = await tx.query<{ id: string; owner: string | null }>(
    'select account_id::text as id, owner_id::text as owner from account_placement where tenant_id = $1 and model_id = $2 and account_id = any($3::bigint[])',
    [tenantId, head.baseModelId, fresh],
  )
  return new Map(owners.rows.map(o => [o.id, o.owner]))
}

/** A ready model stands on its own: the base's territories and types it did not change become its own rows. */
async function flatten(tx: Tx, tenantId: string, modelId: string): Promise<void> {
  const { loaded } = await loadCompiled(tx, tenantId, modelId)
  const base = loaded.head.baseModelId
  if (loaded.head.flat || base === null) return
  await tx.query('delete from territory where tenant_id = $1 and model_id = $2 and removed', [tenantId, modelId])
  await tx.query(
    `insert into territory (tenant_id, model_id, id, parent_id, type_id, code, name, name_en, colour, inherit, priority, position, rule_version, row_version)
     select tenant_id, $2, id, parent_id, type_id, code, name, name_en, colour, inherit, priority, position, rule_version, row_version from territory
      where tenant_id = $1 and model_id = $3 and id = any($4::bigint[]) on conflict do nothing`,
    [tenantId, modelId, base, loaded.territories.map(t => t.id)],
  )
  const own = await tx.query('select 1 from territory_type where tenant_id = $1 and model_id = $2 limit 1', [tenantId, modelId])
  if (own.rowCount === 0) {
    await tx.query(
      'insert into territory_type (tenant_id, model_id, id, key, labels, layer, precedence) select tenant_id, $2, id, key, labels, layer, precedence from territory_type where tenant_id = $1 and model_id = $3',
      [tenantId, modelId, base],
    )
  }
}

/** From this many accounts on it is cheaper to compute all from a snapshot and to touch only those that stand elsewhere now. */
const MANY = 5_000

/**
 * Places accounts again under the live models, in pieces, each its own transaction: after a change of rules, members, pins, fields. Of
 * many accounts a snapshot tells first which would differ; those alone are locked, decided again and written, so that the answer is exact.
 */
export async function replace(
  bulk: Pool,
  tenantId: string,
  modelIds: readonly string[],
  where: string,
  progress: Progress,
  many = MANY,
): Promise<number> {
  let moved = 0
  for (const [m, modelId] of modelIds.entries()) {
    const { ids, foreseen } = await whoIsConcerned(bulk, tenantId, modelId, where, many)
    for (let from = 0; from < ids.length; from += PIECE) {
      const piece = ids.slice(from, from + PIECE)
      moved += await inBulk(bulk, async tx => {
        await enterWriters(tx, tenantId)
        return placePiece(tx, tenantId, modelId, piece, foreseen)
      })
      await progress(m * ids.length + Math.min(from + PIECE, ids.length), ids.length * modelIds.length)
    }
  }
  return moved
}

async function whoIsConcerned(bulk: Pool, tenantId: string, modelId: string, where: string, many: number) {
  const few = await bulk.query<{ id: string }>(`select a.id::text from account a where a.tenant_id = $1 and (${where}) order by a.id limit ${many}`, [
    tenantId,
  ])
  if (few.rows.length < many) return { ids: few.rows.map(r => r.id), foreseen: NOTHING_FORESEEN }
  const foreseen = await inBulk(bulk, async tx => {
    await tx.query('set transaction isolation level repeatable read')
    return findDiffering(tx, tenantId, modelId, where)
  })
  return { ids: [...foreseen.rows.keys()], foreseen }
}

/** Accounts whose dated facts began or ended: a member's start, a pin's end, a share's end. */
export async function placeDue(bulk: Pool): Promise<number> {
  const due = await bulk.query<{ tenant_id: string; model_id: string; account_id: string }>(
    `select p.tenant_id::text, p.model_id::text, p.account_id::text from account_placement p join territory_model m on m.tenant_id = p.tenant_id and m.id = p.model_id and m.state = 'ready'
      where p.next_change_at <= clock_timestamp() order by p.tenant_id, p.model_id, p.account_id limit ${PIECE}`,
  )
  const groups = new Map<string, string[]>()
  for (const row of due.rows)
    groups.set(`${row.tenant_id}/${row.model_id}`, [...(groups.get(`${row.tenant_id}/${row.model_id}`) ?? []), row.account_id])
  for (const [key, ids] of groups) {
    const [tenantId, modelId] = key.split('/') as [string, string]
    await inBulk(bulk, async tx => {
      await enterWriters(tx, tenantId)
      await placePiece(tx, tenantId, modelId, ids)
    })
  }
  return due.rows.length
}
