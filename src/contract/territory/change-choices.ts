/** Endpoints of what an author looks at and chooses in a change set: what one person would see afterwards 以他的眼睛看, which deals are held 留守. */
import { z } from 'zod'
import { endpoint } from '../kernel/endpoint.ts'
import { done, id, idParams, page } from '../kernel/shapes.ts'
import { HOLDOVER } from './change-sets.ts'

const person = z.object({ id, name: z.string() })
export const SIGHT_MARKS = ['gained', 'lost', 'kept'] as const
/** A count of this size says: at least. */
export const SIGHT_COUNT_STOP = 10_000

/**
 * Refused: `changeSet.notAhead` (in effect or over: then one views as the person himself), `changeSet.uncomputed` (a draft without figures),
 * `record.notFound` (no such set or person for me).
 */
export const personAfter = endpoint({
  method: 'GET',
  path: '/api/change-sets/:id/people/:userId/accounts',
  summary: 'What one person would see once the change is in effect: gained, lost and kept, of the accounts within my own sight',
  needs: 'territory.plan',
  params: z.object({ id, userId: id }),
  query: z.object({
    mark: z.enum(SIGHT_MARKS).optional(),
    search: z.string().trim().max(80).optional(),
    cursor: z.string().max(40).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  reply: page(
    z.object({ accountId: id, name: z.string(), mark: z.enum(SIGHT_MARKS), fromOwner: person.nullable(), toOwner: person.nullable() }),
  ).extend({
    person,
    /** Of all that are found, whatever mark is asked for, up to SIGHT_COUNT_STOP each; on the first page alone. */
    counts: z.object({ gained: z.number(), lost: z.number(), kept: z.number() }).nullable(),
    /** The draft or its base changed since the figures: it is read as it was then. */
    drifted: z.boolean(),
  }),
})
export type PersonAfterRow = z.infer<typeof personAfter.reply>['rows'][number]

/** Refused: `changeSet.notDraft`. */
export const setHoldover = endpoint({
  method: 'PUT',
  path: '/api/change-sets/:id/holdover',
  summary: 'Which open deals are held: all, none, or from an amount on (minor units of the company’s currency); single choices made before go',
  needs: 'territory.plan',
  params: idParams,
  body: z.discriminatedUnion('of', [
    z.object({ of: z.enum(HOLDOVER).exclude(['amount']) }),
    z.object({ of: z.literal('amount'), atLeast: z.number().int().min(0).max(9_007_199_254_740_991) }),
  ]),
  reply: done,
})

/**
 * Refused as a whole: `changeSet.notDraft`, `record.notFound` (a deal out of my sight), `holdover.notTouched` (over, or its customer does not
 * change owner by the figures); each names the line.
 */
export const holdDeals = endpoint({
  method: 'PUT',
  path: '/api/change-sets/:id/holdover/deals',
  summary: 'Single open deals that are held, or are not, whatever is chosen for all',
  needs: 'territory.plan',
  params: idParams,
  body: z.object({
    deals: z
      .array(z.object({ id, held: z.boolean() }))
      .min(1)
      .max(200),
  }),
  reply: done,
})
