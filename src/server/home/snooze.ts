/**
 * Putting off 稍后处理 a row of the decision list: for oneself alone, with a reason, until the morning of a day in the company's zone. Nothing
 * is decided by it: the row comes back by itself, and what was put off can be looked at and brought back before.
 */
import { SNOOZE_DAYS, type Snooze } from '../../contract/home/home.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { readCandidates, subjectsOf } from './decisions.ts'

/** What the person put off and whose day has not come. */
export async function readSnoozes(tx: Tx, actor: Actor): Promise<ReadonlyMap<string, Snooze>> {
  const found = await tx.query<Snooze>(
    `select subject, reason, to_char(until at time zone $3, 'YYYY-MM-DD') as until from home_snooze where tenant_id = $1 and user_id = $2 and until > now() order by until, subject`,
    [actor.tenantId, actor.userId, actor.zone],
  )
  return new Map(found.rows.map(r => [r.subject, r]))
}

export async function snooze(tx: Tx, actor: Actor, now: string, input: { subject: string; until: string; reason: string }): Promise<void> {
  const { subject } = input
  const days = await tx.query<{ n: number }>('select $1::date - ($2::timestamptz at time zone $3)::date as n', [input.until, now, actor.zone])
  const ahead = days.rows[0]!.n
  if (ahead < 1 || ahead > SNOOZE_DAYS) stop('snooze.until', { days: SNOOZE_DAYS }, '/until')
  if (!subjectsOf(await readCandidates(tx, actor)).includes(subject)) stop('record.notFound')
  await tx.query('delete from home_snooze where tenant_id = $1 and user_id = $2 and until <= $3', [actor.tenantId, actor.userId, now])
  await tx.query(
    `insert into home_snooze (tenant_id, user_id, subject, reason, until, created_at) values ($1, $2, $3, $4, $5::date::timestamp at time zone $6, $7)
     on conflict (tenant_id, user_id, subject) do update set reason = excluded.reason, until = excluded.until, created_at = excluded.created_at`,
    [actor.tenantId, actor.userId, subject, input.reason, input.until, actor.zone, now],
  )
  await audit(tx, actor, now, { kind: 'home.snooze', why: input.reason, after: { subject, until: input.until } })
}

export async function wake(tx: Tx, actor: Actor, now: string, subject: string): Promise<void> {
  const gone = await tx.query('delete from home_snooze where tenant_id = $1 and user_id = $2 and subject = $3', [
    actor.tenantId,
    actor.userId,
    subject,
  ])
  if (gone.rowCount === 0) stop('record.notFound')
  await audit(tx, actor, now, { kind: 'home.wake', after: { subject } })
}
