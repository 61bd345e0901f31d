/** One-time links of the people an import invited: made when the list is asked for, so that no secret lies anywhere. Earlier links are void. */

import { hashToken } from '../identity/load-actor.ts'
import { newSecret } from '../identity/session.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { readImport } from './jobs-of-import.ts'

const DAYS = 7

export async function inviteAll(tx: Tx, actor: Actor, now: string, id: string): Promise<readonly { login: string; name: string; ticket: string }[]> {
  const job = await readImport(tx, actor, id)
  if (job.object !== 'user' || job.state !== 'done') stop('import.state', { state: job.state })
  const people = await tx.query<{ id: string; login: string; name: string }>(
    `select u.id::text, u.login, u.name from import_before b join app_user u on u.tenant_id = $1 and u.id = b.record_id and u.state = 'invited'
      where b.tenant_id = $1 and b.job_id = $2 and b.before is null order by u.id`,
    [actor.tenantId, id],
  )
  const made = people.rows.map(p => ({ ...p, ticket: newSecret(actor.tenantId) }))
  await tx.query('delete from ticket where tenant_id = $1 and user_id = any($2::bigint[]) and used_at is null', [actor.tenantId, made.map(m => m.id)])
  await tx.query(
    `insert into ticket (tenant_id, user_id, kind, token_hash, expires_at) select $1, id, 'invite', hash, clock_timestamp() + make_interval(days => $2) from unnest($3::bigint[], $4::text[]) as t(id, hash)`,
    [actor.tenantId, DAYS, made.map(m => m.id), made.map(m => hashToken(m.ticket))],
  )
  await audit(tx, actor, now, { kind: 'import.invitations', recordKind: 'import', recordId: id, count: made.length })
  return made.map(({ login, name, ticket }) => ({ login, name, ticket }))
}
