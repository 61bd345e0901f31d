/** Endpoints around models: value lists, the first-time wizard, who and what is left over. */
import { z } from 'zod'
import { endpoint } from '../kernel/endpoint.ts'
import { id, idParams, text } from '../kernel/shapes.ts'

const valueList = z.object({ id, name: z.string(), type: z.string(), count: z.number(), rowVersion: z.number() })
export const listValueLists = endpoint({
  method: 'GET',
  path: '/api/value-lists',
  summary: 'Named lists of values that rules may use',
  needs: 'territory.read',
  reply: z.object({ rows: z.array(valueList) }),
})
export const createValueList = endpoint({
  method: 'POST',
  path: '/api/value-lists',
  summary: 'Make a named list from pasted lines; the rejected ones are answered',
  needs: 'territory.plan',
  body: z.object({ name: text(80), type: z.enum(['division', 'industry', 'account', 'text']), values: z.array(z.string().max(200)).max(100_000) }),
  reply: z.object({ id, accepted: z.number(), rejected: z.array(z.object({ line: z.number(), value: z.string(), words: z.string() })) }),
})
export const resolveValues = endpoint({
  method: 'POST',
  path: '/api/value-lists/resolve',
  summary: 'Turn pasted lines into values of a field: codes or names of divisions, industries, options, accounts',
  needs: 'territory.read',
  reads: true,
  body: z.object({ field: z.string().max(80), lines: z.array(z.string().max(200)).max(20_000) }),
  reply: z.object({
    values: z.array(z.object({ value: z.string(), label: z.string() })),
    rejected: z.array(z.object({ line: z.number(), value: z.string(), words: z.string() })),
  }),
})
export const readValueList = endpoint({
  method: 'GET',
  path: '/api/value-lists/:id',
  summary: 'Values of a list',
  needs: 'territory.read',
  params: idParams,
  query: z.object({ cursor: z.string().max(200).optional() }),
  reply: z.object({ rows: z.array(z.string()), next: z.string().nullable() }),
})

export const geographyWizard = endpoint({
  method: 'POST',
  path: '/api/wizard/geography',
  summary: 'Small start: provinces (or cities) among these people; answers a draft, ready to run',
  needs: 'territory.plan',
  body: z.object({
    name: text(80),
    shares: z
      .array(
        z.object({
          userId: id,
          divisions: z
            .array(z.string().regex(/^\d{6}$/))
            .min(1)
            .max(3000),
        }),
      )
      .min(1)
      .max(500),
  }),
  reply: z.object({ modelId: id, territories: z.number() }),
})
export const suggestShares = endpoint({
  method: 'POST',
  path: '/api/wizard/suggest',
  summary: 'Divide the provinces with customers among people by number of customers',
  needs: 'territory.plan',
  reads: true,
  body: z.object({ userIds: z.array(id).min(1).max(500), level: z.enum(['province', 'city']) }),
  reply: z.object({
    shares: z.array(
      z.object({ userId: id, divisions: z.array(z.object({ code: z.string(), name: z.string(), accounts: z.number() })), accounts: z.number() }),
    ),
    unlocated: z.number(),
  }),
})

export const getCoverage = endpoint({
  method: 'GET',
  path: '/api/models/:id/coverage',
  summary: 'People without territory, territories without people, customers without territory or owner',
  needs: 'territory.read',
  params: idParams,
  reply: z.object({
    peopleWithout: z.array(z.object({ id, name: z.string(), title: z.string().nullable() })),
    territoriesWithout: z.array(z.object({ id, code: z.string(), name: z.string() })),
    unassigned: z.number(),
    unowned: z.number(),
    contested: z.number(),
    undecidable: z.number(),
    pending: z.number(),
    accounts: z.number(),
  }),
})
