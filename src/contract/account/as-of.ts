/**
 * The instant an answer is for 时点, and what was known at another: `at` asks about an instant, or the end of a day in the company's zone;
 * `known` asks what one believed then. Without both an answer is about now.
 */
import { z } from 'zod'
import { id } from '../kernel/shapes.ts'

/** An instant with its offset, or a day: its end, or this moment where the day is today. */
export const instantOrDay = z.union([z.iso.datetime({ offset: true }), z.iso.date()])
export const asOfQuery = { at: instantOrDay.optional(), known: instantOrDay.optional() } as const

export const asOfAnswer = z.object({
  /** The instant answered for. Asked about a time after `known`, it is `known`: beliefs about what lay ahead are not kept. */
  at: z.string(),
  known: z.string(),
  /** past: it was so; plan: it lies ahead, as scheduled now. */
  when: z.enum(['past', 'plan']),
  /** The model in use at that instant; null before the first. */
  model: z.object({ id, name: z.string(), version: z.number().nullable(), archived: z.boolean() }).nullable(),
  /** Owner and territory are those of then; an account's own fields, and who may see it, are those of today. */
  fields: z.literal('today'),
})
export type AsOfAnswer = z.infer<typeof asOfAnswer>
