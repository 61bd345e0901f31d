/**
 * Switching models: a run makes one ready, activation is one row and one instant whatever the number of moves, undo is another row.
 * At most four models stay live; older ones are archived by a job that keeps what really held in the model-free history.
 */
import type { Actor } from '../kernel/actor.ts'
import { audit, toOutbox } from '../kernel/audit.ts'
import { askForJob } from '../kernel/jobs.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { bumpStamp } from '../territory/load-env.ts'
import { loadHead } from '../territory/load-model.ts'
import { checkWhole, lockDraft } from '../territory/models.ts'
import { cancelStranded } from './change-set/after-undo.ts'
import { assertApproved } from './change-set/approved.ts'
import { assertFits } from './change-set/targets.ts'
import { loadCompiled } from './compiled.ts'
import { assertTests } from './model-file/tests.ts'
import { coloursFor } from './neighbours.ts'

export async function startRun(tx: Tx, actor: Actor, now: string, modelId: string): Promise<string> {
  await lockDraft(tx, actor, modelId)
  const faults = await checkWhole(tx, actor, modelId)
  if (faults[0]) stop('model.faulty', { count: faults.length, first: faults[0].words })
  await assertTests(tx, actor, modelId)
  await recolour(tx, actor, modelId)
  await audit(tx, actor, now, { kind: 'model.run', recordKind: 'model', recordId: modelId })
  return askForJob(tx, actor.tenantId, 'assignment.materialise', { modelId }, actor.userId)
}

/** Neighbours on the map get different colours; a territory keeps its own unless it would clash. Only rows of the draft change. */
export async function recolour(tx: Tx, actor: Actor, modelId: string): Promise<void> {
  const model = await loadCompiled(tx, actor.tenantId, modelId)
  const colours = coloursFor(model)
  const changed = model.loaded.territories.filter(t => t.changed !== 'same' && colours.get(t.id) !== t.colour)
  await tx.query(
    'update territory t set colour = v.colour from unnest($3::bigint[], $4::int[]) as v(id, colour) where t.tenant_id = $1 and t.model_id = $2 and t.id = v.id',
    [actor.tenantId, modelId, changed.map(t => t.id), changed.map(t => colours.get(t.id)!)],
  )
  await bumpStamp(tx, actor.tenantId, modelId)
}

export async function activate(
  tx: Tx,
  actor: Actor,
  now: string,
  modelId: string,
  input: { effectiveAt?: string | undefined; why?: string | undefined },
): Promise<{ seq: string; effectiveAt: string }> {
  const head = await loadHead(tx, actor.tenantId, modelId, true)
  if (head.state !== 'ready') stop('model.notReady', { state: head.state })
  if (modelId === actor.modelId) stop('model.active')
  await assertApproved(tx, actor.tenantId, modelId)
  await assertTests(tx, actor, modelId)
  const effectiveAt = input.effectiveAt ? new Date(input.effectiveAt).toISOString() : now
  if (input.effectiveAt && effectiveAt < new Date(Date.parse(now) - 1000).toISOString()) stop('activation.past', undefined, '/effectiveAt')
  await assertFits(tx, actor.tenantId, head, effectiveAt)
  return { seq: await insertActivation(tx, actor, now, modelId, effectiveAt, null, input.why ?? null), effectiveAt }
}

async function insertActivation(
  tx: Tx,
  actor: Actor,
  now: string,
  modelId: string,
  effectiveAt: string,
  undoOf: string | null,
  why: string | null,
): Promise<string> {
  const made = await tx.query<{ seq: string }>(
    `insert into activation (tenant_id, model_id, effective_at, created_by, created_at, undo_of, why) values ($1, $2, greatest($3::timestamptz, $5::timestamptz), $4, $5, $6, $7) returning seq::text`,
    [actor.tenantId, modelId, effectiveAt, actor.userId, now, undoOf, why],
  )
  const seq = made.rows[0]!.seq
  await audit(tx, actor, now, {
    kind: undoOf ? 'model.undo' : 'model.activate',
    recordKind: 'model',
    recordId: modelId,
    why,
    after: { seq, effectiveAt, from: actor.modelId },
  })
  await toOutbox(tx, actor.tenantId, 'model.activated', { modelId, seq })
  await askForJob(tx, actor.tenantId, 'assignment.archive', {}, actor.userId)
  return seq
}

/** Back to the model that was active before, whose placements were kept up to date all along. */
export async function undo(tx: Tx, actor: Actor, now: string, why: string | null): Promise<string> {
  const rows = await tx.query<{ seq: string; model_id: string; undo_of: string | null }>(
    `select seq::text, model_id::text, undo_of::text from activation where tenant_id = $1 and cancelled_at is null and effective_at <= clock_timestamp() order by effective_at desc, seq desc limit 2 for update`,
    [actor.tenantId],
  )
  const [last, before] = rows.rows
  if (!last || !before) return stop('activation.nothing')
  const head = await loadHead(tx, actor.tenantId, before.model_id)
  if (head.state !== 'ready') stop('activation.gone')
  await insertActivation(tx, actor, now, before.model_id, now, last.seq, why)
  await cancelStranded(tx, actor, now, before.model_id)
  return before.model_id
}
