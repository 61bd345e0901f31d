/** Tells people of their leads: one notice each, however many came at once. */
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'

export async function tellOwners(
  tx: Tx,
  actor: Pick<Actor, 'tenantId' | 'userId'>,
  at: string,
  kind: string,
  given: readonly { readonly leadId: string; readonly userId: string | null }[],
): Promise<void> {
  const by = new Map<string, string[]>()
  for (const { leadId, userId } of given) if (userId !== null && userId !== actor.userId) by.set(userId, [...(by.get(userId) ?? []), leadId])
  if (by.size === 0) return
  await tx.query(
    `with d as (select u, n, lead from unnest($2::bigint[], $3::int[], $4::text[]) as x(u, n, lead)),
       n as (insert into notification (tenant_id, user_id, kind, payload, created_at) select $1, u, $5::text, jsonb_build_object('n', n, 'leadId', lead), $6 from d)
     insert into outbox (tenant_id, kind, payload) select $1, $5::text, jsonb_build_object('userId', u, 'n', n) from d`,
    [actor.tenantId, [...by.keys()], [...by.values()].map(l => l.length), [...by.values()].map(l => l[0]!), kind, at],
  )
}
