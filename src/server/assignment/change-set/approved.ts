/** Whether a model may be switched on as far as its change set goes. */
import { stop } from '../../kernel/refusal-error.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { readPolicy } from './policy.ts'

/** Activation by the model's own route asks the same: where a policy stands, only an approved set is switched on. */
export async function assertApproved(tx: Tx, tenantId: string, modelId: string): Promise<void> {
  const set = await tx.query<{ state: string }>('select state from change_set where tenant_id = $1 and model_id = $2', [tenantId, modelId])
  if (!set.rows[0] || set.rows[0].state === 'approved') return
  if ((await readPolicy(tx, tenantId)).length > 0) stop('changeSet.notApproved')
}
