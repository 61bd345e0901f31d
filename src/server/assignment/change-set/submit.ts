/**
 * The life of a change set: submitted (frozen, computed beside the live models, approvers asked), sent back, withdrawn, refused, scheduled,
 * cancelled. What takes long is a job; the draft is locked from the first moment.
 */
import type { Pool } from 'pg'
import type { ChangeFigures } from '../../../contract/territory/change-sets.ts'
import type { Reason } from '../../../core/territory/approvers.ts'
import { notify } from '../../identity/notify.ts'
import type { Actor } from '../../kernel/actor.ts'
import { audit, toOutbox } from '../../kernel/audit.ts'
import { askForJob } from '../../kernel/jobs.ts'
import { stop } from '../../kernel/refusal-error.ts'
import { inBulk, type Tx } from '../../kernel/transaction.ts'
import { checkWhole, lockDraft } from '../../territory/models.ts'
import { recolour } from '../activate.ts'
import { assertTests } from '../model-file/tests.ts'
import { materialise } from '../run-model.ts'
import { computeChangeSet, stampsOf } from './compute.ts'
import { takeUpWaiting } from './feedback.ts'
import { whoApproves } from './policy.ts'
import { loadSet, lockSet, type SetRow } from './read-set.ts'
import { assertNothingOn, standsOn } from './targets.ts'
import { tellAffected } from './tell.ts'
import { unflatten } from './unflatten.ts'

export async function submit(tx: Tx, actor: Actor, now: string, id: string, input: { why: string; effectiveAt?: string | null | undefined }) {
  const set = await lockSet(tx, actor, id)
  if (set.state !== 'draft') stop('changeSet.notDraft')
  await lockDraft(tx, actor, set.modelId)
  if (!(await standsOn(tx, actor.tenantId, set.baseModelId))) stop('model.outdated')
  assertAhead(input.effectiveAt, now)
  const faults = await checkWhole(tx, actor, set.modelId)
  if (faults[0]) stop('model.faulty', { count: faults.length, first: faults[0].words })
  await assertTests(tx, actor, set.modelId)
  await recolour(tx, actor, set.modelId)
  await tx.query(
    `update change_set set state = 'submitted', why = $3, submitted_by = $4, submitted_at = $5, effective_at = coalesce($6, effective_at), row_version = row_version + 1 where tenant_id = $1 and id = $2`,
    [actor.tenantId, id, input.why, actor.userId, now, input.effectiveAt ?? null],
  )
  await audit(tx, actor, now, { kind: 'changeSet.submit', recordKind: 'changeSet', recordId: id, why: input.why })
  return askForJob(tx, actor.tenantId, 'changeSet.submit', { changeSetId: id }, actor.userId)
}

/** The job behind a submission: rows beside the live models, figures, and then the people are asked. */
export async function runSubmission(bulk: Pool, tenantId: string, id: string, progress: (done: number, total: number | null) => Promise<void>) {
  if (!(await isSubmitted(bulk, tenantId, id))) return { changeSetId: id, owners: 0, asked: 0 }
  const modelId = await modelOf(bulk, tenantId, id)
  const ready = await bulk.query(`select 1 from territory_model where tenant_id = $1 and id = $2 and state = 'ready'`, [tenantId, modelId])
  try {
    // A predecessor that died may have come this far.
    if (ready.rowCount === 0) await materialise(bulk, tenantId, modelId, progress)
  } catch (error) {
    await bulk.query(
      `update change_set set state = 'draft', row_version = row_version + 1 where tenant_id = $1 and id = $2 and state = 'submitted'`,
      [tenantId, id],
    )
    throw error
  }
  const { figures } = await computeChangeSet(bulk, tenantId, id)
  const asked = await inBulk(bulk, async tx => {
    await askAffected(tx, tenantId, id)
    return askApprovers(tx, tenantId, id)
  })
  // Withdrawn while it was computed: nobody is asked, and the rows go again.
  if (!(await isSubmitted(bulk, tenantId, id))) await runReopening(bulk, tenantId, id)
  return { changeSetId: id, owners: figures.owners, asked }
}

/** Where the author asks for feedback, those whose customers move hear of it when the figures say who they are. */
async function askAffected(tx: Tx, tenantId: string, id: string): Promise<void> {
  const found = await tx.query<{ id: string; title: string; by: string }>(
    `select s.id::text, s.title, u.name as by from change_set s join app_user u on u.tenant_id = $1 and u.id = s.submitted_by
      where s.tenant_id = $1 and s.id = $2 and s.feedback and s.state in ('submitted', 'approved')`,
    [tenantId, id],
  )
  const set = found.rows[0]
  if (!set) return
  const now = (await tx.query<{ now: string }>('select clock_timestamp()::text as now')).rows[0]!.now
  await tellAffected(tx, { tenantId, userName: set.by }, now, set, 'changeSet.feedback', null)
}

/** Draft: figures alone. Submitted: whoever is asked by the new figures and was not yet is asked; an answer to other figures is asked again. */
export async function runComputation(bulk: Pool, tenantId: string, id: string) {
  const before = await bulk.query<{ figures_of: string | null; state: string }>(
    'select figures_of, state from change_set where tenant_id = $1 and id = $2',
    [tenantId, id],
  )
  const { figures, stamps } = await computeChangeSet(bulk, tenantId, id)
  const { state, figures_of } = before.rows[0]!
  const asked = state === 'submitted' || state === 'approved' ? await inBulk(bulk, tx => askApprovers(tx, tenantId, id, figures_of !== stamps)) : null
  return { changeSetId: id, owners: figures.owners, asked }
}

const isSubmitted = async (bulk: Pool, tenantId: string, id: string): Promise<boolean> =>
  (await bulk.query(`select 1 from change_set where tenant_id = $1 and id = $2 and state in ('submitted', 'approved')`, [tenantId, id])).rowCount ===
  1

const modelOf = async (bulk: Pool, tenantId: string, id: string): Promise<string> =>
  (await bulk.query<{ id: string }>('select model_id::text as id from change_set where tenant_id = $1 and id = $2', [tenantId, id])).rows[0]!.id

/** Figures that somebody approved: exactly the same, or (ordinary writes went on meanwhile) the same limits reached. */
const keyOf = (reasons: readonly Reason[], exactly: boolean): string =>
  reasons
    .map(r => `${r.as}/${r.measure}/${r.atLeast}${exactly ? `/${r.value}` : ''}`)
    .sort()
    .join()

async function askApprovers(tx: Tx, tenantId: string, id: string, exactly = false): Promise<number> {
  const found = await tx.query<{
    base: string
    state: string
    author: string
    figures: ChangeFigures
    title: string
    why: string | null
    name: string
  }>(
    `select m.base_model_id::text as base, s.state, s.submitted_by::text as author, s.figures, s.title, s.why, u.name from change_set s
       join territory_model m on m.tenant_id = $1 and m.id = s.model_id join app_user u on u.tenant_id = $1 and u.id = s.submitted_by where s.tenant_id = $1 and s.id = $2 for update of s`,
    [tenantId, id],
  )
  const { base, state, author, figures, title, why, name } = found.rows[0]!
  if (state !== 'submitted' && state !== 'approved') return 0
  const { asked, nobody } = await whoApproves(tx, tenantId, { id, baseModelId: base, authorId: author, figures })
  const standing = await tx.query<{ id: string; approver: string; state: string; reasons: Reason[] }>(
    `select id::text, approver_id::text as approver, state, payload->'reasons' as reasons from approval_request
      where tenant_id = $1 and record_kind = 'changeSet' and record_id = $2 and state in ('asked', 'approved') for update`,
    [tenantId, id],
  )
  const kept = new Set<string>()
  for (const r of standing.rows) {
    const reasons = asked.get(r.approver)
    if (reasons && keyOf(reasons, exactly) === keyOf(r.reasons, exactly)) kept.add(r.approver)
    else
      await tx.query(
        `update approval_request set state = 'withdrawn', decided_at = clock_timestamp(), row_version = row_version + 1 where tenant_id = $1 and id = $2`,
        [tenantId, r.id],
      )
  }
  const now = (await tx.query<{ now: string }>('select clock_timestamp()::text as now')).rows[0]!.now
  for (const [approver, reasons] of asked) {
    if (kept.has(approver)) continue
    const made = await tx.query<{ id: string }>(
      `insert into approval_request (tenant_id, kind, record_kind, record_id, payload, basis, asked_by, approver_id, why, created_at)
       values ($1, 'changeSet.approve', 'changeSet', $2, $3, $4, $5, $6, $7, $8) returning id::text`,
      [tenantId, id, JSON.stringify({ reasons }), JSON.stringify({ baseModelId: base }), author, approver, why, now],
    )
    await notify(tx, { tenantId }, now, approver, 'changeSet.asked', null, { by: name, title, changeSetId: id, requestId: made.rows[0]!.id })
  }
  await tx.query('update change_set set unanswered = $3 where tenant_id = $1 and id = $2', [tenantId, id, JSON.stringify(nobody)])
  await settle(tx, tenantId, id)
  return asked.size
}

/** Approved when everybody who was asked has said yes, and no limit was reached that nobody may answer for. */
export async function settle(tx: Tx, tenantId: string, id: string): Promise<boolean> {
  const open = await tx.query(
    `select 1 from change_set s where s.tenant_id = $1 and s.id = $2
       and (s.unanswered <> '[]' or exists (select 1 from approval_request r where r.tenant_id = $1 and r.record_kind = 'changeSet' and r.record_id = $2 and r.state = 'asked'))`,
    [tenantId, id],
  )
  const approved = open.rowCount === 0
  await tx.query(
    `update change_set set state = $3, row_version = row_version + 1 where tenant_id = $1 and id = $2 and state in ('submitted', 'approved') and state <> $3`,
    [tenantId, id, approved ? 'approved' : 'submitted'],
  )
  return approved
}

/** As instants: one may be written with another offset. */
export function assertAhead(at: string | null | undefined, now: string): void {
  if (at && Date.parse(at) < Date.parse(now)) stop('activation.past', undefined, '/effectiveAt')
}

/** Withdrawn by who plans: the model leaves the live ones and is a draft again. */
export async function withdraw(tx: Tx, actor: Actor, now: string, id: string): Promise<void> {
  const set = await lockSet(tx, actor, id)
  if (set.state === 'draft') stop('changeSet.notSubmitted')
  await assertNotEffective(set)
  await backToDraft(tx, actor, now, set, 'draft')
  await audit(tx, actor, now, { kind: 'changeSet.withdraw', recordKind: 'changeSet', recordId: id })
}

export async function sendBack(tx: Tx, actor: Actor, now: string, id: string, input: { refuse: boolean; answer: string }): Promise<void> {
  const set = await lockSet(tx, actor, id)
  const mine = await tx.query<{ id: string }>(
    `select id::text from approval_request where tenant_id = $1 and record_kind = 'changeSet' and record_id = $2 and approver_id = $3 and state in ('asked', 'approved') for update`,
    [actor.tenantId, id, actor.userId],
  )
  if (mine.rowCount === 0 || (set.state !== 'submitted' && set.state !== 'approved')) stop('changeSet.notYours')
  await assertNotEffective(set)
  await tx.query(
    `update approval_request set state = 'refused', answer = $3, decided_by = $4, decided_at = $5, row_version = row_version + 1 where tenant_id = $1 and id = any($2::bigint[])`,
    [actor.tenantId, mine.rows.map(r => r.id), input.answer, actor.userId, now],
  )
  await backToDraft(tx, actor, now, set, input.refuse ? 'refused' : 'draft')
  await tx.query('insert into change_set_comment (tenant_id, change_set_id, body, author_id, created_at) values ($1, $2, $3, $4, $5)', [
    actor.tenantId,
    id,
    input.answer,
    actor.userId,
    now,
  ])
  await audit(tx, actor, now, {
    kind: input.refuse ? 'changeSet.refuse' : 'changeSet.sendBack',
    recordKind: 'changeSet',
    recordId: id,
    why: input.answer,
  })
  if (set.submittedBy)
    await notify(tx, actor, now, set.submittedBy, input.refuse ? 'changeSet.refused' : 'changeSet.sentBack', null, {
      by: actor.userName,
      title: set.title,
      changeSetId: id,
      answer: input.answer,
    })
}

/** One of those who must approve says no in the inbox: over for good, and the others are asked no more. The inbox tells the submitter. */
export async function refuse(tx: Tx, actor: Actor, now: string, set: SetRow): Promise<void> {
  await backToDraft(tx, actor, now, set, 'refused')
  await audit(tx, actor, now, { kind: 'changeSet.refuse', recordKind: 'changeSet', recordId: set.id })
}

function assertNotEffective(set: SetRow): void {
  if (set.activations.some(a => a.effective)) stop('changeSet.effective')
}

async function backToDraft(tx: Tx, actor: Actor, now: string, set: SetRow, state: 'draft' | 'refused'): Promise<void> {
  await assertNothingOn(tx, actor, set.modelId)
  await tx.query('update activation set cancelled_at = $3 where tenant_id = $1 and model_id = $2 and cancelled_at is null and effective_at > $3', [
    actor.tenantId,
    set.modelId,
    now,
  ])
  await tx.query(
    `update approval_request set state = 'withdrawn', decided_at = $3, row_version = row_version + 1 where tenant_id = $1 and record_kind = 'changeSet' and record_id = $2 and state in ('asked', 'approved')`,
    [actor.tenantId, set.id, now],
  )
  await tx.query('update change_set set state = $3, submitted_at = null, row_version = row_version + 1 where tenant_id = $1 and id = $2', [
    actor.tenantId,
    set.id,
    state,
  ])
  await askForJob(tx, actor.tenantId, 'changeSet.reopen', { changeSetId: set.id }, actor.userId)
}

/** Back to its differences; figures that held for the rows hold for the draft, which says the same. */
export async function runReopening(bulk: Pool, tenantId: string, id: string): Promise<void> {
  await inBulk(bulk, async tx => {
    const set = await loadSet(tx, tenantId, id)
    const { modelId, baseModelId } = set
    const before = await stampsOf(tx, tenantId, modelId, baseModelId)
    await unflatten(tx, tenantId, modelId)
    await tx.query('update change_set set figures_of = $4 where tenant_id = $1 and id = $2 and figures_of = $3', [
      tenantId,
      id,
      before,
      await stampsOf(tx, tenantId, modelId, baseModelId),
    ])
    await takeUpWaiting(tx, tenantId, set)
  })
}

/** Takes back an activation before its instant; the set stays approved, and what was shared for it is taken back. */
export async function cancel(tx: Tx, actor: Actor, now: string, id: string): Promise<void> {
  const set = await lockSet(tx, actor, id)
  await assertNothingOn(tx, actor, set.modelId)
  const gone = await tx.query(
    'update activation set cancelled_at = $3 where tenant_id = $1 and model_id = $2 and cancelled_at is null and effective_at > $3 returning seq',
    [actor.tenantId, set.modelId, now],
  )
  if (gone.rowCount === 0) stop('changeSet.notScheduled')
  await audit(tx, actor, now, { kind: 'changeSet.cancel', recordKind: 'changeSet', recordId: id })
  await toOutbox(tx, actor.tenantId, 'model.cancelled', { modelId: set.modelId })
  await tellAffected(tx, actor, now, set, 'changeSet.cancelled', null)
  await askForJob(tx, actor.tenantId, 'changeSet.holdover', { changeSetId: id }, actor.userId)
}
