/** jiangyu user: list, add, set a new password. For whoever has the database's own credentials. */
import { randomBytes } from 'node:crypto'
import { hashPassword } from '../server/identity/password.ts'
import { normaliseLogin } from '../server/identity/session.ts'
import { addUser } from '../server/identity/tenant.ts'
import { audit } from '../server/kernel/audit.ts'
import { inTenant } from '../server/kernel/transaction.ts'
import { open } from './database.ts'
import { type Command, say } from './options.ts'

const newPassword = (): string => randomBytes(12).toString('base64url')

export const userCommand: Command = async options => {
  const [action = 'list', ...rest] = options.positionals
  const opened = await open(options)
  try {
    const tenant = await opened.db.owner.query<{ id: string }>('select id::text from tenant order by tenant.id limit 1')
    const tenantId = tenant.rows[0]?.id
    if (!tenantId) throw new Error('There is no company yet: open the address of `jiangyu serve` to make one.')
    return await inTenant(opened.db.app, tenantId, async tx => {
      if (action === 'list') {
        const found = await tx.query<{ login: string; name: string; state: string; roles: string }>(
          `select u.login, u.name, u.state, coalesce((select string_agg(r.key, ', ' order by r.key) from user_role ur join role r on r.tenant_id = $1 and r.id = ur.role_id where ur.tenant_id = $1 and ur.user_id = u.id), '') as roles
             from app_user u where u.tenant_id = $1 order by u.login`,
          [tenantId],
        )
        say(options, found.rows.map(r => `${r.login.padEnd(24)} ${r.state.padEnd(9)} ${r.roles.padEnd(24)} ${r.name}`).join('\n'), found.rows)
        return 0
      }
      if (action === 'add') {
        const [login, name, roleKey = 'rep'] = rest
        if (!login || !name) throw new Error('user add LOGIN NAME [ROLE]')
        const role = await tx.query<{ id: string }>('select id::text from role where tenant_id = $1 and key = $2 and deleted_at is null', [
          tenantId,
          roleKey,
        ])
        if (!role.rows[0]) throw new Error(`There is no role "${roleKey}".`)
        const password = newPassword()
        const id = await addUser(tx, tenantId, { login, name, roleIds: [role.rows[0].id], passwordHash: await hashPassword(password) })
        await audit(tx, { tenantId, userId: id, viewerId: null }, new Date().toISOString(), {
          kind: 'user.create',
          recordKind: 'user',
          recordId: id,
          why: 'command line',
        })
        say(options, `Added ${login}. Password, shown once: ${password}`, { id, login, password })
        return 0
      }
      if (action === 'password') {
        const login = normaliseLogin(rest[0] ?? '')
        const password = newPassword()
        const done = await tx.query<{ user_id: string }>(
          'update login set password_hash = $3, failed = 0, blocked_until = null where tenant_id = $1 and name = $2 returning user_id::text',
          [tenantId, login, await hashPassword(password)],
        )
        if (!done.rows[0]) throw new Error(`There is no person with the login "${login}".`)
        await tx.query('delete from session where tenant_id = $1 and user_id = $2', [tenantId, done.rows[0].user_id])
        await audit(tx, { tenantId, userId: done.rows[0].user_id, viewerId: null }, new Date().toISOString(), {
          kind: 'user.password',
          recordKind: 'user',
          recordId: done.rows[0].user_id,
          why: 'command line',
        })
        say(options, `New password of ${login}, shown once: ${password}`, { login, password })
        return 0
      }
      throw new Error('user list | add LOGIN NAME ROLE | password LOGIN')
    })
  } finally {
    await opened.close()
  }
}
