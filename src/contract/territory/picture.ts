/** Endpoints that picture a model: figures for the map, the grid of a type that is not about places, witnesses 证例, the effect of an order of types. */
import { z } from 'zod'
import { asOfAnswer, asOfQuery } from '../account/as-of.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { id, idParams } from '../kernel/shapes.ts'
import { typeList } from './models.ts'

export const mapFigures = endpoint({
  method: 'GET',
  path: '/api/models/:id/map',
  summary: 'Figures by territory, and the divisions where accounts have no territory or two',
  needs: 'territory.read',
  params: idParams,
  query: z.object(asOfQuery),
  reply: z.object({
    asOf: asOfAnswer.nullable(),
    /** Sums of everything below a territory. Money is empty where the role hides it; `unowned` is null in a draft, which has no owners yet. */
    figures: z.array(z.object({ id, accounts: z.number(), potential: z.string(), revenue: z.string(), unowned: z.number().nullable() })),
    gaps: z.array(z.object({ division: z.string(), accounts: z.number() })),
    overlaps: z.array(z.object({ division: z.string(), accounts: z.number(), rivals: z.array(id) })),
  }),
})

export const typeGrid = endpoint({
  method: 'GET',
  path: '/api/models/:id/types/:typeId/grid',
  summary: 'Accounts of a type by industry and tier, and which territories hold them',
  needs: 'territory.read',
  params: z.object({ id, typeId: id }),
  reply: z.object({
    cells: z.array(z.object({ industry: z.string().nullable(), tier: z.string().nullable(), territoryId: id, accounts: z.number() })),
    accounts: z.number(),
  }),
})

export const WITNESS_KINDS = ['unassigned', 'contested', 'undecidable'] as const
export const modelWitnesses = endpoint({
  method: 'GET',
  path: '/api/models/:id/witnesses',
  summary: 'Accounts that show a gap, an overlap, or a value that is missing',
  needs: 'territory.read',
  params: idParams,
  query: z.object({ kind: z.enum(WITNESS_KINDS), cursor: z.string().max(40).optional() }),
  reply: z.object({
    rows: z.array(
      z.object({
        id,
        name: z.string(),
        division: z.string().nullable(),
        industry: z.string().nullable(),
        tier: z.string().nullable(),
        /** The winner first, then its rivals; for an undecidable account those that could take it. */
        territories: z.array(z.object({ id, code: z.string(), name: z.string(), colour: z.number() })),
        /** Labels of the fields whose values are missing. */
        missing: z.array(z.string()),
      }),
    ),
    next: z.string().nullable(),
    total: z.number(),
  }),
})

export const previewTypes = endpoint({
  method: 'POST',
  path: '/api/models/:id/types/preview',
  summary: 'What another order of types would do: overlaps before and after, accounts that change territory',
  needs: 'territory.plan',
  params: idParams,
  reads: true,
  body: z.object({ types: typeList }),
  reply: z.object({
    before: z.number(),
    after: z.number(),
    moved: z.number(),
    moves: z.array(z.object({ from: id.nullable(), to: id.nullable(), accounts: z.number() })),
    milliseconds: z.number(),
  }),
})
