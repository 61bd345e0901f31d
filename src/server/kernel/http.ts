/**
 * Turns an endpoint of the contract into a route: parse, find who asks, check the permission, open the transaction, call, reply.
 * Nothing else registers routes under /api, so the authorisation matrix (test) reads the list kept here.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import type { Endpoint } from '../../contract/kernel/endpoint.ts'
import { actorOfKey, actorOfSession, tenantOfToken } from '../identity/load-actor.ts'
import type { Actor } from './actor.ts'
import { makeGroups, type Outcome } from './grouped.ts'
import { claimKey, keepAnswer } from './idempotency.ts'
import { localeOf, sendProblem } from './problem.ts'
import { RefusalError, stop } from './refusal-error.ts'
import { type Ask, type Context, type Databases, Reply } from './request.ts'
import { actAs, inTenant, type Tx } from './transaction.ts'

type Out<S> = S extends z.ZodType ? z.output<S> : unknown
type Answer<R> = (R extends z.ZodType ? z.input<R> : unknown) | Reply

export type Api = {
  /** For anyone: no actor, no transaction. */
  open<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
    endpoint: Endpoint<P, Q, B, R>,
    handler: (ask: Ask<Out<P>, Out<Q>, Out<B>>, db: Databases) => Promise<Answer<R>>,
  ): void
  /** For a person: inside one transaction that sees what the person may see. */
  route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
    endpoint: Endpoint<P, Q, B, R>,
    handler: (context: Context & Ask<Out<P>, Out<Q>, Out<B>>) => Promise<Answer<R>>,
  ): void
  /** As `route`, for writes that arrive by the hundred: those of one caller share a transaction, and each has its own answer. */
  grouped<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
    endpoint: Endpoint<P, Q, B, R>,
    handler: (context: GroupContext, asks: readonly Ask<Out<P>, Out<Q>, Out<B>>[]) => Promise<readonly Answer<R>[]>,
  ): void
  readonly endpoints: readonly Endpoint[]
  readonly db: Databases
}
export type GroupContext = Pick<Context, 'actor' | 'tx' | 'now' | 'db'>

export type CookieRules = { readonly name: string; readonly secure: boolean }

/** Cookies travel with every request of a browser, also with those another site causes: a change must prove it comes from our page. */
function refuseCrossSite(request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const site = request.headers['sec-fetch-site']
  if (request.headers['x-jiangyu'] !== '1') stop('session.crossSite')
  if (site !== undefined && site !== 'same-origin' && site !== 'none') stop('session.crossSite')
  const origin = request.headers.origin
  if (origin !== undefined && new URL(origin).host !== request.headers.host) stop('session.crossSite')
}

export function secretOf(request: FastifyRequest, cookies: CookieRules): { kind: 'key' | 'session'; tenantId: string; secret: string } | null {
  const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
  const secret = bearer ?? request.cookies[cookies.name]
  const tenantId = secret ? tenantOfToken(secret) : null
  return secret && tenantId ? { kind: bearer ? 'key' : 'session', tenantId, secret } : null
}

function ifMatchOf(request: FastifyRequest, endpoint: Endpoint): number {
  if (!endpoint.versioned) return 0
  const value = /^(?:W\/)?"?(\d{1,9})"?$/.exec(String(request.headers['if-match'] ?? ''))?.[1]
  return value === undefined ? stop('record.versionMissing') : Number(value)
}

function authorise(actor: Actor, endpoint: Endpoint): void {
  if (endpoint.needs !== 'public' && endpoint.needs !== 'person' && !actor.permissions.has(endpoint.needs)) {
    stop('permission.missing', { permission: endpoint.needs })
  }
  // Only the way out of viewing stays open to somebody who views as another person.
  const changes = endpoint.method !== 'GET' && !endpoint.reads
  if (actor.viewerId && changes && endpoint.path !== '/api/session/view-as' && endpoint.path !== '/api/session') stop('viewAs.readOnly')
}

function send(reply: FastifyReply, cookies: CookieRules, answer: unknown, status: number): FastifyReply {
  if (!(answer instanceof Reply)) return reply.status(status).send(answer)
  for (const cookie of answer.cookies) {
    reply.setCookie(cookies.name, cookie.value, { path: '/', httpOnly: true, sameSite: 'lax', secure: cookies.secure, maxAge: cookie.maxAgeSeconds })
  }
  reply.headers(answer.headers)
  return reply.status(status).send(answer.body)
}

export function makeApi(app: FastifyInstance, db: Databases, cookies: CookieRules): Api {
  const endpoints: Endpoint[] = []
  const typed = app.withTypeProvider<ZodTypeProvider>()

  const add = (endpoint: Endpoint, handle: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>) => {
    endpoints.push(endpoint)
    typed.route({
      method: endpoint.method,
      url: endpoint.path,
      schema: {
        summary: endpoint.summary,
        tags: [endpoint.path.split('/')[2] ?? 'api'],
        security: endpoint.needs === 'public' ? [] : [{ key: [] }],
        ...(endpoint.params ? { params: endpoint.params } : {}),
        ...(endpoint.query ? { querystring: endpoint.query } : {}),
        ...(endpoint.body ? { body: endpoint.body } : {}),
        ...(endpoint.raw ? {} : { response: { 200: endpoint.reply } }),
      },
      handler: async (request, reply) => {
        try {
          return await handle(request, reply)
        } catch (error) {
          return sendProblem(error, request, reply, localeOf(request))
        }
      },
    })
  }

  const askOf = (request: FastifyRequest, endpoint: Endpoint, locale: Ask['locale']): Ask => ({
    params: request.params,
    query: request.query,
    body: request.body,
    ifMatch: ifMatchOf(request, endpoint),
    locale,
    requestId: request.id,
    ip: request.ip,
    upload: async () => {
      if (!request.isMultipart()) return null
      const part = await request.file()
      return part ? { fieldName: part.fieldname, fileName: part.filename, stream: part.file } : null
    },
  })

  return {
    endpoints,
    db,
    open: (endpoint, handler) =>
      add(endpoint as unknown as Endpoint, async (request, reply) => {
        refuseCrossSite(request)
        const ask = askOf(request, endpoint as unknown as Endpoint, localeOf(request))
        return send(reply, cookies, await handler(ask as never, db), 200)
      }),
    route: (endpoint, handler) =>
      add(endpoint as unknown as Endpoint, async (request, reply) => {
        const entry = endpoint as unknown as Endpoint
        const secret = secretOf(request, cookies)
        if (!secret) return stop('session.missing')
        if (secret.kind === 'session') refuseCrossSite(request)
        // The answer leaves after the commit: what it says is then true for whoever asks next, and a commit that failed was never acknowledged.
        const { answer, replayed } = await inTenant(db.app, secret.tenantId, async tx => {
          const actor = await (secret.kind === 'key' ? actorOfKey : actorOfSession)(tx, secret.tenantId, secret.secret)
          if (!actor) return stop('session.missing')
          authorise(actor, entry)
          const ask = askOf(request, entry, request.headers['accept-language'] ? localeOf(request) : actor.locale)
          const key = entry.method === 'POST' && !entry.reads ? request.headers['idempotency-key'] : undefined
          if (typeof key === 'string') {
            const replay = await claimKey(tx, actor, key, `${entry.method} ${request.url}`, request.body)
            if (replay) return { answer: JSON.parse(replay.body) as unknown, replayed: true }
          }
          await actAs(tx, actor)
          const now = await instantOf(tx)
          const answer = await handler({ ...ask, actor, tx, now, db } as never)
          if (typeof key === 'string' && !(answer instanceof Reply)) await keepAnswer(tx, actor, key, 200, JSON.stringify(answer))
          return { answer: answer as unknown, replayed: false }
        })
        if (replayed) reply.header('idempotent-replayed', 'true')
        return send(reply, cookies, answer, 200)
      }),
    grouped: (endpoint, handler) => {
      const entry = endpoint as unknown as Endpoint
      type Queued = {
        readonly secret: NonNullable<ReturnType<typeof secretOf>>
        readonly ask: Ask
        readonly key: string | null
        readonly url: string
      }
      type Kept = { readonly answer: unknown; readonly replayed: boolean }
      const groups = makeGroups<Queued, Kept>((_, queued) => {
        const { secret } = queued[0]!
        return inTenant(db.app, secret.tenantId, async tx => {
          const actor = await (secret.kind === 'key' ? actorOfKey : actorOfSession)(tx, secret.tenantId, secret.secret)
          if (!actor) return stop('session.missing')
          authorise(actor, entry)
          const outcomes = new Map<Queued, Outcome<Kept>>()
          for (const q of queued) if (q.key !== null) await replayOf(tx, actor, entry, q, outcomes)
          await actAs(tx, actor)
          const fresh = queued.filter(q => !outcomes.has(q))
          const answers = fresh.length === 0 ? [] : await handler({ actor, tx, now: await instantOf(tx), db }, fresh.map(q => q.ask) as never)
          for (const [i, q] of fresh.entries()) {
            const answer = answers[i]
            if (q.key !== null) await keepAnswer(tx, actor, q.key, 200, JSON.stringify(answer))
            outcomes.set(q, { answer: { answer, replayed: false } })
          }
          return queued.map(q => outcomes.get(q)!)
        })
      })
      add(entry, async (request, reply) => {
        const secret = secretOf(request, cookies)
        if (!secret) return stop('session.missing')
        if (secret.kind === 'session') refuseCrossSite(request)
        const key = typeof request.headers['idempotency-key'] === 'string' ? request.headers['idempotency-key'] : null
        const ask = askOf(request, entry, localeOf(request))
        const { answer, replayed } = await groups.add(`${secret.kind} ${secret.secret}`, { ask: { secret, ask, key, url: request.url }, mark: key })
        if (replayed) reply.header('idempotent-replayed', 'true')
        return send(reply, cookies, answer, 200)
      })
    },
  }
}

type Keyed = { readonly ask: Ask; readonly key: string | null; readonly url: string }
async function replayOf<Q extends Keyed>(
  tx: Tx,
  actor: Actor,
  entry: Endpoint,
  q: Q,
  into: Map<Q, Outcome<{ answer: unknown; replayed: boolean }>>,
): Promise<void> {
  try {
    const replay = await claimKey(tx, actor, q.key!, `${entry.method} ${q.url}`, q.ask.body)
    if (replay) into.set(q, { answer: { answer: JSON.parse(replay.body) as unknown, replayed: true } })
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error
    into.set(q, { error })
  }
}

/** The instant of a request is the database's, so that several servers agree. */
async function instantOf(tx: Tx): Promise<string> {
  const result = await tx.query<{ now: string }>('select to_char(clock_timestamp() at time zone \'UTC\', \'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\') as now')
  return result.rows[0]!.now
}

export { RefusalError }
