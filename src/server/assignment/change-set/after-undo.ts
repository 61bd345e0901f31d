/**
 * After an undo another model is in use than the scheduled ones were made on: they would bring back what was just undone. Their instants are
 * taken back, whoever was told of them is told, and their drafts can be moved onto the model in use.
 */
import type { Actor } from '../../kernel/actor.ts'
import { audit, toOutbox } from '../../kernel/audit.ts'
import { askForJob } from '../../kernel/jobs.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { type Turn, turnsAhead } from './targets.ts'
import { tellAffected } from './tell.ts'

/** Scheduled models that no longer follow on from what is in use (null: from nothing that they were made on): the first whose base is not the one before it, and all after it. */
export function strandedIn(turns: readonly Turn[], activeId: string | null): readonly Turn[] {
  const ahead = turns.slice(1)
  let before = activeId
  for (const [i, turn] of ahead.entries()) {
    if (turn.baseModelId !== null && turn.baseModelId !== before) return ahead.slice(i)
    before = turn.id
  }
  return []
}

export async function cancelStranded(tx: Tx, actor: Actor, now: string, activeId: string): Promise<void> {
  for (const turn of strandedIn(await turnsAhead(tx, actor.tenantId), activeId)) {
    await tx.query('update activation set cancelled_at = $3 where tenant_id = $1 and model_id = $2 and cancelled_at is null and effective_at > $3', [
      actor.tenantId,
      turn.id,
      now,
    ])
    await toOutbox(tx, actor.tenantId, 'model.cancelled', { modelId: turn.id })
    const found = await tx.query<{ id: string; title: string }>('select id::text, title from change_set where tenant_id = $1 and model_id = $2', [
      actor.tenantId,
      turn.id,
    ])
    const set = found.rows[0]
    if (!set) continue
    await audit(tx, actor, now, { kind: 'changeSet.cancel', recordKind: 'changeSet', recordId: set.id, why: 'undo' })
    await tellAffected(tx, actor, now, set, 'changeSet.cancelled', null)
    await askForJob(tx, actor.tenantId, 'changeSet.holdover', { changeSetId: set.id }, actor.userId)
  }
}
