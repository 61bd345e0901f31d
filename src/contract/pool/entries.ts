/** Endpoints of the public pool 公海: what stands there, whether I may claim it, claiming, drawing, my quota. */
import { z } from 'zod'
import { endpoint } from '../kernel/endpoint.ts'
import { id, idParams, page } from '../kernel/shapes.ts'

const person = z.object({ id, name: z.string() })
const territory = z.object({ id, code: z.string(), name: z.string(), colour: z.number() })
/** Why not, in words and as a code with the instant it ends. */
export const eligibility = z.object({ ok: z.boolean(), code: z.string().nullable(), words: z.string().nullable(), until: z.string().nullable() })
export const poolRow = z.object({
  id,
  name: z.string(),
  masked: z.boolean(),
  contact: z.string().nullable(),
  phone: z.string().nullable(),
  tier: z.string().nullable(),
  division: z.string().nullable(),
  industry: z.string().nullable(),
  potential: z.number().nullable(),
  source: z.string().nullable(),
  territory: territory.nullable(),
  enteredAt: z.string(),
  reason: z.object({ kind: z.string(), code: z.string().nullable(), days: z.number().nullable() }),
  priorOwner: person.nullable(),
  lastFollowUpAt: z.string().nullable(),
  /** The step it stands at, how many there are, whom it is open to, and what comes next. */
  opening: z.object({ step: z.number(), steps: z.number(), to: z.string().nullable(), nextAt: z.string().nullable(), nextTo: z.string().nullable() }),
  /** How well it fits me, and why. */
  fit: z.object({ score: z.number(), own: z.boolean(), industry: z.boolean() }),
  eligibility,
  /** I may open the customer itself. */
  readable: z.boolean(),
})
export type PoolRow = z.infer<typeof poolRow>

export const POOL_SORTS = ['fit', 'potential', 'entered'] as const
export const poolSummary = z.object({
  id,
  name: z.string(),
  open: z.boolean(),
  deadEnd: z.boolean(),
  member: z.boolean(),
  admin: z.boolean(),
  masked: z.boolean(),
  /** Counted up to 1,000. */
  count: z.number(),
  today: z.number(),
  /** What the pool lets one do, for the page that explains it. */
  rules: z.object({
    perDay: z.number().nullable(),
    batch: z.number(),
    draw: z.number(),
    coolDays: z.number(),
    coolTeamDays: z.number(),
    embargoHours: z.number(),
    viewsPerDay: z.number().nullable(),
    group: z.enum(['free', 'ask']),
    protectDays: z.number(),
  }),
  steps: z.array(z.object({ up: z.number().nullable(), afterHours: z.number() })),
})
export type PoolSummary = z.infer<typeof poolSummary>

export const listPools = endpoint({
  method: 'GET',
  path: '/api/pools',
  summary: 'The pools I belong to or look after, with how many stand there for me to see, counted up to 1,000',
  needs: 'account.read',
  reply: z.object({
    rows: z.array(poolSummary),
    /** When customers are taken back, in the company's order; the first that fits decides. */
    policies: z.array(
      z.object({
        id,
        name: z.string(),
        triggers: z.array(z.object({ kind: z.string(), days: z.number() })),
        all: z.boolean(),
        workingDays: z.boolean(),
        guards: z.array(z.string()),
        warnDays: z.array(z.number()),
      }),
    ),
  }),
})
export const listEntries = endpoint({
  method: 'GET',
  path: '/api/pools/:id/entries',
  summary:
    'Customers in a pool as it shows them, each with whether I may claim it; filters and orders work on what is shown, never on what is hidden',
  needs: 'account.read',
  params: idParams,
  query: z.object({
    search: z.string().max(80).optional(),
    division: z.string().max(6).optional(),
    tier: z.string().max(40).optional(),
    reason: z.enum(['new', 'return', 'reclaim', 'unowned']).optional(),
    sort: z.enum(POOL_SORTS).default('fit'),
    cursor: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(100).default(50),
  }),
  reply: page(poolRow),
})
export const readEntry = endpoint({
  method: 'GET',
  path: '/api/pools/:id/entries/:accountId',
  summary: 'One entry of a pool; looking is counted where the pool limits it',
  needs: 'account.read',
  params: z.object({ id, accountId: id }),
  reply: poolRow,
})
const outcome = z.object({ id, ok: z.boolean(), code: z.string().nullable(), words: z.string().nullable(), until: z.string().nullable() })
export type ClaimOutcome = z.infer<typeof outcome>
export const claimEntries = endpoint({
  method: 'POST',
  path: '/api/pools/claims',
  summary: 'Claim customers from my pools; each is answered for itself',
  needs: 'account.edit',
  body: z.object({ ids: z.array(id).min(1).max(200) }),
  reply: z.object({ outcomes: z.array(outcome), claimed: z.number() }),
})
export const drawEntries = endpoint({
  method: 'POST',
  path: '/api/pools/:id/draws',
  summary: 'Claim at random among what I may claim, as many as the pool gives at a draw',
  needs: 'account.edit',
  params: idParams,
  reply: z.object({ outcomes: z.array(outcome), claimed: z.number() }),
})
const room = z.object({ scope: z.string(), name: z.string().nullable(), used: z.number(), most: z.number() })
export const readQuota = endpoint({
  method: 'GET',
  path: '/api/pools/:id/quota',
  summary: 'What I claimed today and hold, the limits that concern me, which of them binds, and what cools down',
  needs: 'account.read',
  params: idParams,
  reply: z.object({
    day: z.object({ used: z.number(), most: z.number().nullable(), resetsAt: z.string() }),
    holding: room.nullable(),
    limits: z.array(room),
    binding: room.nullable(),
    /** Held customers that no limit counts, because a deal with them was won. */
    exempt: z.number(),
    cooling: z.array(z.object({ id, name: z.string(), until: z.string(), team: z.boolean(), days: z.number() })),
  }),
})
