/**
 * Switching an approved change set on, now or at an instant 生效: one activation row; those affected are told; whoever had a customer with a
 * held deal keeps seeing it for the days of holdover 留守, by shares that a job gives and takes back.
 */
import type { Pool } from 'pg'
import type { Actor } from '../../kernel/actor.ts'
import { askForJob } from '../../kernel/jobs.ts'
import { stop } from '../../kernel/refusal-error.ts'
import { inBulk, type Tx } from '../../kernel/transaction.ts'
import { activate } from '../activate.ts'
import { liveReady } from '../jobs.ts'
import { replace } from '../run-model.ts'
import { stampsOf } from './compute.ts'
import { giveShares, tellHoldover } from './holdover.ts'
import { lockSet } from './read-set.ts'
import { tellAffected } from './tell.ts'

export async function schedule(
  tx: Tx,
  actor: Actor,
  now: string,
  id: string,
  input: { effectiveAt?: string | undefined; now?: true | undefined; why?: string | undefined },
) {
  const set = await lockSet(tx, actor, id)
  if (set.state !== 'approved') stop('changeSet.notApproved')
  if (set.activations.some(a => !a.effective)) stop('changeSet.scheduled')
  const figures = await tx.query<{ of: string | null; planned: string | null }>(
    `select figures_of as of, to_char(effective_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as planned from change_set where tenant_id = $1 and id = $2`,
    [actor.tenantId, id],
  )
  const { of, planned } = figures.rows[0]!
  if (of !== (await stampsOf(tx, actor.tenantId, set.modelId, set.baseModelId))) stop('changeSet.drifted')
  const made = await activate(tx, actor, now, set.modelId, {
    effectiveAt: input.now ? undefined : (input.effectiveAt ?? (planned && planned > now ? planned : undefined)),
    why: input.why,
  })
  await tellAffected(tx, actor, now, set, 'changeSet.scheduled', made.effectiveAt)
  if (set.holdoverDays > 0) {
    await askForJob(tx, actor.tenantId, 'changeSet.holdover', { changeSetId: id }, actor.userId)
    // Deals that were won or lost meanwhile are held no more, and new ones are: asked again at the instant.
    if (Date.parse(made.effectiveAt) > Date.parse(now))
      await askForJob(tx, actor.tenantId, 'changeSet.holdover', { changeSetId: id }, actor.userId, made.effectiveAt)
  }
  return made
}

/** Gives the shares of a scheduled set, or takes back those of one that is cancelled or withdrawn, and places these accounts again. */
export async function runHoldover(bulk: Pool, tenantId: string, id: string, progress: (done: number, total: number | null) => Promise<void>) {
  const accounts = await inBulk(bulk, async tx => {
    const gone = await tx.query<{ id: string }>(
      'delete from account_share where tenant_id = $1 and change_set_id = $2 returning account_id::text as id',
      [tenantId, id],
    )
    const made = await giveShares(tx, tenantId, id)
    // Given anew (at the instant itself, or by a job that died) it was told before.
    if (gone.rowCount === 0 && made.length > 0) await tellHoldover(tx, tenantId, id)
    return [...new Set([...gone.rows.map(r => r.id), ...made])]
  })
  if (accounts.length === 0) return { shared: 0 }
  const where = `a.id = any(array[${accounts.map(a => BigInt(a)).join(',')}]::bigint[])`
  await replace(bulk, tenantId, await liveReady(bulk, tenantId), where, progress)
  return { shared: accounts.length }
}
