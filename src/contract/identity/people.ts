/** Endpoints of people and access: users, roles, departments, teams, audit. */
import { z } from 'zod'
import { PERMISSIONS } from '../../core/access/permissions.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { created, done, id, idParams, labels, optionalText, page, text } from '../kernel/shapes.ts'

const login = text(120)

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
  fieldAccess: z.record(z.string().max(60), z.enum(['hidden', 'read', 'edit'])),
  seesAll: z.boolean(),
})
export const listRoles = endpoint({ method: 'GET', path: '/api/roles', summary: 'Roles', needs: 'person', reply: z.object({ rows: z.array(role) }) })
export const createRole = endpoint({
  method: 'POST',
  path: '/api/roles',
  summary: 'Make a role',
  needs: 'role.manage',
  body: roleBody.extend({ fieldAccess: roleBody.shape.fieldAccess.default({}), key: z.string().regex(/^[a-z][a-z0-9-]{1,40}$/) }),
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
