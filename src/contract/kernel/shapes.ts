/** Shapes that every capability's contract shares. */
import { z } from 'zod'

/** Ids are decimal strings: bigint does not fit a JSON number. */
export const id = z.string().regex(/^[1-9]\d{0,18}$/)
export const idParams = z.object({ id })
export const labels = z.object({ 'zh-CN': z.string(), 'zh-TW': z.string(), en: z.string() })
export type Labels = z.infer<typeof labels>
export const locale = z.enum(['zh-CN', 'zh-TW', 'en'])
export type Locale = z.infer<typeof locale>
/** Text a person typed: trimmed, bounded, without NUL (PostgreSQL refuses it). */
export const text = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine(s => !s.includes('\u0000'), 'no NUL')
export const optionalText = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .refine(s => !s.includes('\u0000'), 'no NUL')
    .nullable()
export const done = z.object({ done: z.literal(true) })
export const created = z.object({ id })
/** Keyset paging: `next` is an opaque cursor, null on the last page. */
export const page = <T extends z.ZodType>(row: T) => z.object({ rows: z.array(row), next: z.string().nullable() })
/** A flag in a query string ("true", "false") or in JSON. */
export const flag = z.union([z.boolean(), z.enum(['true', 'false'])]).transform(v => v === true || v === 'true')
