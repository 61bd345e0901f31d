/** Endpoints of territory health 区域体检: measures a company defines, how evenly they are spread, where nobody covers. */
import { z } from 'zod'
import { endpoint } from '../kernel/endpoint.ts'
import { done, id, idParams, labels } from '../kernel/shapes.ts'

const weight = z.number().min(0).max(1_000_000)
/**
 * count: customers. sum: a number field. workload: visits wanted a year × minutes, by tier, in hours; `other` for tiers that are not named.
 * weighted: number fields times weights.
 */
export const measureSpec = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('count') }),
  z.strictObject({ kind: z.literal('sum'), field: z.string().max(40) }),
  z.strictObject({
    kind: z.literal('workload'),
    tiers: z.record(z.string().max(80), z.strictObject({ visits: weight, minutes: weight })),
    other: z.strictObject({ visits: weight, minutes: weight }),
  }),
  z.strictObject({
    kind: z.literal('weighted'),
    terms: z
      .array(z.strictObject({ field: z.string().max(40), weight }))
      .min(1)
      .max(20),
  }),
])
export type MeasureSpec = z.infer<typeof measureSpec>
const measure = z.object({
  key: z.string().regex(/^[a-z][a-zA-Z0-9-]{0,39}$/),
  labels,
  unit: z.enum(['accounts', 'money', 'hours', 'points']),
  spec: measureSpec,
})
export type HealthMeasure = z.infer<typeof measure>

export const getMeasures = endpoint({
  method: 'GET',
  path: '/api/health-measures',
  summary: 'The measures by which territories are compared',
  needs: 'territory.read',
  reply: z.object({ rows: z.array(measure) }),
})
export const saveMeasures = endpoint({
  method: 'PUT',
  path: '/api/health-measures',
  summary: 'Define the measures by which territories are compared',
  needs: 'territory.plan',
  body: z.object({ rows: z.array(measure).min(1).max(12) }),
  reply: done,
})

const spread = z.object({ n: z.number(), sum: z.number(), mean: z.number(), maxDeviation: z.number(), gini: z.number(), outside: z.number() })
const line = z.object({
  id: id.nullable(),
  code: z.string().nullable(),
  name: z.string(),
  colour: z.number().nullable(),
  owners: z.array(z.string()),
  accounts: z.number(),
  values: z.array(z.number()),
  contested: z.number(),
  unowned: z.number(),
})
export type HealthLine = z.infer<typeof line>
export const modelHealth = endpoint({
  method: 'GET',
  path: '/api/models/:id/health',
  summary: 'How workload, potential and revenue are spread over territories or owners, and what nobody covers, within my sight',
  needs: 'territory.read',
  params: idParams,
  query: z.object({
    by: z.enum(['territory', 'owner', 'branch']).default('territory'),
    tolerance: z.coerce.number().min(0.01).max(1).default(0.2),
    parentId: id.optional(),
  }),
  reply: z.object({
    measures: z.array(measure.extend({ spread })),
    /** At most 500, the farthest from the mean first. */
    rows: z.array(line),
    total: z.number(),
    white: z.object({
      accounts: z.number(),
      potential: z.number().nullable(),
      /** Cities with customers that no territory takes, by what they are worth. */
      places: z.array(z.object({ code: z.string(), name: z.string(), accounts: z.number(), potential: z.number().nullable() })),
    }),
    /** Industry sections × provinces: customers, those without territory, potential. */
    grid: z.array(
      z.object({ province: z.string(), section: z.string(), accounts: z.number(), uncovered: z.number(), potential: z.number().nullable() }),
    ),
    provinces: z.record(z.string(), z.string()),
    sections: z.record(z.string(), z.string()),
  }),
})
export type ModelHealth = z.infer<typeof modelHealth.reply>
export const exportHealth = endpoint({
  method: 'GET',
  path: '/api/models/:id/health/export',
  summary: 'The same as a workbook for a meeting',
  needs: 'account.export',
  params: idParams,
  query: z.object({ by: z.enum(['territory', 'owner', 'branch']).default('territory'), tolerance: z.coerce.number().min(0.01).max(1).default(0.2) }),
  reply: z.any(),
  raw: true,
})
