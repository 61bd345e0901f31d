/**
 * Back again 交回: the end of an absence, on its day or before, and undo of any handover. Exactly what still stands where it was put comes back;
 * what changed meanwhile stays, and is told.
 */
import type { Pool } from 'pg'
import { writeInstant } from '../../account/facts.ts'
import { handoverKinds, type Moved } from '../../identity/handover.ts'
import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import { askForJob, type Job, type Progress } from '../../kernel/jobs.ts'
import { stop } from '../../kernel/refusal-error.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { absentClocks } from './clocks.ts'
import { takeBack } from './lend.ts'
import { inHandover, PIECE } from './run.ts'
import { lockMine, type StoredHandover } from './store.ts'
import { tellReturned } from './tell.ts'

export async function returnHandover(tx: Tx, actor: Actor, now: string, id: string): Promise<void> {
  const handover = await lockMine(tx, actor, id)
  if (handover.state !== 'done') stop('handover.state', { state: handover.state })
  const from = await tx.query<{ name: string; active: boolean }>(
    `select name, state = 'active' as active from app_user where tenant_id = $1 and id = $2`,
    [actor.tenantId, handover.from],
  )
  if (!from.rows[0]!.active) stop('handover.fromInactive', { name: from.rows[0]!.name })
  await tx.query(`update handover set state = 'returning', started_by = $3, row_version = row_version + 1 where tenant_id = $1 and id = $2`, [
    actor.tenantId,
    id,
    actor.userId,
  ])
  await tx.query('update absence set ends_at = greatest(starts_at, least(ends_at, $3::timestamptz)) where tenant_id = $1 and handover_id = $2', [
    actor.tenantId,
    id,
    now,
  ])
  await audit(tx, actor, now, { kind: 'handover.return', recordKind: 'handover', recordId: id, after: { fromId: handover.from } })
  await askForJob(tx, actor.tenantId, 'handover.return', { handoverId: id }, actor.userId)
}

/** `due`: the day of the end has come; it was perhaps brought back before. */
export async function runReturn(bulk: Pool, job: Pick<Job, 'tenantId' | 'note'>, progress: Progress): Promise<Record<string, unknown>> {
  const id = String(job.note.handoverId)
  if (job.note.due)
    await inHandover(bulk, job.tenantId, id, (tx, actor) =>
      tx.query(`update handover set state = 'returning', row_version = row_version + 1 where tenant_id = $1 and id = $2 and state = 'done'`, [
        actor.tenantId,
        id,
      ]),
    )
  for (;;) {
    const left = await inHandover(bulk, job.tenantId, id, piece)
    if (left === null) return { handoverId: id }
    await progress(left.total - left.waiting, left.total)
  }
}

type Item = { id: string; as: string; share: string | null; clock: unknown; movedAt: string }
const WAITS = 'tenant_id = $1 and handover_id = $2 and moved_at is not null and returned_at is null and skipped is null'

async function piece(tx: Tx, actor: Actor, handover: StoredHandover): Promise<{ waiting: number; total: number } | null> {
  if (handover.state !== 'returning') return null
  const kinds = handoverKinds()
  const next = await tx.query<{ kind: string; to: string }>(
    `select kind, to_user::text as "to" from handover_item where ${WAITS} order by array_position($3::text[], kind) desc, to_user, record_id limit 1`,
    [actor.tenantId, handover.id, kinds.map(k => k.kind)],
  )
  const { kind, to } = next.rows[0] ?? { kind: '', to: '' }
  if (kind === '') {
    await finish(tx, actor, handover)
    return null
  }
  const found = await tx.query<Item>(
    `select record_id::text as id, coalesce(before->>'as', record_id::text) as as, before->>'share' as share, before->'clock' as clock, moved_at as "movedAt" from handover_item
      where ${WAITS} and kind = $3 and to_user = $4 order by record_id limit ${PIECE}`,
    [actor.tenantId, handover.id, kind, to],
  )
  const items = found.rows
  const active = await tx.query(`select 1 from app_user where tenant_id = $1 and id = $2 and state = 'active'`, [actor.tenantId, handover.from])
  const shared = kind === 'account' && handover.mode === 'share'
  const outcome: readonly Moved[] = shared
    ? await takeBack(
        tx,
        actor,
        items.map(i => ({ id: i.id, share: i.share ?? '0' })),
      )
    : active.rowCount === 0
      ? items.map(i => ({ id: i.as, refused: 'handover.inactive' }))
      : await kinds
          .find(k => k.kind === kind)!
          .move(
            tx,
            actor,
            { from: to, to: handover.from, at: await writeInstant(tx), why: handover.note, handoverId: handover.id },
            items.map(i => i.as),
          )
  const refusedOf = new Map(outcome.map(o => [o.id, o.refused ?? null]))
  const came = items.filter(i => refusedOf.get(i.as) === null)
  if (kind === 'account' && handover.kind === 'absence' && came.length > 0)
    await absentClocks().resume(
      tx,
      actor,
      await writeInstant(tx),
      came.map(i => ({ id: i.id, clock: i.clock })),
      handover.from,
      new Date(came[0]!.movedAt).toISOString(),
    )
  await tx.query(
    `update handover_item i set returned_at = case when o.refused is null then clock_timestamp() end, skipped = o.refused from unnest($4::bigint[], $5::text[]) as o(id, refused)
      where i.tenant_id = $1 and i.handover_id = $2 and i.kind = $3 and i.record_id = o.id`,
    [actor.tenantId, handover.id, kind, items.map(i => i.id), items.map(i => refusedOf.get(i.as) ?? null)],
  )
  const left = await tx.query<{ waiting: number; total: number }>(
    `select count(*) filter (where returned_at is null and skipped is null)::int as waiting, count(*)::int as total from handover_item where tenant_id = $1 and handover_id = $2 and moved_at is not null`,
    [actor.tenantId, handover.id],
  )
  return left.rows[0]!
}

async function finish(tx: Tx, actor: Actor, handover: StoredHandover): Promise<void> {
  const at = await writeInstant(tx)
  await tx.query(`update handover set state = 'returned', returned_at = $3, row_version = row_version + 1 where tenant_id = $1 and id = $2`, [
    actor.tenantId,
    handover.id,
    at,
  ])
  await audit(tx, actor, at, { kind: 'handover.returned', recordKind: 'handover', recordId: handover.id, after: { fromId: handover.from } })
  await tellReturned(tx, actor, at, handover)
}
