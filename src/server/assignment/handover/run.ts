/**
 * A handover runs 执行: what goes to whom is decided once, when it begins, and stored; then it goes piece by piece, one kind and one receiver at a
 * time, each piece a transaction of its own on the one writer's path. A run that dies goes on where it was; what changed meanwhile stays.
 */
import type { Pool } from 'pg'
import { lockRecords, writeInstant } from '../../account/facts.ts'
import { handoverKinds, type Moved } from '../../identity/handover.ts'
import { actorOfUser } from '../../identity/load-actor.ts'
import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import { askForJob, type Job, type Progress } from '../../kernel/jobs.ts'
import { stop } from '../../kernel/refusal-error.ts'
import { actAs, inBulk, type Tx } from '../../kernel/transaction.ts'
import { keepRest } from './accounts.ts'
import { absentClocks } from './clocks.ts'
import { lend } from './lend.ts'
import { planHandover } from './plan.ts'
import { keepBefore, loadHandover, lockMine, mayHandOver, type StoredHandover } from './store.ts'
import { tellDone } from './tell.ts'

export async function startHandover(tx: Tx, actor: Actor, now: string, id: string): Promise<void> {
  const handover = await lockMine(tx, actor, id)
  if (handover.state !== 'draft') {
    // Whoever takes it up again answers for it from here on: perhaps the first one is gone.
    if (!(await stopped(tx, actor.tenantId, handover))) stop('handover.state', { state: handover.state })
    await tx.query('update handover set started_by = $3 where tenant_id = $1 and id = $2', [actor.tenantId, id, actor.userId])
    const day = handover.state === 'scheduled' ? handover.startsAt : null
    await askForJob(tx, actor.tenantId, handover.state === 'returning' ? 'handover.return' : 'handover.run', { handoverId: id }, actor.userId, day)
    return
  }
  if (handover.endsAt !== null && handover.endsAt <= now) stop('handover.dates', undefined, '/endsOn')
  if (handover.rule.heirId === null) stop('handover.noHeir', undefined, '/rule/heirId')
  if (handover.rule.rest === null && handover.rule.kinds.includes('account')) stop('handover.noRest', undefined, '/rule/rest')
  await planHandover(tx, actor, handover)
  const later = handover.startsAt !== null && handover.startsAt > now
  await tx.query(`update handover set state = $3, started_by = $4, row_version = row_version + 1 where tenant_id = $1 and id = $2`, [
    actor.tenantId,
    id,
    later ? 'scheduled' : 'running',
    actor.userId,
  ])
  if (handover.kind === 'absence')
    await tx.query('insert into absence (tenant_id, user_id, starts_at, ends_at, handover_id, policy) values ($1, $2, $3, $4, $5, $6)', [
      actor.tenantId,
      handover.from,
      later ? handover.startsAt : now,
      handover.endsAt,
      id,
      handover.mode,
    ])
  await audit(tx, actor, now, {
    kind: 'handover.start',
    recordKind: 'handover',
    recordId: id,
    after: { fromId: handover.from, startsAt: handover.startsAt },
  })
  await askForJob(tx, actor.tenantId, 'handover.run', { handoverId: id }, actor.userId, later ? handover.startsAt : null)
}

/** It should be under way and no job is at it: the last one failed. */
export async function stopped(tx: Tx, tenantId: string, { id, state }: Pick<StoredHandover, 'id' | 'state'>): Promise<boolean> {
  if (state !== 'scheduled' && state !== 'running' && state !== 'returning') return false
  const live = await tx.query(
    `select 1 from job_run where tenant_id = $1 and kind = $3 and note->>'handoverId' = $2 and state in ('waiting', 'running') and ($4 or not_before is null or not_before <= now())`,
    [tenantId, id, state === 'returning' ? 'handover.return' : 'handover.run', state === 'scheduled'],
  )
  return live.rowCount === 0
}

export const PIECE = 200
/** Everything a piece needs, under the bulk role: as the person who started it, with the sight he has now. */
export async function inHandover<T>(
  bulk: Pool,
  tenantId: string,
  id: string,
  work: (tx: Tx, actor: Actor, handover: StoredHandover) => Promise<T>,
): Promise<T> {
  return inBulk(bulk, async tx => {
    const handover = await loadHandover(tx, tenantId, id, true)
    const actor = await actorOfUser(tx, tenantId, handover.startedBy!)
    if (!actor || !(await mayHandOver(tx, actor, handover.from))) return stop('handover.notBelow')
    await actAs(tx, actor)
    return work(tx, actor, handover)
  })
}

export async function runHandover(bulk: Pool, job: Pick<Job, 'tenantId' | 'note'>, progress: Progress): Promise<Record<string, unknown>> {
  const id = String(job.note.handoverId)
  const goes = await inHandover(bulk, job.tenantId, id, begin)
  if (!goes) return { handoverId: id, skipped: true }
  for (;;) {
    const left = await inHandover(bulk, job.tenantId, id, nextPiece)
    if (left === null) return { handoverId: id }
    await progress(left.total - left.waiting, left.total)
  }
}

/** Decided now, with what he holds today; a handover that was dropped meanwhile does not begin. */
async function begin(tx: Tx, actor: Actor, handover: StoredHandover): Promise<boolean> {
  if (handover.state === 'running' && handover.startedAt !== null) return true
  if (handover.state !== 'running' && handover.state !== 'scheduled') return false
  const planned = await planHandover(tx, actor, handover)
  await tx.query('delete from handover_item where tenant_id = $1 and handover_id = $2', [actor.tenantId, handover.id])
  await tx.query(
    `insert into handover_item (tenant_id, handover_id, kind, record_id, account_id, to_user, by_hand, why, note, skipped)
     select $1, $2, kind, id, account, receiver, hand, why::jsonb, note, skipped
       from unnest($3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bool[], $8::text[], $9::text[], $10::text[]) as i(kind, id, account, receiver, hand, why, note, skipped)`,
    [
      actor.tenantId,
      handover.id,
      planned.map(i => i.kind),
      planned.map(i => i.id),
      planned.map(i => i.accountId),
      planned.map(i => i.toId),
      planned.map(i => i.byHand),
      planned.map(i => JSON.stringify(i.why)),
      planned.map(i => i.note),
      planned.map(i => i.refused),
    ],
  )
  await tx.query(`update handover set state = 'running', started_at = $3, row_version = row_version + 1 where tenant_id = $1 and id = $2`, [
    actor.tenantId,
    handover.id,
    await writeInstant(tx),
  ])
  return true
}

type Item = { id: string; note: string | null }
/** One kind, one receiver, some records; null: it is done. */
export async function nextPiece(tx: Tx, actor: Actor, handover: StoredHandover): Promise<{ waiting: number; total: number } | null> {
  if (handover.state !== 'running') return null
  const kinds = handoverKinds()
  const next = await tx.query<{ kind: string; to: string }>(
    `select kind, to_user::text as "to" from handover_item where tenant_id = $1 and handover_id = $2 and moved_at is null and skipped is null
      order by array_position($3::text[], kind), to_user, record_id limit 1`,
    [actor.tenantId, handover.id, kinds.map(k => k.kind)],
  )
  const piece = next.rows[0]
  if (!piece) {
    await finish(tx, actor, handover)
    return null
  }
  const items = await tx.query<Item>(
    `select record_id::text as id, note from handover_item where tenant_id = $1 and handover_id = $2 and kind = $3 and to_user = $4 and moved_at is null and skipped is null order by record_id limit ${PIECE}`,
    [actor.tenantId, handover.id, piece.kind, piece.to],
  )
  const ids = items.rows.map(i => i.id)
  const receiver = await tx.query(`select 1 from app_user where tenant_id = $1 and id = $2 and state = 'active'`, [actor.tenantId, piece.to])
  const outcome =
    receiver.rowCount === 0 ? ids.map(id => ({ id, refused: 'handover.inactive' })) : await movePiece(tx, actor, handover, piece.kind, piece.to, ids)
  await record(tx, actor, handover.id, piece.kind, outcome)
  await writeNotes(
    tx,
    actor,
    items.rows.filter(i => i.note !== null && outcome.some(o => o.id === i.id && !o.refused)),
    piece.kind,
  )
  const left = await tx.query<{ waiting: number; total: number }>(
    `select count(*) filter (where moved_at is null and skipped is null)::int as waiting, count(*)::int as total from handover_item where tenant_id = $1 and handover_id = $2`,
    [actor.tenantId, handover.id],
  )
  return left.rows[0]!
}

async function movePiece(
  tx: Tx,
  actor: Actor,
  handover: StoredHandover,
  kind: string,
  to: string,
  ids: readonly string[],
): Promise<readonly Moved[]> {
  if (handover.mode === 'share' && kind === 'account') return lend(tx, actor, handover, to, ids)
  if (kind === 'membership') await keepRest(tx, actor, handover.from, handover.id)
  const absence = handover.kind === 'absence' && kind === 'account'
  const clocks = absence ? await absentClocks().read(tx, actor.tenantId, ids, handover.from) : new Map<string, unknown>()
  const at = await writeInstant(tx)
  const why = handover.note
  const moved = await handoverKinds()
    .find(k => k.kind === kind)!
    .move(tx, actor, { from: handover.from, to, at, why, handoverId: handover.id }, ids)
  if (!absence) return moved
  const went = moved.filter(m => !m.refused).map(m => ({ id: m.id, clock: clocks.get(m.id) ?? null }))
  await keepBefore(
    tx,
    actor,
    handover.id,
    went.map(w => ({ id: w.id, before: { clock: w.clock } })),
  )
  await absentClocks().hold(tx, actor, at, went, to, true, at, handover.endsAt!)
  return moved
}

const record = (tx: Tx, actor: Actor, handoverId: string, kind: string, outcome: readonly Moved[]): Promise<unknown> =>
  tx.query(
    `update handover_item i set moved_at = case when o.refused is null then clock_timestamp() end, skipped = o.refused, why = case when o.vals is null then i.why else i.why || jsonb_build_object('values', o.vals::jsonb) end,
            before = case when o.as_id is null then i.before else coalesce(i.before, '{}') || jsonb_build_object('as', o.as_id) end
       from unnest($4::bigint[], $5::text[], $6::text[], $7::text[]) as o(id, refused, vals, as_id) where i.tenant_id = $1 and i.handover_id = $2 and i.kind = $3 and i.record_id = o.id`,
    [
      actor.tenantId,
      handoverId,
      kind,
      outcome.map(o => o.id),
      outcome.map(o => o.refused ?? null),
      outcome.map(o => (o.values ? JSON.stringify(o.values) : null)),
      outcome.map(o => o.as ?? null),
    ],
  )

/** What the receiver should know stands where he will look: on the customer. */
async function writeNotes(tx: Tx, actor: Actor, items: readonly Item[], kind: string): Promise<void> {
  if (kind !== 'account' || items.length === 0) return
  await lockRecords(
    tx,
    actor.tenantId,
    items.map(i => i.id),
  )
  await tx.query(
    `insert into note (tenant_id, account_id, author_id, text, created_at) select $1, id, $2, note, clock_timestamp() from unnest($3::bigint[], $4::text[]) as n(id, note)`,
    [actor.tenantId, actor.userId, items.map(i => i.id), items.map(i => i.note)],
  )
}

async function finish(tx: Tx, actor: Actor, handover: StoredHandover): Promise<void> {
  const at = await writeInstant(tx)
  await tx.query(`update handover set state = 'done', done_at = $3, row_version = row_version + 1 where tenant_id = $1 and id = $2`, [
    actor.tenantId,
    handover.id,
    at,
  ])
  await audit(tx, actor, at, { kind: 'handover.done', recordKind: 'handover', recordId: handover.id, after: { fromId: handover.from } })
  await tellDone(tx, actor, at, handover)
  if (handover.endsAt !== null)
    await askForJob(tx, actor.tenantId, 'handover.return', { handoverId: handover.id, due: true }, actor.userId, handover.endsAt)
}
