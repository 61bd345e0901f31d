/** Endpoints of the company's policy for changes 变更政策: who must approve from which size on, and which objections are accepted by themselves. */
import { z } from 'zod'
import { MEASURES } from '../../core/territory/approvers.ts'
import { FEEDBACK_MEASURES, FEEDBACK_REASONS } from '../../core/territory/feedback.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { done, id } from '../kernel/shapes.ts'

const measure = z.enum(MEASURES)
const policyLine = z.object({
  id: id.optional(),
  measure,
  atLeast: z.number().int().min(0).max(9_007_199_254_740_991),
  approver: z.enum(['managers', 'role', 'user']),
  roleId: id.nullable().optional(),
  userId: id.nullable().optional(),
})
export type PolicyLineRow = z.infer<typeof policyLine>
/**
 * An objection to the move of one's own customer, for this reason, is accepted by itself when the measure reaches `atLeast`:
 * `deal`, an open deal of one's own of that amount (minor units); `touch`, a note or a done task of one's own within so many days;
 * `distance`, so many kilometres from the centre of the other customers of who would get it. At most `most` customers a person and set.
 */
const feedbackLine = z.object({
  reason: z.enum(FEEDBACK_REASONS),
  measure: z.enum(FEEDBACK_MEASURES),
  atLeast: z.number().int().min(0).max(9_007_199_254_740_991),
  most: z.number().int().min(1).max(1000),
})
export type FeedbackLineRow = z.infer<typeof feedbackLine>
export const getPolicy = endpoint({
  method: 'GET',
  path: '/api/change-policy',
  summary: 'From which size of a change on who must approve it, and which objections are accepted by themselves',
  needs: 'territory.plan',
  reply: z.object({ rows: z.array(policyLine.extend({ who: z.string().nullable() })), feedback: z.array(feedbackLine.extend({ id })) }),
})
export const savePolicy = endpoint({
  method: 'PUT',
  path: '/api/change-policy',
  summary: 'Set who must approve changes and what is accepted by itself; sets submitted already keep their approvers',
  needs: 'tenant.manage',
  /** What is left out stays as it is. */
  body: z.object({ rows: z.array(policyLine).max(40).optional(), feedback: z.array(feedbackLine).max(20).optional() }),
  reply: done,
})
