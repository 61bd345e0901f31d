/** Endpoints of a new edition of the divisions 区划新版: which abolished codes are still in use, by whom, and what takes their place. */
import { z } from 'zod'
import { endpoint } from '../kernel/endpoint.ts'
import { id, text } from '../kernel/shapes.ts'

const code = z.string().regex(/^\d{6}$/)
const place = z.object({ code, name: z.string() })
const territory = z.object({ id, code: z.string(), name: z.string() })

export const readEdition = endpoint({
  method: 'GET',
  path: '/api/cleansing/edition',
  summary: 'Codes of divisions that this edition does not have any more and that customers, addresses, rules or groups still use',
  needs: 'territory.plan',
  reply: z.object({
    edition: z.string(),
    mapUsed: z.boolean(),
    codes: z.array(
      z.object({
        code,
        name: z.string(),
        path: z.string(),
        change: z.enum(['recode', 'merge', 'split', 'abolished']),
        successors: z.array(place),
        /** Customers in my sight: by their place of business, their registered seat, their further sites. */
        accounts: z.number(),
        registered: z.number(),
        sites: z.number(),
        rules: z.array(territory),
        lists: z.array(z.object({ id, name: z.string() })),
      }),
    ),
  }),
})
export type EditionCode = z.infer<typeof readEdition.reply>['codes'][number]

/** keep: leave it. evidence: the successor that the address, else the point tells. Otherwise the code that takes its place. */
const choices = z
  .array(z.object({ code, to: z.union([z.enum(['keep', 'evidence']), code]) }))
  .min(1)
  .max(2000)
export type EditionChoices = z.infer<typeof choices>
const body = z.object({ choices })

export const previewRemap = endpoint({
  method: 'POST',
  path: '/api/cleansing/edition/preview',
  summary: 'What changing the codes of customers would do: how many, which move to another territory, which nobody can tell',
  needs: 'account.bulk',
  reads: true,
  body,
  reply: z.object({
    matched: z.number(),
    editable: z.number(),
    undecided: z.number(),
    moving: z.number(),
    more: z.boolean(),
    examples: z.array(
      z.object({
        id,
        name: z.string(),
        before: z.string().nullable(),
        after: z.string().nullable(),
        by: z.enum(['only', 'address', 'point', 'chosen']),
        territoryBefore: z.string().nullable(),
        territoryAfter: z.string().nullable(),
      }),
    ),
  }),
})
export type RemapPreview = z.infer<typeof previewRemap.reply>
export const runRemap = endpoint({
  method: 'POST',
  path: '/api/cleansing/edition/remap',
  summary: 'Change the codes of customers (20,000 at a time); answers what can be undone',
  needs: 'account.bulk',
  body,
  reply: z.object({ id, changed: z.number(), undecided: z.number(), more: z.boolean() }),
})
export const draftRemap = endpoint({
  method: 'POST',
  path: '/api/cleansing/edition/draft',
  summary: 'A draft change set whose rules name the codes of today; groups of divisions get a new version',
  needs: 'territory.plan',
  body: body.extend({ title: text(80) }),
  reply: z.object({ changeSetId: id, rules: z.number(), lists: z.number() }),
})
