/** Endpoints of import 导入: upload, map, check, write, rejects, undo. Nothing is written before the check was seen. */
import { z } from 'zod'
import { endpoint } from '../kernel/endpoint.ts'
import { done, id, idParams, page, text } from '../kernel/shapes.ts'

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
/** Targets beside the fields of the catalogue. */
export const IMPORT_TARGETS = ['externalKey', 'owner', 'contactName', 'contactTitle'] as const

const column = z.object({ column: z.number().int().min(0).max(10_000), field: z.string().max(60).nullable() })
export const mapping = z.object({
  columns: z.array(column).max(2000),
  /** Per field: value in the file → value in Jiangyu; '' leaves it empty, '+' makes a new option. */
  values: z.record(z.string().max(60), z.record(z.string().max(200), z.string().max(200))).default({}),
  mode: z.enum(['create', 'update', 'upsert']).default('upsert'),
  match: z.enum(['none', 'externalKey', 'creditCode', 'name']).default('externalKey'),
  /** Name of the system the external keys come from. */
  source: text(60).default('file'),
})
export type ImportMapping = z.output<typeof mapping>

const stats = z.object({
  rows: z.number().optional(),
  good: z.number().optional(),
  bad: z.number().optional(),
  warned: z.number().optional(),
  creates: z.number().optional(),
  updates: z.number().optional(),
  written: z.number().optional(),
  skipped: z.number().optional(),
  unassigned: z.number().optional(),
  problem: z.string().optional(),
  unknown: z.record(z.string(), z.array(z.object({ value: z.string(), count: z.number() }))).optional(),
  reasons: z.array(z.object({ field: z.string(), code: z.string(), count: z.number(), words: z.string() })).optional(),
})
export type ImportStats = z.infer<typeof stats>

const job = z.object({
  id,
  fileName: z.string(),
  state: z.enum(IMPORT_STATES),
  stats,
  mapping: mapping.nullable(),
  createdAt: z.string(),
  createdBy: z.string().nullable(),
  done: z.number(),
  total: z.number().nullable(),
  rowVersion: z.number(),
})
export type ImportJob = z.infer<typeof job>

export const listImports = endpoint({
  method: 'GET',
  path: '/api/imports',
  summary: 'Imports, newest first',
  needs: 'account.import',
  query: z.object({ cursor: z.string().max(40).optional() }),
  reply: page(job),
})
export const uploadImport = endpoint({
  method: 'POST',
  path: '/api/imports',
  summary: 'Upload a CSV or XLSX file (multipart); answers its columns, a sample and a guessed mapping',
  needs: 'account.import',
  reply: z.object({ id }),
})
export const getImport = endpoint({
  method: 'GET',
  path: '/api/imports/:id',
  summary: 'State, progress, columns, sample, figures of an import',
  needs: 'account.import',
  params: idParams,
  reply: job.extend({
    headers: z.array(z.string()),
    sample: z.array(z.array(z.string())),
    format: z.string(),
    encoding: z.string(),
    delimiter: z.string().nullable(),
    guess: z.array(z.object({ column: z.number(), field: z.string().nullable(), confidence: z.number() })),
  }),
})
export const mapImport = endpoint({
  method: 'PUT',
  path: '/api/imports/:id/mapping',
  summary: 'Set the mapping and check every row; nothing is written yet',
  needs: 'account.import',
  params: idParams,
  body: mapping,
  reply: done,
})
export const runImport = endpoint({
  method: 'POST',
  path: '/api/imports/:id/run',
  summary: 'Write the good rows; the others stay in the reject file',
  needs: 'account.import',
  params: idParams,
  reply: done,
})
export const undoImport = endpoint({
  method: 'POST',
  path: '/api/imports/:id/undo',
  summary: 'Take an import back: new accounts go to the recycle bin, changed ones get their old values',
  needs: 'account.import',
  params: idParams,
  reply: done,
})
export const listRejects = endpoint({
  method: 'GET',
  path: '/api/imports/:id/rejects',
  summary: 'Rows that were refused, each with its field and remedy',
  needs: 'account.import',
  params: idParams,
  query: z.object({ cursor: z.string().max(40).optional() }),
  reply: page(z.object({ row: z.number(), problems: z.array(z.object({ field: z.string(), words: z.string() })), cells: z.array(z.string()) })),
})
export const rejectsFile = endpoint({
  method: 'GET',
  path: '/api/imports/:id/rejects.csv',
  summary: 'The refused rows as a file to mend and import again',
  needs: 'account.import',
  params: idParams,
  raw: true,
  reply: z.unknown(),
})
