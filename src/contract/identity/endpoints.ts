/** Endpoints of identity and access: signing in, people, roles, keys, audit. */
import { z } from 'zod'
import { PERMISSIONS } from '../../core/access/permissions.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { created, done, id, idParams, labels, locale, optionalText, page, text } from '../kernel/shapes.ts'

const password = z.string().min(1).max(200)
const login = text(120)

export const me = z.object({
  user: z.object({ id, name: z.string(), login: z.string(), title: z.string().nullable(), locale, theme: z.string() }),
  viewAs: z.object({ id, name: z.string() }).nullable(),
  tenant: z.object({
    id,
    name: z.string(),
    currency: z.string(),
    zone: z.string(),
    demo: z.boolean(),
    mapReviewNumber: z.string().nullable(),
  }),
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
  reply: z.object({
    needed: z.boolean(),
    demo: z.array(z.object({ login: z.string(), password: z.string(), name: z.string(), title: z.string() })),
  }),
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

const user = z.object({
  id,
  login: z.string(),
  name: z.string(),
  nameEn: z.string().nullable(),
  title: z.string().nullable(),
  departmentId: id.nullable(),
  departmentName: z.string().nullable(),
  state: z.enum(['invited', 'active', 'inactive']),
  roles: z.array(z.object({ id, key: z.string(), labels })),
  territories: z.number(),
  rowVersion: z.number(),
})
export type User = z.infer<typeof user>
export const listUsers = endpoint({
  method: 'GET',
  path: '/api/users',
  summary: 'People of the company; search by name or login',
  needs: 'person',
  query: z.object({
    search: z.string().max(80).optional(),
    state: z.enum(['invited', 'active', 'inactive']).optional(),
    cursor: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  reply: page(user),
})
export const inviteUser = endpoint({
  method: 'POST',
  path: '/api/users',
  summary: 'Invite a person; the answer holds the link to hand over',
  needs: 'user.manage',
  body: z.object({
    login,
    name: text(60),
    nameEn: optionalText(60).optional(),
    title: optionalText(60).optional(),
    departmentId: id.nullable().optional(),
    roleIds: z.array(id).min(1).max(20),
  }),
  reply: z.object({ id, ticket: z.string() }),
})
export const updateUser = endpoint({
  method: 'PATCH',
  path: '/api/users/:id',
  summary: 'Change a person',
  needs: 'user.manage',
  params: idParams,
  versioned: true,
  body: z.object({
    name: text(60).optional(),
    nameEn: optionalText(60).optional(),
    title: optionalText(60).optional(),
    departmentId: id.nullable().optional(),
    roleIds: z.array(id).min(1).max(20).optional(),
  }),
  reply: z.object({ rowVersion: z.number() }),
})
export const resetUser = endpoint({
  method: 'POST',
  path: '/api/users/:id/reset',
  summary: 'Make a new password link; sessions end at once',
  needs: 'user.manage',
  params: idParams,
  reply: z.object({ ticket: z.string() }),
})
export const deactivateUser = endpoint({
  method: 'POST',
  path: '/api/users/:id/deactivate',
  summary: 'Deactivate a person; what he owned goes to the successor',
  needs: 'user.manage',
  params: idParams,
  body: z.object({ successorId: id.nullable() }),
  reply: z.object({ accounts: z.number(), territories: z.number() }),
})
export const activateUser = endpoint({
  method: 'POST',
  path: '/api/users/:id/activate',
  summary: 'Take a deactivated person back',
  needs: 'user.manage',
  params: idParams,
  reply: done,
})

const role = z.object({
  id,
  key: z.string(),
  labels,
  permissions: z.array(z.enum(PERMISSIONS)),
  fieldAccess: z.record(z.string(), z.enum(['hidden', 'read', 'edit'])),
  seesAll: z.boolean(),
  builtIn: z.boolean(),
  users: z.number(),
  rowVersion: z.number(),
})
export type Role = z.infer<typeof role>
const roleBody = z.object({
  labels,
  permissions: z.array(z.enum(PERMISSIONS)),
  fieldAccess: z.record(z.string().max(60), z.enum(['hidden', 'read', 'edit'])).default({}),
  seesAll: z.boolean(),
})
export const listRoles = endpoint({
  method: 'GET',
  path: '/api/roles',
  summary: 'Roles',
  needs: 'person',
  reply: z.object({ rows: z.array(role) }),
})
export const createRole = endpoint({
  method: 'POST',
  path: '/api/roles',
  summary: 'Make a role',
  needs: 'role.manage',
  body: roleBody.extend({ key: z.string().regex(/^[a-z][a-z0-9-]{1,40}$/) }),
  reply: created,
})
export const updateRole = endpoint({
  method: 'PATCH',
  path: '/api/roles/:id',
  summary: 'Change a role',
  needs: 'role.manage',
  params: idParams,
  versioned: true,
  body: roleBody.partial(),
  reply: z.object({ rowVersion: z.number() }),
})
export const deleteRole = endpoint({
  method: 'DELETE',
  path: '/api/roles/:id',
  summary: 'Delete a role nobody has',
  needs: 'role.manage',
  params: idParams,
  versioned: true,
  reply: done,
})

const department = z.object({
  id,
  parentId: id.nullable(),
  name: z.string(),
  leaderId: id.nullable(),
  leaderName: z.string().nullable(),
  users: z.number(),
  rowVersion: z.number(),
})
const departmentBody = z.object({ name: text(80), parentId: id.nullable(), leaderId: id.nullable() })
export const listDepartments = endpoint({
  method: 'GET',
  path: '/api/departments',
  summary: 'Departments',
  needs: 'person',
  reply: z.object({ rows: z.array(department) }),
})
export const createDepartment = endpoint({
  method: 'POST',
  path: '/api/departments',
  summary: 'Make a department',
  needs: 'user.manage',
  body: departmentBody,
  reply: created,
})
export const updateDepartment = endpoint({
  method: 'PATCH',
  path: '/api/departments/:id',
  summary: 'Rename, move, or name the leader',
  needs: 'user.manage',
  params: idParams,
  versioned: true,
  body: departmentBody.partial(),
  reply: z.object({ rowVersion: z.number() }),
})
export const deleteDepartment = endpoint({
  method: 'DELETE',
  path: '/api/departments/:id',
  summary: 'Delete an empty department',
  needs: 'user.manage',
  params: idParams,
  versioned: true,
  reply: done,
})

const team = z.object({ id, name: z.string(), memberIds: z.array(id), rowVersion: z.number() })
export const listTeams = endpoint({
  method: 'GET',
  path: '/api/teams',
  summary: 'Teams (groups of people that records can be shared with)',
  needs: 'person',
  reply: z.object({ rows: z.array(team) }),
})
export const createTeam = endpoint({
  method: 'POST',
  path: '/api/teams',
  summary: 'Make a team',
  needs: 'user.manage',
  body: z.object({ name: text(80), memberIds: z.array(id).max(2000) }),
  reply: created,
})
export const updateTeam = endpoint({
  method: 'PATCH',
  path: '/api/teams/:id',
  summary: 'Change a team',
  needs: 'user.manage',
  params: idParams,
  versioned: true,
  body: z.object({ name: text(80).optional(), memberIds: z.array(id).max(2000).optional() }),
  reply: z.object({ rowVersion: z.number() }),
})
export const deleteTeam = endpoint({
  method: 'DELETE',
  path: '/api/teams/:id',
  summary: 'Delete a team',
  needs: 'user.manage',
  params: idParams,
  versioned: true,
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

const auditRow = z.object({
  id,
  at: z.string(),
  actorId: id,
  actorName: z.string().nullable(),
  forId: id.nullable(),
  forName: z.string().nullable(),
  kind: z.string(),
  recordKind: z.string().nullable(),
  recordId: id.nullable(),
  why: z.string().nullable(),
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
  count: z.number().nullable(),
})
export const listAudit = endpoint({
  method: 'GET',
  path: '/api/audit',
  summary: 'The audit trail, newest first',
  needs: 'audit.read',
  query: z.object({
    recordKind: z.string().max(40).optional(),
    recordId: id.optional(),
    actorId: id.optional(),
    kind: z.string().max(60).optional(),
    cursor: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  reply: page(auditRow),
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
