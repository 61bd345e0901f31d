/** An import as its jobs see it: the row, the person who asked for it as of this transaction, and what the mapping made of the columns. */
import type { Pool } from 'pg'
import type { ImportMapping, ImportStats } from '../../contract/import/imports.ts'
import { type ImportObjectKey, NEEDED } from '../../contract/import/objects.ts'
import type { Refusal } from '../../core/kernel/result.ts'
import type { Encoding } from '../files/detect-text.ts'
import { actorOfUser } from '../identity/load-actor.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import type { LayoutColumn } from './convert-row.ts'
import type { JobOptions, Run } from './object.ts'

export type StoredOptions = JobOptions & {
  readonly layout?: readonly LayoutColumn[]
  readonly encoding?: Encoding
  readonly jobId?: string
  readonly begun?: boolean
}
export type JobRow = {
  readonly id: string
  readonly object: ImportObjectKey
  readonly fileName: string
  readonly fileSize: number
  readonly mapping: ImportMapping
  readonly options: StoredOptions
  readonly stats: ImportStats
  readonly state: string
  readonly createdBy: string
}

export async function loadJob(db: Pool | Tx, tenantId: string, id: string): Promise<JobRow> {
  const found = await db.query<JobRow>(
    `select id::text, object, file_name as "fileName", file_size::float8 as "fileSize", mapping, options, stats, state, created_by::text as "createdBy" from import_job where tenant_id = $1 and id = $2`,
    [tenantId, id],
  )
  if (!found.rows[0]) throw new Error(`import ${id} is gone`)
  return found.rows[0]
}

export const setState = (
  db: Pool | Tx,
  tenantId: string,
  id: string,
  state: string,
  stats: Record<string, unknown>,
  options: Partial<StoredOptions> = {},
) =>
  db.query(
    'update import_job set state = $3, stats = stats || $4, options = options || $5, ended_at = clock_timestamp(), row_version = row_version + 1 where tenant_id = $1 and id = $2',
    [tenantId, id, state, JSON.stringify(stats), JSON.stringify(options)],
  )

export function assertMay(actor: Actor, object: ImportObjectKey): void {
  if (!actor.permissions.has(NEEDED[object])) stop('permission.missing', { permission: NEEDED[object] })
}

/** The person must still be there, still be allowed to, and still be allowed to write every field of the mapping. */
export async function openRun(tx: Tx, tenantId: string, job: JobRow, userId: string): Promise<Run> {
  const actor = (await actorOfUser(tx, tenantId, userId)) ?? stop('import.personGone')
  assertMay(actor, job.object)
  const closed = job.mapping.columns?.find(c => c.field !== null && (actor.fieldAccess.get(c.field) ?? 'edit') !== 'edit')
  if (closed && job.object === 'account') stop('field.readOnly', { field: closed.field! }, closed.field!)
  return { tx, tenantId, importId: job.id, actor, mapping: job.mapping, layout: job.options.layout ?? [], options: job.options }
}

/** What stopped a job, for the person who will read it; a bug only says that it was recorded. */
export const refusalOf = (error: unknown): Refusal | null => (error as { refusal?: Refusal }).refusal ?? null
