/** Those whom a change set affects are told when it is scheduled, and when that is taken back; and when the author asks what they think. */
import type { Actor } from '../../kernel/actor.ts'
import { toOutbox } from '../../kernel/audit.ts'
import type { Tx } from '../../kernel/transaction.ts'

/** Everybody who wins or loses customers, in one statement; ids and figures only. */
export async function tellAffected(
  tx: Tx,
  actor: Pick<Actor, 'tenantId' | 'userName'>,
  now: string,
  set: { readonly id: string; readonly title: string },
  kind: string,
  effectiveAt: string | null,
): Promise<void> {
  await tx.query(
    `insert into notification (tenant_id, user_id, kind, payload, created_at)
     select $1, l.key, $3, jsonb_build_object('by', $4::text, 'title', $5::text, 'changeSetId', l.change_set_id::text, 'effectiveAt', $6::text, 'gained', l.gained, 'lost', l.lost), $7
       from change_set_line l join app_user u on u.tenant_id = $1 and u.id = l.key and u.state = 'active' where l.tenant_id = $1 and l.change_set_id = $2 and l.kind = 'owner' and l.key <> 0`,
    [actor.tenantId, set.id, kind, actor.userName, set.title, effectiveAt, now],
  )
  await toOutbox(tx, actor.tenantId, kind, { changeSetId: set.id })
}
