/**
 * The one way from a screen to the server: an endpoint of the contract and what it takes. The contract's types decide what may be sent
 * and what comes back, so that a screen cannot ask for something the server does not serve; the server alone checks values.
 */
import type { z } from 'zod'
import type { Endpoint } from '../../contract/kernel/endpoint.ts'

/** A part of the request: absent where the endpoint takes none, optional where everything in it is. */
type Part<Name extends string, S extends z.ZodType> =
  unknown extends z.input<S>
    ? { readonly [K in Name]?: undefined }
    : Record<string, never> extends z.input<S>
      ? { readonly [K in Name]?: z.input<S> }
      : { readonly [K in Name]: z.input<S> }

export type Sent<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = Part<'params', P> &
  Part<'query', Q> &
  Part<'body', B> & {
    /** The row_version seen, for a versioned endpoint. */
    readonly ifMatch?: number
    /** One per intention of the person: pass the same key again when the same press is retried. */
    readonly idempotencyKey?: string
    readonly signal?: AbortSignal
    /** A file to upload, in place of a JSON body. */
    readonly form?: FormData
  }
type Args<S> = Record<string, never> extends S ? [sent?: S] : [sent: S]

/** The query of a list endpoint, for a screen's own state. */
export type QueryOf<E> = E extends Endpoint<z.ZodType, infer Q, z.ZodType, z.ZodType> ? z.input<Q> : never
export type ReplyOf<E> = E extends Endpoint<z.ZodType, z.ZodType, z.ZodType, infer R> ? z.output<R> : never

/** What the server refused, in the reader's language. `code` is stable; status 0 means that no answer came. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly errors: readonly { readonly field: string; readonly detail: string; readonly values?: Readonly<Record<string, string | number>> }[]
  constructor(
    status: number,
    body: {
      type?: string
      title?: string
      detail?: string
      errors?: { pointer: string; detail: string; values?: Record<string, string | number> }[]
    },
  ) {
    const code = body.type?.replace(/^urn:jiangyu:/, '') ?? (status === 0 ? 'network.down' : 'server.failed')
    super(body.detail ?? code)
    this.name = 'Problem'
    this.status = status
    this.code = code
    this.title = body.title ?? code
    this.detail = body.detail ?? ''
    this.errors = (body.errors ?? []).map(e => ({ field: e.pointer.replace(/^\//, ''), detail: e.detail, ...(e.values ? { values: e.values } : {}) }))
  }
}

type Caller = {
  language: string
  onSignedOut: () => void
  /** Said instead of writing while one looks at another moment than now; null: now. */
  readsOnly: string | null
}
const caller: Caller = { language: 'zh-CN', onSignedOut: () => {}, readsOnly: null }
/** Told once by the start-up and by the language switch. */
export const setCaller = (change: Partial<Caller>): void => {
  Object.assign(caller, change)
}

/** Browsers hide randomUUID from plain-http pages of an intranet, therefore from random bytes. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), b => b.toString(16).padStart(2, '0')).join('')
}

/** The path with its parameters and query filled in; empty values are left out, a list repeats its key. */
export function addressOf(path: string, params: Record<string, unknown> = {}, query: Record<string, unknown> = {}): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name] ?? '')))
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query))
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined && one !== null && one !== '') search.append(key, String(one))
  const text = search.toString()
  return text ? `${filled}?${text}` : filled
}

type AnySent = { params?: unknown; query?: unknown; body?: unknown; ifMatch?: number; idempotencyKey?: string; signal?: AbortSignal; form?: FormData }

/** What anyone signed in may do is about himself (language, sign-out, notices read); the rest changes what others see. */
const changes = (e: Endpoint): boolean => e.method !== 'GET' && !e.reads && e.needs !== 'person' && e.needs !== 'public'

async function send(e: Endpoint, sent: AnySent): Promise<Response> {
  if (caller.readsOnly !== null && changes(e))
    throw new Problem(409, { type: 'urn:jiangyu:asOf.readOnly', title: caller.readsOnly, detail: caller.readsOnly })
  const headers: Record<string, string> = { 'x-jiangyu': '1', 'accept-language': caller.language, accept: 'application/json' }
  if (sent.body !== undefined) headers['content-type'] = 'application/json'
  if (sent.ifMatch !== undefined) headers['if-match'] = String(sent.ifMatch)
  if (e.method === 'POST' && !e.reads) headers['idempotency-key'] = sent.idempotencyKey ?? newKey()
  const body = sent.form ?? (sent.body === undefined ? undefined : JSON.stringify(sent.body))
  const address = addressOf(e.path, sent.params as Record<string, unknown>, sent.query as Record<string, unknown>)
  const response = await fetch(address, { method: e.method, headers, body, signal: sent.signal, credentials: 'same-origin' }).catch(
    (error: unknown) => {
      if (error instanceof DOMException && error.name === 'AbortError') throw error
      throw new Problem(0, {})
    },
  )
  if (response.ok) return response
  const problem = new Problem(response.status, await response.json().catch(() => ({})))
  // A wrong password is 401 too, and loses no session.
  if (problem.code === 'session.missing') caller.onSignedOut()
  throw problem
}

export async function call<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  e: Endpoint<P, Q, B, R>,
  ...[sent]: Args<Sent<P, Q, B>>
): Promise<z.output<R>> {
  const response = await send(e, (sent ?? {}) as AnySent)
  return (await response.json()) as z.output<R>
}

/** For an endpoint whose reply is a file: its bytes, and the name the server gave it. */
export async function callFile<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  e: Endpoint<P, Q, B, R>,
  ...[sent]: Args<Sent<P, Q, B>>
): Promise<{ blob: Blob; name: string | null }> {
  const response = await send(e, (sent ?? {}) as AnySent)
  const disposition = response.headers.get('content-disposition') ?? ''
  const name = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1] ?? /filename="?([^";]+)/i.exec(disposition)?.[1]
  return { blob: await response.blob(), name: name ? decodeURIComponent(name) : null }
}
