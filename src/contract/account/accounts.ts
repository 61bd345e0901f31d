/** Endpoints of accounts 客户: list, one, create, change, recycle bin. */
import { z } from 'zod'
import { condition } from '../condition/shape.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { created, done, flag, id, idParams, optionalText, page, text } from '../kernel/shapes.ts'
import { address } from './addresses.ts'
import { asOfAnswer, asOfQuery } from './as-of.ts'

/** Values by field key, built-in and custom (f<id>) alike; money in minor units as a number. */
const values = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]))
export type FieldValues = z.infer<typeof values>

const person = z.object({ id, name: z.string() })
const territoryRef = z.object({ id, code: z.string(), name: z.string(), colour: z.number() })
const row = z.object({
  id,
  values,
  owner: person.nullable(),
  territory: territoryRef.nullable(),
  contested: z.boolean(),
  undecidable: z.boolean(),
  /** A mass import changed it and it waits to be placed again 待分派: owner and territory are still those of before. */
  pending: z.boolean(),
  /** Telephone, e-mail and the like are hidden from this reader on this account: absent does not mean empty. */
  masked: z.boolean(),
  updatedAt: z.string(),
  rowVersion: z.number(),
})
export type AccountRow = z.infer<typeof row>

/** Where a list may be sorted: the account's fields, where it stands, and any custom field (f<id>). */
export const SORT_KEY =
  /^(updated|created|name|tier|industry|division|registeredDivision|size|revenue|potential|source|status|owner|territory|f\d{1,18})$/
export const SCOPES = ['all', 'mine', 'unowned', 'unassigned', 'contested', 'undecidable'] as const
const listQuery = z.object({
  search: z.string().max(80).optional(),
  scope: z.enum(SCOPES).default('all'),
  territoryId: id.optional(),
  ownerId: id.optional(),
  /** Only what this import made or changed; one's own import, or any for those who see everything. */
  importId: id.optional(),
  sort: z.string().regex(SORT_KEY).default('updated'),
  descending: flag.default(true),
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  ...asOfQuery,
})
/** What a list of another instant is of; null: of now. */
const listed = page(row).extend({ asOf: asOfAnswer.nullable() })
export type ListQuery = z.infer<typeof listQuery>
export const listAccounts = endpoint({
  method: 'GET',
  path: '/api/accounts',
  summary: 'Accounts that I may see, page by page; with `at` whose and where they were then',
  needs: 'account.read',
  query: listQuery.extend({ filter: z.string().max(20_000).optional() }),
  reply: listed,
})
export const queryAccounts = endpoint({
  method: 'POST',
  path: '/api/accounts/query',
  summary: 'The same with a filter in the condition language, however long; and a count that stops at 1,000',
  needs: 'account.read',
  reads: true,
  body: listQuery.extend({ filter: condition.optional(), count: z.boolean().default(false) }),
  reply: listed.extend({ count: z.number().nullable() }),
})

const contact = z.object({
  id,
  name: z.string(),
  title: z.string().nullable(),
  phone: z.string().nullable(),
  email: z.string().nullable(),
  note: z.string().nullable(),
  leftAt: z.string().nullable(),
  rowVersion: z.number(),
})
const opportunity = z.object({
  id,
  name: z.string(),
  stage: z.string(),
  amount: z.number().nullable(),
  currency: z.string(),
  closeOn: z.string().nullable(),
  ownerId: id.nullable(),
  rowVersion: z.number(),
})
/** One company of the group 集团, root first; `depth` counts from the root. */
const member = z.object({
  id,
  parentId: id.nullable(),
  depth: z.number(),
  name: z.string(),
  owner: person.nullable(),
  territory: territoryRef.nullable(),
  potential: z.number().nullable(),
})
export type GroupMember = z.infer<typeof member>
export const getAccount = endpoint({
  method: 'GET',
  path: '/api/accounts/:id',
  summary: 'One account with contacts, addresses, group, open opportunities',
  needs: 'account.read',
  params: idParams,
  reply: row.extend({
    createdAt: z.string(),
    editable: z.boolean(),
    deletedAt: z.string().nullable(),
    /** It became one with this customer 合并: the trace leads there. */
    mergedInto: z.object({ id, name: z.string() }).nullable(),
    privateVisible: z.boolean(),
    keys: z.array(z.object({ source: z.string(), key: z.string() })),
    addresses: z.array(address),
    contacts: z.array(contact),
    opportunities: z.array(opportunity),
    /** Empty when the account belongs to no group; never more than 200. */
    group: z.array(member),
    collaborators: z.array(z.object({ id, name: z.string(), role: z.string() })),
    shares: z.array(
      z.object({ id, name: z.string(), kind: z.enum(['user', 'team']), access: z.enum(['read', 'private', 'edit']), until: z.string().nullable() }),
    ),
  }),
})
export type AccountDetail = z.infer<typeof getAccount.reply>

export const createAccount = endpoint({
  method: 'POST',
  path: '/api/accounts',
  summary: 'Create an account; rules place it in the same moment',
  needs: 'account.create',
  body: z.object({ values, key: z.object({ source: text(60), key: text(120) }).optional() }),
  reply: created.extend({ territory: territoryRef.nullable(), owner: person.nullable() }),
})
export const updateAccount = endpoint({
  method: 'PATCH',
  path: '/api/accounts/:id',
  summary: 'Change fields; only those named change',
  needs: 'account.edit',
  params: idParams,
  versioned: true,
  body: z.object({ values }),
  reply: z.object({ rowVersion: z.number(), territory: territoryRef.nullable(), owner: person.nullable() }),
})
export const deleteAccount = endpoint({
  method: 'DELETE',
  path: '/api/accounts/:id',
  summary: 'Put an account into the recycle bin for 30 days',
  needs: 'account.delete',
  params: idParams,
  versioned: true,
  reply: done,
})
export const restoreAccount = endpoint({
  method: 'POST',
  path: '/api/accounts/:id/restore',
  summary: 'Take an account out of the recycle bin, with everything attached',
  needs: 'account.delete',
  params: idParams,
  reply: done,
})
export const listRecycled = endpoint({
  method: 'GET',
  path: '/api/recycle-bin',
  summary: 'Accounts in the recycle bin',
  needs: 'account.delete',
  query: z.object({ cursor: z.string().max(40).optional() }),
  reply: page(z.object({ id, name: z.string(), deletedAt: z.string(), deletedBy: z.string().nullable() })),
})

const exportFormat = z.enum(['csv', 'xlsx'])
export const exportAccounts = endpoint({
  method: 'POST',
  path: '/api/accounts/export',
  summary: 'Export what I may see, as CSV or XLSX, in the fields I may read',
  needs: 'account.export',
  reads: true,
  raw: true,
  body: listQuery
    .omit({ cursor: true, limit: true })
    .extend({ filter: condition.optional(), format: exportFormat, fields: z.array(z.string().max(60)).max(200).optional() }),
  reply: z.unknown(),
})

const bulkBody = z.object({
  filter: condition.optional(),
  ids: z.array(id).max(10_000).optional(),
  scope: z.enum(SCOPES).default('all'),
  search: z.string().max(80).optional(),
  territoryId: id.optional(),
  ownerId: id.optional(),
  importId: id.optional(),
  values,
})
export const previewBulk = endpoint({
  method: 'POST',
  path: '/api/accounts/bulk/preview',
  summary: 'What a bulk edit would change: how many, which owners and territories move, examples',
  needs: 'account.bulk',
  reads: true,
  body: bulkBody,
  reply: z.object({
    matched: z.number(),
    editable: z.number(),
    moving: z.number(),
    examples: z.array(
      z.object({ id, name: z.string(), before: values, territoryBefore: z.string().nullable(), territoryAfter: z.string().nullable() }),
    ),
  }),
})
export const runBulk = endpoint({
  method: 'POST',
  path: '/api/accounts/bulk',
  summary: 'Edit many accounts at once (up to 100,000); answers what can be undone',
  needs: 'account.bulk',
  body: bulkBody,
  reply: z.object({ id, changed: z.number() }),
})
export const undoBulk = endpoint({
  method: 'POST',
  path: '/api/accounts/bulk/:id/undo',
  summary: 'Undo a bulk edit where nobody changed the record since',
  needs: 'account.bulk',
  params: idParams,
  /** kept: changed by somebody since. unseen: out of my sight by now; somebody who sees them can undo these. */
  reply: z.object({ restored: z.number(), kept: z.number(), unseen: z.number() }),
})

export const contactBody = z.object({
  name: text(80),
  title: optionalText(80).optional(),
  phone: optionalText(40).optional(),
  email: optionalText(120).optional(),
  note: optionalText(400).optional(),
  leftAt: z.iso.date().nullable().optional(),
})
