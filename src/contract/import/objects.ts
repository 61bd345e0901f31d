/** What can be imported 导入对象, and what each kind of record takes: the columns a file may have, how rows find their record, who may do it. */
import { z } from 'zod'
import type { Permission } from '../../core/access/permissions.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { labels } from '../kernel/shapes.ts'

export const IMPORT_OBJECTS = ['account', 'contact', 'user', 'territory', 'member', 'owner'] as const
export const importObject = z.enum(IMPORT_OBJECTS)
export type ImportObjectKey = z.infer<typeof importObject>

/** What one must be allowed to import it; asked again when the job runs. */
export const NEEDED: Readonly<Record<ImportObjectKey, Permission>> = {
  account: 'account.import',
  contact: 'account.import',
  owner: 'account.import',
  user: 'user.manage',
  territory: 'territory.plan',
  member: 'territory.plan',
}

/** Ways by which a row finds the record it means. */
export const MATCHES = ['none', 'externalKey', 'creditCode', 'name', 'login', 'code', 'place'] as const

/** A territory tree goes into a draft, members into a draft or the model in use. */
export const MODEL_OBJECTS: readonly ImportObjectKey[] = ['territory', 'member']

export const TARGET_TYPES = [
  'text',
  'key',
  'login',
  'number',
  'count',
  'percent',
  'date',
  'option',
  'options',
  'flag',
  'division',
  'divisions',
  'industry',
  'industries',
  'account',
  'point',
  'person',
  'phone',
  'email',
  'creditCode',
  'condition',
] as const
export const target = z.object({
  key: z.string(),
  labels,
  type: z.enum(TARGET_TYPES),
  required: z.boolean(),
  /** More than one column may become it (省, 市, 县 → division). */
  several: z.boolean(),
  /** Values that may be written; null where any text may be. */
  options: z.array(z.object({ key: z.string(), labels })).nullable(),
  /** A value nobody knows may become a new option. */
  mayAdd: z.boolean(),
})
export type Target = z.infer<typeof target>

export const listImportObjects = endpoint({
  method: 'GET',
  path: '/api/import-objects',
  summary: 'What you may import, the columns each takes, and how rows find their record',
  needs: 'person',
  reply: z.object({
    rows: z.array(z.object({ key: importObject, matches: z.array(z.enum(MATCHES)), targets: z.array(target) })),
    /** Drafts and the model in use: where trees and members may go. */
    models: z.array(z.object({ id: z.string(), name: z.string(), draft: z.boolean() })),
  }),
})
export const importTemplate = endpoint({
  method: 'GET',
  path: '/api/import-objects/:object/template',
  summary: 'A file to fill in: the headings that are recognised by themselves, and two rows as example',
  needs: 'person',
  params: z.object({ object: importObject }),
  query: z.object({ format: z.enum(['csv', 'xlsx']).default('xlsx') }),
  raw: true,
  reply: z.unknown(),
})
