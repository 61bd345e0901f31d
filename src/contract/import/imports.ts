/** Endpoints of import 导入: upload, map, check, write, rejects, undo. Nothing is written before the check was seen. */
import { z } from 'zod'
import { endpoint } from '../kernel/endpoint.ts'
import { done, id, idParams, page, text } from '../kernel/shapes.ts'
import { importObject, MATCHES, target } from './objects.ts'

export const IMPORT_STATES = [
  'uploaded',
  'mapped',
  'staging',
  'staged',
  'writing',
  'placing',
  'done',
  'failed',
  'undoing',
  'undone',
  'cancelled',
] as const
export const ENCODINGS = ['utf-8', 'gb18030', 'utf-16le', 'utf-16be', 'big5'] as const

const column = z.object({ column: z.number().int().min(0).max(10_000), field: z.string().max(60).nullable() })
export const mapping = z.object({
  columns: z.array(column).max(2000),
  /** Per field: value in the file → value in Jiangyu; '' leaves it empty, '+' makes a new option. */
  values: z.record(z.string().max(60), z.record(z.string().max(200), z.string().max(200))).default({}),
  mode: z.enum(['create', 'update', 'upsert']).default('upsert'),
  match: z.enum(MATCHES).default('externalKey'),
  /** Accounts: what becomes of new rows that are surely a customer already there, or twice in the file: written all the same, held back, or an update. */
  duplicates: z.enum(['write', 'hold', 'update']).default('write'),
  /** Name of the system the external keys come from. */
  source: text(60).default('file'),
  /** Trees and members: the model they go into, by id; or the name of a new draft. */
  model: z
    .object({ id: id.nullable().default(null), name: text(80).nullable().default(null) })
    .nullable()
    .default(null),
})
export type ImportMapping = z.output<typeof mapping>

const reason = z.object({ field: z.string(), code: z.string(), count: z.number(), words: z.string() })
const stats = z.object({
  rows: z.number().optional(),
  good: z.number().optional(),
  bad: z.number().optional(),
  warned: z.number().optional(),
  creates: z.number().optional(),
  updates: z.number().optional(),
  written: z.number().optional(),
  skipped: z.number().optional(),
  /** Taking back: records restored, and records left as they are because somebody changed them since. */
  back: z.number().optional(),
  kept: z.number().optional(),
  /** Rows compared with the customers there; null: more rows than are compared before writing (the check of the whole base finds them). */
  compared: z.number().nullable().optional(),
  /** Rows that are not surely the same, with the likest customer: written, for a person to look at. */
  alike: z.object({ count: z.number(), first: z.array(z.object({ row: z.number(), id, name: z.string(), score: z.number() })) }).optional(),
  /** Seconds of each phase that ran. */
  seconds: z.object({ check: z.number(), write: z.number(), place: z.number() }).partial().optional(),
  modelId: z.string().optional(),
  problem: z.string().optional(),
  unknown: z.record(z.string(), z.array(z.object({ value: z.string(), count: z.number() }))).optional(),
  reasons: z.array(reason).optional(),
  warnings: z.array(reason).optional(),
})
export type ImportStats = z.infer<typeof stats>

const job = z.object({
  id,
  object: importObject,
  fileName: z.string(),
  state: z.enum(IMPORT_STATES),
  stats,
  mapping: mapping.nullable(),
  createdAt: z.string(),
  createdBy: z.string().nullable(),
  /** Of the phase that runs now. */
  done: z.number(),
  total: z.number().nullable(),
  /** Rows a second and seconds left, once it can be said. */
  speed: z.number().nullable(),
  left: z.number().nullable(),
  rowVersion: z.number(),
})
export type ImportJob = z.infer<typeof job>

export const listImports = endpoint({
  method: 'GET',
  path: '/api/imports',
  summary: 'Imports, newest first',
  needs: 'person',
  query: z.object({ cursor: z.string().max(40).optional() }),
  reply: page(job),
})
export const uploadImport = endpoint({
  method: 'POST',
  path: '/api/imports',
  summary: 'Upload a CSV or XLSX file (multipart); answers its columns, a sample and a guessed mapping',
  needs: 'person',
  query: z.object({ object: importObject.default('account'), encoding: z.enum(ENCODINGS).optional() }),
  reply: z.object({ id }),
})
export const getImport = endpoint({
  method: 'GET',
  path: '/api/imports/:id',
  summary: 'State, progress, columns, sample, figures of an import',
  needs: 'person',
  params: idParams,
  reply: job.extend({
    headers: z.array(z.string()),
    sample: z.array(z.array(z.string())),
    format: z.string(),
    encoding: z.string().nullable(),
    delimiter: z.string().nullable(),
    targets: z.array(target),
    matches: z.array(z.enum(MATCHES)),
    guess: z.array(z.object({ column: z.number(), field: z.string().nullable(), confidence: z.number() })),
  }),
})
export const encodeImport = endpoint({
  method: 'PUT',
  path: '/api/imports/:id/encoding',
  summary: 'Read the file in another encoding than the one that was recognised',
  needs: 'person',
  params: idParams,
  body: z.object({ encoding: z.enum(ENCODINGS) }),
  reply: done,
})
export const mapImport = endpoint({
  method: 'PUT',
  path: '/api/imports/:id/mapping',
  summary: 'Set the mapping and check every row; nothing is written yet',
  needs: 'person',
  params: idParams,
  body: mapping,
  reply: done,
})
export const runImport = endpoint({
  method: 'POST',
  path: '/api/imports/:id/run',
  summary: 'Write the good rows; the others stay in the reject file',
  needs: 'person',
  params: idParams,
  reply: done,
})
export const undoImport = endpoint({
  method: 'POST',
  path: '/api/imports/:id/undo',
  summary: 'Take an import back: what it made goes, what it changed gets its old values; records changed since are left and named',
  needs: 'person',
  params: idParams,
  reply: done,
})
export const listRejects = endpoint({
  method: 'GET',
  path: '/api/imports/:id/rejects',
  summary: 'Rows that were refused, each with its field and remedy',
  needs: 'person',
  params: idParams,
  query: z.object({ cursor: z.string().max(40).optional() }),
  reply: page(z.object({ row: z.number(), problems: z.array(z.object({ field: z.string(), words: z.string() })), cells: z.array(z.string()) })),
})
export const rejectsFile = endpoint({
  method: 'GET',
  path: '/api/imports/:id/rejects.csv',
  summary: 'The refused rows as a file to mend and import again',
  needs: 'person',
  params: idParams,
  raw: true,
  reply: z.unknown(),
})
export const listKept = endpoint({
  method: 'GET',
  path: '/api/imports/:id/kept',
  summary: 'Records that an undo left as they are, each with the reason',
  needs: 'person',
  params: idParams,
  query: z.object({ cursor: z.string().max(40).optional() }),
  reply: page(z.object({ id: z.string(), name: z.string(), words: z.string() })),
})
export const inviteFile = endpoint({
  method: 'POST',
  path: '/api/imports/:id/invitations.csv',
  summary: 'New one-time links for the people of this import who have not signed in yet, as a file to hand over; earlier links are void',
  needs: 'user.manage',
  params: idParams,
  raw: true,
  reply: z.unknown(),
})
