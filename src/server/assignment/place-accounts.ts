/**
 * Places accounts under every live model in the transaction that changed them: the same `place` that a full run uses, so that
 * incremental equals full. A model being materialised gets the ids in its queue instead.
 */

import { EVERYONE_TOKEN, token } from '../../core/access/tokens.ts'
import { type Match, matchOne } from '../../core/assignment/compile.ts'
import type { Placement } from '../../core/assignment/place.ts'
import type { Facts } from '../../core/condition/condition.ts'
import { whilePlacing } from '../access/while-placing.ts'
import { type AccountRecord, factsOf, RECORD } from '../account/facts.ts'
import type { Changed, PlacedAs, Placer } from '../account/placer.ts'
import { prepared, type Tx } from '../kernel/transaction.ts'
import { type Compiled, loadCompiled } from './compiled.ts'
import { decider } from './decide-placements.ts'
import { loadDated, loadPeople } from './load-facts.ts'
import { afterWriting, loadPooling, NO_POOLING, type Pooling } from './placing-parts.ts'
import { type Placed, readStandings, type Standing, writePlacements, writtenOf } from './write-placement.ts'

type Live = { readonly id: string; readonly state: 'ready' | 'materialising'; readonly active: boolean }

/** Models that hold placements: the active one first. */
export async function liveModels(tx: Tx, tenantId: string): Promise<readonly Live[]> {
  const found = await tx.query<Live>(
    prepared(
      'live-models',
      `select m.id::text, m.state, m.id = (select a.model_id from activation a where a.tenant_id = $1 and a.cancelled_at is null and a.effective_at <= clock_timestamp()
        order by a.effective_at desc, a.seq desc limit 1) as active
       from territory_model m where m.tenant_id = $1 and m.state in ('ready', 'materialising') order by active desc, m.id`,
      [tenantId],
    ),
  )
  return found.rows
}

export async function readFacts(tx: Tx, tenantId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Facts>> {
  if (ids.length === 0) return new Map()
  const read = await tx.query<AccountRecord>(
    prepared('account-facts', `select ${RECORD} from account a where a.tenant_id = $1 and a.id = any($2::bigint[])`, [tenantId, ids]),
  )
  return new Map(read.rows.map(r => [r.id, factsOf(r)]))
}

async function factsFor(tx: Tx, tenantId: string, changed: readonly Changed[]): Promise<ReadonlyMap<string, Facts>> {
  const missing = changed.filter(c => !c.facts).map(c => c.id)
  return new Map([...changed.flatMap(c => (c.facts ? [[c.id, c.facts] as const] : [])), ...(await readFacts(tx, tenantId, missing))])
}

/** Where accounts stand under one model by what its rules say of each and the dated facts of today. */
export async function derive(
  tx: Tx,
  tenantId: string,
  { loaded, compiled }: Compiled,
  at: string,
  matches: ReadonlyMap<string, Match>,
  before: ReadonlyMap<string, Standing>,
  priors: ReadonlyMap<string, string | null> = new Map(),
  pooling: Pooling = NO_POOLING,
  poolsOf: ReadonlyMap<string, readonly string[]> = new Map(),
): Promise<readonly Placed[]> {
  const ids = [...matches.keys()]
  const dated = await loadDated(tx, tenantId, loaded.head, ids)
  const priorOf = (id: string): string | null => {
    const standing = before.get(id)
    return (standing ? standing.priorOwnerId : priors.get(id)) ?? null
  }
  const concerned = new Set<string>()
  const territories = new Set<string>()
  for (const id of ids) {
    const { territoryId } = matches.get(id)!
    if (territoryId !== null) territories.add(territoryId)
    for (const pin of dated.pins.get(id) ?? []) territories.add(pin.territoryId)
    for (const person of [dated.acts.get(id)?.ownerId, priorOf(id)]) if (person) concerned.add(person)
  }
  for (const territory of territories) for (const m of compiled.membersOf.get(territory) ?? []) concerned.add(m.userId)
  const people = await loadPeople(tx, tenantId, [...concerned])
  const decide = decider(compiled, people, dated, at, () => null, pooling)
  return ids.map(id => {
    const priorOwnerId = priorOf(id)
    return { accountId: id, priorOwnerId, placement: decide(Number(id), matches.get(id)!, priorOwnerId, undefined, poolsOf.get(id)).placement }
  })
}

/** What the rules of a model say of accounts that are at hand as facts. */
export const matchesOf = ({ compiled }: Compiled, facts: ReadonlyMap<string, Facts>): ReadonlyMap<string, Match> =>
  new Map([...facts].map(([id, f]) => [id, matchOne(compiled, f)]))

/** The pools whose condition holds for accounts at hand as facts. */
export const poolsOf = (pooling: Pooling, facts: ReadonlyMap<string, Facts>): ReadonlyMap<string, readonly string[]> =>
  new Map([...facts].map(([id, f]) => [id, pooling.ofFacts(f)]))

async function placeNow(tx: Tx, tenantId: string, at: string, changed: readonly Changed[]): Promise<readonly PlacedAs[]> {
  const facts = await factsFor(tx, tenantId, changed)
  const ids = [...facts.keys()].sort((a, b) => Number(BigInt(a) - BigInt(b)))
  // Who brings the facts along has changed them.
  const told = new Set(changed.flatMap(c => (c.facts ? [c.id] : [])))
  let result: readonly PlacedAs[] = []
  for (const live of await liveModels(tx, tenantId)) {
    if (live.state === 'materialising') {
      await tx.query('insert into placement_queue (tenant_id, model_id, account_id) select $1, $2, id from unnest($3::bigint[]) as i(id)', [
        tenantId,
        live.id,
        ids,
      ])
      continue
    }
    const model = await loadCompiled(tx, tenantId, live.id)
    const pooling = await loadPooling(tx, tenantId, model)
    // Dated facts (pins, acts, shares) are read under the sight of before the change; placements under app.placing.
    const placed = await whilePlacing(tx, async () => {
      const before = await readStandings(tx, tenantId, live.id, ids)
      const derived = await derive(tx, tenantId, model, at, matchesOf(model, facts), before, new Map(), pooling, poolsOf(pooling, facts))
      await writePlacements(tx, tenantId, live.id, at, before, derived)
      await afterWriting(
        tx,
        tenantId,
        live.id,
        at,
        writtenOf(before, derived, id => told.has(id)),
      )
      return derived
    })
    if (live.active) result = placed.map(p => ({ accountId: p.accountId, territoryId: p.placement.territoryId, ownerId: p.placement.ownerId }))
  }
  return result
}

/** In the recycle bin nobody owns an account; who deleted it and those who see all may still find it. */
async function close(tx: Tx, tenantId: string, at: string, ids: readonly string[]): Promise<void> {
  const found = await tx.query<{ id: string; deleted_by: string | null }>(
    'select id::text, deleted_by::text from account where tenant_id = $1 and id = any($2::bigint[]) order by account.id',
    [tenantId, ids],
  )
  for (const live of await liveModels(tx, tenantId)) {
    if (live.state === 'materialising') {
      await tx.query('insert into placement_queue (tenant_id, model_id, account_id) select $1, $2, id from unnest($3::bigint[]) as i(id)', [
        tenantId,
        live.id,
        ids,
      ])
      continue
    }
    await whilePlacing(tx, async () => {
      const before = await readStandings(tx, tenantId, live.id, ids)
      const closed = found.rows.map(row => ({
        accountId: row.id,
        priorOwnerId: before.get(row.id)?.priorOwnerId ?? null,
        placement: recycled(row.deleted_by),
      }))
      await writePlacements(tx, tenantId, live.id, at, before, closed)
      await afterWriting(
        tx,
        tenantId,
        live.id,
        at,
        writtenOf(before, closed, () => false),
      )
    })
  }
}

export function recycled(deletedBy: string | null): Placement {
  const tokens = deletedBy === null ? [EVERYONE_TOKEN] : [EVERYONE_TOKEN, token('user', deletedBy)]
  return {
    territoryId: null,
    ownerId: null,
    poolId: null,
    source: 'none:none',
    ruleVersion: null,
    contested: [],
    undecidable: false,
    overlays: [],
    tokens,
    privateTokens: tokens,
    editTokens: null,
    nextChangeAt: null,
  }
}

async function foresee(tx: Tx, tenantId: string, at: string, changed: readonly Required<Changed>[]): Promise<readonly PlacedAs[]> {
  const active = (await liveModels(tx, tenantId))[0]!
  const model = await loadCompiled(tx, tenantId, active.id)
  const facts = await factsFor(tx, tenantId, changed)
  const before = await whilePlacing(tx, () => readStandings(tx, tenantId, active.id, [...facts.keys()]))
  const pooling = await loadPooling(tx, tenantId, model)
  const derived = await derive(tx, tenantId, model, at, matchesOf(model, facts), before, new Map(), pooling, poolsOf(pooling, facts))
  return derived.map(p => ({ accountId: p.accountId, territoryId: p.placement.territoryId, ownerId: p.placement.ownerId }))
}

export const PLACER: Placer = { place: placeNow, close, foresee }
