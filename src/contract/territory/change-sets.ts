/** Endpoints of change sets 变更集: what a draft would do, who must approve, comments, submission, schedule. */
import { z } from 'zod'
import { MEASURES } from '../../core/territory/approvers.ts'
import { FEEDBACK_MEASURES, FEEDBACK_REASONS } from '../../core/territory/feedback.ts'
import { condition } from '../condition/shape.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { created, done, id, idParams, optionalText, page, text } from '../kernel/shapes.ts'

const person = z.object({ id, name: z.string() })
const measure = z.enum(MEASURES)
/** Why somebody objects. */
const reason = z.enum(FEEDBACK_REASONS)
export const HOLDOVER = ['all', 'none', 'amount'] as const
/** `past`: it was active and another model is now; `undone`: its activation was taken back. */
export const CHANGE_SET_STATES = ['draft', 'submitted', 'approved', 'refused', 'scheduled', 'active', 'undone', 'past'] as const
const state = z.enum(CHANGE_SET_STATES)

export const figures = z.object({
  accounts: z.number(),
  owners: z.number(),
  territories: z.number(),
  shareBp: z.number(),
  keyAccounts: z.number(),
  people: z.number(),
  sightGained: z.number(),
  sightLost: z.number(),
  seers: z.number(),
  deals: z.number(),
  /** Minor units of the company's currency; deals in other currencies are counted and not summed. */
  dealAmount: z.number(),
  tasks: z.number(),
  requests: z.number(),
  unassigned: z.object({ before: z.number(), after: z.number() }),
  contested: z.object({ before: z.number(), after: z.number() }),
  territoriesChanged: z.number(),
})
export type ChangeFigures = z.infer<typeof figures>

const limitReached = z.object({ measure, value: z.number(), atLeast: z.number(), as: z.enum(['managers', 'role', 'user']) })
const row = z.object({
  id,
  modelId: id,
  title: z.string(),
  state,
  version: z.number().nullable(),
  createdBy: person,
  createdAt: z.string(),
  submittedAt: z.string().nullable(),
  effectiveAt: z.string().nullable(),
  owners: z.number().nullable(),
  approvals: z.object({ asked: z.number(), approved: z.number() }),
  mine: z.boolean(),
})
export type ChangeSetRow = z.infer<typeof row>

export const listChangeSets = endpoint({
  method: 'GET',
  path: '/api/change-sets',
  summary: 'Change sets, newest first: those I may know',
  needs: 'territory.read',
  query: z.object({ box: z.enum(['open', 'done', 'all']).default('open'), cursor: z.string().max(40).optional() }),
  reply: page(row),
})

export const getChangeSet = endpoint({
  method: 'GET',
  path: '/api/change-sets/:id',
  summary: 'One change set: figures, approvers with the reason, schedule, checks',
  needs: 'territory.read',
  params: idParams,
  reply: row.extend({
    /** False for whoever is only affected: then figures, approvers, checks and rules are not told, of lines and comments only his own. */
    whole: z.boolean(),
    why: z.string().nullable(),
    shared: z.boolean(),
    baseModelId: id.nullable(),
    baseVersion: z.number().nullable(),
    holdoverDays: z.number(),
    /** Which open deals are held: all, none, or from an amount on (minor units of the company's currency). */
    holdoverOf: z.enum(HOLDOVER),
    /** Those whose customers move are asked: they read their own part and may object before it is decided. */
    feedback: z.boolean(),
    submittedBy: person.nullable(),
    figures: figures.nullable(),
    figuresAt: z.string().nullable(),
    /** The draft or its base changed after the figures were made. */
    drifted: z.boolean(),
    /** Another model was activated meanwhile: the draft must be moved onto it. */
    outdated: z.boolean(),
    /** Made on a model that is scheduled and not yet in use: it takes effect after that one. */
    after: z.string().nullable(),
    /** A draft that may be moved onto another model: the one in use, or one that is scheduled. */
    movable: z.boolean(),
    /** In use: scheduled sets whose instants an undo takes back. */
    strands: z.array(z.string()),
    job: z.object({ id, kind: z.string(), done: z.number(), total: z.number().nullable() }).nullable(),
    approvers: z.array(
      z.object({
        requestId: id,
        rowVersion: z.number(),
        person,
        title: z.string().nullable(),
        state: z.enum(['asked', 'approved', 'refused', 'withdrawn']),
        reasons: z.array(limitReached),
        answer: z.string().nullable(),
        decidedAt: z.string().nullable(),
        mine: z.boolean(),
      }),
    ),
    checks: z.array(z.object({ code: z.enum(['faults', 'sum', 'gaps', 'overlaps', 'nobody', 'base']), ok: z.boolean(), words: z.string() })),
    may: z.object({
      edit: z.boolean(),
      submit: z.boolean(),
      withdraw: z.boolean(),
      approve: z.boolean(),
      schedule: z.boolean(),
      cancel: z.boolean(),
      undo: z.boolean(),
      comment: z.boolean(),
    }),
    comments: z.number(),
    rules: z.number(),
    rowVersion: z.number(),
  }),
})
export type ChangeSet = z.infer<typeof getChangeSet.reply>

export const updateChangeSet = endpoint({
  method: 'PATCH',
  path: '/api/change-sets/:id',
  summary: 'Change title, reason, who may edit, who is asked, planned instant, holdover',
  needs: 'territory.plan',
  params: idParams,
  versioned: true,
  body: z.object({
    title: text(80).optional(),
    why: optionalText(2000).optional(),
    shared: z.boolean().optional(),
    effectiveAt: z.iso.datetime({ offset: true }).nullable().optional(),
    holdoverDays: z.number().int().min(0).max(365).optional(),
    /** Ask those whose customers move before it is decided. The author alone. */
    feedback: z.boolean().optional(),
  }),
  reply: z.object({ rowVersion: z.number() }),
})

export const computeChangeSet = endpoint({
  method: 'POST',
  path: '/api/change-sets/:id/compute',
  summary: 'Compute what the change does, from today’s data; approvals are kept where the figures do not reach a new limit',
  needs: 'territory.plan',
  params: idParams,
  reply: z.object({ jobId: id }),
})

const line = z.object({
  id: id.nullable(),
  name: z.string().nullable(),
  code: z.string().nullable(),
  colour: z.number().nullable(),
  owner: z.string().nullable(),
  before: z.number(),
  after: z.number(),
  gained: z.number(),
  lost: z.number(),
})
export const changeSetLines = endpoint({
  method: 'GET',
  path: '/api/change-sets/:id/lines',
  summary: 'Before and after by territory, by owner, or by who sees the records; largest change first, with the sum',
  needs: 'territory.read',
  params: idParams,
  query: z.object({ by: z.enum(['territory', 'owner', 'sight']).default('territory'), cursor: z.string().max(40).optional() }),
  reply: page(line).extend({ total: z.object({ before: z.number(), after: z.number(), gained: z.number(), lost: z.number(), lines: z.number() }) }),
})
export type ChangeSetLine = z.infer<typeof line>

const place = z.object({ id, code: z.string(), name: z.string(), colour: z.number() }).nullable()
const move = z.object({
  accountId: id,
  name: z.string(),
  fromOwner: person.nullable(),
  toOwner: person.nullable(),
  fromTerritory: place,
  toTerritory: place,
})
export type ChangeSetMove = z.infer<typeof move>
export const changeSetMoves = endpoint({
  method: 'GET',
  path: '/api/change-sets/:id/moves',
  summary: 'Accounts that change owner or territory, those within my sight',
  needs: 'territory.read',
  params: idParams,
  query: z.object({
    territoryId: id.optional(),
    ownerId: id.optional(),
    cursor: z.string().max(40).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  reply: page(move),
})
export const exportChangeSet = endpoint({
  method: 'GET',
  path: '/api/change-sets/:id/export',
  summary: 'The moves within my sight and the sums as XLSX',
  needs: 'account.export',
  params: idParams,
  reply: z.any(),
  raw: true,
})

export const changeSetRules = endpoint({
  method: 'GET',
  path: '/api/change-sets/:id/rules',
  summary: 'Territories added, removed and changed, each rule line by line with the accounts it moves, members and types',
  needs: 'territory.read',
  params: idParams,
  query: z.object({ cursor: z.string().max(40).optional() }),
  reply: page(
    z.object({
      territoryId: id,
      code: z.string(),
      name: z.string(),
      colour: z.number(),
      change: z.enum(['added', 'removed', 'changed']),
      fromVersion: z.number().nullable(),
      toVersion: z.number().nullable(),
      fields: z.array(
        z.object({
          field: z.enum(['name', 'code', 'parent', 'type', 'inherit', 'priority']),
          before: z.string().nullable(),
          after: z.string().nullable(),
        }),
      ),
      lines: z.array(
        z.object({
          change: z.enum(['same', 'added', 'removed']),
          depth: z.number(),
          words: z.string(),
          condition,
          /** Above 0: came by this line; below 0: left by it. */
          accounts: z.number().nullable(),
          /** The territory above that the line stands in; such lines come last. */
          inheritedFrom: z.string().nullable(),
        }),
      ),
      members: z.array(z.object({ change: z.enum(['added', 'removed']), person, role: z.string() })),
    }),
  ),
})
export type ChangedRule = z.infer<typeof changeSetRules.reply>['rows'][number]

export const changeSetWork = endpoint({
  method: 'GET',
  path: '/api/change-sets/:id/work',
  summary: 'Open deals, tasks and requests on the accounts that move, those within my sight',
  needs: 'territory.read',
  params: idParams,
  query: z.object({ of: z.enum(['deals', 'tasks', 'requests']).default('deals'), cursor: z.string().max(40).optional() }),
  reply: page(
    z.object({
      id,
      accountId: id,
      accountName: z.string(),
      text: z.string(),
      amount: z.number().nullable(),
      currency: z.string().nullable(),
      due: z.string().nullable(),
      fromOwner: person.nullable(),
      toOwner: person.nullable(),
      /** Deals: whether who has the customer now keeps it during holdover; null: nothing to keep, the owner stays or there was none. */
      held: z.boolean().nullable(),
    }),
  ).extend({
    /** Deals within my sight whose customer changes owner, and how many of them are held; on the first page alone. */
    holdover: z.object({ of: z.enum(HOLDOVER), atLeast: z.number().nullable(), deals: z.number(), held: z.number() }).nullable(),
  }),
})
export type ChangeSetWork = z.infer<typeof changeSetWork.reply>['rows'][number]

const comment = z.object({
  id,
  anchor: z.object({ kind: z.enum(['territory', 'owner', 'account']), id, name: z.string().nullable() }).nullable(),
  reason: reason.nullable(),
  body: z.string(),
  author: person,
  createdAt: z.string(),
  answer: z.string().nullable(),
  answeredBy: person.nullable(),
  accepted: z.boolean().nullable(),
  /** The company's policy accepted it by itself: the line that it meets, and what was seen. Money in minor units, days, kilometres. */
  basis: z.object({ reason, measure: z.enum(FEEDBACK_MEASURES), atLeast: z.number(), seen: z.number(), accounts: z.number().optional() }).nullable(),
  /** Accepted by policy: `pinned`, the draft keeps the account where it was; `waits`, it will as soon as the set is a draft again. */
  effect: z.enum(['pinned', 'waits']).nullable(),
})
export type ChangeSetComment = z.infer<typeof comment>
export const listComments = endpoint({
  method: 'GET',
  path: '/api/change-sets/:id/comments',
  summary: 'What people say of a change set',
  needs: 'territory.read',
  params: idParams,
  query: z.object({ cursor: z.string().max(40).optional() }),
  reply: page(comment),
})
export const addComment = endpoint({
  method: 'POST',
  path: '/api/change-sets/:id/comments',
  summary: 'Say something of a change set, or of one row of it, with a reason',
  needs: 'territory.read',
  params: idParams,
  body: z.object({
    body: text(2000),
    anchor: z.object({ kind: z.enum(['territory', 'owner', 'account']), id }).optional(),
    reason: reason.optional(),
  }),
  reply: created.extend({ /** The company's policy accepted it at once. */ accepted: z.boolean() }),
})
export const answerComment = endpoint({
  method: 'POST',
  path: '/api/change-sets/:id/comments/:commentId/answer',
  summary: 'Answer what somebody said, and whether it is taken up; a no takes back what the policy accepted',
  needs: 'territory.plan',
  params: z.object({ id, commentId: id }),
  body: z.object({ answer: text(2000), accepted: z.boolean() }),
  reply: done,
})

export const submitChangeSet = endpoint({
  method: 'POST',
  path: '/api/change-sets/:id/submit',
  summary: 'Freeze the draft, compute it beside the live models and ask those who must approve',
  needs: 'territory.plan',
  params: idParams,
  body: z.object({ why: text(2000), effectiveAt: z.iso.datetime({ offset: true }).nullable().optional() }),
  reply: z.object({ jobId: id }),
})
export const withdrawChangeSet = endpoint({
  method: 'POST',
  path: '/api/change-sets/:id/withdraw',
  summary: 'Back to a draft that can be changed; requests are withdrawn',
  needs: 'territory.plan',
  params: idParams,
  body: z.object({}),
  reply: done,
})
export const sendBackChangeSet = endpoint({
  method: 'POST',
  path: '/api/change-sets/:id/send-back',
  summary: 'As one who must approve: ask for changes (it becomes a draft again) or refuse it for good',
  needs: 'territory.read',
  params: idParams,
  body: z.object({ refuse: z.boolean(), answer: text(2000) }),
  reply: done,
})
export const scheduleChangeSet = endpoint({
  method: 'POST',
  path: '/api/change-sets/:id/schedule',
  summary: 'Activate at an instant, now, or (neither named) at the planned instant if that lies ahead; those affected are told',
  needs: 'territory.activate',
  params: idParams,
  body: z.object({ effectiveAt: z.iso.datetime({ offset: true }).optional(), now: z.literal(true).optional(), why: z.string().max(400).optional() }),
  reply: z.object({ seq: id, effectiveAt: z.string() }),
})
export const cancelSchedule = endpoint({
  method: 'DELETE',
  path: '/api/change-sets/:id/schedule',
  summary: 'Take back an activation that is not yet effective',
  needs: 'territory.activate',
  params: idParams,
  reply: done,
})
