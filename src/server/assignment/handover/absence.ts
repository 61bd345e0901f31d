/** Who is absent 缺勤: rotation skips them, and the page of a handover warns of receivers who will not be there. */
import type { Tx } from '../../kernel/transaction.ts'

/** People absent at an instant. */
export async function absentAt(tx: Tx, tenantId: string, at: string): Promise<Set<string>> {
  const found = await tx.query<{ id: string }>(
    'select distinct user_id::text as id from absence where tenant_id = $1 and starts_at <= $2::timestamptz and ends_at > $2::timestamptz',
    [tenantId, at],
  )
  return new Set(found.rows.map(r => r.id))
}
