/** Endpoints of the pools' settings 公海设置: pools, reclaim policies with their effect before they are saved, the company's rules. */
import { z } from 'zod'
import { GUARDS, TRIGGERS } from '../../core/pool/clock.ts'
import { FOLLOW_UPS, RETURN_REASONS } from '../../core/pool/company.ts'
import { condition } from '../condition/shape.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { created, done, id, idParams, text } from '../kernel/shapes.ts'

const days = z.number().int().min(0).max(3650)
const ids = z.array(id).max(500)
const mask = z.enum(['show', 'partial', 'hide'])
export const poolBody = z.object({
  name: text(60),
  position: z.number().int().min(0).max(1000),
  open: z.boolean(),
  deadEnd: z.boolean(),
  condition,
  territoryId: id.nullable(),
  admins: ids,
  members: z.object({ everyone: z.boolean(), users: ids, departments: ids, teams: ids, roles: ids }),
  masks: z.object({
    name: mask,
    contact: mask,
    phone: mask,
    tier: z.boolean(),
    division: z.boolean(),
    industry: z.boolean(),
    potential: z.boolean(),
    source: z.boolean(),
  }),
  steps: z.array(z.object({ up: z.number().int().min(0).max(20).nullable(), afterHours: z.number().min(0).max(8760) })).max(4),
  rules: z.object({
    perDay: z.number().int().min(0).max(10_000).nullable(),
    batch: z.number().int().min(1).max(200),
    draw: z.number().int().min(1).max(50),
    coolDays: days,
    coolTeamDays: days,
    embargoHours: z.number().int().min(0).max(8760),
    viewsPerDay: z.number().int().min(1).max(100_000).nullable(),
    group: z.enum(['free', 'ask']),
    protectDays: days,
    adminsExempt: z.boolean(),
  }),
})
export type PoolBody = z.output<typeof poolBody>
const terms = z.object({
  triggers: z
    .array(z.object({ kind: z.enum(TRIGGERS), days: z.number().int().min(1).max(3650) }))
    .min(1)
    .max(6),
  all: z.boolean(),
  workingDays: z.boolean(),
  guards: z.array(z.enum(GUARDS)).max(4),
  warnDays: z.array(z.number().int().min(1).max(90)).max(5),
  escalateDays: z.number().int().min(1).max(90).nullable(),
})
export const policyBody = z.object({ id: id.nullable(), name: text(60), enabled: z.boolean(), condition, terms, toPoolId: id.nullable() })
export type PolicyBody = z.output<typeof policyBody>
const isoDay = z.string().regex(/^\d{4}-\d\d-\d\d$/)
export const companyBody = z.object({
  caps: z
    .array(
      z.object({
        scope: z.enum(['person', 'role', 'department', 'team']),
        ofId: id.nullable(),
        most: z.number().int().min(0).max(1_000_000),
        exceptWon: z.boolean(),
        counts: condition.nullable(),
      }),
    )
    .max(40),
  followUp: z.object({
    kinds: z.array(z.enum(FOLLOW_UPS)).min(1),
    minLetters: z.number().int().min(0).max(200),
    ownerOnly: z.boolean(),
    copies: z.number().int().min(0).max(100),
  }),
  holidays: z.array(isoDay).max(400),
  workdays: z.array(isoDay).max(400),
  reclaimHour: z.number().int().min(0).max(23),
  graceDays: z.number().int().min(0).max(90),
  extensionDays: z.number().int().min(1).max(365),
  extensionTimes: z.number().int().min(0).max(20),
  protectMost: z.number().int().min(0).max(10_000),
  protectDays: z.number().int().min(1).max(3650),
  returnReasons: z.array(z.enum(RETURN_REASONS)).min(1),
  contractField: z.string().max(20).nullable(),
})
export type CompanyBody = z.output<typeof companyBody>

export const readSettings = endpoint({
  method: 'GET',
  path: '/api/pool-settings',
  summary: 'All pools with their settings, the reclaim policies in order, and the company’s rules',
  needs: 'pool.manage',
  reply: z.object({
    pools: z.array(poolBody.extend({ id, rowVersion: z.number(), entries: z.number() })),
    policies: z.array(policyBody.extend({ id, rowVersion: z.number(), graceUntil: z.string().nullable() })),
    company: companyBody,
    rowVersion: z.number(),
    /** Names of the people, departments, teams, roles and territories that the settings speak of, as kind/id. */
    names: z.record(z.string(), z.string()),
  }),
})
export const createPool = endpoint({
  method: 'POST',
  path: '/api/pools',
  summary: 'Make a pool; customers it takes enter it by a job that begins at once',
  needs: 'pool.manage',
  body: poolBody,
  reply: created,
})
export const changePool = endpoint({
  method: 'PATCH',
  path: '/api/pools/:id',
  summary: 'Change a pool; who stands in it is decided and shown anew by a job that begins at once',
  needs: 'pool.manage',
  params: idParams,
  versioned: true,
  body: poolBody.partial(),
  reply: z.object({ rowVersion: z.number() }),
})
export const removePool = endpoint({
  method: 'DELETE',
  path: '/api/pools/:id',
  summary: 'Remove a pool in which nobody stands',
  needs: 'pool.manage',
  params: idParams,
  versioned: true,
  reply: done,
})
const counted = z.object({ key: z.string(), name: z.string(), n: z.number() })
export const effect = z.object({
  /** Customers with a running clock, before and after. */
  before: z.object({ running: z.number(), within30: z.number() }),
  after: z.object({ running: z.number(), within30: z.number(), paused: z.number() }),
  /** Would be due at once if nothing were granted, and when the grace ends for them. */
  atOnce: z.number(),
  graceUntil: z.string(),
  byOwner: z.array(counted),
  byTier: z.array(counted),
  byPolicy: z.array(counted),
  exempt: z.array(counted),
  samples: z.array(z.object({ id, name: z.string(), owner: z.string(), dueAt: z.string() })),
  /** Over how many customers it was computed. */
  looked: z.number(),
})
export type PolicyEffect = z.infer<typeof effect>
export const previewPolicies = endpoint({
  method: 'POST',
  path: '/api/pool-policies/preview',
  summary: 'What these policies would reclaim, before they are saved: by owner, tier and policy, with samples and what is exempt',
  needs: 'pool.manage',
  reads: true,
  body: z.object({ policies: z.array(policyBody).max(40) }),
  reply: effect,
})
export const savePolicies = endpoint({
  method: 'PUT',
  path: '/api/pool-policies',
  summary: 'Save the reclaim policies in their order; what is changed reclaims nobody before its grace is over',
  needs: 'pool.manage',
  versioned: true,
  body: z.object({ policies: z.array(policyBody).max(40) }),
  reply: z.object({ rowVersion: z.number() }),
})
export const saveCompanyRules = endpoint({
  method: 'PUT',
  path: '/api/pool-settings',
  summary: 'Save the company’s rules for all pools',
  needs: 'pool.manage',
  versioned: true,
  body: companyBody,
  reply: z.object({ rowVersion: z.number() }),
})
