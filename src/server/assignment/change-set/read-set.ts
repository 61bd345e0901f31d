/** Change sets as rows: who may know one, the list, and one with everything its page says. */
import type { z } from 'zod'
import type { ChangeFigures, ChangeSet, ChangeSetRow, listChangeSets } from '../../../contract/territory/change-sets.ts'
import type { Reason } from '../../../core/territory/approvers.ts'
import type { Actor } from '../../kernel/actor.ts'
import { stop } from '../../kernel/refusal-error.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { loadHead } from '../../territory/load-model.ts'
import { checkWhole, knowsAll } from '../../territory/models.ts'
import { strandedIn } from './after-undo.ts'
import { checksOf } from './checks.ts'
import { stampsOf } from './compute.ts'
import { readPolicy } from './policy.ts'
import { turnsAhead } from './targets.ts'

const UTC = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
const PAGE = 50

/** What follows from the activations of the model: the newest that was not cancelled says where it stands. */
const STATE = `case when s.state in ('draft', 'submitted', 'refused') and last.seq is null then s.state when last.seq is null then s.state
    when last.effective_at > clock_timestamp() then 'scheduled' when s.model_id = $2 then 'active'
    when exists (select 1 from activation x where x.tenant_id = $1 and x.undo_of = last.seq and x.cancelled_at is null) then 'undone' else 'past' end`
const LAST = `left join lateral (select a.seq, a.effective_at from activation a where a.tenant_id = $1 and a.model_id = s.model_id and a.cancelled_at is null order by a.seq desc limit 1) last on true`
/**
 * Planners know what is shared, submitted or their own; who must approve knows what he is asked; who sees all knows what is submitted; whoever
 * wins or loses customers or sight knows what was decided, and before that what he is asked about.
 */
const APPROVES = `exists (select 1 from approval_request r where r.tenant_id = $1 and r.record_kind = 'changeSet' and r.record_id = s.id and r.approver_id = $3 and r.state <> 'withdrawn')`
const KNOWN = `(s.created_by = $3 or ($4 and (s.shared or s.state <> 'draft')) or ${APPROVES}
    or ((last.seq is not null or (s.feedback and (s.shared or s.state <> 'draft'))) and exists (select 1 from change_set_line l where l.tenant_id = $1 and l.change_set_id = s.id and l.kind in ('owner', 'sight') and l.key = $3)))`
/** Who plans, sees all or must approve reads all of it; whoever is only affected reads his own part: no sum over customers out of his sight. */
const WHOLE = `(s.created_by = $3 or $4 or ${APPROVES})`
const first = (actor: Actor) => [actor.tenantId, actor.modelId, actor.userId, knowsAll(actor)]

const ROW = `s.id::text, s.model_id::text as "modelId", s.title, ${STATE} as state, m.version, json_build_object('id', author.id::text, 'name', author.name) as "createdBy", ${UTC('s.created_at')} as "createdAt",
   ${UTC('s.submitted_at')} as "submittedAt", ${UTC('coalesce(last.effective_at, s.effective_at)')} as "effectiveAt", case when ${WHOLE} then (s.figures->>'owners')::int end as owners, s.created_by = $3 as mine,
   (select json_build_object('asked', count(*)::int, 'approved', (count(*) filter (where r.state = 'approved'))::int) from approval_request r
      where r.tenant_id = $1 and r.record_kind = 'changeSet' and r.record_id = s.id and r.state in ('asked', 'approved')) as approvals`
const FROM = `change_set s join territory_model m on m.tenant_id = $1 and m.id = s.model_id join app_user author on author.tenant_id = $1 and author.id = s.created_by ${LAST}`

export async function findSets(
  tx: Tx,
  actor: Actor,
  query: z.infer<typeof listChangeSets.query & {}>,
): Promise<z.infer<typeof listChangeSets.reply>> {
  const box = {
    open: `${STATE} in ('draft', 'submitted', 'approved', 'scheduled')`,
    done: `${STATE} in ('active', 'past', 'undone', 'refused')`,
    all: 'true',
  }[query.box]
  const found = await tx.query<ChangeSetRow>(
    `select ${ROW} from ${FROM} where s.tenant_id = $1 and ${KNOWN} and ${box} and ($5::bigint is null or s.id < $5) order by s.id desc limit ${PAGE + 1}`,
    [...first(actor), /^\d{1,18}$/.test(query.cursor ?? '') ? query.cursor : null],
  )
  const rows = found.rows.slice(0, PAGE)
  return { rows, next: found.rows.length > PAGE ? rows.at(-1)!.id : null }
}

export type SetRow = {
  readonly id: string
  readonly modelId: string
  readonly baseModelId: string
  readonly title: string
  readonly state: 'draft' | 'submitted' | 'approved' | 'refused'
  readonly createdBy: string
  readonly submittedBy: string | null
  readonly holdoverDays: number
  readonly shared: boolean
  readonly rowVersion: number
  /** Activations of its model that were not cancelled. */
  readonly activations: readonly { readonly seq: string; readonly effective: boolean }[]
}

/** Somebody who may not know a set is told that there is none. */
export async function assertKnown(tx: Tx, actor: Actor, id: string): Promise<void> {
  const known = await tx.query(`select 1 from ${FROM} where s.tenant_id = $1 and s.id = $5 and $2::bigint is not null and ${KNOWN}`, [
    ...first(actor),
    id,
  ])
  if (known.rowCount === 0) stop('record.notFound')
}

/** For a change: who may know it, locked. */
export async function lockSet(tx: Tx, actor: Actor, id: string): Promise<SetRow> {
  await assertKnown(tx, actor, id)
  return loadSet(tx, actor.tenantId, id)
}

export async function loadSet(tx: Tx, tenantId: string, id: string): Promise<SetRow> {
  const found = await tx.query<SetRow>(
    `select s.id::text, s.model_id::text as "modelId", m.base_model_id::text as "baseModelId", s.title, s.state, s.created_by::text as "createdBy", s.submitted_by::text as "submittedBy",
            s.holdover_days as "holdoverDays", s.shared, s.row_version as "rowVersion",
            (select coalesce(json_agg(json_build_object('seq', a.seq::text, 'effective', a.effective_at <= clock_timestamp())), '[]') from activation a
              where a.tenant_id = $1 and a.model_id = s.model_id and a.cancelled_at is null) as activations
       from change_set s join territory_model m on m.tenant_id = $1 and m.id = s.model_id where s.tenant_id = $1 and s.id = $2 for update of s`,
    [tenantId, id],
  )
  return found.rows[0] ?? stop('record.notFound')
}

/** Figures compare with the rows of the base: an archived one has none any more. */
export async function assertComputable(tx: Tx, actor: Actor, set: SetRow): Promise<void> {
  if ((await loadHead(tx, actor.tenantId, set.baseModelId)).state !== 'ready') stop('model.outdated')
}

/** Whether the person reads all of a set, not only his own part. */
export async function readsWhole(tx: Tx, actor: Actor, id: string): Promise<boolean> {
  const found = await tx.query(`select 1 from ${FROM} where s.tenant_id = $1 and s.id = $5 and $2::bigint is not null and ${WHOLE}`, [
    ...first(actor),
    id,
  ])
  return found.rowCount === 1
}

type Whole = ChangeSetRow & {
  whole: boolean
  unanswered: Reason[]
  why: string | null
  shared: boolean
  baseModelId: string
  baseVersion: number | null
  holdoverDays: number
  holdoverOf: ChangeSet['holdoverOf']
  feedback: boolean
  submittedBy: { id: string; name: string } | null
  figures: ChangeFigures | null
  figuresAt: string | null
  figuresOf: string | null
  modelState: string
  job: ChangeSet['job']
  comments: number
  rules: number
  rowVersion: number
}

export async function readSet(tx: Tx, actor: Actor, id: string): Promise<ChangeSet> {
  const found = await tx.query<Whole>(
    `select ${ROW}, ${WHOLE} as whole, s.unanswered, s.why, s.shared, m.base_model_id::text as "baseModelId", b.version as "baseVersion", s.holdover_days as "holdoverDays", s.holdover_of as "holdoverOf", s.feedback,
            case when sub.id is not null then json_build_object('id', sub.id::text, 'name', sub.name) end as "submittedBy", case when ${WHOLE} then s.figures end as figures, ${UTC('s.figures_at')} as "figuresAt", s.figures_of as "figuresOf",
            m.state as "modelState", (select json_build_object('id', j.id::text, 'kind', j.kind, 'done', j.done, 'total', j.total) from job_run j
               where j.tenant_id = $1 and j.kind in ('changeSet.submit', 'changeSet.compute', 'changeSet.reopen') and j.note->>'changeSetId' = s.id::text and j.state in ('waiting', 'running') order by j.id desc limit 1) as job,
            (select count(*)::int from change_set_comment c where c.tenant_id = $1 and c.change_set_id = s.id and (${WHOLE} or c.author_id = $3)) as comments,
            (select count(distinct r.territory_id)::int from change_set_rule r where r.tenant_id = $1 and r.change_set_id = s.id and r.change <> 'same' and ${WHOLE}) as rules, s.row_version as "rowVersion"
       from ${FROM} left join territory_model b on b.tenant_id = $1 and b.id = m.base_model_id left join app_user sub on sub.tenant_id = $1 and sub.id = s.submitted_by
      where s.tenant_id = $1 and s.id = $5 and ${KNOWN}`,
    [...first(actor), id],
  )
  const { figuresOf, modelState, unanswered, ...set } = found.rows[0] ?? stop('record.notFound')
  // The reasons name sums of the whole.
  const approvers = set.whole ? await readApprovers(tx, actor, id) : []
  const open = set.state === 'draft' || set.state === 'submitted' || set.state === 'approved' || set.state === 'scheduled'
  const drifted = open && set.figures !== null && (await stampsOf(tx, actor.tenantId, set.modelId, set.baseModelId)) !== figuresOf
  const turns = await turnsAhead(tx, actor.tenantId)
  const outdated = open && !turns.some(t => t.id === set.baseModelId)
  // What an undo would take the ground from: the scheduled ones that were made on this.
  const strands = set.state === 'active' && knowsAll(actor) ? strandedIn(turns, null).map(t => t.name) : []
  const plans = actor.viewerId === null && actor.permissions.has('territory.plan')
  const activates = actor.viewerId === null && actor.permissions.has('territory.activate')
  const idle = set.job === null
  const free = (await readPolicy(tx, actor.tenantId)).length === 0
  // A draft's structure is for planners; who sent it back still knows that it is one.
  const faults = set.state === 'draft' && knowsAll(actor) ? await checkWhole(tx, actor, set.modelId) : []
  return {
    ...set,
    drifted,
    outdated,
    after: open ? (turns.find(t => t.id === set.baseModelId && t.id !== actor.modelId)?.name ?? null) : null,
    movable: set.state === 'draft' && turns.some(t => t.id !== set.baseModelId && t.id !== set.modelId),
    strands,
    approvers,
    checks: !set.whole
      ? []
      : checksOf(actor.locale, {
          figures: set.figures,
          faults: faults.map(f => f.words),
          outdated,
          approvers,
          unanswered: unanswered.length,
          state: set.state,
          free,
          busy: !idle,
        }),
    may: {
      edit: plans && idle && set.state === 'draft',
      submit: plans && idle && set.state === 'draft' && !outdated,
      withdraw:
        plans &&
        idle &&
        (set.state === 'submitted' || set.state === 'approved' || set.state === 'refused' || set.state === 'scheduled') &&
        modelState === 'ready',
      approve: actor.viewerId === null && approvers.some(a => a.mine && a.state === 'asked'),
      schedule: activates && idle && !outdated && !drifted && set.state === 'approved' && modelState === 'ready',
      cancel: activates && set.state === 'scheduled',
      undo: activates && set.state === 'active',
      comment: actor.viewerId === null,
    },
  }
}

async function readApprovers(tx: Tx, actor: Actor, id: string): Promise<ChangeSet['approvers']> {
  const found = await tx.query<ChangeSet['approvers'][number] & { reasons: Reason[] }>(
    `select r.id::text as "requestId", r.row_version as "rowVersion", json_build_object('id', u.id::text, 'name', u.name) as person, u.title, r.state, coalesce(r.payload->'reasons', '[]') as reasons,
            r.answer, ${UTC('r.decided_at')} as "decidedAt", r.approver_id = $3 as mine
       from approval_request r join app_user u on u.tenant_id = $1 and u.id = r.approver_id
      where r.tenant_id = $1 and r.record_kind = 'changeSet' and r.record_id = $2 and r.state <> 'withdrawn' order by r.id`,
    [actor.tenantId, id, actor.userId],
  )
  return found.rows
}
