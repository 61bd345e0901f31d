/** Endpoints about models in time: which was in use when, who was a member then. */
import { z } from 'zod'
import { asOfAnswer, asOfQuery } from '../account/as-of.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { id, idParams } from '../kernel/shapes.ts'

export const modelInUse = endpoint({
  method: 'GET',
  path: '/api/models/active',
  summary: 'The territory model in use at an instant, as known now or at another instant; null before the first',
  needs: 'territory.read',
  query: z.object(asOfQuery),
  reply: z.object({ asOf: asOfAnswer }),
})

const activation = z.object({
  seq: id,
  modelId: id,
  name: z.string(),
  version: z.number().nullable(),
  from: z.string(),
  until: z.string().nullable(),
  why: z.string().nullable(),
  /** This activation took another one back. */
  undo: z.boolean(),
  /** Scheduled, not yet in force: for planners and those who see all. */
  planned: z.boolean(),
})
export type ActivationRow = z.infer<typeof activation>
export const listActivations = endpoint({
  method: 'GET',
  path: '/api/activations',
  summary: 'Which model was in use from when until when, newest first; what is scheduled on top',
  needs: 'territory.read',
  query: z.object({ cursor: id.optional() }),
  reply: z.object({ rows: z.array(activation), next: z.string().nullable() }),
})

export const modelMembers = endpoint({
  method: 'GET',
  path: '/api/models/:id/members',
  summary: 'Members of the territories of a model at an instant, as known now or at another instant',
  needs: 'territory.read',
  params: idParams,
  query: z.object({ ...asOfQuery, territoryId: id.optional(), cursor: id.optional(), limit: z.coerce.number().int().min(1).max(1000).default(200) }),
  reply: z.object({
    asOf: asOfAnswer,
    rows: z.array(
      z.object({
        id,
        territoryId: id,
        territory: z.string(),
        userId: id,
        name: z.string(),
        role: z.enum(['owner', 'collaborator', 'manager', 'viewer']),
        access: z.enum(['read', 'private', 'edit']),
        creditBp: z.number(),
        startsAt: z.string(),
        endsAt: z.string().nullable(),
      }),
    ),
    next: z.string().nullable(),
  }),
})
