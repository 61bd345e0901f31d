/** Endpoints of the rules of engagement 归属规则: clauses in order and the terms of cases, by version; a trial of an order; registrations 报备. */
import { z } from 'zod'
import { ADDRESS_KINDS, CLAUSE_KINDS, GROUP_SCOPES, TOUCH_KINDS } from '../../core/engagement/clauses.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { done, id, idParams, optionalText, page, text } from '../kernel/shapes.ts'
import { territoryRef } from './cases.ts'

const enabled = z.boolean()
export const clause = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('named'), enabled }),
  z.object({ kind: z.literal('group'), enabled, scope: z.enum(GROUP_SCOPES) }),
  z.object({
    kind: z.literal('firstTouch'),
    enabled,
    days: z.number().int().min(1).max(1095),
    touches: z.array(z.enum(TOUCH_KINDS)).min(1).max(TOUCH_KINDS.length),
    renews: z.boolean(),
  }),
  z.object({ kind: z.literal('headquarters'), enabled, address: z.enum(ADDRESS_KINDS) }),
  z.object({ kind: z.literal('registration'), enabled }),
  z.object({ kind: z.literal('territory'), enabled }),
  z.object({ kind: z.literal('pool'), enabled }),
])
const clauses = z.array(clause).length(CLAUSE_KINDS.length)
export const casePolicy = z.object({
  ruleHours: z.number().int().min(1).max(2160),
  statementHours: z.number().int().min(1).max(2160),
  appealDays: z.number().int().min(0).max(90),
  creditCap: z.number().int().min(0).max(10_000),
  creditMonths: z.number().int().min(1).max(60),
  evidenceMonths: z.number().int().min(1).max(120),
})
const version = z.object({ version: z.number(), adoptedAt: z.string(), by: z.string().nullable(), note: z.string().nullable() })
export const readEngagement = endpoint({
  method: 'GET',
  path: '/api/engagement',
  summary: 'The rules of engagement in force, and the versions before',
  needs: 'engagement.manage',
  reply: z.object({ version: z.number(), clauses, policy: casePolicy, versions: z.array(version) }),
})
export const saveEngagement = endpoint({
  method: 'PUT',
  path: '/api/engagement',
  summary: 'Put a new version in force; cases opened before keep theirs',
  needs: 'engagement.manage',
  body: z.object({ clauses, policy: casePolicy, note: optionalText(300) }),
  reply: z.object({ version: z.number() }),
  versioned: true,
})
export const simulateEngagement = endpoint({
  method: 'POST',
  path: '/api/engagement/simulation',
  summary: 'What an order of clauses would have said of the customers that got an owner within a year, beside who got them',
  needs: 'engagement.manage',
  reads: true,
  body: z.object({ clauses }),
  reply: z.object({
    accounts: z.number(),
    /** More than were looked at. */
    more: z.boolean(),
    same: z.number(),
    others: z.number(),
    /** No clause decides, or a person must. */
    undecided: z.number(),
    /** Of all: otherwise than the order in force says. */
    changed: z.number(),
    byClause: z.array(z.object({ kind: z.enum(CLAUSE_KINDS), n: z.number() })),
    examples: z.array(
      z.object({
        id,
        name: z.string(),
        at: z.string(),
        owner: z.string(),
        would: z.string().nullable(),
        territory: territoryRef.nullable(),
        clause: z.enum(CLAUSE_KINDS).nullable(),
      }),
    ),
  }),
})
export type Simulation = z.infer<typeof simulateEngagement.reply>

export const REGISTRATION_STATES = ['asked', 'accepted', 'refused', 'ended'] as const
export const registrationRow = z.object({
  id,
  accountId: id.nullable(),
  name: z.string(),
  partner: z.string(),
  owner: z.object({ id, name: z.string() }),
  from: z.string(),
  until: z.string(),
  state: z.enum(REGISTRATION_STATES),
  rowVersion: z.number(),
})
export type RegistrationRow = z.infer<typeof registrationRow>
export const listRegistrations = endpoint({
  method: 'GET',
  path: '/api/registrations',
  summary: 'Partner registrations I made, answer for, or may see; newest first',
  needs: 'account.read',
  query: z.object({
    state: z.enum(REGISTRATION_STATES).optional(),
    cursor: z.string().max(20).optional(),
    limit: z.coerce.number().int().min(1).max(100).default(50),
  }),
  reply: page(registrationRow),
})
export const addRegistration = endpoint({
  method: 'POST',
  path: '/api/registrations',
  summary: 'Register a customer for a partner, by its record or by its full name; in force once it is accepted',
  needs: 'account.edit',
  body: z.object({
    accountId: id.optional(),
    name: text(200).optional(),
    partner: text(200),
    ownerId: id.optional(),
    from: z.iso.date(),
    until: z.iso.date(),
  }),
  reply: z.object({ id, state: z.enum(REGISTRATION_STATES) }),
})
export const decideRegistration = endpoint({
  method: 'PATCH',
  path: '/api/registrations/:id',
  summary: 'Accept, refuse or end a registration',
  needs: 'engagement.manage',
  params: idParams,
  body: z.object({ state: z.enum(['accepted', 'refused', 'ended']) }),
  reply: done,
  versioned: true,
})
