/** Endpoints of identity and access: signing in, the first run, keys, notifications. */
import { z } from 'zod'
import { endpoint } from '../kernel/endpoint.ts'
import { done, id, idParams, labels, locale, page, text } from '../kernel/shapes.ts'

const password = z.string().min(1).max(200)
const login = text(120)

export const me = z.object({
  user: z.object({ id, name: z.string(), login: z.string(), title: z.string().nullable(), locale, theme: z.string() }),
  viewAs: z.object({ id, name: z.string() }).nullable(),
  tenant: z.object({ id, name: z.string(), currency: z.string(), zone: z.string(), demo: z.boolean(), mapReviewNumber: z.string().nullable() }),
  roles: z.array(z.object({ key: z.string(), labels })),
  permissions: z.array(z.string()),
  seesAll: z.boolean(),
  activeModel: z.object({ id, name: z.string(), version: z.number().nullable() }),
  unread: z.number(),
})
export type Me = z.infer<typeof me>

export const getSetup = endpoint({
  method: 'GET',
  path: '/api/setup',
  summary: 'Whether a company exists yet, and the demo logins when it is the demo company',
  needs: 'public',
  reply: z.object({ needed: z.boolean(), demo: z.array(z.object({ login: z.string(), password: z.string(), name: z.string(), title: z.string() })) }),
})
export const createTenant = endpoint({
  method: 'POST',
  path: '/api/setup',
  summary: 'First run: make the company and its administrator',
  needs: 'public',
  body: z.object({
    name: text(120),
    currency: z.string().regex(/^[A-Z]{3}$/),
    zone: text(60),
    fiscalStartMonth: z.number().int().min(1).max(12),
    locale,
    administrator: z.object({ name: text(60), login, password }),
  }),
  reply: done,
})
export const signIn = endpoint({
  method: 'POST',
  path: '/api/session',
  summary: 'Sign in',
  needs: 'public',
  body: z.object({ login, password }),
  reply: done,
})
export const signOut = endpoint({ method: 'DELETE', path: '/api/session', summary: 'Sign out', needs: 'person', reply: done })
export const getMe = endpoint({
  method: 'GET',
  path: '/api/me',
  summary: 'Who I am, what I may do, which model is active',
  needs: 'person',
  reply: me,
})
export const updateMe = endpoint({
  method: 'PATCH',
  path: '/api/me',
  summary: 'Change my language, theme or password',
  needs: 'person',
  body: z.object({
    locale: locale.optional(),
    theme: z.enum(['light', 'dark', 'system']).optional(),
    password: z.object({ now: password, next: password }).optional(),
  }),
  reply: done,
})
export const viewAs = endpoint({
  method: 'PUT',
  path: '/api/session/view-as',
  summary: 'See the product as another person (read-only, audited); null ends it',
  needs: 'person',
  body: z.object({ userId: id.nullable() }),
  reply: done,
})
export const acceptTicket = endpoint({
  method: 'POST',
  path: '/api/tickets',
  summary: 'Set a password with an invitation or reset link',
  needs: 'public',
  body: z.object({ ticket: z.string().min(10).max(200), password }),
  reply: done,
})

const apiKey = z.object({
  id,
  name: z.string(),
  prefix: z.string(),
  createdAt: z.string(),
  expiresAt: z.string(),
  lastUsedAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
})
export const listKeys = endpoint({
  method: 'GET',
  path: '/api/keys',
  summary: 'My API keys',
  needs: 'person',
  reply: z.object({ rows: z.array(apiKey) }),
})
export const createKey = endpoint({
  method: 'POST',
  path: '/api/keys',
  summary: 'Make an API key; its secret is shown once',
  needs: 'person',
  body: z.object({ name: text(60), days: z.number().int().min(1).max(366) }),
  reply: z.object({ id, secret: z.string() }),
})
export const revokeKey = endpoint({
  method: 'DELETE',
  path: '/api/keys/:id',
  summary: 'Revoke one of my API keys',
  needs: 'person',
  params: idParams,
  reply: done,
})

const notification = z.object({
  id,
  kind: z.string(),
  payload: z.record(z.string(), z.unknown()),
  accountId: id.nullable(),
  createdAt: z.string(),
  readAt: z.string().nullable(),
})
export const listNotifications = endpoint({
  method: 'GET',
  path: '/api/notifications',
  summary: 'My notifications',
  needs: 'person',
  query: z.object({ cursor: z.string().max(200).optional() }),
  reply: page(notification),
})
export const readNotifications = endpoint({
  method: 'POST',
  path: '/api/notifications/read',
  summary: 'Mark my notifications as read',
  needs: 'person',
  body: z.object({ upTo: id }),
  reply: done,
})
