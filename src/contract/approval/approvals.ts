/** Endpoints of approvals 审批: ask, who would decide, what waits for me, decide, withdraw. Kinds are registered by the capabilities. */
import { z } from 'zod'
import { endpoint } from '../kernel/endpoint.ts'
import { created, id, idParams, optionalText, page, text } from '../kernel/shapes.ts'

export const APPROVAL_KINDS = ['account.transfer', 'account.share', 'account.extension'] as const
const person = z.object({ id, name: z.string() })
const kind = z.enum(APPROVAL_KINDS)
/** Asked by other ways than this page: the submission of a change set. */
const anyKind = z.enum([...APPROVAL_KINDS, 'changeSet.approve'])
/** What exactly is asked, by kind: a transfer names the owner to be, a share its access and end. */
const payload = z.object({
  ownerId: id.optional(),
  access: z.enum(['read', 'private', 'edit']).optional(),
  until: z.iso.datetime({ offset: true }).nullable().optional(),
  /** Of an extension: how many days. */
  days: z.number().int().min(1).max(365).optional(),
  /** Of a change set: the limits that it reaches. */
  reasons: z.array(z.object({ measure: z.string(), value: z.number(), atLeast: z.number(), as: z.string() })).optional(),
})
export type ApprovalPayload = z.infer<typeof payload>

export const approvalRow = z.object({
  id,
  kind: anyKind,
  state: z.enum(['asked', 'approved', 'refused', 'withdrawn']),
  recordId: id,
  /** Null when the record is out of the reader's sight. */
  recordName: z.string().nullable(),
  payload,
  /** Names of the people the payload speaks of. */
  people: z.record(z.string(), z.string()),
  askedBy: person,
  approver: person,
  decidedBy: person.nullable(),
  why: z.string().nullable(),
  answer: z.string().nullable(),
  createdAt: z.string(),
  decidedAt: z.string().nullable(),
  /** The ground has moved since: it can be refused or withdrawn, not approved. */
  stale: z.boolean(),
  mayDecide: z.boolean(),
  mayWithdraw: z.boolean(),
  rowVersion: z.number(),
})
export type ApprovalRow = z.infer<typeof approvalRow>

export const listApprovals = endpoint({
  method: 'GET',
  path: '/api/approvals',
  summary: 'Requests that wait for my decision, those I asked, or those about one account that I see',
  needs: 'person',
  query: z.object({
    box: z.enum(['decide', 'asked', 'done']).default('decide'),
    accountId: id.optional(),
    cursor: z.string().max(20).optional(),
    limit: z.coerce.number().int().min(1).max(100).default(50),
  }),
  reply: page(approvalRow),
})
export const findApprover = endpoint({
  method: 'POST',
  path: '/api/approvals/approver',
  summary: 'Who would decide such a request: the nearest person who may',
  needs: 'person',
  reads: true,
  body: z.object({ kind, recordId: id, payload }),
  reply: z.object({ approver: person.extend({ title: z.string().nullable() }).nullable() }),
})
export const askApproval = endpoint({
  method: 'POST',
  path: '/api/approvals',
  summary: 'Ask for something that I may not do myself',
  needs: 'person',
  body: z.object({ kind, recordId: id, payload, why: text(400) }),
  reply: created.extend({ approver: person }),
})
export const decideApproval = endpoint({
  method: 'POST',
  path: '/api/approvals/:id/decide',
  summary: 'Approve a request, which does what was asked in the same moment, or refuse it with words',
  needs: 'person',
  params: idParams,
  versioned: true,
  body: z.object({ approve: z.boolean(), answer: optionalText(400).optional() }),
  reply: z.object({ state: z.enum(['approved', 'refused']) }),
})
export const withdrawApproval = endpoint({
  method: 'POST',
  path: '/api/approvals/:id/withdraw',
  summary: 'Take back a request of mine that nobody decided yet',
  needs: 'person',
  params: idParams,
  versioned: true,
  reply: z.object({ state: z.literal('withdrawn') }),
})
