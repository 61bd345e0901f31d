/** Endpoints of giving many customers to one person 批量指派: counted first, then done, with one reason for all. */
import { z } from 'zod'
import { SCOPES } from '../account/accounts.ts'
import { condition } from '../condition/shape.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { id, text } from '../kernel/shapes.ts'

const selection = z.object({
  ids: z.array(id).max(10_000).optional(),
  scope: z.enum(SCOPES).default('all'),
  search: z.string().max(80).optional(),
  territoryId: id.optional(),
  ownerId: id.optional(),
  importId: id.optional(),
  filter: condition.optional(),
})
export const previewAssign = endpoint({
  method: 'POST',
  path: '/api/assignments/preview',
  summary: 'How many customers a selection holds, how many of them I may give away, and who owns them now',
  needs: 'account.assign',
  reads: true,
  body: selection,
  reply: z.object({
    matched: z.number(),
    editable: z.number(),
    owners: z.array(z.object({ id: id.nullable(), name: z.string().nullable(), accounts: z.number() })),
  }),
})
export const assignMany = endpoint({
  method: 'POST',
  path: '/api/assignments',
  summary: 'Give all customers of a selection to one person, with a reason; up to 10,000 at once',
  needs: 'account.assign',
  body: selection.extend({ toId: id, reason: text(400) }),
  reply: z.object({ assigned: z.number(), left: z.number() }),
})
export type AssignSelection = z.output<typeof selection>
