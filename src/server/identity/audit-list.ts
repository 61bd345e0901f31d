/** The audit trail as a page, newest first. Rows about a customer are shown only to those who may see the customer. */
import { visibleTo } from '../access/visible-to.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'

type AuditRow = {
  id: string
  at: string
  actorId: string
  actorName: string | null
  forId: string | null
  forName: string | null
  kind: string
  recordKind: string | null
  recordId: string | null
  why: string | null
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
  count: number | null
}

export async function findAudit(
  tx: Tx,
  actor: Actor,
  query: { recordKind?: string; recordId?: string; actorId?: string; kind?: string; cursor?: string; limit: number },
): Promise<{ rows: AuditRow[]; next: string | null }> {
  const found = await tx.query<AuditRow>(
    `select a.id::text, a.at::text, a.actor_id::text as "actorId", u.name as "actorName", a.for_id::text as "forId", f.name as "forName", a.kind, a.record_kind as "recordKind",
            a.record_id::text as "recordId", a.why, a.before, a.after, a.set_count as count
       from audit a left join app_user u on u.tenant_id = a.tenant_id and u.id = a.actor_id left join app_user f on f.tenant_id = a.tenant_id and f.id = a.for_id
      where a.tenant_id = $1 and a.id < $2 and ($3::text is null or a.record_kind = $3) and ($4::bigint is null or a.record_id = $4) and ($5::bigint is null or a.actor_id = $5)
        and ($6::text is null or a.kind like $6) and (a.account_id is null or ${visibleTo(actor, 'a.account_id')})
      order by a.id desc limit $7`,
    [
      actor.tenantId,
      /^\d{1,18}$/.test(query.cursor ?? '') ? query.cursor : '9223372036854775807',
      query.recordKind ?? null,
      query.recordId ?? null,
      query.actorId ?? null,
      query.kind ? `${query.kind.replace(/[%_\\]/g, '\\$&')}%` : null,
      query.limit + 1,
    ],
  )
  const rows = found.rows.slice(0, query.limit)
  return { rows, next: found.rows.length > query.limit ? rows.at(-1)!.id : null }
}
