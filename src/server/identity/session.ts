/** Signing in and out, tickets, view-as. A session token is `<tenant>.<random>`; only its SHA-256 is kept. */
import { randomBytes } from 'node:crypto'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Databases } from '../kernel/request.ts'
import { inTenant, outsideTenants, type Tx } from '../kernel/transaction.ts'
import { hashToken, tenantOfToken } from './load-actor.ts'
import { hashPassword, isWeak, passwordFits } from './password.ts'

export const SESSION_SECONDS = 14 * 24 * 3600
const TICKET_DAYS = 7
/** After this many wrong tries in a row each further one must wait, doubling up to 15 minutes. */
const FREE_TRIES = 5

export const newSecret = (tenantId: string): string => `${tenantId}.${randomBytes(24).toString('base64url')}`
export const normaliseLogin = (login: string): string => login.normalize('NFKC').trim().toLowerCase()

export async function openSession(tx: Tx, tenantId: string, userId: string, agent: string | null): Promise<string> {
  const secret = newSecret(tenantId)
  await tx.query(
    `insert into session (tenant_id, token_hash, user_id, expires_at, agent) values ($1, $2, $3, clock_timestamp() + make_interval(secs => $4), $5)`,
    [tenantId, hashToken(secret), userId, SESSION_SECONDS, agent?.slice(0, 200) ?? null],
  )
  return secret
}

/** Checks the password and opens a session. The count of failures is kept even though the answer is a refusal. */
export async function signInWith(db: Databases, loginName: string, password: string): Promise<string> {
  const name = normaliseLogin(loginName)
  const found = await db.app.query<{ tenant_id: string; user_id: string; password_hash: string | null; wait: number | null }>(
    `select tenant_id::text, user_id::text, password_hash, ceil(extract(epoch from blocked_until - clock_timestamp()))::int as wait from login where name = $1`,
    [name],
  )
  const row = found.rows[0]
  if (row?.wait && row.wait > 0) stop('login.blocked', { seconds: row.wait })
  const fits = await passwordFits(row?.password_hash ?? null, password)
  if (!row || !fits) {
    if (row) {
      await outsideTenants(db.app, tx =>
        tx.query(
          `update login set failed = failed + 1, blocked_until = case when failed + 1 >= $2
             then now() + make_interval(secs => least(900, power(2, least(failed + 1 - $2, 9)))) end where name = $1`,
          [name, FREE_TRIES],
        ),
      )
    }
    return stop('login.wrong')
  }
  return inTenant(db.app, row.tenant_id, async tx => {
    const user = await tx.query<{ state: string }>('select state from app_user where tenant_id = $1 and id = $2', [row.tenant_id, row.user_id])
    if (user.rows[0]?.state !== 'active') stop('login.inactive')
    await tx.query('update login set failed = 0, blocked_until = null where name = $1 and failed > 0', [name])
    return openSession(tx, row.tenant_id, row.user_id, null)
  })
}

export const endSession = (tx: Tx, actor: Actor): Promise<unknown> =>
  tx.query('delete from session where tenant_id = $1 and id = $2', [actor.tenantId, actor.sessionId])

/** Makes a one-time link; earlier ones of the same person are void. */
export async function makeTicket(tx: Tx, tenantId: string, userId: string, kind: 'invite' | 'reset'): Promise<string> {
  await tx.query('delete from ticket where tenant_id = $1 and user_id = $2 and used_at is null', [tenantId, userId])
  const secret = newSecret(tenantId)
  await tx.query(
    `insert into ticket (tenant_id, user_id, kind, token_hash, expires_at) values ($1, $2, $3, $4, clock_timestamp() + make_interval(days => $5))`,
    [tenantId, userId, kind, hashToken(secret), TICKET_DAYS],
  )
  return secret
}

export async function spendTicket(db: Databases, secret: string, password: string): Promise<string> {
  const tenantId = tenantOfToken(secret)
  if (!tenantId) return stop('ticket.spent')
  if (isWeak(password)) stop('password.weak', undefined, '/password')
  const hash = await hashPassword(password)
  return inTenant(db.app, tenantId, async tx => {
    const spent = await tx.query<{ user_id: string }>(
      `update ticket set used_at = now() where tenant_id = $1 and token_hash = $2 and used_at is null and expires_at > now() returning user_id::text`,
      [tenantId, hashToken(secret)],
    )
    const userId = spent.rows[0]?.user_id
    if (!userId) return stop('ticket.spent')
    await tx.query(`update app_user set state = 'active', row_version = row_version + 1 where tenant_id = $1 and id = $2 and state = 'invited'`, [
      tenantId,
      userId,
    ])
    await tx.query('update login set password_hash = $3, failed = 0, blocked_until = null where tenant_id = $1 and user_id = $2', [
      tenantId,
      userId,
      hash,
    ])
    await tx.query('delete from session where tenant_id = $1 and user_id = $2', [tenantId, userId])
    return openSession(tx, tenantId, userId, null)
  })
}

/** An administrator sees what somebody else sees; nothing can be changed meanwhile, and the trail says who looked. */
export async function startViewAs(tx: Tx, actor: Actor, now: string, userId: string | null): Promise<void> {
  if (actor.via !== 'session') stop('permission.missing', { permission: 'viewAs' })
  if (userId !== null) {
    if (actor.viewerId || !actor.permissions.has('viewAs')) stop('permission.missing', { permission: 'viewAs' })
    const known = await tx.query(`select 1 from app_user where tenant_id = $1 and id = $2 and state = 'active'`, [actor.tenantId, userId])
    if (known.rowCount === 0) stop('record.notFound')
  }
  await tx.query('update session set view_as_id = $3 where tenant_id = $1 and id = $2', [
    actor.tenantId,
    actor.sessionId,
    userId === actor.userId ? null : userId,
  ])
  await audit(tx, { ...actor, viewerId: null, userId: actor.viewerId ?? actor.userId }, now, {
    kind: userId ? 'viewAs.start' : 'viewAs.end',
    recordKind: 'user',
    recordId: userId ?? actor.userId,
  })
}

export async function changePassword(tx: Tx, actor: Actor, now: string, nowPassword: string, next: string): Promise<void> {
  const found = await tx.query<{ password_hash: string | null }>('select password_hash from login where tenant_id = $1 and user_id = $2', [
    actor.tenantId,
    actor.userId,
  ])
  if (!(await passwordFits(found.rows[0]?.password_hash ?? null, nowPassword))) stop('login.wrong', undefined, '/password/now')
  if (isWeak(next)) stop('password.weak', undefined, '/password/next')
  await tx.query('update login set password_hash = $3 where tenant_id = $1 and user_id = $2', [
    actor.tenantId,
    actor.userId,
    await hashPassword(next),
  ])
  await tx.query('delete from session where tenant_id = $1 and user_id = $2 and id <> $3', [actor.tenantId, actor.userId, actor.sessionId ?? '0'])
  await audit(tx, actor, now, { kind: 'user.password', recordKind: 'user', recordId: actor.userId })
}
