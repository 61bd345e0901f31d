/** Versions of the rules of engagement: read, and a new one put in force. What was in force is never changed. */
import type { z } from 'zod'
import type { readEngagement, saveEngagement } from '../../contract/engagement/settings.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { UTC } from './case-row.ts'
import { loadRules } from './rules.ts'

type Reply = z.input<typeof readEngagement.reply>
export async function readSettings(tx: Tx, actor: Actor): Promise<Reply> {
  const rules = await loadRules(tx, actor.tenantId)
  const versions = await tx.query<Reply['versions'][number]>(
    `select e.version, ${UTC('e.adopted_at')} as "adoptedAt", u.name as by, e.note from engagement_clause e left join app_user u on u.tenant_id = $1 and u.id = e.created_by where e.tenant_id = $1 order by e.version desc limit 20`,
    [actor.tenantId],
  )
  return { version: rules.version, clauses: [...rules.clauses] as Reply['clauses'], policy: rules.policy, versions: versions.rows }
}

export async function saveSettings(
  tx: Tx,
  actor: Actor,
  now: string,
  ifMatch: number,
  body: z.output<NonNullable<typeof saveEngagement.body>>,
): Promise<number> {
  if (new Set(body.clauses.map(c => c.kind)).size !== body.clauses.length) stop('engagement.order', undefined, '/clauses')
  const { version } = await loadRules(tx, actor.tenantId)
  // Two who save at once write the same number: the second is told.
  const made = await tx.query(
    `insert into engagement_clause (tenant_id, version, clauses, policy, note, created_by, adopted_at) select $1, $2, $3, $4, $5, $6, $7 where $8 = $9 on conflict do nothing`,
    [actor.tenantId, version + 1, JSON.stringify(body.clauses), JSON.stringify(body.policy), body.note, actor.userId, now, ifMatch, version],
  )
  if (made.rowCount === 0) stop('record.stale', { current: version })
  await audit(tx, actor, now, {
    kind: 'engagement.adopt',
    why: body.note,
    after: { version: version + 1, order: body.clauses.filter(c => c.enabled).map(c => c.kind) },
  })
  return version + 1
}
