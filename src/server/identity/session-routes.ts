/** Routes of signing in, the first run, oneself, keys and notifications: parse, call, reply. */
import {
  acceptTicket,
  createKey,
  createTenant,
  getMe,
  getSetup,
  listKeys,
  listNotifications,
  readNotifications,
  revokeKey,
  signIn,
  signOut,
  updateMe,
  viewAs,
} from '../../contract/identity/session.ts'
import { audit } from '../kernel/audit.ts'
import type { Api } from '../kernel/http.ts'
import { makeLimiter } from '../kernel/limits.ts'
import { stop } from '../kernel/refusal-error.ts'
import { Reply } from '../kernel/request.ts'
import { outsideTenants } from '../kernel/transaction.ts'
import { DEMO_LOGINS } from './demo-logins.ts'
import { hashToken } from './load-actor.ts'
import { loadMe } from './me.ts'
import { isWeak } from './password.ts'
import { changePassword, endSession, newSecret, openSession, SESSION_SECONDS, signInWith, spendTicket, startViewAs } from './session.ts'
import { firstAdministrator } from './tenant.ts'

const DONE = { done: true } as const
const signedIn = (secret: string) => new Reply(DONE, { cookies: [{ name: 'session', value: secret, maxAgeSeconds: SESSION_SECONDS }] })

export function registerSessionRoutes(api: Api): void {
  const perAddress = makeLimiter(60, () => Date.now())

  api.open(getSetup, async (_ask, db) => {
    const found = await db.app.query<{ tenants: string; demo: boolean }>(
      'select count(*)::text as tenants, coalesce(bool_or(demo), false) as demo from tenant',
    )
    const row = found.rows[0]!
    return { needed: row.tenants === '0', demo: row.demo ? [...DEMO_LOGINS] : [] }
  })

  api.open(createTenant, async (ask, db) => {
    if (isWeak(ask.body.administrator.password)) stop('password.weak', undefined, '/administrator/password')
    const secret = await outsideTenants(db.app, async tx => {
      const { tenantId, userId } = await firstAdministrator(tx, { ...ask.body, demo: false })
      return openSession(tx, tenantId, userId, null)
    })
    return signedIn(secret)
  })

  api.open(signIn, async (ask, db) => {
    const seconds = perAddress.take(ask.ip)
    if (seconds > 0) stop('rate.limited', { seconds })
    return signedIn(await signInWith(db, ask.body.login, ask.body.password))
  })

  api.open(acceptTicket, async (ask, db) => {
    const seconds = perAddress.take(ask.ip)
    if (seconds > 0) stop('rate.limited', { seconds })
    return signedIn(await spendTicket(db, ask.body.ticket, ask.body.password))
  })

  api.route(signOut, async ({ tx, actor }) => {
    await endSession(tx, actor)
    return new Reply(DONE, { cookies: [{ name: 'session', value: '', maxAgeSeconds: 0 }] })
  })

  api.route(getMe, ({ tx, actor }) => loadMe(tx, actor))

  api.route(updateMe, async ({ tx, actor, now, body }) => {
    if (body.password && actor.via !== 'session') stop('permission.missing', { permission: 'session' })
    if (body.password) await changePassword(tx, actor, now, body.password.now, body.password.next)
    if (body.locale || body.theme) {
      await tx.query('update app_user set locale = coalesce($3, locale), theme = coalesce($4, theme) where tenant_id = $1 and id = $2', [
        actor.tenantId,
        actor.userId,
        body.locale ?? null,
        body.theme ?? null,
      ])
    }
    return DONE
  })

  api.route(viewAs, async ({ tx, actor, now, body }) => {
    await startViewAs(tx, actor, now, body.userId)
    return DONE
  })

  api.route(listKeys, async ({ tx, actor }) => {
    const found = await tx.query<{
      id: string
      name: string
      prefix: string
      createdAt: string
      expiresAt: string
      lastUsedAt: string | null
      revokedAt: string | null
    }>(
      `select id::text, name, prefix, created_at::text as "createdAt", expires_at::text as "expiresAt", last_used_at::text as "lastUsedAt", revoked_at::text as "revokedAt"
         from api_key where tenant_id = $1 and user_id = $2 order by api_key.id desc limit 200`,
      [actor.tenantId, actor.userId],
    )
    return { rows: found.rows }
  })

  api.route(createKey, async ({ tx, actor, now, body }) => {
    // A key that leaked must not make its own successors.
    if (actor.via !== 'session') stop('permission.missing', { permission: 'session' })
    const secret = `jy_${newSecret(actor.tenantId)}`
    const made = await tx.query<{ id: string }>(
      `insert into api_key (tenant_id, user_id, name, prefix, token_hash, expires_at) values ($1, $2, $3, $4, $5, clock_timestamp() + make_interval(days => $6)) returning id::text`,
      [actor.tenantId, actor.userId, body.name, secret.slice(0, 10), hashToken(secret), body.days],
    )
    await audit(tx, actor, now, { kind: 'key.create', recordKind: 'key', recordId: made.rows[0]!.id, after: { days: body.days } })
    return { id: made.rows[0]!.id, secret }
  })

  api.route(revokeKey, async ({ tx, actor, now, params }) => {
    const gone = await tx.query('update api_key set revoked_at = now() where tenant_id = $1 and user_id = $2 and id = $3 and revoked_at is null', [
      actor.tenantId,
      actor.userId,
      params.id,
    ])
    if (gone.rowCount === 0) stop('record.notFound')
    await audit(tx, actor, now, { kind: 'key.revoke', recordKind: 'key', recordId: params.id })
    return DONE
  })

  api.route(listNotifications, async ({ tx, actor, query }) => {
    const found = await tx.query<{
      id: string
      kind: string
      payload: Record<string, unknown>
      accountId: string | null
      createdAt: string
      readAt: string | null
    }>(
      `select id::text, kind, payload, account_id::text as "accountId", created_at::text as "createdAt", read_at::text as "readAt" from notification
        where tenant_id = $1 and user_id = $2 and id < $3 order by notification.id desc limit 31`,
      [actor.tenantId, actor.userId, /^\d{1,18}$/.test(query.cursor ?? '') ? query.cursor : '9223372036854775807'],
    )
    const rows = found.rows.slice(0, 30)
    return { rows, next: found.rows.length > 30 ? rows.at(-1)!.id : null }
  })

  api.route(readNotifications, async ({ tx, actor, body }) => {
    await tx.query('update notification set read_at = now() where tenant_id = $1 and user_id = $2 and id <= $3 and read_at is null', [
      actor.tenantId,
      actor.userId,
      body.upTo,
    ])
    return DONE
  })
}
