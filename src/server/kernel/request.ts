/** What a handler is given: the actor, one open transaction, the instant of the request, and the parsed input. */
import type { Pool } from 'pg'
import type { Locale } from '../../contract/kernel/shapes.ts'
import type { Actor } from './actor.ts'
import type { Tx } from './transaction.ts'

export type Databases = { readonly app: Pool; readonly bulk: Pool }

export type Upload = { readonly fieldName: string; readonly fileName: string; readonly stream: NodeJS.ReadableStream }

export type Ask<P = unknown, Q = unknown, B = unknown> = {
  readonly params: P
  readonly query: Q
  readonly body: B
  /** row_version from If-Match; present whenever the endpoint is versioned. */
  readonly ifMatch: number
  readonly locale: Locale
  readonly requestId: string
  readonly ip: string
  readonly upload: () => Promise<Upload | null>
}

export type Context = Ask & { readonly actor: Actor; readonly tx: Tx; readonly now: string; readonly db: Databases }

/** A reply with headers or a body that is not JSON. */
export class Reply {
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
  readonly cookies: readonly { name: string; value: string; maxAgeSeconds: number }[]
  constructor(body: unknown, options: { headers?: Record<string, string>; cookies?: Reply['cookies'] } = {}) {
    this.body = body
    this.headers = options.headers ?? {}
    this.cookies = options.cookies ?? []
  }
}
