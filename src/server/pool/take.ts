/**
 * Writing claims 落账, for many people at once: the act with its audit, the protection that a pool gives, and what comes with a customer 随客户流转.
 * Contacts, notes and history hang on the customer and come by themselves; open tasks and open deals of people who no longer have it would stay
 * behind with them, so they go to who has it now.
 */
import { prepared, type Tx } from '../kernel/transaction.ts'

export type Taken = {
  readonly id: string
  readonly userId: string
  readonly name: string
  readonly territory: string | null
  readonly pool: string
  readonly how: 'claim' | 'draw'
  readonly protectDays: number
  /** One of several asked for at once. */
  readonly many: boolean
}

export async function take(tx: Tx, tenantId: string, modelId: string, at: string, taken: readonly Taken[]): Promise<void> {
  const ids = taken.map(t => t.id)
  const owners = taken.map(t => t.userId)
  await tx.query(
    prepared(
      'claim-act',
      `with asked as (select * from unnest($4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[]) as c(id, owner, territory, pool, how)),
         act as (insert into ownership_act (tenant_id, account_id, kind, owner_id, model_id, territory_id, created_by, at, pool_id, detail)
           select $1, id, 'claim', owner, $2, territory, owner, $3, pool, jsonb_build_object('how', how) from asked)
       insert into audit (tenant_id, at, actor_id, kind, record_kind, record_id, account_id, before, after)
       select $1, $3, owner, 'account.claim', 'account', id, id, jsonb_build_object('poolId', pool::text), jsonb_build_object('ownerId', owner::text) from asked`,
      [tenantId, modelId, at, ids, owners, taken.map(t => t.territory), taken.map(t => t.pool), taken.map(t => t.how)],
    ),
  )
  const many = new Map<string, { n: number; how: Taken['how'] }>()
  for (const t of taken) if (t.many) many.set(t.userId, { n: (many.get(t.userId)?.n ?? 0) + 1, how: t.how })
  if (many.size > 0)
    await tx.query(
      `insert into audit (tenant_id, at, actor_id, kind, record_kind, set_count, after) select $1, $2, u, 'account.claim', 'account', n, jsonb_build_object('how', how)
         from unnest($3::bigint[], $4::int[], $5::text[]) as m(u, n, how)`,
      [tenantId, at, [...many.keys()], [...many.values()].map(m => m.n), [...many.values()].map(m => m.how)],
    )
  const shielded = taken.filter(t => t.protectDays > 0)
  if (shielded.length > 0)
    await tx.query(
      `insert into pool_protection (tenant_id, account_id, kind, owner_id, starts_at, until, reason, created_by)
       select $1, id, 'protect', owner, $2, $2::timestamptz + make_interval(days => days), 'claim', owner from unnest($3::bigint[], $4::bigint[], $5::int[]) as p(id, owner, days)`,
      [tenantId, at, shielded.map(t => t.id), shielded.map(t => t.userId), shielded.map(t => t.protectDays)],
    )
  await tx.query(
    prepared(
      'follow-claim',
      `with got as (select * from unnest($2::bigint[], $3::bigint[]) as g(id, owner)),
         tasks as (update task t set assignee_id = got.owner, row_version = t.row_version + 1 from got
           where t.tenant_id = $1 and t.account_id = got.id and t.done_at is null and t.deleted_at is null and t.assignee_id <> got.owner)
       update opportunity o set owner_id = got.owner, updated_at = $4, row_version = o.row_version + 1 from got
        where o.tenant_id = $1 and o.account_id = got.id and o.deleted_at is null and o.stage not in ('won', 'lost') and o.owner_id is distinct from got.owner`,
      [tenantId, ids, owners, at],
    ),
  )
}
