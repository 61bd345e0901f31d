/**
 * One endpoint 接口: what it takes, what it answers, and what one must be allowed. The server's routes, the OpenAPI page, the
 * authorisation matrix and the web client all derive from these values; nothing else describes the API.
 */
import type { z } from 'zod'
import type { Permission } from '../../core/access/permissions.ts'

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'

export type Endpoint<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
> = {
  readonly method: Method
  /** Fastify path, e.g. `/api/accounts/:id`. */
  readonly path: string
  readonly summary: string
  /** `public`: no session; `person`: anyone signed in; else a permission of the role. */
  readonly needs: 'public' | 'person' | Permission
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  readonly reply: R
  /** PATCH and DELETE of an editable row: the If-Match header must carry its row_version. */
  readonly versioned?: boolean
  /** A POST that only reads (previews, searches with a body): allowed while viewing as somebody else, takes no idempotency key. */
  readonly reads?: boolean
  /** Reply is a file, not JSON. */
  readonly raw?: boolean
}

export const endpoint = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  e: Endpoint<P, Q, B, R>,
): Endpoint<P, Q, B, R> => e
