/**
 * Ruling 下达裁决: one transaction in which owner and territory, open business and credit change, by the one writer's path. What would change is
 * asked by doing it and taking it back; what did change is written down, so that it can be undone.
 */
import type { Effect } from '../../contract/engagement/cases.ts'
import { creditOf } from '../../core/engagement/credit.ts'
import { beyondSight } from '../access/beyond-sight.ts'
import { enterWriters, lockRecords, writeInstant } from '../account/facts.ts'
import { placer, settle } from '../account/placer.ts'
import { recordAct } from '../assignment/assign.ts'
import { loadCompiled } from '../assignment/compiled.ts'
import { beforeGiving } from '../assignment/placing-parts.ts'
import { notify } from '../identity/notify.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { type CaseRecord, idsOf, lockRecord, open, readRecord } from './case-row.ts'
import { conflictFor, loadCourt } from './lines.ts'
import { loadRules } from './rules.ts'
import { showEffect } from './show-effect.ts'
import { toldOf } from './speak.ts'

export type RulingInput = { readonly winner: number | null; readonly loserBp: number; readonly months: number; readonly basis: string }
export type StoredEffect = {
  readonly accounts: readonly {
    readonly id: string
    readonly name: string
    readonly from: string | null
    readonly to: string
    readonly fromTerritory: string | null
    readonly toTerritory: string | null
  }[]
  readonly acts: readonly string[]
  readonly pins: readonly string[]
  readonly shares: readonly string[]
  /** Of the ruling before this one. */
  readonly closedSplits: readonly string[]
  readonly endedShares: readonly string[]
  readonly deals: readonly { readonly id: string; readonly from: string }[]
  readonly dealAmount: number
  readonly tasks: readonly { readonly id: string; readonly from: string }[]
  readonly bps: readonly number[]
  readonly until: string | null
}
export type Standing = { readonly id: string; readonly name: string; readonly owner: string | null; readonly territory: string | null }

export async function standingsOf(tx: Tx, actor: Pick<Actor, 'tenantId' | 'modelId'>, ids: readonly string[]): Promise<readonly Standing[]> {
  const found = await tx.query<Standing>(
    `select a.id::text, a.name, p.owner_id::text as owner, p.territory_id::text as territory from account a join account_placement p on p.tenant_id = $1 and p.model_id = $2 and p.account_id = a.id
      where a.tenant_id = $1 and a.id = any($3::bigint[]) and a.deleted_at is null order by a.id`,
    [actor.tenantId, actor.modelId, ids],
  )
  return found.rows
}
export const basisOf = (standings: readonly Standing[]): string => standings.map(s => `${s.id}:${s.owner ?? ''}:${s.territory ?? ''}`).join(',')

/** The same as `rule`, taken back. */
export async function preview(tx: Tx, actor: Actor, id: string, input: RulingInput): Promise<Effect> {
  await tx.query('savepoint ruling')
  const effect = await rule(tx, actor, id, null, { ...input, reason: '' })
  await tx.query('rollback to savepoint ruling')
  return effect
}

export async function rule(tx: Tx, actor: Actor, id: string, ifMatch: number | null, input: RulingInput & { reason: string }): Promise<Effect> {
  const seen = await readRecord(tx, actor.tenantId, id)
  const { policy } = await loadRules(tx, actor.tenantId)
  const court = await loadCourt(tx, actor, seen.parties)
  if (!judges(seen, actor)) stop('engagement.notJudge')
  if (conflictFor(court, actor.userId) !== null) stop('engagement.mustRecuse')
  if (input.winner !== null && input.loserBp > policy.creditCap) stop('engagement.capped', { most: policy.creditCap / 100 }, '/loserBp')
  return beyondSight(tx, async () => {
    await enterWriters(tx, actor.tenantId)
    const [first, second] = seen.parties as [CaseRecord['parties'][number], CaseRecord['parties'][number]]
    const before0 = await standingsOf(tx, actor, idsOf(seen))
    const winner =
      input.winner === null ? ([first, second].find(p => before0.every(s => s.owner === p.userId)) ?? first) : seen.parties[input.winner]!
    if (!winner.active) stop('engagement.gone', { name: winner.name }, '/winner')
    const mayHold = await beforeGiving(tx, actor.tenantId, actor.userId, winner.userId)
    const c = await lockRecord(tx, actor.tenantId, id, ifMatch)
    if (!open(c)) stop('engagement.closed')
    if (!judges(c, actor)) stop('engagement.notJudge')
    // Of two records one may have been merged into the other meanwhile.
    const ids = (await lockRecords(tx, actor.tenantId, idsOf(c))).map(a => a.id)
    if (ids.length === 0) stop('engagement.accountGone')
    await settle(tx, actor.tenantId, ids)
    const before = await standingsOf(tx, actor, ids)
    if (basisOf(before) !== input.basis) stop('engagement.moved')
    await mayHold(before.filter(s => s.owner !== winner.userId).map(s => s.id))
    const at = await writeInstant(tx)
    const effect = await carryOut(tx, actor, c, at, input, winner, before)
    await close(tx, actor, c, at, input, effect, policy.appealDays)
    return showEffect(tx, actor, effect, c.parties)
  })
}

/** Nobody was found when it was opened: whoever sees everything takes it by ruling. */
export const judges = (c: Pick<CaseRecord, 'judgeId'>, actor: Actor): boolean =>
  actor.permissions.has('case.judge') && (c.judgeId === actor.userId || (c.judgeId === null && actor.seesAll))

async function carryOut(
  tx: Tx,
  actor: Actor,
  c: CaseRecord,
  at: string,
  input: RulingInput & { reason: string },
  winner: CaseRecord['parties'][number],
  before: readonly Standing[],
): Promise<StoredEffect> {
  const ids = before.map(s => s.id)
  const shared = input.winner === null
  const { compiled } = await loadCompiled(tx, actor.tenantId, actor.modelId)
  const territory = !shared && winner.territoryId !== null && compiled.hierarchy.byId.has(winner.territoryId) ? winner.territoryId : null
  const closed = await endEarlier(tx, actor.tenantId, c.id, at)
  const pins: string[] = []
  for (const s of before) {
    const goes = territory !== null && s.territory !== territory
    if (goes) pins.push(await pinTo(tx, actor, s.id, territory, at, input.reason))
    await recordAct(tx, actor, at, s.id, 'ruling', winner.userId, goes ? territory : s.territory, input.reason, {
      priorOwnerId: s.owner,
      detail: { caseId: c.id, number: c.number },
    })
  }
  const acts = await tx.query<{ id: string }>(
    `select id::text from ownership_act where tenant_id = $1 and account_id = any($2::bigint[]) and kind = 'ruling' and at = $3 order by account_id`,
    [actor.tenantId, ids, at],
  )
  const losers = shared ? [] : c.parties.filter(p => p !== winner).map(p => p.userId)
  const deals = await tx.query<{ id: string; from: string; amount: number }>(
    `update opportunity o set owner_id = $4, row_version = o.row_version + 1 from (select id, owner_id as was from opportunity where tenant_id = $1 and account_id = any($2::bigint[]) and owner_id = any($3::bigint[])
        and deleted_at is null and stage not in ('won', 'lost') for update) b where o.tenant_id = $1 and o.id = b.id returning o.id::text, b.was::text as from, coalesce(o.amount, 0)::float8 as amount`,
    [actor.tenantId, ids, losers, winner.userId],
  )
  const tasks = await tx.query<{ id: string; from: string }>(
    `update task k set assignee_id = $4, row_version = k.row_version + 1 from (select id, assignee_id as was from task where tenant_id = $1 and account_id = any($2::bigint[]) and assignee_id = any($3::bigint[])
        and deleted_at is null and done_at is null for update) b where k.tenant_id = $1 and k.id = b.id returning k.id::text, b.was::text as from`,
    [actor.tenantId, ids, losers, winner.userId],
  )
  const ends = await tx.query<{ until: string }>(
    `select to_char(($1::timestamptz + make_interval(months => $2)) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as until`,
    [at, input.months],
  )
  const until = input.months > 0 ? ends.rows[0]!.until : null
  const bps = creditOf(c.parties.length, input.winner ?? 0, input.loserBp)
  const ruling = (await rulingsOf(tx, actor.tenantId, c.id)) + 1
  if (input.loserBp > 0)
    for (const s of before)
      await tx.query(
        `insert into credit_split (tenant_id, account_id, user_id, bps, starts_at, ends_at, case_id, ruling_n)
         select $1, $2, person, bps, $3, $4, $5, $6 from unnest($7::bigint[], $8::int[]) as c(person, bps) where bps > 0`,
        [actor.tenantId, s.id, at, until, c.id, ruling, c.parties.map(p => p.userId), bps],
      )
  const shares: string[] = []
  if (shared)
    for (const s of before)
      for (const p of c.parties)
        if (p.userId !== winner.userId) {
          const { id } = (await tx.query<{ id: string }>(`select nextval(pg_get_serial_sequence('account_share', 'id'))::text as id`)).rows[0]!
          await tx.query(
            `insert into account_share (tenant_id, id, account_id, user_id, access, until, created_by, created_at) values ($1, $2, $3, $4, 'edit', $5, $6, $7)`,
            [actor.tenantId, id, s.id, p.userId, until, actor.userId, at],
          )
          shares.push(id)
        }
  const placed = await placer().place(
    tx,
    actor.tenantId,
    at,
    ids.map(id => ({ id })),
  )
  const now = new Map(placed.map(p => [p.accountId, p]))
  return {
    accounts: before.map(s => ({
      id: s.id,
      name: s.name,
      from: s.owner,
      to: now.get(s.id)?.ownerId ?? winner.userId,
      fromTerritory: s.territory,
      toTerritory: now.get(s.id)?.territoryId ?? null,
    })),
    acts: acts.rows.map(r => r.id),
    pins,
    shares,
    ...closed,
    deals: deals.rows.map(({ id, from }) => ({ id, from })),
    dealAmount: deals.rows.reduce((sum, d) => sum + d.amount, 0),
    tasks: tasks.rows,
    bps,
    until,
  }
}

const rulingsOf = async (tx: Tx, tenantId: string, id: string): Promise<number> =>
  (await tx.query<{ n: number }>('select coalesce(max(n), 0) as n from case_ruling where tenant_id = $1 and case_id = $2', [tenantId, id])).rows[0]!.n

async function pinTo(tx: Tx, actor: Actor, accountId: string, territoryId: string, at: string, reason: string): Promise<string> {
  const { id } = (await tx.query<{ id: string }>(`select nextval(pg_get_serial_sequence('territory_pin', 'id'))::text as id`)).rows[0]!
  await tx.query(
    'insert into territory_pin (tenant_id, id, account_id, territory_id, starts_at, reason, created_by, created_at) values ($1, $2, $3, $4, $5, $6, $7, $5)',
    [actor.tenantId, id, accountId, territoryId, at, reason, actor.userId],
  )
  return id
}

/** After an appeal: the credit and the sharing of the first ruling end with the second. */
async function endEarlier(tx: Tx, tenantId: string, caseId: string, at: string): Promise<Pick<StoredEffect, 'closedSplits' | 'endedShares'>> {
  const splits = await tx.query<{ id: string }>(
    'update credit_split set ended_at = $3 where tenant_id = $1 and case_id = $2 and ended_at is null returning id::text',
    [tenantId, caseId, at],
  )
  const shares = await tx.query<{ id: string }>(
    `update account_share s set until = $3 from (select jsonb_array_elements_text(effect->'shares')::bigint as id from case_ruling where tenant_id = $1 and case_id = $2 and undone_at is null) e
      where s.tenant_id = $1 and s.id = e.id and (s.until is null or s.until > $3) returning s.id::text`,
    [tenantId, caseId, at],
  )
  return { closedSplits: splits.rows.map(r => r.id), endedShares: shares.rows.map(r => r.id) }
}

async function close(
  tx: Tx,
  actor: Actor,
  c: CaseRecord,
  at: string,
  input: RulingInput & { reason: string },
  effect: StoredEffect,
  appealDays: number,
): Promise<void> {
  await tx.query(
    `insert into case_ruling (tenant_id, case_id, n, judge_id, winner, credit, until, reason, effect, ruled_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      actor.tenantId,
      c.id,
      (await rulingsOf(tx, actor.tenantId, c.id)) + 1,
      actor.userId,
      input.winner,
      JSON.stringify(c.parties.map((p, i) => ({ userId: p.userId, bps: effect.bps[i] }))),
      effect.until,
      input.reason,
      JSON.stringify(effect),
      at,
    ],
  )
  const final = c.appeals > 0 || appealDays === 0
  await tx.query(
    `update conflict_case set state = $3, judge_id = $4, ruled_at = $5, statements_at = coalesce(statements_at, $5), appeal_until = case when $6 then null else $5::timestamptz + make_interval(days => $7) end,
       closed_at = case when $6 then $5::timestamptz end, row_version = row_version + 1 where tenant_id = $1 and id = $2`,
    [actor.tenantId, c.id, final ? 'closed' : 'appeal', actor.userId, at, final, appealDays],
  )
  await audit(tx, actor, at, {
    kind: 'case.rule',
    recordKind: 'case',
    recordId: c.id,
    accountId: c.accountId,
    why: input.reason,
    count: effect.accounts.length,
    before: { owners: effect.accounts.map(a => a.from) },
    after: { owners: effect.accounts.map(a => a.to), credit: effect.bps, deals: effect.deals.length },
  })
  for (const p of c.parties) await notify(tx, actor, at, p.userId, 'case.ruled', null, toldOf(c, actor))
}
