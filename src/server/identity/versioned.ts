/** One way to change an editable row: the version seen must still be the version stored, else 409 with the current one. */
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'

type Table = 'app_user' | 'role' | 'department' | 'team'

/** Locks the row, compares versions and answers it; 404 when absent. */
export async function lockVersion<T extends Record<string, unknown>>(
  tx: Tx,
  table: Table,
  tenantId: string,
  id: string,
  ifMatch: number,
): Promise<T> {
  const deleted = table === 'app_user' ? '' : 'and deleted_at is null'
  const found = await tx.query<T & { row_version: number }>(`select * from ${table} where tenant_id = $1 and id = $2 ${deleted} for update`, [
    tenantId,
    id,
  ])
  const row = found.rows[0]
  if (!row) return stop('record.notFound')
  if (row.row_version !== ifMatch) stop('record.stale', { current: row.row_version })
  return row
}
