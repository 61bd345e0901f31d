/** Partner registrations 报备: asked by a seller, accepted by who looks after the rules; one at a time for a customer. */
import type { z } from 'zod'
import type { addRegistration, listRegistrations, RegistrationRow } from '../../contract/engagement/settings.ts'
import { EVERYONE_TOKEN, token } from '../../core/access/tokens.ts'
import { beyondSight } from '../access/beyond-sight.ts'
import { tokensOf } from '../access/visible-to.ts'
import { notify } from '../identity/notify.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'

type Query = z.output<NonNullable<typeof listRegistrations.query>>
export async function findRegistrations(tx: Tx, actor: Actor, query: Query): Promise<z.input<typeof listRegistrations.reply>> {
  const after = /^\d{1,18}$/.test(query.cursor ?? '') ? query.cursor : null
  const found = await tx.query<RegistrationRow>(
    `select r.id::text, r.account_id::text as "accountId", r.name, r.partner, json_build_object('id', u.id::text, 'name', u.name) as owner,
       to_char(r.starts_at at time zone $2, 'YYYY-MM-DD') as from, to_char(r.ends_at at time zone $2, 'YYYY-MM-DD') as until, r.state, r.row_version as "rowVersion"
       from registration r join app_user u on u.tenant_id = $1 and u.id = r.owner_id
      where r.tenant_id = $1 and ${actor.seesAll ? 'true' : `r.tokens && ${tokensOf(actor)}`} and ($3::text is null or r.state = $3) and ($4::bigint is null or r.id < $4) order by r.id desc limit $5`,
    [actor.tenantId, actor.zone, query.state ?? null, after, query.limit + 1],
  )
  const rows = found.rows.slice(0, query.limit)
  return { rows, next: found.rows.length > query.limit ? rows.at(-1)!.id : null }
}

type Body = z.output<NonNullable<typeof addRegistration.body>>
export async function register(tx: Tx, actor: Actor, now: string, body: Body): Promise<{ id: string; state: 'asked' | 'accepted' }> {
  if (body.until <= body.from) stop('registration.dates', undefined, '/until')
  const named = body.accountId
    ? await tx.query<{ name: string }>('select name from account where tenant_id = $1 and id = $2 and deleted_at is null', [
        actor.tenantId,
        body.accountId,
      ])
    : null
  const name = named
    ? (named.rows[0]?.name ?? stop('record.notFound', undefined, '/accountId'))
    : (body.name ?? stop('input.invalid', undefined, '/name'))
  const ownerId = body.ownerId ?? actor.userId
  const owner = await tx.query<{ department: string | null }>(
    `select department_id::text as department from app_user where tenant_id = $1 and id = $2 and state = 'active'`,
    [actor.tenantId, ownerId],
  )
  if (owner.rowCount === 0) stop('record.notFound', undefined, '/ownerId')
  const state = actor.permissions.has('engagement.manage') ? 'accepted' : 'asked'
  const department = owner.rows[0]!.department
  const { id } = (await tx.query<{ id: string }>(`select nextval(pg_get_serial_sequence('registration', 'id'))::text as id`)).rows[0]!
  await tx.query('select pg_advisory_xact_lock(10, hashtext($1))', [actor.tenantId])
  const days = [actor.tenantId, body.from, body.until, actor.zone, body.accountId ?? null, name]
  if (state === 'accepted') await refuseTaken(tx, days, id)
  await tx.query(
    `insert into registration (tenant_id, id, account_id, name, partner, owner_id, starts_at, ends_at, state, decided_by, tokens, created_by, created_at)
     values ($1, $7, $5, $6, $8, $9, $2::date::timestamp at time zone $4, ($3::date + 1)::timestamp at time zone $4, $10, $11, $12, $13, $14)`,
    [
      ...days,
      id,
      body.partner,
      ownerId,
      state,
      state === 'accepted' ? actor.userId : null,
      [...new Set([EVERYONE_TOKEN, token('user', ownerId), token('user', actor.userId), ...(department ? [token('department', department)] : [])])],
      actor.userId,
      now,
    ],
  )
  await audit(tx, actor, now, {
    kind: 'registration.create',
    recordKind: 'registration',
    recordId: id,
    ...(body.accountId ? { accountId: body.accountId } : {}),
    after: { partner: body.partner, ownerId, state, from: body.from, until: body.until },
  })
  return { id, state }
}

/** $1 tenant, $2 and $3 days, $4 zone, $5 the record, $6 its name: another one in force for the same customer, then. */
const refuseTaken = (tx: Tx, days: readonly unknown[], id: string): Promise<void> =>
  beyondSight(tx, async () => {
    const taken = await tx.query(
      `select 1 from registration where tenant_id = $1 and state = 'accepted' and id <> $7 and (account_id = $5::bigint or (lower(name) = lower($6)))
         and starts_at < ($3::date + 1)::timestamp at time zone $4 and ends_at > $2::date::timestamp at time zone $4 limit 1`,
      [...days, id],
    )
    if (taken.rowCount !== 0) stop('registration.taken')
  })

export async function decide(tx: Tx, actor: Actor, now: string, id: string, ifMatch: number, state: 'accepted' | 'refused' | 'ended'): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(10, hashtext($1))', [actor.tenantId])
  const found = await tx.query<{
    row_version: number
    state: string
    account: string | null
    name: string
    from: string
    until: string
    owner: string
  }>(
    `select row_version, state, account_id::text as account, name, owner_id::text as owner, to_char(starts_at at time zone $3, 'YYYY-MM-DD') as from, to_char(ends_at at time zone $3 - interval '1 day', 'YYYY-MM-DD') as until
       from registration where tenant_id = $1 and id = $2 for update`,
    [actor.tenantId, id, actor.zone],
  )
  const row = found.rows[0] ?? stop('record.notFound')
  if (row.row_version !== ifMatch) stop('record.stale', { current: row.row_version })
  if (state === 'ended' ? row.state !== 'accepted' : row.state !== 'asked') stop('registration.decided')
  if (state === 'accepted') await refuseTaken(tx, [actor.tenantId, row.from, row.until, actor.zone, row.account, row.name], id)
  await tx.query(
    `update registration set state = $3, decided_by = $4, ends_at = case when $3 = 'ended' and starts_at < $5::timestamptz then least(ends_at, $5::timestamptz) else ends_at end, row_version = row_version + 1 where tenant_id = $1 and id = $2`,
    [actor.tenantId, id, state, actor.userId, now],
  )
  await audit(tx, actor, now, {
    kind: `registration.${state}`,
    recordKind: 'registration',
    recordId: id,
    ...(row.account ? { accountId: row.account } : {}),
  })
  if (row.owner !== actor.userId) await notify(tx, actor, now, row.owner, `registration.${state}`, null, { name: row.name, by: actor.userName })
}
