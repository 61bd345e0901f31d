/**
 * What comes with a claimed customer 随客户流转: contacts, notes and history hang on the customer and come by themselves; open tasks and open deals
 * of people who no longer have it would stay behind with them, so they go to who has it now.
 */
import type { Actor } from '../kernel/actor.ts'
import { prepared, type Tx } from '../kernel/transaction.ts'

export async function followClaim(tx: Tx, actor: Pick<Actor, 'tenantId' | 'userId'>, at: string, ids: readonly string[]): Promise<void> {
  await tx.query(
    prepared(
      'follow-claim',
      `with tasks as (update task set assignee_id = $3, row_version = row_version + 1 where tenant_id = $1 and account_id = any($2::bigint[]) and done_at is null and deleted_at is null and assignee_id <> $3)
     update opportunity set owner_id = $3, updated_at = $4, row_version = row_version + 1 where tenant_id = $1 and account_id = any($2::bigint[]) and deleted_at is null
       and stage not in ('won', 'lost') and owner_id is distinct from $3`,
      [actor.tenantId, ids, actor.userId, at],
    ),
  )
}
