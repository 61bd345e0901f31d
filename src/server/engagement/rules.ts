/** The company's rules of engagement in force: the newest version, or what every company begins with. */
import { type Clause, DEFAULT_CLAUSES } from '../../core/engagement/clauses.ts'
import { type CasePolicy, DEFAULT_POLICY } from '../../core/engagement/policy.ts'
import type { Tx } from '../kernel/transaction.ts'

export type Rules = { readonly version: number; readonly clauses: readonly Clause[]; readonly policy: CasePolicy }

export async function loadRules(tx: Tx, tenantId: string): Promise<Rules> {
  const found = await tx.query<Rules>('select version, clauses, policy from engagement_clause where tenant_id = $1 order by version desc limit 1', [
    tenantId,
  ])
  const row = found.rows[0]
  return row ? { ...row, policy: { ...DEFAULT_POLICY, ...row.policy } } : { version: 0, clauses: DEFAULT_CLAUSES, policy: DEFAULT_POLICY }
}
