/** Endpoints of conflict cases 裁决: open one, look at it, speak, add evidence, recuse, rule, undo, appeal. */
import { z } from 'zod'
import { CLAUSE_KINDS, VERDICTS } from '../../core/engagement/clauses.ts'
import { EVIDENCE_KINDS } from '../../core/engagement/evidence.ts'
import { STATES, WHYS } from '../../core/engagement/policy.ts'
import { FEATURES } from '../../core/engagement/similar.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { done, id, idParams, page, text } from '../kernel/shapes.ts'

const person = z.object({ id, name: z.string() })
export const territoryRef = z.object({ id, code: z.string(), name: z.string(), colour: z.number() })
const code = z.object({ code: z.string(), values: z.record(z.string(), z.union([z.string(), z.number()])) })

export const caseParty = z.object({
  user: person,
  territory: territoryRef.nullable(),
  statement: z.string().nullable(),
  statedAt: z.string().nullable(),
  question: z.string().nullable(),
})
export const caseRow = z.object({
  id,
  number: z.number(),
  name: z.string(),
  why: z.enum(WHYS),
  state: z.enum(STATES),
  openedAt: z.string(),
  dueAt: z.string(),
  closedAt: z.string().nullable(),
  judge: person.nullable(),
  parties: z.array(z.object({ user: person, territory: territoryRef.nullable() })),
  /** Of the ruling in force: which side, null when shared; undefined without one. */
  winner: z.number().nullable().optional(),
})
export type CaseRow = z.infer<typeof caseRow>

const finding = z.object({
  kind: z.enum(CLAUSE_KINDS),
  position: z.number(),
  verdict: z.enum(VERDICTS),
  side: z.number().nullable(),
  user: person.nullable(),
  territory: territoryRef.nullable(),
  from: z.string().nullable(),
  until: z.string().nullable(),
  evidence: z.array(z.number()),
  why: code,
  leads: z.boolean(),
})
export type Finding = z.infer<typeof finding>
export const evidenceRow = z.object({
  n: z.number(),
  at: z.string(),
  kind: z.enum(EVIDENCE_KINDS),
  /** Null: it speaks for neither. */
  side: z.number().nullable(),
  weight: z.number(),
  source: z.string(),
  words: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  addedBy: z.string().nullable(),
})
export type EvidenceRow = z.infer<typeof evidenceRow>
export const effect = z.object({
  accounts: z.array(
    z.object({
      id,
      name: z.string(),
      from: person.nullable(),
      to: person,
      fromTerritory: territoryRef.nullable(),
      toTerritory: territoryRef.nullable(),
    }),
  ),
  deals: z.object({ n: z.number(), amount: z.number() }),
  tasks: z.number(),
  /** By side: customers gained and lost, and the share of credit in basis points. */
  sides: z.array(z.object({ gained: z.number(), lost: z.number(), bp: z.number() })),
  until: z.string().nullable(),
})
export type Effect = z.infer<typeof effect>
const ruling = z.object({
  n: z.number(),
  judge: person,
  winner: z.number().nullable(),
  reason: z.string(),
  ruledAt: z.string(),
  undoneAt: z.string().nullable(),
  undoneBy: z.string().nullable(),
  effect,
})
export type Ruling = z.infer<typeof ruling>
const precedent = z.object({
  id,
  number: z.number(),
  name: z.string(),
  percent: z.number(),
  shared: z.array(z.enum(FEATURES)),
  winner: z.number().nullable(),
  /** What the winner had: the clause that spoke for him, if one did. */
  by: z.enum(CLAUSE_KINDS).nullable(),
  loserBp: z.number(),
  months: z.number().nullable(),
})
export type Precedent = z.infer<typeof precedent>
export const caseView = caseRow.extend({
  rowVersion: z.number(),
  /** Those the reader may open. */
  accountId: id.nullable(),
  other: z.object({ id: id.nullable(), name: z.string() }).nullable(),
  potential: z.number().nullable(),
  deals: z.object({ n: z.number(), amount: z.number() }),
  statementsAt: z.string().nullable(),
  statementsDueAt: z.string(),
  escalatedAt: z.string().nullable(),
  headquarters: z.boolean(),
  ruledAt: z.string().nullable(),
  appealUntil: z.string().nullable(),
  appeals: z.number(),
  openedBy: person,
  parties: z.array(caseParty),
  evidence: z.array(evidenceRow),
  /** Nobody changed a row of evidence. */
  intact: z.boolean(),
  clauseVersion: z.number(),
  findings: z.array(finding),
  rulings: z.array(ruling),
  precedents: z.array(precedent),
  policy: z.object({ ruleHours: z.number(), appealDays: z.number(), creditCap: z.number(), creditMonths: z.number() }),
  /** Where the customers stand now: sent back with the ruling, which is refused if it changed meanwhile. */
  basis: z.string(),
  /** The reader's side. */
  side: z.number().nullable(),
  mayRule: z.boolean(),
  mustRecuse: z.enum(['party', 'leadsOne', 'answersToOne']).nullable(),
  mayRecuse: z.boolean(),
  maySpeak: z.boolean(),
  mayAsk: z.boolean(),
  mayAppeal: z.boolean(),
  mayUndo: z.boolean(),
})
export type CaseView = z.infer<typeof caseView>

export const BOXES = ['judge', 'party', 'open', 'all'] as const
export const listCases = endpoint({
  method: 'GET',
  path: '/api/cases',
  summary: 'Conflict cases I see: those I am to rule, those I am a party of, open ones, all; newest first, those to rule by their end',
  needs: 'account.read',
  query: z.object({
    box: z.enum(BOXES).default('open'),
    accountId: id.optional(),
    cursor: z.string().max(60).optional(),
    limit: z.coerce.number().int().min(1).max(100).default(50),
  }),
  reply: page(caseRow).extend({ counts: z.object({ judge: z.number(), party: z.number(), open: z.number() }) }),
})
export const countCases = endpoint({
  method: 'GET',
  path: '/api/cases/waiting',
  summary: 'How many cases wait for my ruling or my statement',
  needs: 'account.read',
  reply: z.object({ n: z.number() }),
})
export const readCase = endpoint({
  method: 'GET',
  path: '/api/cases/:id',
  summary: 'One case: parties, evidence on one time line, clauses tested, rulings, precedents, what I may do',
  needs: 'account.read',
  params: idParams,
  reply: caseView,
})
export const openCase = endpoint({
  method: 'POST',
  path: '/api/accounts/:id/cases',
  summary: 'Open a case about a customer: between its owner and me (or another), between territories that contest it, or over a duplicate',
  needs: 'account.read',
  params: idParams,
  body: z.object({
    why: z.enum(WHYS),
    /** The other record of the same company. */
    otherId: id.optional(),
    /** Who claims it; me when left out. */
    claimantId: id.optional(),
    statement: text(500).optional(),
  }),
  reply: z.object({ id, number: z.number() }),
})
export const stateCase = endpoint({
  method: 'PUT',
  path: '/api/cases/:id/statement',
  summary: 'My statement as a party, until it is ruled',
  needs: 'account.read',
  params: idParams,
  body: z.object({ text: text(500) }),
  reply: done,
})
export const addEvidence = endpoint({
  method: 'POST',
  path: '/api/cases/:id/evidence',
  summary: 'Add evidence as a party, signed with my name; a file of the customer may be named',
  needs: 'account.read',
  params: idParams,
  body: z.object({ text: text(500), at: z.iso.date(), fileId: id.optional() }),
  reply: z.object({ n: z.number() }),
})
export const askParties = endpoint({
  method: 'POST',
  path: '/api/cases/:id/questions',
  summary: 'Ask the parties something, as the judge',
  needs: 'case.judge',
  params: idParams,
  body: z.object({ text: text(500) }),
  reply: done,
})
export const recuseCase = endpoint({
  method: 'POST',
  path: '/api/cases/:id/recusal',
  summary: 'Hand the case one up, for I may not rule it; or to headquarters at once',
  needs: 'case.judge',
  params: idParams,
  body: z.object({ reason: text(300), headquarters: z.boolean().default(false) }),
  reply: z.object({ judge: person }),
})
const rulingBody = z.object({
  /** Side 0 or 1; null: both look after it together. */
  winner: z.number().int().min(0).max(1).nullable(),
  /** The share of credit of who lost; of side 1 when shared. Basis points. */
  loserBp: z.number().int().min(0).max(10_000),
  months: z.number().int().min(1).max(60),
  basis: z.string().max(200),
})
export const previewRuling = endpoint({
  method: 'POST',
  path: '/api/cases/:id/ruling-preview',
  summary: 'What a ruling would change, by doing it and taking it back',
  needs: 'case.judge',
  params: idParams,
  body: rulingBody,
  reply: effect,
  reads: true,
})
export const ruleCase = endpoint({
  method: 'POST',
  path: '/api/cases/:id/ruling',
  summary: 'Rule: owner, territory, open business and credit follow at once',
  needs: 'case.judge',
  params: idParams,
  body: rulingBody.extend({ reason: text(1000) }),
  reply: effect,
  versioned: true,
})
export const undoRuling = endpoint({
  method: 'DELETE',
  path: '/api/cases/:id/ruling',
  summary: 'Take the last ruling back: everything stands as before it; refused if something later stands on it',
  needs: 'case.judge',
  params: idParams,
  versioned: true,
  reply: done,
})
export const appealCase = endpoint({
  method: 'POST',
  path: '/api/cases/:id/appeal',
  summary: 'Appeal as a party, once, within the days allowed: another judge rules again; the ruling holds until then',
  needs: 'account.read',
  params: idParams,
  body: z.object({ reason: text(500) }),
  reply: done,
})
