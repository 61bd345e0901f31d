/** Endpoints of duplicates 查重: the warning while typing, the queue of pairs, merging two customers and taking it back. */
import { z } from 'zod'
import { endpoint } from '../kernel/endpoint.ts'
import { created, done, id, idParams, optionalText, page, text } from '../kernel/shapes.ts'

/** feature: name, code, phone …; level: same, typo, differs …; bits: how much it speaks for one company (negative: against). */
const evidence = z.array(z.object({ feature: z.string(), level: z.string(), bits: z.number() }))
export type EvidenceRow = z.infer<typeof evidence>[number]
/** Where the other one is, as far as the asker may know. */
const where = z.object({
  kind: z.enum(['seen', 'owned', 'unowned', 'pool', 'hidden']),
  ownerName: z.string().nullable(),
  territory: z.string().nullable(),
  /** Nobody else takes it before; told of customers one sees. */
  protectedUntil: z.string().nullable(),
})
const hit = z.object({
  /** null: out of the asker's sight. */
  accountId: id.nullable(),
  name: z.string().nullable(),
  score: z.number(),
  decision: z.enum(['merge', 'review']),
  evidence,
  where,
})
export type DuplicateHit = z.infer<typeof hit>
export const checkDuplicates = endpoint({
  method: 'POST',
  path: '/api/duplicates/check',
  summary: 'Customers that may be the same as the one being typed, and where they are, as far as I may know',
  needs: 'account.read',
  reads: true,
  body: z.object({
    names: z.array(text(200)).min(1).max(5),
    creditCode: optionalText(40).default(null),
    phones: z.array(text(60)).max(10).default([]),
    emails: z.array(text(120)).max(10).default([]),
    website: optionalText(200).default(null),
    address: optionalText(300).default(null),
    division: optionalText(20).default(null),
    industry: optionalText(20).default(null),
    /** The customer being edited is not its own duplicate. */
    exceptId: id.optional(),
  }),
  reply: z.object({ hits: z.array(hit) }),
})

const side = z.object({
  id,
  name: z.string(),
  owner: z.string().nullable(),
  territory: z.object({ id, code: z.string(), name: z.string(), colour: z.number() }).nullable(),
  updatedAt: z.string(),
})
const pair = z.object({
  id,
  a: side,
  b: side,
  score: z.number(),
  decision: z.enum(['merge', 'review']),
  state: z.enum(['open', 'different', 'merged']),
  evidence,
  foundAt: z.string(),
  decidedBy: z.string().nullable(),
  decidedAt: z.string().nullable(),
  reason: z.string().nullable(),
})
export type DuplicatePair = z.infer<typeof pair>
export const listDuplicates = endpoint({
  method: 'GET',
  path: '/api/duplicates',
  summary: 'Pairs of which I see both customers, the surest first',
  needs: 'account.read',
  query: z.object({
    state: z.enum(['open', 'different', 'merged']).default('open'),
    decision: z.enum(['merge', 'review']).optional(),
    accountId: id.optional(),
    cursor: z.string().max(60).optional(),
  }),
  reply: page(pair).extend({
    /** Open pairs in my sight, up to 1,000 of each. */
    counts: z.object({ merge: z.number(), review: z.number() }),
    /** The last check of the whole base. */
    run: z
      .object({
        state: z.enum(['waiting', 'running', 'done', 'failed']),
        done: z.number(),
        total: z.number().nullable(),
        at: z.string(),
        pairs: z.number().nullable(),
      })
      .nullable(),
  }),
})

const value = z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()])
const compared = z.object({
  pair,
  rowVersions: z.object({ a: z.number(), b: z.number() }),
  /** Fields in which one says something; `suggested`: the side the rules of survivorship choose. */
  fields: z.array(z.object({ key: z.string(), a: value, b: value, suggested: z.enum(['a', 'b']), rule: z.string() })),
  /** What hangs on each and would follow: contacts, notes, tasks, files, deals, addresses, keys, companies below. */
  attached: z.array(z.object({ kind: z.string(), a: z.number(), b: z.number() })),
  /** The one that keeps its number: who has more behind it. */
  suggestedSurvivor: z.enum(['a', 'b']),
  mayMerge: z.boolean(),
})
export type ComparedPair = z.infer<typeof compared>
export const compareDuplicates = endpoint({
  method: 'GET',
  path: '/api/duplicates/:id',
  summary: 'Two customers side by side, field by field, with the evidence and what a merge would take from each',
  needs: 'account.read',
  params: idParams,
  reply: compared,
})
export const markDifferent = endpoint({
  method: 'POST',
  path: '/api/duplicates/:id/different',
  summary: 'These are not the same company; remembered, and never proposed again',
  needs: 'account.edit',
  params: idParams,
  body: z.object({ reason: optionalText(300).default(null) }),
  reply: done,
})
export const reopenPair = endpoint({
  method: 'POST',
  path: '/api/duplicates/:id/reopen',
  summary: 'Look at a pair again that was called different',
  needs: 'account.edit',
  params: idParams,
  reply: done,
})
export const mergeDuplicates = endpoint({
  method: 'POST',
  path: '/api/duplicates/merge',
  summary: 'Two customers become one: fields by choice, everything attached follows; can be undone',
  needs: 'account.merge',
  body: z.object({
    survivorId: id,
    mergedId: id,
    /** Versions that were looked at. */
    survivorVersion: z.number().int(),
    mergedVersion: z.number().int(),
    /** Fields taken from the one that goes; all others stay as the survivor has them. */
    take: z.array(z.string().max(40)).max(500).default([]),
  }),
  reply: created,
})
export const mergeSure = endpoint({
  method: 'POST',
  path: '/api/duplicates/merge-sure',
  summary: 'Merges the surest open pairs by the rules of survivorship, at most `limit` at a time, each by itself',
  needs: 'account.merge',
  body: z.object({ limit: z.number().int().min(1).max(50).default(20) }),
  reply: z.object({ merged: z.number(), skipped: z.array(z.object({ pairId: id, code: z.string(), text: z.string() })) }),
})
const merge = z.object({
  id,
  survivorId: id,
  survivor: z.string(),
  merged: z.string(),
  by: z.string().nullable(),
  at: z.string(),
  undoneAt: z.string().nullable(),
  moved: z.number(),
})
export type MergeRow = z.infer<typeof merge>
export const listMerges = endpoint({
  method: 'GET',
  path: '/api/duplicates/merges',
  summary: 'Merges in my sight, the newest first',
  needs: 'account.read',
  query: z.object({ accountId: id.optional(), cursor: z.string().max(30).optional() }),
  reply: page(merge),
})
export const undoMerge = endpoint({
  method: 'POST',
  path: '/api/duplicates/merges/:id/undo',
  summary: 'Two customers again, each with what was its own; what was written since stays with the survivor',
  needs: 'account.merge',
  params: idParams,
  reply: z.object({ accountId: id, kept: z.array(z.string()) }),
})
export const runDuplicates = endpoint({
  method: 'POST',
  path: '/api/duplicates/run',
  summary: 'Check the whole base for duplicates',
  needs: 'account.merge',
  reply: z.object({ jobId: id }),
})

export const SURVIVORSHIP = ['survivor', 'newest', 'longest', 'filled'] as const
export type Survivorship = (typeof SURVIVORSHIP)[number]
const policy = z.object({
  hints: z.enum(['none', 'exists', 'owner']),
  /** By field key; fields not named take what is filled, the survivor's first. */
  survivorship: z.record(z.string().max(40), z.enum(SURVIVORSHIP)),
})
const alias = z.object({ id, names: z.array(z.string()), rowVersion: z.number() })
export const readDuplicatePolicy = endpoint({
  method: 'GET',
  path: '/api/duplicates/policy',
  summary: 'What warnings may tell, which side a field is taken from, and other names of brands',
  needs: 'account.read',
  reply: policy.extend({ rowVersion: z.number(), aliases: z.array(alias) }),
})
export const saveDuplicatePolicy = endpoint({
  method: 'PATCH',
  path: '/api/duplicates/policy',
  summary: 'Change what warnings may tell and how fields survive',
  needs: 'account.merge',
  versioned: true,
  body: policy.partial(),
  reply: z.object({ rowVersion: z.number() }),
})
export const addAlias = endpoint({
  method: 'POST',
  path: '/api/duplicates/aliases',
  summary: 'Names that are one brand',
  needs: 'account.merge',
  body: z.object({ names: z.array(text(60)).min(2).max(10) }),
  reply: created,
})
export const removeAlias = endpoint({
  method: 'DELETE',
  path: '/api/duplicates/aliases/:id',
  summary: 'These names are no longer one brand',
  needs: 'account.merge',
  params: idParams,
  versioned: true,
  reply: done,
})
