/** Leads 线索: sending them in, the list, one with why it stands where it stands, and what people do with it. */
import { z } from 'zod'
import { WAYS } from '../../core/intake/rotate.ts'
import { GIVEN, HINTS, WAITING } from '../../core/intake/route.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { id, idParams, optionalText, page, text } from '../kernel/shapes.ts'

export const LEAD_STATES = ['new', 'working', 'converted', 'closed'] as const
export const CLOSE_REASONS = ['noNeed', 'unreachable', 'noBudget', 'competitor', 'spam', 'duplicate', 'other'] as const
const reason = z.enum([...GIVEN, ...WAITING])
const person = z.object({ id, name: z.string() })
const territory = z.object({ id, code: z.string(), name: z.string(), colour: z.number() })

export const leadInput = z.object({
  /** The system it comes from, e.g. `website`; with externalKey it names the lead once and for all. */
  source: text(40).default('manual'),
  externalKey: optionalText(120).default(null),
  company: text(160),
  contact: optionalText(60).default(null),
  title: optionalText(60).default(null),
  phone: optionalText(40).default(null),
  email: optionalText(120).default(null),
  creditCode: optionalText(18).default(null),
  /** A division's code, or an address or name of a place that it is read from. */
  division: optionalText(200).default(null),
  industry: optionalText(8).default(null),
  /** Option of the list `source`. */
  channel: optionalText(40).default(null),
  campaign: optionalText(120).default(null),
  need: optionalText(2000).default(null),
  /** I keep it myself, whatever the rules say. */
  mine: z.boolean().default(false),
})
export type LeadInput = z.output<typeof leadInput>

/** created; known: the key had been used, nothing new; repeats: the same person asked again, noted at the open lead; refused: with the field and why. */
export const intakeOutcome = z.object({
  outcome: z.enum(['created', 'known', 'repeats', 'refused']),
  id: id.nullable(),
  field: z.string().nullable(),
  words: z.string().nullable(),
})
export type IntakeOutcome = z.infer<typeof intakeOutcome>
export const sendLeads = endpoint({
  method: 'POST',
  path: '/api/leads',
  summary:
    'One lead, or up to 200 in `leads`: each answered for itself, idempotent by (source, externalKey), matched and given to somebody or queued with the reason',
  needs: 'lead.edit',
  body: z.object({ leads: z.array(z.unknown()).min(1).max(200) }),
  reply: z.object({ outcomes: z.array(intakeOutcome) }),
})

export const leadRow = z.object({
  id,
  company: z.string(),
  contact: z.string().nullable(),
  division: z.string().nullable(),
  industry: z.string().nullable(),
  channel: z.string().nullable(),
  campaign: z.string().nullable(),
  source: z.string(),
  state: z.enum(LEAD_STATES),
  closeReason: z.string().nullable(),
  owner: person.nullable(),
  territory: territory.nullable(),
  reason,
  hint: z.enum(HINTS).nullable(),
  /** The customer, where the reader may see it. */
  account: person.nullable(),
  createdAt: z.string(),
  dueAt: z.string().nullable(),
  firstContactAt: z.string().nullable(),
  rowVersion: z.number(),
  /** I may work it. */
  editable: z.boolean(),
})
export type LeadRow = z.infer<typeof leadRow>

export const LEAD_SORTS = ['created', 'due'] as const
export const listLeads = endpoint({
  method: 'GET',
  path: '/api/leads',
  summary: 'Leads that I may see; `queue` those that nobody has, by reason',
  needs: 'account.read',
  query: z.object({
    search: z.string().max(80).optional(),
    state: z.enum([...LEAD_STATES, 'open']).optional(),
    reason: reason.optional(),
    ownerId: id.optional(),
    territoryId: id.optional(),
    queue: z.enum(['true']).optional(),
    due: z.enum(['over', 'soon']).optional(),
    sort: z.enum(LEAD_SORTS).default('created'),
    cursor: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(100).default(50),
  }),
  reply: page(leadRow),
})
export const countQueue = endpoint({
  method: 'GET',
  path: '/api/leads/queue-counts',
  summary: 'How many leads that I may see wait for somebody, by reason, each counted up to 1,000',
  needs: 'account.read',
  reply: z.object({ rows: z.array(z.object({ reason, count: z.number() })) }),
})

const candidate = z.object({
  id,
  name: z.string(),
  weight: z.number(),
  open: z.number(),
  capacity: z.number().nullable(),
  share: z.number(),
  skilled: z.boolean(),
  /** `chosen`, or why not. */
  result: z.string(),
})
export const leadRoute = z.object({
  id,
  at: z.string(),
  by: person.nullable(),
  cause: z.enum(['arrival', 'again', 'hand', 'overdue', 'handover']),
  reason,
  owner: person.nullable(),
  territory: territory.nullable(),
  way: z.enum(WAYS).nullable(),
  /** The how-manyeth turn of that territory. */
  seq: z.number().nullable(),
  candidates: z.array(candidate),
  missing: z.array(z.object({ field: z.string(), label: z.string() })),
  contested: z.array(territory),
  /** By what the customer was found; `n` customers came into question. */
  known: z.object({ by: z.string(), n: z.number() }).nullable(),
  note: z.string().nullable(),
})
export type LeadRoute = z.infer<typeof leadRoute>
export const readLead = endpoint({
  method: 'GET',
  path: '/api/leads/:id',
  summary: 'One lead with its numbers where I may read them, its notes, and every decision about it',
  needs: 'account.read',
  params: idParams,
  reply: leadRow.extend({
    title: z.string().nullable(),
    need: z.string().nullable(),
    phone: z.string().nullable(),
    email: z.string().nullable(),
    masked: z.boolean(),
    notes: z.array(z.object({ id, at: z.string(), author: person, kind: z.enum(['note', 'contact', 'repeat']), text: z.string() })),
    routes: z.array(leadRoute),
  }),
})
export const noteLead = endpoint({
  method: 'POST',
  path: '/api/leads/:id/notes',
  summary: 'A note on a lead; a contact by its owner, or whoever works it, stops the clock of first contact',
  needs: 'lead.edit',
  params: idParams,
  body: z.object({ text: text(2000), contact: z.boolean() }),
  reply: z.object({ id }),
})
const many = z.object({ ids: z.array(id).min(1).max(200) })
const outcomes = z.object({ changed: z.number(), refused: z.array(z.object({ id, words: z.string() })) })
export const assignLeads = endpoint({
  method: 'POST',
  path: '/api/leads/assign',
  summary: 'Give leads to a person by hand, with a reason; each answered for itself',
  needs: 'lead.edit',
  body: many.extend({ ownerId: id, reason: text(200) }),
  reply: outcomes,
})
export const routeLeads = endpoint({
  method: 'POST',
  path: '/api/leads/route',
  summary: 'Decide leads again by the rules of now',
  needs: 'lead.edit',
  body: many,
  reply: outcomes,
})
export const closeLeads = endpoint({
  method: 'POST',
  path: '/api/leads/close',
  summary: 'Close leads with a reason',
  needs: 'lead.edit',
  body: many.extend({ reason: z.enum(CLOSE_REASONS), remark: optionalText(200).default(null) }),
  reply: outcomes,
})
export const findLeadOwners = endpoint({
  method: 'GET',
  path: '/api/leads/:id/owners',
  summary: 'Who could have it: members of its territory first, then people by name',
  needs: 'lead.edit',
  params: idParams,
  query: z.object({ search: z.string().max(60).optional() }),
  reply: z.object({ rows: z.array(z.object({ id, name: z.string(), title: z.string().nullable(), member: z.boolean(), open: z.number() })) }),
})
export const changeLead = endpoint({
  method: 'PATCH',
  path: '/api/leads/:id',
  summary: 'Correct what a lead says',
  needs: 'lead.edit',
  params: idParams,
  versioned: true,
  body: z.object({
    company: text(160).optional(),
    contact: optionalText(60).optional(),
    title: optionalText(60).optional(),
    division: optionalText(200).optional(),
    industry: optionalText(8).optional(),
    need: optionalText(2000).optional(),
  }),
  reply: z.object({ rowVersion: z.number() }),
})

export const convertLead = endpoint({
  method: 'POST',
  path: '/api/leads/:id/convert',
  summary:
    'A lead becomes a customer, or a contact of one that is there; its notes go along, its owner keeps the customer where the territory lets him',
  needs: 'lead.edit',
  params: idParams,
  body: z.object({
    /** The customer it belongs to; null: a new one with these values. */
    accountId: id.nullable(),
    values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()])).default({}),
  }),
  reply: z.object({ accountId: id, /** I may open it. */ visible: z.boolean() }),
})
