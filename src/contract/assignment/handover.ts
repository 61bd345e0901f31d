/** Endpoints of handing over 交接: a leaver, a transfer, an absence; by rule or by hand, looked at before, and what is left behind after. */
import { z } from 'zod'
import { MEASURES } from '../../core/assignment/handover.ts'
import { condition } from '../condition/shape.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { created, done, id, idParams, optionalText, page } from '../kernel/shapes.ts'

export const HANDOVER_KINDS = ['leaver', 'transfer', 'absence'] as const
export const HANDOVER_STATES = ['draft', 'scheduled', 'running', 'done', 'returning', 'returned', 'cancelled'] as const
export const receiver = z.discriminatedUnion('to', [
  z.strictObject({ to: z.literal('person'), userId: id }),
  z.strictObject({ to: z.literal('lead') }),
  z.strictObject({ to: z.literal('spread'), userIds: z.array(id).min(1).max(50), by: z.enum(MEASURES) }),
])
const kindKey = z.string().regex(/^[a-zA-Z]{1,30}$/)
export const ruleBody = z.strictObject({
  kinds: z.array(kindKey).min(1).max(40),
  when: z.array(z.strictObject({ condition, receiver })).max(20),
  rest: receiver.nullable(),
  heirId: id.nullable(),
})
export type RuleBody = z.output<typeof ruleBody>
export type ReceiverBody = z.output<typeof receiver>
const day = z.iso.date()
const body = z.object({
  mode: z.enum(['own', 'share']),
  /** The company's calendar; null: as soon as it is started. */
  startsOn: day.nullable(),
  /** The last day of an absence. */
  endsOn: day.nullable(),
  rule: ruleBody,
  note: optionalText(500),
})
const newBody = body.partial().extend({ kind: z.enum(HANDOVER_KINDS), fromId: id })
export type NewHandover = z.output<typeof newBody>
const changedBody = body.partial().extend({ kind: z.enum(HANDOVER_KINDS).optional() })
export type ChangedHandover = z.output<typeof changedBody>
const person = z.object({ id, name: z.string() })
const counted = z.object({ kind: z.string(), n: z.number() })
const row = z.object({
  id,
  kind: z.enum(HANDOVER_KINDS),
  state: z.enum(HANDOVER_STATES),
  mode: z.enum(['own', 'share']),
  from: person.extend({ active: z.boolean() }),
  by: person,
  startsOn: day.nullable(),
  endsOn: day.nullable(),
  createdAt: z.string(),
  doneAt: z.string().nullable(),
  returnedAt: z.string().nullable(),
  total: z.number(),
  moved: z.number(),
  left: z.number(),
})
export type HandoverRow = z.infer<typeof row>

export const listHandovers = endpoint({
  method: 'GET',
  path: '/api/handovers',
  summary: 'Handovers of people I am responsible for, that I made, or in which I receive; newest first',
  needs: 'account.read',
  query: z.object({ cursor: z.string().max(40).optional(), limit: z.coerce.number().int().min(1).max(100).default(50) }),
  reply: page(row),
})
export const listLeftBehind = endpoint({
  method: 'GET',
  path: '/api/handovers/left-behind',
  summary: 'Inactive people who still hold something that I may see, with how much of each kind, counted up to 1,000',
  needs: 'account.assign',
  query: z.object({ cursor: z.string().max(40).optional(), limit: z.coerce.number().int().min(1).max(100).default(50) }),
  reply: page(person.extend({ leftAt: z.string().nullable(), held: z.array(counted) })),
})
export const createHandover = endpoint({
  method: 'POST',
  path: '/api/handovers',
  summary: 'Begin a handover of what a person holds; nothing moves before it is started',
  needs: 'account.assign',
  body: newBody,
  reply: created,
})
export const readHandover = endpoint({
  method: 'GET',
  path: '/api/handovers/:id',
  summary: 'One handover: what goes by kind and by receiver (a draft is computed now), how far it is, what is left behind',
  needs: 'account.read',
  params: idParams,
  reply: row.omit({ total: true, moved: true, left: true }).extend({
    note: z.string().nullable(),
    rule: ruleBody,
    /** Everybody the rule speaks of. */
    people: z.array(person),
    kinds: z.array(
      z.object({
        kind: z.string(),
        held: z.number(),
        going: z.number(),
        refused: z.number(),
        moved: z.number(),
        returned: z.number(),
        lent: z.boolean(),
      }),
    ),
    receivers: z.array(
      person.extend({
        before: z.number(),
        accounts: z.number(),
        others: z.number(),
        potential: z.number().nullable(),
        revenue: z.number().nullable(),
        absent: z.boolean(),
      }),
    ),
    /** Contacts that come with the customers. */
    contacts: z.number(),
    left: z.array(counted),
    /** It stopped in the middle and can be taken up again. */
    stopped: z.boolean(),
    manages: z.boolean(),
    mayReturn: z.boolean(),
    rowVersion: z.number(),
  }),
})
export type HandoverDetail = z.output<typeof readHandover.reply>
export const changeHandover = endpoint({
  method: 'PATCH',
  path: '/api/handovers/:id',
  summary: 'Change dates, rules, note of a handover that has not begun',
  needs: 'account.assign',
  params: idParams,
  versioned: true,
  body: changedBody,
  reply: z.object({ rowVersion: z.number() }),
})
const item = z.object({
  kind: z.string(),
  id,
  accountId: id.nullable(),
  name: z.string(),
  to: person.nullable(),
  /** {by, n, to}: why this receiver. */
  why: z.object({ by: z.enum(['hand', 'account', 'heir', 'condition', 'rest']), n: z.number().optional(), to: z.string().optional() }).nullable(),
  refused: z.object({ code: z.string(), words: z.string() }).nullable(),
  note: z.string().nullable(),
  territory: z.string().nullable(),
  tier: z.string().nullable(),
  potential: z.number().nullable(),
  movedAt: z.string().nullable(),
  returnedAt: z.string().nullable(),
})
export type HandoverItem = z.infer<typeof item>
const itemsQuery = z.object({
  kind: kindKey.default('account'),
  /** A person, or none: those that do not go. */
  to: z.union([id, z.literal('none')]).optional(),
  cursor: z.string().max(40).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
})
export type ItemsQuery = z.output<typeof itemsQuery>
export const listHandoverItems = endpoint({
  method: 'GET',
  path: '/api/handovers/:id/items',
  summary: 'The records of a handover of one kind with their receivers; who only receives sees what goes to him',
  needs: 'account.read',
  params: idParams,
  query: itemsQuery,
  reply: page(item),
})
const chosenBody = z.object({
  items: z
    .array(
      z.strictObject({
        kind: kindKey,
        id,
        /** rule: as the rule says; stay: it does not go; else the person. Left out: as it was. */
        to: z.union([id, z.enum(['rule', 'stay'])]).optional(),
        note: optionalText(500).optional(),
      }),
    )
    .min(1)
    .max(500),
})
export type ChosenItems = z.output<typeof chosenBody>['items']
export const chooseByHand = endpoint({
  method: 'PUT',
  path: '/api/handovers/:id/items',
  summary: 'Records of a handover that has not begun, by hand: another receiver, stay, a note for the receiver, or the rule again',
  needs: 'account.assign',
  params: idParams,
  body: chosenBody,
  reply: done,
})
export const startHandover = endpoint({
  method: 'POST',
  path: '/api/handovers/:id/start',
  summary: 'Start it: at once, or by itself on its day; a run that stopped is taken up again',
  needs: 'account.assign',
  params: idParams,
  reply: done,
})
export const cancelHandover = endpoint({
  method: 'POST',
  path: '/api/handovers/:id/cancel',
  summary: 'Drop a handover that has not begun',
  needs: 'account.assign',
  params: idParams,
  reply: done,
})
export const returnHandover = endpoint({
  method: 'POST',
  path: '/api/handovers/:id/return',
  summary: 'Bring everything back that still stands where it was put: the end of an absence before its day, or undo',
  needs: 'account.assign',
  params: idParams,
  reply: done,
})
