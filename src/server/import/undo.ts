/** Taking an import back: new accounts go to the recycle bin, changed ones get their old values where nobody changed them since. */
import type { Pool } from 'pg'
import type { FieldValue } from '../../core/condition/condition.ts'
import { type AccountRecord, COLUMNS, enterWriters, factsOf, keepVersions, RECORD, writeInstant } from '../account/facts.ts'
import { placer } from '../account/placer.ts'
import type { Job, Progress } from '../kernel/jobs.ts'
import { inBulk } from '../kernel/transaction.ts'
import { loadJob, setState } from './stage.ts'

const PIECE = 2_000

export async function undoImport(bulk: Pool, job: Job, progress: Progress): Promise<void> {
  const importId = String(job.note.importId)
  const { tenantId } = job
  const row = await loadJob(bulk, tenantId, importId)
  if (row.state !== 'undoing') return
  const fresh = await bulk.query<{ id: string }>(
    'select id::text from account where tenant_id = $1 and import_id = $2 and deleted_at is null order by account.id',
    [tenantId, importId],
  )
  const changed = await bulk.query<{ id: string; before: Record<string, FieldValue> }>(
    'select record_id::text as id, before from import_before where tenant_id = $1 and job_id = $2 order by import_before.record_id',
    [tenantId, importId],
  )
  const total = fresh.rows.length + changed.rows.length
  for (let from = 0; from < fresh.rows.length; from += PIECE) {
    const ids = fresh.rows.slice(from, from + PIECE).map(r => r.id)
    await inBulk(bulk, async tx => {
      await enterWriters(tx, tenantId)
      await tx.query('select 1 from account where tenant_id = $1 and id = any($2::bigint[]) order by id for update', [tenantId, ids])
      const at = await writeInstant(tx)
      await tx.query(
        'update account set deleted_at = $3, deleted_by = $4, updated_at = $3, row_version = row_version + 1 where tenant_id = $1 and id = any($2::bigint[])',
        [tenantId, ids, at, job.startedBy],
      )
      await tx.query('delete from account_key where tenant_id = $1 and account_id = any($2::bigint[])', [tenantId, ids])
      await placer().close(tx, tenantId, at, ids)
    })
    await progress(from + ids.length, total)
  }
  for (let from = 0; from < changed.rows.length; from += PIECE) {
    const piece = changed.rows.slice(from, from + PIECE)
    await inBulk(bulk, async tx => {
      await enterWriters(tx, tenantId)
      const now = await tx.query<AccountRecord>(
        `select ${RECORD} from account a where a.tenant_id = $1 and a.id = any($2::bigint[]) and a.deleted_at is null order by a.id for update`,
        [tenantId, piece.map(p => p.id)],
      )
      const at = await writeInstant(tx)
      const current = new Map(now.rows.map(r => [r.id, r]))
      for (const p of piece) {
        const record = current.get(p.id)
        if (!record) continue
        const columns = Object.entries(p.before).flatMap(([key, value]) =>
          Object.hasOwn(COLUMNS, key) ? [[COLUMNS[key as keyof typeof COLUMNS], value] as const] : [],
        )
        const custom = {
          ...record.custom,
          ...Object.fromEntries(Object.entries(p.before).flatMap(([k, v]) => (/^f\d+$/.test(k) ? [[k.slice(1), v]] : []))),
        }
        await tx.query(
          `update account set updated_at = $3, row_version = row_version + 1, custom = $4${columns.map(([c], i) => `, ${c} = $${i + 5}`).join('')} where tenant_id = $1 and id = $2`,
          [tenantId, p.id, at, JSON.stringify(custom), ...columns.map(([, v]) => v)],
        )
      }
      const after = await tx.query<AccountRecord>(`select ${RECORD} from account a where a.tenant_id = $1 and a.id = any($2::bigint[])`, [
        tenantId,
        [...current.keys()],
      ])
      const records = after.rows.map(r => ({ id: r.id, rowVersion: r.row_version, facts: factsOf(r) }))
      await keepVersions(tx, tenantId, at, records)
      await placer().place(tx, tenantId, at, records)
    })
    await progress(fresh.rows.length + from + piece.length, total)
  }
  await setState(bulk, tenantId, importId, 'undone', {})
  await bulk.query('update import_job set undone_at = clock_timestamp() where tenant_id = $1 and id = $2', [tenantId, importId])
}
