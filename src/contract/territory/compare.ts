/**
 * Endpoints that set any two models side by side 模型对照: structure, rules, people and numbers, and all of it as a workbook. A is "before",
 * B is "after", whichever is the older. Structure is for those who plan; numbers count only the customers that the asker may see.
 */
import { z } from 'zod'
import { endpoint } from '../kernel/endpoint.ts'
import { id, labels, page } from '../kernel/shapes.ts'
import { changeSetRules } from './change-sets.ts'

const pair = { a: id, b: id }
const cursor = z.string().max(60).optional()

const head = z.object({
  id,
  name: z.string(),
  state: z.enum(['draft', 'materialising', 'ready', 'archived']),
  version: z.number().nullable(),
  active: z.boolean(),
})
export type ComparedModel = z.infer<typeof head>

const typeWords = z.object({ labels, layer: z.enum(['exclusive', 'overlay']), precedence: z.number() })
export const COMPARE_ABOUT = ['all', 'structure', 'rules'] as const

/** A page of changed territories in the order of the tree: what one would have to change in A to get B. */
export const compareModels = endpoint({
  method: 'GET',
  path: '/api/models/compare',
  summary: 'Any two models side by side: territories added, removed, changed, with their fields and rules line by line; types',
  needs: 'territory.plan',
  /** about: `structure` only territories that come, go or change a field; `rules` only those whose rule changes. */
  query: z.object({ ...pair, about: z.enum(COMPARE_ABOUT).default('all'), cursor }),
  reply: z.object({
    a: head,
    b: head,
    rows: z.array(
      changeSetRules.reply.shape.rows.element.extend({
        /** The territories above it, the root first: in B, of one that is gone in A. */
        path: z.array(z.object({ id, code: z.string(), name: z.string(), colour: z.number() })),
      }),
    ),
    next: z.string().nullable(),
    /** Of all changed territories, whatever the page is about; `parts`: how many change a rule, and of how many the members differ. */
    summary: z.object({ added: z.number(), changed: z.number(), removed: z.number() }),
    parts: z.object({ rules: z.number(), members: z.number() }),
    types: z.array(
      z.object({ key: z.string(), change: z.enum(['added', 'removed', 'changed']), before: typeWords.nullable(), after: typeWords.nullable() }),
    ),
  }),
})
export type ComparedTerritory = z.infer<typeof compareModels.reply>['rows'][number]
export type ComparedType = z.infer<typeof compareModels.reply>['types'][number]

const membership = z.object({
  role: z.enum(['owner', 'collaborator', 'manager', 'viewer']),
  access: z.enum(['read', 'private', 'edit']),
  creditBp: z.number(),
  startsAt: z.string(),
  endsAt: z.string().nullable(),
})
/** Memberships that have not ended, by territory and person; several of one person in a territory stand in one row. */
export const compareMembers = endpoint({
  method: 'GET',
  path: '/api/models/compare/members',
  summary: 'Who is a member of which territory under one model and not, or otherwise, under the other',
  needs: 'territory.plan',
  query: z.object({ ...pair, cursor }),
  reply: page(
    z.object({
      territoryId: id,
      code: z.string(),
      name: z.string(),
      colour: z.number(),
      person: z.object({ id, name: z.string() }),
      change: z.enum(['added', 'removed', 'changed']),
      before: z.array(membership),
      after: z.array(membership),
    }),
  ).extend({ territories: z.number(), total: z.number() }),
})
export type ComparedMember = z.infer<typeof compareMembers.reply>['rows'][number]

/**
 * Where a model's numbers come from. placed: its own placements, as they stand now. archive: it is archived, so as they stood when it was last
 * in force. computed: a draft, from the last computation of its change set on the placements of its base. none: there are none, `why` says why.
 */
const basis = z.object({
  kind: z.enum(['placed', 'archive', 'computed', 'none']),
  /** When the numbers were true; null: now. */
  at: z.string().nullable(),
  /** The draft, its base or its customers' fields changed since they were computed. */
  drifted: z.boolean(),
  why: z.enum(['notComputed', 'computing', 'neverUsed', 'baseGone']).nullable(),
  /** Computing it gives the numbers; null where it cannot help. */
  changeSetId: id.nullable(),
})
export type CompareBasis = z.infer<typeof basis>
/** Money in whole units of the company's currency; null where the role hides the field. */
const sums = z.object({ accounts: z.number(), owners: z.number(), potential: z.string().nullable(), revenue: z.string().nullable() })
export type CompareSums = z.infer<typeof sums>

/** By the territory that takes the customers itself, most customers won and lost first; the line without a territory has the id null. */
export const compareNumbers = endpoint({
  method: 'GET',
  path: '/api/models/compare/numbers',
  summary: 'Customers, owners, potential and revenue by territory under two models, within my sight, with what differs',
  needs: 'territory.plan',
  query: z.object({ ...pair, cursor }),
  reply: z.object({
    /** False: customers out of the asker's sight are in no number. */
    whole: z.boolean(),
    basis: z.object({ a: basis, b: basis }),
    total: z.object({ a: sums.nullable(), b: sums.nullable() }),
    /** Customers that stand under both, of them those with another owner, and with another territory; null where one of the two has no numbers. */
    moved: z.object({ both: z.number(), owners: z.number(), territories: z.number() }).nullable(),
    /** A side without numbers is null; then nothing is gained or lost either. */
    rows: z.array(
      z.object({
        id: id.nullable(),
        code: z.string().nullable(),
        name: z.string().nullable(),
        colour: z.number().nullable(),
        a: sums.nullable(),
        b: sums.nullable(),
        gained: z.number().nullable(),
        lost: z.number().nullable(),
      }),
    ),
    next: z.string().nullable(),
  }),
})
export type CompareNumbers = z.infer<typeof compareNumbers.reply>

export const exportComparison = endpoint({
  method: 'GET',
  path: '/api/models/compare/export',
  summary: 'The difference of two models as a workbook: a sheet each for structure, rules, people and numbers',
  needs: 'account.export',
  query: z.object(pair),
  reply: z.any(),
  raw: true,
})
