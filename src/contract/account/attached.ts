/** Endpoints of what hangs on an account: notes, tasks, contacts, shares, files, opportunities, timeline; saved views. */
import { z } from 'zod'
import { endpoint } from '../kernel/endpoint.ts'
import { created, done, flag, id, idParams, page, text } from '../kernel/shapes.ts'
import { contactBody } from './accounts.ts'

const subParams = z.object({ id, subId: id })

const event = z.object({
  id: z.string(),
  kind: z.enum(['note', 'task', 'taskDone', 'file', 'opportunity', 'opportunityChange', 'change', 'created', 'ownership', 'approval']),
  at: z.string(),
  by: z.string().nullable(),
  text: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()).nullable(),
})
export type TimelineEvent = z.infer<typeof event>
export const TIMELINE_FILTERS = ['all', 'notes', 'deals', 'ownership', 'changes'] as const
export type TimelineFilter = (typeof TIMELINE_FILTERS)[number]
export const timeline = endpoint({
  method: 'GET',
  path: '/api/accounts/:id/timeline',
  summary: 'Everything that happened with an account, newest first',
  needs: 'account.read',
  params: idParams,
  query: z.object({ cursor: z.string().max(60).optional(), of: z.enum(TIMELINE_FILTERS).default('all') }),
  reply: page(event),
})
export const addNote = endpoint({
  method: 'POST',
  path: '/api/accounts/:id/notes',
  summary: 'Write a follow-up note, with the next step and its date',
  needs: 'account.edit',
  params: idParams,
  body: z.object({ text: text(4000), next: z.object({ text: text(400), dueOn: z.iso.date(), assigneeId: id.optional() }).optional() }),
  reply: created,
})
export const taskRow = z.object({
  id,
  accountId: id,
  accountName: z.string(),
  text: z.string(),
  dueOn: z.string().nullable(),
  doneAt: z.string().nullable(),
  assignee: z.object({ id, name: z.string() }),
  rowVersion: z.number(),
})
export type TaskRow = z.infer<typeof taskRow>
export const listTasks = endpoint({
  method: 'GET',
  path: '/api/tasks',
  summary: 'Open tasks: mine, or those of an account',
  needs: 'account.read',
  query: z.object({ accountId: id.optional(), done: flag.default(false), cursor: z.string().max(60).optional() }),
  reply: page(taskRow),
})
export const addTask = endpoint({
  method: 'POST',
  path: '/api/accounts/:id/tasks',
  summary: 'Add a task',
  needs: 'account.edit',
  params: idParams,
  body: z.object({ text: text(400), dueOn: z.iso.date().nullable(), assigneeId: id.optional() }),
  reply: created,
})
export const updateTask = endpoint({
  method: 'PATCH',
  path: '/api/tasks/:id',
  summary: 'Finish, reopen, move or reword a task',
  needs: 'person',
  params: idParams,
  versioned: true,
  body: z.object({ text: text(400).optional(), dueOn: z.iso.date().nullable().optional(), done: z.boolean().optional() }),
  reply: z.object({ rowVersion: z.number() }),
})

export const addContact = endpoint({
  method: 'POST',
  path: '/api/accounts/:id/contacts',
  summary: 'Add a contact',
  needs: 'account.edit',
  params: idParams,
  body: contactBody,
  reply: created,
})
export const updateContact = endpoint({
  method: 'PATCH',
  path: '/api/accounts/:id/contacts/:subId',
  summary: 'Change a contact',
  needs: 'account.edit',
  params: subParams,
  versioned: true,
  body: contactBody.partial(),
  reply: z.object({ rowVersion: z.number() }),
})
export const deleteContact = endpoint({
  method: 'DELETE',
  path: '/api/accounts/:id/contacts/:subId',
  summary: 'Remove a contact',
  needs: 'account.edit',
  params: subParams,
  versioned: true,
  reply: done,
})

export const addShare = endpoint({
  method: 'POST',
  path: '/api/accounts/:id/shares',
  summary: 'Share an account with a person or a team, until a date',
  needs: 'account.edit',
  params: idParams,
  body: z.object({
    userId: id.optional(),
    teamId: id.optional(),
    access: z.enum(['read', 'private', 'edit']),
    until: z.iso.datetime({ offset: true }).nullable().optional(),
  }),
  reply: created,
})
export const removeShare = endpoint({
  method: 'DELETE',
  path: '/api/accounts/:id/shares/:subId',
  summary: 'End a share',
  needs: 'account.edit',
  params: subParams,
  reply: done,
})

export const addOpportunity = endpoint({
  method: 'POST',
  path: '/api/accounts/:id/opportunities',
  summary: 'Add an opportunity; amount in minor units',
  needs: 'account.edit',
  params: idParams,
  body: z.object({ name: text(120), amount: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).nullable(), closeOn: z.iso.date().nullable() }),
  reply: created,
})
export const updateOpportunity = endpoint({
  method: 'PATCH',
  path: '/api/accounts/:id/opportunities/:subId',
  summary: 'Change an opportunity',
  needs: 'account.edit',
  params: subParams,
  versioned: true,
  body: z.object({
    name: text(120).optional(),
    stage: z.enum(['open', 'won', 'lost']).optional(),
    amount: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).nullable().optional(),
    closeOn: z.iso.date().nullable().optional(),
  }),
  reply: z.object({ rowVersion: z.number() }),
})

const file = z.object({ id, name: z.string(), type: z.string(), size: z.number(), createdAt: z.string(), by: z.string().nullable() })
export const listFiles = endpoint({
  method: 'GET',
  path: '/api/accounts/:id/files',
  summary: 'Attachments',
  needs: 'account.read',
  params: idParams,
  reply: z.object({ rows: z.array(file) }),
})
export const addFile = endpoint({
  method: 'POST',
  path: '/api/accounts/:id/files',
  summary: 'Attach a file (multipart, up to 20 MB)',
  needs: 'account.edit',
  params: idParams,
  reply: created,
})
export const readFile = endpoint({
  method: 'GET',
  path: '/api/files/:id',
  summary: 'Download an attachment',
  needs: 'account.read',
  params: idParams,
  raw: true,
  reply: z.unknown(),
})
export const deleteFile = endpoint({
  method: 'DELETE',
  path: '/api/files/:id',
  summary: 'Remove an attachment',
  needs: 'account.edit',
  params: idParams,
  reply: done,
})

const view = z.object({
  id,
  name: z.string(),
  shared: z.boolean(),
  mine: z.boolean(),
  definition: z.record(z.string(), z.unknown()),
  rowVersion: z.number(),
})
export const listViews = endpoint({
  method: 'GET',
  path: '/api/views',
  summary: 'Saved views: mine and shared ones',
  needs: 'account.read',
  reply: z.object({ rows: z.array(view) }),
})
const viewBody = z.object({ name: text(60), shared: z.boolean(), definition: z.record(z.string(), z.unknown()) })
export const saveView = endpoint({
  method: 'POST',
  path: '/api/views',
  summary: 'Save a view',
  needs: 'account.read',
  body: viewBody.extend({ shared: viewBody.shape.shared.default(false) }),
  reply: created,
})
export const updateView = endpoint({
  method: 'PATCH',
  path: '/api/views/:id',
  summary: 'Change a saved view of mine',
  needs: 'account.read',
  params: idParams,
  versioned: true,
  body: viewBody.partial(),
  reply: z.object({ rowVersion: z.number() }),
})
export const deleteView = endpoint({
  method: 'DELETE',
  path: '/api/views/:id',
  summary: 'Delete a saved view of mine',
  needs: 'account.read',
  params: idParams,
  versioned: true,
  reply: done,
})
