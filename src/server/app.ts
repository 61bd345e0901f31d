/** The HTTP server: security headers, problem+json, OpenAPI, the web's files. Capabilities register themselves in compose.ts. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import cookie from '@fastify/cookie'
import multipart from '@fastify/multipart'
import fastifyStatic from '@fastify/static'
import swagger from '@fastify/swagger'
import fastify, { type FastifyInstance } from 'fastify'
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { registerCapabilities } from './compose.ts'
import { type Api, makeApi, secretOf } from './kernel/http.ts'
import { makeLimiter } from './kernel/limits.ts'
import { localeOf, requestIdOf, sendProblem } from './kernel/problem.ts'
import { RefusalError } from './kernel/refusal-error.ts'
import type { Databases } from './kernel/request.ts'

export type ServeSettings = {
  readonly webRoot: string | null
  readonly geoRoot: string | null
  /** True behind HTTPS: cookies are `__Host-` and Secure. */
  readonly https: boolean
  readonly trustProxy: boolean
  readonly requestsPerMinute: number
  readonly log: boolean
}

const CSP = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

/** Assets carry a hash in their name; the page itself is asked for anew each time. */
function serveWeb(app: FastifyInstance, settings: ServeSettings): void {
  if (settings.geoRoot && existsSync(settings.geoRoot)) {
    app.register(fastifyStatic, { root: settings.geoRoot, prefix: '/geo/', decorateReply: false, preCompressed: true, maxAge: '1h' })
  }
  if (!settings.webRoot || !existsSync(settings.webRoot)) return
  const root = settings.webRoot
  app.register(fastifyStatic, {
    root,
    prefix: '/',
    wildcard: false,
    globIgnore: ['assets/**'],
    index: false,
    cacheControl: false,
    setHeaders: response => response.setHeader('cache-control', 'no-cache'),
  })
  // Looked for when they are asked for: a web built anew under a running server has other names.
  app.register(fastifyStatic, {
    root: path.join(root, 'assets'),
    prefix: '/assets/',
    decorateReply: false,
    index: false,
    maxAge: '365d',
    immutable: true,
  })
  app.get('/', { schema: { hide: true } }, (_request, reply) => reply.sendFile('index.html'))
}

function serveDocs(app: FastifyInstance): void {
  const swaggerUi = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  app.register(fastifyStatic, { root: swaggerUi, prefix: '/api/docs/ui/', decorateReply: false })
  app.get('/api/openapi.json', { schema: { hide: true } }, () => app.swagger())
  app.get('/api/docs', { schema: { hide: true } }, (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .send(
        '<!doctype html><meta charset="utf-8"><title>Jiangyu API</title><link rel="stylesheet" href="/api/docs/ui/swagger-ui.css"><div id="docs"></div><script src="/api/docs/ui/swagger-ui-bundle.js"></script><script src="/api/docs/start.js"></script>',
      ),
  )
  app.get('/api/docs/start.js', { schema: { hide: true } }, (_request, reply) =>
    reply.type('text/javascript').send("window.SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#docs' })"),
  )
}

export async function buildApp(db: Databases, settings: ServeSettings): Promise<{ app: FastifyInstance; api: Api }> {
  const app = fastify({
    logger: settings.log ? { level: 'warn', serializers: { req: request => ({ method: request.method, path: request.url.split('?')[0] }) } } : false,
    genReqId: requestIdOf,
    trustProxy: settings.trustProxy,
    bodyLimit: 4 * 1024 * 1024,
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: true,
  })
  // Many clients name JSON as the type of a POST without a body: that is no fault.
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    if (body === '') return done(null, undefined)
    try {
      done(null, JSON.parse(String(body)))
    } catch {
      done(Object.assign(new Error('not JSON'), { statusCode: 400 }), undefined)
    }
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  const cookies = { name: settings.https ? '__Host-jiangyu' : 'jiangyu', secure: settings.https }
  await app.register(cookie)
  await app.register(multipart, { limits: { files: 1, fileSize: 2 * 1024 * 1024 * 1024 } })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Jiangyu 疆域', version: '1', description: 'Send an API key as `Authorization: Bearer …`; make one under Settings, My keys.' },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
    },
    transform: jsonSchemaTransform,
  })

  const limiter = makeLimiter(settings.requestsPerMinute, () => Date.now())
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'content-security-policy': CSP,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': 'geolocation=(self), camera=(self), microphone=()',
    })
    if (settings.https) reply.header('strict-transport-security', 'max-age=31536000')
    if (!request.url.startsWith('/api/')) return
    reply.header('cache-control', 'no-store')
    const seconds = limiter.take(secretOf(request, cookies)?.secret ?? request.ip)
    if (seconds > 0) throw new RefusalError({ code: 'rate.limited', values: { seconds } })
  })
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply, localeOf(request)))
  app.setNotFoundHandler((request, reply) => {
    const page = request.method === 'GET' && !request.url.startsWith('/api/') && !/^\/(geo|assets)\//.test(request.url) && settings.webRoot
    if (page) return reply.sendFile('index.html')
    reply.header('cache-control', 'no-store')
    return sendProblem(new RefusalError({ code: 'route.notFound' }), request, reply, localeOf(request))
  })

  app.get('/healthz', { schema: { hide: true } }, async () => ({ ok: true }))
  app.get('/readyz', { schema: { hide: true } }, async () => {
    await db.app.query('select 1')
    return { ok: true }
  })
  serveDocs(app)
  serveWeb(app, settings)
  const api = makeApi(app, db, cookies)
  registerCapabilities(api)
  return { app, api }
}
