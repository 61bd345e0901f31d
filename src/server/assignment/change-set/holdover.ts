/**
 * Holdover 留守: which open deals stay with whoever had the customer, for some days after the change. The author chooses all, none or those
 * from an amount on, and of single deals otherwise; the choice stands beside the figures, so that computing anew does not touch it.
 */
import type { z } from 'zod'
import type { holdDeals, setHoldover } from '../../../contract/territory/change-choices.ts'
import { visibleTo } from '../../access/visible-to.ts'
import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import { stop } from '../../kernel/refusal-error.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { lockSet } from './read-set.ts'

/** Of a move `m`: there is somebody to keep something from his successor. */
export const HOLDABLE = 'm.from_owner is not null and m.from_owner is distinct from m.to_owner'
/** Of an opportunity `o` under the change set `s`, with the single choice `h` left-joined. An amount in another currency is not compared. */
export const HELD = `coalesce(h.held, case s.holdover_of when 'all' then true when 'none' then false
    else o.amount >= s.holdover_least and o.currency = (select currency from tenant where id = $1) end, false)`
export const HOLD = 'left join change_set_hold h on h.tenant_id = $1 and h.change_set_id = s.id and h.opportunity_id = o.id'

export async function chooseHoldover(tx: Tx, actor: Actor, now: string, id: string, choice: z.infer<typeof setHoldover.body & {}>): Promise<void> {
  await lockForChoice(tx, actor, id)
  await tx.query('update change_set set holdover_of = $3, holdover_least = $4 where tenant_id = $1 and id = $2', [
    actor.tenantId,
    id,
    choice.of,
    choice.of === 'amount' ? choice.atLeast : null,
  ])
  await tx.query('delete from change_set_hold where tenant_id = $1 and change_set_id = $2', [actor.tenantId, id])
  await audit(tx, actor, now, { kind: 'changeSet.holdover', recordKind: 'changeSet', recordId: id, after: { ...choice } })
}

export async function chooseDeals(tx: Tx, actor: Actor, now: string, id: string, { deals }: z.infer<typeof holdDeals.body & {}>): Promise<void> {
  await lockForChoice(tx, actor, id)
  const found = await tx.query<{ seen: boolean; open: boolean }>(
    `select o.id is not null as seen, o.stage = 'open' and m.account_id is not null as open from unnest($3::bigint[]) with ordinality t(id, n)
       left join opportunity o on o.tenant_id = $1 and o.id = t.id and o.deleted_at is null and ${visibleTo(actor, 'o.account_id')}
       left join change_set_move m on m.tenant_id = $1 and m.change_set_id = $2 and m.account_id = o.account_id and ${HOLDABLE} order by t.n`,
    [actor.tenantId, id, deals.map(d => d.id)],
  )
  for (const [i, deal] of found.rows.entries()) {
    if (!deal.seen) stop('record.notFound', undefined, `/deals/${i}/id`)
    if (!deal.open) stop('holdover.notTouched', { line: i + 1 }, `/deals/${i}/id`)
  }
  // Said twice, the last word counts.
  const chosen = [...new Map(deals.map(d => [d.id, d.held]))]
  await tx.query(
    `insert into change_set_hold (tenant_id, change_set_id, opportunity_id, held) select $1, $2, * from unnest($3::bigint[], $4::boolean[])
     on conflict (tenant_id, change_set_id, opportunity_id) do update set held = excluded.held`,
    [actor.tenantId, id, chosen.map(([deal]) => deal), chosen.map(([, held]) => held)],
  )
  await audit(tx, actor, now, { kind: 'changeSet.holdover', recordKind: 'changeSet', recordId: id, count: chosen.length, after: { deals } })
}

/** What was approved is not changed behind the approvers' backs. */
async function lockForChoice(tx: Tx, actor: Actor, id: string): Promise<void> {
  if ((await lockSet(tx, actor, id)).state !== 'draft') stop('changeSet.notDraft')
}

/**
 * Shares of a scheduled set, under the bulk role: for each account with a held deal that is open now and whose owner goes, also by the rows
 * of the moment. Answers the accounts.
 */
export async function giveShares(tx: Tx, tenantId: string, id: string): Promise<readonly string[]> {
  const made = await tx.query<{ id: string }>(
    `insert into account_share (tenant_id, account_id, user_id, access, until, created_by, created_at, change_set_id)
     select $1, m.account_id, m.from_owner, 'edit', last.effective_at + make_interval(days => s.holdover_days), s.submitted_by, clock_timestamp(), s.id
       from ${SCHEDULED} where ${GOES} and exists (${DEALS}) returning account_id::text as id`,
    [tenantId, id],
  )
  return made.rows.map(r => r.id)
}

/** Who keeps and who waits is told once, in figures. */
export async function tellHoldover(tx: Tx, tenantId: string, id: string): Promise<void> {
  await tx.query(
    `with deal as (select s.id, s.title, s.holdover_days, m.from_owner, m.to_owner from ${SCHEDULED} cross join lateral (${DEALS}) d where ${GOES})
     insert into notification (tenant_id, user_id, kind, payload, created_at)
     select $1, x.user_id, x.kind, jsonb_build_object('title', x.title, 'changeSetId', x.id::text, 'n', count(*)::int, 'count', count(*)::int, 'days', x.holdover_days), clock_timestamp()
       from (select from_owner as user_id, 'changeSet.heldOut' as kind, id, title, holdover_days from deal
             union all select to_owner, 'changeSet.heldIn', id, title, holdover_days from deal where to_owner is not null) x
       join app_user u on u.tenant_id = $1 and u.id = x.user_id and u.state = 'active' group by x.user_id, x.kind, x.id, x.title, x.holdover_days`,
    [tenantId, id],
  )
}

const SCHEDULED = `change_set s
       join lateral (select a.effective_at from activation a where a.tenant_id = $1 and a.model_id = s.model_id and a.cancelled_at is null order by a.seq desc limit 1) last on true
       join territory_model md on md.tenant_id = $1 and md.id = s.model_id join change_set_move m on m.tenant_id = $1 and m.change_set_id = s.id
       join app_user who on who.tenant_id = $1 and who.id = m.from_owner and who.state <> 'inactive'`
/** Whoever lost or won the customer by other ways since the figures has nothing to hold. */
const GOES = `s.tenant_id = $1 and s.id = $2 and s.holdover_days > 0 and s.submitted_by is not null and ${HOLDABLE}
        and coalesce((select b.owner_id = m.from_owner from account_placement b where b.tenant_id = $1 and b.model_id = md.base_model_id and b.account_id = m.account_id), true)
        and coalesce((select n.owner_id is distinct from m.from_owner from account_placement n where n.tenant_id = $1 and n.model_id = s.model_id and n.account_id = m.account_id), true)`
const DEALS = `select o.id from opportunity o ${HOLD} where o.tenant_id = $1 and o.account_id = m.account_id and o.stage = 'open' and o.deleted_at is null and ${HELD}`
