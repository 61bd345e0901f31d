/** The condition language on the wire: JSON of core/condition/condition.ts. Meaning (known fields, fitting operators) is checked by core. */
import { z } from 'zod'
import type { Condition } from '../../core/condition/condition.ts'

const field = z.string().min(1).max(80)
const value = z.string().max(200)
/** A list of 10,000s of values is ordinary; a million is an attack. */
const MAX_VALUES = 100_000
const end = z.union([z.number(), z.string().max(40)])

/** Looked at before anything walks it by recursion: a thousand brackets must be refused, not overflow the stack. */
const MAX_NESTING = 40
function isShallow(value: unknown): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_NESTING) return false
    level = level.flatMap(v => (typeof v === 'object' && v !== null && !isLeafArray(v) ? Object.values(v) : []))
  }
  return true
}
/** Lists of values and corners hold no conditions and may be long. */
const isLeafArray = (value: object): boolean => Array.isArray(value) && value.length > 0 && typeof value[0] !== 'object'

const nested: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(nested).max(2000) }),
    z.strictObject({ any: z.array(nested).max(2000) }),
    z.strictObject({ none: z.array(nested).max(2000) }),
    z.strictObject({ field, op: z.enum(['in', 'notIn']), values: z.array(value).max(MAX_VALUES) }),
    z.strictObject({ field, op: z.enum(['inList', 'notInList']), list: z.string().max(20) }),
    z.strictObject({ field, op: z.literal('between'), min: end.optional(), max: end.optional() }),
    z.strictObject({ field, op: z.enum(['empty', 'notEmpty']) }),
    z.strictObject({ field, op: z.enum(['contains', 'startsWith']), text: z.string().min(1).max(200) }),
    z.strictObject({
      field,
      op: z.literal('within'),
      lng: z.number().min(-180).max(180),
      lat: z.number().min(-90).max(90),
      km: z.number().positive().max(5000),
    }),
    z.strictObject({
      field,
      op: z.literal('inside'),
      rings: z
        .array(
          z
            .array(z.tuple([z.number(), z.number()]))
            .min(4)
            .max(20_000),
        )
        .min(1)
        .max(50),
    }),
  ]),
) as z.ZodType<Condition>

export const condition: z.ZodType<Condition> = z.unknown().refine(isShallow, 'nested too deep').pipe(nested)
