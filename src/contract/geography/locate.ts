/** Endpoint of geography: which division an address names, while somebody types it. */
import { z } from 'zod'
import { endpoint } from '../kernel/endpoint.ts'

export const locateAddress = endpoint({
  method: 'POST',
  path: '/api/divisions/locate',
  summary: 'Which division an address is in; null with the reason when it is not sure',
  needs: 'person',
  reads: true,
  body: z.object({ text: z.string().max(400) }),
  reply: z.object({
    code: z.string().nullable(),
    path: z.string().nullable(),
    matched: z.string().nullable(),
    why: z.enum(['empty', 'unknown', 'ambiguous']).nullable(),
  }),
})
