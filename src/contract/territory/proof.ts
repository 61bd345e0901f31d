/**
 * Endpoints of the proof of coverage 覆盖求证: gaps, overlaps, dead rules of a model, found on the rules themselves, and what could not be proved.
 * Figures first, findings page by page; a result that is being renewed is shown with its time, never hidden.
 */
import { z } from 'zod'
import { condition } from '../condition/shape.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { id, idParams } from '../kernel/shapes.ts'

export const FINDING_KINDS = ['gap', 'overlap', 'dead', 'notProved'] as const
const territory = z.object({ id, code: z.string(), name: z.string(), colour: z.number() })
/** `more`: the search ended early; there are at least `total`. `vague`: of these, how many concern only values that say less than they could. */
const figures = z.object({ total: z.number(), more: z.boolean(), vague: z.number() })

const finding = z.object({
  kind: z.enum(FINDING_KINDS),
  /** One combination of values, in words, the place first: 杭州市西湖区 × 软件 × 小微. */
  combination: z.array(z.string()),
  /** All values it reaches, as a sentence; of many combinations the widest three. Not proved: the criterion in the way. */
  words: z.string(),
  /** Combinations in these places; the one above is of the widest. */
  parts: z.number(),
  /** Counties (or cities without) it reaches; at least, where `atLeast`. */
  size: z.number(),
  atLeast: z.boolean(),
  /** Only for values that say less than they could: an account of which only the city is known. */
  vague: z.boolean(),
  /** The two that overlap; the rule that is dead; those whose rules hold what is not proved. */
  territories: z.array(territory),
  /** For a gap the rules that miss it by one field; for a dead rule those that cover it. */
  others: z.array(territory),
  /** Not proved: what hangs on it, and why. */
  outcomes: z.array(z.enum(['gap', 'overlap', 'dead'])),
  reason: z.enum(['predicate', 'mixed', 'work']).nullable(),
  /** A customer one may see that stands there, where there is one. */
  account: z.object({ id, name: z.string() }).nullable(),
})
export type ProofFinding = z.infer<typeof finding>

const result = z.object({
  /** Exclusive rules proved. */
  rules: z.number(),
  /** Null for whoever sees only a part of the company: a gap concerns the whole. */
  gaps: figures.nullable(),
  overlaps: figures,
  dead: figures,
  notProved: figures,
  provedAt: z.string(),
  milliseconds: z.number(),
  stamp: z.string(),
  /** The model has changed since: this is the last result, a new one is on its way. */
  stale: z.boolean(),
})
export type ProofResult = z.infer<typeof result>

export const getProof = endpoint({
  method: 'GET',
  path: '/api/models/:id/proof',
  summary: 'Gaps, overlaps and dead rules of a model, proved on the rules; with `kind`, the findings page by page',
  needs: 'territory.read',
  params: idParams,
  query: z.object({ kind: z.enum(FINDING_KINDS).optional(), cursor: z.string().max(12).optional() }),
  reply: z.object({ running: z.boolean(), result: result.nullable(), rows: z.array(finding), next: z.string().nullable() }),
})

export const proveRule = endpoint({
  method: 'POST',
  path: '/api/models/:id/proof',
  summary: 'The proof as it would be with this rule: figures, and the findings that are new',
  needs: 'territory.plan',
  params: idParams,
  reads: true,
  body: z.object({ territoryId: id, inherit: z.boolean().default(true), condition }),
  reply: z.object({ running: z.boolean(), result: result.nullable(), before: result.nullable(), rows: z.array(finding) }),
})
