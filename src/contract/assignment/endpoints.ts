/** Endpoints of assignment 分配: why an account stands where it stands, reassigning one, pins. */
import { z } from 'zod'
import { asOfAnswer, asOfQuery, instantOrDay } from '../account/as-of.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { created, done, id, idParams, text } from '../kernel/shapes.ts'

const territoryRef = z.object({ id, code: z.string(), name: z.string(), colour: z.number() })
const criterion = z.object({
  path: z.string(),
  holds: z.enum(['yes', 'no', 'unknown']),
  words: z.string(),
  seen: z.string().nullable(),
  inheritedFrom: z.string().nullable(),
})

export const why = z.object({
  account: z.object({ id, name: z.string() }),
  modelId: id,
  modelName: z.string(),
  outcome: z.object({
    territory: territoryRef.nullable(),
    owner: z.object({ id, name: z.string() }).nullable(),
    source: z.string(),
    ruleVersion: z.number().nullable(),
    since: z.string().nullable(),
    contested: z.boolean(),
    undecidable: z.boolean(),
  }),
  /** The reason in one sentence, in the reader's language. */
  sentence: z.string(),
  ownerSentence: z.string(),
  criteria: z.array(criterion),
  losers: z.array(z.object({ territory: territoryRef, words: z.string(), failed: z.string().nullable(), nearMiss: z.boolean() })),
  overlays: z.array(territoryRef),
  counterfactuals: z.array(z.object({ words: z.string(), territory: territoryRef.nullable() })),
  compared: z.number(),
  /** Of another instant: the model of then, the fields of then; null: of now. */
  asOf: asOfAnswer.nullable(),
  milliseconds: z.number(),
})
export type Why = z.infer<typeof why>
export const whyAccount = endpoint({
  method: 'GET',
  path: '/api/why/account/:id',
  summary: 'Why this customer stands where it stands, why not elsewhere, and what would change it',
  needs: 'account.read',
  params: idParams,
  query: z.object({ modelId: id.optional(), territoryId: id.optional(), ...asOfQuery }),
  reply: why,
})

const standing = z.object({
  owner: z.object({ id, name: z.string() }).nullable(),
  territory: territoryRef.nullable(),
  source: z.string(),
  ruleVersion: z.number().nullable(),
  since: z.string().nullable(),
  corrected: z.boolean(),
  sentence: z.string(),
  ownerSentence: z.string(),
})
export const accountStanding = endpoint({
  method: 'GET',
  path: '/api/accounts/:id/standing',
  summary: 'Whose this customer was at an instant, as known now or at another instant, and why',
  needs: 'account.read',
  params: idParams,
  query: z.object(asOfQuery),
  reply: z.object({
    account: z.object({ id, name: z.string() }),
    asOf: asOfAnswer.nullable(),
    /** As known at `known`; null: there is no record of that time. */
    standing: standing.nullable(),
    /** The same instant as known now. */
    knownNow: standing.nullable(),
    differs: z.boolean(),
  }),
})

export const assignAccount = endpoint({
  method: 'POST',
  path: '/api/accounts/:id/assign',
  summary: 'Give a customer to a person, with a reason',
  needs: 'account.assign',
  params: idParams,
  body: z.object({ ownerId: id.nullable(), reason: text(400) }),
  reply: done,
})
export const assignableOwners = endpoint({
  method: 'GET',
  path: '/api/accounts/:id/owners',
  summary: 'People a customer may be given to: members of its territory first',
  needs: 'account.assign',
  params: idParams,
  query: z.object({ search: z.string().max(80).optional() }),
  reply: z.object({ rows: z.array(z.object({ id, name: z.string(), title: z.string().nullable(), member: z.boolean(), held: z.number() })) }),
})
export const pinAccount = endpoint({
  method: 'POST',
  path: '/api/accounts/:id/pins',
  summary: 'Pin a customer to a territory until a date, with a reason',
  needs: 'territory.plan',
  params: idParams,
  body: z.object({ territoryId: id, until: z.iso.datetime({ offset: true }).nullable(), reason: text(400) }),
  reply: created,
})
export const unpinAccount = endpoint({
  method: 'DELETE',
  path: '/api/pins/:id',
  summary: 'Take a pin out',
  needs: 'territory.plan',
  params: idParams,
  reply: done,
})
export const ownership = endpoint({
  method: 'GET',
  path: '/api/accounts/:id/ownership',
  summary: 'Who owned this customer when, and why; pins',
  needs: 'account.read',
  params: idParams,
  reply: z.object({
    intervals: z.array(
      z.object({
        from: z.string(),
        to: z.string().nullable(),
        ownerName: z.string().nullable(),
        territory: z.string().nullable(),
        source: z.string(),
        corrected: z.boolean(),
      }),
    ),
    /** What was corrected later, newest first, with what had been believed until then. */
    corrections: z.array(
      z.object({
        id,
        from: z.string(),
        to: z.string(),
        ownerName: z.string().nullable(),
        territory: z.string().nullable(),
        reason: z.string(),
        by: z.string().nullable(),
        at: z.string(),
        believed: z.array(z.object({ from: z.string(), to: z.string(), ownerName: z.string().nullable(), territory: z.string().nullable() })),
      }),
    ),
    pins: z.array(z.object({ id, territory: z.string(), from: z.string(), until: z.string().nullable(), reason: z.string() })),
  }),
})
export const correctAccount = endpoint({
  method: 'POST',
  path: '/api/accounts/:id/corrections',
  summary: 'Correct the past: from one instant to another the customer belonged to somebody else; what was believed stays readable',
  needs: 'territory.plan',
  params: idParams,
  body: z.object({ from: instantOrDay, to: instantOrDay, ownerId: id.nullable(), territoryId: id.nullable(), reason: text(400) }),
  reply: created,
})
export const territoryPins = endpoint({
  method: 'GET',
  path: '/api/territories/:id/pins',
  summary: 'Customers pinned to a territory now or later, with who, why and until when',
  needs: 'territory.read',
  params: idParams,
  query: z.object({ cursor: z.string().max(40).optional() }),
  reply: z.object({
    rows: z.array(
      z.object({
        id,
        account: z.object({ id, name: z.string() }),
        from: z.string(),
        until: z.string().nullable(),
        reason: z.string(),
        by: z.string().nullable(),
      }),
    ),
    next: z.string().nullable(),
  }),
})
