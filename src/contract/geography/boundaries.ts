/** Endpoints of boundary sets 边界: a company's own areas from a file, beside the built-in map. */
import { z } from 'zod'
import { COORDINATE_SYSTEMS } from '../../core/geography/convert.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { done, id, idParams, text } from '../kernel/shapes.ts'

const boundarySet = z.object({
  id,
  name: z.string(),
  crs: z.string(),
  areas: z.number(),
  report: z.object({
    refused: z.array(z.object({ feature: z.number(), name: z.string(), words: z.string() })),
    refusedCount: z.number(),
    unmatched: z.array(z.string()),
    unmatchedCount: z.number(),
    snapped: z.number(),
    lonely: z.number(),
  }),
  createdAt: z.string(),
  createdBy: z.string().nullable(),
  rowVersion: z.number(),
})
export type BoundarySet = z.infer<typeof boundarySet>
export const listBoundarySets = endpoint({
  method: 'GET',
  path: '/api/boundary-sets',
  summary: 'Boundary sets of the company, newest first',
  needs: 'territory.read',
  query: z.object({ cursor: z.string().max(40).optional() }),
  reply: z.object({ rows: z.array(boundarySet), next: z.string().nullable() }),
})
export const importBoundarySet = endpoint({
  method: 'POST',
  path: '/api/boundary-sets',
  summary: 'Upload GeoJSON or TopoJSON (multipart): areas are checked, converted to WGS-84, matched to divisions and joined to their neighbours',
  needs: 'territory.plan',
  query: z.object({ name: text(80), crs: z.enum(COORDINATE_SYSTEMS) }),
  reply: boundarySet,
})
export const deleteBoundarySet = endpoint({
  method: 'DELETE',
  path: '/api/boundary-sets/:id',
  summary: 'Delete a boundary set; rules that took an area from it keep its shape',
  needs: 'territory.plan',
  params: idParams,
  versioned: true,
  reply: done,
})
const area = z.object({
  id,
  name: z.string(),
  code: z.string().nullable(),
  division: z.object({ code: z.string(), name: z.string() }).nullable(),
  neighbours: z.number(),
  corners: z.number(),
})
export type BoundaryArea = z.infer<typeof area>
export const listBoundaryAreas = endpoint({
  method: 'GET',
  path: '/api/boundary-sets/:id/areas',
  summary: 'Areas of a set, by name',
  needs: 'territory.read',
  params: idParams,
  query: z.object({ search: z.string().max(80).optional(), unmatched: z.enum(['true', 'false']).optional(), cursor: z.string().max(200).optional() }),
  reply: z.object({ rows: z.array(area), next: z.string().nullable() }),
})
const point = z.tuple([z.number(), z.number()])
export const readBoundaryArea = endpoint({
  method: 'GET',
  path: '/api/boundary-sets/:id/areas/:areaId',
  summary: 'The shape of one area, as a rule takes it',
  needs: 'territory.read',
  params: z.object({ id, areaId: id }),
  reply: z.object({ name: z.string(), rings: z.array(z.array(point)) }),
})
export const boundaryShapes = endpoint({
  method: 'GET',
  path: '/api/boundary-sets/:id/shapes',
  summary: 'All areas of a set as GeoJSON, for the map',
  needs: 'territory.read',
  params: idParams,
  raw: true,
  reply: z.unknown(),
})
