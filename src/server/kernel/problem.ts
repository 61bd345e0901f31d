/** Every answer of 400 and above is problem+json (RFC 9457): what, why, and what to do; never SQL, never a stack. */
import { randomUUID } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Locale } from '../../contract/kernel/shapes.ts'
import type { Refusal } from '../../core/kernel/result.ts'
import { RefusalError } from './refusal-error.ts'
import { wordsOf } from './words.ts'

export function localeOf(request: FastifyRequest): Locale {
  const header = String(request.headers['accept-language'] ?? '').toLowerCase()
  if (header.startsWith('en')) return 'en'
  return /^zh-(tw|hant|hk)/.test(header) ? 'zh-TW' : 'zh-CN'
}

export const requestIdOf = (): string => randomUUID()

type PgError = { code?: string; constraint?: string }

/** Citus appends the shard's number to a constraint's name. */
export const constraintOf = (error: unknown): string | null => (error as PgError).constraint?.replace(/_\d+$/, '') ?? null

/** How the driver says that the connection went away; these carry no code. */
const LOST = /^Connection terminated|not queryable|^timeout exceeded when trying to connect/

/** What the database refuses for reasons a person can mend; anything else is a bug. */
function refusalOf(error: unknown): { refusal: Refusal; details: readonly Refusal[] } | null {
  if (error instanceof RefusalError) return { refusal: error.refusal, details: error.details }
  const pg = error as PgError & { statusCode?: number; validation?: { instancePath: string; message?: string; params?: unknown }[]; syscall?: string }
  const only = (code: string, values?: Refusal['values']) => ({ refusal: { code, ...(values ? { values } : {}) }, details: [] })
  if (pg.validation) {
    return {
      refusal: { code: 'input.invalid' },
      details: pg.validation.map(v => ({ code: 'input.invalid', field: v.instancePath || '/', values: { message: v.message ?? '' } })),
    }
  }
  if (pg.code === '23505') return only('record.duplicate', { name: constraintOf(error) ?? '' })
  if (pg.code === '23503' || pg.code === '22P02' || pg.code === '22003' || pg.code === '22021') return only('record.notFound')
  if (pg.code === '23514') return { refusal: { code: 'input.invalid' }, details: [{ code: 'input.invalid', field: constraintOf(error) ?? '' }] }
  if (pg.code === '42501') return only('record.notEditable')
  if (pg.code?.startsWith('08') || pg.code?.startsWith('57P') || pg.code === '53300' || pg.code === 'ECONNREFUSED' || pg.code === 'ECONNRESET')
    return only('server.busy')
  if (error instanceof Error && LOST.test(error.message)) return only('server.busy')
  if (pg.code === 'FST_ERR_CTP_BODY_TOO_LARGE' || pg.statusCode === 413) return only('input.tooLarge', { limit: '1 MB' })
  if (pg.statusCode === 415) return only('input.unsupported')
  if (pg.statusCode !== undefined && pg.statusCode >= 400 && pg.statusCode < 500) return only('input.invalid')
  return null
}

export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply, locale: Locale): FastifyReply {
  const known = refusalOf(error)
  if (!known) request.log.error({ err: error, requestId: request.id }, 'request failed')
  const refusal = known?.refusal ?? { code: 'server.failed', values: { request: request.id } }
  const { status, text } = wordsOf(refusal, locale)
  if (refusal.values?.seconds !== undefined) reply.header('retry-after', String(refusal.values.seconds))
  return reply
    .status(status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .serializer((body: unknown) => JSON.stringify(body))
    .send({
      type: `urn:jiangyu:${refusal.code}`,
      title: refusal.code,
      status,
      detail: text,
      instance: request.url.split('?')[0],
      request_id: request.id,
      ...(refusal.values ? { values: refusal.values } : {}),
      ...(refusal.field ? { errors: [{ pointer: refusal.field, detail: text, code: refusal.code }] } : {}),
      ...(known && known.details.length > 0
        ? {
            errors: known.details.map(d => ({
              pointer: d.field ?? '',
              code: d.code,
              detail: [wordsOf({ ...d }, locale).text, d.values?.message].filter(Boolean).join(' '),
              ...(d.values ? { values: d.values } : {}),
            })),
          }
        : {}),
    })
}
