/** Endpoints of the first steps: a proposal of shares, a draft from shares, and who or what is left over. */
import { z } from 'zod'
import { endpoint } from '../kernel/endpoint.ts'
import { id, idParams, text } from '../kernel/shapes.ts'

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
    /** Among those that cannot be decided, how many lack each field that rules read. */
    missing: z.array(z.object({ field: z.string(), label: z.string(), accounts: z.number() })),
    pending: z.number(),
    accounts: z.number(),
  }),
})
