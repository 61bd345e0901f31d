/** Endpoints of the reclaim clocks 回收时钟: mine, one customer's, what will be reclaimed in thirty days; giving back, protecting, moving. */
import { z } from 'zod'
import { GUARDS, TRIGGERS } from '../../core/pool/clock.ts'
import { RETURN_REASONS } from '../../core/pool/company.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { created, done, id, idParams, optionalText, page, text } from '../kernel/shapes.ts'

export const clock = z.object({
  state: z.enum(['running', 'paused', 'none']),
  dueAt: z.string().nullable(),
  baseAt: z.string().nullable(),
  trigger: z.enum(TRIGGERS).nullable(),
  days: z.number().nullable(),
  guard: z.enum([...GUARDS, 'protected', 'extended', 'grace']).nullable(),
  policy: z.string().nullable(),
  /** Where it would go: the pool named, or the first that fits. */
  pool: z.string().nullable(),
  /** Days in which the owner may not take it again afterwards. */
  coolDays: z.number().nullable(),
  lastAt: z.string().nullable(),
  /** The newest note that did not count, and why. */
  ignored: z.object({ at: z.string(), why: z.enum(['kind', 'notOwner', 'short', 'empty', 'copied']) }).nullable(),
})
export type ClockShown = z.infer<typeof clock>
export const clockRow = z.object({ id, name: z.string(), tier: z.string().nullable(), owner: z.object({ id, name: z.string() }), clock })
export type ClockRow = z.infer<typeof clockRow>
export const listClocks = endpoint({
  method: 'GET',
  path: '/api/pool-clocks',
  summary: 'Clocks of my customers, the nearest end first; within some days or all; or of everybody I see',
  needs: 'account.read',
  query: z.object({
    within: z.coerce.number().int().min(1).max(365).optional(),
    of: z.enum(['mine', 'all']).default('mine'),
    cursor: z.string().max(80).optional(),
    limit: z.coerce.number().int().min(1).max(100).default(50),
  }),
  reply: page(clockRow).extend({ counts: z.object({ within7: z.number(), all: z.number() }) }),
})
export const readClock = endpoint({
  method: 'GET',
  path: '/api/accounts/:id/clock',
  summary: 'The clock of one customer, what protects it, and what may be done about it',
  needs: 'account.read',
  params: idParams,
  reply: z.object({
    clock: clock.nullable(),
    protection: z.object({ until: z.string().nullable(), reason: z.string().nullable() }).nullable(),
    lock: z.object({ reason: z.string().nullable() }).nullable(),
    extendedUntil: z.string().nullable(),
    /** In a pool instead, for who may open it: which. */
    pool: z.object({ id, name: z.string() }).nullable(),
    reasons: z.array(z.enum(RETURN_REASONS)),
    /** Pools it may be given back to by hand. */
    pools: z.array(z.object({ id, name: z.string() })),
    mayReturn: z.boolean(),
    mayProtect: z.boolean(),
    mayLock: z.boolean(),
    mayExtend: z.boolean(),
    extensionDays: z.number(),
    protectDays: z.number(),
  }),
})
const bucket = z.object({ day: z.string(), reclaimed: z.number(), exempt: z.number() })
export const readForecast = endpoint({
  method: 'GET',
  path: '/api/pools/:id/forecast',
  summary: 'What will be reclaimed into a pool in thirty days if nobody does anything, as far as I see it; nothing is written',
  needs: 'account.read',
  params: idParams,
  reply: z.object({
    total: z.number(),
    mine: z.number(),
    exempt: z.number(),
    days: z.array(bucket),
    topTier: z.object({ tier: z.string(), n: z.number(), from: z.string(), to: z.string() }).nullable(),
  }),
})
export const returnAccount = endpoint({
  method: 'POST',
  path: '/api/accounts/:id/return',
  summary: 'Give a customer back to the pool, with a reason',
  needs: 'account.edit',
  params: idParams,
  body: z.object({ reason: z.enum(RETURN_REASONS), remark: optionalText(400), poolId: id.nullable() }),
  reply: z.object({ poolId: id, pool: z.string() }),
})
export const protectAccount = endpoint({
  method: 'POST',
  path: '/api/accounts/:id/protections',
  summary: 'Protect a customer from being reclaimed until a day, or lock it until somebody takes the lock off',
  needs: 'account.edit',
  params: idParams,
  body: z.object({ kind: z.enum(['protect', 'lock']), until: z.iso.datetime({ offset: true }).nullable(), reason: text(400) }),
  reply: created,
})
export const unprotectAccount = endpoint({
  method: 'DELETE',
  path: '/api/accounts/:id/protections/:kind',
  summary: 'Take a protection or a lock off',
  needs: 'account.edit',
  params: z.object({ id, kind: z.enum(['protect', 'lock']) }),
  reply: done,
})
export const moveEntry = endpoint({
  method: 'POST',
  path: '/api/pools/:id/entries/:accountId/move',
  summary: 'Move a customer from this pool to another, or to the dead end',
  needs: 'account.edit',
  params: z.object({ id, accountId: id }),
  body: z.object({ poolId: id, reason: text(400) }),
  reply: done,
})
