/** Title, reason, plan and sharing of a change set, and whether those affected are asked. */
import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import { stop } from '../../kernel/refusal-error.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { lockSet } from './read-set.ts'
import { assertAhead } from './submit.ts'
import { tellAffected } from './tell.ts'

type Change = {
  title?: string | undefined
  why?: string | null | undefined
  shared?: boolean | undefined
  effectiveAt?: string | null | undefined
  holdoverDays?: number | undefined
  feedback?: boolean | undefined
}

export async function changeSet(tx: Tx, actor: Actor, now: string, id: string, ifMatch: number, change: Change): Promise<{ rowVersion: number }> {
  const set = await lockSet(tx, actor, id)
  if (set.rowVersion !== ifMatch) stop('record.stale', { current: set.rowVersion })
  for (const key of ['shared', 'feedback'] as const)
    if (change[key] !== undefined && set.createdBy !== actor.userId) stop('changeSet.authorOnly', undefined, `/${key}`)
  // What was approved is not changed behind the approvers' backs; its words may be.
  if (set.state !== 'draft' && (change.effectiveAt !== undefined || change.holdoverDays !== undefined)) stop('changeSet.notDraft')
  assertAhead(change.effectiveAt, now)
  const changed = await tx.query<{ rowVersion: number }>(
    `update change_set set title = coalesce($3, title), why = case when $4 then $5 else why end, shared = coalesce($6, shared), effective_at = case when $7 then $8::timestamptz else effective_at end,
        holdover_days = coalesce($9, holdover_days), feedback = coalesce($10, feedback), row_version = row_version + 1 where tenant_id = $1 and id = $2 returning row_version as "rowVersion"`,
    [
      actor.tenantId,
      id,
      change.title ?? null,
      change.why !== undefined,
      change.why ?? null,
      change.shared ?? null,
      change.effectiveAt !== undefined,
      change.effectiveAt ?? null,
      change.holdoverDays ?? null,
      change.feedback ?? null,
    ],
  )
  // Of a draft that is still private nobody is asked; when it is submitted, they are.
  if (change.feedback === true && (set.state !== 'draft' || (change.shared ?? set.shared)))
    await tellAffected(tx, actor, now, set, 'changeSet.feedback', null)
  if (change.title !== undefined)
    await tx.query('update territory_model set name = $3 where tenant_id = $1 and id = $2', [actor.tenantId, set.modelId, change.title])
  await audit(tx, actor, now, { kind: 'changeSet.update', recordKind: 'changeSet', recordId: id, after: { ...change } })
  return changed.rows[0]!
}
