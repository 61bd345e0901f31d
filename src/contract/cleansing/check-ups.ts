/** Endpoints of the data check-up 数据体检: scores by field, source, department and owner, and the list of what is to be mended. */
import { z } from 'zod'
import { endpoint } from '../kernel/endpoint.ts'
import { flag, id, page } from '../kernel/shapes.ts'

export const DIMENSIONS = ['source', 'department', 'owner'] as const
export type Dimension = (typeof DIMENSIONS)[number]
const counts = z.object({ total: z.number(), missing: z.number(), wrong: z.number(), inconsistent: z.number(), hints: z.number() })
export type Counts = z.infer<typeof counts>

/** Shares of 0 to 1: at least `green` is good, below `ochre` is bad. */
const threshold = z
  .object({ green: z.number().min(0).max(1), ochre: z.number().min(0).max(1) })
  .refine(t => t.ochre <= t.green, { message: 'ochre ≤ green', path: ['ochre'] })
const spec = z.object({
  completeness: threshold,
  accuracy: threshold,
  consistency: threshold,
  /** Fields that are looked at, in the order of the matrix; others count nowhere. */
  fields: z.array(z.string().min(1).max(40)).min(1).max(200),
  /** From how many customers on one telephone number counts as shared. */
  sharedPhone: z.number().int().min(2).max(10_000),
})
export type CleansingSpec = z.infer<typeof spec>

const field = z.object({ key: z.string(), label: z.string(), counts })
export type FieldScore = z.infer<typeof field>
/** What was found of one kind, within the reader's sight. */
const kind = z.object({ field: z.string(), kind: z.string(), label: z.string(), measure: z.string(), count: z.number() })
export type KindCount = z.infer<typeof kind>

export const readCheckUp = endpoint({
  method: 'GET',
  path: '/api/cleansing',
  summary: 'The last check-up as far as I may see: scores by field, kinds of problems, thresholds; a running one with its progress',
  needs: 'account.read',
  reply: z.object({
    run: z.object({ id, endedAt: z.string(), accounts: z.number(), edition: z.string(), mapUsed: z.boolean() }).nullable(),
    running: z.object({ id, jobId: id.nullable(), done: z.number(), total: z.number().nullable() }).nullable(),
    /** The newest one came to no end; what is shown is of the one before. */
    failed: z.boolean(),
    /** company: the run's own figures. sight: counted now, over the customers I may see. wide: I see more than are
     * counted while one waits, so that there are lists and no figures (every count is 0). */
    scope: z.enum(['company', 'sight', 'wide']),
    accounts: z.number(),
    fields: z.array(field),
    kinds: z.array(kind),
    spec,
    rowVersion: z.number(),
    /** How many fields are looked at that my role hides. */
    hidden: z.number(),
  }),
})
export type CheckUp = z.infer<typeof readCheckUp.reply>

export const listCheckUps = endpoint({
  method: 'GET',
  path: '/api/cleansing/check-ups',
  summary: 'Check-ups so far with their scores, newest first; for those who see every customer, because past figures are of the whole company',
  needs: 'account.read',
  query: z.object({ cursor: z.string().max(40).optional() }),
  reply: page(
    z.object({
      id,
      endedAt: z.string(),
      accounts: z.number(),
      completeness: z.number(),
      accuracy: z.number(),
      consistency: z.number(),
      by: z.string().nullable(),
    }),
  ),
})
export type PastCheckUp = z.infer<typeof listCheckUps.reply>['rows'][number]

export const startCheckUp = endpoint({
  method: 'POST',
  path: '/api/cleansing/check-ups',
  summary: 'Check every customer of the company; answers the job',
  needs: 'account.bulk',
  reply: z.object({ id, jobId: id }),
})

export const readMatrix = endpoint({
  method: 'GET',
  path: '/api/cleansing/matrix',
  summary: 'Scores of every field by source, department or owner, the largest first',
  needs: 'account.read',
  query: z.object({ dimension: z.enum(DIMENSIONS), cursor: z.string().max(120).optional() }),
  reply: page(z.object({ value: z.string(), label: z.string(), accounts: z.number(), fields: z.record(z.string(), counts) })),
})
export type MatrixRow = z.infer<typeof readMatrix.reply>['rows'][number]

export const saveSettings = endpoint({
  method: 'PUT',
  path: '/api/cleansing/settings',
  summary: 'Which fields are looked at, and from which share on a score is good or bad',
  needs: 'field.manage',
  body: z.object({ spec, rowVersion: z.number().int().min(0) }),
  reply: z.object({ rowVersion: z.number() }),
})

const slice = {
  field: z.string().min(1).max(40),
  kind: z.string().min(1).max(40).optional(),
  dimension: z.enum(DIMENSIONS).optional(),
  /** Of the dimension; empty means without one. */
  value: z.string().max(40).optional(),
}
const problem = z.object({
  accountId: id,
  name: z.string(),
  owner: z.string().nullable(),
  rowVersion: z.number(),
  field: z.string(),
  kind: z.string(),
  label: z.string(),
  /** Why it is a problem, in the reader's language. */
  words: z.string(),
  value: z.string().nullable(),
  /** What would stand there afterwards; empty text empties the field; null: only a person can tell. */
  proposal: z.string().nullable(),
  /** The proposal or value as one reads it: a division by its name. */
  valueWords: z.string().nullable(),
  proposalWords: z.string().nullable(),
  editable: z.boolean(),
  skipped: z.boolean(),
})
export type ProblemRow = z.infer<typeof problem>
export const listProblems = endpoint({
  method: 'GET',
  path: '/api/cleansing/problems',
  summary: 'The fix list: customers with a problem in a field, what it says, why that is wrong, and what would be right',
  needs: 'account.read',
  query: z.object({
    ...slice,
    skipped: flag.default(false),
    cursor: z.string().max(120).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  reply: page(problem),
})
export const exportProblems = endpoint({
  method: 'POST',
  path: '/api/cleansing/problems/export',
  summary: 'The fix list of one field, or of all, as CSV',
  needs: 'account.export',
  reads: true,
  raw: true,
  body: z.object({ field: slice.field.optional(), kind: slice.kind }),
  reply: z.unknown(),
})

export const sliceBody = z.object(slice)
