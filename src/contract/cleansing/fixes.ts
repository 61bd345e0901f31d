/** Endpoints that mend data: one proposal or thousands, with preview and undo; warnings for a form before it is saved. */
import { z } from 'zod'
import { endpoint } from '../kernel/endpoint.ts'
import { done, id, idParams } from '../kernel/shapes.ts'
import { sliceBody } from './check-ups.ts'

/** `value` left out takes the proposal; empty text empties the field. */
const one = z.object({
  accountId: id,
  rowVersion: z.number().int(),
  field: z.string().min(1).max(40),
  kind: z.string().min(1).max(40),
  value: z.string().max(2000).optional(),
})
const fixBody = z.union([
  z.strictObject({ rows: z.array(one).min(1).max(500) }),
  /** Every proposal of this kind within the slice, up to 20,000. */
  z.strictObject({ all: sliceBody.required({ kind: true }) }),
])
export type FixBody = z.infer<typeof fixBody>

export const previewFixes = endpoint({
  method: 'POST',
  path: '/api/cleansing/fixes/preview',
  summary: 'What these fixes would change: how many, which territories they move to, examples',
  needs: 'account.edit',
  reads: true,
  body: fixBody,
  reply: z.object({
    matched: z.number(),
    editable: z.number(),
    moving: z.number(),
    examples: z.array(
      z.object({
        id,
        name: z.string(),
        before: z.string().nullable(),
        after: z.string().nullable(),
        territoryBefore: z.string().nullable(),
        territoryAfter: z.string().nullable(),
      }),
    ),
  }),
})
export type FixPreview = z.infer<typeof previewFixes.reply>
export const runFixes = endpoint({
  method: 'POST',
  path: '/api/cleansing/fixes',
  summary: 'Write these fixes; answers what can be undone',
  needs: 'account.edit',
  body: fixBody,
  reply: z.object({ id, changed: z.number(), stale: z.number() }),
})
export const undoFixes = endpoint({
  method: 'POST',
  path: '/api/cleansing/fixes/:id/undo',
  summary: 'Put back what fixes changed, where nobody changed the record since',
  needs: 'account.edit',
  params: idParams,
  reply: z.object({ restored: z.number(), kept: z.number(), unseen: z.number() }),
})

const skipped = z.object({
  rows: z
    .array(one.pick({ accountId: true, rowVersion: true, field: true, kind: true }))
    .min(1)
    .max(500),
})
export const skipProblems = endpoint({
  method: 'POST',
  path: '/api/cleansing/skips',
  summary: 'These are right as they are: leave them out of lists and scores until the customer’s data changes',
  needs: 'account.edit',
  body: skipped,
  reply: done,
})
export const unskipProblems = endpoint({
  method: 'POST',
  path: '/api/cleansing/skips/undo',
  summary: 'Count these again',
  needs: 'account.edit',
  body: skipped,
  reply: done,
})

/** Values as a form holds them, by field key. */
export const checkForm = endpoint({
  method: 'POST',
  path: '/api/cleansing/check',
  summary: 'What is doubtful about values somebody is typing, with proposals; a warning, never a refusal',
  needs: 'account.read',
  reads: true,
  body: z.object({ values: z.record(z.string().max(40), z.union([z.string().max(2000), z.number(), z.null()])) }),
  reply: z.object({
    warnings: z.array(
      z.object({ field: z.string(), kind: z.string(), words: z.string(), proposal: z.string().nullable(), proposalWords: z.string().nullable() }),
    ),
  }),
})
export type FormWarning = z.infer<typeof checkForm.reply>['warnings'][number]
