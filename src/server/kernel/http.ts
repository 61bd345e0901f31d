/**
 * Turns an endpoint of the contract into a route: parse, find who asks, check the permission, open the transaction, call, reply.
 * Nothing else registers routes under /api, so the authorisation matrix (test) reads the list kept here.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import type { Endpoint } from '../../contract/kernel/endpoint.ts'
import { actorOf, actorsOf, type Secret, tenantOfToken } from '../identity/load-actor.ts'
import type { Actor } from './actor.ts'
import { makeGroups, type Outcome } from './grouped.ts'
import { claimKeys, freeKeys, keepAnswers, keyOf } from './idempotency.ts'
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
  /**
   * As `route`, for writes that many people send at the same moment: those of one company share a transaction, and each has its own answer. The
   * fence shows nothing in it until the handler says for whom.
   */
  together<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
    endpoint: Endpoint<P, Q, B, R>,
    handler: (group: Group, asks: readonly (Ask<Out<P>, Out<Q>, Out<B>> & { readonly actor: Actor })[]) => Promise<readonly Outcome<Answer<R>>[]>,
  ): void
  readonly endpoints: readonly Endpoint[]
  readonly db: Databases
}
/** `alone`: one that was answered `again`, and may wait for what others hold. */
export type Group = Pick<Context, 'tx' | 'now' | 'db'> & { readonly tenantId: string; readonly modelId: string; readonly alone: boolean }

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

export function secretOf(request: FastifyRequest, cookies: CookieRules): (Secret & { readonly tenantId: string }) | null {
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
          const actor = await actorOf(tx, secret.tenantId, secret)
          if (!actor) return stop('session.missing')
          authorise(actor, entry)
          const ask = askOf(request, entry, request.headers['accept-language'] ? localeOf(request) : actor.locale)
          const key = entry.method === 'POST' && !entry.reads ? request.headers['idempotency-key'] : undefined
          if (typeof key === 'string') {
            const keyed = { userId: actor.userId, key, route: `${entry.method} ${request.url}`, input: request.body }
            const claimed = (await claimKeys(tx, actor.tenantId, [keyed])).get(keyOf(keyed))
            if (claimed instanceof RefusalError) throw claimed
            if (claimed) return { answer: JSON.parse(claimed.body) as unknown, replayed: true }
          }
          const now = await actAs(tx, actor)
          const answer = await handler({ ...ask, actor, tx, now, db } as never)
          if (typeof key === 'string' && !(answer instanceof Reply))
            await keepAnswers(tx, actor.tenantId, [{ userId: actor.userId, key, body: JSON.stringify(answer) }])
          return { answer: answer as unknown, replayed: false }
        })
        if (replayed) reply.header('idempotent-replayed', 'true')
        return send(reply, cookies, answer, 200)
      }),
    together: (endpoint, handler) => {
      const entry = endpoint as unknown as Endpoint
      const groups = makeGroups<Queued, Kept>((tenantId, queued, alone) =>
        inTenant(db.app, tenantId, tx => runTogether(tx, tenantId, entry, queued, (group, asks) => handler({ ...group, db, alone }, asks as never))),
      )
      add(entry, async (request, reply) => {
        const secret = secretOf(request, cookies)
        if (!secret) return stop('session.missing')
        if (secret.kind === 'session') refuseCrossSite(request)
        const key = request.headers['idempotency-key']
        const ask = (actor: Actor) => askOf(request, entry, request.headers['accept-language'] ? localeOf(request) : actor.locale)
        const { answer, replayed } = await groups.add(secret.tenantId, {
          ask: { secret, ask, key: typeof key === 'string' ? key : null, url: request.url },
          mark: typeof key === 'string' ? `${secret.secret} ${key}` : null,
        })
        if (replayed) reply.header('idempotent-replayed', 'true')
        return send(reply, cookies, answer, 200)
      })
    },
  }
}

type Queued = { readonly secret: Secret; readonly ask: (actor: Actor) => Ask; readonly key: string | null; readonly url: string }
type Kept = { readonly answer: unknown; readonly replayed: boolean }

/** People, rights and keys of all first; then what is new goes to the handler together. */
async function runTogether(
  tx: Tx,
  tenantId: string,
  entry: Endpoint,
  queued: readonly Queued[],
  handle: (group: Omit<Group, 'db' | 'alone'>, asks: readonly (Ask & { actor: Actor })[]) => Promise<readonly Outcome<unknown>[]>,
): Promise<readonly Outcome<Kept>[]> {
  const outcomes = new Map<Queued, Outcome<Kept>>()
  const actors = await actorsOf(
    tx,
    tenantId,
    queued.map(q => q.secret),
  )
  const refused = (work: () => void): RefusalError | null => {
    try {
      work()
      return null
    } catch (error) {
      if (error instanceof RefusalError) return error
      throw error
    }
  }
  let known = queued.flatMap(q => {
    const actor = actors.get(q.secret.secret)
    const error = refused(() => (actor ? authorise(actor, entry) : stop('session.missing')))
    if (error) outcomes.set(q, { error })
    return error || !actor ? [] : [{ q, actor, ask: { ...q.ask(actor), actor } }]
  })
  const keyed = known.flatMap(k =>
    k.q.key === null ? [] : [{ userId: k.actor.userId, key: k.q.key, route: `${entry.method} ${k.q.url}`, input: k.ask.body }],
  )
  const claimed = await claimKeys(tx, tenantId, keyed)
  const keyOfAsk = (k: (typeof known)[number]) => ({ userId: k.actor.userId, key: k.q.key! })
  known = known.filter(k => {
    const before = k.q.key === null ? null : claimed.get(keyOf(keyOfAsk(k)))
    if (before instanceof RefusalError) outcomes.set(k.q, { error: before })
    else if (before) outcomes.set(k.q, { answer: { answer: JSON.parse(before.body) as unknown, replayed: true } })
    return !before
  })
  if (known.length > 0) {
    const { modelId } = known[0]!.actor
    const now = await actAs(tx, { tenantId, userId: '0', modelId, tokens: [] })
    const answers = await handle(
      { tx, now, tenantId, modelId },
      known.map(k => k.ask),
    )
    const withKey = known.flatMap((k, i) => (k.q.key === null ? [] : [{ ...keyOfAsk(k), outcome: answers[i]! }]))
    const kept = withKey.flatMap(({ outcome, ...k }) => ('answer' in outcome ? [{ ...k, body: JSON.stringify(outcome.answer) }] : []))
    if (kept.length > 0) await keepAnswers(tx, tenantId, kept)
    const free = withKey.filter(k => !('answer' in k.outcome))
    if (free.length > 0) await freeKeys(tx, tenantId, free)
    for (const [i, k] of known.entries()) {
      const outcome = answers[i]!
      outcomes.set(k.q, 'answer' in outcome ? { answer: { answer: outcome.answer, replayed: false } } : outcome)
    }
  }
  return queued.map(q => outcomes.get(q)!)
}

export { RefusalError }
