/** Every value of accounts by field key, private and own fields alike, for putting two of them side by side. */
import type { FieldValue } from '../../core/condition/condition.ts'
import { type AccountRecord, factsOf, RECORD } from '../account/facts.ts'
import type { Tx } from '../kernel/transaction.ts'

export type Full = {
  readonly id: string
  readonly rowVersion: number
  readonly updatedAt: string
  readonly values: Readonly<Record<string, FieldValue>>
}
/** No value of one's own: its number, its place on the map (the address gives it), and the group (a tree, not a choice between two texts). */
const NOT_CHOSEN = new Set(['id', 'point'])

export async function readFull(tx: Tx, tenantId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Full>> {
  const found = await tx.query<AccountRecord & { updated: string; creditCode: string | null; phone: string | null; email: string | null }>(
    `select ${RECORD}, to_char(a.updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as updated, pr.credit_code as "creditCode", pr.phone, pr.email
       from account a left join account_private pr on pr.tenant_id = $1 and pr.account_id = a.id where a.tenant_id = $1 and a.id = any($2::bigint[])`,
    [tenantId, ids],
  )
  return new Map(
    found.rows.map(row => {
      const { creditCode, phone, email } = row
      const values = Object.entries({ ...factsOf(row), creditCode, phone, email }).filter(([key]) => !NOT_CHOSEN.has(key))
      return [row.id, { id: row.id, rowVersion: row.row_version, updatedAt: row.updated, values: Object.fromEntries(values) }]
    }),
  )
}
