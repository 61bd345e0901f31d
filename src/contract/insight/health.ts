/** Endpoints of territory health 区域体检: measures a company defines, how evenly they are spread, where nobody covers. */
import { z } from 'zod'
import { endpoint } from '../kernel/endpoint.ts'
import { done, id, idParams, labels, text } from '../kernel/shapes.ts'

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
const unit = z.enum(['accounts', 'money', 'hours', 'points'])
const key = z.string().regex(/^[a-z][a-zA-Z0-9-]{0,39}$/)
const measure = z.object({ key, labels, unit, spec: measureSpec })
export type HealthMeasure = z.infer<typeof measure>
/** The units that fit a kind: the first is meant where nobody says otherwise. */
export const UNITS_OF: Readonly<Record<MeasureSpec['kind'], readonly HealthMeasure['unit'][]>> = {
  count: ['accounts'],
  workload: ['hours'],
  sum: ['money', 'points'],
  weighted: ['points', 'money'],
}
export const MOST_MEASURES = 12

/** `version`: to be sent back with a change. `builtIn`: the company has said nothing of its own. `hidden`: measures of fields that the role hides. */
export const getMeasures = endpoint({
  method: 'GET',
  path: '/api/health-measures',
  summary: 'The measures by which territories are compared',
  needs: 'territory.read',
  reply: z.object({ rows: z.array(measure), version: z.string(), builtIn: z.boolean(), hidden: z.number() }),
})
/**
 * The whole list in its order; an empty one brings back what a company has before it says otherwise. A name left empty in zh-TW is converted
 * from zh-CN. Measures of hidden fields stay, at the end.
 */
export const saveMeasures = endpoint({
  method: 'PUT',
  path: '/api/health-measures',
  summary: 'Define the measures by which territories are compared',
  needs: 'territory.plan',
  body: z.object({
    rows: z
      .array(
        z.object({
          key,
          labels: z.object({ 'zh-CN': text(40), 'zh-TW': z.string().trim().max(40).default(''), en: text(40) }),
          unit,
          spec: measureSpec,
        }),
      )
      .max(MOST_MEASURES),
    version: z.string().max(40).optional(),
  }),
  reply: done,
})
export type MeasureInput = z.infer<typeof saveMeasures.body & {}>['rows'][number]

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
/** Every territory that takes customers in the exclusive layer, within my sight; `values` in the order of `measures`. */
export const healthMap = endpoint({
  method: 'GET',
  path: '/api/models/:id/health/map',
  summary: 'Each measure by territory and how it is spread, for the map: every territory, without names',
  needs: 'territory.read',
  params: idParams,
  query: z.object({ tolerance: z.coerce.number().min(0.01).max(1).default(0.2) }),
  reply: z.object({
    measures: z.array(measure.extend({ spread })),
    rows: z.array(z.object({ id, accounts: z.number(), values: z.array(z.number()) })),
  }),
})
export type HealthMap = z.infer<typeof healthMap.reply>
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
